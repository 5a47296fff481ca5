//! A19: the bill is paid out of what is topped up with it.
use crate::returns::take_back;
use crate::shop::{CASHIER, MANAGER, Shop};
use rstest::rstest;
use shared::base::Money;
use shared::desk::reprint::{Of, Reprint};
use shared::desk::reverse_top_up::ReverseTopUp;
use shared::desk::top_up_pay::TopUpAndPay;
use shared::facts::members::ToppedUp;
use shared::facts::sales::{Proven, Sold};
use shared::journal::{Refusal, Right};

/// 1,000.00 in cash and its gift of 100.00, for a bill that comes to 340.67.
fn command(shop: &Shop) -> TopUpAndPay {
    let [amount, gift, due] = [100_000, 10_000, 34_067].map(Money::from_minor);
    TopUpAndPay { who: shop.who(), amount, tender: "cash".into(), tendered: None, gift, due, proven: Proven::NotAsked, asked: [0; 16] }
}

fn pay(shop: &mut Shop, command: &TopUpAndPay) -> Result<(), Refusal> {
    let moment = if shop.bill().is_some() { shop.paying() } else { shop.moment() };
    shop.decide_at(command, &moment).map(drop)
}

#[test]
fn a19_one_slip_for_the_top_up_and_the_bill_it_pays() {
    let mut shop = Shop::new("a19");
    shop.goods_of_a1();
    let asked = command(&shop);
    pay(&mut shop, &asked).expect("allowed");
    let (sold, topped): (Sold, ToppedUp) = (shop.last(), shop.last());
    let [paid] = &sold.tenders[..] else { panic!("{:?}", sold.tenders) };
    assert_eq!((sold.due.minor(), sold.rounding.minor()), (34_067, 0), "no cash on the bill, no 抹零");
    assert_eq!((paid.amount.minor() - paid.bonus.minor(), paid.bonus.minor()), (30_970, 3_097));
    assert_eq!(shop.value("6001"), (69_030, 6_903));
    assert_eq!(shop.count("select amount from balance where unit = x'0601'"), 150_000, "500.00 of float, 1,000.00 topped up");
    assert_eq!((shop.count("select top_ups from takings_day"), shop.count("select turnover from takings_day")), (100_000, 34_067));
    assert_eq!(shop.store_rows("select slip from receipt order by counter"), [3, 1]);
    let slip = shop.slip();
    for shown in ["1000.00", "100.00", "340.67", "690.30", "69.03", &sold.receipt_no, &topped.receipt] {
        assert!(slip.contains(shown), "{shown} in\n{slip}");
    }
    assert!(shop.kicks() && shop.bill().is_none());
    shop.staff = MANAGER;
    let again = Reprint { who: shop.who(), of: Of::Receipt(sold.receipt_no.clone()), first: false };
    shop.done(&again);
    assert!(shop.slip().contains(&topped.receipt) && !shop.kicks(), "a copy has both parts\n{}", shop.slip());
    // What it paid comes back first; then the top-up can be taken back as any other.
    let reverse = |shop: &Shop| ReverseTopUp { who: shop.who(), receipt_no: topped.receipt.clone(), reason: "充错卡".into() };
    let command = reverse(&shop);
    assert_eq!(shop.refused(&command), Refusal::TopUpSpent { spent: 34_067, principal: 69_030, bonus: 6_903 });
    let back = take_back(&shop, &sold.receipt_no, 34_067);
    shop.done(&back);
    shop.done(&command);
    assert_eq!((shop.value("6001"), shop.count("select amount from balance where unit = x'0601'")), ((0, 0), 50_000));
    assert!(matches!(shop.refused(&command), Refusal::AlreadyReturned { .. }));
}

#[test]
fn a_torn_or_repeated_one_is_made_once() {
    let mut shop = Shop::new("a19-once");
    shop.goods_of_a1();
    let (asked, moment) = (command(&shop), shop.paying());
    shop.torn(&asked, &moment);
    assert_eq!((shop.value("6001"), shop.bill().is_some()), ((0, 0), true), "all or nothing");
    for _ in 0..2 {
        shop.decide_at(&asked, &moment).expect("the same command");
    }
    assert_eq!((shop.value("6001"), shop.count("select count(*) from receipt")), ((69_030, 6_903), 2));
}

#[rstest]
#[case::nothing_on_the_bill(false, false, |_: &mut TopUpAndPay| (), Refusal::EmptyBill)]
#[case::a_walk_in(true, false, |_: &mut TopUpAndPay| (), Refusal::NoMember)]
#[case::a_tender_that_is_none(true, true, |asked: &mut TopUpAndPay| asked.tender = "value".into(), Refusal::TenderUnknown { tender: "value".into() })]
#[case::fewer_notes(true, true, |asked: &mut TopUpAndPay| asked.tendered = Some(Money::from_minor(99_999)), Refusal::BadAmount)]
#[case::another_gift(true, true, |asked: &mut TopUpAndPay| asked.gift = Money::ZERO, Refusal::GiftChanged { gift: 10_000 })]
#[case::another_due(true, true, |asked: &mut TopUpAndPay| asked.due = Money::from_minor(34_060), Refusal::DueChanged { due: 34_067 })]
#[case::too_little(
    true,
    true,
    |asked: &mut TopUpAndPay| (asked.amount, asked.gift) = (Money::from_minor(30_000), Money::ZERO),
    Refusal::NotEnoughHere { wanted: 34_067, here: 30_000, elsewhere: vec![] }
)]
fn refused(#[case] goods: bool, #[case] member: bool, #[case] change: fn(&mut TopUpAndPay), #[case] wanted: Refusal) {
    let mut shop = Shop::new(&format!("a19-refused-{goods}-{member}-{}", wanted.code()));
    match (goods, member) {
        (true, true) => shop.goods_of_a1(),
        (true, false) => shop.add(15, 1),
        _ => {}
    }
    let mut asked = command(&shop);
    change(&mut asked);
    let entries = shop.count("select count(*) from entry");
    assert_eq!(pay(&mut shop, &asked), Err(wanted));
    assert_eq!(shop.count("select count(*) from entry"), entries, "nothing is booked");
}

#[test]
fn it_takes_both_rights() {
    let mut shop = Shop::new("a19-rights");
    shop.goods_of_a1();
    shop.staff = CASHIER;
    let asked = command(&shop);
    for right in [Right::TopUp, Right::Sell] {
        let mut moment = shop.paying();
        moment.rights.retain(|held| *held != right);
        assert_eq!(shop.decide_at(&asked, &moment).map(drop), Err(Refusal::NotAllowed { right }));
    }
}
