//! 换货 as one bill: pieces come back, new goods are paid with them, and only the difference moves. Postings: `docs/returns.md` 13 to 15.
use crate::returns::{part, take_back};
use crate::shop::{CASHIER, MANAGER, Shop};
use rstest::rstest;
use shared::base::{Money, Quantity};
use shared::desk::reprint::{Of, Reprint};
use shared::desk::swap::{self, Swap};
use shared::facts::sales::{Proven, Returned, Sold};
use shared::journal::{Refusal, Right};
use shared::sales::back::Pick;

fn picked(picks: &[(u16, i64)]) -> Vec<Pick> {
    picks.iter().map(|(line, pieces)| Pick { line: *line, quantity: Quantity::from_thousandths(pieces * 1_000) }).collect()
}

/// Pieces that give back `amount`, for the open bill; the due as the page says it.
pub fn swap(shop: &mut Shop, receipt_no: &str, picks: &[(u16, i64)], amount: i64, tender: Option<&str>) -> Swap {
    let (who, moment) = (shop.who(), shop.moment());
    let shown = swap::preview(&shop.store, &who, receipt_no, &picked(picks), &moment).expect("read");
    let due = shown.map_or(Money::ZERO, |shown| if tender == Some("cash") { shown.due_cash } else { shown.due });
    let (refund, tender) = (Money::from_minor(amount), tender.map(str::to_owned));
    let (receipt_no, picks, proven) = (receipt_no.to_owned(), picked(picks), Proven::NotAsked);
    Swap { who, receipt_no, picks, reason: "换大号".into(), refund, due, tender, amount: None, proven, asked: [0; 16] }
}

fn done(shop: &mut Shop, command: &Swap) -> Result<(), Refusal> {
    let moment = if shop.bill().is_some() { shop.paying() } else { shop.moment() };
    shop.decide_at(command, &moment).map(drop)
}

/// A mask was sold for 69.80 in cash.
fn sold_a_mask(shop: &mut Shop) -> String {
    shop.staff = MANAGER;
    shop.add(12, 1);
    shop.pay("cash", Some(10_000)).expect("paid").receipt_no
}

const CASH: &str = "select amount from balance where unit = x'0601'";

#[test]
fn one_slip_two_facts_and_the_difference_in_the_drawer() {
    let mut shop = Shop::new("swap");
    let receipt_no = sold_a_mask(&mut shop);
    shop.add(13, 1);
    let mut command = swap(&mut shop, &receipt_no, &[(1, 1)], 6_980, None);
    done(&mut shop, &command).expect("allowed");
    assert_eq!(shop.count(CASH), 50_000 + 2_550, "44.30 went back over the counter");
    let (sold, returned): (Sold, Returned) = (shop.last(), shop.last());
    assert_eq!((sold.tenders[0].code.as_str(), sold.tenders[0].amount.minor(), returned.paid_back.minor()), ("cash", 2_550, 6_980));
    assert_eq!(shop.store_rows("select slip from receipt order by counter"), [1, 2, 1]);
    assert_eq!((shop.count("select turnover from takings_day"), shop.count("select received from takings_day")), (2_550, 2_550));
    let slip = shop.slip();
    for shown in ["69.80", "25.50", "退差价", "44.30", &receipt_no, &returned.receipt_no, &sold.receipt_no] {
        assert!(slip.contains(shown), "{shown} in\n{slip}");
    }
    assert!(shop.kicks());
    let again = Reprint { who: shop.who(), of: Of::Receipt(sold.receipt_no.clone()), first: false };
    shop.done(&again);
    assert!(shop.slip().contains("退差价"), "a copy has both parts\n{}", shop.slip());
    // Nothing of the old bill comes back again; the new one comes back as any other.
    shop.add(13, 1);
    command.due = Money::from_minor(2_550);
    assert!(matches!(done(&mut shop, &command), Err(Refusal::AlreadyReturned { .. })));
    let back = take_back(&shop, &sold.receipt_no, 2_550);
    shop.done(&back);
    assert_eq!(shop.count(CASH), 50_000);
}

