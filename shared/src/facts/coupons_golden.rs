//! Golden bytes and postings of coupons: A8's of 10.00.
use super::*;
use crate::facts::hex;
use crate::facts::sales::golden::{BRANCH, HERE, MEMBER, money_of, occasion};
use crate::journal::command::encoded;

const COUPON: CommandId = CommandId([0xc0; 16]);

fn check<F: Fact + PartialEq + std::fmt::Debug>(fact: &F, golden: &str, postings: &[(Holder, i64)]) {
    let bytes = encoded(fact);
    assert_eq!(hex(&bytes), golden.trim(), "{}", F::NAME);
    assert_eq!(&minicbor::decode::<F>(&bytes).expect("its own bytes"), fact);
    let posted = fact.postings(HERE);
    assert!(posted.iter().all(|posting| posting.account.unit == Unit::Right(SaleId([0xc0; 16]), 0) && posting.account.place == HERE));
    assert_eq!(posted.iter().map(|posting| (posting.account.holder, posting.amount)).collect::<Vec<_>>(), postings);
}

#[test]
fn coupons_issued() {
    let terms = Terms {
        name: "满100减10".into(),
        name_en: "10 off 100".into(),
        off: money_of(1_000),
        least: money_of(10_000),
        from: 20_261_121,
        until: 20_261_231,
    };
    let coupons = vec![Coupon { id: COUPON, member: Some(MEMBER), code: String::new() }];
    let fact = CouponsIssued { id: CommandId([0x15; 16]), at_ms: 1_795_248_000_000, terms, coupons, branch: Some(BRANCH) };
    check(&fact, include_str!("golden/coupons_issued.1.hex"), &[(Holder::Outside, -1), (HOLDER, 1)]);
}

#[test]
fn coupon_spent() {
    let (sale, receipt_no) = (SaleId([0x5a; 16]), "003-1-1-261121-0042-7".into());
    let fact = CouponSpent { coupon: COUPON, sale, at: occasion(), receipt_no, off: money_of(1_000) };
    check(&fact, include_str!("golden/coupon_spent.1.hex"), &[(HOLDER, -1), (Holder::Outside, 1)]);
}

#[test]
fn coupon_returned() {
    let (sale, receipt_no) = (SaleId([0x5a; 16]), "003-1-1-261122-0007-1".into());
    let fact = CouponReturned { coupon: COUPON, sale, at: occasion(), receipt_no };
    check(&fact, include_str!("golden/coupon_returned.1.hex"), &[(Holder::Outside, -1), (HOLDER, 1)]);
}
