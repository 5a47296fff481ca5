//! Goal: a sitting costs what the trade expects (E1 to E10), whatever is paused, paid from a package, given up, forgotten or set by hand; it is
//! paid by an ordinary bill and lost by nothing. Method: a real store of an edge with HQ's tariff; each command decided by the clerk's own code.
mod house;

use house::{BRANCH, EDGE, HUB, House, NOW_MS, TODAY, who};
use rstest::rstest;
use shared::base::{Account, BusinessDay, CommandId, DocumentId, Holder, MemberId, Money, Purpose, ShiftId, SittingId, Unit};
use shared::desk::bill::attach::{Attach, Detach};
use shared::desk::bill::quantity::SetQuantity;
use shared::desk::bill::remove::Remove;
use shared::desk::bill::{Bill, open};
use shared::desk::check_out::Tender;
use shared::desk::enrol::Enrol;
use shared::desk::package::sell::SellPackage;
use shared::desk::package::undo::UndoUses;
use shared::desk::shown::Viewer;
use shared::desk::shown::timed::{Board, board};
use shared::desk::till::till_id;
use shared::desk::timed::cancel::CancelSitting;
use shared::desk::timed::charge::ChargeSitting;
use shared::desk::timed::drift;
use shared::desk::timed::pause::PauseSitting;
use shared::desk::timed::start::StartSitting;
use shared::desk::timed::stop::StopSitting;
use shared::desk::write::Write;
use shared::desk::write::category::Category;
use shared::desk::write::level::Level;
use shared::desk::write::package::Package;
use shared::desk::write::product::Product;
use shared::desk::write::tariff::Tariff;
use shared::documents::{Fields, Scalar};
use shared::facts::sales::Proven;
use shared::facts::timed::SittingStopped;
use shared::journal::{Command, Moment, Read, Refusal, Right};
use shared::ledger::balance;
use shared::packages::sold::taken;
use shared::store::append::entry_of;

const TEA: DocumentId = DocumentId([0xD1; 16]);
const MINUTES: DocumentId = DocumentId([0xD2; 16]);
const VIP: DocumentId = DocumentId([0xD3; 16]);

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

fn fields(texts: &[(&str, &str)], numbers: &[(&str, i64)], yes: &[&str]) -> Fields {
    let texts = texts.iter().map(|(key, text)| ((*key).to_owned(), Scalar::Text((*text).into())));
    let numbers = numbers.iter().map(|(key, number)| ((*key).to_owned(), Scalar::Int(*number)));
    texts.chain(numbers).chain(yes.iter().map(|key| ((*key).to_owned(), Scalar::Bool(true)))).collect()
}

/// At a time of 21 November's clock; hours from 24 on are of the next day.
fn at(house: &mut House, hour: i64, minute: i64) -> Moment {
    let moment = house.moment();
    let now_ms = NOW_MS + ((hour - 14) * 60 + minute) * 60_000;
    let day = if hour < 28 { TODAY } else { BusinessDay(TODAY).plus_days(1).0 };
    Moment { shift: Some(ShiftId([3; 16])), till: Some(till_id(BRANCH, 1)), now_ms, day, ..moment }
}

