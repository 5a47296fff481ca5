//! Coupons at a till: A8's coupon, C15, single use, and that a whole return gives it back.
use crate::returns::{part, take_back};
use crate::shop::{HERE, MANAGER, MINUTE_MS, Shop};
use rstest::rstest;
use shared::base::{CommandId, MemberId, Money, SaleId, StreamId};
use shared::branches;
use shared::coupons::{Coupon, of_member, used};
use shared::desk::bill::attach::Detach;
use shared::desk::bill::coupon::{PutCoupon, TakeCouponOff};
use shared::desk::coupons::issue::{IssueCoupons, To};
use shared::desk::find;
use shared::desk::import::Kind;
use shared::desk::shown::coupon::CouponState;
use shared::facts::Fact;
use shared::facts::coupons::{CouponSpent, Terms};
use shared::facts::sales::{Occasion, Sold};
use shared::journal::{Read, Refusal, Right};
use shared::ledger::balance;

const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// Coupons that lie here.
const LYING: &str = "select coalesce(cast(sum(amount) as bigint), 0) from balance where substr(unit, 1, 1) = x'04'
                     and substr(holder, 1, 16) = x'00000000000000000000000000000000'";

fn terms(off: i64, least: i64) -> Terms {
    let (off, least) = (Money::from_minor(off), Money::from_minor(least));
    Terms { name: "满100减10".into(), name_en: "10 off 100".into(), off, least, from: 20_261_121, until: 20_261_130 }
}

fn issue(shop: &Shop, to: To) -> IssueCoupons {
    IssueCoupons { terms: terms(1_000, 10_000), to, branch: Some(shop.branch) }
}

/// Head office knows where the branch's things lie, and gives a member a coupon.
pub fn of(shop: &mut Shop, card: &str, off: i64, least: i64) -> Coupon {
    let (branch, member) = (shop.branch, shop.member(card));
    shop.hub.transaction(|writer| writer.know_stream(HERE, Some(branch), &[9; 32], None)).expect("known");
    let command = IssueCoupons { terms: terms(off, least), ..issue(shop, To::Members(vec![member])) };
    shop.hq(&command).expect("HQ may");
    of_member(&shop.store, member, 20_261_121).expect("read").remove(0)
}

/// 10.00 for 100.00.
fn given(shop: &mut Shop) -> Coupon {
    of(shop, "6001", 1_000, 10_000)
}

pub fn put(shop: &Shop, coupon: &Coupon) -> PutCoupon {
    PutCoupon { who: shop.who(), coupon: coupon.id.to_string() }
}

/// 100.00 + 100.00 at 9.5折 = 190.00, less 10.00.
fn sold(shop: &mut Shop, coupon: &Coupon) -> String {
    shop.attach("6001");
    shop.add(15, 2);
    let command = put(shop, coupon);
    shop.done(&command);
    shop.pay("wechat", None).expect("paid").receipt_no
}

#[test]
fn a_coupon_comes_off_once_and_a_whole_return_gives_it_back() {
    let mut shop = Shop::new("coupon");
    let coupon = given(&mut shop);
    assert_eq!(shop.count(LYING), 1, "it was sent here");
    shop.staff = MANAGER;
    let receipt_no = sold(&mut shop, &coupon);
    let fact: Sold = shop.last();
    assert_eq!((fact.due.minor(), fact.discount.minor(), shop.count(LYING)), (18_000, 2_000, 0));
    let line = &fact.lines[0];
    let off = line.price_discount.minor() + line.rate_discount.minor() + line.bill_discount.minor() + line.rounding.minor();
    assert_eq!(line.gross.minor() - off, line.net.minor(), "the line says where its price comes from");
    // The second time: used, and when.
    shop.attach("6001");
    shop.add(15, 2);
    let again = put(&shop, &coupon);
    assert!(matches!(shop.refused(&again), Refusal::CouponUsed { at_ms, .. } if at_ms == fact.at.at_ms));
    shop.pay("wechat", None).expect("paid");
    let one = part(&shop, &receipt_no, &[(1, 1)], 9_000);
    shop.done(&one);
    assert_eq!(shop.count(LYING), 0, "a part keeps it used");
    let rest = take_back(&shop, &receipt_no, 9_000);
    shop.done(&rest);
    assert_eq!((shop.count(LYING), used(&shop.store, coupon.id).expect("read")), (1, None));
    sold(&mut shop, &coupon);
    assert_eq!(shop.count(LYING), 0);
}

