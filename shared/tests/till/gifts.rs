//! Gifts for points: C4, C6, R13, and that a redemption is taken back once.
use crate::returns::POINTS;
use crate::shop::{CASHIER, HERE, MANAGER, MINUTE_MS, Shop};
use rstest::rstest;
use shared::base::{CommandId, Holder, Money, ProductNo, StreamId, Unit};
use shared::desk::gifts::cancel::CancelRedemption;
use shared::desk::gifts::redeem::Redeem;
use shared::desk::import::Kind;
use shared::facts::Fact;
use shared::facts::gifts::PointsRedeemed;
use shared::facts::ledger::{Carried, Moved};
use shared::journal::command::encoded;
use shared::journal::entry::Body;
use shared::journal::{Actor, Entry, Read, Refusal, Right, Stamp};

const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Towels cost 350 points, cups 100 points and ￥5.00.
pub fn shop(name: &str) -> Shop {
    let mut shop = Shop::new(name);
    let columns = "number,name,category,unit,price,gift_points,gift_money";
    shop.import(Kind::Products, columns, &["13,毛巾,01,条,25.50,350,", "15,茶杯,01,个,100.00,100,5.00"], 20_261_121);
    shop.staff = MANAGER;
    shop
}

pub fn redeem(shop: &Shop, gifts: &[(u32, i64)], points: i64, money: i64) -> Redeem {
    let gifts = gifts.iter().map(|(product, pieces)| (ProductNo(*product), *pieces)).collect();
    let (who, member, money) = (shop.who(), shop.member("6001"), Money::from_minor(money));
    Redeem { who, member, gifts, points, money, tender: "cash".into() }
}

pub fn cancel(shop: &Shop, receipt_no: &str) -> CancelRedemption {
    CancelRedemption { who: shop.who(), receipt_no: receipt_no.into(), reason: "不要了".into() }
}

