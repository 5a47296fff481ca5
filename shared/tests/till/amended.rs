//! A bill of the running shift is put right: the member who forgot the card, the clerks who truly sold.
use crate::returns::{POINTS, take_back};
use crate::shop::{CASHIER, MANAGER, Shop};
use rstest::rstest;
use shared::base::{BusinessDay, MemberId, Rate};
use shared::desk::attach_after::AttachAfter;
use shared::desk::change_sales_clerks::ChangeSalesClerks;
use shared::desk::import::Kind;
use shared::desk::shown::sale;
use shared::facts::sales::{SalesClerk, Sold};
use shared::journal::{Refusal, Right};
use shared::reports::earned::earned;
use shared::reports::report::Asked;
use shared::reports::slips::{Of, list};
use shared::sales::spend;

const WU: &str = "1002";

fn attach(shop: &Shop, receipt_no: &str) -> AttachAfter {
    AttachAfter { who: shop.who(), receipt_no: receipt_no.into(), member: shop.member("6001"), reason: "忘了带卡".into() }
}

fn clerks(shop: &Shop, receipt_no: &str, shares: &[(&str, u32)]) -> ChangeSalesClerks {
    let clerks = shares.iter().map(|(code, bp)| SalesClerk { staff: shop.person(code), share: Rate::from_bp(*bp) }).collect();
    ChangeSalesClerks { who: shop.who(), receipt_no: receipt_no.into(), clerks, reason: "选错了".into() }
}

/// Sold to nobody in particular: the list price, ￥168.00 by WeChat.
fn sold(shop: &mut Shop) -> String {
    shop.add(11, 1);
    shop.pay("wechat", None).expect("paid").receipt_no
}

#[test]
fn the_points_of_the_bill_are_earned_its_price_stays_and_a_return_takes_them() {
    let mut shop = Shop::new("attach-after");
    shop.staff = MANAGER;
    let receipt_no = sold(&mut shop);
    let command = attach(&shop, &receipt_no);
    shop.done(&command);
    assert_eq!((shop.count(POINTS), shop.count("select turnover from takings_day")), (201, 16_800), "168.00 × 1.2, floored");
    assert_eq!(shop.last::<Sold>().due.minor(), 16_800);
    let member = shop.member("6001");
    let basis = |shop: &Shop| spend::spent(&shop.store, member, 0, BusinessDay(20_991_231)).expect("read");
    assert_eq!((basis(&shop).basis.minor(), basis(&shop).purchases), (16_800, 1), "it counts for the level");
    let viewer = shop.viewer();
    let shown = sale::sale(&shop.store, &receipt_no, &viewer).expect("read").expect("found");
    assert_eq!(shown.member.map(|member| member.id), Some(member.to_string()));
    assert_eq!(list(&shop.store, &Of::Member(member), 0, 10).expect("read").0, 1, "it stands in the member's history");
    assert_eq!(shop.refused(&command), Refusal::HasMember { receipt_no: receipt_no.clone() });
    let back = take_back(&shop, &receipt_no, 16_800);
    shop.done(&back);
    assert_eq!((shop.count(POINTS), basis(&shop).purchases), (0, 0));
}

#[test]
fn commission_follows_the_clerks_who_are_named_last() {
    let mut shop = Shop::new("clerks-after");
    shop.import(Kind::Settings, "group,key,value", &["commission,commission:sale@20261101,300"], 20_261_121);
    shop.staff = MANAGER;
    let receipt_no = sold(&mut shop);
    for shares in [&[(CASHIER, 10_000)][..], &[(CASHIER, 6_000), (WU, 4_000)]] {
        let change = clerks(&shop, &receipt_no, shares);
        shop.done(&change);
    }
    let (from, until) = (BusinessDay(20_261_121), BusinessDay(20_261_121));
    let asked = Asked { from, until, branches: vec![shop.branch], see_phones: false, now_ms: shop.now_ms, rows_max: 1_000 };
    let paid = |shop: &Shop| earned(&shop.store, &asked).expect("read").iter().map(|one| (one.staff, one.amount)).collect::<Vec<_>>();
    let (zhou, wu) = (shop.person(CASHIER), shop.person(WU));
    // 3 % of 168.00 is 5.04: 小吴 2.02, 小周 the rest.
    assert_eq!(paid(&shop), [(zhou, 302), (wu, 202)]);
    let back = take_back(&shop, &receipt_no, 16_800);
    shop.done(&back);
    assert_eq!(paid(&shop)[2..], [(zhou, -302), (wu, -202)], "taken back from who had it");
}

#[rstest]
#[case::no_such_receipt(|command: &mut AttachAfter| command.receipt_no = "X".into(), Refusal::ReceiptUnknown { receipt_no: "X".into() })]
#[case::nobody(|command: &mut AttachAfter| command.member = MemberId([9; 16]), Refusal::UnknownMember)]
#[case::no_reason(|command: &mut AttachAfter| command.reason = " ".into(), Refusal::NotSound { field: "reason".into(), why: "missing".into() })]
fn attach_refused(#[case] change: fn(&mut AttachAfter), #[case] wanted: Refusal) {
    let mut shop = Shop::new(&format!("attach-refused-{wanted:?}").replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    shop.staff = MANAGER;
    let receipt_no = sold(&mut shop);
    let mut command = attach(&shop, &receipt_no);
    change(&mut command);
    assert_eq!(shop.refused(&command), wanted);
    shop.staff = CASHIER;
    assert_eq!(shop.refused(&command), Refusal::NotAllowed { right: Right::Correct });
}

#[rstest]
#[case::no_such_receipt(|command: &mut ChangeSalesClerks| command.receipt_no = "X".into(), Refusal::ReceiptUnknown { receipt_no: "X".into() })]
#[case::half(|command: &mut ChangeSalesClerks| command.clerks[0].share = Rate::from_bp(5_000), Refusal::SharesNotWhole)]
#[case::nobody(|command: &mut ChangeSalesClerks| command.clerks[0].staff = shared::base::StaffId([9; 16]), Refusal::UnknownStaff)]
#[case::the_same(|command: &mut ChangeSalesClerks| command.clerks.clear(), Refusal::NotSound { field: "sales_clerks".into(), why: "same".into() })]
#[case::no_reason(|command: &mut ChangeSalesClerks| command.reason.clear(), Refusal::NotSound { field: "reason".into(), why: "missing".into() })]
fn clerks_refused(#[case] change: fn(&mut ChangeSalesClerks), #[case] wanted: Refusal) {
    let mut shop = Shop::new(&format!("clerks-refused-{wanted:?}").replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    shop.staff = MANAGER;
    let receipt_no = sold(&mut shop);
    let mut command = clerks(&shop, &receipt_no, &[(WU, 10_000)]);
    change(&mut command);
    assert_eq!(shop.refused(&command), wanted);
}

#[test]
fn only_in_its_own_shift_and_before_anything_came_back() {
    let mut shop = Shop::new("amended-late");
    shop.staff = MANAGER;
    let (first, second) = (sold(&mut shop), sold(&mut shop));
    let back = take_back(&shop, &first, 16_800);
    shop.done(&back);
    let command = attach(&shop, &first);
    assert!(matches!(shop.refused(&command), Refusal::AlreadyReturned { .. }));
    shop.close_shift();
    shop.open_shift();
    let late = Refusal::ShiftIsClosed { receipt_no: second.clone() };
    let (attach, change) = (attach(&shop, &second), clerks(&shop, &second, &[(WU, 10_000)]));
    assert_eq!(shop.refused(&attach), late);
    assert_eq!(shop.refused(&change), late);
}
