//! Goal: a member has the level that the purchases of the window are worth (R14), in whatever order branches tell of them; a return within 30 days
//! takes the rise back at once; a level by hand stands until its last day. Method: a real store; sales and returns as facts, the rule of head
//! office decided by the clerk's own code; every order of arrival.
mod house;

use house::{BRANCH, House, NOW_MS, SOMEBODY, TODAY};
use rstest::rstest;
use shared::base::{BranchId, BusinessDay, DocumentId, MemberId, Money, Rate, SaleId};
use shared::desk::keep_level::{KeepLevel, buyers, due_on};
use shared::desk::write::Write;
use shared::desk::write::level::Level;
use shared::desk::write::member::WriteMember;
use shared::desk::write::setting::WriteSetting;
use shared::documents::settings::Group;
use shared::documents::{Fields, Scalar};
use shared::facts::Fact;
use shared::facts::sales::{Buyer, Occasion, RULES, Returned, Sold};
use shared::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use shared::members::give_level::GiveLevel;
use shared::members::level::{given, level};
use shared::sales::receipt_number::ReceiptNumber;

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

/// A fact as a branch's till made it.
struct Told<F>(F);

impl<F: Fact> Command for Told<F> {
    type State = ();
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        Vec::new()
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&self.0))
    }
}

fn occasion(day: u32) -> Occasion {
    Occasion { branch: BRANCH, till: 1, shift: None, day, hour: 14, at_ms: NOW_MS, by: SOMEBODY, allowed_by: None, clock_by_hand: false }
}

fn number(day: u32, n: u8) -> String {
    ReceiptNumber { branch: 1, till: 1, install: 1, day: BusinessDay(day), counter: n.into() }.to_string()
}

/// A purchase that counts so much.
fn sold(member: MemberId, n: u8, day: u32, basis: i64) -> Sold {
    let buyer = Buyer {
        member,
        rate: Rate::WHOLE,
        per: money(100),
        factor: Rate::WHOLE,
        basis: money(basis),
        principal_after: Money::ZERO,
        bonus_after: Money::ZERO,
        points: Vec::new(),
        occasion: None,
    };
    Sold {
        sale: SaleId([n; 16]),
        at: occasion(day),
        receipt_no: number(day, n),
        lines: Vec::new(),
        tenders: Vec::new(),
        subtotal: money(basis),
        discount: Money::ZERO,
        rounding: Money::ZERO,
        due: money(basis),
        change: Money::ZERO,
        rules: RULES,
        buyer: Some(buyer),
        off_by_hand: None,
        sales_clerks: None,
    }
}

/// So much of it comes back on a day.
fn returned(of: &Sold, day: u32, basis: i64) -> Returned {
    Returned {
        sale: of.sale,
        at: occasion(day),
        receipt_no: number(day, 99),
        of_receipt_no: of.receipt_no.clone(),
        lines: Vec::new(),
        tenders: Vec::new(),
        value: money(basis),
        paid_back: money(basis),
        reason: String::new(),
        member: of.buyer.as_ref().map(|buyer| buyer.member),
        points: Vec::new(),
        points_debt: 0,
        principal_after: Money::ZERO,
        bonus_after: Money::ZERO,
        basis: money(basis),
        sold_at: BranchId([0xB0; 16]),
    }
}

fn fields(texts: &[(&str, &str)], numbers: &[(&str, i64)]) -> Fields {
    let texts = texts.iter().map(|(key, text)| ((*key).to_owned(), Scalar::Text((*text).into())));
    texts.chain(numbers.iter().map(|(key, number)| ((*key).to_owned(), Scalar::Int(*number)))).collect()
}

fn id(rank: u8) -> DocumentId {
    DocumentId([0xC0 + rank; 16])
}

/// The four levels of R14, with numbers of purchases beside, and a member.
fn hub(name: &str) -> (House, MemberId) {
    let mut hub = House::hub(name);
    let levels = [("普通", 0, 0), ("高级", 100_000, 3), ("VIP", 500_000, 10), ("至尊VIP", 2_000_000, 40)];
    for (rank, (name, threshold, purchases)) in (0_u8..).zip(levels) {
        let numbers = [("rank", i64::from(rank)), ("threshold_minor", threshold), ("threshold_purchases", purchases)];
        let level = fields(&[("code", &format!("l{rank}")), ("name", name)], &numbers);
        hub.decide(&Write::<Level>::new(Some(id(rank)), level, vec![])).expect("HQ may");
    }
    let write = WriteMember { member: None, set: fields(&[("name", "王小明")], &[]), removed: vec![], although_taken: false };
    let moment = hub.moment();
    hub.decide_at(&write, &moment).expect("HQ may");
    (hub, moment.command.into())
}

