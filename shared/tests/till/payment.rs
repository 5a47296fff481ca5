//! A1, A3 to A7, A10 to A14, B5, B11, B12, B15, C7, K6: what a bill comes to and how it is paid.
use crate::shop::{CASHIER, HERE, MANAGER, MINUTE_MS, Shop};
use rstest::rstest;
use shared::base::{Account, BranchId, CommandId, Holder, Money, Rate, StreamId, Unit};
use shared::desk::bill::line_discount::DiscountLine;
use shared::desk::bill::reading::{Reading, read};
use shared::desk::import::Kind;
use shared::desk::shown::bill::Mark;
use shared::facts::Fact;
use shared::facts::bills::Overridden;
use shared::facts::ledger::{Carried, Moved, Wanted};
use shared::journal::command::encoded;
use shared::journal::entry::Body;
use shared::journal::refusal::Elsewhere;
use shared::journal::{Actor, Entry, Refusal, Right, Stamp};
use shared::ledger::statement::{BALANCE, LINK, Lies, Link};
use shared::ledger::{balance, moves};
use shared::sales::price::ByHand;
use shared::store::Writer;

#[test]
fn a1_and_its_figures() {
    let mut shop = Shop::new("a1");
    shop.top_up("6001", 100_000, 10_000);
    shop.goods_of_a1();
    let bill = shop.shown();
    let totals = bill.totals;
    assert_eq!((totals.subtotal.minor(), totals.due.minor(), totals.due_cash.minor(), totals.points), (35_860, 34_067, 34_060, 408));
    assert_eq!(bill.lines.iter().map(|line| line.net.minor()).collect::<Vec<_>>(), [15_960, 13_262, 4_845], "before 抹零");
    assert!(shop.pay("value", Some(20_000)).is_none(), "something is still due");
    let totals = shop.shown().totals;
    assert_eq!((totals.left_cash.minor(), totals.points), (14_060, 386), "cash due; points less what the bonus paid");
    let done = shop.pay("cash", Some(15_000)).expect("paid");
    assert_eq!((done.due.minor(), done.change.minor(), done.discount.minor(), done.rounding.minor()), (34_060, 940, 1_793, -7));
    let value = done.value.expect("a member");
    assert_eq!((value.taken_principal.minor(), value.taken_bonus.minor()), (18_182, 1_818));
    assert_eq!(shop.value("6001"), (81_818, 8_182));
    let points = done.points.expect("a member");
    assert_eq!((points.earned, points.from), (386, Some(20_261_128)), "C7: pending for a week");
    assert_eq!(shop.store_rows("select net from line order by no"), [15_957, 13_259, 4_844]);
    assert_eq!(shop.store_rows("select rounding from line order by no"), [3, 3, 1]);
    assert_eq!(shop.store_rows("select basis from spend"), [32_242], "340.60 less 18.18 of bonus");
    // 500.00 float, 1 000.00 topped up, 140.60 of the sale.
    assert_eq!(shop.count("select amount from balance where unit = x'0601'"), 164_060);
    assert_eq!(shop.count("select turnover from takings_day"), 34_060);
    assert_eq!(shop.count("select received from takings_day"), 114_060);
    assert_eq!(shop.count("select top_ups from takings_day"), 100_000);
    assert_eq!((shop.count("select discount from takings_day"), shop.count("select rounding from takings_day")), (1_793, 7));
    assert_eq!(shop.count("select principal_spent from takings_day"), 18_182);
    assert_eq!(shop.count("select bonus_spent from takings_day"), 1_818);
    assert!(shop.bill().is_none());
    let slip = shop.slip();
    for shown in ["358.60", "340.60", "-17.93", "-0.07", "200.00", "150.00", "9.40", "818.18", "81.82", "386", "11-28"] {
        assert!(slip.contains(shown), "{shown} in\n{slip}");
    }
}