#[test]
fn a_coupon_that_ran_out_stays_used() {
    let mut shop = Shop::new("coupon-late");
    let coupon = given(&mut shop);
    shop.staff = MANAGER;
    let receipt_no = sold(&mut shop, &coupon);
    shop.close_shift();
    shop.now_ms += 10 * DAY_MS;
    shop.open_shift();
    let back = take_back(&shop, &receipt_no, 18_000);
    shop.done(&back);
    assert_eq!(shop.count(LYING), 0, "1 Dec: its last day was 30 Nov");
    let late = put(&shop, &coupon);
    shop.attach("6001");
    assert_eq!(shop.refused(&late), Refusal::CouponNotNow { from: 20_261_121, until: 20_261_130 });
}

#[test]
fn a_bill_that_does_not_come_to_enough_is_not_paid_with_it() {
    let mut shop = Shop::new("coupon-least");
    let coupon = given(&mut shop);
    shop.attach("6001");
    shop.add(15, 1);
    let command = put(&shop, &coupon);
    shop.done(&command);
    assert_eq!(shop.shown().totals.due.minor(), 9_500, "95.00 is less than 100.00");
    assert_eq!(shop.try_pay("wechat", None).map(drop), Err(Refusal::CouponLeast { least: 10_000 }));
    let off = TakeCouponOff { who: shop.who() };
    shop.done(&off);
    assert_eq!((shop.pay("wechat", None).expect("paid").due.minor(), shop.count(LYING)), (9_500, 1));
}

#[test]
fn two_bills_of_one_coupon_and_who_it_belongs_to() {
    let mut shop = Shop::new("coupon-twice");
    let coupon = given(&mut shop);
    let command = put(&shop, &coupon);
    assert_eq!(shop.refused(&command), Refusal::NoMember);
    shop.attach("6001");
    shop.add(15, 2);
    shop.done(&command);
    let detach = Detach { who: shop.who() };
    shop.done(&detach);
    assert_eq!(shop.bill().and_then(|bill| bill.coupon), None, "it goes with its member");
    shop.attach("6001");
    shop.done(&command);
    // Another till has it on a bill as well, and is paid first.
    shop.till = 2;
    shop.open_shift();
    sold(&mut shop, &coupon);
    shop.till = 1;
    assert!(matches!(shop.try_pay("wechat", None), Err(Refusal::CouponUsed { .. })));
}

/// C15: it lies at another shop, and both are cut off. The shop that has it is every other test here.
#[test]
fn a_coupon_of_another_shop_is_refused_and_the_shop_named() {
    let mut shop = Shop::new("coupon-c15");
    shop.import(Kind::Branches, "code,name", &["B2,中山店"], 20_261_121);
    let other = branches::by_code(&shop.store, "B2").expect("read").expect("the branch").id;
    shop.hub.transaction(|writer| writer.know_stream(StreamId([0x77; 16]), Some(other), &[9; 32], None)).expect("known");
    let command = IssueCoupons { branch: Some(other), ..issue(&shop, To::Members(vec![shop.member("6001")])) };
    shop.hq(&command).expect("HQ may");
    let coupon = of_member(&shop.store, shop.member("6001"), 20_261_121).expect("read").remove(0);
    shop.attach("6001");
    shop.add(15, 2);
    shop.cut_off_since_ms = 77;
    let command = put(&shop, &coupon);
    assert_eq!(shop.refused(&command), Refusal::LiesElsewhere { name: "中山店".into(), reachable: false, since_ms: Some(77) });
    let viewer = shop.viewer();
    let shown = shared::desk::shown::coupon::of_member(&shop.store, shop.member("6001"), &viewer).expect("read");
    assert_eq!((shown[0].state, shown[0].branch.as_str()), (CouponState::Elsewhere, "中山店"));
    // Not even a till that forgot to look may use it: the ledger holds it.
    let spent = CouponSpent { coupon: coupon.id, ..spent_of(&shop) };
    let refused = balance::guard(&shop.store, spent.postings(HERE).iter(), HERE).expect("read");
    assert_eq!(refused, Err(Refusal::NotEnoughHere { wanted: 1, here: 0, elsewhere: vec![] }));
}

