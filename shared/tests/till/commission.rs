//! G1, G6 and what comes back: commission of bills to the cent, with the members' examples A1 and A2. G3 stands with the packages, G5 with the
//! cards.
use crate::returns::part;
use crate::shop::{CASHIER, MANAGER, MINUTE_MS, Shop};
use shared::base::{BusinessDay, Rate, StaffId};
use shared::desk::bill::sales_clerks::NameSalesClerks;
use shared::desk::import::Kind;
use shared::facts::sales::SalesClerk;
use shared::reports::earned::{Cause, Earned, earned};
use shared::reports::list::report;
use shared::reports::report::{Asked, Cell};
use shared::staff::disable::Disable;

const WU: &str = "1002";

fn asked(shop: &Shop, from: u32, until: u32) -> Asked {
    let (from, until) = (BusinessDay(from), BusinessDay(until));
    Asked { from, until, branches: vec![shop.branch], see_phones: false, now_ms: shop.now_ms, rows_max: 1_000 }
}

fn of(shop: &Shop, from: u32, until: u32) -> Vec<(StaffId, Cause, i64)> {
    let all = earned(&shop.store, &asked(shop, from, until)).expect("read");
    let paid = all.into_iter().filter(|one| one.amount != 0);
    paid.map(|Earned { staff, cause, amount, .. }| (staff, cause, amount)).collect()
}

/// A1 sold by 小周 60 and 小吴 40 at 3 %; its receipt.
fn sold_a1(shop: &mut Shop) -> String {
    shop.import(Kind::Settings, "group,key,value", &["commission,commission:sale@20261101,300"], 20_261_121);
    shop.top_up("6001", 100_000, 10_000);
    let clerks = [(CASHIER, 6_000), (WU, 4_000)];
    let clerks = clerks.iter().map(|(code, bp)| SalesClerk { staff: shop.person(code), share: Rate::from_bp(*bp) }).collect();
    let name = NameSalesClerks { who: shop.who(), clerks };
    shop.done(&name);
    shop.goods_of_a1();
    shop.pay("value", Some(20_000));
    shop.pay("cash", Some(15_000)).expect("paid").receipt_no
}

#[test]
fn g1_a_bill_is_shared_and_a_return_is_clawed_back_from_both() {
    let mut shop = Shop::new("g1");
    let receipt_no = sold_a1(&mut shop);
    let (zhou, wu) = (shop.person(CASHIER), shop.person(WU));
    assert_eq!(of(&shop, 20_261_121, 20_261_121), [(zhou, Cause::Sale, 613), (wu, Cause::Sale, 409)]);
    // A2: 3 % of 274.31 is 8.23: 4.94 and 3.29 are left.
    shop.staff = MANAGER;
    let one = part(&shop, &receipt_no, &[(2, 1)], 6_629);
    shop.done(&one);
    let now = of(&shop, 20_261_121, 20_261_121);
    assert_eq!(now[2..], [(zhou, Cause::Return, -119), (wu, Cause::Return, -80)]);
}

#[test]
fn g6_what_comes_back_stands_on_the_account_of_who_left() {
    let mut shop = Shop::new("g6");
    let receipt_no = sold_a1(&mut shop);
    let wu = shop.person(WU);
    shop.hq(&Disable { staff: wu, disabled: true, reason: "离职".into() }).expect("HQ may");
    shop.close_shift();
    shop.now_ms += 24 * 60 * MINUTE_MS;
    shop.staff = MANAGER;
    shop.open_shift();
    let one = part(&shop, &receipt_no, &[(2, 1)], 6_629);
    shop.done(&one);
    assert_eq!(of(&shop, 20_261_121, 20_261_121).len(), 2, "the day of the sale stays as it was");
    assert!(of(&shop, 20_261_122, 20_261_122).contains(&(wu, Cause::Return, -80)));
    let commission = report("commission").expect("a report");
    let rows = (commission.query)(&shop.store, &asked(&shop, 20_261_122, 20_261_122)).expect("read");
    let hers = rows.iter().find(|row| row.cells[1] == Cell::from("1002 小吴")).expect("listed for payroll");
    assert_eq!((&hers.cells[2], hers.cells[8].number(), hers.cells[9].number()), (&Cell::said("已离职", "left"), -80, -80));
    assert_eq!(hers.opens.as_ref().expect("it opens").page, "commission_lines");
}

#[test]
fn a_rate_of_a_later_day_changes_nothing_before() {
    let mut shop = Shop::new("later-rate");
    sold_a1(&mut shop);
    let before = of(&shop, 20_261_121, 20_261_121);
    shop.import(Kind::Settings, "group,key,value", &["commission,commission:sale@20261122,900"], 20_261_121);
    assert_eq!(of(&shop, 20_261_121, 20_261_121), before);
}