#[test]
fn a3_tobacco_takes_no_discount() {
    let mut shop = Shop::new("a3");
    shop.add(15, 1);
    shop.add(14, 1);
    shop.attach("6001");
    let bill = shop.shown();
    assert_eq!(bill.totals.due.minor(), 14_500);
    assert!(bill.lines[1].marks.contains(&Mark::NoDiscount));
}

#[test]
fn a4_the_rate_is_applied_once_to_the_sum() {
    let mut shop = Shop::new("a4");
    for minor in [400, 1_580, 1_290, 550, 780, 3_990, 1_250] {
        shop.amount(minor);
    }
    shop.attach("6001");
    let bill = shop.shown();
    assert_eq!((bill.totals.subtotal.minor(), bill.totals.due.minor(), bill.totals.due_cash.minor()), (9_840, 9_348, 9_340));
    let nets: Vec<i64> = bill.lines.iter().map(|line| line.net.minor()).collect();
    assert_eq!(nets, [380, 1_501, 1_226, 523, 741, 3_790, 1_187]);
    assert_eq!(shop.pay("cash", None).expect("paid").rounding.minor(), -8);
}

#[rstest]
#[case::down_to_jiao("jiao", 34_060, -7)]
#[case::down_to_yuan("yuan", 34_000, -67)]
#[case::nearest_jiao("jiao_half", 34_070, 3)]
#[case::nearest_yuan("yuan_half", 34_100, 33)]
#[case::none("none", 34_067, 0)]
fn a5_each_rounding(#[case] mode: &str, #[case] due: i64, #[case] rounding: i64) {
    let mut shop = Shop::new(&format!("a5-{mode}"));
    shop.import(Kind::Settings, "group,key,value", &[&format!("till,rounding,{mode}")], 20_261_121);
    shop.goods_of_a1();
    let totals = shop.shown().totals;
    assert_eq!((totals.due.minor(), totals.due_cash.minor()), (34_067, due));
    let done = shop.pay("cash", Some(40_000)).expect("paid");
    assert_eq!((done.due.minor(), done.rounding.minor(), done.change.minor()), (due, rounding, 40_000 - due));
}

#[test]
fn a6_a_cash_tender_of_any_size_rounds_before_it_is_keyed() {
    let mut shop = Shop::new("a6");
    shop.goods_of_a1();
    let totals = shop.shown().totals;
    assert_eq!((totals.left.minor(), totals.left_cash.minor()), (34_067, 34_060), "told before anything is keyed");
    assert_eq!(shop.try_pay("wechat", Some(34_068)).expect_err("more than due"), Refusal::OverDue { over: 1 });
    assert!(shop.pay("cash", Some(100)).is_none());
    let totals = shop.shown().totals;
    assert_eq!((totals.due.minor(), totals.left.minor()), (34_060, 33_960));
    assert_eq!(shop.pay("wechat", None).expect("paid").due.minor(), 34_060);
    shop.goods_of_a1();
    assert_eq!(shop.pay("wechat", None).expect("paid").due.minor(), 34_067, "all by WeChat");
}

#[test]
fn a7_change_only_from_cash() {
    let mut shop = Shop::new("a7");
    shop.top_up("6001", 10_000, 0);
    let bill = |shop: &mut Shop| {
        for minor in [400, 1_580, 1_290, 550, 780, 3_990, 1_250] {
            shop.amount(minor);
        }
        shop.attach("6001");
        assert!(shop.pay("value", Some(5_000)).is_none());
    };
    bill(&mut shop);
    let totals = shop.shown().totals;
    assert_eq!((totals.due.minor(), totals.due_cash.minor(), totals.left.minor()), (9_348, 9_340, 4_348));
    assert_eq!(shop.try_pay("wechat", Some(5_000)).expect_err("over"), Refusal::OverDue { over: 652 });
    assert!(shop.pay("wechat", Some(3_000)).is_none());
    let done = shop.pay("cash", Some(2_000)).expect("paid");
    assert_eq!((done.due.minor(), done.change.minor()), (9_340, 660));
}

