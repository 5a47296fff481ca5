//! Points of a bill: earned (R8), their dates (R13), and what a return takes back (R11). Points are whole; all factors are floored once.
use crate::base::{BusinessDay, Money, Month, Overflow, Rate, Rounding, Unit};
use crate::facts::sales::Points as Lot;

/// What points are computed from for one line: the line itself or what is left of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarningLine {
    /// What the line brings in, zero or more.
    pub net: Money,
    pub earns_points: bool,
}

/// How points are reckoned on one bill; the fact of the sale carries it, so that a return reckons alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Money for one point; above zero, ￥1.00 in the house rules.
    pub per: Money,
    /// ×1.2 of a VIP.
    pub level_factor: Rate,
    /// ×2 on a birthday or member day; the whole on other days.
    pub occasion_factor: Rate,
}

impl Default for Terms {
    fn default() -> Self {
        Terms { per: Money::from_minor(100), level_factor: Rate::WHOLE, occasion_factor: Rate::WHOLE }
    }
}

/// Points with the money they were reckoned on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earned {
    /// Nets of the lines that earn, less their share of bonus and points money. Counts for the level as well (R14).
    pub basis: Money,
    /// Zero or more.
    pub points: i64,
}

/// When points begin and cease to count (design 5): spendable while `from` ≤ today < first day of `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    pub from: BusinessDay,
    /// First month in which they no longer count.
    pub until: Month,
}

/// Points of a bill (R8). `unearning` is what was paid by bonus and by points money; it is shared to all lines, earning or not.
pub fn earned(lines: &[EarningLine], unearning: Money, terms: Terms) -> Result<Earned, Overflow> {
    let nets: Vec<Money> = lines.iter().map(|line| line.net).collect();
    let all = Money::sum(nets.iter().copied())?;
    let shares = unearning.clamp(Money::ZERO, all.max(Money::ZERO)).split_by_largest_remainder(&nets);
    let mut basis = Money::ZERO;
    for (line, share) in lines.iter().zip(shares).filter(|(line, _)| line.earns_points) {
        basis = basis.plus(line.net.minus(share)?)?;
    }
    let unit = i128::from(Rate::WHOLE.bp()).pow(2) * i128::from(terms.per.minor());
    let factor = i128::from(terms.level_factor.bp()) * i128::from(terms.occasion_factor.bp());
    let product = i128::from(basis.minor()).checked_mul(factor).ok_or(Overflow)?;
    let points = if unit > 0 { i64::try_from(product / unit).map_err(|_| Overflow)? } else { 0 };
    Ok(Earned { basis, points })
}

/// Dates of points earned on a business day: pending for `pending_days`, lapsing at the end of the month `expiry_months` after (R8, R13);
/// 0 months: they never lapse.
pub fn dates(day: BusinessDay, pending_days: u32, expiry_months: u32) -> Dates {
    let until = if expiry_months == 0 { Month::NEVER } else { day.month().plus(expiry_months + 1) };
    Dates { from: day.plus_days(i64::from(pending_days)), until }
}

/// Points that a return takes back (R11): those still standing from the bill less those that what is left would earn. `unearning_left` is
/// the bill's bonus and points money less what was given back. Never below zero: a return gives no points.
pub fn taken_back(standing: i64, left: &[EarningLine], unearning_left: Money, terms: Terms) -> Result<i64, Overflow> {
    Ok((standing - earned(left, unearning_left, terms)?.points).max(0))
}

/// From which lots points are taken back: the bill's own first, so that what was pending shrinks before anything usable does (C7), then
/// those that lapse first, of these the ones that matured first. Takes at most what there is; lots that give nothing are left out.
pub fn taken_from(points: i64, own: &dyn Fn(&Unit) -> bool, lots: &[(Unit, i64)]) -> Vec<Lot> {
    let mut order: Vec<Lot> = lots.iter().filter_map(lot).collect();
    order.sort_by_key(|lot| (!own(&unit(lot)), lot.until, lot.from));
    the_first(points, order)
}

