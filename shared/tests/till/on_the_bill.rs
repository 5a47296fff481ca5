//! What a cashier sets for a whole bill beside discounts: a little off by hand, and who served.
use super::returns::take_back;
use super::shop::{CASHIER, MANAGER, MINUTE_MS, Shop};
use rstest::rstest;
use shared::base::{Money, Rate, StaffId};
use shared::desk::bill::hold::Hold;
use shared::desk::bill::recall::Recall;
use shared::desk::bill::round_off::RoundOffBill;
use shared::desk::bill::sales_clerks::{NameSalesClerks, of_branch};
use shared::desk::import::Kind;
use shared::desk::reprint::{Of, Reprint};
use shared::facts::sales::{SalesClerk, Sold};
use shared::journal::Refusal;

fn off(shop: &Shop, minor: i64) -> RoundOffBill {
    RoundOffBill { who: shop.who(), amount: Money::from_minor(minor) }
}

#[test]
fn a_little_off_by_hand_for_cash_stands_on_slip_and_z() {
    let mut shop = Shop::new("off-by-hand");
    let asked = off(&shop, 60);
    assert_eq!(shop.refused(&asked), Refusal::EmptyBill);
    for (product, pieces) in [(11, 1), (12, 2), (13, 2)] {
        shop.add(product, pieces);
    }
    shop.attach("6001");
    shop.done(&asked);
    let totals = shop.shown().totals;
    assert_eq!((totals.due.minor(), totals.due_cash.minor(), totals.round_off.minor()), (34_067, 34_000, 60), "only cash is rounded");
    let done = shop.pay("cash", Some(35_000)).expect("paid");
    assert_eq!((done.due.minor(), done.rounding.minor(), done.change.minor()), (34_000, -67, 1_000));
    let sold: Sold = shop.last();
    assert_eq!(sold.off_by_hand, Some(Money::from_minor(60)));
    assert!(shop.slip().contains("-0.67"), "{}", shop.slip());
    assert_eq!(shop.count("select amount from shift_sum where figure = 21"), 60, "counted apart on the Z");
    assert_eq!(shop.count("select amount from shift_sum where figure = 9"), 67);
    shop.close_shift();
    assert!(shop.slip().contains("其中手动抹零"), "{}", shop.slip());
}

#[test]
fn a_bill_paid_without_cash_is_not_rounded_by_hand_either() {
    let mut shop = Shop::new("off-without-cash");
    shop.add(15, 1);
    let asked = off(&shop, 50);
    shop.done(&asked);
    let done = shop.pay("wechat", None).expect("paid");
    assert_eq!((done.due.minor(), done.rounding.minor()), (10_000, 0));
    assert_eq!(shop.last::<Sold>().off_by_hand, None);
}

#[rstest]
#[case::a_bill(99, 1_000, 100, Err(99))]
#[case::just_so(99, 1_000, 99, Ok(()))]
#[case::switched_off(0, 1_000, 1, Err(0))]
#[case::what_the_shift_has_left(99, 120, 71, Err(70))]
#[case::up_to_the_shift(99, 120, 70, Ok(()))]
fn the_limits_of_a_bill_and_a_shift(#[case] bill: i64, #[case] shift: i64, #[case] asked: i64, #[case] wanted: Result<(), i64>) {
    let mut shop = Shop::new(&format!("off-limits-{bill}-{shift}-{asked}"));
    let lines = [format!("till,round_off_bill_minor,{bill}"), format!("till,round_off_shift_minor,{shift}")];
    if bill > 0 {
        shop.add(15, 1);
        let first = off(&shop, 50);
        shop.done(&first);
        shop.pay("cash", None).expect("paid");
    }
    shop.import(Kind::Settings, "group,key,value", &lines.each_ref().map(String::as_str), 20_261_121);
    shop.add(15, 1);
    let command = off(&shop, asked);
    assert_eq!(shop.decide(&command).map(drop), wanted.map_err(|limit| Refusal::RoundOffLimit { limit }));
    let back = off(&shop, -1);
    assert_eq!(shop.refused(&back), Refusal::BadAmount);
}

#[test]
fn what_two_held_bills_were_granted_the_shift_gives_only_once() {
    let mut shop = Shop::new("off-held");
    shop.import(Kind::Settings, "group,key,value", &["till,round_off_shift_minor,100"], 20_261_121);
    let granted = |shop: &mut Shop| {
        shop.add(15, 1);
        let seventy = off(shop, 70);
        shop.done(&seventy);
    };
    granted(&mut shop);
    let first = shop.bill().expect("open").id;
    let hold = Hold { who: shop.who(), label: String::new() };
    shop.done(&hold);
    granted(&mut shop);
    shop.pay("cash", None).expect("paid");
    let recall = Recall { who: shop.who(), held: first, prices: None };
    shop.done(&recall);
    assert_eq!(shop.try_pay("cash", None), Err(Refusal::RoundOffLimit { limit: 30 }));
    let thirty = off(&shop, 30);
    shop.done(&thirty);
    shop.pay("cash", None).expect("paid");
    assert_eq!(shop.count("select amount from shift_sum where figure = 21"), 100);
}

