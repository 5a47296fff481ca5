//! Goal: what members bring from an older system comes in once, is taken back as a whole, and comes in again mended; what left head office meanwhile
//! is owed and paid when it comes. Method: a hub's store and a branch's, lines as they stand in files, balances asked of the books.
mod house;

use house::{EDGE, HUB, House, TODAY, vault};
use rstest::rstest;
use shared::base::{BusinessDay, CommandId, Holder, MemberId, Unit};
use shared::desk::import::{Amounts, Done, File, Kind, Line};
use shared::desk::notice::notices;
use shared::desk::undo_import::{ReverseOpening, reverse};
use shared::desk::write::Write;
use shared::desk::write::package::Package;
use shared::documents::{Fields, Scalar};
use shared::exchange::debts::PayDebt;
use shared::facts::Fact;
use shared::facts::ledger::{Carried, Drawn, Moved, Recalled};
use shared::journal::{Command, Decided, Fault, Moment, Read, Refusal};
use shared::ledger::balance;
use shared::members::opening::{batches, opening, standing};
use shared::members::{by_card, purse};
use shared::packages::sold;
use shared::store::append::entry_of;

const FIRST: CommandId = CommandId([0xf1; 16]);
const SECOND: CommandId = CommandId([0xf2; 16]);

fn import(house: &mut House, batch: CommandId, kind: Kind, text: &str) -> Vec<Result<Done, String>> {
    let mut rows = text.trim().lines().map(|line| line.trim().split(',').map(str::to_owned).collect::<Vec<_>>());
    let file = File::new(kind, rows.next().expect("a header"), vault()).expect("known columns").in_batch(batch);
    let lines: Vec<Line> = rows.zip(2..).map(|(cells, number)| Line { number, cells }).collect();
    let moment = house.moment();
    let done = house.store.transaction(|writer| file.take_in(writer, &lines, &moment)).expect("no fault");
    done.into_iter().map(|done| done.map_err(|reason| reason.text())).collect()
}

const MEMBERS: &str = "name,card,value,bonus,points,package,package_no,uses,gift_uses,package_value,package_ends\n\
                       王小明,6001,100.00,10.00,30,face,1,6,2,653.34,20270630\n\
                       李雷,6002,50.00,,,,,,,,";

fn hub(name: &str) -> House {
    let mut house = House::hub(name);
    for (kind, text) in [
        (Kind::Settings, "group,key,value\npoints,expiry_months,12"),
        (Kind::Categories, "code,name\n01,服务"),
        (Kind::Products, "number,name,category,unit,price\n21,面部护理,01,次,128.00"),
    ] {
        assert!(import(&mut house, FIRST, kind, text).iter().all(Result::is_ok));
    }
    let (text, int) = (|text: &str| Scalar::Text(text.into()), Scalar::Int);
    let kind = [("code", text("face")), ("name", text("面部护理")), ("price_minor", int(98_000)), ("uses:1", int(10)), ("gift:1", int(2))];
    let mut fields: Fields = kind.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    fields.insert("service:1:21".into(), Scalar::Bool(true));
    let write = Write::<Package>::new(None, fields, Vec::new());
    house.decide(&write).expect("HQ may");
    house
}

fn member(house: &House, card: &str) -> MemberId {
    by_card(&house.store, card).expect("read")[0]
}

/// Principal, bonus and points at head office.
fn has(house: &House, member: MemberId) -> (i64, i64, i64) {
    let purse = purse(&house.store, member, HUB, BusinessDay(TODAY)).expect("read");
    (purse.principal.minor(), purse.bonus.minor(), purse.points)
}

fn uses(house: &House, member: MemberId) -> i64 {
    let held = balance::holdings(&house.store, Holder::Member(member), HUB).expect("read");
    held.iter().filter(|(unit, _)| matches!(unit, Unit::Uses(..))).map(|(_, uses)| uses).sum()
}

fn undo(house: &mut House, batch: CommandId) -> usize {
    let moment = house.moment();
    let all = standing(&house.store, batch, 100).expect("read");
    for opening in &all {
        house.store.transaction(|writer| reverse(writer, *opening, &moment)).expect("no fault").expect("allowed");
    }
    all.len()
}