/// The lots that pay `points` on a day, those that lapse first before others (R13); less than asked where less may be spent.
pub fn spent_from(points: i64, today: BusinessDay, lots: &[(Unit, i64)]) -> Vec<Lot> {
    let mut order: Vec<Lot> = lots.iter().filter_map(lot).filter(|lot| lot.from <= today.0 && counts(lot.until, today)).collect();
    order.sort_by_key(|lot| (lot.until, lot.from));
    the_first(points, order)
}

/// The lots that have lapsed by a day.
pub fn lapsed(today: BusinessDay, lots: &[(Unit, i64)]) -> Vec<Lot> {
    lots.iter().filter_map(lot).filter(|lot| !counts(lot.until, today)).collect()
}

/// Whether points of this month of lapse count on a day.
pub fn counts(until: u32, today: BusinessDay) -> bool {
    until > today.month().0
}

/// A lot on its way back to the member: of a month that has lapsed it counts to the end of the present one (R11).
pub fn to_its_month(lot: &Lot, month: Month) -> Lot {
    Lot { until: lot.until.max(month.plus(1).0), ..lot.clone() }
}

/// The unit of a lot.
pub fn unit(lot: &Lot) -> Unit {
    Unit::Points { issuer: lot.issuer, from: lot.from, until: lot.until }
}

fn lot((unit, amount): &(Unit, i64)) -> Option<Lot> {
    match *unit {
        Unit::Points { issuer, from, until } if *amount > 0 => Some(Lot { issuer, from, until, amount: *amount }),
        _ => None,
    }
}

fn the_first(points: i64, mut order: Vec<Lot>) -> Vec<Lot> {
    let mut left = points.max(0);
    for lot in &mut order {
        lot.amount = lot.amount.min(left);
        left -= lot.amount;
    }
    order.retain(|lot| lot.amount > 0);
    order
}

/// Points that pay ￥1.00 (R12).
pub const POINTS_FOR_ONE: i64 = 100;

/// The most points that a bill of `due` takes from so many usable ones: whole hundreds, at most `share` of the due (R12).
pub fn payable(due: Money, share: Rate, usable: i64) -> Result<i64, Overflow> {
    let cap = due.share(share, Rounding::Down)?.minor().max(0);
    Ok(cap.min(usable.max(0)) / POINTS_FOR_ONE * POINTS_FOR_ONE)
}

/// Whether points that do not lie here may lie elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every place was asked and has given what it had.
    AllAsked,
    /// A place that may have them cannot be reached.
    Unreachable,
}

/// Where points that must be taken back come from. The three add up to them, reckoning 1 分 a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovery {
    /// Points taken from what lies here.
    pub from_here: i64,
    /// Taken off the refund, 100 points = ￥1.00.
    pub off_refund: Money,
    /// Points that become the member's debt.
    pub debt: i64,
}

