//! What comes back when goods come back: the value of pieces (R9) and the tenders it goes to (R10). Both are reckoned on the cumulated sum of
//! all returns of a bill, so that returns in any pieces and any order add up to the bill, tender by tender. 抹零 is not paid out: nets are
//! already without it.
use super::payment::{Taken, TenderKind};
use crate::base::{Money, Overflow, Quantity, Rounding};

/// More comes back than is left to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// A quantity that is zero, negative, or more than `left`.
    #[error("{left} can still come back")]
    NotReturnable { left: Quantity },
    #[error("{left} can still be given back")]
    OverPaid { left: Money },
    #[error(transparent)]
    TooLarge(#[from] Overflow),
}

/// Value of `now` more pieces of a line after `before` came back: floor(net × k/n) on the cumulated quantity (R9); the last piece takes the rest.
pub fn line_value(net: Money, sold: Quantity, before: Quantity, now: Quantity) -> Result<Money, RefundRefusal> {
    let left = sold.minus(before)?;
    if !now.is_positive() || now > left {
        return Err(RefundRefusal::NotReturnable { left });
    }
    let up_to = |quantity: Quantity| net.scaled(quantity.thousandths(), sold.thousandths(), Rounding::Down);
    Ok(up_to(before.plus(now)?)?.minus(up_to(before)?)?)
}

/// What every tender of a bill gives back for goods worth `now`, after goods worth `before` came back (R10, R11): points first, then stored value up to what it
/// paid, in the bill's own ratio of principal and bonus; then the others, last keyed first; cash last. In this order, tenders that give
/// nothing left out.
pub fn by_tender(paid: &[Taken], before: Money, now: Money) -> Result<Vec<Taken>, RefundRefusal> {
    let all = Money::sum(paid.iter().map(|taken| taken.amount))?;
    let left = all.minus(before)?;
    if before.is_negative() || now.is_negative() || now > left {
        return Err(RefundRefusal::OverPaid { left });
    }
    let (mut earlier, mut later) = (before, before.plus(now)?);
    let mut back = Vec::new();
    for tender in in_order(paid)? {
        let (from, to) = (earlier.min(tender.amount), later.min(tender.amount));
        (earlier, later) = (earlier.minus(from)?, later.minus(to)?);
        let amount = to.minus(from)?;
        if amount.is_positive() {
            let bonus = bonus_of(&tender, to)?.minus(bonus_of(&tender, from)?)?;
            back.push(Taken { kind: tender.kind, amount, bonus });
        }
    }
    Ok(back)
}

/// Takes `off` (points that are missing, R11) away from what a refund gives back: from the last tender of its order first, so from cash before
/// stored value, and of stored value from principal before bonus. What is left of the refund; at most all of it is taken away.
pub fn reduced(mut back: Vec<Taken>, off: Money) -> Result<Vec<Taken>, Overflow> {
    let mut off = off.max(Money::ZERO);
    for taken in back.iter_mut().rev() {
        let part = off.min(taken.amount);
        (taken.amount, off) = (taken.amount.minus(part)?, off.minus(part)?);
        taken.bonus = taken.bonus.min(taken.amount);
    }
    back.retain(|taken| taken.amount.is_positive());
    Ok(back)
}

/// Bonus among the first `amount` that a tender gives back, half up.
fn bonus_of(tender: &Taken, amount: Money) -> Result<Money, Overflow> {
    amount.scaled(tender.bonus.minor(), tender.amount.minor().max(1), Rounding::HalfUp)
}

/// The tenders as they give back; several of stored value, or of points, are one.
fn in_order(paid: &[Taken]) -> Result<Vec<Taken>, Overflow> {
    let mut order = vec![united(paid, TenderKind::Points)?, united(paid, TenderKind::Value)?];
    order.extend(paid.iter().rev().filter(|taken| matches!(taken.kind, TenderKind::Named(_))).cloned());
    order.push(united(paid, TenderKind::Cash)?);
    Ok(order)
}

fn united(paid: &[Taken], kind: TenderKind) -> Result<Taken, Overflow> {
    let start = Taken { kind, amount: Money::ZERO, bonus: Money::ZERO };
    paid.iter().filter(|taken| taken.kind == start.kind).try_fold(start.clone(), |sum, taken| {
        Ok(Taken { amount: sum.amount.plus(taken.amount)?, bonus: sum.bonus.plus(taken.bonus)?, kind: sum.kind })
    })
}

#[cfg(test)]
#[path = "refund_tests.rs"]
mod tests;
