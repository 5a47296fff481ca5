//! Goal: packages are sold, used, undone, extended and paid back as the trade expects, to the cent and to the day, and a use is taken once.
//! Method: a real store of an edge with HQ's catalogue; each command decided by the clerk's own code; figures are those of the examples D1 to D10.
mod house;

use house::{BRANCH, EDGE, HUB, House, TODAY, who};
use rstest::rstest;
use shared::base::{
    Account, AskId, BusinessDay, CommandId, DocumentId, Holder, MemberId, Money, PackageId, ProductNo, Purpose, ShiftId, StreamId, Unit,
};
use shared::desk::enrol::Enrol;
use shared::desk::package::{extend::ExtendPackage, refund::RefundPackage, sell::SellPackage, undo::UndoUses, use_up::TakeUses};
use shared::desk::till::till_id;
use shared::desk::write::Write;
use shared::desk::write::category::Category;
use shared::desk::write::package::Package;
use shared::desk::write::product::Product;
use shared::desk::write::setting::WriteSetting;
use shared::documents::settings::Group;
use shared::documents::{Fields, Scalar};
use shared::facts::ledger::{Carried, Moved};
use shared::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use shared::ledger::balance;
use shared::packages::sold::{self, taken};
use shared::reports::earned::{Cause, earned};
use shared::reports::list::report;
use shared::reports::report::Asked;
use shared::store::append::entry_of;

const FACIAL: DocumentId = DocumentId([0xD1; 16]);
const MONTH: DocumentId = DocumentId([0xD2; 16]);

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

fn at(house: &mut House, days: i64, minutes: i64) -> Moment {
    let moment = house.moment();
    let now_ms = moment.now_ms + (days * 1_440 + minutes) * 60_000;
    let day = BusinessDay(TODAY).plus_days(days).0;
    Moment { shift: Some(ShiftId([3; 16])), till: Some(till_id(BRANCH, 1)), now_ms, day, ..moment }
}

fn done<C: Command>(house: &mut House, command: &C) -> Result<CommandId, Refusal> {
    let moment = at(house, 0, 0);
    house.decide_at(command, &moment).map(|_| moment.command)
}

fn code<T>(done: Result<T, Refusal>) -> Result<T, String> {
    done.map_err(|refusal| refusal.code())
}

fn fields(texts: &[(&str, &str)], numbers: &[(&str, i64)], yes: &[&str]) -> Fields {
    let texts = texts.iter().map(|(key, text)| ((*key).to_owned(), Scalar::Text((*text).into())));
    let numbers = numbers.iter().map(|(key, number)| ((*key).to_owned(), Scalar::Int(*number)));
    texts.chain(numbers).chain(yes.iter().map(|key| ((*key).to_owned(), Scalar::Bool(true)))).collect()
}

