//! Puts a balance right (余额调整), with a reason and a second person. What is given is issued by this branch; what is taken must lie here.
//! Refusals, in order: UnknownMember, NoShift, BadAmount, NotSound (reason), NeedsOverride (nobody stands beside), NotEnoughHere.
use super::{Counter, reason, with_slip};
use crate::base::{BranchId, MemberId, Money, Unit};
use crate::desk::till::Who;
use crate::facts::cards::ValueAdjusted;
use crate::facts::sales::Part;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Adds to principal and bonus, or takes from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdjustValue {
    pub who: Who,
    pub member: MemberId,
    /// To add; below zero to take.
    pub principal: Money,
    pub bonus: Money,
    pub reason: String,
}

impl Command for AdjustValue {
    type State = Counter;
    const RIGHT: Option<Right> = Some(Right::Withdraw);

    fn content(&self) -> Vec<u8> {
        encoded(&(43_u8, self.member, self.principal, self.bonus, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Counter, Fault> {
        Counter::load(db, &self.who, self.member, moment)
    }

    fn decide(&self, counter: &Counter, moment: &Moment) -> Result<Decided, Refusal> {
        counter.known(moment)?;
        if self.principal.is_zero() && self.bonus.is_zero() {
            return Err(Refusal::BadAmount);
        }
        let (reason, purse) = (reason(&self.reason)?, &counter.purse);
        if self.who.allowed_by.is_none_or(|second| second == self.who.staff) {
            return Err(Refusal::NeedsOverride { right: Right::Withdraw, limit: None, asked: None });
        }
        let taken = |wanted: Money| if wanted.is_negative() { Money::from_minor(-wanted.minor()) } else { Money::ZERO };
        counter.enough(taken(self.principal), purse.principal)?;
        counter.enough(taken(self.bonus), purse.bonus)?;
        let (principal, bonus) = counter.parts(taken(self.principal), taken(self.bonus));
        let issuer = moment.branch.unwrap_or(BranchId([0; 16]));
        let given = [(Unit::Value(issuer), self.principal), (Unit::Bonus(issuer), self.bonus)];
        let given = given.into_iter().filter(|(_, amount)| amount.is_positive());
        let adjusted = ValueAdjusted {
            at: self.who.occasion(moment, true),
            receipt_no: counter.receipt_no(&self.who, moment),
            member: self.member,
            given: given.map(|(unit, amount)| Part { unit: unit.key().into(), amount: amount.minor() }).collect(),
            taken: principal.into_iter().chain(bonus).collect(),
            principal_after: purse.principal.plus(self.principal)?,
            bonus_after: purse.bonus.plus(self.bonus)?,
            reason,
        };
        Ok(with_slip(&adjusted, &counter.names, moment))
    }
}
