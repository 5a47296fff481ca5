//! The worked examples of the trade that belong to returns, and the law that all pieces add up to the bill by tender.
use super::super::payment::{Purse, Tender, ValuePolicy, settle};
use super::super::price::tests::any_bill;
use super::*;
use proptest::prelude::*;
use rstest::rstest;
use std::collections::BTreeMap;

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

fn pieces(count: i64) -> Quantity {
    Quantity::from_thousandths(count * 1_000)
}

fn taken(kind: TenderKind, minor: i64, bonus: i64) -> Taken {
    Taken { kind, amount: money(minor), bonus: money(bonus) }
}

fn named(code: &str) -> TenderKind {
    TenderKind::Named(code.into())
}

/// How A1 was paid.
fn a1() -> Vec<Taken> {
    vec![taken(TenderKind::Value, 20000, 1818), taken(TenderKind::Cash, 14060, 0)]
}

#[test]
fn a2_one_of_two_masks() {
    let value = line_value(money(13259), pieces(2), Quantity::ZERO, pieces(1)).expect("returnable");
    assert_eq!(value, money(6629));
    assert_eq!(by_tender(&a1(), Money::ZERO, value), Ok(vec![taken(TenderKind::Value, 6629, 603)]));
    assert_eq!(line_value(money(13259), pieces(2), pieces(1), pieces(1)), Ok(money(6630)), "the last piece takes the rest");
}

#[test]
fn a1_whole() {
    assert_eq!(by_tender(&a1(), Money::ZERO, money(34060)), Ok(a1()));
    let rest = vec![taken(TenderKind::Value, 13371, 1215), taken(TenderKind::Cash, 14060, 0)];
    assert_eq!(by_tender(&a1(), money(6629), money(27431)), Ok(rest), "after A2");
}

#[test]
fn a8_the_second_line() {
    assert_eq!(line_value(money(8337), pieces(1), Quantity::ZERO, pieces(1)), Ok(money(8337)));
}

#[test]
fn c12_points_come_back_first() {
    let paid = [taken(named("wechat"), 17210, 0), taken(TenderKind::Points, 4300, 0)];
    assert_eq!(by_tender(&paid, Money::ZERO, money(5000)), Ok(vec![taken(TenderKind::Points, 4300, 0), taken(named("wechat"), 700, 0)]));
}

#[test]
fn last_keyed_first_and_cash_last() {
    let paid = [
        taken(TenderKind::Cash, 1000, 0),
        taken(named("wechat"), 3000, 0),
        taken(named("bank"), 2000, 0),
        taken(TenderKind::Value, 500, 0),
    ];
    let back = by_tender(&paid, Money::ZERO, money(6000)).expect("within what was paid");
    assert_eq!(
        back,
        [taken(TenderKind::Value, 500, 0), taken(named("bank"), 2000, 0), taken(named("wechat"), 3000, 0), taken(TenderKind::Cash, 500, 0)]
    );
}

#[rstest]
#[case::none(0, 0, 2)]
#[case::negative(0, -1, 2)]
#[case::too_many(0, 3, 2)]
#[case::all_came_back(2, 1, 0)]
fn not_returnable(#[case] before: i64, #[case] now: i64, #[case] left: i64) {
    let refused = line_value(money(100), pieces(2), pieces(before), pieces(now));
    assert_eq!(refused, Err(RefundRefusal::NotReturnable { left: pieces(left) }));
}

#[test]
fn no_more_than_was_paid() {
    assert_eq!(by_tender(&a1(), money(34000), money(61)), Err(RefundRefusal::OverPaid { left: money(60) }));
}

#[rstest]
#[case::from_cash_first(22, vec![taken(TenderKind::Value, 20000, 1818), taken(TenderKind::Cash, 14038, 0)])]
#[case::then_principal(14060 + 500, vec![taken(TenderKind::Value, 19500, 1818)])]
#[case::then_bonus(14060 + 19000, vec![taken(TenderKind::Value, 1000, 1000)])]
#[case::all(40000, vec![])]
#[case::nothing(0, a1())]
fn missing_points_come_off(#[case] off: i64, #[case] wanted: Vec<Taken>) {
    assert_eq!(reduced(a1(), money(off)), Ok(wanted));
}

/// Sum by tender, bonus apart.
fn sums(parts: &[Taken]) -> BTreeMap<TenderKind, (i64, i64)> {
    let mut sums = BTreeMap::new();
    for part in parts.iter().filter(|part| part.amount.is_positive()) {
        let sum: &mut (i64, i64) = sums.entry(part.kind.clone()).or_default();
        *sum = (sum.0 + part.amount.minor(), sum.1 + part.bonus.minor());
    }
    sums
}

proptest! {
    // Goal: every bill, paid any way, returned in any pieces and any order, comes back to the last 分 by tender, principal and bonus.
    // Method: price and pay a random bill with the production rules, then return random quantities of random lines until nothing is left.
    #[test]
    fn all_pieces_in_any_order_are_the_bill(
        bill in any_bill(), value_part in 0i64..=100, wechat_part in 0i64..=100, steps in prop::collection::vec((any::<prop::sample::Index>(), 1i64..=100), 0..40),
    ) {
        let purse = Purse { principal: money(300_000), bonus: money(70_000), elsewhere: Vec::new() };
        let open = settle(&bill, &[Tender { kind: TenderKind::Cash, amount: Money::ZERO }], Some(&purse), ValuePolicy::default()).expect("open");
        let due = open.priced.due.minor();
        let value = due * value_part / 100;
        let wechat = (due - value) * wechat_part / 100;
        let tenders = [(TenderKind::Value, value), (named("wechat"), wechat), (TenderKind::Cash, due - value - wechat)];
        let tenders: Vec<Tender> = tenders.into_iter().filter(|(_, minor)| *minor > 0).map(|(kind, minor)| Tender { kind, amount: money(minor) }).collect();
        let mut with_cash = tenders.clone();
        if !tenders.iter().any(|tender| tender.kind == TenderKind::Cash) {
            with_cash.insert(0, Tender { kind: TenderKind::Cash, amount: Money::ZERO });
        }
        let paid = settle(&bill, &with_cash, Some(&purse), ValuePolicy::default()).expect("covers exactly");

        let mut returned: Vec<Quantity> = vec![Quantity::ZERO; bill.lines.len()];
        let (mut before, mut back) = (Money::ZERO, Vec::new());
        let rest = (0..bill.lines.len()).map(|line| (line, 100));
        for (at, percent) in steps.into_iter().map(|(index, percent)| (index.index(bill.lines.len()), percent)).chain(rest) {
            let sold = bill.lines[at].quantity;
            let left = sold.thousandths() - returned[at].thousandths();
            let now = Quantity::from_thousandths((left * percent / 100).max(left.min(1)));
            if !now.is_positive() {
                continue;
            }
            let value = line_value(paid.priced.lines[at].net, sold, returned[at], now).expect("left");
            back.extend(by_tender(&paid.taken, before, value).expect("left"));
            returned[at] = returned[at].plus(now).expect("small");
            before = before.plus(value).expect("small");
        }
        prop_assert_eq!(before, paid.priced.due);
        prop_assert!(back.iter().all(|part| !part.bonus.is_negative() && part.bonus <= part.amount));
        prop_assert_eq!(sums(&back), sums(&paid.taken));
    }
}