/// 面部护理 at 128.00: D1's 10 + 2 for 980.00, good to the end of the year; and a month card once a day from 10:00 to 17:00 for 300.00.
fn shop(name: &str) -> (House, MemberId) {
    let mut hub = House::hub(&format!("{name}-hub"));
    hub.decide(&Write::<Category>::new(None, fields(&[("code", "01"), ("name", "护理")], &[], &[]), vec![])).expect("HQ may");
    let price = format!("price:main:{TODAY}");
    let service = fields(&[("name", "面部护理"), ("category", "01"), ("unit", "次")], &[("number", 7), (&price, 12_800)], &[]);
    hub.decide(&Write::<Product>::new(None, service, vec![])).expect("HQ may");
    for (key, value) in [("package", "400"), ("use", "500"), ("hand.7", "1500"), ("asked_for", "500")] {
        let key = format!("commission:{key}@20261101");
        hub.decide(&WriteSetting { group: Group::Commission, key, value: value.into() }).expect("HQ may");
    }
    let facial = fields(
        &[("code", "facial"), ("name", "面部护理卡")],
        &[("price_minor", 98_000), ("days", 41), ("uses:1", 10), ("gift:1", 2)],
        &["service:1:7"],
    );
    hub.decide(&Write::<Package>::new(Some(FACIAL), facial, vec![])).expect("HQ may");
    let month = fields(
        &[("code", "month"), ("name", "月卡")],
        &[("price_minor", 30_000), ("days", 30), ("uses:1", 30), ("from:1", 600), ("until:1", 1_020)],
        &["service:1:7", "daily:1"],
    );
    hub.decide(&Write::<Package>::new(Some(MONTH), month, vec![])).expect("HQ may");
    let mut edge = House::edge(name);
    edge.commands_from(100);
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry
               where stream = ?1 order by seq";
    let heard: Vec<_> = hub.store.rows(sql, &[HUB.into()]).expect("read").iter().map(entry_of).collect();
    let known = edge.store.transaction(|writer| {
        writer.know_stream(HUB, None, &[1; 32], None)?;
        writer.take_in(&heard)
    });
    known.expect("taken in");
    let enrol = Enrol {
        name: "王小明".into(),
        phone: "13800138000".into(),
        birthday: None,
        gender: String::new(),
        card: None,
        sealed_pin: None,
        although_taken: false,
    };
    let member = done(&mut edge, &enrol).expect("enrolled");
    (edge, member.into())
}

fn sell(member: MemberId, kind: DocumentId, price: i64) -> SellPackage {
    SellPackage { who: who(), member, kind, price: money(price), tender: "cash".into(), tendered: None }
}

fn sold_to(house: &mut House, member: MemberId, kind: DocumentId, price: i64) -> PackageId {
    done(house, &sell(member, kind, price)).expect("sold").into()
}

fn uses(member: MemberId, uses: i64) -> TakeUses {
    TakeUses { who: who(), member, service: ProductNo(7), uses, server: None, asked_for: false }
}

fn left(house: &House, member: MemberId, package: PackageId) -> i64 {
    let account = Account { holder: Holder::Member(member), unit: Unit::Uses(package, 0), place: EDGE };
    balance::amount(&house.store, &account).expect("read")
}

fn drawer(house: &House) -> i64 {
    let holder = Holder::House(BRANCH, Purpose::Drawer);
    balance::amount(&house.store, &Account { holder, unit: Unit::Money(1), place: EDGE }).expect("read")
}

#[rstest]
#[case::d1(|_: &mut SellPackage| {}, Ok(()))]
#[case::with_change(|it: &mut SellPackage| it.tendered = Some(money(100_000)), Ok(()))]
#[case::too_little(|it: &mut SellPackage| it.tendered = Some(money(97_999)), Err("bad_amount"))]
#[case::another_price_was_shown(|it: &mut SellPackage| it.price = money(90_000), Err("due_changed"))]
#[case::no_such_kind(|it: &mut SellPackage| it.kind = DocumentId([9; 16]), Err("not_found"))]
#[case::unknown_tender(|it: &mut SellPackage| it.tender = "gold".into(), Err("tender_unknown"))]
#[case::nobody(|it: &mut SellPackage| it.member = MemberId([9; 16]), Err("unknown_member"))]
fn selling(#[case] change: fn(&mut SellPackage), #[case] wanted: Result<(), &str>) {
    let (mut house, member) = shop("selling-packages");
    let mut command = sell(member, FACIAL, 98_000);
    change(&mut command);
    assert_eq!(code(done(&mut house, &command)).map(|_| ()), wanted.map_err(str::to_owned));
    if wanted.is_ok() {
        assert_eq!(drawer(&house), 98_000);
    }
}

fn told(house: &House) -> Vec<(Cause, i64)> {
    let (from, until) = (BusinessDay(TODAY), BusinessDay(TODAY).plus_days(30));
    let asked = Asked { from, until, branches: vec![BRANCH], see_phones: false, now_ms: 0, rows_max: 100 };
    earned(&house.store, &asked).expect("read").iter().map(|one| (one.cause, one.amount)).collect()
}

