//! Takes principal off a card (取款, R15): the bonus that came with it is forfeited, and the page showed how much. A manager's right.
//! Refusals, in order: UnknownMember, NoShift, ClaimedCardSpends, BadAmount, TenderUnknown, NotSound (reason), NotEnoughHere, RefundChanged.
use super::{Counter, reason, with_slip};
use crate::base::{MemberId, Money};
use crate::desk::till::Who;
use crate::facts::cards::Withdrawn;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::members::gift::forfeited;

/// Pays principal out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdraw {
    pub who: Who,
    pub member: MemberId,
    pub amount: Money,
    /// Code of the tender that pays out.
    pub tender: String,
    /// The bonus that the page said is forfeited.
    pub forfeit: Money,
    pub reason: String,
}

impl Command for Withdraw {
    type State = Counter;
    const RIGHT: Option<Right> = Some(Right::Withdraw);

    fn content(&self) -> Vec<u8> {
        encoded(&(40_u8, self.member, self.amount, self.tender.as_str(), self.forfeit, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Counter, Fault> {
        Counter::load(db, &self.who, self.member, moment)
    }

    fn decide(&self, counter: &Counter, moment: &Moment) -> Result<Decided, Refusal> {
        counter.spends(moment)?;
        if !self.amount.is_positive() {
            return Err(Refusal::BadAmount);
        }
        counter.money(&self.tender)?;
        let (reason, purse) = (reason(&self.reason)?, &counter.purse);
        counter.enough(self.amount, purse.principal)?;
        let bonus = forfeited(purse.principal, purse.bonus, self.amount)?;
        if bonus != self.forfeit {
            return Err(Refusal::RefundChanged { amount: bonus.minor() });
        }
        let (parts, lost) = counter.parts(self.amount, bonus);
        let withdrawn = Withdrawn {
            at: self.who.occasion(moment, self.who.lent(Right::Withdraw)),
            receipt_no: counter.receipt_no(&self.who, moment),
            member: self.member,
            parts,
            forfeited: lost,
            deposits: Vec::new(),
            tender: self.tender.clone(),
            paid_out: self.amount,
            bonus,
            principal_after: purse.principal.minus(self.amount)?,
            bonus_after: purse.bonus.minus(bonus)?,
            reason,
            closed: false,
        };
        Ok(with_slip(&withdrawn, &counter.names, moment))
    }
}
