//! What some pieces of a sale bring back and take, reckoned from the sale's own fact, from what may still come back of each line, and from the
//! points that earlier returns took. All sums are cumulated over every return of the bill (R9, R10), so that any pieces in any order add up to it.
use super::payment::{Taken, TenderKind};
use super::points::{Earned, EarningLine, Terms, earned, taken_back};
use super::refund::{RefundRefusal, by_tender, line_value};
use crate::base::{Money, Month, Quantity, Rate, Rounding, Unit};
use crate::facts::sales::{Buyer, CASH, POINTS, Paid, Part, Points, Proven, Returned, ReturnedLine, Sold, SoldLine, VALUE};

/// Pieces of one line that come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    /// Number of the line within the sale.
    pub line: u16,
    pub quantity: Quantity,
}

/// What comes back, before missing points come off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    pub lines: Vec<ReturnedLine>,
    /// Value of the goods (R9).
    pub value: Money,
    /// What counted for the level and no longer does (R14).
    pub basis: Money,
    /// By tender in the order of R10.
    pub taken: Vec<Taken>,
    /// What tenders gave back before.
    before: Vec<Taken>,
    /// Points that the bill earned and that go (R11).
    pub points: i64,
}

/// A tender of a sale as the rules take it.
pub fn kind(code: &str) -> TenderKind {
    match code {
        CASH => TenderKind::Cash,
        VALUE => TenderKind::Value,
        POINTS => TenderKind::Points,
        other => TenderKind::Named(other.into()),
    }
}

/// The code of a tender.
pub fn code(kind: &TenderKind) -> String {
    match kind {
        TenderKind::Cash => CASH.into(),
        TenderKind::Value => VALUE.into(),
        TenderKind::Points => POINTS.into(),
        TenderKind::Named(code) => code.clone(),
    }
}

/// Everything that may still come back: `left` of each line, in their order.
pub fn whole(sold: &Sold, left: &[Quantity]) -> Vec<Pick> {
    let picks = sold.lines.iter().zip(left).map(|(line, left)| Pick { line: line.no, quantity: *left });
    picks.filter(|pick| pick.quantity.is_positive()).collect()
}

/// Earned points that earlier returns of a bill took, in points, in debt or in money.
pub fn points_gone<'a>(earlier: impl Iterator<Item = &'a Returned>) -> i64 {
    let gone = |returned: &Returned| {
        let taken: i64 = returned.points.iter().map(|points| points.amount).sum();
        taken + returned.points_debt + returned.value.minor() - returned.paid_back.minor()
    };
    earlier.map(gone).sum()
}

/// Reckons a return of `picks`. `left` is what may still come back of each line of the sale, `points_gone` what earlier returns took of its points.
///
/// # Errors
/// A line twice or unknown, more of a line than is left, amounts out of range.
pub fn back(sold: &Sold, left: &[Quantity], picks: &[Pick], points_gone: i64) -> Result<Back, RefundRefusal> {
    let paid: Vec<Taken> =
        sold.tenders.iter().map(|paid| Taken { kind: kind(&paid.code), amount: paid.amount, bonus: paid.bonus }).collect();
    let mut lines = Vec::with_capacity(picks.len());
    let (mut earlier, mut later) = (Vec::new(), Vec::new());
    for (line, left) in sold.lines.iter().zip(left) {
        let gone = line.quantity.minus(*left)?;
        let before = if gone.is_positive() { line_value(line.net, line.quantity, Quantity::ZERO, gone)? } else { Money::ZERO };
        let mut now = Money::ZERO;
        if let Some(pick) = picks.iter().find(|pick| pick.line == line.no) {
            now = line_value(line.net, line.quantity, gone, pick.quantity)?;
            lines.push(ReturnedLine {
                no: line.no,
                product: line.product,
                quantity: pick.quantity,
                net: now,
                cost: cost(line, gone, pick.quantity)?,
            });
        }
        earlier.push((before, line.net.minus(before)?));
        later.push((now, line.net.minus(before)?.minus(now)?));
    }
    if lines.len() != picks.len() || lines.is_empty() {
        return Err(RefundRefusal::NotReturnable { left: Quantity::ZERO });
    }
    let before = Money::sum(earlier.iter().map(|(before, _)| *before))?;
    let value = Money::sum(later.iter().map(|(now, _)| *now))?;
    let taken = by_tender(&paid, before, value)?;
    let gave = by_tender(&paid, Money::ZERO, before)?;
    let all = by_tender(&paid, Money::ZERO, before.plus(value)?)?;
    let (mut basis, mut points) = (Money::ZERO, 0);
    if let Some(terms) = terms(sold) {
        let unearning = unearning(&paid)?;
        let was = earned(&earning(sold, &earlier), unearning.minus(self::unearning(&gave)?)?, terms)?;
        let unearning_left = unearning.minus(self::unearning(&all)?)?;
        let is: Earned = earned(&earning(sold, &later), unearning_left, terms)?;
        basis = was.basis.minus(is.basis)?;
        let given: i64 = sold.buyer.iter().flat_map(|buyer| &buyer.points).map(|points| points.amount).sum();
        points = taken_back(given - points_gone, &earning(sold, &later), unearning_left, terms)?;
    }
    Ok(Back { lines, value, basis, taken, before: gave, points })
}