/// G3: 4 % of the sale, 5 % of the use's worth, 15.00 a use and 5.00 more where the customer asked for her (点钟); a gift use pays the
/// hand fee too; what is undone goes back.
#[test]
fn g3_seller_technician_and_hand_fee() {
    let (mut house, member) = shop("g3");
    sold_to(&mut house, member, FACIAL, 98_000);
    let served = TakeUses { server: Some(house::SOMEBODY), ..uses(member, 1) };
    let used = done(&mut house, &served).expect("used");
    assert_eq!(told(&house), [(Cause::Package, 3_920), (Cause::Use, 408), (Cause::Hand, 1_500)]);
    let undo = UndoUses { who: who(), member, of: used, reason: "错".into() };
    done(&mut house, &undo).expect("undone");
    assert_eq!(told(&house)[3..], [(Cause::UseBack, -408), (Cause::UseBack, -1_500)]);
    done(&mut house, &TakeUses { uses: 12, ..served.clone() }).expect("all, the two gifts last");
    assert_eq!(told(&house)[5..], [(Cause::Use, 4_900), (Cause::Hand, 18_000)]);
    sold_to(&mut house, member, FACIAL, 98_000);
    let before = told(&house).len();
    done(&mut house, &TakeUses { uses: 1, asked_for: true, ..served.clone() }).expect("used");
    assert_eq!(told(&house)[before..], [(Cause::Use, 408), (Cause::Hand, 2_000)], "4.08 + 20.00");
    done(&mut house, &TakeUses { uses: 1, server: None, asked_for: true, ..served.clone() }).expect("used");
    assert_eq!(told(&house).len(), before + 2, "nobody is asked for where nobody is named");
    let asked =
        Asked { from: BusinessDay(TODAY), until: BusinessDay(TODAY), branches: vec![BRANCH], see_phones: false, now_ms: 0, rows_max: 100 };
    let sums = |name: &str, at: usize| {
        let rows = (report(name).expect("a report").query)(&house.store, &asked).expect("read");
        (rows.len(), rows.iter().map(|row| row.cells[at].number()).sum::<i64>())
    };
    assert_eq!(sums("packages", 10), (2, 196_000));
    assert_eq!((sums("uses", 8), sums("uses", 9)), ((5, 14), (5, 2)), "one was undone");
}

#[test]
fn d1_d2_d4_d6_use_undo_and_refund() {
    let (mut house, member) = shop("d1");
    let package = sold_to(&mut house, member, FACIAL, 98_000);
    assert_eq!(left(&house, member, package), 12);
    assert_eq!(sold::package(&house.store, package).expect("read").expect("there").ends, 20_261_231);
    let worth = |house: &House| -> Vec<i64> {
        let rows = house.store.rows("select worth from uses_taken order by at_ms, worth, id", &[]).expect("read");
        rows.iter().map(|row| row.int(0)).collect()
    };
    for _ in 0..4 {
        done(&mut house, &uses(member, 1)).expect("used");
    }
    assert_eq!((left(&house, member, package), worth(&house).iter().sum::<i64>()), (8, 32_666), "D2: income");
    // D6: the wrong member's use goes back to its own package, once.
    let last = taken(&house.store, member, 10).expect("read")[0].id;
    let undo = UndoUses { who: who(), member, of: last, reason: "认错人".into() };
    assert_eq!(code(done(&mut house, &UndoUses { reason: String::new(), ..undo.clone() })), Err("not_sound".into()));
    done(&mut house, &undo).expect("undone");
    assert_eq!(left(&house, member, package), 9);
    assert_eq!(code(done(&mut house, &undo)), Err("gone".into()), "once");
    assert_eq!(code(done(&mut house, &UndoUses { of: CommandId([9; 16]), ..undo })), Err("not_found".into()));
    done(&mut house, &uses(member, 1)).expect("used");
    // D4: the page shows both sums, the booked one must be the shown one.
    let back = |amount: i64, by_list_price: bool| RefundPackage {
        who: who(),
        member,
        package,
        by_list_price,
        tender: "cash".into(),
        amount: money(amount),
        reason: "退次".into(),
    };
    assert_eq!(done(&mut house, &back(98_000, false)), Err(Refusal::RefundChanged { amount: 58_800 }), "rule A");
    assert_eq!(done(&mut house, &back(98_000, true)), Err(Refusal::RefundChanged { amount: 46_800 }), "rule B");
    done(&mut house, &back(58_800, false)).expect("paid back");
    assert_eq!((left(&house, member, package), drawer(&house)), (0, 98_000 - 58_800));
    let income = house.store.number("select sum(income) from package_refund", &[]).expect("read");
    assert_eq!(income, 6_534, "what is left of the liability becomes income");
    assert_eq!(code(done(&mut house, &back(0, false))), Err("gone".into()));
    assert_eq!(code(done(&mut house, &uses(member, 1))), Err("not_enough_uses".into()));
    // Its uses were settled with the money: none comes back any more.
    let first = taken(&house.store, member, 10).expect("read").into_iter().find(|taken| !taken.undone).expect("used").id;
    assert_eq!(code(done(&mut house, &UndoUses { who: who(), member, of: first, reason: "认错人".into() })), Err("gone".into()));
}