#[test]
fn a10_who_gives_more_than_allowed_needs_somebody_beside() {
    let mut shop = Shop::new("a10");
    shop.add(15, 1);
    let by_hand = ByHand::Rate(Rate::from_bp(8_000));
    let discount = |shop: &Shop| DiscountLine { who: shop.who(), line: 1, by_hand, reason: "老客户".into() };
    let asked = discount(&shop);
    let needs = Refusal::NeedsOverride { right: Right::DiscountLine, limit: Some(9_000), asked: Some(8_000) };
    assert_eq!(shop.refused(&asked), needs);
    shop.beside = Some(MANAGER);
    let lent = discount(&shop);
    shop.done(&lent);
    shop.beside = None;
    assert_eq!(shop.shown().totals.due.minor(), 8_000);
    assert_eq!(shop.count("select amount from shift_sum where figure = 15"), 2_000, "on the Z");
    let log: Overridden = shop.last();
    assert_eq!((log.at.by, log.at.allowed_by, log.given.minor()), (shop.person(CASHIER), Some(shop.person(MANAGER)), 2_000), "the log");
}

#[test]
fn a11_the_lower_of_member_price_and_level() {
    let mut shop = Shop::new("a11");
    shop.add(16, 1);
    assert_eq!(shop.shown().totals.due.minor(), 3_990);
    shop.attach("6001");
    let bill = shop.shown();
    assert_eq!((bill.totals.due.minor(), &bill.lines[0].marks), (3_690, &vec![Mark::MemberPrice, Mark::NegativeStock]));
}

#[rstest]
#[case::a12_amount("2112345012506", 1_250, 484, true)]
#[case::a13_weight("2012345007550", 1_948, 755, false)]
fn weighed_codes(#[case] code: &str, #[case] due: i64, #[case] grams: i64, #[case] converted: bool) {
    let mut shop = Shop::new(&format!("weighed-{code}"));
    let viewer = shop.viewer();
    let Ok(Reading::Goods { product, label, .. }) = read(&shop.store, code, None, &viewer).expect("read") else {
        panic!("a weighed code means goods");
    };
    let add = shared::desk::bill::add::Add { who: shop.who(), product, quantity: None, label };
    shop.done(&add);
    let bill = shop.shown();
    let line = &bill.lines[0];
    assert_eq!((bill.totals.due.minor(), line.quantity.thousandths(), line.list_price.minor()), (due, grams, 2_580));
    assert_eq!(bill.lines[0].marks.contains(&Mark::WeightConverted), converted);
}

#[test]
fn a14_quick_sale() {
    let mut shop = Shop::new("a14");
    shop.amount(6_666);
    shop.attach("6001");
    assert_eq!(shop.shown().totals.due.minor(), 6_333, "63.327");
    let done = shop.pay("cash", Some(7_000)).expect("paid");
    assert_eq!((done.due.minor(), done.rounding.minor(), done.change.minor()), (6_330, -3, 670));
}

#[rstest]
#[case::proportional("proportional", 30_964, 3_096)]
#[case::principal_first("principal_first", 34_060, 0)]
#[case::bonus_first("bonus_first", 24_060, 10_000)]
fn b5_three_policies(#[case] split: &str, #[case] principal: i64, #[case] bonus: i64) {
    let mut shop = Shop::new(&format!("b5-{split}"));
    shop.import(Kind::Settings, "group,key,value", &[&format!("value,split,{split}")], 20_261_121);
    shop.top_up("6002", 100_000, 10_000);
    shop.amount(34_060);
    shop.attach("6002");
    let value = shop.pay("value", None).expect("paid").value.expect("a member");
    assert_eq!((value.taken_principal.minor(), value.taken_bonus.minor()), (principal, bonus));
    assert_eq!(shop.value("6002"), (100_000 - principal, 10_000 - bonus));
}

