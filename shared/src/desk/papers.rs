//! Slips of the member desk, from their facts: printed once, and the same when they are printed again.
use super::find;
use super::slips::Names;
use crate::base::{BusinessDay, Money, Rate};
use crate::facts::Fact;
use crate::facts::cards::{CardIssued, ValueAdjusted, ValueGiven, Withdrawn};
use crate::facts::gifts::{PointsRedeemed, RedeemedGift, RedemptionCancelled};
use crate::facts::packages::{PackageExtended, PackageRefunded, PackageSold, TakenUses, UsesTaken, UsesUndone};
use crate::facts::sales::{CASH, Occasion};
use crate::journal::{Fault, Read};
use crate::sales::receipt::paper::PaperLine;
use crate::sales::receipt::words::Word;
use crate::sales::receipt::{PaperSlip, Slip, SlipMember, ValueMoved};

/// Gifts of a member whose names a copy finds; of older ones it shows the numbers.
const GIFTS_READ: u32 = 200;

/// What a slip of the member desk says.
pub struct Said {
    title: Word,
    lines: Vec<(Word, String)>,
    value: Option<ValueMoved>,
    /// Code of the tender, if money moved.
    tender: Option<String>,
}

/// A fact of the member desk that has a slip.
pub trait Papered: Fact {
    fn at(&self) -> &Occasion;
    fn receipt_no(&self) -> &str;
    fn said(&self, names: &Names) -> Said;
}

/// The slip of a fact.
pub fn slip<F: Papered>(fact: &F, names: &Names) -> Slip {
    let said = fact.said(names);
    let line = |(word, text): (Word, String)| PaperLine { label: word.said(names.language).into(), text };
    let member = names.member.as_ref();
    let mut lines: Vec<PaperLine> = said.lines.into_iter().map(line).collect();
    lines.extend(said.tender.as_ref().map(|code| line((Word::Tenders, names.tender(code)))));
    Slip::Paper(PaperSlip {
        head: names.head(fact.at(), fact.receipt_no()),
        title: said.title.said(names.language).into(),
        lines,
        member: SlipMember {
            name: member.map_or_else(String::new, |member| member.name.clone()),
            phone: member.map_or_else(String::new, |member| member.phone.clone()),
            level: member.map_or_else(String::new, |member| member.level.clone()),
            level_rate: Rate::WHOLE,
            value: said.value,
            points: None,
        },
        kick: said.tender.as_deref() == Some(CASH),
    })
}

/// The slip behind a receipt of the member desk.
///
/// # Errors
/// A fault of the store.
pub fn again(db: &dyn Read, receipt: &find::Receipt, names: &Names) -> Result<Option<Slip>, Fault> {
    let packages = match receipt.member {
        Some(member) => crate::packages::sold::of_member(db, member)?,
        None => Vec::new(),
    };
    let gifts = match receipt.member {
        Some(member) => crate::sales::redeemed::of_member(db, member, GIFTS_READ)?,
        None => Vec::new(),
    };
    let names = names.clone().with_products(db, gifts.iter().map(|gift| crate::base::ProductNo(gift.product)))?;
    let names = &Names { packages: packages.into_iter().map(|package| (package.id, package.name)).collect(), ..names };
    macro_rules! first_of {
        ($($fact:ty),*) => {$(
            if let Some(fact) = find::fact::<$fact>(db, receipt.stream, receipt.id)? {
                return Ok(Some(slip(&fact, names)));
            }
        )*};
    }
    first_of!(
        CardIssued,
        Withdrawn,
        ValueGiven,
        ValueAdjusted,
        PackageSold,
        UsesTaken,
        UsesUndone,
        PackageExtended,
        PackageRefunded,
        PointsRedeemed,
        RedemptionCancelled
    );
    Ok(None)
}

fn moved(principal: Money, bonus: Money, principal_after: Money, bonus_after: Money) -> ValueMoved {
    let before = |part: Money, after: Money| Money::from_minor(after.minor().saturating_sub(part.minor()));
    ValueMoved {
        principal_before: before(principal, principal_after),
        bonus_before: before(bonus, bonus_after),
        principal_after,
        bonus_after,
    }
}

fn less(money: Money) -> Money {
    Money::from_minor(-money.minor())
}

fn tender(code: &str, amount: Money) -> Option<String> {
    (!amount.is_zero()).then(|| code.to_owned())
}

fn day(ends: u32, names: &Names) -> String {
    if ends == 0 { Word::NoEnd.said(names.language).into() } else { BusinessDay(ends).to_string() }
}

macro_rules! papered {
    ($($fact:ty, |$it:ident, $names:ident| $said:expr;)*) => {$(
        impl Papered for $fact {
            fn at(&self) -> &Occasion {
                &self.at
            }

            fn receipt_no(&self) -> &str {
                &self.receipt_no
            }

            fn said(&self, $names: &Names) -> Said {
                let $it = self;
                $said
            }
        }
    )*};
}

