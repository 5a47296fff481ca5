//! A16, J5, J6, K1, K2, K5: days, clocks, power cuts and paper.
use crate::shop::{AFTERNOON_MS, MANAGER, MINUTE_MS, Shop};
use rstest::rstest;
use shared::base::CommandId;
use shared::desk::bill::hold::Hold;
use shared::desk::bill::recall::{Prices, Recall};
use shared::desk::find;
use shared::desk::import::Kind;
use shared::desk::reprint::{Of, Reprint};
use shared::desk::set_clock::SetClock;
use shared::facts::sales::Sold;
use shared::journal::{Moment, Read, Refusal};
use shared::store::{Outcome, clock};

/// 2026-11-22 00:00 in China.
const MIDNIGHT_MS: i64 = AFTERNOON_MS + 10 * 60 * MINUTE_MS;

#[test]
fn a16_a_held_bill_keeps_its_price_within_the_business_day() {
    let mut shop = Shop::new("a16");
    shop.now_ms = MIDNIGHT_MS - 10 * MINUTE_MS;
    shop.add(16, 1);
    let bill = shop.bill().expect("open").id;
    let hold = Hold { who: shop.who(), label: "红衣服".into() };
    shop.done(&hold);
    assert!(shop.bill().is_none());
    let columns = "number,name,category,unit,weighed,barcodes,discountable,price,member_price";
    shop.import(Kind::Products, columns, &["16,会员茶,01,盒,0,6901234567946,1,42.90,36.90"], 20_261_122);
    shop.now_ms = MIDNIGHT_MS + 10 * MINUTE_MS;
    let recall = |shop: &Shop, prices| Recall { who: shop.who(), held: bill, prices };
    let same_day = recall(&shop, None);
    shop.done(&same_day);
    assert_eq!(shop.shown().totals.due.minor(), 3_990);
    shop.done(&hold);
    // The shift of the 21st is closed; the next one belongs to the 22nd.
    shop.now_ms = MIDNIGHT_MS + 5 * 60 * MINUTE_MS;
    shop.till = 2;
    shop.open_shift();
    let asks = recall(&shop, None);
    assert_eq!(shop.refused(&asks), Refusal::HeldPricesDiffer { held_total: 3_990, new_total: 4_290 });
    let new = recall(&shop, Some(Prices::New));
    shop.done(&new);
    assert_eq!(shop.shown().totals.due.minor(), 4_290);
    assert_eq!(shop.refused(&asks), Refusal::BillNotEmpty);
    shop.till = 3;
    assert_eq!(shop.refused(&recall(&shop, None)), Refusal::Gone, "another till took it");
}

#[test]
fn j5_a_sale_after_midnight_belongs_to_the_shifts_day_and_shows_the_true_time() {
    let mut shop = Shop::new("j5");
    shop.now_ms = MIDNIGHT_MS + 150 * MINUTE_MS;
    shop.add(15, 1);
    shop.pay("cash", None).expect("paid");
    assert!(shop.slip().contains("2026-11-22 02:30:00"), "{}", shop.slip());
    assert_eq!(shop.count("select day from receipt"), 20_261_121);
    assert_eq!(shop.count("select hour from takings_hour"), 2);
}

#[test]
fn j6_a_shift_is_closed_or_open_never_half() {
    let mut shop = Shop::new("j6");
    shop.add(15, 1);
    shop.pay("cash", Some(10_000)).expect("paid");
    shop.count_drawer(59_900);
    let close = shop.close();
    let moment = shop.moment();
    shop.torn(&close, &moment);
    shop.restart();
    assert_eq!(shop.count("select count(*) from shift_end"), 0, "still open");
    assert!(matches!(shop.decide_at(&close, &moment), Ok(Outcome::Done(_))));
    let slip = shop.slip();
    for shown in ["600.00", "599.00", "1.00"] {
        assert!(slip.contains(shown), "{shown} in\n{slip}");
    }
    shop.restart();
    assert_eq!(shop.decide_at(&close, &moment), Ok(Outcome::Already), "the same count is the same closing");
    let begun = moment.shift.expect("a shift");
    shop.beside = Some(MANAGER);
    let again = Reprint { who: shop.who(), of: Of::Shift(begun), first: false };
    shop.done(&again);
    let copy = shop.slip();
    let unmarked: Vec<&str> = slip.lines().filter(|line| !copy.contains(*line)).collect();
    assert_eq!(unmarked, [""; 0], "everything of the slip is on its copy");
    assert!(copy.contains("补打人: 小周 1001"), "{copy}");
    assert_eq!(shop.count("select amount from balance where unit = x'0601'"), 0, "the drawer was handed in");
}