/// Cost of pieces, cumulated like their value.
fn cost(line: &SoldLine, gone: Quantity, now: Quantity) -> Result<Option<Money>, RefundRefusal> {
    let Some(cost) = line.cost else { return Ok(None) };
    let up_to = |quantity: Quantity| cost.scaled(quantity.thousandths(), line.quantity.thousandths(), Rounding::Down);
    Ok(Some(up_to(gone.plus(now)?)?.minus(up_to(gone)?)?))
}

fn terms(sold: &Sold) -> Option<Terms> {
    let occasion = |buyer: &Buyer| buyer.occasion.unwrap_or(Rate::WHOLE);
    sold.buyer.as_ref().map(|buyer| Terms { per: buyer.per, level_factor: buyer.factor, occasion_factor: occasion(buyer) })
}

/// Lines with the nets that are left of them.
fn earning(sold: &Sold, nets: &[(Money, Money)]) -> Vec<EarningLine> {
    sold.lines.iter().zip(nets).map(|(line, (_, net))| EarningLine { net: *net, earns_points: line.earns_points }).collect()
}

/// Bonus and points money among tenders.
fn unearning(taken: &[Taken]) -> Result<Money, RefundRefusal> {
    let of = |taken: &Taken| if taken.kind == TenderKind::Points { taken.amount } else { taken.bonus };
    Ok(Money::sum(taken.iter().map(of))?)
}

impl Back {
    /// Tenders as they give back, `taken` possibly less what missing points cost. Stored value goes back to the issuers that it came from, in
    /// their order; points to their months, those of a lapsed month to the end of the present one.
    pub fn paid(&self, sold: &Sold, taken: &[Taken], month: Month) -> Vec<Paid> {
        taken
            .iter()
            .map(|taken| Paid {
                code: code(&taken.kind),
                amount: taken.amount,
                bonus: taken.bonus,
                handed: Money::ZERO,
                parts: self.parts(sold, taken, month),
                proven: Proven::NotAsked,
            })
            .collect()
    }

    fn parts(&self, sold: &Sold, taken: &Taken, month: Month) -> Vec<Part> {
        let nothing = Taken { kind: taken.kind.clone(), amount: Money::ZERO, bonus: Money::ZERO };
        let before = self.before.iter().find(|before| before.kind == taken.kind).unwrap_or(&nothing);
        let given = |code: &'static str| sold.tenders.iter().filter(move |paid| paid.code == code).flat_map(|paid| &paid.parts);
        let rest = |taken: &Taken| taken.amount.minor() - taken.bonus.minor();
        match taken.kind {
            TenderKind::Points => {
                let parts = between(given(POINTS), before.amount.minor(), taken.amount.minor(), |unit| matches!(unit, Unit::Points { .. }));
                parts.into_iter().map(|(unit, amount)| Part { unit: still_counting(unit, month).key().into(), amount }).collect()
            }
            TenderKind::Value => {
                let principal = between(given(VALUE), rest(before), rest(taken), |unit| matches!(unit, Unit::Value(_)));
                let bonus = between(given(VALUE), before.bonus.minor(), taken.bonus.minor(), |unit| matches!(unit, Unit::Bonus(_)));
                principal.into_iter().chain(bonus).map(|(unit, amount)| Part { unit: unit.key().into(), amount }).collect()
            }
            TenderKind::Cash | TenderKind::Named(_) => Vec::new(),
        }
    }
}

/// The next `amount` of what parts of some units gave, after the first `skipped`.
fn between<'a>(parts: impl Iterator<Item = &'a Part>, mut skipped: i64, mut amount: i64, wanted: fn(&Unit) -> bool) -> Vec<(Unit, i64)> {
    let mut found = Vec::new();
    for (unit, gave) in parts.filter_map(|part| Some((Unit::from_key(&part.unit)?, part.amount))).filter(|(unit, _)| wanted(unit)) {
        let over = skipped.min(gave);
        let take = amount.min(gave - over);
        (skipped, amount) = (skipped - over, amount - take);
        if take > 0 {
            found.push((unit, take));
        }
    }
    found
}

/// Points whose month has lapsed count to the end of the present month.
fn still_counting(unit: Unit, month: Month) -> Unit {
    match unit {
        Unit::Points { issuer, from, until } => Unit::Points { issuer, from, until: until.max(month.plus(1).0) },
        other => other,
    }
}

/// Points on their way back to the member, by unit.
pub fn points_back(paid: &[Paid]) -> Vec<Points> {
    let parts = paid.iter().filter(|paid| paid.code == POINTS).flat_map(|paid| &paid.parts);
    let read = |part: &Part| match Unit::from_key(&part.unit)? {
        Unit::Points { issuer, from, until } => Some(Points { issuer, from, until, amount: part.amount }),
        _ => None,
    };
    parts.filter_map(read).collect()
}

#[cfg(test)]
#[path = "back_tests.rs"]
mod tests;
