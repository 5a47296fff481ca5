//! The rule said no. Typed, with the numbers the page must show; the words are in the pages' language files, one per `code`.
use super::moment::Right;
use crate::base::PackageId;

/// Not an error and no entry. Amounts are minor units, quantities thousandths, rates basis points, times UTC ms.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema, thiserror::Error)]
#[serde(tag = "code", content = "args", rename_all = "snake_case")]
#[error("{self:?}")]
pub enum Refusal {
    // the journal's own
    #[serde(rename = "forbidden")]
    NotAllowed {
        right: Right,
    },
    CommandReused,
    ClockWrong {
        #[serde(rename = "clock_ms")]
        now_ms: i64,
        last_ms: i64,
    },
    ClockTooEarly {
        last_ms: i64,
    },
    TooMany {
        what: String,
        limit: i64,
    },
    NotSound {
        field: String,
        why: String,
    },
    NotFound {
        what: String,
    },
    /// What a command names is no longer there.
    Gone,
    // ledger
    NotEnoughHere {
        #[serde(rename = "asked")]
        wanted: i64,
        #[serde(rename = "usable_here")]
        here: i64,
        elsewhere: Vec<Elsewhere>,
    },
    Recovering,
    // staff
    WrongPin {
        #[serde(rename = "left")]
        tries_left: u32,
    },
    PinLocked {
        #[serde(rename = "staff")]
        code: String,
    },
    StaffDisabled,
    UnknownStaff,
    /// Shares of sales clerks do not come to the whole, or somebody is named twice.
    SharesNotWhole,
    /// The person works at another branch.
    NotHere {
        branch: String,
    },
    /// Somebody with the right may allow it on the spot. Of discounts `limit` and `asked` are rates that remain.
    NeedsOverride {
        right: Right,
        limit: Option<i64>,
        asked: Option<i64>,
    },
    // bills
    UnknownCode {
        text: String,
    },
    Retired {
        name: String,
    },
    NoPrice {
        name: String,
    },
    NeedsWeight {
        product: u32,
        name: String,
        unit: String,
    },
    BadQuantity {
        text: String,
    },
    NotWhole {
        unit: String,
    },
    TooManyLines {
        limit: u32,
    },
    QuantityLimit {
        limit: i64,
    },
    NothingToMultiply,
    /// One piece without a code costs no more than this.
    OpenItemLimit {
        limit: i64,
    },
    NoDiscountAllowed {
        name: String,
    },
    /// 抹零 by hand beyond what this bill and this shift allow, minor units.
    RoundOffLimit {
        limit: i64,
    },
    EmptyBill,
    HasTenders,
    HasValueTender,
    HoldLimit {
        limit: u32,
    },
    BillNotEmpty,
    HeldPricesDiffer {
        held_total: i64,
        new_total: i64,
    },
    // payment
    DueChanged {
        due: i64,
    },
    NothingDue,
    OverDue {
        over: i64,
    },
    TenderUnknown {
        tender: String,
    },
    /// Points pay at most so much of this bill, minor units.
    PointsLimit {
        limit: i64,
    },
    TooManyTenders {
        limit: u32,
    },
    BadAmount,
    // shifts
    NoShift,
    ShiftIsOpen {
        cashier: String,
    },
    BillOpen,
    HeldBills {
        count: u32,
    },
    /// The drawer was not counted, or money moved since.
    NotCounted,
    /// Shifts of the day are open still (未交班).
    ShiftsOpen {
        count: u32,
        cashiers: String,
    },
    /// That business day ended already, yyyymmdd.
    DayIsClosed {
        day: u32,
    },
    // members
    NoMember,
    UnknownMember,
    MemberMerged,
    UnknownCard {
        number: String,
    },
    CardBlocked {
        number: String,
        since_ms: i64,
    },
    /// Replaced by another, or closed; `why` says which.
    CardDead {
        number: String,
        why: String,
    },
    CardClaimedTwice {
        number: String,
    },
    /// The member was named by a card that names another one too: it identifies, and spends nothing.
    ClaimedCardSpends {
        number: String,
    },
    CardTaken {
        number: String,
    },
    ProofNeeded {
        #[serde(rename = "proof")]
        kind: String,
    },
    WrongMemberPin {
        #[serde(rename = "left")]
        tries_left: u32,
    },
    MemberPinLocked,
    BadPin,
    BadPhone,
    BadName,
    BadBirthday,
    /// The members who have this phone already; their hits are shown, not their numbers.
    PhoneTaken {
        members: Vec<String>,
    },
    OverCap {
        #[serde(rename = "cap")]
        limit: i64,
        #[serde(rename = "may_add")]
        room: i64,
    },
    GiftChanged {
        gift: i64,
    },
    IssueLimit {
        limit: i64,
    },
    // packages
    PackageEnded {
        name: String,
        /// Its last business day, yyyymmdd.
        ends: u32,
    },
    /// A time card is good once a day; when it was used, if that was here.
    UsedToday {
        name: String,
        at_ms: Option<i64>,
    },
    /// Minutes of the local day.
    OnlyBetween {
        name: String,
        from_minute: u16,
        until_minute: u16,
    },
    NotGoodHere {
        name: String,
    },
    NotEnoughUses {
        wanted: i64,
        here: i64,
        elsewhere: Vec<Elsewhere>,
        /// Of which uses lie elsewhere: what to ask for.
        packages: Vec<PackageId>,
    },
    // timed
    /// Somebody sits there.
    SeatTaken {
        seat: String,
    },
    /// A sitting may be given up within so many minutes.
    TooLateToCancel {
        minutes: i64,
    },
    // receipts and returns
    ReceiptUnknown {
        receipt_no: String,
    },
    ReceiptTypo,
    AlreadyReturned {
        receipt_no: String,
        at_ms: i64,
    },
    /// More pieces of a line than may still come back; `left` in thousandths.
    NotReturnable {
        line: u16,
        left: i64,
    },
    /// Only the shift that took it may put it right, while it is open.
    ShiftIsClosed {
        receipt_no: String,
    },
    // coupons
    NoCoupon,
    /// It is another member's.
    OtherMember,
    /// First and last business day, yyyymmdd.
    CouponNotNow {
        from: u32,
        until: u32,
    },
    /// `name` of the branch that took it.
    CouponUsed {
        at_ms: i64,
        name: String,
    },
    /// What the bill must come to before it.
    CouponLeast {
        least: i64,
    },
    /// The sale is a member's already.
    HasMember {
        receipt_no: String,
    },
    /// A part of the top-up is spent; the rest may be paid out instead.
    TopUpSpent {
        spent: i64,
        principal: i64,
        bonus: i64,
    },
    LiesElsewhere {
        name: String,
        reachable: bool,
        since_ms: Option<i64>,
    },
    RefundChanged {
        amount: i64,
    },
    NoDrawer,
    // devices
    PortTaken {
        used_by: String,
    },
    BadAddress,
    NotAPrinter,
    // documents and prices
    PriceNegative,
    ConflictGone,
    NeedsConfirmation {
        what: String,
    },
}

impl Refusal {
    /// The name under which pages and figures know it, as `code` in its JSON.
    pub fn code(&self) -> String {
        let json = serde_json::to_value(self).unwrap_or_default();
        json["code"].as_str().unwrap_or("unnamed").to_owned()
    }
}

/// Where the rest of a balance lies.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Elsewhere {
    /// Id of the branch; `hq` for head office.
    pub branch: String,
    /// Its name.
    pub name: String,
    pub amount: i64,
    pub reachable: bool,
    /// Not reachable since then; none while it is.
    #[schema(required)]
    pub since_ms: Option<i64>,
}
