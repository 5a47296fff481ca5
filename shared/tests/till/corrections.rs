//! What puts a running day right: the tender (A15), a top-up (B4), points by hand (C11, row 34), points as money (R12), goods without a receipt.
use crate::returns::{POINTS, take_back};
use crate::shop::{CASHIER, MANAGER, MINUTE_MS, Shop};
use rstest::rstest;
use shared::base::{Money, ProductNo, Quantity};
use shared::desk::adjust_points::AdjustPoints;
use shared::desk::correct_tender::CorrectTender;
use shared::desk::find;
use shared::desk::return_without::{Piece, ReturnWithout};
use shared::desk::reverse_top_up::ReverseTopUp;
use shared::facts::sales::Sold;
use shared::journal::{Command, Read, Refusal, Right};

fn correct(shop: &Shop, receipt_no: &str, no: u16, to: &str) -> CorrectTender {
    CorrectTender { who: shop.who(), receipt_no: receipt_no.into(), no, to: to.into(), reason: "收错了".into() }
}

fn points(shop: &Shop, points: i64) -> AdjustPoints {
    AdjustPoints { who: shop.who(), member: shop.member("6001"), points, reason: "补记".into() }
}

/// Without `beside` the right is missing; nothing is decided.
fn forbidden<C: Command>(shop: &mut Shop, command: &C, right: Right) {
    shop.staff = CASHIER;
    assert_eq!(shop.refused(command), Refusal::NotAllowed { right });
}

#[test]
fn a15_wechat_keyed_as_cash() {
    let mut shop = Shop::new("a15");
    shop.staff = MANAGER;
    // 500.00 of float and 1,564.00 taken before: with the wrong tender 2,150.00 are expected.
    for (minor, code) in [(156_400, "cash"), (412_030, "wechat"), (8_600, "cash")] {
        shop.amount(minor);
        shop.pay(code, None).expect("paid");
    }
    let sold: Sold = shop.last();
    let receipt_no = sold.receipt_no.clone();
    let [cash, wechat] = ["select amount from balance where unit = x'0601'", "select amount from balance where unit = x'0602'"];
    assert_eq!((shop.count(cash), shop.count(wechat)), (215_000, 412_030));
    let right = correct(&shop, &receipt_no, 1, "wechat");
    forbidden(&mut shop, &right, Right::Correct);
    shop.staff = MANAGER;
    for (no, to) in [(2, "wechat"), (1, "meituan"), (1, "value"), (0, "wechat")] {
        let wrong = correct(&shop, &receipt_no, no, to);
        assert_eq!(shop.refused(&wrong), Refusal::TenderUnknown { tender: to.into() });
    }
    shop.done(&right);
    assert_eq!((shop.count(cash), shop.count(wechat)), (206_400, 420_630));
    let by_code = "select cast(sum(amount) as bigint) from tender group by code order by code";
    assert_eq!(shop.store_rows(by_code), [156_400, 420_630], "cash, wechat");
    assert_eq!(
        shop.store_rows("select amount from shift_sum where tender <> '' order by tender"),
        [156_400, 420_630],
        "on the shift's slip too"
    );
    let copy = shop.slip();
    assert!(copy.contains("第  1 次") && copy.contains("现金 → 微信支付") && !shop.kicks(), "one line on the slip, a new copy\n{copy}");
    let now = find::by_number(&shop.store, &receipt_no).expect("read").expect("the sale");
    assert_eq!((now.copies, now.at_ms, shop.last::<Sold>()), (1, sold.at.at_ms, sold), "sale, points and time stay");
    let same = correct(&shop, &receipt_no, 1, "wechat");
    assert!(matches!(shop.refused(&same), Refusal::NotSound { .. }));
    let again = correct(&shop, &receipt_no, 1, "cash");
    shop.done(&again);
    assert!(!shop.slip().contains("→"), "it stands as it was keyed");
    shop.close_shift();
    shop.open_shift();
    let late = correct(&shop, &receipt_no, 1, "wechat");
    assert_eq!(shop.refused(&late), Refusal::ShiftIsClosed { receipt_no });
}

#[test]
fn a_top_up_of_the_running_shift_is_reversed_once() {
    let mut shop = Shop::new("reversed");
    shop.top_up("6001", 100_000, 10_000);
    shop.staff = MANAGER;
    let receipt = shop.store.row("select receipt from top_up", &[]).expect("read").expect("a top-up").text(0).to_owned();
    let reverse = |shop: &Shop| ReverseTopUp { who: shop.who(), receipt_no: receipt.clone(), reason: "充错卡".into() };
    let command = reverse(&shop);
    forbidden(&mut shop, &command, Right::Correct);
    shop.staff = MANAGER;
    shop.done(&command);
    assert_eq!((shop.value("6001"), shop.count("select amount from balance where unit = x'0601'")), ((0, 0), 50_000));
    assert_eq!(shop.store_rows("select top_ups from takings_day"), [0]);
    assert!(matches!(shop.refused(&command), Refusal::AlreadyReturned { .. }));
}

#[test]
fn b4_a_part_is_spent() {
    let mut shop = Shop::new("b4");
    shop.top_up("6001", 100_000, 10_000);
    shop.staff = MANAGER;
    let receipt_no = shop.store.row("select receipt from top_up", &[]).expect("read").expect("a top-up").text(0).to_owned();
    shop.goods_of_a1();
    shop.pay("value", Some(20_000));
    shop.pay("cash", None).expect("paid");
    let reverse = ReverseTopUp { who: shop.who(), receipt_no: receipt_no.clone(), reason: "充错卡".into() };
    assert_eq!(shop.refused(&reverse), Refusal::TopUpSpent { spent: 20_000, principal: 81_818, bonus: 8_182 });
    shop.close_shift();
    shop.open_shift();
    assert_eq!(shop.refused(&reverse), Refusal::ShiftIsClosed { receipt_no });
}