#[test]
fn c3_points_are_doubled_on_the_birthday_and_taken_back_alike() {
    let mut shop = Shop::new("birthday");
    shop.import(Kind::Settings, "group,key,value", &["points,birthday_bp,20000"], 20_261_121);
    let born = ["周生,13700137003,6009,B1,vip,19901121", "吴迟,13700137004,6010,B1,vip,19901122"];
    shop.import(Kind::Members, "name,phone,card,home,level,birthday", &born, 20_261_121);
    let points = |shop: &mut Shop, card: &str| {
        shop.add(15, 2);
        shop.attach(card);
        let done = shop.pay("wechat", None).expect("paid");
        let buyer = shop.last::<Sold>().buyer.expect("a member");
        (done.receipt_no, buyer.basis.minor(), buyer.points.iter().map(|points| points.amount).sum::<i64>())
    };
    let (receipt, basis, doubled) = points(&mut shop, "6009");
    assert_eq!((basis, doubled), (19_000, 456));
    assert_eq!(points(&mut shop, "6010").2, 228, "tomorrow is another's");
    let all = "select cast(sum(amount) as bigint) from balance where substr(unit, 1, 1) = x'03'";
    assert_eq!(shop.count(all), 456 + 228);
    shop.now_ms += MINUTE_MS;
    shop.staff = MANAGER;
    let back = take_back(&shop, &receipt, 19_000);
    shop.done(&back);
    assert_eq!(shop.count(all), 228);
}

/// 2026-11-21 is a Saturday: of the occasions that fall on it the greatest counts, and no other day gets anything.
#[rstest]
#[case::of_the_month(&["points,member_day:21,20000"], 456)]
#[case::of_the_week(&["points,member_day:sat,15000"], 342)]
#[case::greatest_of_three(&["points,member_day:21,15000", "points,member_day:sat,30000", "points,birthday_bp,20000"], 684)]
#[case::other_days(&["points,member_day:22,20000", "points,member_day:sun,30000", "points,birthday_bp,10000"], 228)]
fn r8_a_member_day_multiplies_everybodys_points(#[case] settings: &[&str], #[case] earned: i64) {
    let mut shop = Shop::new(&format!("member-day-{earned}"));
    shop.import(Kind::Settings, "group,key,value", settings, 20_261_121);
    shop.import(Kind::Members, "name,phone,card,home,level,birthday", &["周生,13700137003,6009,B1,vip,19901121"], 20_261_121);
    shop.add(15, 2);
    shop.attach("6009");
    shop.pay("wechat", None).expect("paid");
    let buyer = shop.last::<Sold>().buyer.expect("a member");
    assert_eq!(buyer.points.iter().map(|points| points.amount).sum::<i64>(), earned);
    assert_eq!(buyer.occasion.map(|factor| factor.bp()), (earned != 228).then_some(earned as u32 * 10_000 / 228));
}

/// A few 分 in cash are rounded away: the drawer gets nothing, and the bill is done.
#[test]
fn a_bill_of_a_few_fen_is_paid_by_nothing_in_cash() {
    let mut shop = Shop::new("few-fen");
    shop.amount(9);
    let shown = shop.shown();
    assert_eq!((shown.totals.due_cash.minor(), shown.quick_cash), (0, vec![Money::ZERO]));
    let done = shop.pay("cash", None).expect("paid");
    assert_eq!((done.due.minor(), done.rounding.minor(), done.change.minor()), (0, -9, 0));
}

fn named(shares: &[(StaffId, u32)]) -> Vec<SalesClerk> {
    shares.iter().map(|(staff, bp)| SalesClerk { staff: *staff, share: Rate::from_bp(*bp) }).collect()
}

#[test]
fn two_sales_clerks_share_a_bill_and_stand_on_its_slip() {
    let mut shop = Shop::new("sales-clerks");
    let (first, second) = (shop.person(CASHIER), shop.person(MANAGER));
    let clerks = named(&[(first, 6_000), (second, 4_000)]);
    let command = NameSalesClerks { who: shop.who(), clerks: clerks.clone() };
    shop.done(&command);
    shop.add(15, 1);
    let shown = shop.shown();
    assert_eq!(
        shown.sales_clerks.iter().map(|clerk| (clerk.person.name.as_str(), clerk.share.bp())).collect::<Vec<_>>(),
        [("小周", 6_000), ("陈店长", 4_000)]
    );
    let done = shop.pay("wechat", None).expect("paid");
    assert_eq!(shop.last::<Sold>().sales_clerks, Some(clerks));
    assert!(shop.slip().contains("导购: 小周 60%, 陈店长 40%"), "{}", shop.slip());
    shop.staff = MANAGER;
    let copy = Reprint { who: shop.who(), of: Of::Receipt(done.receipt_no), first: false };
    shop.done(&copy);
    assert!(shop.slip().contains("导购: 小周 60%, 陈店长 40%"), "the copy too");
    shop.add(15, 1);
    assert_eq!(shop.shown().sales_clerks, [], "named for one bill");
}

#[test]
fn who_may_be_named() {
    let mut shop = Shop::new("who-may-be-named");
    shop.import(Kind::Branches, "code,name", &["B2,中山店"], 20_261_121);
    shop.import(Kind::Staff, "code,name,branch,roles,pin", &["2001,小吴,B2,cashier,"], 20_261_121);
    let (here, there) = (shop.person(CASHIER), shop.person("2001"));
    let people = of_branch(&shop.store, Some(shop.branch)).expect("read");
    assert_eq!(people.iter().map(|person| person.code.as_str()).collect::<Vec<_>>(), [CASHIER, "1002", MANAGER]);
    let mut refused = |clerks: &[(StaffId, u32)]| {
        let command = NameSalesClerks { who: shop.who(), clerks: named(clerks) };
        shop.refused(&command)
    };
    assert!(matches!(refused(&[(there, 10_000)]), Refusal::NotHere { .. }));
    assert_eq!(refused(&[(StaffId([9; 16]), 10_000)]), Refusal::UnknownStaff);
    assert_eq!(refused(&[(here, 9_999)]), Refusal::SharesNotWhole);
    assert_eq!(refused(&[(here, 5_000), (here, 5_000)]), Refusal::SharesNotWhole);
    assert!(matches!(refused(&[(here, 2_000); 5]), Refusal::TooMany { limit: 4, .. }));
}
