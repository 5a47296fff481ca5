//! J2, J3, J7, J8: how a drawer changes hands, and every refusal on the way in its order.
use crate::shop::{MANAGER, Shop};
use rstest::rstest;
use shared::base::Money;
use shared::desk::bill::hold::Hold;
use shared::desk::bill::recall::Recall;
use shared::desk::bill::void::Void;
use shared::desk::shift::cash_move::MoveCash;
use shared::desk::shift::close::{CloseShift, expected};
use shared::desk::shift::count::CountDrawer;
use shared::desk::shift::current;
use shared::desk::shift::open::OpenShift;
use shared::facts::shifts::{Pieces, ShiftClosed};
use shared::journal::{Refusal, Right};

/// Another cashier of the shop.
const OTHER: &str = "1002";

impl Shop {
    pub fn close_shift(&mut self) {
        let figures = shared::shifts::figures::of(&self.store, self.begun().expect("an open shift")).expect("read");
        self.count_drawer(expected(&figures).expect("a sum").minor());
        let close = self.close();
        self.done(&close);
    }

    /// The open shift of the till.
    pub fn begun(&self) -> Option<shared::base::ShiftId> {
        let here = self.store.identity().expect("open").stream;
        current(&self.store, self.branch, self.till, here).expect("read").map(|begun| begun.shift)
    }

    pub fn count_drawer(&mut self, minor: i64) {
        let count = CountDrawer { who: self.who(), counted: money(minor), pieces: Vec::new() };
        self.done(&count);
    }

    pub fn close(&self) -> CloseShift {
        CloseShift { who: self.who(), note: String::new(), hand_on: false }
    }
}

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

#[test]
fn refusals_in_their_order() {
    let mut shop = Shop::new("shifts");
    let who = shop.who();
    let open = |float| OpenShift { who: who.clone(), float: money(float) };
    let cash = |amount| MoveCash { who: who.clone(), amount: money(amount), reason: String::new() };
    let count = |counted| CountDrawer { who: who.clone(), counted: money(counted), pieces: Vec::new() };
    assert_eq!(shop.refused(&open(0)), Refusal::ShiftIsOpen { cashier: "小周".into() });
    assert_eq!(shop.refused(&cash(0)), Refusal::BadAmount);
    assert_eq!(shop.refused(&count(-1)), Refusal::BadAmount);
    shop.add(11, 1);
    assert_eq!(shop.refused(&shop.close()), Refusal::BillOpen);
    let hold = Hold { who: who.clone(), label: String::new() };
    shop.done(&hold);
    assert_eq!(shop.refused(&shop.close()), Refusal::HeldBills { count: 1 });
    shop.staff = MANAGER;
    let held = shared::desk::bill::all_held(&shop.store).expect("read")[0].bill.id;
    let recall = Recall { who: shop.who(), held, prices: None };
    shop.done(&recall);
    let void = Void { who: shop.who(), reason: String::new() };
    shop.done(&void);
    shop.staff = crate::shop::CASHIER;
    assert_eq!(shop.refused(&shop.close()), Refusal::NotCounted);
    shop.count_drawer(50_000);
    shop.done(&cash(100));
    assert_eq!(shop.refused(&shop.close()), Refusal::NotCounted, "money moved since");
    for _ in 0..8 {
        shop.count_drawer(50_100);
    }
    assert_eq!(shop.refused(&count(50_100)), Refusal::TooMany { what: "counts".into(), limit: 9 });
    let close = shop.close();
    shop.done(&close);
    assert_eq!(shop.refused(&shop.close()), Refusal::NoShift);
    assert_eq!(shop.refused(&count(0)), Refusal::NoShift);
    assert_eq!(shop.refused(&cash(100)), Refusal::NoShift);
    assert_eq!(shop.refused(&open(-1)), Refusal::BadAmount);
}

#[rstest]
#[case::as_keyed(&[(10_000, 5)], 50_000, true)]
#[case::several(&[(10_000, 4), (5_000, 2), (10, 0)], 50_000, true)]
#[case::another_sum(&[(10_000, 4)], 50_000, false)]
#[case::no_face(&[(0, 3), (10_000, 5)], 50_000, false)]
#[case::below_zero(&[(-10_000, 1), (10_000, 6)], 50_000, false)]
#[case::out_of_range(&[(i64::MAX, 2)], 50_000, false)]
fn notes_and_coins_come_to_the_count(#[case] pieces: &[(i64, u32)], #[case] counted: i64, #[case] sound: bool) {
    let mut shop = Shop::new("faces");
    let pieces = pieces.iter().map(|(face, pieces)| Pieces { face: money(*face), pieces: *pieces }).collect();
    let count = CountDrawer { who: shop.who(), counted: money(counted), pieces };
    if sound {
        shop.done(&count);
    } else {
        assert_eq!(shop.refused(&count), Refusal::BadAmount);
    }
}