fn spent_of(shop: &Shop) -> CouponSpent {
    let (coupon, sale, off) = (CommandId([0; 16]), SaleId([1; 16]), Money::from_minor(1_000));
    let (branch, by) = (shop.branch, shop.person(MANAGER));
    let at = Occasion { branch, till: 1, shift: None, day: 20_261_121, hour: 12, at_ms: 0, by, allowed_by: None, clock_by_hand: false };
    CouponSpent { coupon, sale, at, receipt_no: "S".into(), off }
}

#[test]
fn codes_are_for_whoever_has_them_and_lie_at_one_place() {
    let mut shop = Shop::new("coupon-codes");
    let command = IssueCoupons { branch: None, ..issue(&shop, To::Codes(3)) };
    shop.hq(&command).expect("HQ may");
    let rows = shop.store.rows("select code from coupon order by code", &[]).expect("read");
    let codes: Vec<String> = rows.iter().map(|row| row.text(0).to_owned()).collect();
    assert_eq!((codes.len(), codes[0].len(), codes[0] != codes[1]), (3, 12, true));
    shop.add(15, 2);
    shop.cut_off_since_ms = 77;
    let typed = PutCoupon { who: shop.who(), coupon: format!(" {} ", codes[0].to_lowercase()) };
    let lies = Refusal::LiesElsewhere { name: "总部".into(), reachable: false, since_ms: Some(77) };
    assert_eq!(shop.refused(&typed), lies, "C15: it lies at head office, and this shop is cut off");
    let unknown = PutCoupon { who: shop.who(), coupon: "ABCDEFGH2345".into() };
    assert_eq!(shop.refused(&unknown), Refusal::NoCoupon);
    assert!(find::newest(&shop.store, shop.branch, 1, 0, 1).expect("read").is_empty());
}

#[rstest]
#[case::no_name(|asked: &mut IssueCoupons| asked.terms.name.clear(), Refusal::NotSound { field: "name".into(), why: "missing".into() })]
#[case::nothing_off(|asked: &mut IssueCoupons| asked.terms.off = Money::ZERO, Refusal::NotSound { field: "off".into(), why: "range".into() })]
#[case::least(|asked: &mut IssueCoupons| asked.terms.least = Money::from_minor(-1), Refusal::NotSound { field: "least".into(), why: "range".into() })]
#[case::no_day(|asked: &mut IssueCoupons| asked.terms.from = 20_260_230, Refusal::NotSound { field: "from".into(), why: "range".into() })]
#[case::over(|asked: &mut IssueCoupons| asked.terms.until = 20_261_120, Refusal::NotSound { field: "until".into(), why: "range".into() })]
#[case::nobody(|asked: &mut IssueCoupons| asked.to = To::Codes(0), Refusal::NotSound { field: "members".into(), why: "missing".into() })]
#[case::too_many(|asked: &mut IssueCoupons| asked.to = To::Codes(501), Refusal::TooMany { what: "coupons".into(), limit: 500 })]
#[case::a_stranger(|asked: &mut IssueCoupons| asked.to = To::Members(vec![MemberId([9; 16])]), Refusal::UnknownMember)]
fn issue_refused(#[case] change: fn(&mut IssueCoupons), #[case] wanted: Refusal) {
    let mut shop = Shop::new(&format!("coupon-issue-{wanted:?}").replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let mut command = issue(&shop, To::Members(vec![shop.member("6001")]));
    change(&mut command);
    assert_eq!(shop.hq(&command).map(drop), Err(wanted));
    let moment = shared::journal::Moment { rights: Vec::new(), ..shop.moment() };
    assert_eq!(shop.decide_at(&command, &moment).map(drop), Err(Refusal::NotAllowed { right: Right::Catalogue }));
}