papered! {
    CardIssued, |it, _names| {
        let mut lines = vec![(Word::CardNo, it.number.clone())];
        lines.extend(it.instead_of.iter().map(|old| (Word::InsteadOf, old.clone())));
        let money = [(Word::CardFee, it.fee), (Word::Deposit, it.deposit)];
        lines.extend(money.into_iter().filter(|(_, amount)| !amount.is_zero()).map(|(word, amount)| (word, amount.to_string())));
        let paid = Money::from_minor(it.fee.minor().saturating_add(it.deposit.minor()));
        Said { title: Word::CardIssued, lines, value: None, tender: tender(&it.tender, paid) }
    };
    Withdrawn, |it, _names| {
        let deposits: i64 = it.deposits.iter().map(|deposit| deposit.amount.minor()).sum();
        let principal = Money::from_minor(it.paid_out.minor() - deposits);
        let mut lines = vec![(Word::PaidOut, it.paid_out.to_string())];
        let parts = [(Word::DepositBack, Money::from_minor(deposits)), (Word::Forfeited, it.bonus)];
        lines.extend(parts.into_iter().filter(|(_, amount)| !amount.is_zero()).map(|(word, amount)| (word, amount.to_string())));
        lines.push((Word::Reason, it.reason.clone()));
        let title = if it.closed { Word::CardClosed } else { Word::Withdrawal };
        let value = moved(less(principal), less(it.bonus), it.principal_after, it.bonus_after);
        Said { title, lines, value: Some(value), tender: tender(&it.tender, it.paid_out) }
    };
    ValueGiven, |it, names| {
        let to = names.other.as_ref().map_or_else(String::new, |(name, phone)| format!("{name} {phone}"));
        let lines = vec![(Word::GivenTo, to), (Word::Amount, it.amount.to_string()), (Word::Reason, it.reason.clone())];
        let value = moved(less(it.amount), Money::ZERO, it.principal_after, it.bonus_after);
        Said { title: Word::ValueGiven, lines, value: Some(value), tender: None }
    };
    ValueAdjusted, |it, _names| {
        let of = |bonus: bool| {
            let sum = |parts: &[crate::facts::sales::Part]| {
                let mine = parts.iter().filter(|part| matches!(crate::base::Unit::from_key(&part.unit), Some(crate::base::Unit::Bonus(_))) == bonus);
                mine.map(|part| part.amount).sum::<i64>()
            };
            Money::from_minor(sum(&it.given) - sum(&it.taken))
        };
        let value = moved(of(false), of(true), it.principal_after, it.bonus_after);
        Said { title: Word::ValueAdjusted, lines: vec![(Word::Reason, it.reason.clone())], value: Some(value), tender: None }
    };
    PackageSold, |it, names| {
        let mut lines = vec![(Word::Goods, it.name.clone())];
        for item in &it.items {
            lines.push((Word::Uses, item.paid.to_string()));
            lines.extend((item.gift > 0).then(|| (Word::GiftUses, item.gift.to_string())));
        }
        lines.push((Word::ValidUntil, day(it.ends, names)));
        lines.push((Word::Amount, it.price.to_string()));
        Said { title: Word::PackageSold, lines, value: None, tender: tender(&it.tender, it.price) }
    };
    UsesTaken, |it, names| Said { title: Word::UsesTaken, lines: uses(&it.taken, names), value: None, tender: None };
    UsesUndone, |it, names| {
        let mut lines = uses(&it.taken, names);
        lines.push((Word::Reason, it.reason.clone()));
        Said { title: Word::UsesUndone, lines, value: None, tender: None }
    };
    PackageExtended, |it, names| {
        let mut lines = vec![(Word::ValidUntil, format!("{} → {}", day(it.ended, names), day(it.ends, names)))];
        lines.extend((!it.fee.is_zero()).then(|| (Word::Fee, it.fee.to_string())));
        lines.push((Word::Reason, it.reason.clone()));
        Said { title: Word::PackageExtended, lines, value: None, tender: tender(&it.tender, it.fee) }
    };
    PointsRedeemed, |it, names| {
        let mut lines = gifts(&it.gifts, names);
        lines.push((Word::PointsUsed, it.taken.iter().map(|lot| lot.amount).sum::<i64>().to_string()));
        lines.extend((!it.money.is_zero()).then(|| (Word::Amount, it.money.to_string())));
        Said { title: Word::PointsRedeemed, lines, value: None, tender: tender(&it.tender, it.money) }
    };
    RedemptionCancelled, |it, names| {
        let mut lines = vec![(Word::OriginalNo, it.of_receipt_no.clone())];
        lines.extend(gifts(&it.gifts, names));
        lines.push((Word::PointsBack, it.given.iter().map(|lot| lot.amount).sum::<i64>().to_string()));
        lines.extend((!it.money.is_zero()).then(|| (Word::PaidOut, it.money.to_string())));
        lines.push((Word::Reason, it.reason.clone()));
        Said { title: Word::RedemptionCancelled, lines, value: None, tender: tender(&it.tender, it.money) }
    };
    PackageRefunded, |it, _names| {
        let lapsed: i64 = it.items.iter().map(|item| item.uses).sum();
        let lines = vec![(Word::Uses, lapsed.to_string()), (Word::PaidOut, it.paid.to_string()), (Word::Reason, it.reason.clone())];
        Said { title: Word::PackageRefunded, lines, value: None, tender: tender(&it.tender, it.paid) }
    };
}

/// One line a gift.
fn gifts(gifts: &[RedeemedGift], names: &Names) -> Vec<(Word, String)> {
    let name = |gift: &RedeemedGift| names.products.get(&gift.product).cloned().unwrap_or_else(|| gift.product.0.to_string());
    gifts.iter().map(|gift| (Word::Goods, format!("{} x {}", name(gift), gift.quantity))).collect()
}

/// One line a package, with what is left of it.
fn uses(taken: &[TakenUses], names: &Names) -> Vec<(Word, String)> {
    let left = |left: i64| format!("{} {left}", Word::UsesLeft.said(names.language));
    taken
        .iter()
        .flat_map(|taken| {
            let name = names.packages.get(&taken.package).cloned().unwrap_or_default();
            [(Word::Goods, name), (Word::Uses, format!("{} · {}", taken.uses, left(taken.left)))]
        })
        .collect()
}