#[test]
fn a_file_is_taken_back_whole_and_comes_in_mended() {
    let mut house = hub("openings-undo");
    assert_eq!(import(&mut house, FIRST, Kind::Members, MEMBERS), vec![Ok(Done::Changed { prices: 0 }); 2]);
    let (wang, li) = (member(&house, "6001"), member(&house, "6002"));
    assert_eq!((has(&house, wang), uses(&house, wang), has(&house, li)), ((10_000, 1_000, 30), 8, (5_000, 0, 0)));
    let package = sold::of_member(&house.store, wang).expect("read").remove(0);
    assert_eq!((package.name.as_str(), package.price.minor(), package.ends, package.items[0].paid), ("面部护理", 65_334, 20_270_630, 6));
    assert_eq!(import(&mut house, SECOND, Kind::Members, MEMBERS), vec![Ok(Done::Unchanged); 2], "a second time changes nothing");
    let batch = batches(&house.store, 10).expect("read").remove(0);
    assert_eq!((batch.openings, batch.value, batch.bonus, batch.points, batch.uses, batch.reversed), (3, 15_000, 1_000, 30, 8, 0));

    assert_eq!(undo(&mut house, FIRST), 3);
    assert_eq!((has(&house, wang), uses(&house, wang), has(&house, li)), ((0, 0, 0), 0, (0, 0, 0)));
    assert_eq!((opening(&house.store, wang), batches(&house.store, 10).expect("read")[0].reversed), (Ok(None), 3));
    assert_eq!(undo(&mut house, FIRST), 0, "once");
    let mended = MEMBERS.replace("100.00", "120.00");
    assert_eq!(import(&mut house, SECOND, Kind::Members, &mended), vec![Ok(Done::Changed { prices: 0 }); 2]);
    assert_eq!((has(&house, wang), uses(&house, wang), has(&house, li)), ((12_000, 1_000, 30), 8, (5_000, 0, 0)));
    assert_eq!(import(&mut house, SECOND, Kind::Members, &mended), vec![Ok(Done::Unchanged); 2]);
}

#[rstest]
#[case::kind("face,1,6,2", "nails,1,6,2", "package: 不存在 / is not there")]
#[case::items("face,1,6,2", "face,1,6 5,2", "uses: 与其他列不符 / does not fit another column")]
#[case::none("face,1,6,2", "face,1,0,0", "uses: 与其他列不符 / does not fit another column")]
#[case::words("face,1,6,2", "face,1,six,2", "uses: 不是数字 / is no number")]
#[case::worth("653.34", "-1.00", "package_value: 不能为负 / may not be negative")]
#[case::ends("20270630", "20271330", "package_ends: 格式不对 / is malformed")]
fn a_package_that_is_wrong_is_rejected(#[case] from: &str, #[case] to: &str, #[case] why: &str) {
    let mut house = hub("openings-package");
    let done = import(&mut house, FIRST, Kind::Members, &MEMBERS.replacen(from, to, 1));
    assert_eq!(done[0], Err(why.to_owned()));
}

/// A replica whose program writes down what it likes.
struct Says<F>(F);

impl<F: Fact + Clone> Command for Says<F> {
    type State = ();
    const RIGHT: Option<shared::journal::Right> = None;
    fn content(&self) -> Vec<u8> {
        vec![1]
    }
    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }
    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&self.0))
    }
}

