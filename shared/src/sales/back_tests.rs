//! A1, A2, A8 and C12 through the whole reckoning, and the law that any pieces in any order bring back the bill: money, points, basis, cost.
use super::*;
use crate::base::{BranchId, SaleId};
use crate::facts::sales::golden::{a1, c2};
use proptest::prelude::*;

const NOVEMBER: Month = Month(202611);

fn pieces(count: i64) -> Quantity {
    Quantity::from_thousandths(count * 1_000)
}

fn sold_quantities(sold: &Sold) -> Vec<Quantity> {
    sold.lines.iter().map(|line| line.quantity).collect()
}

fn pick(line: u16, count: i64) -> Pick {
    Pick { line, quantity: pieces(count) }
}

/// Tenders as `code amount bonus`.
fn said(back: &Back) -> Vec<String> {
    back.taken.iter().map(|taken| format!("{} {} {}", code(&taken.kind), taken.amount.minor(), taken.bonus.minor())).collect()
}

#[test]
fn a2_one_of_two_masks() {
    let back = back(&a1(), &sold_quantities(&a1()), &[pick(2, 1)], 0).expect("returnable");
    assert_eq!((back.value.minor(), back.points, said(&back)), (6_629, 72, vec!["value 6629 603".to_owned()]));
    let paid = back.paid(&a1(), &back.taken, NOVEMBER);
    assert_eq!(paid[0].parts.iter().map(|part| part.amount).collect::<Vec<_>>(), [6_026, 603]);
}

#[test]
fn the_rest_of_a1_after_a2() {
    let left = [pieces(1), pieces(1), pieces(2)];
    let rest = back(&a1(), &left, &whole(&a1(), &left), 72).expect("returnable");
    assert_eq!(
        (rest.value.minor(), rest.points, said(&rest)),
        (27_431, 314, vec!["value 13371 1215".to_owned(), "cash 14060 0".to_owned()])
    );
}

#[test]
fn c12_points_come_back_first_and_all() {
    let all = back(&c2(), &sold_quantities(&c2()), &whole(&c2(), &sold_quantities(&c2())), 0).expect("returnable");
    assert_eq!((said(&all), all.points), (vec!["points 4300 0".to_owned(), "wechat 17210 0".to_owned()], 206));
    let months = |month| {
        let back = points_back(&all.paid(&c2(), &all.taken, month));
        back.iter().map(|points| (points.until, points.amount)).collect::<Vec<_>>()
    };
    assert_eq!(months(NOVEMBER), [(202612, 300), (202704, 4_000)]);
    assert_eq!(months(Month(202612)), [(202701, 300), (202704, 4_000)], "C6: a lapsed month counts to the end of this one");
}

#[test]
fn a_part_return_gives_points_back_before_money() {
    let back = back(&c2(), &sold_quantities(&c2()), &[pick(2, 1)], 0).expect("returnable");
    assert_eq!(said(&back), ["points 4300 0", "wechat 4037 0"]);
    // What is left earns 131.73 × 1.2 = 158.07: 48 of 206 go.
    assert_eq!(back.points, 48);
}

#[test]
fn refused() {
    let left = [pieces(1), pieces(1), pieces(0)];
    for picks in [vec![pick(2, 2)], vec![pick(3, 1)], vec![pick(9, 1)], vec![], vec![pick(2, 1), pick(2, 1)], vec![pick(2, 0)]] {
        let refused = back(&a1(), &left, &picks, 0);
        assert!(matches!(refused, Err(RefundRefusal::NotReturnable { .. })), "{picks:?}");
    }
}

