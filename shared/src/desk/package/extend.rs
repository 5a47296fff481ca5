//! Extends a package, also one that has ended (延期, R24). A time card is bought anew instead: its uses are its days.
//! Refusals, in order: UnknownMember, NoShift, NotFound, NotSound (months, a time card or one without end, reason), BadAmount, TenderUnknown.
use super::State;
use crate::base::{BusinessDay, MemberId, Money, PackageId};
use crate::desk::card::{reason, with_slip};
use crate::desk::till::Who;
use crate::facts::packages::PackageExtended;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::packages::extend::extended;

/// Months at once.
const MONTHS_MAX: u32 = 120;

/// Extends a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtendPackage {
    pub who: Who,
    pub member: MemberId,
    pub package: PackageId,
    pub months: u32,
    pub fee: Money,
    pub tender: String,
    pub reason: String,
}

impl Command for ExtendPackage {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Withdraw);

    fn content(&self) -> Vec<u8> {
        encoded(&(53_u8, self.member, self.package, self.months, self.fee, self.tender.as_str(), self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        State::load(db, &self.who, self.member, moment)
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let State { counter, held } = state;
        counter.known(moment)?;
        let package = held.package(self.package).ok_or(Refusal::NotFound { what: "package".into() })?;
        let wrong = |field: &str, why: &str| Err(Refusal::NotSound { field: field.into(), why: why.into() });
        if !(1..=MONTHS_MAX).contains(&self.months) {
            return wrong("months", "range");
        }
        if package.ends == 0 || package.items.iter().any(|item| item.daily) {
            return wrong("package", "mismatch");
        }
        let reason = reason(&self.reason)?;
        if self.fee.is_negative() {
            return Err(Refusal::BadAmount);
        }
        counter.money(&self.tender)?;
        let extension = PackageExtended {
            id: self.package,
            at: self.who.occasion(moment, self.who.lent(Right::Withdraw)),
            receipt_no: counter.receipt_no(&self.who, moment),
            member: self.member,
            ended: package.ends,
            ends: extended(BusinessDay(package.ends), BusinessDay(moment.day), self.months).0,
            fee: self.fee,
            tender: self.tender.clone(),
            reason,
        };
        Ok(with_slip(&extension, &counter.names, moment))
    }
}