fn hex(id: [u8; 16]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The house's tariff R17 with two rooms, a card of 40 minutes, and a level whose members sit so many minutes for nothing.
fn shop(name: &str, free: i64) -> (House, MemberId) {
    let mut hub = House::hub(&format!("{name}-hub"));
    hub.decide(&Write::<Category>::new(None, fields(&[("code", "01"), ("name", "茶")], &[], &[]), vec![])).expect("HQ may");
    let price = format!("price:main:{TODAY}");
    let service = fields(&[("name", "茶室计时"), ("category", "01"), ("unit", "次")], &[("number", 9), (&price, 3_000)], &[]);
    hub.decide(&Write::<Product>::new(None, service, vec![])).expect("HQ may");
    let vip = fields(&[("code", "vip"), ("name", "VIP")], &[("rank", 0)], &[]);
    hub.decide(&Write::<Level>::new(Some(VIP), vip, vec![])).expect("HQ may");
    let card = fields(&[("code", "min40"), ("name", "40 分钟卡")], &[("price_minor", 2_000), ("uses:1", 40)], &["service:1:9"]);
    hub.decide(&Write::<Package>::new(Some(MINUTES), card, vec![])).expect("HQ may");
    let (room, other, free_of) =
        (format!("seat:{}:A1", hex(BRANCH.0)), format!("seat:{}:A2", hex(BRANCH.0)), format!("free:{}", hex(VIP.0)));
    let mut numbers = vec![
        ("product", 9),
        ("first_minutes", 60),
        ("first_minor", 3_000),
        ("step_minutes", 30),
        ("step_minor", 1_200),
        ("grace_minutes", 5),
        ("night_minor", 800),
        ("night_from", 22 * 60),
        ("night_until", 6 * 60),
        ("cap_minor", 12_800),
    ];
    numbers.extend((free > 0).then_some((free_of.as_str(), free)));
    let tea = fields(&[("code", "tea"), ("name", "茶室"), (&room, "听雨"), (&other, "观山")], &numbers, &[]);
    hub.decide(&Write::<Tariff>::new(Some(TEA), tea, vec![])).expect("HQ may");
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
    let member = done(&mut edge, &enrol, 8, 0).expect("enrolled");
    (edge, member.into())
}

fn done<C: Command>(house: &mut House, command: &C, hour: i64, minute: i64) -> Result<CommandId, Refusal> {
    let moment = at(house, hour, minute);
    house.decide_at(command, &moment).map(|_| moment.command)
}

fn code<T>(done: Result<T, Refusal>) -> Result<T, String> {
    done.map_err(|refusal| refusal.code())
}

fn start(member: Option<MemberId>) -> StartSitting {
    StartSitting { who: who(), tariff: TEA, room: "A1".into(), member }
}

fn stop(sitting: SittingId) -> StopSitting {
    StopSitting { who: who(), sitting, until_ms: None, reason: String::new() }
}

fn bill(house: &House) -> Option<Bill> {
    open(&house.store, 1).expect("read")
}

fn shown(house: &House, hour: i64) -> Board {
    let viewer = Viewer { here: EDGE, branch: Some(BRANCH), till: 1, day: TODAY, cut_off_since_ms: 0 };
    board(&house.store, &viewer, NOW_MS + (hour - 14) * 3_600_000).expect("read")
}

/// The last sitting that ended, as it was written.
fn ended(house: &House) -> SittingStopped {
    let rows = house.store.rows("select body from entry where kind = 130 order by seq desc", &[]).expect("read");
    minicbor::decode(rows[0].blob(0)).expect("its own bytes")
}

fn minutes_left(house: &House, member: MemberId) -> i64 {
    let held = balance::holdings(&house.store, Holder::Member(member), EDGE).expect("read");
    held.iter().filter(|(unit, _)| matches!(unit, Unit::Uses(..))).map(|(_, uses)| uses).sum()
}

fn cash(house: &mut House, due: i64, hour: i64, minute: i64) -> Result<CommandId, Refusal> {
    let bill = bill(house).expect("a bill").id;
    let tender = Tender { who: who(), code: "cash".into(), amount: None, due: money(due), proven: Proven::NotAsked, asked: [1; 16] };
    let moment = Moment { command: bill.into(), ..at(house, hour, minute) };
    house.decide_at(&tender, &moment).map(|_| moment.command)
}

#[test]
fn a_guest_named_by_a_card_of_two_members_spends_no_minutes() {
    let (mut house, member) = shop("timed-claimed", 0);
    let sell = SellPackage { who: who(), member, kind: MINUTES, price: money(2_000), tender: "cash".into(), tendered: None };
    done(&mut house, &sell, 9, 0).expect("sold");
    let claimed = Attach { who: who(), member, claimed_card: Some("6007".into()) };
    done(&mut house, &claimed, 19, 49).expect("says who they are");
    let sitting = done(&mut house, &start(Some(member)), 19, 50).expect("seated").into();
    done(&mut house, &Detach { who: who() }, 19, 51).expect("the next guest");
    done(&mut house, &stop(sitting), 21, 20).expect("ended");
    assert_eq!((ended(&house).from_package, minutes_left(&house, member)), (0, 40));
    let on = bill(&house).expect("a bill");
    assert_eq!(on.member.expect("the guest").claimed_card, Some("6007".into()), "on the bill they spend nothing either");
    assert_eq!(on.lines[0].list_price, money(4_200));
}

#[rstest]
#[case::e1((19, 50), (21, 20), 0, false, 4_200, 90)]
#[case::e4((14, 0), (22, 30), 0, false, 12_800, 510)]
#[case::e5((20, 0), (22, 10), 0, true, 4_200, 130)]
#[case::e7((20, 0), (21, 15), 15, false, 3_000, 75)]
#[case::e10((20, 0), (20, 10), 0, false, 3_000, 10)]
fn the_worked_examples_become_a_line_of_the_bill(
    #[case] from: (i64, i64),
    #[case] until: (i64, i64),
    #[case] free: i64,
    #[case] package: bool,
    #[case] due: i64,
    #[case] minutes: i64,
) {
    let (mut house, member) = shop("timed-examples", free);
    if package {
        let sell = SellPackage { who: who(), member, kind: MINUTES, price: money(2_000), tender: "cash".into(), tendered: None };
        done(&mut house, &sell, 9, 0).expect("sold");
    }
    let sitting = done(&mut house, &start(Some(member)), from.0, from.1).expect("seated").into();
    done(&mut house, &stop(sitting), until.0, until.1).expect("ended");
    let stopped = ended(&house);
    assert_eq!((stopped.minutes, stopped.amount, stopped.free), (minutes, money(due), free));
    assert_eq!((stopped.from_package, minutes_left(&house, member)), (if package { 40 } else { 0 }, 0));
    let on = bill(&house).expect("a bill");
    assert_eq!((on.lines.len(), on.lines[0].list_price, on.member.expect("the guest").member), (1, money(due), member));
    cash(&mut house, due, until.0, until.1).expect("paid");
    assert_eq!((bill(&house), shown(&house, 23).due), (None, vec![]), "paid and gone");
    let drawer = Account { holder: Holder::House(BRANCH, Purpose::Drawer), unit: Unit::Money(1), place: EDGE };
    assert_eq!(balance::amount(&house.store, &drawer).expect("read"), due + if package { 2_000 } else { 0 });
    // Minutes that were taken from a package by mistake are given back as any use.
    if package {
        let last = taken(&house.store, member, 10).expect("read")[0].id;
        done(&mut house, &UndoUses { who: who(), member, of: last, reason: "认错人".into() }, 22, 30).expect("undone");
        assert_eq!(minutes_left(&house, member), 40);
    }
}

#[test]
fn e6_a_forgotten_clock_is_set_by_a_supervisor_and_the_fact_keeps_both() {
    let (mut house, _) = shop("timed-e6", 0);
    let sitting: SittingId = done(&mut house, &start(None), 21, 0).expect("seated").into();
    let forgotten = |house: &House, hour| shown(house, hour).rooms[0].sitting.as_ref().expect("sits").forgotten;
    assert_eq!((forgotten(&house, 27), forgotten(&house, 28)), (false, true), "on the list from 04:00");
    let half_past_eleven = NOW_MS + (23 - 14) * 3_600_000 + 30 * 60_000;
    let by_hand = StopSitting { until_ms: Some(half_past_eleven), reason: "忘了结台".into(), ..stop(sitting) };
    let mut cashier = at(&mut house, 34, 0);
    cashier.rights.retain(|right| *right != Right::Correct);
    let refused = Refusal::NeedsOverride { right: Right::Correct, limit: None, asked: None };
    assert_eq!(house.decide_at(&by_hand, &cashier), Err(refused));
    for (command, wanted) in [
        (StopSitting { reason: " ".into(), ..by_hand.clone() }, "not_sound"),
        (StopSitting { until_ms: Some(NOW_MS), ..by_hand.clone() }, "not_sound"),
        (StopSitting { until_ms: Some(NOW_MS + 48 * 3_600_000), ..by_hand.clone() }, "not_sound"),
    ] {
        assert_eq!(code(done(&mut house, &command, 34, 0)), Err(wanted.into()));
    }
    done(&mut house, &by_hand, 34, 0).expect("ended");
    let stopped = ended(&house);
    let clock = stopped.by_clock.expect("the clock's word");
    assert_eq!((stopped.minutes, stopped.amount), (150, money(5_400)));
    assert_eq!((clock.minutes, clock.amount), (780, money(12_800)), "254.00, capped");
    assert_eq!(house.store.number("select clock_minutes from sitting where amount = 5400 and set_by_hand = 1", &[]).expect("read"), 780);
}

#[test]
fn e9_a_clock_that_jumps_back_three_hours_neither_gives_nor_takes_a_minute() {
    let (mut house, _) = shop("timed-e9", 0);
    let sitting: SittingId = done(&mut house, &start(None), 19, 50).expect("seated").into();
    // At 20:50 the clock falls back to 17:50; half an hour later it shows 18:20.
    house.store.transaction(|writer| drift::moved(writer, -3 * 3_600_000)).expect("moved");
    assert!(shown(&house, 18).rooms[0].sitting.as_ref().expect("sits").jumped);
    done(&mut house, &stop(sitting), 18, 20).expect("ended");
    let stopped = ended(&house);
    assert_eq!((stopped.minutes, stopped.amount, stopped.clock_jumped), (90, money(4_200), true));
}

#[test]
fn a_clock_behind_the_start_charges_nothing_below_zero() {
    let (mut house, _) = shop("timed-behind", 0);
    let sitting: SittingId = done(&mut house, &start(None), 19, 50).expect("seated").into();
    done(&mut house, &PauseSitting { who: who(), sitting, pause: true }, 19, 49).expect("paused");
    done(&mut house, &stop(sitting), 19, 48).expect("ended");
    assert_eq!((ended(&house).minutes, ended(&house).amount, bill(&house)), (0, Money::ZERO, None), "nothing ran, nothing is due");
}

#[test]
fn a_first_minute_that_began_costs_the_minimum() {
    let (mut house, _) = shop("timed-first", 0);
    let sitting: SittingId = done(&mut house, &start(None), 20, 0).expect("seated").into();
    let moment = at(&mut house, 20, 0);
    house.decide_at(&stop(sitting), &Moment { now_ms: moment.now_ms + 1_000, ..moment }).expect("ended");
    assert_eq!((ended(&house).minutes, ended(&house).amount), (1, money(3_000)));
}

#[test]
fn pauses_do_not_run_and_cost_no_minutes() {
    let (mut house, _) = shop("timed-pause", 0);
    let sitting: SittingId = done(&mut house, &start(None), 19, 50).expect("seated").into();
    let pause = |pause| PauseSitting { who: who(), sitting, pause };
    assert_eq!(code(done(&mut house, &pause(false), 20, 0)), Err("gone".into()), "it runs");
    done(&mut house, &pause(true), 20, 50).expect("paused");
    assert_eq!(code(done(&mut house, &pause(true), 20, 51)), Err("gone".into()), "it stands");
    assert!(shown(&house, 21).rooms[0].sitting.as_ref().expect("sits").paused);
    done(&mut house, &pause(false), 21, 50).expect("goes on");
    done(&mut house, &stop(sitting), 22, 20).expect("ended");
    assert_eq!((ended(&house).minutes, ended(&house).amount), (90, money(4_200)));
    assert_eq!(code(done(&mut house, &pause(true), 22, 21)), Err("gone".into()), "it ended");
}

#[rstest]
#[case::within_five_minutes(5, "开错台", Ok(()))]
#[case::later(6, "开错台", Err("too_late_to_cancel"))]
#[case::without_a_reason(1, "", Err("not_sound"))]
fn e10_giving_up_costs_nothing_for_five_minutes(#[case] minute: i64, #[case] reason: &str, #[case] wanted: Result<(), &str>) {
    let (mut house, _) = shop("timed-cancel", 0);
    let sitting: SittingId = done(&mut house, &start(None), 20, 0).expect("seated").into();
    let cancel = CancelSitting { who: who(), sitting, reason: reason.into() };
    let mut cashier = at(&mut house, 20, 1);
    cashier.rights = vec![Right::Sell];
    assert_eq!(code(house.decide_at(&cancel, &cashier)), Err("forbidden".into()), "by right");
    assert_eq!(code(done(&mut house, &cancel, 20, minute)).map(|_| ()), wanted.map_err(str::to_owned));
    assert_eq!(shown(&house, 21).rooms[0].sitting.is_none(), wanted.is_ok());
    let noted = house.store.number("select count(*) from sitting where cancelled = 1 and amount = 0", &[]).expect("read");
    assert_eq!(noted, i64::from(wanted.is_ok()));
}

#[rstest]
#[case::good(|_: &mut StartSitting| {}, Ok(()))]
#[case::no_such_tariff(|it: &mut StartSitting| it.tariff = VIP, Err("not_found"))]
#[case::no_such_room(|it: &mut StartSitting| it.room = "B9".into(), Err("not_found"))]
#[case::nobody(|it: &mut StartSitting| it.member = Some(MemberId([9; 16])), Err("unknown_member"))]
fn seating(#[case] change: fn(&mut StartSitting), #[case] wanted: Result<(), &str>) {
    let (mut house, member) = shop("timed-start", 0);
    let mut command = start(Some(member));
    change(&mut command);
    let none = Moment { shift: None, ..at(&mut house, 20, 0) };
    assert_eq!(code(house.decide_at(&command, &none)), Err("no_shift".into()));
    assert_eq!(code(done(&mut house, &command, 20, 0)).map(|_| ()), wanted.map_err(str::to_owned));
    if wanted.is_ok() {
        assert_eq!(done(&mut house, &command, 20, 1), Err(Refusal::SeatTaken { seat: "听雨".into() }));
        done(&mut house, &StartSitting { room: "A2".into(), ..command }, 20, 1).expect("the other room is free");
    }
}

#[test]
fn an_ended_sitting_waits_until_it_is_paid_whatever_becomes_of_the_bill() {
    let (mut house, _) = shop("timed-due", 0);
    let first: SittingId = done(&mut house, &start(None), 19, 50).expect("seated").into();
    let second: SittingId = done(&mut house, &StartSitting { room: "A2".into(), ..start(None) }, 19, 50).expect("seated").into();
    let charge = |sitting| ChargeSitting { who: who(), sitting };
    assert_eq!(code(done(&mut house, &charge(first), 20, 0)), Err("gone".into()), "it still runs");
    done(&mut house, &stop(first), 21, 20).expect("ended");
    assert_eq!(code(done(&mut house, &charge(first), 21, 20)), Err("gone".into()), "on a bill already");
    // A bill with goods is another guest's: the second one waits.
    done(&mut house, &stop(second), 21, 21).expect("ended");
    assert_eq!(bill(&house).expect("a bill").lines.len(), 1);
    assert_eq!(shown(&house, 22).due.iter().map(|due| due.on_bill).collect::<Vec<_>>(), [true, false]);
    // One sitting is one: neither twice nor half.
    let no = bill(&house).expect("a bill").lines[0].no;
    let twice = SetQuantity { who: who(), line: Some(no), quantity: shared::base::Quantity::from_thousandths(2_000) };
    assert_eq!(code(done(&mut house, &twice, 21, 22)), Err("not_whole".into()));
    // Taken off the bill it is still owed.
    done(&mut house, &Remove { who: who(), line: no }, 21, 22).expect("removed");
    assert_eq!(shown(&house, 22).due.iter().map(|due| due.on_bill).collect::<Vec<_>>(), [false, false]);
    done(&mut house, &charge(first), 21, 23).expect("charged");
    done(&mut house, &charge(second), 21, 23).expect("charged");
    cash(&mut house, 4_200 + 4_200, 21, 25).expect("paid");
    assert_eq!(shown(&house, 22).due, []);
    assert_eq!(code(done(&mut house, &charge(first), 21, 26)), Err("gone".into()), "paid");
    let lines = house.store.number("select count(*) from line where product = 9 and net = 4200", &[]).expect("read");
    assert_eq!(lines, 2, "takings by service as any sale");
}