#[test]
fn b11_the_till_says_where_the_rest_lies() {
    let mut shop = Shop::new("b11");
    shop.top_up("6002", 12_000, 0);
    let other = BranchId([0xb2; 16]);
    let lies = |place: u8, branch, value| Lies { value, ..Lies::at(StreamId([place; 16]), branch) };
    let places = encoded(&vec![lies(0xb0, None, 8_000), lies(0x52, Some(other), 10_000)]);
    let link = encoded(&Link { up: true, since_ms: 77, name: "中山店".into() });
    let member = shop.member("6002");
    let told = |writer: &mut Writer<'_>| {
        writer.hold_statement(b"", BALANCE, &member.0, 1, &places, 5)?;
        writer.hold_statement(b"", LINK, &other.0, 1, &link, 5)
    };
    shop.store.transaction(told).expect("told");
    shop.amount(15_000);
    shop.attach("6002");
    // This shop is cut off: it reaches neither, although the other one had a link when that was last heard.
    shop.cut_off_since_ms = shop.now_ms - MINUTE_MS;
    let since_ms = Some(shop.cut_off_since_ms);
    let hq = Elsewhere { branch: "hq".into(), name: "总部".into(), amount: 8_000, reachable: false, since_ms };
    let away = Elsewhere { branch: other.to_string(), name: "中山店".into(), amount: 10_000, reachable: false, since_ms };
    let short = Refusal::NotEnoughHere { wanted: 15_000, here: 12_000, elsewhere: vec![hq, away] };
    assert_eq!(shop.try_pay("value", None).expect_err("not enough here"), short);
    assert!(shop.pay("value", Some(12_000)).is_none());
    assert_eq!(shop.shown().totals.left.minor(), 3_000, "by another tender");
    assert_eq!(shop.pay("wechat", None).expect("paid").due.minor(), 15_000);
    assert_eq!(shop.value("6002"), (0, 0), "180.00 are left, elsewhere");
}

#[test]
fn b12_what_could_be_fetched_is_spent_and_the_rest_stays_due() {
    let mut shop = Shop::new("b12");
    // 10:32.
    let (other, cut_ms) = (BranchId([0xb2; 16]), shop.now_ms - 208 * MINUTE_MS);
    shop.top_up("6002", 10_000, 0);
    // What the ask brought from head office while the customer waited.
    let now_ms = shop.now_ms;
    carried(&mut shop, "6002", other, 8_000, now_ms);
    let places = encoded(&vec![Lies { value: 12_000, ..Lies::at(StreamId([0x52; 16]), Some(other)) }]);
    let link = encoded(&Link { up: false, since_ms: cut_ms, name: "中山店".into() });
    let member = shop.member("6002");
    shop.store
        .transaction(|writer| {
            writer.hold_statement(b"", BALANCE, &member.0, 1, &places, 5)?;
            writer.hold_statement(b"", LINK, &other.0, 1, &link, 5)
        })
        .expect("told");
    shop.amount(18_500);
    shop.attach("6002");
    let away = Elsewhere { branch: other.to_string(), name: "中山店".into(), amount: 12_000, reachable: false, since_ms: Some(cut_ms) };
    let short = Refusal::NotEnoughHere { wanted: 18_500, here: 18_000, elsewhere: vec![away] };
    assert_eq!(shop.try_pay("value", None).expect_err("120.00 cannot be reached"), short);
    assert!(shop.pay("value", Some(18_000)).is_none());
    assert_eq!(shop.shown().totals.left.minor(), 500);
    assert_eq!(shop.pay("wechat", None).expect("paid").due.minor(), 18_500);
    assert_eq!(shop.value("6002"), (0, 0));
}

/// Value of another issuer comes here from head office.
fn carried(shop: &mut Shop, card: &str, issuer: BranchId, amount: i64, at_ms: i64) {
    let carried = Carried::new(Holder::Member(shop.member(card)), Unit::Value(issuer), amount);
    let moved = Moved { to: HERE, accounts: vec![carried], ask: None, sealed_from: None, more: false };
    let entry = Entry {
        stream: StreamId([0xb0; 16]),
        seq: 9_000,
        stamp: Stamp::after(Stamp::default(), at_ms, 0),
        by: Actor::System,
        command: CommandId([0xcc; 16]),
        part: 0,
        kind: Moved::KIND,
        version: Moved::VERSION,
        document: None,
        body: Body::Kept { bytes: encoded(&moved), salt: None },
    };
    shop.store.transaction(|writer| writer.take_in(&[entry])).expect("taken in");
}