#[rstest]
#[case::c11(314, -500, Err(Refusal::NotEnoughHere { wanted: 500, here: 314, elsewhere: vec![] }))]
#[case::all_of_them(314, -314, Ok(0))]
#[case::nothing(314, 0, Err(Refusal::BadAmount))]
#[case::over_the_limit(314, 1_001, Err(Refusal::NeedsOverride { right: Right::Points, limit: Some(1_000), asked: Some(1_001) }))]
#[case::up_to_it(314, 1_000, Ok(1_314))]
fn points_by_hand(#[case] has: i64, #[case] by: i64, #[case] wanted: Result<i64, Refusal>) {
    let mut shop = Shop::new(&format!("points-{by}"));
    shop.staff = MANAGER;
    let start = points(&shop, has);
    shop.done(&start);
    let command = points(&shop, by);
    let left = shop.decide(&command).map(|_| shop.count("select coalesce(sum(amount), 0) from balance where substr(unit, 1, 1) = x'03'"));
    assert_eq!(left, wanted);
    forbidden(&mut shop, &command, Right::Points);
}

#[test]
fn points_pay_whole_hundreds_up_to_a_fifth() {
    let mut shop = Shop::new("r12");
    shop.staff = MANAGER;
    shop.beside = Some(MANAGER);
    let many = points(&shop, 12_860);
    shop.done(&many);
    shop.beside = None;
    shop.add(15, 1);
    assert_eq!(shop.try_pay("points", None), Err(Refusal::NoMember));
    shop.attach("6001");
    for (amount, wanted) in [(2_000, Refusal::PointsLimit { limit: 1_900 }), (150, Refusal::BadAmount)] {
        assert_eq!(shop.try_pay("points", Some(amount)), Err(wanted));
    }
    assert!(shop.pay("points", None).is_none(), "95.00: at most 19.00 by points");
    shop.now_ms += MINUTE_MS;
    let done = shop.pay("wechat", None).expect("paid");
    assert_eq!(done.points.expect("a member").earned, 91, "76.00 × 1.2");
    let usable = "select cast(sum(amount) as bigint) from balance where substr(unit, 1, 1) = x'03'";
    assert_eq!(shop.count(usable), 12_860 - 1_900 + 91);
    assert_eq!(shop.store_rows("select received from takings_day"), [7_600], "points are no money");
    assert!(shop.slip().contains("积分抵现"), "{}", shop.slip());
}

/// C2 without its promotion: the same due by the level alone.
#[test]
fn c2_and_c12_points_pay_and_come_back() {
    let mut shop = Shop::new("c2");
    shop.staff = MANAGER;
    shop.beside = Some(MANAGER);
    let many = points(&shop, 12_860);
    shop.done(&many);
    shop.beside = None;
    shop.amount(22_642);
    shop.attach("6001");
    assert_eq!(shop.shown().totals.due.minor(), 21_510);
    assert_eq!(shop.try_pay("points", Some(4_400)), Err(Refusal::PointsLimit { limit: 4_300 }), "the cap is 43.02");
    assert!(shop.pay("points", None).is_none());
    assert_eq!(shop.shown().totals.left.minor(), 17_210);
    let done = shop.pay("wechat", None).expect("paid");
    assert_eq!((done.due.minor(), done.points.expect("a member").earned), (21_510, 206));
    assert!(shop.slip().contains("8560"), "usable without the earned ones\n{}", shop.slip());
    assert_eq!((shop.count(POINTS), shop.count("select basis from spend")), (8_766, 17_210));
    shop.close_shift();
    let z = shop.slip();
    let received = z.lines().find(|line| line.contains("实收")).expect("told");
    assert!(received.contains("172.10"), "points are no money\n{z}");
    shop.now_ms += MINUTE_MS;
    shop.open_shift();
    let back = take_back(&shop, &done.receipt_no, 21_510);
    shop.done(&back);
    assert_eq!((shop.count(POINTS), shop.count("select received from takings_day")), (12_860, 0));
    let wechat = "select amount from shift_sum where figure = 3 and tender = 'wechat'";
    assert_eq!(shop.count(wechat), 17_210, "in money");
}

#[test]
fn goods_without_a_receipt() {
    let mut shop = Shop::new("without");
    let piece = |amount| Piece { product: ProductNo(12), quantity: Quantity::ONE, amount: Money::from_minor(amount) };
    let without =
        |shop: &Shop, pieces, tender: &str| ReturnWithout { who: shop.who(), pieces, tender: tender.into(), reason: "没带小票".into() };
    let good = without(&shop, vec![piece(6_980)], "cash");
    forbidden(&mut shop, &good, Right::ReturnWithout);
    shop.staff = MANAGER;
    let refusals = [
        (vec![], "cash", Refusal::EmptyBill),
        (vec![piece(6_981)], "cash", Refusal::BadAmount),
        (vec![Piece { product: ProductNo(99), ..piece(1) }], "cash", Refusal::NoPrice { name: "99".into() }),
        (vec![piece(6_980)], "value", Refusal::TenderUnknown { tender: "value".into() }),
    ];
    for (pieces, tender, wanted) in refusals {
        let command = without(&shop, pieces, tender);
        assert_eq!(shop.refused(&command), wanted);
    }
    let command = without(&shop, vec![piece(6_980)], "cash");
    shop.done(&command);
    assert_eq!(
        (shop.count("select turnover from takings_day"), shop.count("select amount from balance where unit = x'0601'")),
        (-6_980, 43_020)
    );
    assert!(shop.slip().contains("69.80"));
}
