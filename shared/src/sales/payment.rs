//! Tenders on a bill: what is still due, what stored value takes, what change is given. Rules R3 to R6 of the trade.
//! Change comes only from cash; with cash among the tenders the bill's 抹零 applies, before the cash is keyed (A6).
//! Refusals, in order: NothingKeyed, NothingDue, OverDue, NoMember, NotEnoughHere.
use super::price::{Bill, Priced, RoundOff, price};
use crate::base::{Money, Overflow, Rate, Rounding};
use serde::{Deserialize, Serialize};

/// By what a bill is paid. The order of the variants says nothing; the shop orders its keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    /// Notes and coins: the only tender that gives change.
    Cash,
    /// The member's stored value, principal and bonus.
    Value,
    /// The member's points as money (R12).
    Points,
    /// A tender of the chain's settings by its code: `wechat`, `alipay`, `bank` …
    Named(String),
}

/// One tender as keyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    pub kind: TenderKind,
    /// Above zero; of cash, what was handed over, where zero means "cash, not counted yet".
    pub amount: Money,
}

/// What a member can spend here and now, and where the rest lies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purse {
    /// Principal (本金) that lies here; zero or more.
    pub principal: Money,
    /// Bonus (赠送) that lies here; zero or more.
    pub bonus: Money,
    pub elsewhere: Vec<Elsewhere>,
}

/// A balance at another place, by hearsay: shown, never spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// Name of the branch or head office.
    pub place: String,
    /// Principal and bonus together.
    pub amount: Money,
    /// Since when the place cannot be reached, UTC ms; none while it can.
    pub unreachable_since_ms: Option<i64>,
}

/// How stored value is taken (R5, R6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ValuePolicy {
    pub split: SplitPolicy,
    /// At most this part of the due may be bonus, rounded down; none is no cap.
    pub bonus_cap: Option<Rate>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SplitPolicy {
    /// In the ratio of what lies here; bonus half up, principal the rest.
    #[default]
    Proportional,
    PrincipalFirst,
    BonusFirst,
}

/// Stored value in its two parts, each zero or more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ValueSplit {
    pub principal: Money,
    pub bonus: Money,
}

/// One tender with what it pays of the bill: of cash, what was handed over less the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub kind: TenderKind,
    /// Zero or more.
    pub amount: Money,
    /// The part of `amount` that is bonus; zero for everything but stored value.
    pub bonus: Money,
}

/// A bill with its tenders so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Price with or without 抹零, as the tenders demand.
    pub priced: Priced,
    /// In the order keyed. Several tenders of stored value are one purse taken piece by piece.
    pub taken: Vec<Taken>,
    /// Sum of `taken`; at most the due.
    pub paid: Money,
    /// 还差.
    pub still_due: Money,
    /// 找零.
    pub change: Money,
}

/// Why a tender is not accepted, with the numbers to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaymentRefusal {
    #[error("no amount was keyed")]
    NothingKeyed,
    #[error("nothing is due any more")]
    NothingDue,
    /// 超出应收 `over`, 非现金不找零.
    #[error("{over} more than the due of {due}; only cash gives change")]
    OverDue { due: Money, over: Money },
    #[error("stored value and points need a member")]
    NoMember,
    /// `usable` is what the purse can pay of this bill here, bonus cap included.
    #[error("{usable} of {asked} is usable here")]
    NotEnoughHere { asked: Money, usable: Money, elsewhere: Vec<Elsewhere> },
    #[error(transparent)]
    TooLarge(#[from] Overflow),
}

/// Applies tenders in the order keyed. The last one is the newest: it is refused if those before it cover the due.
pub fn settle(bill: &Bill, tenders: &[Tender], purse: Option<&Purse>, policy: ValuePolicy) -> Result<Settlement, PaymentRefusal> {
    let is_cash = |tender: &&Tender| tender.kind == TenderKind::Cash;
    if tenders.iter().any(|tender| tender.amount.is_negative() || tender.amount.is_zero() && tender.kind != TenderKind::Cash) {
        return Err(PaymentRefusal::NothingKeyed);
    }
    let with_cash = tenders.iter().any(|tender| tender.kind == TenderKind::Cash);
    let priced = price(bill, if with_cash { bill.round_off } else { RoundOff::NONE })?;
    let due = priced.due;
    let free = priced.subtotal == priced.discount;
    if free && tenders.iter().any(|tender| tender.amount.is_positive()) {
        return Err(PaymentRefusal::NothingDue);
    }
    if let Some((_, before)) = tenders.split_last() {
        let covered = Money::sum(before.iter().map(|tender| tender.amount))?;
        if covered >= due && !before.is_empty() {
            return Err(over_or_nothing(due, tenders)?);
        }
    }
    let handed = Money::sum(tenders.iter().filter(is_cash).map(|tender| tender.amount))?;
    let without_cash = Money::sum(tenders.iter().filter(|tender| !is_cash(tender)).map(|tender| tender.amount))?;
    if without_cash > due {
        return Err(PaymentRefusal::OverDue { due, over: without_cash.minus(due)? });
    }
    let change = without_cash.plus(handed)?.minus(due)?.max(Money::ZERO);
    let taken = taken(tenders, due, change, purse, policy)?;
    let paid = Money::sum(taken.iter().map(|taken| taken.amount))?;
    Ok(Settlement { still_due: due.minus(paid)?, priced, taken, paid, change })
}

