//! Golden bytes and postings of returns: A1 of the trade as a whole, C2 in part.
use super::*;
use crate::facts::sales::golden::{BRANCH, HERE, MEMBER, SALE, a1, c2, hex, money_of, occasion, tenders, told};
use crate::journal::command::encoded;

/// The second line of C2 comes back in December, when one of its two months has lapsed.
fn c2_partly_returned() -> Returned {
    let back = crate::sales::back::Pick { line: 2, quantity: Quantity::ONE };
    let left = [Quantity::ONE, Quantity::ONE];
    let back = crate::sales::back::back(&c2(), &left, &[back], 0).expect("returnable");
    Returned {
        tenders: back.paid(&c2(), &back.taken, crate::base::Month(202612)),
        lines: back.lines,
        value: back.value,
        paid_back: back.value,
        points: vec![Points { issuer: BRANCH, from: 20261128, until: 202712, amount: back.points }],
        points_debt: 0,
        basis: back.basis,
        ..a1_returned()
    }
}

fn a1_returned() -> Returned {
    let lines = a1().lines.into_iter();
    Returned {
        sale: SALE,
        at: occasion(),
        receipt_no: "003-1-1-261121-0043-5".into(),
        of_receipt_no: a1().receipt_no,
        lines: lines
            .map(|line| ReturnedLine { no: line.no, product: line.product, quantity: line.quantity, net: line.net, cost: line.cost })
            .collect(),
        tenders: tenders().into_iter().map(|paid| Paid { handed: Money::ZERO, ..paid }).collect(),
        value: money_of(34_060),
        paid_back: money_of(34_060),
        reason: "不合适".into(),
        member: Some(MEMBER),
        points: vec![Points { issuer: BRANCH, from: 20261128, until: 202712, amount: 380 }],
        points_debt: 6,
        principal_after: money_of(100_000),
        bonus_after: money_of(10_000),
        basis: money_of(32_242),
        sold_at: BRANCH,
    }
}

#[test]
fn returned_golden_bytes() {
    assert_eq!(hex(&encoded(&a1_returned())), include_str!("golden/returned.1.hex").trim());
    assert_eq!(minicbor::decode::<Returned>(&encoded(&a1_returned())).expect("its own bytes"), a1_returned());
}

#[test]
fn partly_returned_golden_bytes() {
    assert_eq!(hex(&encoded(&c2_partly_returned())), include_str!("golden/returned.1.part.hex").trim());
}

#[test]
fn what_a_return_posts() {
    let wanted = [
        "returnable right 1 -1000",
        "stock goods 11 1000",
        "returnable right 2 -2000",
        "stock goods 12 2000",
        "returnable right 3 -2000",
        "stock goods 13 2000",
        "member value 18182",
        "member bonus 1818",
        "drawer money 1 -14060",
        "member points 20261128-202712 -380",
        "debt points 0-0 -6",
    ];
    assert_eq!(told(&a1_returned().postings(HERE)), wanted);
}

#[test]
fn what_a_return_of_points_money_posts() {
    let back = told(&c2_partly_returned().postings(HERE));
    let wanted = [
        "returnable right 2 -1000",
        "stock goods 15 1000",
        "member points 20251101-202701 300",
        "member points 20251101-202704 4000",
        "drawer money 2 -4037",
        "member points 20261128-202712 -48",
    ];
    assert_eq!(back, wanted);
}
