//! Every refusal of every command, one row each, in the order in which they are judged.
use crate::shop::Shop;
use rstest::rstest;
use shared::base::{MemberId, Money, ProductNo, Quantity, Rate, SaleId};
use shared::desk::bill::add::{Add, AddOpen};
use shared::desk::bill::attach::{Attach, Detach};
use shared::desk::bill::bill_discount::DiscountBill;
use shared::desk::bill::hold::Hold;
use shared::desk::bill::line_discount::DiscountLine;
use shared::desk::bill::quantity::SetQuantity;
use shared::desk::bill::recall::Recall;
use shared::desk::bill::remove::Remove;
use shared::desk::bill::tender_remove::RemoveTender;
use shared::desk::bill::void::Void;
use shared::desk::import::Kind;
use shared::journal::{Refusal, Right};
use shared::sales::price::{BillDiscount, ByHand};

fn add(shop: &mut Shop, product: u32, thousandths: Option<i64>) -> Refusal {
    let quantity = thousandths.map(Quantity::from_thousandths);
    let add = Add { who: shop.who(), product: ProductNo(product), quantity, label: None };
    shop.refused(&add)
}

#[rstest]
#[case::unknown(99, None, "UnknownCode")]
#[case::retired(18, None, "Retired")]
#[case::no_price(19, None, "NoPrice")]
#[case::needs_weight(17, None, "NeedsWeight")]
#[case::nothing(11, Some(0), "BadQuantity")]
#[case::below_nothing(11, Some(-1_000), "BadQuantity")]
#[case::half_a_bottle(11, Some(500), "NotWhole")]
#[case::a_slip_of_the_finger(11, Some(10_000_000), "QuantityLimit")]
fn adding(#[case] product: u32, #[case] thousandths: Option<i64>, #[case] wanted: &str) {
    let mut shop = Shop::new(&format!("add-{wanted}-{}", thousandths.unwrap_or(1)));
    let columns = "number,name,category,unit,price,retired";
    shop.import(Kind::Products, columns, &["18,旧货,01,个,1.00,1"], 20_261_121);
    shop.import(Kind::Products, columns, &["19,新货,01,个,1.00,0"], 20_261_231);
    let refusal = format!("{:?}", add(&mut shop, product, thousandths));
    assert!(refusal.starts_with(wanted), "{refusal}");
}

#[rstest]
#[case::nothing(0, "BadAmount")]
#[case::too_dear(1_000_001, "OpenItemLimit")]
fn open_items(#[case] minor: i64, #[case] wanted: &str) {
    let mut shop = Shop::new(&format!("open-{wanted}"));
    let add = AddOpen { who: shop.who(), amount: Money::from_minor(minor), name: String::new(), quantity: None };
    assert!(format!("{:?}", shop.refused(&add)).starts_with(wanted));
}

#[test]
fn two_hundred_lines_are_enough() {
    let mut shop = Shop::new("many");
    let bill = |shop: &mut Shop| {
        let mut bill = shop.bill().expect("open");
        let line = bill.lines[0].clone();
        bill.lines = (1..=200).map(|no| shared::desk::bill::Line { no, ..line.clone() }).collect();
        bill
    };
    shop.amount(100);
    let full = shared::journal::command::encoded(&bill(&mut shop));
    let key = shared::desk::bill::key(1);
    shop.store.transaction(|writer| writer.set_draft("bill", &key, Some(&full))).expect("written");
    assert_eq!(add(&mut shop, 11, None), Refusal::TooManyLines { limit: 200 });
}

#[test]
fn lines_and_tenders_that_are_gone() {
    let mut shop = Shop::new("gone");
    let (who, quantity) = (shop.who(), Quantity::ONE);
    let set = |line| SetQuantity { who: who.clone(), line, quantity };
    let discount = DiscountLine { who: who.clone(), line: 7, by_hand: ByHand::Free, reason: String::new() };
    assert_eq!(shop.refused(&set(None)), Refusal::NothingToMultiply);
    for round in 0..2 {
        assert_eq!(shop.refused(&set(Some(7))), Refusal::Gone, "round {round}");
        assert_eq!(shop.refused(&Remove { who: who.clone(), line: 7 }), Refusal::Gone);
        assert_eq!(shop.refused(&RemoveTender { who: who.clone(), tender: 7 }), Refusal::Gone);
        assert_eq!(shop.refused(&discount), Refusal::Gone);
        if round == 0 {
            shop.add(11, 1);
        }
    }
    let half = SetQuantity { who: who.clone(), line: Some(1), quantity: Quantity::from_thousandths(500) };
    assert_eq!(shop.refused(&half), Refusal::NotWhole { unit: "瓶".into() });
}

#[rstest]
#[case::tobacco(2, ByHand::Rate(Rate::from_bp(9_500)), Refusal::NoDiscountAllowed { name: "香烟".into() })]
#[case::more_than_whole(1, ByHand::Rate(Rate::from_bp(10_001)), Refusal::BadAmount)]
#[case::below_nothing(1, ByHand::Price(Money::from_minor(-1)), Refusal::BadAmount)]
#[case::price(1, ByHand::Price(Money::from_minor(100)), Refusal::NeedsOverride { right: Right::PriceOverride, limit: None, asked: Some(100) })]
#[case::free(1, ByHand::Free, Refusal::NeedsOverride { right: Right::FreeItem, limit: None, asked: Some(0) })]
#[case::too_low(1, ByHand::Rate(Rate::from_bp(8_999)),
    Refusal::NeedsOverride { right: Right::DiscountLine, limit: Some(9_000), asked: Some(8_999) })]