/// Something was keyed although the tenders before it cover the due: how much too much if it is not cash, else simply nothing is due.
fn over_or_nothing(due: Money, tenders: &[Tender]) -> Result<PaymentRefusal, Overflow> {
    let without_cash = Money::sum(tenders.iter().filter(|tender| tender.kind != TenderKind::Cash).map(|tender| tender.amount))?;
    Ok(match without_cash > due {
        true => PaymentRefusal::OverDue { due, over: without_cash.minus(due)? },
        false => PaymentRefusal::NothingDue,
    })
}

/// What every tender pays: the change is taken from the cash keyed last, stored value is split over all its tenders together.
fn taken(tenders: &[Tender], due: Money, change: Money, purse: Option<&Purse>, policy: ValuePolicy) -> Result<Vec<Taken>, PaymentRefusal> {
    let (mut value, mut bonus) = (Money::ZERO, Money::ZERO);
    let mut out = Vec::with_capacity(tenders.len());
    for tender in tenders {
        let mut taken = Taken { kind: tender.kind.clone(), amount: tender.amount, bonus: Money::ZERO };
        match tender.kind {
            TenderKind::Points if purse.is_none() => return Err(PaymentRefusal::NoMember),
            TenderKind::Value => {
                value = value.plus(tender.amount)?;
                let so_far = split_value(value, due, purse.ok_or(PaymentRefusal::NoMember)?, policy)?;
                // Half up on a growing sum never falls back, so no part is negative.
                taken.bonus = so_far.bonus.minus(bonus)?;
                bonus = so_far.bonus;
            }
            TenderKind::Cash | TenderKind::Points | TenderKind::Named(_) => {}
        }
        out.push(taken);
    }
    let mut left = change;
    for taken in out.iter_mut().rev().filter(|taken| taken.kind == TenderKind::Cash) {
        let back = left.min(taken.amount);
        (taken.amount, left) = (taken.amount.minus(back)?, left.minus(back)?);
    }
    Ok(out)
}

/// Principal and bonus of an amount taken from a purse for a bill of `due` (R5, R6).
pub fn split_value(amount: Money, due: Money, purse: &Purse, policy: ValuePolicy) -> Result<ValueSplit, PaymentRefusal> {
    let bonus_max = bonus_max(due, purse, policy)?;
    let (principal, all_bonus) = (purse.principal.max(Money::ZERO), purse.bonus.max(Money::ZERO));
    let usable = principal.plus(bonus_max)?;
    if amount > usable {
        return Err(PaymentRefusal::NotEnoughHere { asked: amount, usable, elsewhere: purse.elsewhere.clone() });
    }
    let principal_short = amount.minus(principal)?.max(Money::ZERO);
    let wanted = match policy.split {
        SplitPolicy::PrincipalFirst => Money::ZERO,
        SplitPolicy::BonusFirst => amount,
        SplitPolicy::Proportional if amount.is_zero() => Money::ZERO,
        SplitPolicy::Proportional => amount.scaled(all_bonus.minor(), principal.plus(all_bonus)?.minor(), Rounding::HalfUp)?,
    };
    let bonus = wanted.min(bonus_max).max(principal_short);
    Ok(ValueSplit { principal: amount.minus(bonus)?, bonus })
}

/// What the key 储值 would take of a bill that still lacks `still_due`, before it is pressed: as much as covers it, or all that is usable
/// here. `already` is the stored value keyed on this bill before.
pub fn would_take(settlement: &Settlement, purse: &Purse, policy: ValuePolicy) -> Result<ValueSplit, PaymentRefusal> {
    let due = settlement.priced.due;
    let already = settlement.taken.iter().filter(|taken| taken.kind == TenderKind::Value);
    let before = already.clone().try_fold(ValueSplit::default(), |sum, taken| -> Result<_, Overflow> {
        let principal = taken.amount.minus(taken.bonus)?;
        Ok(ValueSplit { principal: sum.principal.plus(principal)?, bonus: sum.bonus.plus(taken.bonus)? })
    })?;
    let usable = purse.principal.max(Money::ZERO).plus(bonus_max(due, purse, policy)?)?;
    let keyed = before.principal.plus(before.bonus)?;
    let all = split_value(keyed.plus(settlement.still_due)?.min(usable), due, purse, policy)?;
    Ok(ValueSplit { principal: all.principal.minus(before.principal)?, bonus: all.bonus.minus(before.bonus)? })
}

/// The most bonus that a bill of `due` may take (R6).
fn bonus_max(due: Money, purse: &Purse, policy: ValuePolicy) -> Result<Money, Overflow> {
    let bonus = purse.bonus.max(Money::ZERO);
    match policy.bonus_cap {
        Some(cap) => Ok(bonus.min(due.share(cap, Rounding::Down)?)),
        None => Ok(bonus),
    }
}

/// Amounts a customer is likely to hand over: the due itself (刚好), then up to the next 5, 10, 20, 50 and 100 元; ascending, each once.
pub fn quick_cash(due: Money) -> Vec<Money> {
    if !due.is_positive() {
        return Vec::new();
    }
    let mut amounts = vec![due];
    for note_minor in [500, 1_000, 2_000, 5_000, 10_000] {
        let short = (note_minor - due.minor().rem_euclid(note_minor)).rem_euclid(note_minor);
        amounts.extend(due.plus(Money::from_minor(short)));
    }
    amounts.sort();
    amounts.dedup();
    amounts
}

#[cfg(test)]
#[path = "payment_tests.rs"]
mod tests;
