//! Puts a member on the bill with the level as it is now (K6), or takes the member off. Who was merged comes as who stands for them.
//! Refusals, in order: UnknownMember; of taking off: HasValueTender.
use super::priced::House;
use super::{Attached, Bill, Called};
use crate::base::text::masked_phone;
use crate::base::{MemberId, Rate};
use crate::desk::till::Who;
use crate::facts::sales::VALUE;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::person;
use crate::members;

/// Attaches a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attach {
    pub who: Who,
    pub member: MemberId,
    /// The card that named them, if it names another member too.
    pub claimed_card: Option<String>,
}

/// The bill, and the member as it would be attached; none: there is no such member.
pub struct State {
    pub bill: Option<Bill>,
    pub attached: Option<Attached>,
}

impl Command for Attach {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(10_u8, self.member, self.claimed_card.as_deref()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        Ok(State { bill: super::open(db, self.who.till)?, attached: attached(db, self.member, moment)? })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let attached = state.attached.clone().ok_or(Refusal::UnknownMember)?;
        let attached = Attached { claimed_card: self.claimed_card.clone(), ..attached };
        let mut bill = state.bill.clone().unwrap_or_else(|| Bill::new(moment, self.who.till, self.who.staff));
        let meant = attached.member;
        if bill.member.as_ref().is_some_and(|attached| attached.member != meant) {
            bill.tenders.retain(|tender| tender.code != VALUE);
            bill.without_theirs();
        }
        match bill.member.as_mut().filter(|there| there.member == meant) {
            // Found once more by what is theirs alone.
            Some(there) if self.claimed_card.is_none() => there.claimed_card = None,
            Some(_) => {}
            None => bill.member = Some(attached),
        }
        Ok(bill.saved(Decided::nothing()))
    }
}

/// A member as a bill has them, with the level as it is now; none: there is no such member.
///
/// # Errors
/// A fault of the store.
pub fn attached(db: &dyn Read, member: MemberId, moment: &Moment) -> Result<Option<Attached>, Fault> {
    let member = person::survivor(db, member)?;
    let Some(person) = members::member(db, member)? else { return Ok(None) };
    let level = members::level(db, member)?;
    let (rate, factor) = level.as_ref().map_or((Rate::WHOLE, Rate::WHOLE), |level| (level.discount, level.points_factor));
    let (level, level_en) = level.map(|level| (level.name, level.name_en)).unwrap_or_default();
    let called = Called { phone: masked_phone(&person.phone), name: person.name.clone(), level, level_en };
    let occasion = House::load(db, moment.branch)?.occasion_factor(&person, moment.day);
    Ok(Some(Attached { member, rate, factor, called: Some(called), occasion, claimed_card: None }))
}

/// Takes the member off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detach {
    pub who: Who,
}

impl Command for Detach {
    type State = Option<Bill>;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(11_u8,))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Bill>, Fault> {
        super::open(db, self.who.till)
    }

    fn decide(&self, state: &Option<Bill>, _: &Moment) -> Result<Decided, Refusal> {
        let Some(mut bill) = state.clone() else { return Ok(Decided::nothing()) };
        if bill.tenders.iter().any(|tender| tender.code == VALUE) {
            return Err(Refusal::HasValueTender);
        }
        bill.member = None;
        bill.without_theirs();
        Ok(bill.saved(Decided::nothing()))
    }
}
