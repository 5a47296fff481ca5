//! The open bill: lines, quantities, one box, held bills, what is a fact and what is not.
use crate::shop::{MANAGER, Shop};
use rstest::rstest;
use shared::base::{Money, ProductNo};
use shared::desk::bill::attach::Attach;
use shared::desk::bill::reading::{Reading, claimed_card, read};
use shared::desk::bill::remove::Remove;
use shared::desk::bill::void::Void;
use shared::desk::card::withdraw::Withdraw;
use shared::desk::enrol::Enrol;
use shared::desk::import::Kind;
use shared::desk::package::use_up::TakeUses;
use shared::journal::{Moment, Refusal, Right};
use shared::members::block_card::BlockCard;
use shared::members::blocked::REPLACED;
use shared::members::report_card::ReportCard;

fn meant(shop: &mut Shop, text: &str) -> String {
    let viewer = shop.viewer();
    match read(&shop.store, text, None, &viewer).expect("read") {
        Ok(Reading::Goods { product, quantity, label }) => {
            format!("goods {} {:?} {}", product.0, quantity.map(|quantity| quantity.thousandths()), label.is_some())
        }
        Ok(Reading::Last(quantity)) => format!("last {quantity}"),
        Ok(Reading::Member(..)) => "member".into(),
        Ok(Reading::Receipt(number)) => format!("receipt {number}"),
        Ok(Reading::PayCode(tender)) => format!("pay {tender}"),
        Ok(Reading::Staff(code)) => format!("staff {code}"),
        Ok(Reading::Asks(candidates)) => format!("asks {}", candidates.len()),
        Err(refusal) => format!("{refusal:?}"),
    }
}

#[rstest]
#[case::barcode("6901234567892", "goods 11 None false")]
#[case::full_width("６９０１２３４５６７８９２\r\n\r\n", "goods 11 None false")]
#[case::times_before("3*6901234567892", "goods 11 Some(3000) false")]
#[case::times_after("*3", "last 3")]
#[case::plu("12345", "goods 17 None false")]
#[case::weighed("2012345007550", "goods 17 None true")]
#[case::card("6001", "member")]
#[case::phone_end("13900139000", "member")]
#[case::two_phones_end_alike("8000", "asks 2")]
#[case::pinyin("mj", "goods 13 None false")]
#[case::name("李雷", "member")]
#[case::pay_code("134567890123456789", "pay wechat")]
#[case::staff_code("9001", "staff 9001")]
#[case::nothing_known("6999999999997", "UnknownCode { text: \"6999999999997\" }")]
#[case::check_digit("003-1-1-261121-0042-7x", "UnknownCode { text: \"003-1-1-261121-0042-7x\" }")]
fn one_box(#[case] text: &str, #[case] wanted: &str) {
    let mut shop = Shop::new(&format!("box-{}", wanted.len() * 100 + text.len()));
    assert_eq!(meant(&mut shop, text), wanted);
}

/// A member enrolled with the number printed on the chip is found whichever way another reader writes it.
#[rstest]
#[case::printed("0000401829")]
#[case::three_and_five("006,08613")]
#[case::hex("000621A5")]
#[case::hex_as_a_keyboard_types_it("000621a5")]
#[case::reversed("2770404864")]
fn one_card_many_numbers(#[case] text: &str) {
    let mut shop = Shop::new(&format!("many-numbers-{}", text.replace(',', "-")));
    shop.import(Kind::Members, "name,phone,card,home,level", &["孙丽,13700137000,0000401829,B1,normal"], 20_261_121);
    assert_eq!(meant(&mut shop, text), "member");
}

fn enrol_with_card(shop: &mut Shop, card: &str) {
    let enrol = Enrol {
        name: "赵一".into(),
        phone: "13700137001".into(),
        birthday: None,
        gender: String::new(),
        card: Some(card.into()),
        sealed_pin: None,
        although_taken: false,
    };
    let moment = Moment { rights: Right::ALL.to_vec(), ..shop.moment() };
    shop.decide_at(&enrol, &moment).expect("enrolled");
}

/// Two branches gave one card away: the box asks which person it is, and the reader, which cannot ask, says to.
#[test]
fn of_a_card_claimed_twice_the_till_asks_which_person() {
    let mut shop = Shop::new("claimed-twice");
    enrol_with_card(&mut shop, "6007");
    shop.import(Kind::Members, "name,phone,card,home,level", &["钱二,13700137002,6007,B1,normal"], 20_261_121);
    for text in ["6007", ";6007=9912?"] {
        assert_eq!(meant(&mut shop, text), "asks 2");
    }
    let at_the_reader = shared::desk::bill::reading::holder(&shop.store, &["6007".into()], "6007").expect("read");
    assert_eq!(at_the_reader, Err(Refusal::CardClaimedTwice { number: "6007".into() }));
    assert!(shop.bill().is_none());
    assert_eq!(meant(&mut shop, "13700137001"), "member", "by phone each is found");
}

