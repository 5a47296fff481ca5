//! Pays back what is left of a package (退次, R16), by rule A or B; gift uses lapse, the rest of the liability becomes income. All that is left
//! must lie here. Refusals, in order: UnknownMember, NoShift, ClaimedCardSpends, NotFound, Gone (nothing is left),
//! NotSound (reason), TenderUnknown, NotEnoughUses, RefundChanged.
use super::{Held, State, terms};
use crate::base::{MemberId, Money, PackageId};
use crate::desk::card::{reason, with_slip};
use crate::desk::till::Who;
use crate::facts::packages::{PackageItem, PackageRefunded, RefundedItem};
use crate::journal::command::encoded;
use crate::journal::refusal::Elsewhere;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::statement;
use crate::packages::sold::Package;
use crate::packages::worth::{self, RefundRule};

/// Pays a package back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundPackage {
    pub who: Who,
    pub member: MemberId,
    pub package: PackageId,
    /// Rule B.
    pub by_list_price: bool,
    pub tender: String,
    /// What the page showed.
    pub amount: Money,
    pub reason: String,
}

/// What each item of a package would pay back, by rule.
///
/// # Errors
/// An amount out of range.
pub fn items(package: &Package, held: &Held, by_list_price: bool) -> Result<Vec<RefundedItem>, Refusal> {
    let rule = if by_list_price { RefundRule::ListPrice } else { RefundRule::Unused };
    let item = |(no, item): (u16, &PackageItem)| -> Result<RefundedItem, Refusal> {
        let (left, used) = (held.left_here(package.id, no), held.used(package.id, no, item));
        let open = worth::open(terms(item), used)?;
        let paid = if left == 0 { Money::ZERO } else { worth::refund(rule, terms(item), item.list_price, used)? };
        Ok(RefundedItem { item: no, uses: left, paid, income: open.minus(paid)? })
    };
    (0_u16..).zip(&package.items).map(item).collect()
}

/// The counter, and where uses of the package lie elsewhere.
pub struct Refunding {
    state: State,
    elsewhere: Vec<Elsewhere>,
}

impl Command for RefundPackage {
    type State = Refunding;
    const RIGHT: Option<Right> = Some(Right::Withdraw);

    fn content(&self) -> Vec<u8> {
        encoded(&(54_u8, self.member, self.package, self.by_list_price, self.tender.as_str(), self.amount, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Refunding, Fault> {
        let elsewhere = statement::uses_elsewhere(db, self.member, moment.here, self.who.cut_off_since_ms, &[self.package])?;
        Ok(Refunding { state: State::load(db, &self.who, self.member, moment)?, elsewhere })
    }

    fn decide(&self, refunding: &Refunding, moment: &Moment) -> Result<Decided, Refusal> {
        let State { counter, held } = &refunding.state;
        counter.spends(moment)?;
        let package = held.package(self.package).ok_or(Refusal::NotFound { what: "package".into() })?;
        let items = items(package, held, self.by_list_price)?;
        let here: i64 = items.iter().map(|item| item.uses).sum();
        let away: i64 = refunding.elsewhere.iter().map(|place| place.amount).sum();
        if here + away == 0 {
            return Err(Refusal::Gone);
        }
        let reason = reason(&self.reason)?;
        counter.money(&self.tender)?;
        if away > 0 {
            let packages = vec![self.package];
            return Err(Refusal::NotEnoughUses { wanted: here + away, here, elsewhere: refunding.elsewhere.clone(), packages });
        }
        let paid = Money::sum(items.iter().map(|item| item.paid))?;
        if paid != self.amount {
            return Err(Refusal::RefundChanged { amount: paid.minor() });
        }
        let refunded = PackageRefunded {
            id: self.package,
            at: self.who.occasion(moment, self.who.lent(Right::Withdraw)),
            receipt_no: counter.receipt_no(&self.who, moment),
            member: self.member,
            items,
            paid,
            tender: self.tender.clone(),
            by_list_price: self.by_list_price,
            reason,
        };
        Ok(with_slip(&refunded, &counter.names, moment))
    }
}
