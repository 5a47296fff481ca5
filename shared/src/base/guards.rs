//! The guards that hold the promises, by name. Production has every guard, always: without the feature `bite` this is a constant.
//! With it a test takes one guard away on its own thread and shows that it is missed.

/// A check without which a promise breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Guard {
    /// An arrived entry follows the last of its stream and names its hash.
    Sequence = 1,
    /// A page and its cursor are one transaction.
    Cursor = 2,
    /// Guarded accounts do not go below zero at their own place.
    Balance = 4,
    /// A database behind its lineage opens a new stream.
    Lineage = 8,
    /// A hub whose epoch is older than one an edge has seen moves nothing.
    Recovery = 16,
    /// An ask is answered once.
    AskOnce = 32,
    /// A return takes the right to return, which lies in one place.
    Returnable = 64,
    /// What a sale gave in points goes with the sale.
    PointsBack = 128,
    /// An install whose stream was sealed sells on under a new one, whose place is empty.
    Sealed = 256,
    /// What comes back for an ask goes on to its asker in the transaction that it came in.
    Forward = 512,
    /// Nobody is answered before the commit is durable.
    Durable = 1 << 10,
    /// What was kept and is released later is folded once.
    Released = 1 << 11,
    /// An entry that comes again counts once.
    Known = 1 << 12,
    /// Of two rows under one key the greater or lesser stands, not the one that came last.
    Law = 1 << 14,
    /// Rows that begin alike are told apart by the rest of their columns.
    TieBreak = 1 << 15,
    /// What a sealed stream still brings is booked to its own place.
    LatePlace = 1 << 16,
    /// A rebuild starts no job again.
    JobOnce = 1 << 17,
    /// What comes back under a number that another entry has by now is kept beside it, and what it changed begins anew.
    Stray = 1 << 18,
    /// Positions of a feed and the entries at them become visible together.
    FeedHead = 1 << 19,
    /// A statement about the own place is not counted: what lies here is known.
    OwnPlace = 1 << 20,
    /// Where a hub that was put back began a document anew that it had begun before, it begins it once more when it hears of that.
    Generation = 1 << 21,
    /// What lay at an install that is no more is carried on only when nothing of it can be missing, or head office has seen what that can cost.
    Missing = 1 << 22,
    /// Late edits are written again by their author as long as there is one, and only then by head office.
    Author = 1 << 23,
    /// What an install gave that had ended goes back to where it lay.
    GaveTooLate = 1 << 24,
    /// Nothing goes on to an asker whose place has ended.
    OpenAsker = 1 << 25,
    /// A stream that a lost box began since ends where it began.
    LostStream = 1 << 26,
    /// A lost box sends again what a hub that was put back forgot of it.
    LostHeld = 1 << 27,
    /// A second side of a second side is kept under the name that head office has for it.
    SideOfSide = 1 << 28,
    /// What waits under a name of which nothing else is known is booked when head office ends the installs of its branch.
    Nameless = 1 << 29,
}

#[cfg(feature = "bite")]
impl Guard {
    pub const ALL: [Guard; 29] = [
        Guard::Sequence,
        Guard::Cursor,
        Guard::Balance,
        Guard::Lineage,
        Guard::Recovery,
        Guard::AskOnce,
        Guard::Returnable,
        Guard::PointsBack,
        Guard::Sealed,
        Guard::Forward,
        Guard::Durable,
        Guard::Released,
        Guard::Known,
        Guard::Law,
        Guard::TieBreak,
        Guard::LatePlace,
        Guard::JobOnce,
        Guard::Stray,
        Guard::FeedHead,
        Guard::OwnPlace,
        Guard::Generation,
        Guard::Missing,
        Guard::Author,
        Guard::GaveTooLate,
        Guard::OpenAsker,
        Guard::LostStream,
        Guard::LostHeld,
        Guard::SideOfSide,
        Guard::Nameless,
    ];
}

#[cfg(not(feature = "bite"))]
#[inline(always)]
pub fn on(_: Guard) -> bool {
    true
}

#[cfg(feature = "bite")]
thread_local! {
    static OFF: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

#[cfg(feature = "bite")]
pub fn on(guard: Guard) -> bool {
    OFF.get() & guard as u32 == 0
}

/// Runs `work` on this thread without one guard.
#[cfg(feature = "bite")]
pub fn without<T>(guard: Guard, work: impl FnOnce() -> T) -> T {
    struct Restore(u32);
    impl Drop for Restore {
        fn drop(&mut self) {
            OFF.set(self.0);
        }
    }
    let _restore = Restore(OFF.get());
    OFF.set(OFF.get() | guard as u32);
    work()
}
