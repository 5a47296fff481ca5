//! The rule said no. Typed, with the numbers the page must show; the words are in the pages' language files, one per `code`.
use super::moment::Right;

/// Not an error and no entry. Amounts are minor units, quantities thousandths, times UTC ms.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema, thiserror::Error)]
#[serde(tag = "code", content = "args", rename_all = "snake_case")]
#[error("{self:?}")]
pub enum Refusal {
    // the journal's own
    NotAllowed { right: Right },
    CommandReused,
    ClockWrong { now_ms: i64, last_ms: i64 },
    TooMany { what: String, limit: i64 },
    NotSound { field: String, why: String },
    NotFound { what: String },
    // ledger
    NotEnoughHere { wanted: i64, here: i64, elsewhere: Vec<Elsewhere> },
    Recovering,
    // staff
    WrongPin { tries_left: u32 },
    Locked,
    UnknownStaff,
    Disabled,
    // bills
    UnknownCode { text: String },
    NoOpenShift,
    ShiftAlreadyOpen,
    HeldBills { count: u32 },
    EmptyBill,
    BillPaidInPart,
    DiscountOverRight { wanted_bp: i64, allowed_bp: i64 },
    AmountOverLimit { wanted: i64, limit: i64 },
    OverDue { over: i64 },
    StillDue { due: i64 },
    NothingDue,
    TenderUnknown { tender: String },
    BillChanged,
    // members
    CardUnknown { number: String },
    CardBlocked { number: String },
    CardClaimedTwice { number: String },
    ProofNeeded { kind: String },
    WrongMemberPin { tries_left: u32 },
    MemberLocked,
    PhoneTaken { name: String },
    OverCap { limit: i64, room: i64 },
    // returns
    AlreadyTakenBack,
    SaleElsewhere { branch: String, since_ms: i64 },
    // documents and prices
    PriceNegative,
    ConflictGone,
    NeedsConfirmation { what: String },
}

/// Where the rest of a balance lies.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Elsewhere {
    /// Name of the branch, or of head office.
    pub place: String,
    pub amount: i64,
    /// Not reachable since then; 0: reachable.
    pub unreachable_since_ms: i64,
}