fn tell<F: Fact>(hub: &mut House, fact: F) {
    hub.decide(&Told(fact)).expect("told");
}

fn set(hub: &mut House, key: &str, value: &str) {
    hub.decide(&WriteSetting { group: Group::Points, key: key.into(), value: value.into() }).expect("HQ may");
}

/// Head office looks at everybody on a day; answers the member's level by its rank.
fn kept(hub: &mut House, member: MemberId, day: u32) -> i64 {
    for member in due_on(&hub.store, day).expect("read") {
        hub.decide(&KeepLevel { member, day }).expect("kept");
    }
    assert_eq!(due_on(&hub.store, day).expect("read"), [], "once");
    level(&hub.store, member).expect("read").expect("a level").rank
}

#[rstest]
#[case::nothing(&[], 0)]
#[case::below(&[99_999], 0)]
#[case::senior(&[100_000], 1)]
#[case::vip_of_two(&[300_000, 200_000], 2)]
#[case::supreme(&[2_000_000], 3)]
fn what_purchases_come_to(#[case] bases: &[i64], #[case] wanted: i64) {
    let (mut hub, member) = hub("levels-sums");
    for (n, basis) in (1_u8..).zip(bases) {
        tell(&mut hub, sold(member, n, TODAY, *basis));
    }
    assert_eq!(kept(&mut hub, member, TODAY), wanted);
}

#[rstest]
#[case::a_year_ago_to_the_day("rolling", 20251121, 0)]
#[case::a_day_later("rolling", 20251122, 2)]
#[case::last_year("year", 20251231, 0)]
#[case::this_year("year", 20260101, 2)]
#[case::ever("all", 20190101, 2)]
fn which_purchases_count(#[case] window: &str, #[case] day: u32, #[case] wanted: i64) {
    let (mut hub, member) = hub("levels-window");
    set(&mut hub, "level_window", window);
    tell(&mut hub, sold(member, 1, day, 500_000));
    assert_eq!(kept(&mut hub, member, TODAY), wanted);
}

#[rstest]
#[case::three_months(3, 20260821, 0)]
#[case::and_a_day(3, 20260822, 2)]
#[case::over_the_turn_of_the_year(11, 20251222, 2)]
fn months_of_the_window(#[case] months: i64, #[case] day: u32, #[case] wanted: i64) {
    let (mut hub, member) = hub("levels-months");
    set(&mut hub, "level_months", &months.to_string());
    tell(&mut hub, sold(member, 1, day, 500_000));
    assert_eq!(kept(&mut hub, member, TODAY), wanted);
}

#[rstest]
#[case::amount("amount", 3, 30_000, 0)]
#[case::purchases("purchases", 3, 30_000, 1)]
#[case::purchases_and_not_the_amount("purchases", 1, 2_000_000, 0)]
#[case::either_by_number("either", 3, 30_000, 1)]
#[case::either_by_amount("either", 1, 100_000, 1)]
#[case::both_but_one("both", 1, 100_000, 0)]
#[case::both("both", 3, 40_000, 1)]
fn amount_and_number(#[case] by: &str, #[case] purchases: u8, #[case] each: i64, #[case] wanted: i64) {
    let (mut hub, member) = hub("levels-by");
    set(&mut hub, "level_by", by);
    for n in 1..=purchases {
        tell(&mut hub, sold(member, n, TODAY, each));
    }
    assert_eq!(kept(&mut hub, member, TODAY), wanted);
}

#[rstest]
#[case::on_the_day(TODAY, 0)]
#[case::on_the_thirtieth_day(20261221, 0)]
#[case::a_day_late(20261222, 2)]
fn a_return_within_30_days_undoes_the_rise_at_once(#[case] day: u32, #[case] wanted: i64) {
    let (mut hub, member) = hub("levels-return");
    let (small, big) = (sold(member, 1, TODAY, 50_000), sold(member, 2, TODAY, 450_000));
    tell(&mut hub, small);
    tell(&mut hub, big.clone());
    assert_eq!(kept(&mut hub, member, TODAY), 2);
    tell(&mut hub, returned(&big, day, 450_000));
    assert_eq!(kept(&mut hub, member, day), wanted);
    // A purchase of which nothing was kept is none.
    set(&mut hub, "level_by", "purchases");
    let spent = shared::sales::spend::spent(&hub.store, member, 0, BusinessDay(day)).expect("read");
    assert_eq!(spent.purchases, if wanted == 0 { 1 } else { 2 });
}