#[test]
fn what_left_head_office_is_owed_called_in_and_paid_when_it_comes() {
    let mut house = hub("openings-spent");
    import(&mut house, FIRST, Kind::Members, MEMBERS);
    let wang = member(&house, "6001");
    let held = balance::holdings(&house.store, Holder::Member(wang), HUB).expect("read");
    let unit = held.iter().map(|(unit, _)| *unit).find(|unit| matches!(unit, Unit::Value(_))).expect("value");
    let li = member(&house, "6002");
    // 80.00 went to a branch; 20.00 of the other's were spent: the first has them now.
    house.store.transaction(|writer| writer.know_stream(EDGE, Some(house::BRANCH), &[1; 32], None)).expect("known");
    let carried = |member, amount| vec![Carried::new(Holder::Member(member), unit, amount)];
    let moved = |to, amount, from| Moved { to, accounts: carried(wang, amount), ask: None, sealed_from: from, more: false };
    house.decide(&Says(moved(EDGE, 8_000, None))).expect("given");
    house.decide(&Says(Drawn { to: wang, accounts: carried(li, 2_000) })).expect("spent");
    assert_eq!(undo(&mut house, FIRST), 3);
    let owes = |house: &House, member| {
        let owed = balance::everywhere(&house.store, Holder::Debt(member)).expect("read");
        owed.iter().map(|(.., amount)| amount).sum::<i64>()
    };
    assert_eq!((has(&house, wang), owes(&house, wang), has(&house, li), owes(&house, li)), ((0, 0, 0), -6_000, (0, 0, 0), -2_000));
    let called_in = house.store.number("select count(*) from entry where kind = ?1", &[Recalled::KIND.into()]);
    assert_eq!(called_in, Ok(1), "the branch is asked for it");
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry
               where kind = 57 order by seq";
    let heads: Vec<_> = house.store.rows(sql, &[]).expect("read").iter().map(|row| entry_of(row).head()).collect();
    let found = notices(&house.store, &heads, 1).expect("read");
    let told: Vec<_> = found.iter().map(|raise| (raise.found.what.as_str(), raise.found.member, raise.found.amount)).collect();
    assert_eq!(told, [("opening_spent", Some(li), -2_000)], "what lies at a branch is not spent");
    house.decide(&Says(moved(HUB, 5_000, Some(EDGE)))).expect("carried");
    assert_eq!((house.decide(&PayDebt { member: wang }), has(&house, wang), owes(&house, wang)), (Ok(1), (0, 0, 0), -1_000));
    assert_eq!(house.decide(&PayDebt { member: wang }), Ok(0), "nothing more came");
    house.decide(&Says(moved(HUB, 3_000, Some(EDGE)))).expect("carried");
    assert_eq!((house.decide(&PayDebt { member: wang }), has(&house, wang), owes(&house, wang)), (Ok(1), (2_000, 0, 0), 0));
}

#[test]
fn an_opening_that_is_none_is_not_taken_back() {
    let mut house = hub("openings-none");
    let refused = house.decide(&ReverseOpening { opening: CommandId([9; 16]) });
    assert_eq!(refused.map_err(|refusal| refusal.code()), Err("not_found".into()));
}

#[test]
fn f8_sums_of_a_file_and_of_what_stays_out() {
    let file = File::new(Kind::Members, ["name", "phone", "value"].map(str::to_owned).to_vec(), vault()).expect("columns");
    let line = |number: u64, phone: &str, value: &str| Line { number, cells: ["会员", phone, value].map(str::to_owned).to_vec() };
    let mut lines: Vec<Line> = (0..998).map(|n| line(n + 2, &format!("139{n:08}"), "12.30")).collect();
    lines.push(line(1_000, "13812345678", "20.20"));
    lines.push(line(1_001, "12", "50.00"));
    let mut house = hub("openings-f8");
    let (mut all, mut missing, mut good) = (Amounts::default(), Amounts::default(), 0);
    for group in lines.chunks(file.lines_per_group()) {
        let moment = house.moment();
        let done = house.store.transaction(|writer| file.take_in(writer, group, &moment)).expect("no fault");
        for (line, done) in group.iter().zip(done) {
            all.add(file.amounts(line));
            match done {
                Ok(_) => good += 1,
                Err(_) => missing.add(file.amounts(line)),
            }
        }
    }
    assert_eq!((lines.len(), all.value, good, missing.value), (1_000, 1_234_560, 999, 5_000));
    let sql = "select cast(sum(amount) as bigint) from balance where substr(unit, 1, 1) = x'01'";
    assert_eq!(house.store.number(sql, &[]), Ok(1_229_560), "12,295.60 is in");
}
