//! Golden bytes and postings of what is done to cards: B7, B8, B10, F1 of the trade.
use super::*;
use crate::facts::sales::golden::{BRANCH, HERE, MEMBER, hex, money_of, occasion};
use crate::journal::command::encoded;

const ISSUING: CommandId = CommandId([0x1d; 16]);

fn part(unit: Unit, amount: i64) -> Part {
    Part { unit: unit.key().into(), amount }
}

fn issued() -> CardIssued {
    CardIssued {
        id: ISSUING,
        at: occasion(),
        receipt_no: "R1".into(),
        member: MEMBER,
        number: "6102".into(),
        instead_of: Some("6001".into()),
        fee: money_of(1_000),
        deposit: money_of(2_000),
        tender: "cash".into(),
    }
}

/// B8: the card of B7 is closed, its deposit of 20.00 goes back.
fn closed() -> Withdrawn {
    let points = Unit::Points { issuer: BRANCH, from: 20261128, until: 202712 };
    Withdrawn {
        at: occasion(),
        receipt_no: "R2".into(),
        member: MEMBER,
        parts: vec![part(Unit::Value(BRANCH), 51_818)],
        forfeited: vec![part(Unit::Bonus(BRANCH), 5_182), part(points, 386)],
        deposits: vec![Deposit { of: ISSUING, branch: BRANCH, amount: money_of(2_000) }],
        tender: "cash".into(),
        paid_out: money_of(53_818),
        bonus: money_of(5_182),
        principal_after: Money::ZERO,
        bonus_after: Money::ZERO,
        reason: "退卡".into(),
        closed: true,
    }
}

fn given() -> ValueGiven {
    ValueGiven {
        at: occasion(),
        receipt_no: "R3".into(),
        member: MEMBER,
        to: MemberId([0xe1; 16]),
        parts: vec![part(Unit::Value(BRANCH), 20_000)],
        amount: money_of(20_000),
        principal_after: money_of(31_818),
        bonus_after: money_of(5_182),
        reason: "转赠".into(),
    }
}

fn adjusted() -> ValueAdjusted {
    ValueAdjusted {
        at: occasion(),
        receipt_no: "R4".into(),
        member: MEMBER,
        given: vec![part(Unit::Value(BRANCH), 100)],
        taken: vec![part(Unit::Bonus(BRANCH), 200)],
        principal_after: money_of(100),
        bonus_after: Money::ZERO,
        reason: "更正".into(),
    }
}

fn check<F: Fact + PartialEq + std::fmt::Debug>(fact: &F, golden: &str, wanted: &[(Holder, Unit, i64)]) {
    let bytes = encoded(fact);
    assert_eq!(hex(&bytes), golden.trim(), "{}", F::NAME);
    assert_eq!(&minicbor::decode::<F>(&bytes).expect("its own bytes"), fact);
    let postings = fact.postings(HERE);
    assert_eq!(crate::base::account::unbalanced(&postings), [], "{}", F::NAME);
    let stored = postings.iter().filter(|posting| posting.account.holder.stored());
    let stored: Vec<_> = stored.map(|posting| (posting.account.holder, posting.account.unit, posting.amount)).collect();
    assert_eq!(stored, wanted, "{}", F::NAME);
}

#[test]
fn golden_bytes_and_postings() {
    let (member, drawer) = (Holder::Member(MEMBER), Holder::House(BRANCH, Purpose::Drawer));
    let held = Holder::House(BRANCH, Purpose::Returnable);
    let deposit = Unit::Right(SaleId(ISSUING.0), 0);
    let points = Unit::Points { issuer: BRANCH, from: 20261128, until: 202712 };
    let (value, bonus) = (Unit::Value(BRANCH), Unit::Bonus(BRANCH));
    check(&issued(), include_str!("golden/card_issued.1.hex"), &[(drawer, Unit::Money(1), 3_000), (held, deposit, 2_000)]);
    let closing = [
        (drawer, Unit::Money(1), -53_818),
        (member, value, -51_818),
        (member, bonus, -5_182),
        (member, points, -386),
        (held, deposit, -2_000),
    ];
    check(&closed(), include_str!("golden/withdrawn.1.hex"), &closing);
    let friend = Holder::Member(MemberId([0xe1; 16]));
    check(&given(), include_str!("golden/value_given.1.hex"), &[(member, value, -20_000), (friend, value, 20_000)]);
    check(&adjusted(), include_str!("golden/value_adjusted.1.hex"), &[(member, value, 100), (member, bonus, -200)]);
}