/// 2015-01-01 00:03 in China.
const YEAR_2015_MS: i64 = 1_420_041_780_000;
/// 2026-11-21 18:02 in China.
const LAST_MS: i64 = 1_795_255_320_000;

#[test]
fn k1_a_wrong_clock_sells_nothing_until_a_supervisor_sets_it() {
    let mut shop = Shop::new("k1");
    shop.now_ms = LAST_MS;
    for till in [2, 1] {
        shop.till = till;
        if till == 2 {
            shop.open_shift();
        }
        shop.add(15, 1);
        shop.attach("6001");
    }
    shop.pay("wechat", None).expect("the last entry, at 18:02");
    shop.till = 2;
    shop.now_ms = YEAR_2015_MS;
    let wrong = Refusal::ClockWrong { now_ms: YEAR_2015_MS, last_ms: LAST_MS };
    assert_eq!(shop.try_pay("wechat", None), Err(wrong), "it is 2015");
    shop.staff = MANAGER;
    let early = SetClock { who: shop.who(), now_ms: LAST_MS - 1 };
    assert_eq!(shop.refused(&early), Refusal::ClockTooEarly { last_ms: LAST_MS });
    let set = SetClock { who: shop.who(), now_ms: LAST_MS + MINUTE_MS };
    shop.done(&set);
    shop.store.transaction(|writer| clock::set_by_hand(writer, YEAR_2015_MS, set.now_ms)).expect("set, as the edge does behind it");
    shop.now_ms = clock::corrected(&shop.store, YEAR_2015_MS + MINUTE_MS).expect("read");
    shop.pay("wechat", None).expect("sold again");
    let sold: Sold = shop.last();
    assert!(sold.at.clock_by_hand, "marked");
    assert_eq!((sold.at.day, sold.at.at_ms), (20_261_121, LAST_MS + 2 * MINUTE_MS));
    let points = &sold.buyer.expect("a member").points[0];
    assert_eq!((points.from, points.until), (20_261_128, 202_712), "the month of 2026");
    assert!(shop.slip().contains("2026-11-21 18:04:00"), "{}", shop.slip());
}

/// Head office's time is taken where the own clock is a day off; what a supervisor said, and an entry from the future, no longer count then.
#[rstest]
#[case::it_is_2015(YEAR_2015_MS, 0, LAST_MS)]
#[case::an_empty_battery_set_by_hand_a_month_ahead(YEAR_2015_MS, LAST_MS + 30 * 24 * 60 * MINUTE_MS - YEAR_2015_MS, LAST_MS)]
#[case::a_minute_off_is_no_wrong_clock(LAST_MS + MINUTE_MS, 0, LAST_MS + MINUTE_MS)]
#[case::set_right_since(LAST_MS, 3 * 24 * 60 * MINUTE_MS, LAST_MS)]
fn k1_online_head_offices_time_is_taken(#[case] own_ms: i64, #[case] by_hand_ms: i64, #[case] believed_ms: i64) {
    let mut shop = Shop::new(&format!("k1-online-{own_ms}-{by_hand_ms}"));
    let hand = by_hand_ms != 0;
    let told = shop.store.transaction(|writer| {
        if hand {
            clock::set_by_hand(writer, own_ms, own_ms + by_hand_ms)?;
        }
        writer.set_meta("last_ms", &(LAST_MS + 60 * MINUTE_MS).to_be_bytes())?;
        assert_eq!(clock::by_hand(writer)?, hand);
        clock::set_by_hub(writer, own_ms, LAST_MS)?;
        let now = clock::corrected(writer, own_ms)?;
        Ok((now, clock::by_hand(writer)?, clock::wrong(shared::store::writer::meta_number(writer, "last_ms")?, now, LAST_MS)))
    });
    assert_eq!(told, Ok((believed_ms, false, None)));
}

