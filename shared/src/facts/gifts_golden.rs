//! Golden bytes and postings of gifts for points: C4 and C6.
use super::*;
use crate::facts::sales::golden::{BRANCH, HERE, MEMBER, hex, money_of, occasion, told};
use crate::journal::command::encoded;

fn check<F: Fact + PartialEq + std::fmt::Debug>(fact: &F, golden: &str, postings: &[&str]) {
    let bytes = encoded(fact);
    assert_eq!(hex(&bytes), golden.trim(), "{}", F::NAME);
    assert_eq!(&minicbor::decode::<F>(&bytes).expect("its own bytes"), fact);
    assert_eq!(crate::base::account::unbalanced(&fact.postings(HERE)), [], "{}", F::NAME);
    assert_eq!(told(&fact.postings(HERE)), postings);
}

fn lot(from: u32, until: u32, amount: i64) -> Points {
    Points { issuer: BRANCH, from, until, amount }
}

fn gift() -> RedeemedGift {
    let (quantity, cost) = (Quantity::ONE, Some(money_of(1_000)));
    RedeemedGift { product: ProductNo(13), quantity, points: 350, money: money_of(500), cost }
}

#[test]
fn points_redeemed() {
    let fact = PointsRedeemed {
        id: CommandId([0x0e; 16]),
        at: occasion(),
        receipt_no: "R1".into(),
        member: MEMBER,
        gifts: vec![gift()],
        taken: vec![lot(20251102, 202612, 300), lot(20260310, 202704, 50)],
        money: money_of(500),
        tender: "cash".into(),
    };
    let postings = [
        "drawer money 1 500",
        "returnable right 0 1",
        "stock goods 13 -1000",
        "member points 20251102-202612 -300",
        "member points 20260310-202704 -50",
    ];
    check(&fact, include_str!("golden/points_redeemed.1.hex"), &postings);
}

#[test]
fn redemption_cancelled() {
    let fact = RedemptionCancelled {
        of: CommandId([0x0e; 16]),
        at: occasion(),
        receipt_no: "R2".into(),
        of_receipt_no: "R1".into(),
        member: MEMBER,
        gifts: vec![gift()],
        given: vec![lot(20251102, 202701, 300), lot(20260310, 202704, 50)],
        money: money_of(500),
        tender: "cash".into(),
        reason: "不要了".into(),
        redeemed_at: BRANCH,
    };
    let postings = [
        "drawer money 1 -500",
        "returnable right 0 -1",
        "stock goods 13 1000",
        "member points 20251102-202701 300",
        "member points 20260310-202704 50",
    ];
    check(&fact, include_str!("golden/redemption_cancelled.1.hex"), &postings);
}
