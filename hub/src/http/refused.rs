//! How a no travels: `{code, args}` with the status of its sort. Pages hold the words.
use crate::install::NotUsable;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::journal::{Fault, Refusal};

/// Why a request got another answer than it asked for.
#[derive(Debug)]
pub enum No {
    /// The rule said no.
    Rule(Refusal),
    /// Of http and sign-in: what no rule of the chain knows.
    Here { status: StatusCode, code: &'static str, args: Value },
    /// The world said no.
    Fault(Fault),
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> No {
        No::Rule(refusal)
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> No {
        No::Fault(fault)
    }
}

impl From<NotUsable> for No {
    fn from(error: NotUsable) -> No {
        No::Fault(error.into())
    }
}

impl No {
    pub fn signed_out() -> No {
        No::here(StatusCode::UNAUTHORIZED, "signed_out", json!({}))
    }

    pub fn not_found(what: &str) -> No {
        No::Rule(Refusal::NotFound { what: what.into() })
    }

    pub fn not_sound(field: &str, why: &str) -> No {
        No::Rule(Refusal::NotSound { field: field.into(), why: why.into() })
    }

    pub fn here(status: StatusCode, code: &'static str, args: Value) -> No {
        No::Here { status, code, args }
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            No::Rule(refusal) => (status(&refusal), said(&refusal)),
            No::Here { status, code, args } => (status, json!({"code": code, "args": args})),
            No::Fault(fault) => {
                tracing::warn!(%fault, "http.fault");
                (StatusCode::SERVICE_UNAVAILABLE, json!({"code": fault_code(&fault), "args": {}}))
            }
        };
        (status, axum::Json(body)).into_response()
    }
}

/// A refusal without numbers has `args: {}`.
fn said(refusal: &Refusal) -> Value {
    let mut body = serde_json::to_value(refusal).unwrap_or_else(|_| json!({"code": "fault"}));
    if let Some(body) = body.as_object_mut() {
        body.entry("args").or_insert_with(|| json!({}));
    }
    body
}

fn status(refusal: &Refusal) -> StatusCode {
    use Refusal::*;
    match refusal {
        NotAllowed { .. } | NotHere { .. } | NeedsOverride { .. } | StaffDisabled | PinLocked { .. } => StatusCode::FORBIDDEN,
        NotFound { .. } | UnknownMember | UnknownStaff => StatusCode::NOT_FOUND,
        CommandReused | ClockWrong { .. } | Gone | NotEnoughHere { .. } | Recovering | ConflictGone | NeedsConfirmation { .. } => {
            StatusCode::CONFLICT
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn fault_code(fault: &Fault) -> &'static str {
    match fault {
        Fault::DiskFull => "disk_full",
        Fault::Busy => "busy",
        Fault::Disk(_) | Fault::Server(_) | Fault::Damaged(_) | Fault::Stopped => "fault",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use shared::journal::Right;

    #[rstest]
    #[case(Refusal::NotAllowed { right: Right::Prices }, 403, json!({"code": "forbidden", "args": {"right": "prices"}}))]
    #[case(Refusal::CommandReused, 409, json!({"code": "command_reused", "args": {}}))]
    #[case(Refusal::PriceNegative, 422, json!({"code": "price_negative", "args": {}}))]
    #[case(Refusal::UnknownMember, 404, json!({"code": "unknown_member", "args": {}}))]
    fn a_refusal_has_its_status_and_its_numbers(#[case] refusal: Refusal, #[case] wanted: u16, #[case] body: Value) {
        assert_eq!((status(&refusal).as_u16(), said(&refusal)), (wanted, body));
    }
}