#[test]
fn k2_paid_or_open_never_between() {
    let mut shop = Shop::new("k2");
    shop.top_up("6001", 100_000, 10_000);
    shop.goods_of_a1();
    assert!(shop.pay("value", Some(20_000)).is_none());
    let (tender, moment) = (shop.tender("cash", Some(15_000)), shop.paying());
    shop.torn(&tender, &moment);
    shop.restart();
    assert_eq!(shop.bill().expect("the bill is there").lines.len(), 3);
    let drawer = "select amount from balance where unit = x'0601'";
    assert_eq!((shop.value("6001"), shop.count(drawer)), ((100_000, 10_000), 150_000), "1,100.00");
    assert_eq!(shop.count("select count(*) from job where queue = 'till-1'"), 1, "the slip of the top-up");
    assert!(matches!(shop.decide_at(&tender, &moment), Ok(Outcome::Done(_))));
    shop.restart();
    assert!(shop.bill().is_none());
    assert_eq!((shop.value("6001"), shop.count(drawer)), ((81_818, 8_182), 164_060), "900.00");
    assert!(shop.slip().contains("340.60"), "已收款, 补打: the slip waits");
    assert_eq!(shop.decide_at(&tender, &moment), Ok(Outcome::Already), "a retry is the same sale");
    let rebuilt = shop.store.rebuild().expect("rebuilt");
    assert_eq!(rebuilt.differing, [], "views are what entries say");
}

/// That paper runs out in the middle of a slip is tried on a printer: `edge/tests/devices`.
#[test]
fn k5_the_second_slip_is_a_copy_and_counted_once() {
    let mut shop = Shop::new("k5");
    shop.top_up("6001", 100_000, 10_000);
    shop.goods_of_a1();
    assert!(shop.pay("value", Some(20_000)).is_none());
    let receipt_no = shop.pay("cash", Some(15_000)).expect("paid").receipt_no;
    let slip = shop.slip();
    assert!(!slip.contains("补打") && shop.kicks(), "the drawer opens");
    shop.staff = MANAGER;
    let again = Reprint { who: shop.who(), of: Of::Receipt(receipt_no.clone()), first: false };
    shop.done(&again);
    let copy = shop.slip();
    assert!(copy.contains("第  1 次") && copy.contains("补打人: 陈店长 9001") && copy.contains(&receipt_no), "{copy}");
    assert!(!shop.kicks(), "and once is enough");
    let differs: Vec<&str> =
        slip.lines().filter(|line| !copy.contains(*line)).map(|line| line.split(' ').next_back().unwrap_or(line)).collect();
    assert_eq!(differs, ["[钱箱]", "0"], "the kick, and what points were usable then, which no fact knows\n{copy}");
    let receipt = find::by_number(&shop.store, &receipt_no).expect("read").expect("the sale");
    assert_eq!((receipt.copies, shop.value("6001")), (1, (81_818, 8_182)));
}

#[test]
fn a_command_id_is_the_sales_id() {
    let mut shop = Shop::new("ids");
    shop.add(15, 1);
    let sale = shop.bill().expect("open").id;
    shop.pay("cash", None).expect("paid");
    let command = shop.store.row("select command from entry where kind = 20", &[]).expect("read").expect("a sale").raw(0);
    assert_eq!(CommandId(command), CommandId::from(sale));
    let moment: Moment = shop.moment();
    assert_eq!(moment.day, 20_261_121);
}
