//! The worked examples of the trade that belong to paying, and the laws of every settlement.
use super::super::price::{BillLine, ByHand};
use super::*;
use crate::base::Quantity;
use crate::sales::price::RoundingMode;
use proptest::prelude::*;
use rstest::rstest;

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

fn line(pieces: i64, price_minor: i64) -> BillLine {
    BillLine {
        quantity: Quantity::from_thousandths(pieces * 1_000),
        list_price: money(price_minor),
        label_amount: None,
        member_price: None,
        promotion_price: None,
        by_hand: ByHand::Nothing,
        discountable: true,
        earns_points: true,
    }
}

/// 340.67 without cash, 340.60 with cash.
fn a1() -> Bill {
    Bill { lines: vec![line(1, 16800), line(2, 6980), line(2, 2550)], level_rate: Some(Rate::from_bp(9500)), ..Bill::default() }
}

/// 93.48 without cash, 93.40 with cash.
fn a4() -> Bill {
    Bill { lines: vec![line(1, 9840)], level_rate: Some(Rate::from_bp(9500)), ..Bill::default() }
}

fn of(minor: i64) -> Bill {
    Bill { lines: vec![line(1, minor)], round_off: RoundOff { mode: RoundingMode::JiaoDown, by_hand: Money::ZERO }, ..Bill::default() }
}

fn purse(principal: i64, bonus: i64) -> Purse {
    Purse { principal: money(principal), bonus: money(bonus), elsewhere: Vec::new() }
}

fn cash(minor: i64) -> Tender {
    Tender { kind: TenderKind::Cash, amount: money(minor) }
}

fn value(minor: i64) -> Tender {
    Tender { kind: TenderKind::Value, amount: money(minor) }
}

fn wechat(minor: i64) -> Tender {
    Tender { kind: TenderKind::Named("wechat".into()), amount: money(minor) }
}

fn settled(bill: &Bill, tenders: &[Tender], purse: Option<&Purse>) -> Settlement {
    settle(bill, tenders, purse, ValuePolicy::default()).expect("accepted")
}

#[test]
fn a1_stored_value_and_cash() {
    let paid = settled(&a1(), &[value(20000), cash(15000)], Some(&purse(100000, 10000)));
    assert_eq!((paid.priced.due, paid.still_due, paid.change), (money(34060), Money::ZERO, money(940)));
    assert_eq!(paid.taken[0], Taken { kind: TenderKind::Value, amount: money(20000), bonus: money(1818) });
    assert_eq!(paid.taken[1], Taken { kind: TenderKind::Cash, amount: money(14060), bonus: Money::ZERO });
}

#[rstest]
#[case::no_tender_yet(&[], 34067, 34067)]
#[case::all_by_wechat(&[wechat(34067)], 34067, 0)]
#[case::cash_before_its_amount_is_keyed(&[cash(0)], 34060, 34060)]
#[case::cash_of_any_size(&[cash(1)], 34060, 34059)]
#[case::part_by_wechat(&[wechat(10000)], 34067, 24067)]
#[case::then_cash(&[wechat(10000), cash(0)], 34060, 24060)]
fn a6_cash_among_the_tenders(#[case] tenders: &[Tender], #[case] due: i64, #[case] still_due: i64) {
    let paid = settled(&a1(), tenders, None);
    assert_eq!((paid.priced.due, paid.still_due), (money(due), money(still_due)));
}

#[test]
fn a7_change_only_from_cash() {
    let member = purse(10000, 0);
    let paid = settled(&a4(), &[value(5000), wechat(3000), cash(2000)], Some(&member));
    assert_eq!((paid.priced.due, paid.change, paid.still_due), (money(9340), money(660), Money::ZERO));
    let over = settle(&a4(), &[value(5000), wechat(5000)], Some(&member), ValuePolicy::default());
    assert_eq!(over, Err(PaymentRefusal::OverDue { due: money(9348), over: money(652) }));
}

#[test]
fn a14_change_of_the_quick_sale() {
    let bill = Bill { level_rate: Some(Rate::from_bp(9500)), ..of(6666) };
    let paid = settled(&bill, &[cash(7000)], None);
    assert_eq!((paid.priced.due, paid.priced.rounding, paid.change), (money(6330), money(3), money(670)));
}