#[test]
fn purchases_leave_the_window_and_the_level_falls_with_them() {
    let (mut hub, member) = hub("levels-leave");
    tell(&mut hub, sold(member, 1, 20251201, 400_000));
    tell(&mut hub, sold(member, 2, TODAY, 100_000));
    assert_eq!(kept(&mut hub, member, TODAY), 2);
    assert_eq!(kept(&mut hub, member, 20261130), 2);
    assert_eq!(kept(&mut hub, member, 20261201), 1);
    let told = hub.store.number("select count(*) from entry where kind = 140", &[]).expect("read");
    assert_eq!(told, 2, "only what changes is written");
}

#[test]
fn every_order_of_arrival_gives_the_same_level() {
    let member = MemberId([1; 16]);
    let (one, two, three) = (sold(member, 1, 20261101, 60_000), sold(member, 2, 20261110, 440_000), sold(member, 3, 20261115, 50_000));
    let back = returned(&two, 20261118, 440_000);
    let orders: [[usize; 4]; 8] =
        [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [3, 1, 2, 0], [2, 0, 3, 1], [1, 0, 2, 3], [0, 3, 1, 2], [2, 3, 0, 1]];
    for order in orders {
        let (mut hub, own) = hub("levels-order");
        let mine = |sold: &Sold| {
            let buyer = sold.buyer.clone().map(|buyer| Buyer { member: own, ..buyer });
            Sold { buyer, ..sold.clone() }
        };
        for at in order {
            match at {
                0 => tell(&mut hub, mine(&one)),
                1 => tell(&mut hub, mine(&two)),
                2 => tell(&mut hub, mine(&three)),
                _ => tell(&mut hub, Returned { member: Some(own), ..back.clone() }),
            }
            // The rule looks after each, as it does at head office.
            kept(&mut hub, own, TODAY);
        }
        assert_eq!(kept(&mut hub, own, TODAY), 1, "{order:?}: 600 + 500 stay");
    }
}

#[test]
fn a_level_by_hand_stands_until_its_last_day_beside_what_was_reached() {
    let (mut hub, member) = hub("levels-hand");
    tell(&mut hub, sold(member, 1, TODAY, 100_000));
    assert_eq!(kept(&mut hub, member, TODAY), 1);
    let give = |level, ends| GiveLevel { member, level, ends };
    for ends in [Some(20261120), Some(20261131), Some(7)] {
        let refused = hub.decide(&give(id(3), ends));
        assert_eq!(refused, Err(Refusal::NotSound { field: "ends".into(), why: "range".into() }), "{ends:?}");
    }
    hub.decide(&give(id(3), Some(20261130))).expect("HQ may");
    let stands = given(&hub.store, member).expect("read").expect("given");
    assert_eq!((stands.level, stands.ends, stands.by), (id(3), 20261130, Some(SOMEBODY)), "who gave it, until when");
    assert_eq!(hub.decide(&give(id(3), Some(20261130))), Ok(0), "it stands so");
    assert_eq!(kept(&mut hub, member, 20261130), 3, "its last day");
    assert_eq!(kept(&mut hub, member, 20261201), 1, "what purchases are worth");
    assert_eq!(given(&hub.store, member).expect("read"), None);
    // Who reaches more than was given has more.
    hub.decide(&give(id(1), None)).expect("HQ may");
    tell(&mut hub, sold(member, 2, TODAY, 500_000));
    assert_eq!(kept(&mut hub, member, TODAY), 2);
}

#[test]
fn who_bought_is_read_from_the_entries() {
    let (mut hub, member) = hub("levels-buyers");
    let sale = sold(member, 1, TODAY, 100_000);
    let moment = hub.moment();
    let outcome = hub.store.transaction(|writer| writer.decide(&Told(sale.clone()), &moment)).expect("no fault").expect("told");
    let shared::store::Outcome::Done(heads) = outcome else { panic!("it is new") };
    assert_eq!(buyers(&hub.store, &heads).expect("read").into_iter().collect::<Vec<_>>(), [member]);
}
