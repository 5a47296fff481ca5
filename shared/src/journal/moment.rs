//! What a decision is made with: time, day, shift, till, person and fresh ids. Made by the shell, passed in.
use super::entry::Actor;
use crate::base::ids::{Raw, derived};
use crate::base::{BranchId, CommandId, ShiftId, StreamId, TillId};

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What a person may do. Roles are documents that list these by name; checked in one place, `store::decide`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Right {
            $($(#[$doc])* $name,)*
        }

        impl Right {
            pub const ALL: &'static [Right] = &[$(Right::$name),*];

            /// As a role document names it, `right:<name>`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Right::$name => $text,)*
                }
            }
        }
    };
}

rights! {
    /// Ring up and take payment.
    Sell = "sell",
    /// Line discount within one's own limit.
    DiscountLine = "discount_line",
    /// Bill discount within one's own limit.
    DiscountBill = "discount_bill",
    /// Another price than the list's.
    PriceOverride = "price_override",
    /// A line for nothing.
    FreeItem = "free_item",
    /// Goods without a code.
    OpenItem = "open_item",
    /// Give up a whole bill.
    VoidBill = "void_bill",
    /// Remove a line after a tender was keyed.
    RemoveLine = "remove_line",
    /// Hold and recall bills.
    Hold = "hold",
    /// Take back a sale.
    Return = "return",
    /// Take goods back without a receipt.
    ReturnWithout = "return_without",
    /// Put a tender right, reverse a top-up, within the running shift.
    Correct = "correct",
    /// Give or take points by hand.
    Points = "points",
    /// Print a slip again.
    Reprint = "reprint",
    /// Open the drawer without a sale.
    OpenDrawer = "open_drawer",
    /// Open and close a shift.
    Shift = "shift",
    /// End the business day of a branch.
    DayEnd = "day_end",
    /// Cash into and out of a drawer.
    CashMove = "cash_move",
    /// Enrol a member, change name, phone, card, set a member's PIN.
    Enrol = "enrol",
    /// Top up stored value.
    TopUp = "top_up",
    /// Pay stored value out, give it to another member, put a balance right, close a card, extend or pay back a package.
    Withdraw = "withdraw",
    /// See takings of a shift, a branch, the chain.
    SeeTakings = "see_takings",
    /// See full phone numbers.
    SeePhones = "see_phones",
    /// Bind and test devices.
    Technician = "technician",
    /// Set the clock past a wrong one.
    SetClock = "set_clock",
    /// Allow what another person may not, on the spot.
    Allow = "allow",
    /// Head office: members, levels, blocked cards.
    Members = "members",
    /// Head office: products and categories.
    Catalogue = "catalogue",
    /// Head office: prices and their release.
    Prices = "prices",
    /// Head office: staff, roles, PINs.
    Staff = "staff",
    /// Head office: settings, levels.
    Settings = "settings",
    /// Head office: own and close exceptions.
    Exceptions = "exceptions",
    /// Head office: settle conflicting edits.
    Conflicts = "conflicts",
    /// Head office: see the health of devices.
    Devices = "devices",
    /// Head office: branches, enrolment, sealing, recovery.
    Branches = "branches",
    /// Head office: bring in files.
    Import = "import",
}

impl Right {
    pub fn from_name(name: &str) -> Option<Right> {
        Right::ALL.iter().copied().find(|right| right.name() == name)
    }
}

/// Everything a decision may know that is not in the views.
#[derive(Debug, Clone)]
pub struct Moment {
    /// The command's id; fresh ids derive from it, so a retry makes the same ones.
    pub command: CommandId,
    pub by: Actor,
    /// Of the person, and of a supervisor who stands beside.
    pub rights: Vec<Right>,
    /// What this replica's clock shows, UTC ms.
    pub now_ms: i64,
    /// The last hub time heard, UTC ms; 0 if none. Expiry is judged by the later of the two.
    pub hub_ms: i64,
    /// None at the hub.
    pub branch: Option<BranchId>,
    /// The stream that decides: its place is where balances are taken from.
    pub here: StreamId,
    pub till: Option<TillId>,
    pub shift: Option<ShiftId>,
    /// Business day, yyyymmdd: that of the shift, else of now.
    pub day: u32,
    /// Local hour 0..=23 at the branch.
    pub hour: u8,
    /// Random: salts of erasable bodies come from it.
    pub entropy: [u8; 16],
}

impl Moment {
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// The later of own clock and last hub time: what expiry is judged by.
    pub fn later_ms(&self) -> i64 {
        self.now_ms.max(self.hub_ms)
    }

    /// The salt of the n-th entry of this command; unknown to whoever does not hold the entry.
    pub fn salt(&self, n: u8) -> [u8; 16] {
        derived("salt", &[&self.entropy, self.command.bytes(), &[n]])
    }

    /// The n-th fresh id of this command.
    pub fn fresh(&self, n: u8) -> Raw {
        derived("fresh", &[self.command.bytes(), &[n]])
    }
}
