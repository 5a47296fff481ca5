//! Golden bytes and postings of corrections: A15, the top-up of A1, a mask without its receipt, C11.
use super::*;
use crate::base::{ProductNo, Quantity, Rate, StaffId};
use crate::facts::sales::golden::{BRANCH, HERE, MEMBER, hex, money_of, occasion, told};
use crate::journal::command::encoded;

fn check<F: Fact + PartialEq + std::fmt::Debug>(fact: &F, golden: &str, postings: &[&str]) {
    let bytes = encoded(fact);
    assert_eq!(hex(&bytes), golden.trim(), "{}", F::NAME);
    assert_eq!(&minicbor::decode::<F>(&bytes).expect("its own bytes"), fact);
    assert_eq!(told(&fact.postings(HERE)), postings);
}

#[test]
fn tender_corrected() {
    let fact = TenderCorrected {
        sale: SaleId([0x5a; 16]),
        at: occasion(),
        receipt_no: "003-1-1-261121-0042-7".into(),
        nth: 0,
        no: 1,
        from: "cash".into(),
        to: "wechat".into(),
        amount: money_of(8_600),
        reason: "收错了".into(),
    };
    check(&fact, include_str!("golden/tender_corrected.1.hex"), &["drawer money 1 -8600", "drawer money 2 8600"]);
}

#[test]
fn top_up_reversed() {
    let fact = TopUpReversed {
        top_up: CommandId([0x70; 16]),
        at: occasion(),
        receipt_no: "003-1-1-261121-0041-2".into(),
        member: MEMBER,
        tender: "cash".into(),
        principal: money_of(100_000),
        bonus: money_of(10_000),
        principal_after: money_of(0),
        bonus_after: money_of(0),
        reason: "充错卡".into(),
    };
    let postings = ["drawer money 1 -100000", "member value -100000", "member bonus -10000"];
    check(&fact, include_str!("golden/top_up_reversed.1.hex"), &postings);
}

#[test]
fn returned_without() {
    let line =
        ReturnedLine { no: 1, product: Some(ProductNo(12)), quantity: Quantity::ONE, net: money_of(6_980), cost: Some(money_of(3_000)) };
    let fact = ReturnedWithout {
        at: occasion(),
        receipt_no: "003-1-1-261121-0044-9".into(),
        lines: vec![line],
        tender: "cash".into(),
        paid_back: money_of(6_980),
        reason: "没带小票".into(),
    };
    check(&fact, include_str!("golden/returned_without.1.hex"), &["stock goods 12 1000", "drawer money 1 -6980"]);
}

#[test]
fn points_adjusted() {
    let lot = |from, until, amount| Points { issuer: BRANCH, from, until, amount };
    let fact = PointsAdjusted {
        member: MEMBER,
        at: occasion(),
        given: vec![],
        taken: vec![lot(20251102, 202612, 300), lot(20260310, 202704, 14)],
        reason: "多记了".into(),
    };
    let postings = ["member points 20251102-202612 -300", "member points 20260310-202704 -14"];
    check(&fact, include_str!("golden/points_adjusted.1.hex"), &postings);
    let given = PointsAdjusted { given: vec![lot(20261121, 202712, 50)], taken: vec![], ..fact };
    assert_eq!(told(&given.postings(HERE)), ["member points 20261121-202712 50"]);
}

#[test]
fn member_attached() {
    let points = vec![Points { issuer: BRANCH, from: 20_261_128, until: 202_712, amount: 167 }];
    let buyer = Buyer {
        member: MEMBER,
        rate: Rate::WHOLE,
        per: money_of(100),
        factor: Rate::from_bp(12_000),
        basis: money_of(13_960),
        principal_after: money_of(0),
        bonus_after: money_of(0),
        points,
        occasion: None,
    };
    let fact = MemberAttached {
        sale: SaleId([0x5a; 16]),
        at: occasion(),
        receipt_no: "003-1-1-261121-0042-7".into(),
        buyer,
        reason: "忘了扫卡".into(),
    };
    check(&fact, include_str!("golden/member_attached.1.hex"), &["member points 20261128-202712 167"]);
}

#[test]
fn sales_clerks_changed() {
    let clerk = |staff: u8, share| SalesClerk { staff: StaffId([staff; 16]), share: Rate::from_bp(share) };
    let fact = SalesClerksChanged {
        sale: SaleId([0x5a; 16]),
        at: occasion(),
        receipt_no: "003-1-1-261121-0042-7".into(),
        before: vec![clerk(1, 10_000)],
        after: vec![clerk(2, 6_000), clerk(3, 4_000)],
        reason: "选错了".into(),
    };
    check(&fact, include_str!("golden/sales_clerks_changed.1.hex"), &[]);
}
