//! A member's points as money (R12): whole hundreds, 100 points = ￥1.00, at most the house's part of the bill, those that lapse first (R13).
use super::bill::Bill;
use super::bill::priced::House;
use crate::base::{BusinessDay, Money, Month, Rate, Unit};
use crate::facts::sales::{POINTS, Part, Points};
use crate::journal::Refusal;
use crate::sales::payment::{Taken, TenderKind};
use crate::sales::points::{POINTS_FOR_ONE, dates, payable, spent_from, unit};

/// What a tender of points pays: `asked`, or as much as may be of what is `left` to pay of a bill of `due`.
///
/// # Errors
/// BadAmount where they are no whole hundreds or nothing can be paid, PointsLimit, NotEnoughHere.
pub fn amount(
    bill: &Bill,
    asked: Option<Money>,
    left: Money,
    due: Money,
    held: &[(Unit, i64)],
    house: &House,
    day: u32,
) -> Result<Money, Refusal> {
    let keyed = Money::sum(bill.tenders.iter().filter(|tender| tender.code == POINTS).map(|tender| tender.amount))?;
    let share = Rate::from_bp(u32::try_from(house.points.money_bp.clamp(0, 10_000)).unwrap_or_default());
    let limit = payable(due, share, i64::MAX)? - keyed.minor();
    let here = usable(held, BusinessDay(day)) - keyed.minor();
    let most = limit.min(here).min(left.minor()) / POINTS_FOR_ONE * POINTS_FOR_ONE;
    let amount = asked.map_or(most.max(0), Money::minor);
    if amount > limit {
        return Err(Refusal::PointsLimit { limit: limit.max(0) });
    }
    if amount > here {
        return Err(Refusal::NotEnoughHere { wanted: amount, here: here.max(0), elsewhere: Vec::new() });
    }
    if amount <= 0 || amount % POINTS_FOR_ONE != 0 {
        return Err(Refusal::BadAmount);
    }
    Ok(Money::from_minor(amount))
}

fn usable(held: &[(Unit, i64)], today: BusinessDay) -> i64 {
    spent_from(i64::MAX, today, held).iter().map(|lot| lot.amount).sum()
}

/// Takes points out of what lies here, those that lapse first.
///
/// # Errors
/// NotEnoughHere where they are no longer here.
pub fn parts(pool: &mut [(Unit, i64)], amount: Money, day: u32) -> Result<Vec<Part>, Refusal> {
    let lots = spent_from(amount.minor(), BusinessDay(day), pool);
    let here: i64 = lots.iter().map(|lot| lot.amount).sum();
    if here < amount.minor() {
        return Err(Refusal::NotEnoughHere { wanted: amount.minor(), here, elsewhere: Vec::new() });
    }
    for (held, lies) in pool.iter_mut() {
        *lies -= lots.iter().filter(|lot| unit(lot) == *held).map(|lot| lot.amount).sum::<i64>();
    }
    Ok(lots.iter().map(|lot: &Points| Part { unit: unit(lot).key().into(), amount: lot.amount }).collect())
}

/// What of these tenders earns no points: bonus, and points themselves.
///
/// # Errors
/// Amounts out of range.
pub fn unearning(taken: &[Taken]) -> Result<Money, Refusal> {
    Ok(Money::sum(taken.iter().map(|taken| if taken.kind == TenderKind::Points { taken.amount } else { taken.bonus }))?)
}

/// First month in which points of today no longer count, by the house's settings.
pub fn lapse_month(today: BusinessDay, house: &House) -> u32 {
    let months = u32::try_from(house.points.expiry_months).unwrap_or_default();
    let until: Month = dates(today, 0, months).until;
    until.0
}