// 300.00 of this branch and 200.00 of another, 250.00 spent: what came first goes first, whatever the issuers are called (design 5).
#[rstest]
#[case::other_came_first(0x00, -1, 25_000, 0)]
#[case::other_came_first_and_is_called_last(0xFF, -1, 25_000, 0)]
#[case::own_came_first(0xFF, 1, 5_000, 20_000)]
#[case::own_came_first_and_is_called_last(0x00, 1, 5_000, 20_000)]
fn value_of_several_issuers_goes_as_it_came(#[case] other: u8, #[case] minutes: i64, #[case] own_left: i64, #[case] other_left: i64) {
    let mut shop = Shop::new(&format!("issuers-{other}-{minutes}"));
    let issuer = BranchId([other; 16]);
    shop.top_up("6002", 30_000, 0);
    let at_ms = shop.now_ms + minutes * MINUTE_MS;
    carried(&mut shop, "6002", issuer, 20_000, at_ms);
    shop.amount(25_000);
    shop.attach("6002");
    assert!(shop.pay("value", None).is_some());
    let lies = |issuer| {
        balance::amount(&shop.store, &Account { holder: Holder::Member(shop.member("6002")), unit: Unit::Value(issuer), place: HERE })
    };
    assert_eq!((lies(shop.branch), lies(issuer)), (Ok(own_left), Ok(other_left)));
    // What is asked for by another branch leaves in the same order.
    let all = moves::lying(&shop.store, &Wanted::Value(shop.member("6002"), 1), HERE).expect("read");
    let first = if own_left > 0 && minutes > 0 { shop.branch } else { issuer };
    assert_eq!(all.first().map(|(_, unit, _)| *unit), Some(Unit::Value(if other_left == 0 { shop.branch } else { first })));
    assert_eq!(shop.store.rebuild().expect("rebuilt").differing, []);
}

#[test]
fn b15_two_tills_one_card_the_same_second() {
    let mut shop = Shop::new("b15");
    shop.top_up("6002", 10_000, 0);
    for till in [1, 2] {
        shop.till = till;
        if till == 2 {
            shop.open_shift();
        }
        shop.amount(8_000);
        shop.attach("6002");
    }
    let second = (shop.tender("value", None), shop.paying());
    shop.till = 1;
    let first = (shop.tender("value", None), shop.paying());
    let both = shop.store.transaction(|writer| Ok((writer.decide(&first.0, &first.1)?, writer.decide(&second.0, &second.1)?)));
    let (first, second) = both.expect("no fault");
    assert!(first.is_ok(), "one paid");
    assert_eq!(second, Err(Refusal::NotEnoughHere { wanted: 8_000, here: 2_000, elsewhere: vec![] }), "never both, never neither");
    assert_eq!(shop.value("6002"), (2_000, 0));
    assert_eq!(shop.count("select turnover from takings_day"), 8_000);
}

#[test]
fn k6_a_level_changed_meanwhile_changes_the_next_bill() {
    let mut shop = Shop::new("k6");
    shop.goods_of_a1();
    let columns = "code,name,rank,discount_bp,points_factor_bp,threshold_minor";
    shop.import(Kind::Levels, columns, &["vip,VIP,2,9000,12000,500000"], 20_261_121);
    assert_eq!(shop.shown().totals.due.minor(), 34_067, "as attached");
    assert_eq!(shop.pay("wechat", None).expect("paid").due.minor(), 34_067);
    shop.amount(10_000);
    shop.attach("6001");
    assert_eq!(shop.shown().totals.due.minor(), 9_000);
    assert_eq!(Money::from_minor(9_000), shop.shown().lines[0].net);
}
