//! The card desk: a member's card and the value on it, at a counter with a drawer. One command a file.
pub mod adjust;
pub mod close;
pub mod give;
pub mod issue;
pub mod withdraw;

use super::bill::{self, Attached, priced::House};
use super::check_out::parts;
use super::papers::{self, Papered};
use super::print::PrintJob;
use super::slips::Names;
use super::till::{Numbering, Who};
use crate::base::{BusinessDay, Holder, MemberId, Money, ShiftId, Unit};
use crate::facts::sales::{CASH, Part, VALUE};
use crate::journal::refusal::Elsewhere;
use crate::journal::{Decided, Fault, Moment, Read, Refusal};
use crate::ledger::{balance, issuers, statement};
use crate::members::{self, Member, Purse};
use std::sync::Arc;

/// Characters of a reason.
const REASON_CHARS_MAX: usize = 100;

/// The member at the counter, what lies here, and the house's rules.
pub struct Counter {
    pub house: Arc<House>,
    pub member: Option<Member>,
    /// As the till's open bill has them, if it has.
    on_bill: Option<Attached>,
    pub purse: Purse,
    /// Everything of the member's that lies here; issuers as they came.
    pub holdings: Vec<(Unit, i64)>,
    pub elsewhere: Vec<Elsewhere>,
    pub numbering: Numbering,
    pub names: Names,
}

impl Counter {
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read, who: &Who, member: MemberId, moment: &Moment) -> Result<Counter, Fault> {
        let house = House::load(db, moment.branch)?;
        let mut holdings = balance::of_person(db, member, moment.here)?;
        let owed = balance::holdings(db, Holder::Debt(member), moment.here)?;
        let purse = members::purse::of(&holdings, &owed, BusinessDay(moment.day));
        issuers::in_order(db, member, &mut holdings, |(unit, _)| *unit)?;
        Ok(Counter {
            numbering: Numbering::load(db, moment, who.till)?,
            names: Names::load(db, &house, who.language, who.staff)?.with_member(db, Some(member), Some(purse.points))?,
            elsewhere: statement::elsewhere(db, member, moment.here, who.cut_off_since_ms)?,
            member: members::member(db, member)?,
            on_bill: bill::current(db, who.till)?.and_then(|bill| bill.member.clone()).filter(|attached| attached.member == member),
            house,
            purse,
            holdings,
        })
    }

    /// The member, and the shift whose drawer it is.
    ///
    /// # Errors
    /// `UnknownMember`, `NoShift`.
    pub fn known(&self, moment: &Moment) -> Result<(&Member, ShiftId), Refusal> {
        let member = self.member.as_ref().ok_or(Refusal::UnknownMember)?;
        Ok((member, moment.shift.ok_or(Refusal::NoShift)?))
    }

    /// The same, where something of theirs is spent or paid out.
    ///
    /// # Errors
    /// `UnknownMember`, `NoShift`, `ClaimedCardSpends`.
    pub fn spends(&self, moment: &Moment) -> Result<(&Member, ShiftId), Refusal> {
        let known = self.known(moment)?;
        self.on_bill.as_ref().map_or(Ok(known), |attached| attached.spends().map(|()| known))
    }

    /// A tender that is money.
    ///
    /// # Errors
    /// `TenderUnknown`.
    pub fn money(&self, tender: &str) -> Result<(), Refusal> {
        match tender == CASH || tender != VALUE && self.house.till.tenders.contains_key(tender) {
            true => Ok(()),
            false => Err(Refusal::TenderUnknown { tender: tender.into() }),
        }
    }

    /// Principal and bonus of what lies here, issuer by issuer.
    pub fn parts(&self, principal: Money, bonus: Money) -> (Vec<Part>, Vec<Part>) {
        let mut pool = self.holdings.clone();
        (parts(&mut pool, principal, Money::ZERO), parts(&mut pool, Money::ZERO, bonus))
    }

    /// # Errors
    /// `NotEnoughHere` with what lies elsewhere.
    pub fn enough(&self, wanted: Money, here: Money) -> Result<(), Refusal> {
        if wanted <= here {
            return Ok(());
        }
        Err(Refusal::NotEnoughHere { wanted: wanted.minor(), here: here.minor(), elsewhere: self.elsewhere.clone() })
    }

    /// The number of the next slip.
    pub fn receipt_no(&self, who: &Who, moment: &Moment) -> String {
        self.numbering.next(who.till, moment.day)
    }
}

/// A fact of the member desk with its slip on the way to the printer.
pub(super) fn with_slip<F: Papered>(fact: &F, names: &Names, moment: &Moment) -> Decided {
    let job = PrintJob::new(moment.command, fact.receipt_no(), papers::slip(fact, names), None).job(moment, fact.at().till);
    Decided::nothing().fact(fact).job(job)
}

/// A reason as facts carry it.
///
/// # Errors
/// `NotSound` where there is none.
pub(super) fn reason(said: &str) -> Result<String, Refusal> {
    let said: String = said.trim().chars().take(REASON_CHARS_MAX).collect();
    if said.is_empty() {
        return Err(Refusal::NotSound { field: "reason".into(), why: "missing".into() });
    }
    Ok(said)
}