#[rstest]
#[case::one(1, Ok(11))]
#[case::all(12, Ok(0))]
#[case::none(0, Err("bad_quantity"))]
#[case::too_many_at_once(101, Err("bad_quantity"))]
#[case::more_than_there_are(13, Err("not_enough_uses"))]
fn using(#[case] wanted: i64, #[case] stands: Result<i64, &str>) {
    let (mut house, member) = shop("using");
    let package = sold_to(&mut house, member, FACIAL, 98_000);
    let done = code(done(&mut house, &uses(member, wanted)));
    assert_eq!(done.map(|_| left(&house, member, package)), stands.map_err(str::to_owned));
}

#[test]
fn d3_d8_the_oldest_end_goes_first_and_an_ended_one_is_revived_by_extending() {
    let (mut house, member) = shop("d3");
    let (first, second) = (sold_to(&mut house, member, FACIAL, 98_000), sold_to(&mut house, member, FACIAL, 98_000));
    let extend = |package, months, fee| ExtendPackage {
        who: who(),
        member,
        package,
        months,
        fee: money(fee),
        tender: "cash".into(),
        reason: "延期".into(),
    };
    done(&mut house, &extend(second, 6, 0)).expect("extended");
    assert_eq!(sold::package(&house.store, second).expect("read").expect("there").ends, 20_270_630);
    done(&mut house, &uses(member, 10)).expect("used");
    done(&mut house, &uses(member, 3)).expect("used");
    assert_eq!((left(&house, member, first), left(&house, member, second)), (0, 11), "D3");
    // D8: on 8 July 2027 nothing holds any more; extended at most 30 days late, it holds from its old end.
    let late = at(&mut house, 229, 0);
    let refused = Refusal::PackageEnded { name: "面部护理卡".into(), ends: 20_270_630 };
    assert_eq!(house.decide_at(&uses(member, 1), &late), Err(refused));
    for (command, wanted) in [
        (extend(second, 0, 0), "not_sound"),
        (extend(second, 1, -1), "bad_amount"),
        (extend(PackageId([9; 16]), 1, 0), "not_found"),
        (ExtendPackage { reason: String::new(), ..extend(second, 1, 0) }, "not_sound"),
    ] {
        let moment = at(&mut house, 229, 0);
        assert_eq!(code(house.decide_at(&command, &moment)), Err(wanted.into()));
    }
    let (moment, again) = (at(&mut house, 229, 0), at(&mut house, 229, 1));
    house.decide_at(&extend(second, 12, 2_000), &moment).expect("extended");
    assert_eq!(sold::package(&house.store, second).expect("read").expect("there").ends, 20_280_630);
    house.decide_at(&uses(member, 1), &again).expect("used");
    assert_eq!(drawer(&house), 2 * 98_000 + 2_000);
}