/// A bill of lines of (pieces, net, earns), paid by points, value with bonus of two issuers, a bank card and cash.
fn bill(lines: &[(i64, i64, bool)], shares: [i64; 4], bonus: i64) -> Sold {
    let mut sold = a1();
    let due: i64 = lines.iter().map(|(_, net, _)| net).sum();
    sold.sale = SaleId([9; 16]);
    sold.lines = (1..)
        .zip(lines)
        .map(|(no, (count, net, earns_points))| SoldLine {
            no,
            quantity: pieces(*count),
            net: Money::from_minor(*net),
            earns_points: *earns_points,
            cost: Some(Money::from_minor(net / 3)),
            ..a1().lines[0].clone()
        })
        .collect();
    let whole: i64 = shares.iter().sum::<i64>().max(1);
    let mut left = due;
    let mut part = |share: i64| {
        let part = (due * share / whole).min(left);
        left -= part;
        part
    };
    let [points, value, bank] = [part(shares[0]), part(shares[1]), part(shares[2])];
    let bonus = value * bonus / 100;
    let units =
        |pairs: Vec<(Unit, i64)>| pairs.into_iter().map(|(unit, amount)| Part { unit: unit.key().into(), amount }).collect::<Vec<_>>();
    let halves =
        |amount: i64, of: fn(BranchId) -> Unit| vec![(of(BranchId([1; 16])), amount / 2), (of(BranchId([2; 16])), amount - amount / 2)];
    let month = |until| Unit::Points { issuer: BranchId([1; 16]), from: 20251101, until };
    let paid = |code: &str, amount: i64, bonus: i64, parts| Paid {
        code: code.into(),
        amount: Money::from_minor(amount),
        bonus: Money::from_minor(bonus),
        handed: Money::ZERO,
        parts,
        proven: Proven::NotAsked,
    };
    sold.tenders = vec![
        paid(CASH, left, 0, vec![]),
        paid(VALUE, value, bonus, units([halves(value - bonus, Unit::Value), halves(bonus, Unit::Bonus)].concat())),
        paid("bank", bank, 0, vec![]),
        paid(POINTS, points, 0, units(vec![(month(202612), points / 3), (month(202704), points - points / 3)])),
    ];
    sold.due = Money::from_minor(due);
    let nets: Vec<EarningLine> = sold.lines.iter().map(|line| EarningLine { net: line.net, earns_points: line.earns_points }).collect();
    let terms = terms(&sold).expect("a member");
    let earned = earned(&nets, Money::from_minor(points + bonus), terms).expect("small");
    let buyer = sold.buyer.as_mut().expect("a member");
    buyer.basis = earned.basis;
    buyer.points = vec![Points { issuer: BranchId([1; 16]), from: 20261128, until: 202712, amount: earned.points }];
    sold
}

/// Sum of amounts by code and unit.
fn sums<'a>(paid: impl Iterator<Item = &'a Paid>) -> std::collections::BTreeMap<(String, Vec<u8>), i64> {
    let mut sums = std::collections::BTreeMap::new();
    for paid in paid {
        *sums.entry((paid.code.clone(), Vec::new())).or_default() += paid.amount.minor();
        *sums.entry((paid.code.clone(), b"bonus".to_vec())).or_default() += paid.bonus.minor();
        for part in &paid.parts {
            *sums.entry((paid.code.clone(), part.unit.to_vec())).or_default() += part.amount;
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

proptest! {
    // Goal: whatever comes back in whatever order, no tender, issuer or month gives back more than it paid, and all pieces give back exactly the
    // bill with its points, basis and cost. Method: random bills and random sequences of partial returns through the production rule.
    #[test]
    fn any_pieces_in_any_order_are_the_bill(
        lines in prop::collection::vec((1i64..6, 0i64..40_000, any::<bool>()), 1..6),
        shares in prop::array::uniform4(0i64..100), bonus in 0i64..=100,
        steps in prop::collection::vec((any::<prop::sample::Index>(), 1i64..4), 0..20),
    ) {
        let sold = bill(&lines, shares, bonus);
        let mut left = sold_quantities(&sold);
        let (mut gone, mut basis, mut value, mut cost) = (0, 0, 0, 0);
        let mut paid: Vec<Paid> = Vec::new();
        let mut steps = steps.into_iter();
        while left.iter().any(|left| left.is_positive()) {
            let picks = match steps.next() {
                Some((index, count)) => {
                    let at = index.index(left.len());
                    let quantity = left[at].min(pieces(count));
                    if !quantity.is_positive() { continue; }
                    vec![Pick { line: at as u16 + 1, quantity }]
                }
                None => whole(&sold, &left),
            };
            let back = back(&sold, &left, &picks, gone).expect("left");
            prop_assert!(back.points >= 0 && back.taken.iter().all(|taken| !taken.amount.is_negative() && !taken.bonus.is_negative() && taken.bonus <= taken.amount));
            paid.extend(back.paid(&sold, &back.taken, NOVEMBER));
            (gone, basis, value) = (gone + back.points, basis + back.basis.minor(), value + back.value.minor());
            cost += back.lines.iter().filter_map(|line| line.cost).map(|cost| cost.minor()).sum::<i64>();
            for pick in picks {
                let at = usize::from(pick.line) - 1;
                left[at] = left[at].minus(pick.quantity).expect("left");
            }
            let (now, all) = (sums(paid.iter()), sums(sold.tenders.iter()));
            prop_assert!(now.iter().all(|(key, sum)| sum <= all.get(key).unwrap_or(&0)), "{:?} of {:?}", now, all);
        }
        let buyer = sold.buyer.as_ref().expect("a member");
        prop_assert_eq!((value, gone, basis), (sold.due.minor(), buyer.points[0].amount, buyer.basis.minor()));
        prop_assert_eq!(cost, sold.lines.iter().filter_map(|line| line.cost).map(|cost| cost.minor()).sum::<i64>());
        prop_assert_eq!(sums(paid.iter()), sums(sold.tenders.iter()));
    }
}