#[rstest]
#[case::no_amount(&[wechat(0)], PaymentRefusal::NothingKeyed)]
#[case::negative(&[cash(-100)], PaymentRefusal::NothingKeyed)]
#[case::cash_after_all_is_paid(&[cash(10000), cash(100)], PaymentRefusal::NothingDue)]
#[case::wechat_after_cash_covers(&[cash(10000), wechat(100)], PaymentRefusal::NothingDue)]
#[case::wechat_over(&[wechat(10001)], PaymentRefusal::OverDue { due: money(10000), over: money(1) })]
#[case::wechat_twice(&[wechat(10000), wechat(500)], PaymentRefusal::OverDue { due: money(10000), over: money(500) })]
#[case::no_member(&[value(100)], PaymentRefusal::NoMember)]
fn refused(#[case] tenders: &[Tender], #[case] refusal: PaymentRefusal) {
    assert_eq!(settle(&of(10000), tenders, None, ValuePolicy::default()), Err(refusal));
}

#[test]
fn cash_that_would_round_below_what_is_paid_is_refused() {
    let over = settle(&a1(), &[wechat(34065), cash(0)], None, ValuePolicy::default());
    assert_eq!(over, Err(PaymentRefusal::OverDue { due: money(34060), over: money(5) }));
}

#[test]
fn a_bill_given_away_takes_no_tender() {
    let free = of(0);
    assert_eq!(settled(&free, &[], None).still_due, Money::ZERO);
    assert_eq!(settle(&free, &[cash(100)], None, ValuePolicy::default()), Err(PaymentRefusal::NothingDue));
}

#[test]
fn a_due_below_one_jiao_is_rounded_away_with_cash() {
    let paid = settled(&of(5), &[cash(100)], None);
    assert_eq!((paid.priced.due, paid.priced.rounding, paid.change), (Money::ZERO, money(5), money(100)));
}

#[rstest]
#[case::proportional(SplitPolicy::Proportional, 30964, 3096)]
#[case::principal_first(SplitPolicy::PrincipalFirst, 34060, 0)]
#[case::bonus_first(SplitPolicy::BonusFirst, 24060, 10000)]
fn b5_three_policies(#[case] split: SplitPolicy, #[case] principal: i64, #[case] bonus: i64) {
    let policy = ValuePolicy { split, bonus_cap: None };
    let split = split_value(money(34060), money(34060), &purse(100000, 10000), policy);
    assert_eq!(split, Ok(ValueSplit { principal: money(principal), bonus: money(bonus) }));
}

#[test]
fn a19_all_from_a_fresh_card() {
    let split = split_value(money(34067), money(34067), &purse(100000, 10000), ValuePolicy::default());
    assert_eq!(split, Ok(ValueSplit { principal: money(30970), bonus: money(3097) }));
}

#[test]
fn b6_bonus_cap() {
    let policy = ValuePolicy { split: SplitPolicy::BonusFirst, bonus_cap: Some(Rate::from_bp(3000)) };
    let card = purse(5000, 20000);
    let open = settle(&of(18000), &[], Some(&card), policy).expect("open bill");
    let take = would_take(&open, &card, policy).expect("preview");
    assert_eq!(take, ValueSplit { principal: money(5000), bonus: money(5400) });
    let paid = settle(&of(18000), &[value(10400)], Some(&card), policy).expect("accepted");
    assert_eq!((paid.still_due, paid.taken[0].bonus), (money(7600), money(5400)));
    let more = settle(&of(18000), &[value(10401)], Some(&card), policy);
    assert_eq!(more, Err(PaymentRefusal::NotEnoughHere { asked: money(10401), usable: money(10400), elsewhere: Vec::new() }));
}