fn line_discounts(#[case] line: u16, #[case] by_hand: ByHand, #[case] wanted: Refusal) {
    let mut shop = Shop::new(&format!("discount-{by_hand:?}-{line}").replace(' ', ""));
    shop.add(15, 1);
    shop.add(14, 1);
    let discount = DiscountLine { who: shop.who(), line, by_hand, reason: String::new() };
    assert_eq!(shop.refused(&discount), wanted);
}

#[test]
fn bill_discounts() {
    let mut shop = Shop::new("bill-discount");
    let discount = |shop: &Shop, discount| DiscountBill { who: shop.who(), discount, reason: String::new() };
    let rate = |bp| BillDiscount::Rate(Rate::from_bp(bp));
    let asked = discount(&shop, rate(9_500));
    assert_eq!(shop.refused(&asked), Refusal::EmptyBill);
    shop.add(15, 1);
    let minus = discount(&shop, BillDiscount::Amount(Money::from_minor(-1)));
    assert_eq!(shop.refused(&minus), Refusal::BadAmount);
    let low = discount(&shop, BillDiscount::Amount(Money::from_minor(501)));
    let needs = Refusal::NeedsOverride { right: Right::DiscountBill, limit: Some(9_500), asked: Some(9_499) };
    assert_eq!(shop.refused(&low), needs, "an amount is judged as the rate that remains");
    shop.done(&asked);
    assert_eq!(shop.shown().totals.due.minor(), 9_500);
}

#[test]
fn holding_attaching_and_voiding() {
    let mut shop = Shop::new("hold");
    let who = shop.who();
    let hold = Hold { who: who.clone(), label: String::new() };
    assert_eq!(shop.refused(&hold), Refusal::EmptyBill);
    assert_eq!(shop.refused(&Recall { who: who.clone(), held: SaleId([1; 16]), prices: None }), Refusal::Gone);
    assert_eq!(shop.refused(&Attach { who: who.clone(), member: MemberId([1; 16]), claimed_card: None }), Refusal::UnknownMember);
    shop.top_up("6001", 10_000, 0);
    shop.add(11, 1);
    shop.attach("6001");
    assert!(shop.pay("value", Some(100)).is_none());
    assert_eq!(shop.refused(&hold), Refusal::HasTenders);
    assert_eq!(shop.refused(&Detach { who: who.clone() }), Refusal::HasValueTender);
    let void = Void { who, reason: String::new() };
    assert_eq!(shop.refused(&void), Refusal::NotAllowed { right: Right::VoidBill });
    assert_eq!(shop.refused(&Remove { who: shop.who(), line: 1 }), {
        Refusal::NeedsOverride { right: Right::RemoveLine, limit: None, asked: None }
    });
}

#[test]
fn paying() {
    let mut shop = Shop::new("paying");
    shop.add(15, 1);
    assert_eq!(shop.try_pay("value", None), Err(Refusal::NoMember));
    assert_eq!(shop.try_pay("shells", None), Err(Refusal::TenderUnknown { tender: "shells".into() }));
    let mut tender = shop.tender("wechat", None);
    tender.due = Money::from_minor(9_999);
    let moment = shop.paying();
    assert_eq!(shop.decide_at(&tender, &moment), Err(Refusal::DueChanged { due: 10_000 }));
    assert_eq!(shop.try_pay("wechat", Some(0)), Err(Refusal::BadAmount));
    assert_eq!(shop.try_pay("wechat", Some(-5)), Err(Refusal::BadAmount));
    assert_eq!(shop.try_pay("wechat", Some(10_001)), Err(Refusal::OverDue { over: 1 }));
    shop.attach("6002");
    assert_eq!(shop.try_pay("value", None), Err(Refusal::NotEnoughHere { wanted: 10_000, here: 0, elsewhere: vec![] }));
    shop.till = 2;
    shop.add(15, 1);
    assert_eq!(shop.try_pay("cash", None), Err(Refusal::NoShift));
}

#[rstest]
#[case::pin("pin", "pin")]
#[case::signature("signature", "signature")]
fn proof(#[case] setting: &str, #[case] kind: &str) {
    let mut shop = Shop::new(&format!("proof-{setting}"));
    let lines = [format!("value,proof,{setting}"), "value,free_below_minor,5000".into()];
    shop.import(Kind::Settings, "group,key,value", &[&lines[0], &lines[1]], 20_261_121);
    shop.top_up("6002", 100_000, 10_000);
    shop.amount(10_000);
    shop.attach("6002");
    assert_eq!(shop.try_pay("value", None), Err(Refusal::ProofNeeded { kind: kind.into() }));
    assert!(shop.pay("value", Some(4_999)).is_none(), "small amounts are free");
    assert_eq!(shop.try_pay("value", None), Err(Refusal::ProofNeeded { kind: kind.into() }), "but not in slices");
}
