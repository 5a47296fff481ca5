//! Golden bytes and postings of shifts.
use super::*;
use crate::facts::sales::golden::{HERE, hex, money_of, occasion, told};
use crate::journal::command::encoded;

const SHIFT: ShiftId = ShiftId([0x51; 16]);

fn check<F: Fact + PartialEq + std::fmt::Debug>(fact: &F, golden: &str, posts: &[&str]) {
    let bytes = encoded(fact);
    assert_eq!(hex(&bytes), golden.trim(), "{}", F::NAME);
    assert_eq!(&minicbor::decode::<F>(&bytes).expect("its own bytes"), fact);
    assert_eq!(told(&fact.postings(HERE)), posts);
}

fn counted(figure: Figure, tender: &str, amount: i64, more: i64) -> Counted {
    Counted { figure, tender: tender.into(), count: 1, amount: money_of(amount), more: money_of(more) }
}

#[test]
fn golden_bytes_and_postings() {
    let at = occasion();
    check(
        &ShiftOpened { shift: SHIFT, at: at.clone(), number: 1, float: money_of(50_000) },
        include_str!("golden/shift_opened.1.hex"),
        &["drawer money 1 50000"],
    );
    check(
        &CashMoved { shift: SHIFT, at: at.clone(), amount: money_of(-20_000), reason: "上缴".into() },
        include_str!("golden/cash_moved.1.hex"),
        &["drawer money 1 -20000"],
    );
    let closed = ShiftClosed {
        shift: SHIFT,
        at,
        number: 1,
        opened_ms: 1_795_230_000_000,
        expected: money_of(44_060),
        counted: money_of(44_000),
        note: String::new(),
        figures: vec![
            counted(Figure::Sales, "cash", 14_060, 0),
            counted(Figure::Sales, "value", 20_000, 1_818),
            counted(Figure::Sales, "wechat", 8_600, 0),
            counted(Figure::Refunds, "wechat", 600, 0),
            counted(Figure::Float, "", 50_000, 0),
            counted(Figure::PaidOut, "", 20_000, 0),
        ],
        head_seq: 77,
        head_hash: [0xab; 32],
        hand_over: None,
    };
    assert_eq!(closed.over_short_minor(), -60);
    check(&closed, include_str!("golden/shift_closed.1.hex"), &["drawer money 1 -44060", "drawer money 2 -8000"]);
    let count = |minor, pieces| DrawerCount { counted: money_of(minor), expected: money_of(44_060), at_ms: 1_795_260_000_000, pieces };
    let hand_over = HandOver {
        of: StaffId([0x52; 16]),
        counts: vec![count(40_000, Vec::new()), count(44_000, vec![Pieces { face: money_of(10_000), pieces: 4 }])],
        handed_on: vec![HandedOn {
            bill: SaleId([0x53; 16]),
            label: "红衣服".into(),
            lines: 2,
            total: money_of(3_990),
            cashier: StaffId([0x52; 16]),
        }],
        cashiers: vec![CashierSum { cashier: StaffId([0x52; 16]), bills: 3, amount: money_of(14_060) }],
    };
    let handed = ShiftClosed { hand_over: Some(hand_over), ..closed };
    check(&handed, include_str!("golden/shift_closed.1.hand_over.hex"), &["drawer money 1 -44060", "drawer money 2 -8000"]);
}