#[test]
fn a_repeated_or_torn_one_is_made_once() {
    let mut shop = Shop::new("swap-once");
    let receipt_no = sold_a_mask(&mut shop);
    shop.add(11, 1);
    let command = swap(&mut shop, &receipt_no, &[(1, 1)], 6_980, Some("wechat"));
    let moment = shop.paying();
    shop.torn(&command, &moment);
    assert_eq!((shop.count(CASH), shop.bill().is_some()), (56_980, true));
    for _ in 0..2 {
        shop.decide_at(&command, &moment).expect("the same command");
    }
    assert_eq!(shop.count("select count(*) from receipt"), 3);
    assert_eq!(shop.count("select amount from balance where unit = x'0602'"), 9_820);
}

#[test]
fn the_difference_in_cash_gives_change() {
    let mut shop = Shop::new("swap-cash");
    let receipt_no = sold_a_mask(&mut shop);
    shop.add(11, 1);
    let mut command = swap(&mut shop, &receipt_no, &[(1, 1)], 6_980, Some("cash"));
    command.amount = Some(Money::from_minor(10_000));
    done(&mut shop, &command).expect("allowed");
    let sold: Sold = shop.last();
    assert_eq!((sold.due.minor(), sold.change.minor(), shop.count(CASH)), (16_800, 180, 50_000 + 16_800));
    let command = part(&shop, &receipt_no, &[(1, 1)], 6_980);
    assert!(matches!(shop.refused(&command), Refusal::AlreadyReturned { .. }));
}

#[rstest]
#[case::nothing_new(false, |_: &mut Swap| (), Refusal::EmptyBill)]
#[case::another_refund(true, |asked: &mut Swap| asked.refund = Money::from_minor(6_981), Refusal::RefundChanged { amount: 6_980 })]
#[case::another_due(true, |asked: &mut Swap| asked.due = Money::from_minor(1), Refusal::DueChanged { due: 16_800 })]
#[case::no_tender_for_the_rest(true, |asked: &mut Swap| asked.tender = None, Refusal::BadAmount)]
#[case::too_little_for_the_rest(true, |asked: &mut Swap| asked.amount = Some(Money::from_minor(9_819)), Refusal::BadAmount)]
#[case::too_much_for_the_rest(true, |asked: &mut Swap| asked.amount = Some(Money::from_minor(9_821)), Refusal::OverDue { over: 1 })]
#[case::a_tender_that_is_none(true, |asked: &mut Swap| asked.tender = Some("shell".into()), Refusal::TenderUnknown { tender: "shell".into() })]
#[case::no_such_receipt(true, |asked: &mut Swap| asked.receipt_no = "x".into(), Refusal::ReceiptUnknown { receipt_no: "x".into() })]
#[case::more_than_came(true, |asked: &mut Swap| asked.picks = picked(&[(1, 2)]), Refusal::NotReturnable { line: 1, left: 1_000 })]
fn refused(#[case] goods: bool, #[case] change: fn(&mut Swap), #[case] wanted: Refusal) {
    let mut shop =
        Shop::new(&format!("swap-refused-{goods}-{}-{wanted:?}", wanted.code()).replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let receipt_no = sold_a_mask(&mut shop);
    if goods {
        shop.add(11, 1);
    }
    let mut command = swap(&mut shop, &receipt_no, &[(1, 1)], 6_980, Some("wechat"));
    change(&mut command);
    let entries = shop.count("select count(*) from entry");
    assert_eq!(done(&mut shop, &command), Err(wanted));
    assert_eq!(shop.count("select count(*) from entry"), entries, "nothing is booked");
}

#[test]
fn it_takes_both_rights_and_a_bill_that_nobody_pays_yet() {
    let mut shop = Shop::new("swap-rights");
    let receipt_no = sold_a_mask(&mut shop);
    shop.add(11, 1);
    let command = swap(&mut shop, &receipt_no, &[(1, 1)], 6_980, Some("wechat"));
    for right in [Right::Return, Right::Sell] {
        let mut moment = shop.paying();
        moment.rights.retain(|held| *held != right);
        assert_eq!(shop.decide_at(&command, &moment).map(drop), Err(Refusal::NotAllowed { right }));
    }
    // The cashier's own limit of refunds is 100.00.
    shop.staff = CASHIER;
    shop.pay("wechat", Some(1_000));
    assert_eq!(done(&mut shop, &command), Err(Refusal::HasTenders));
}
