//! A sale comes back, whole or by pieces: R9 to R11, A2, J4, and that nothing comes back twice.
use crate::shop::{MANAGER, MINUTE_MS, Shop};
use rstest::rstest;
use shared::base::{Money, Quantity};
use shared::desk::shown;
use shared::desk::take_back::TakeBack;
use shared::journal::{Refusal, Right};
use shared::sales::back::Pick;

pub fn take_back(shop: &Shop, receipt_no: &str, amount: i64) -> TakeBack {
    TakeBack {
        who: shop.who(),
        receipt_no: receipt_no.into(),
        picks: Vec::new(),
        reason: "不合适".into(),
        amount: Money::from_minor(amount),
    }
}

#[test]
fn a1_comes_back_tender_by_tender_once() {
    let mut shop = Shop::new("back");
    shop.top_up("6001", 100_000, 10_000);
    shop.goods_of_a1();
    assert!(shop.pay("value", Some(20_000)).is_none());
    let receipt_no = shop.pay("cash", Some(15_000)).expect("paid").receipt_no;
    shop.now_ms += MINUTE_MS;
    shop.staff = MANAGER;
    let other = take_back(&shop, &receipt_no, 34_067);
    assert_eq!(shop.refused(&other), Refusal::RefundChanged { amount: 34_060 });
    let back = take_back(&shop, &receipt_no, 34_060);
    shop.done(&back);
    assert_eq!(shop.value("6001"), (100_000, 10_000), "as before the sale");
    assert_eq!(shop.count("select amount from balance where unit = x'0601'"), 150_000, "the cash part left the drawer");
    assert_eq!(
        shop.count("select cast(sum(amount) as bigint) from balance where substr(unit, 1, 1) = x'03'"),
        0,
        "its points went with it"
    );
    assert_eq!(shop.count("select cast(sum(amount) as bigint) from balance where substr(unit, 1, 1) = x'05'"), 0, "goods are back");
    assert_eq!(shop.count("select turnover from takings_day"), 0);
    let slip = shop.slip();
    assert!(slip.contains("340.60") && slip.contains(&receipt_no), "{slip}");
    let Refusal::AlreadyReturned { at_ms, .. } = shop.refused(&back) else { panic!("it happens once") };
    assert_eq!(at_ms, shop.now_ms);
}

/// Pieces of lines, `(line, pieces)`.
pub fn part(shop: &Shop, receipt_no: &str, picks: &[(u16, i64)], amount: i64) -> TakeBack {
    let picks = picks.iter().map(|(line, pieces)| Pick { line: *line, quantity: Quantity::from_thousandths(pieces * 1_000) }).collect();
    TakeBack { picks, ..take_back(shop, receipt_no, amount) }
}

fn sold_a1(shop: &mut Shop) -> String {
    shop.top_up("6001", 100_000, 10_000);
    shop.goods_of_a1();
    assert!(shop.pay("value", Some(20_000)).is_none());
    let receipt_no = shop.pay("cash", Some(15_000)).expect("paid").receipt_no;
    shop.staff = MANAGER;
    receipt_no
}

pub const POINTS: &str = "select cast(sum(amount) as bigint) from balance where substr(unit, 1, 1) = x'03'";