#[test]
fn b11_what_lies_here_and_where_the_rest_is() {
    let elsewhere = vec![
        Elsewhere { place: "人民路店".into(), amount: money(10000), unreachable_since_ms: Some(1) },
        Elsewhere { place: "总部".into(), amount: money(8000), unreachable_since_ms: Some(1) },
    ];
    let member = Purse { elsewhere: elsewhere.clone(), ..purse(12000, 0) };
    let open = settled(&of(15000), &[], Some(&member));
    assert_eq!(would_take(&open, &member, ValuePolicy::default()), Ok(ValueSplit { principal: money(12000), bonus: Money::ZERO }));
    let refused = settle(&of(15000), &[value(15000)], Some(&member), ValuePolicy::default());
    assert_eq!(refused, Err(PaymentRefusal::NotEnoughHere { asked: money(15000), usable: money(12000), elsewhere }));
    assert_eq!(settled(&of(15000), &[value(12000)], Some(&member)).still_due, money(3000));
}

#[test]
fn b12_what_was_fetched_is_spent_and_the_rest_stays_due() {
    let member = purse(18000, 0);
    let paid = settled(&of(18500), &[value(18000)], Some(&member));
    assert_eq!(paid.still_due, money(500));
}

#[test]
fn b15_the_second_till_finds_twenty() {
    let first = settled(&of(8000), &[value(8000)], Some(&purse(10000, 0)));
    assert_eq!(first.still_due, Money::ZERO);
    let second = settle(&of(8000), &[value(8000)], Some(&purse(2000, 0)), ValuePolicy::default());
    assert_eq!(second, Err(PaymentRefusal::NotEnoughHere { asked: money(8000), usable: money(2000), elsewhere: Vec::new() }));
}

#[rstest]
#[case(14060, &[14060, 14500, 15000, 16000, 20000])]
#[case(6330, &[6330, 6500, 7000, 8000, 10000])]
#[case(10000, &[10000])]
#[case(1340, &[1340, 1500, 2000, 5000, 10000])]
#[case(0, &[])]
fn quick_notes(#[case] due: i64, #[case] wanted: &[i64]) {
    assert_eq!(quick_cash(money(due)).into_iter().map(Money::minor).collect::<Vec<_>>(), wanted);
}

proptest! {
    #[test]
    fn paid_and_still_due_make_the_due(due in 1i64..50_000, amounts in prop::collection::vec((0usize..3, 1i64..30_000), 1..5)) {
        let bill = of(due);
        let member = purse(20_000, 3_000);
        let make = [cash, value, wechat];
        let tenders: Vec<Tender> = amounts.into_iter().map(|(kind, minor)| make[kind](minor)).collect();
        if let Ok(paid) = settle(&bill, &tenders, Some(&member), ValuePolicy::default()) {
            prop_assert_eq!(paid.paid.plus(paid.still_due), Ok(paid.priced.due));
            prop_assert!(!paid.still_due.is_negative() && !paid.change.is_negative());
            let handed: i64 = tenders.iter().map(|tender| tender.amount.minor()).sum();
            prop_assert_eq!(handed - paid.change.minor(), paid.paid.minor());
            for taken in &paid.taken {
                prop_assert!(!taken.amount.is_negative() && !taken.bonus.is_negative() && taken.bonus <= taken.amount);
            }
        }
    }

    #[test]
    fn a_split_is_never_more_than_the_purse(
        principal in 0i64..100_000, bonus in 0i64..100_000, part in 0i64..=100, cap in prop::option::of(0u32..=10_000), due in 1i64..200_000,
    ) {
        for split in [SplitPolicy::Proportional, SplitPolicy::PrincipalFirst, SplitPolicy::BonusFirst] {
            let policy = ValuePolicy { split, bonus_cap: cap.map(Rate::from_bp) };
            let card = purse(principal, bonus);
            let amount = money((principal + bonus) * part / 100);
            match split_value(amount, money(due), &card, policy) {
                Ok(split) => {
                    prop_assert_eq!(split.principal.plus(split.bonus), Ok(amount));
                    prop_assert!(split.principal <= card.principal && split.bonus <= card.bonus);
                    prop_assert!(!split.principal.is_negative() && !split.bonus.is_negative());
                    prop_assert!(cap.is_none_or(|cap| split.bonus.minor() <= due * i64::from(cap) / 10_000));
                }
                Err(PaymentRefusal::NotEnoughHere { usable, .. }) => prop_assert!(amount > usable && cap.is_some()),
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }
}
