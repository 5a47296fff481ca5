//! What a decision is made with: time, day, shift, till, person and fresh ids. Made by the shell, passed in.
use super::entry::Actor;
use crate::base::ids::{Raw, derived};
use crate::base::{BranchId, CommandId, ShiftId, StreamId, TillId};

/// What a person may do. Roles are documents that list these by `name`; checked in one place, `store::decide`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Ring up, hold, recall, take payment.
    Sell,
    /// Price override, free item, discount beyond one's own limit.
    Override,
    /// Take back a sale.
    TakeBack,
    /// Open the drawer without a sale.
    OpenDrawer,
    /// Enrol a member, change name, phone, card.
    EditMember,
    /// Top up stored value.
    TopUp,
    /// Block and unblock a card, set a member's PIN.
    Cards,
    /// Open and close a shift.
    Shift,
    /// See takings of a shift or a branch.
    SeeTakings,
    /// See full phone numbers.
    SeePhones,
    /// Bind and test devices.
    Devices,
    /// Set the clock past a wrong one.
    SetClock,
    /// Change products and prices.
    EditProducts,
    /// Change settings, levels, roles, staff, branches.
    Administer,
    /// Settle conflicts, own exceptions.
    Settle,
    /// Seal streams, accept what recovery or a lost branch may cost.
    Operate,
}

impl Right {
    pub const ALL: [Right; 16] = {
        use Right::*;
        [
            Sell,
            Override,
            TakeBack,
            OpenDrawer,
            EditMember,
            TopUp,
            Cards,
            Shift,
            SeeTakings,
            SeePhones,
            Devices,
            SetClock,
            EditProducts,
            Administer,
            Settle,
            Operate,
        ]
    };

    /// As a role document names it, `right:<name>`.
    pub fn name(self) -> &'static str {
        use Right::*;
        match self {
            Sell => "sell",
            Override => "override",
            TakeBack => "take_back",
            OpenDrawer => "open_drawer",
            EditMember => "edit_member",
            TopUp => "top_up",
            Cards => "cards",
            Shift => "shift",
            SeeTakings => "see_takings",
            SeePhones => "see_phones",
            Devices => "devices",
            SetClock => "set_clock",
            EditProducts => "edit_products",
            Administer => "administer",
            Settle => "settle",
            Operate => "operate",
        }
    }

    pub fn from_name(name: &str) -> Option<Right> {
        Right::ALL.into_iter().find(|right| right.name() == name)
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
