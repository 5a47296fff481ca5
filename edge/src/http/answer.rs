//! What a request is answered with when it is not done: the code, its numbers, and the HTTP status that belongs to it.
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::journal::{Fault, Refusal};

/// A no.
#[derive(Debug, Clone, PartialEq)]
pub enum No {
    Refused(Refusal),
    /// Of the shell: not signed in, locked, a foreign page, a body that cannot be read.
    Shell(StatusCode, &'static str, Value),
    Fault(Fault),
}

impl No {
    pub fn plain(status: StatusCode, code: &'static str) -> No {
        No::Shell(status, code, json!({}))
    }

    pub fn signed_out() -> No {
        No::plain(StatusCode::UNAUTHORIZED, "signed_out")
    }

    pub fn locked() -> No {
        No::plain(StatusCode::UNAUTHORIZED, "locked")
    }

    pub fn bad_body(why: String) -> No {
        No::Shell(StatusCode::UNPROCESSABLE_ENTITY, "bad_body", json!({ "why": why }))
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> No {
        No::Fault(fault)
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> No {
        No::Refused(refusal)
    }
}

/// 401 who are you, 403 no right, 404 not there, 409 the state is another, 422 a rule.
fn status(refusal: &Refusal) -> StatusCode {
    use Refusal::*;
    match refusal {
        WrongPin { .. } => StatusCode::UNAUTHORIZED,
        NotAllowed { .. } | NeedsOverride { .. } | PinLocked { .. } | StaffDisabled | NotHere { .. } => StatusCode::FORBIDDEN,
        ReceiptUnknown { .. } | NotFound { .. } | UnknownMember | NoCoupon => StatusCode::NOT_FOUND,
        CommandReused
        | Gone
        | NotEnoughHere { .. }
        | Recovering
        | HasTenders
        | HasValueTender
        | HoldLimit { .. }
        | BillNotEmpty
        | HeldPricesDiffer { .. }
        | DueChanged { .. }
        | NothingDue
        | NoShift
        | ShiftIsOpen { .. }
        | BillOpen
        | HeldBills { .. }
        | NotCounted
        | ShiftsOpen { .. }
        | DayIsClosed { .. }
        | PhoneTaken { .. }
        | CardTaken { .. }
        | GiftChanged { .. }
        | AlreadyReturned { .. }
        | LiesElsewhere { .. }
        | ShiftIsClosed { .. }
        | CouponUsed { .. }
        | CouponNotNow { .. }
        | HasMember { .. }
        | TopUpSpent { .. }
        | RefundChanged { .. }
        | EmptyBill
        | ClockWrong { .. }
        | PortTaken { .. }
        | ConflictGone => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A refusal as the pages read it: code and numbers, the latter never absent.
pub fn told(refusal: &Refusal) -> Value {
    let mut value = serde_json::to_value(refusal).unwrap_or_else(|_| json!({ "code": "refused" }));
    if let Some(object) = value.as_object_mut() {
        let args = object.entry("args").or_insert_with(|| json!({}));
        if let (Refusal::NotEnoughHere { wanted, here, .. }, Some(args)) = (refusal, args.as_object_mut()) {
            args.insert("short".into(), json!(wanted.saturating_sub(*here)));
        }
    }
    value
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        match self {
            No::Refused(refusal) => (status(&refusal), Json(told(&refusal))).into_response(),
            No::Shell(status, code, args) => (status, Json(json!({ "code": code, "args": args }))).into_response(),
            No::Fault(fault) => {
                tracing::error!(%fault, "http.fault");
                let code = match fault {
                    Fault::DiskFull => "disk_full",
                    Fault::Disk(_) | Fault::Server(_) => "disk",
                    Fault::Busy => "busy",
                    Fault::Damaged(_) => "damaged",
                    Fault::Stopped => "stopping",
                };
                (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "code": code, "args": {} }))).into_response()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_never_absent() {
        assert_eq!(told(&Refusal::EmptyBill), json!({ "code": "empty_bill", "args": {} }));
        let short = Refusal::NotEnoughHere { wanted: 15_000, here: 12_000, elsewhere: vec![] };
        let args = json!({ "asked": 15_000, "usable_here": 12_000, "short": 3_000, "elsewhere": [] });
        assert_eq!(told(&short), json!({ "code": "not_enough_here", "args": args }));
    }
}