/// R11: first what lies `here`; what is missing is taken off the `refund` if no place has it, or becomes a debt if a place that may have it
/// cannot be reached. What the refund does not cover is a debt as well.
pub fn recovered(points: i64, here: i64, reach: Reach, refund: Money) -> Recovery {
    let from_here = points.min(here.max(0)).max(0);
    let missing = points.max(0) - from_here;
    let off = match reach {
        Reach::AllAsked => missing.min(refund.minor().max(0)),
        Reach::Unreachable => 0,
    };
    Recovery { from_here, off_refund: Money::from_minor(off), debt: missing - off }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::BranchId;
    use proptest::prelude::*;
    use rstest::rstest;

    fn money(minor: i64) -> Money {
        Money::from_minor(minor)
    }

    fn lines(nets: &[i64]) -> Vec<EarningLine> {
        nets.iter().map(|net| EarningLine { net: money(*net), earns_points: true }).collect()
    }

    fn times(level_bp: u32, occasion_bp: u32) -> Terms {
        Terms { level_factor: Rate::from_bp(level_bp), occasion_factor: Rate::from_bp(occasion_bp), ..Terms::default() }
    }

    #[rstest]
    #[case::a1(&[15957, 13259, 4844], 1818, times(12_000, 10_000), 32242, 386)]
    #[case::c1_plain(&[34060], 1818, times(10_000, 10_000), 32242, 322)]
    #[case::c1_top(&[34060], 1818, times(15_000, 10_000), 32242, 483)]
    #[case::c2_points_money(&[13173, 8337], 4300, times(12_000, 10_000), 17210, 206)]
    #[case::c3_birthday(&[19000], 0, times(12_000, 20_000), 19000, 456)]
    #[case::b6_after_bonus(&[18000], 5400, Terms::default(), 12600, 126)]
    #[case::all_by_bonus(&[18000], 18000, Terms::default(), 0, 0)]
    #[case::nothing(&[], 0, Terms::default(), 0, 0)]
    #[case::one_point_for_ten(&[34060], 0, Terms { per: Money::from_minor(1_000), ..Terms::default() }, 34060, 34)]
    fn earns(#[case] nets: &[i64], #[case] unearning: i64, #[case] terms: Terms, #[case] basis: i64, #[case] points: i64) {
        assert_eq!(earned(&lines(nets), money(unearning), terms), Ok(Earned { basis: money(basis), points }));
    }

    #[test]
    fn the_bonus_is_shared_to_goods_that_earn_nothing_too() {
        let bill = [EarningLine { net: money(10000), earns_points: true }, EarningLine { net: money(30000), earns_points: false }];
        assert_eq!(earned(&bill, money(4000), Terms::default()), Ok(Earned { basis: money(9000), points: 90 }));
    }

    #[test]
    fn a2_part_return() {
        assert_eq!(taken_back(386, &lines(&[15957, 6630, 4844]), money(1215), times(12_000, 10_000)), Ok(72));
    }

    #[rstest]
    #[case::whole_return(386, &[], 0, 386)]
    #[case::second_part_return(314, &[], 0, 314)]
    #[case::c12(206, &[], 0, 206)]
    #[case::more_would_stand_than_stands(50, &[10000], 0, 0)]
    fn taken(#[case] standing: i64, #[case] left: &[i64], #[case] unearning: i64, #[case] wanted: i64) {
        assert_eq!(taken_back(standing, &lines(left), money(unearning), times(12_000, 10_000)), Ok(wanted));
    }

    #[test]
    fn c7_and_c4_dates() {
        let day = BusinessDay(20261121);
        assert_eq!(dates(day, 7, 12), Dates { from: BusinessDay(20261128), until: Month(202712) });
        assert_eq!(dates(BusinessDay(20251105), 7, 12).until, Month(202612), "points of 2025-11 lapse at the end of 2026-11");
        assert_eq!(dates(day, 0, 0), Dates { from: day, until: Month::NEVER });
    }

    #[rstest]
    #[case::enough_here(72, 500, Reach::AllAsked, 6629, (72, 0, 0))]
    #[case::off_the_refund(72, 50, Reach::AllAsked, 6629, (50, 22, 0))]
    #[case::refund_too_small(72, 50, Reach::AllAsked, 10, (50, 10, 12))]
    #[case::a_place_is_cut_off(72, 50, Reach::Unreachable, 6629, (50, 0, 22))]
    #[case::in_debt_already(72, -20, Reach::AllAsked, 6629, (0, 72, 0))]
    #[case::nothing_to_take(0, 50, Reach::AllAsked, 6629, (0, 0, 0))]
    fn missing_points(#[case] points: i64, #[case] here: i64, #[case] reach: Reach, #[case] refund: i64, #[case] wanted: (i64, i64, i64)) {
        let (from_here, off, debt) = wanted;
        assert_eq!(recovered(points, here, reach, money(refund)), Recovery { from_here, off_refund: money(off), debt });
    }

    fn held(lots: &[(u32, u32, i64)]) -> Vec<(Unit, i64)> {
        lots.iter().map(|(from, until, amount)| (Unit::Points { issuer: BranchId([1; 16]), from: *from, until: *until }, *amount)).collect()
    }

    #[rstest]
    #[case::the_bills_own_shrinks_first(300, &[(202712, 300)])]
    #[case::then_what_lapses_first(500, &[(202712, 386), (202612, 114)])]
    #[case::all_there_is(9_999, &[(202712, 386), (202612, 300), (202704, 200)])]
    #[case::nothing(0, &[])]
    fn lots(#[case] points: i64, #[case] wanted: &[(u32, i64)]) {
        let lots = held(&[(20260310, 202704, 200), (20251102, 202612, 300), (20261128, 202712, 386)]);
        let own = |unit: &Unit| matches!(unit, Unit::Points { until: 202712, .. });
        let taken: Vec<(u32, i64)> = taken_from(points, &own, &lots).iter().map(|lot| (lot.until, lot.amount)).collect();
        assert_eq!(taken, wanted);
    }

    /// Months 2025-11, 2026-03 and 2026-10 of C4, and points that mature later.
    #[rstest]
    #[case::c4(20261121, 350, &[(202612, 300), (202704, 50)])]
    #[case::c5_after_the_lapse(20261201, 9_999, &[(202704, 200), (202711, 500)])]
    #[case::pending_points_pay_nothing(20261121, 9_999, &[(202612, 300), (202704, 200), (202711, 500)])]
    fn oldest_first(#[case] today: u32, #[case] points: i64, #[case] wanted: &[(u32, i64)]) {
        let lots = held(&[(20261005, 202711, 500), (20260310, 202704, 200), (20251102, 202612, 300), (20261210, 202712, 386)]);
        let spent: Vec<(u32, i64)> = spent_from(points, BusinessDay(today), &lots).iter().map(|lot| (lot.until, lot.amount)).collect();
        assert_eq!(spent, wanted);
    }

    #[test]
    fn c5_lapse() {
        let lots = held(&[(20251102, 202612, 300), (20260310, 202704, 200), (20261005, 202711, 500)]);
        assert_eq!(lapsed(BusinessDay(20261130), &lots), []);
        let gone: i64 = lapsed(BusinessDay(20261201), &lots).iter().map(|lot| lot.amount).sum();
        assert_eq!(gone, 300);
    }

    #[rstest]
    #[case::c2(21_510, 12_860, 4_300)]
    #[case::what_there_is(21_510, 350, 300)]
    #[case::less_than_a_hundred(21_510, 99, 0)]
    #[case::a_small_bill(499, 12_860, 0)]
    #[case::just_one_hundred(500, 12_860, 100)]
    fn points_money(#[case] due: i64, #[case] usable: i64, #[case] wanted: i64) {
        assert_eq!(payable(money(due), Rate::from_bp(2_000), usable), Ok(wanted));
    }

    proptest! {
        #[test]
        fn what_is_recovered_adds_up(points in 0i64..10_000, here in -100i64..10_000, refund in 0i64..10_000, cut_off: bool) {
            let reach = if cut_off { Reach::Unreachable } else { Reach::AllAsked };
            let recovery = recovered(points, here, reach, money(refund));
            prop_assert_eq!(recovery.from_here + recovery.off_refund.minor() + recovery.debt, points);
            prop_assert!(recovery.from_here >= 0 && recovery.debt >= 0 && recovery.off_refund <= money(refund));
        }

        #[test]
        fn the_basis_is_never_negative(nets in prop::collection::vec((0i64..50_000, any::<bool>()), 0..10), unearning in 0i64..600_000) {
            let bill: Vec<EarningLine> = nets.iter().map(|(net, earns_points)| EarningLine { net: money(*net), earns_points: *earns_points }).collect();
            let earned = earned(&bill, money(unearning), times(15_000, 20_000)).expect("small");
            prop_assert!(!earned.basis.is_negative() && earned.points >= 0);
        }
    }
}