#[test]
fn a2_and_then_the_rest_piece_by_piece() {
    let mut shop = Shop::new("pieces");
    let receipt_no = sold_a1(&mut shop);
    shop.now_ms += 24 * 60 * MINUTE_MS;
    let mask = part(&shop, &receipt_no, &[(2, 1)], 6_629);
    shop.done(&mask);
    assert_eq!(shop.value("6001"), (87_844, 8_785), "878.44/87.85");
    assert_eq!((shop.count(POINTS), shop.count("select amount from balance where unit = x'0601'")), (314, 164_060));
    assert!(shop.slip().contains("66.29"), "{}", shop.slip());
    let viewer = shop.viewer();
    let sale = shown::sale::sale(&shop.store, &receipt_no, &viewer).expect("read").expect("a sale");
    let left: Vec<(i64, i64)> = sale.lines.iter().map(|line| (line.returned.thousandths(), line.returnable.thousandths())).collect();
    assert_eq!((left, sale.lies.here), (vec![(0, 1_000), (1_000, 1_000), (0, 2_000)], true));

    let two = part(&shop, &receipt_no, &[(2, 2)], 6_630);
    assert_eq!(shop.refused(&two), Refusal::NotReturnable { line: 2, left: 1_000 });
    let again = part(&shop, &receipt_no, &[(2, 1)], 6_629);
    assert_eq!(shop.refused(&again), Refusal::RefundChanged { amount: 6_630 }, "the last piece takes the rest");
    let serum_and_towel = part(&shop, &receipt_no, &[(1, 1), (3, 1)], 15_957 + 2_422);
    shop.done(&serum_and_towel);
    let rest = take_back(&shop, &receipt_no, 6_630 + 2_422);
    shop.done(&rest);
    assert_eq!(shop.value("6001"), (100_000, 10_000), "as before the sale");
    assert_eq!((shop.count(POINTS), shop.count("select amount from balance where unit = x'0601'")), (0, 150_000));
    assert_eq!(shop.count("select coalesce(cast(sum(basis) as bigint), 0) from spend"), 0);
    assert_eq!(shop.count("select cast(sum(turnover) as bigint) from takings_day"), 0);
    let Refusal::AlreadyReturned { .. } = shop.refused(&rest) else { panic!("nothing is left") };
}

#[test]
fn j4_a_return_belongs_to_the_day_it_is_made() {
    let mut shop = Shop::new("day");
    let receipt_no = sold_a1(&mut shop);
    shop.close_shift();
    shop.now_ms += 24 * 60 * MINUTE_MS;
    let mask = part(&shop, &receipt_no, &[(2, 1)], 6_629);
    assert_eq!(shop.refused(&mask), Refusal::NoShift, "never into a closed day");
    shop.open_shift();
    let mask = part(&shop, &receipt_no, &[(2, 1)], 6_629);
    shop.done(&mask);
    assert_eq!(shop.store_rows("select turnover from takings_day order by day"), [34_060, -6_629]);
    assert!(shop.slip().contains(&receipt_no));
}

#[test]
fn points_already_spent_elsewhere_come_off_the_refund() {
    let mut shop = Shop::new("points");
    shop.amount(10_000);
    shop.attach("6001");
    let receipt_no = shop.pay("wechat", None).expect("paid").receipt_no;
    // 95.00 × 1.2 = 114 points; 100 of them are gone.
    let gone = "update balance set amount = 14 where substr(unit, 1, 1) = x'03'";
    shop.store.transaction(|writer| writer.execute(gone, &[])).expect("spent");
    shop.staff = MANAGER;
    let back = take_back(&shop, &receipt_no, 9_400);
    shop.done(&back);
    assert_eq!(shop.count("select amount from tender order by id desc limit 1") % 100, 0);
    assert_eq!(shop.count("select paid_back from takings_day"), 9_400, "100 points are 1.00");
}

#[rstest]
#[case::unknown("001-1-1-261121-0099-3", 0, Refusal::ReceiptUnknown { receipt_no: "001-1-1-261121-0099-3".into() })]
fn not_taken_back(#[case] receipt_no: &str, #[case] amount: i64, #[case] wanted: Refusal) {
    let mut shop = Shop::new("unknown");
    shop.staff = MANAGER;
    let back = take_back(&shop, receipt_no, amount);
    assert_eq!(shop.refused(&back), wanted);
}

#[test]
fn above_the_own_limit_somebody_must_stand_beside() {
    let mut shop = Shop::new("limit");
    shop.add(11, 1);
    let receipt_no = shop.pay("cash", None).expect("paid").receipt_no;
    let back = take_back(&shop, &receipt_no, 16_800);
    let needs = Refusal::NeedsOverride { right: Right::Return, limit: Some(10_000), asked: Some(16_800) };
    assert_eq!(shop.refused(&back), needs);
    shop.beside = Some(MANAGER);
    let lent = take_back(&shop, &receipt_no, 16_800);
    shop.done(&lent);
}