#[test]
fn j2_a_second_count_is_kept_beside_the_first_and_both_are_on_the_slip() {
    let mut shop = Shop::new("j2");
    shop.count_drawer(49_000);
    let faces = vec![Pieces { face: money(10_000), pieces: 4 }, Pieces { face: money(5_000), pieces: 2 }];
    let second = CountDrawer { who: shop.who(), counted: money(50_000), pieces: faces };
    shop.done(&second);
    let close = shop.close();
    shop.done(&close);
    let closed: ShiftClosed = shop.last();
    let over = closed.hand_over.expect("handed over");
    let counts: Vec<_> = over.counts.iter().map(|count| (count.counted.minor(), count.expected.minor())).collect();
    assert_eq!((counts, closed.counted.minor()), (vec![(49_000, 50_000), (50_000, 50_000)], 50_000));
    let slip = shop.slip();
    for shown in ["清点 1", "490.00", "清点 2", "500.00", "100.00 x 4", "400.00", "50.00 x 2"] {
        assert!(slip.contains(shown), "{shown} in\n{slip}");
    }
}

#[test]
fn j3_held_bills_are_handed_on_by_name() {
    let mut shop = Shop::new("j3");
    for label in ["红衣服", "老王"] {
        shop.add(15, 1);
        let hold = Hold { who: shop.who(), label: label.into() };
        shop.done(&hold);
    }
    shop.count_drawer(50_000);
    assert_eq!(shop.refused(&shop.close()), Refusal::HeldBills { count: 2 });
    let close = CloseShift { hand_on: true, ..shop.close() };
    shop.done(&close);
    let slip = shop.slip();
    for shown in ["移交挂单", "红衣服", "老王"] {
        assert!(slip.contains(shown), "{shown} in\n{slip}");
    }
    shop.staff = OTHER;
    shop.open_shift();
    let held = shared::desk::bill::all_held(&shop.store).expect("read");
    assert_eq!(held.len(), 2, "the next one goes on with them");
    let recall = Recall { who: shop.who(), held: held[0].bill.id, prices: None };
    shop.done(&recall);
}

#[test]
fn j7_who_may_allow_closes_the_shift_of_somebody_who_went_home() {
    let mut shop = Shop::new("j7");
    shop.staff = OTHER;
    shop.add(15, 1);
    shop.pay("cash", Some(10_000)).expect("several cashiers sell at one drawer");
    shop.staff = crate::shop::CASHIER;
    shop.add(15, 2);
    shop.pay("cash", Some(50_000)).expect("paid");
    let expected = shop.count("select cast(sum(due) as bigint) from receipt") + 50_000;
    shop.staff = OTHER;
    shop.count_drawer(expected);
    assert_eq!(shop.refused(&shop.close()), Refusal::NotAllowed { right: Right::Allow }, "it is 小周's shift");
    shop.staff = MANAGER;
    let close = shop.close();
    shop.done(&close);
    let closed: ShiftClosed = shop.last();
    let over = closed.hand_over.expect("handed over");
    assert_eq!((over.of, closed.at.by), (shop.person(crate::shop::CASHIER), shop.person(MANAGER)));
    assert_eq!(over.cashiers.iter().map(|sum| sum.bills).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(over.cashiers.iter().map(|sum| sum.amount.minor()).sum::<i64>() + 50_000, expected);
    let slip = shop.slip();
    for shown in ["代交班", "小周", "各收银员"] {
        assert!(slip.contains(shown), "{shown} in\n{slip}");
    }
}

#[rstest]
#[case::within(48_001, false)]
#[case::short(48_000, true)]
#[case::over(52_000, true)]
fn j8_twenty_yuan_off_wants_a_second_person(#[case] counted: i64, #[case] wants: bool) {
    let mut shop = Shop::new("j8");
    shop.count_drawer(counted);
    let close = shop.close();
    if !wants {
        shop.done(&close);
        return;
    }
    assert_eq!(shop.refused(&close), Refusal::NeedsOverride { right: Right::Shift, limit: Some(2_000), asked: Some(2_000) });
    shop.beside = Some(crate::shop::CASHIER);
    assert!(matches!(shop.refused(&shop.close()), Refusal::NeedsOverride { .. }), "oneself is no second person");
    shop.beside = Some(MANAGER);
    let close = shop.close();
    shop.done(&close);
    let closed: ShiftClosed = shop.last();
    assert_eq!(closed.at.allowed_by, Some(shop.person(MANAGER)));
    assert!(shop.slip().contains("复核人"), "{}", shop.slip());
}
