//! J4, J7, R20: a day ends when its shifts did, and nothing is booked into it afterwards; cash is handed in on the way.
use crate::shop::{MANAGER, MINUTE_MS, Shop};
use rstest::rstest;
use shared::base::{BusinessDay, Money};
use shared::branches;
use shared::desk::shift::day::CloseDay;
use shared::desk::shift::hand_in::HandIn;
use shared::facts::days::{DayClosed, HandedIn};
use shared::facts::sales::Sold;
use shared::facts::shifts::{Figure, ShiftClosed};
use shared::journal::{Refusal, Right};

const TODAY: u32 = 20_261_121;

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

impl Shop {
    /// The business day that counts outside a shift.
    pub fn day(&self) -> BusinessDay {
        let by_clock = BusinessDay::at(self.now_ms, branches::HOUSE_ZONE);
        shared::shifts::day::counts_for(&self.store, self.branch, by_clock).expect("read")
    }

    fn end(&self, day: u32) -> CloseDay {
        CloseDay { who: self.who(), day }
    }

    fn hand_in(&self, minor: i64) -> HandIn {
        HandIn { who: self.who(), amount: money(minor), note: "袋 7".into() }
    }
}

#[test]
fn refusals_in_their_order() {
    let mut shop = Shop::new("day-refusals");
    assert_eq!(shop.refused(&shop.end(TODAY)), Refusal::NotAllowed { right: Right::DayEnd });
    shop.staff = MANAGER;
    assert_eq!(shop.refused(&shop.end(20_261_122)), Refusal::NotSound { field: "day".into(), why: "to_come".into() });
    assert_eq!(shop.refused(&shop.end(20_261_120)), Refusal::NoShift);
    assert_eq!(shop.refused(&shop.end(TODAY)), Refusal::ShiftsOpen { count: 1, cashiers: "小周".into() });
    shop.close_shift();
    let end = shop.end(TODAY);
    shop.done(&end);
    assert_eq!(shop.refused(&shop.end(TODAY)), Refusal::DayIsClosed { day: TODAY });
}

#[rstest]
#[case::nothing(0, Some(Refusal::BadAmount))]
#[case::less(-100, Some(Refusal::BadAmount))]
#[case::notes(30_000, None)]
fn cash_is_handed_in(#[case] minor: i64, #[case] refused: Option<Refusal>) {
    let mut shop = Shop::new("hand-in-refusals");
    let hand_in = shop.hand_in(minor);
    assert_eq!(shop.decide(&hand_in).err(), refused);
    shop.close_shift();
    assert_eq!(shop.refused(&shop.hand_in(100)), Refusal::NoShift);
}

#[test]
fn what_was_handed_in_is_expected_no_more() {
    let mut shop = Shop::new("hand-in");
    shop.add(15, 1);
    shop.pay("cash", Some(10_000)).expect("paid");
    let hand_in = shop.hand_in(30_000);
    shop.done(&hand_in);
    let handed: HandedIn = shop.last();
    assert_eq!((handed.amount, handed.note.as_str()), (money(30_000), "袋 7"));
    let slip = shop.slip();
    for shown in ["缴  款  单", "300.00", "袋 7", "缴款人", "收款人"] {
        assert!(slip.contains(shown), "{shown} in\n{slip}");
    }
    shop.close_shift();
    let closed: ShiftClosed = shop.last();
    assert_eq!(closed.expected, money(50_000 + 10_000 - 30_000));
    let slip = shop.slip();
    assert!(slip.contains("中途缴款") && slip.contains("-300.00"), "{slip}");
}

#[test]
fn j7_the_day_waits_for_a_shift_somebody_left_open_and_then_sums_them_all() {
    let mut shop = Shop::new("day-j7");
    shop.add(15, 1);
    shop.pay("cash", Some(10_000)).expect("paid");
    shop.close_shift();
    shop.staff = "1002";
    shop.now_ms += MINUTE_MS;
    shop.open_shift();
    shop.add(15, 2);
    shop.pay("wechat", None).expect("paid");
    shop.staff = MANAGER;
    assert_eq!(shop.refused(&shop.end(TODAY)), Refusal::ShiftsOpen { count: 1, cashiers: "小吴".into() });
    let viewer = shop.viewer();
    let days = shared::desk::shown::day::days(&shop.store, &viewer, BusinessDay(TODAY)).expect("read");
    assert_eq!((days[0].shifts, days[0].open.len(), days[0].closed_ms), (2, 1, None));
    shop.close_shift();
    let end = shop.end(TODAY);
    shop.done(&end);
    let closed: DayClosed = shop.last();
    assert_eq!((closed.shifts, closed.expected, closed.counted), (2, money(110_000), money(110_000)));
    let sum = |figure, tender: &str| shared::desk::shift::close::amount(&closed.figures, figure, tender).minor();
    assert_eq!((sum(Figure::Bills, ""), sum(Figure::Sales, "cash"), sum(Figure::Sales, "wechat")), (30_000, 10_000, 20_000));
    let slip = shop.slip();
    for shown in ["日  结  单", "2026-11-21", "1100.00", "微信支付 1 笔", "店长"] {
        assert!(slip.contains(shown), "{shown} in\n{slip}");
    }
}

/// What is sold after the day's end counts for the next day; the closed day stays to the 分 (J4).
#[test]
fn nothing_is_booked_into_a_closed_day() {
    let mut shop = Shop::new("day-after");
    shop.add(15, 1);
    shop.pay("cash", Some(10_000)).expect("paid");
    shop.close_shift();
    shop.staff = MANAGER;
    let end = shop.end(TODAY);
    shop.done(&end);
    shop.now_ms += MINUTE_MS;
    let before = shop.count("select cast(sum(turnover) as bigint) from takings_day where day = 20261121");
    shop.open_shift();
    shop.add(15, 3);
    shop.pay("cash", Some(30_000)).expect("a late customer is served");
    let sold: Sold = shop.last();
    assert_eq!(sold.at.day, 20_261_122);
    assert_eq!(shop.count("select cast(sum(turnover) as bigint) from takings_day where day = 20261121"), before);
    shop.close_shift();
    assert_eq!(
        shop.refused(&shop.end(20_261_122)),
        Refusal::NotSound { field: "day".into(), why: "to_come".into() },
        "one day ahead at most"
    );
}