/// Points of these months, moved here by head office: first day, month of lapse, amount.
pub fn points(shop: &mut Shop, lots: &[(u32, u32, i64)]) {
    let (member, issuer) = (shop.member("6001"), shop.branch);
    let carried = |(from, until, amount): &(u32, u32, i64)| {
        Carried::new(Holder::Member(member), Unit::Points { issuer, from: *from, until: *until }, *amount)
    };
    let moved = Moved { to: HERE, accounts: lots.iter().map(carried).collect(), ask: None, sealed_from: None, more: false };
    let entry = Entry {
        stream: StreamId([0xb0; 16]),
        seq: 9_000,
        stamp: Stamp::after(Stamp::default(), shop.now_ms, 0),
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

fn left(shop: &Shop) -> Vec<(u32, i64)> {
    let rows = shop.store.rows("select unit, amount from balance where substr(unit, 1, 1) = x'03' and amount <> 0 order by unit", &[]);
    let lot = |row: &shared::journal::Row| match Unit::from_key(row.blob(0)) {
        Some(Unit::Points { until, .. }) => (until, row.int(1)),
        other => panic!("{other:?}"),
    };
    let mut lots: Vec<(u32, i64)> = rows.expect("read").iter().map(lot).collect();
    lots.sort_unstable();
    lots
}

pub const C4: &[(u32, u32, i64)] = &[(20_251_105, 202_612, 300), (20_260_310, 202_704, 200), (20_261_005, 202_711, 500)];

#[test]
fn c4_and_c6_a_gift_takes_what_lapses_first_and_gives_it_back() {
    let mut shop = shop("c4");
    points(&mut shop, C4);
    let command = redeem(&shop, &[(13, 1)], 350, 0);
    shop.done(&command);
    assert_eq!((left(&shop), shop.count(POINTS)), (vec![(202_704, 150), (202_711, 500)], 650));
    assert_eq!(shop.count("select amount from balance where unit = x'050000000d'"), -1_000, "one towel less in stock");
    let slip = shop.slip();
    assert!(slip.contains("使用积分") && slip.contains("毛巾") && slip.contains("350"), "{slip}");
    let receipt_no = shop.last::<PointsRedeemed>().receipt_no;
    shop.close_shift();
    shop.now_ms += 14 * DAY_MS;
    shop.open_shift();
    let back = cancel(&shop, &receipt_no);
    shop.done(&back);
    assert_eq!(left(&shop), [(202_701, 300), (202_704, 200), (202_711, 500)], "5 Dec 2026: the lapsed month counts to the end of December");
    assert_eq!((shop.count(POINTS), shop.count("select amount from balance where unit = x'050000000d'")), (1_000, 0));
    assert!(shop.slip().contains("退回积分"), "{}", shop.slip());
    assert!(matches!(shop.refused(&back), Refusal::AlreadyReturned { .. }), "once");
}

#[test]
fn points_and_money_and_both_come_back() {
    let mut shop = shop("gift-money");
    points(&mut shop, C4);
    let command = redeem(&shop, &[(15, 2)], 200, 1_000);
    shop.done(&command);
    let cash = "select amount from balance where unit = x'0601'";
    assert_eq!((shop.count(cash), shop.count("select turnover from takings_day"), shop.kicks()), (51_000, 1_000, true));
    assert_eq!(shop.count("select amount from shift_sum where figure = 1 and tender = 'cash'"), 1_000);
    let receipt_no = shop.last::<PointsRedeemed>().receipt_no;
    let back = cancel(&shop, &receipt_no);
    shop.done(&back);
    assert_eq!((shop.count(cash), shop.count("select turnover from takings_day"), shop.count(POINTS)), (50_000, 0, 1_000));
    let viewer = shop.viewer();
    let desk = shared::desk::shown::gift::desk(&shop.store, shop.member("6001"), &viewer).expect("read");
    assert_eq!((desk.gifts.len(), desk.usable, desk.redeemed.len(), desk.redeemed[0].cancelled), (2, 1_000, 1, true));
}

#[rstest]
#[case::nothing_chosen(|asked: &mut Redeem| asked.gifts.clear(), Refusal::EmptyBill)]
#[case::no_piece(|asked: &mut Redeem| asked.gifts[0].1 = 0, Refusal::BadQuantity { text: "0".into() })]
#[case::no_gift(|asked: &mut Redeem| asked.gifts[0].0 = ProductNo(11), Refusal::Gone)]
#[case::other_points(|asked: &mut Redeem| asked.points = 99, Refusal::Gone)]
#[case::other_money(|asked: &mut Redeem| asked.money = Money::from_minor(499), Refusal::DueChanged { due: 500 })]
#[case::a_tender_that_is_none(|asked: &mut Redeem| asked.tender = "value".into(), Refusal::TenderUnknown { tender: "value".into() })]
#[case::too_many_points(
    |asked: &mut Redeem| (asked.gifts[0].1, asked.points, asked.money) = (11, 1_100, Money::from_minor(5_500)),
    Refusal::NotEnoughHere { wanted: 1_100, here: 1_000, elsewhere: vec![] }
)]
fn refused(#[case] change: fn(&mut Redeem), #[case] wanted: Refusal) {
    let mut shop = shop(&format!("gift-refused-{wanted:?}").replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    points(&mut shop, C4);
    let mut command = redeem(&shop, &[(15, 1)], 100, 500);
    change(&mut command);
    assert_eq!(shop.refused(&command), wanted);
}

#[test]
fn who_may_and_what_is_no_redemption() {
    let mut shop = shop("gift-rights");
    points(&mut shop, C4);
    let command = redeem(&shop, &[(13, 1)], 350, 0);
    let mut moment = shop.moment();
    moment.rights.retain(|held| *held != Right::Sell);
    assert_eq!(shop.decide_at(&command, &moment).map(drop), Err(Refusal::NotAllowed { right: Right::Sell }));
    shop.staff = CASHIER;
    shop.add(13, 1);
    let sale = shop.pay("wechat", None).expect("paid").receipt_no;
    for receipt_no in [sale, "x".into()] {
        let back = cancel(&shop, &receipt_no);
        assert_eq!(shop.refused(&back), Refusal::ReceiptUnknown { receipt_no });
    }
    shop.done(&command);
    let receipt_no = shop.last::<PointsRedeemed>().receipt_no;
    let mut moment = shop.moment();
    moment.rights.retain(|held| *held != Right::Return);
    let back = cancel(&shop, &receipt_no);
    assert_eq!(shop.decide_at(&back, &moment).map(drop), Err(Refusal::NotAllowed { right: Right::Return }));
    let silent = CancelRedemption { reason: " ".into(), ..back };
    assert!(matches!(shop.refused(&silent), Refusal::NotSound { .. }));
}