/// It says who buys, as people told the cashier. It spends nothing of theirs until they are found by what is theirs alone.
#[test]
fn a_card_claimed_twice_spends_nothing() {
    let mut shop = Shop::new("claimed-card");
    enrol_with_card(&mut shop, "6007");
    shop.top_up("6007", 10_000, 0);
    let (who, member) = (shop.who(), shop.member("6007"));
    shop.import(Kind::Members, "name,phone,card,home,level", &["钱二,13700137002,6007,B1,normal"], 20_261_121);
    let viewer = shop.viewer();
    let Ok(Reading::Member(chosen, Some(card))) = read(&shop.store, " 6007", Some(&member.to_string()), &viewer).expect("read") else {
        panic!("the card names two");
    };
    assert_eq!((chosen, card.as_str()), (member, "6007"));
    assert_eq!(claimed_card(&shop.store, "6007").expect("read"), Some("6007".into()));
    assert_eq!(claimed_card(&shop.store, "13700137001").expect("read"), None);
    shop.add(15, 1);
    shop.done(&Attach { who: who.clone(), member, claimed_card: Some(card) });
    let refused = Refusal::ClaimedCardSpends { number: "6007".into() };
    assert_eq!(shop.try_pay("value", None).expect_err("refused"), refused);
    let moment = Moment { rights: Right::ALL.to_vec(), ..shop.moment() };
    let withdraw = Withdraw {
        who: who.clone(),
        member,
        amount: Money::from_minor(100),
        tender: "cash".into(),
        forfeit: Money::ZERO,
        reason: "急用".into(),
    };
    assert_eq!(shop.decide_at(&withdraw, &moment).expect_err("refused"), refused);
    let uses = TakeUses { who: who.clone(), member, service: ProductNo(15), uses: 1, server: None, asked_for: false };
    assert_eq!(shop.refused(&uses), refused);
    shop.done(&Attach { who, member, claimed_card: None });
    shop.pay("value", None).expect("found by phone, they pay");
}

#[test]
fn a_card_that_is_unknown_lost_or_dead_puts_nobody_on_the_bill() {
    let mut shop = Shop::new("cards");
    assert_eq!(meant(&mut shop, "111,27706"), "UnknownCard { number: \"111,27706\" }");
    let member = shop.member("6001");
    let report = |lost| ReportCard { member, card: "6001".into(), lost, reason: "丢失".into() };
    let all = |shop: &mut Shop| Moment { rights: Right::ALL.to_vec(), ..shop.moment() };
    let moment = all(&mut shop);
    shop.decide_at(&report(true), &moment).expect("reported");
    let lost = format!("CardBlocked {{ number: \"6001\", since_ms: {} }}", shop.now_ms);
    assert_eq!(meant(&mut shop, "6001"), lost);
    assert_eq!(meant(&mut shop, "13800138000"), "member", "the person is still one");
    shop.restart();
    assert_eq!(meant(&mut shop, "6001"), lost, "also after a restart");
    let moment = all(&mut shop);
    shop.decide_at(&report(false), &moment).expect("lifted");
    assert_eq!(meant(&mut shop, "6001"), "member");
    let moment = all(&mut shop);
    shop.decide_at(&BlockCard { number: "6001".into(), block: true, reason: REPLACED.into() }, &moment).expect("replaced");
    assert_eq!(meant(&mut shop, "6001"), format!("CardDead {{ number: \"6001\", why: {REPLACED:?} }}"));
}

#[test]
fn the_same_goods_again_are_one_line_and_a_bill_survives_a_restart() {
    let mut shop = Shop::new("lines");
    shop.add(11, 1);
    shop.add(11, 2);
    shop.add(12, 1);
    shop.add(11, 1);
    shop.restart();
    let bill = shop.bill().expect("still there");
    let lines: Vec<(u16, i64)> = bill.lines.iter().map(|line| (line.no, line.quantity.thousandths())).collect();
    assert_eq!(lines, [(1, 3_000), (2, 1_000), (3, 1_000)]);
    assert_eq!(shop.count("select count(*) from entry where kind between 20 and 39"), 0, "nothing happened yet");
}

#[test]
fn a_line_removed_after_a_tender_is_a_fact_and_so_is_a_bill_given_up() {
    let mut shop = Shop::new("removed");
    shop.add(11, 1);
    shop.add(12, 1);
    let before = Remove { who: shop.who(), line: 2 };
    shop.done(&before);
    assert_eq!(shop.count("select count(*) from entry where kind = 23"), 0);
    shop.add(12, 1);
    assert!(shop.pay("wechat", Some(1_000)).is_none());
    shop.staff = MANAGER;
    let after = Remove { who: shop.who(), line: 3 };
    shop.done(&after);
    assert_eq!(shop.count("select amount from shift_sum where figure = 11"), 6_980);
    let void = Void { who: shop.who(), reason: "客人走了".into() };
    shop.done(&void);
    assert!(shop.bill().is_none());
    assert_eq!(shop.count("select amount from shift_sum where figure = 10"), 16_800);
    assert_eq!(shop.refused(&void), Refusal::EmptyBill);
}