#[test]
fn d9_a_month_card_is_good_once_a_day_within_its_hours() {
    let (mut house, member) = shop("d9");
    let package = sold_to(&mut house, member, MONTH, 30_000);
    // Sold at 14:00; 18:00 is too late, and a first visit at 15:20 the only one of the day.
    let evening = at(&mut house, 0, 240);
    let late = Refusal::OnlyBetween { name: "月卡".into(), from_minute: 600, until_minute: 1_020 };
    assert_eq!(house.decide_at(&uses(member, 1), &evening), Err(late));
    let (visit, second) = (at(&mut house, 0, 80), at(&mut house, 0, 90));
    house.decide_at(&uses(member, 1), &visit).expect("used");
    assert_eq!(left(&house, member, package), 29, "the day took its use");
    let refused = house.decide_at(&uses(member, 1), &second);
    assert_eq!(refused, Err(Refusal::UsedToday { name: "月卡".into(), at_ms: Some(visit.now_ms) }));
    // Nobody came for three days: they are gone, today's is there.
    let later = at(&mut house, 4, 0);
    house.decide_at(&uses(member, 1), &later).expect("used");
    assert_eq!(left(&house, member, package), 25);
    // On its last day it takes what is left, and a second visit is told why not.
    let (last, again) = (at(&mut house, 29, 0), at(&mut house, 29, 5));
    house.decide_at(&uses(member, 1), &last).expect("used");
    assert_eq!(left(&house, member, package), 0);
    let refused = house.decide_at(&uses(member, 1), &again);
    assert_eq!(refused, Err(Refusal::UsedToday { name: "月卡".into(), at_ms: Some(last.now_ms) }));
    let over = at(&mut house, 30, 0);
    assert_eq!(code(house.decide_at(&uses(member, 1), &over)), Err("package_ended".into()));
    let extend = ExtendPackage { who: who(), member, package, months: 1, fee: money(0), tender: "cash".into(), reason: "延期".into() };
    let moment = at(&mut house, 30, 1);
    assert_eq!(code(house.decide_at(&extend, &moment)), Err("not_sound".into()), "its uses are its days");
}

/// What carries uses from one place to another, as an ask does.
struct Carry {
    member: MemberId,
    package: PackageId,
    uses: i64,
}

const ELSEWHERE: StreamId = StreamId([0xE1; 16]);

impl Command for Carry {
    type State = ();
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        self.package.bytes().to_vec()
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        let carried = Carried::new(Holder::Member(self.member), Unit::Uses(self.package, 0), self.uses);
        let ask = Some(AskId([7; 16]));
        Ok(Decided::nothing().fact(&Moved { to: ELSEWHERE, accounts: vec![carried], ask, sealed_from: None, more: false }))
    }
}

#[test]
fn d10_of_two_branches_cut_off_only_the_one_where_the_use_lies_takes_it() {
    let (mut a, member) = shop("d10");
    let package = sold_to(&mut a, member, FACIAL, 98_000);
    done(&mut a, &uses(member, 11)).expect("used");
    // The last use goes to the other branch: here nothing may be taken, nor given away a second time, whatever this branch has not heard.
    let moment = at(&mut a, 0, 0);
    a.decide_at(&Carry { member, package, uses: 1 }, &moment).expect("carried");
    assert_eq!(code(done(&mut a, &uses(member, 1))), Err("not_enough_uses".into()));
    let moment = at(&mut a, 0, 0);
    assert_eq!(code(a.decide_at(&Carry { member, package, uses: 1 }, &moment)), Err("not_enough_here".into()));
    // A time card whose days lie elsewhere is not good here either.
    let month = sold_to(&mut a, member, MONTH, 30_000);
    let moment = at(&mut a, 0, 0);
    a.decide_at(&Carry { member, package: month, uses: 30 }, &moment).expect("carried");
    assert_eq!(code(done(&mut a, &uses(member, 1))), Err("not_enough_uses".into()));
}
