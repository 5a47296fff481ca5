//! What lies at head office under a branch's name goes to the branch's own place, as soon as it has one. May run at any time: what was
//! delivered no longer lies here. Refusals: Recovering.
use crate::base::ids::derived;
use crate::base::limits::MOVED_ACCOUNTS_MAX;
use crate::base::{BranchId, CommandId, Holder, Purpose, StreamId};
use crate::exchange::{asks, recovery};
use crate::facts::ledger::{Carried, Moved};
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::balance;
use crate::store::Writer;

/// Number of this rule; `by` of its entries.
pub const DELIVER_STOCK: u16 = 9;

/// Moves one load of a branch's goods to its place.
struct Deliver {
    branch: BranchId,
    to: StreamId,
}

/// What lies here, and whether the hub may move anything now.
struct State {
    goods: Vec<Carried>,
    recovering: bool,
}

impl Command for Deliver {
    type State = State;
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        [self.branch.bytes(), self.to.bytes()].concat()
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let shelf = Holder::House(self.branch, Purpose::Stock);
        let held = balance::holdings(db, shelf, moment.here)?;
        let goods = held.into_iter().filter(|(_, amount)| *amount > 0).map(|(unit, amount)| Carried::new(shelf, unit, amount)).collect();
        Ok(State { goods, recovering: !recovery::outstanding(db)?.is_empty() })
    }

    fn decide(&self, state: &State, _: &Moment) -> Result<Decided, Refusal> {
        if state.goods.is_empty() {
            return Ok(Decided::nothing());
        }
        if state.recovering {
            return Err(Refusal::Recovering);
        }
        let accounts = state.goods[..state.goods.len().min(MOVED_ACCOUNTS_MAX)].to_vec();
        let more = accounts.len() < state.goods.len();
        Ok(Decided::nothing().fact(&Moved { to: self.to, accounts, ask: None, sealed_from: None, more }))
    }
}

/// Delivers to every branch whose place is open. A hub that recovers delivers nothing yet.
///
/// # Errors
/// A fault of the store.
pub fn deliver_stock(writer: &mut Writer<'_>, now_ms: i64) -> Result<(), Fault> {
    // Which place is the newest open one of each branch?
    let open = "select branch, stream from stream s where sealed = 0 and branch <> x''
                and not exists (select 1 from stream n where n.branch = s.branch and n.sealed = 0 and n.stream > s.stream) order by branch";
    let places = writer.rows(open, &[])?;
    for place in &places {
        deliver(writer, BranchId(place.raw(0)), StreamId(place.raw(1)), now_ms)?;
    }
    Ok(())
}

fn deliver(writer: &mut Writer<'_>, branch: BranchId, to: StreamId, now_ms: i64) -> Result<(), Fault> {
    let here = writer.identity()?.stream;
    loop {
        let before = writer.stream(here)?.map_or(0, |head| head.seq);
        let command = CommandId(derived("deliver stock", &[to.bytes(), &before.to_be_bytes()]));
        let moment = asks::moment(command, DELIVER_STOCK, here, None, now_ms);
        let delivered = writer.decide(&Deliver { branch, to }, &moment)?.is_ok();
        if !delivered || writer.stream(here)?.map_or(0, |head| head.seq) == before {
            return Ok(());
        }
    }
}
