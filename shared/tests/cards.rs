//! Goal: what the card desk does is refused where the rule says no, and moves value, bonus, money and deposits to the cent.
//! Method: a real store of an edge with HQ's settings; each command decided by the clerk's own code; figures are those of the trade's examples.
mod house;

use house::{BRANCH, EDGE, HUB, House, SOMEBODY, TODAY, who};
use rstest::rstest;
use shared::base::{Account, BusinessDay, Holder, MemberId, Money, Purpose, ShiftId, StaffId, Unit};
use shared::desk::card::{adjust::AdjustValue, close, close::CloseCard, give::GiveValue, issue::IssueCard, withdraw::Withdraw};
use shared::desk::enrol::Enrol;
use shared::desk::shift::close::expected;
use shared::desk::till::{Who, till_id};
use shared::desk::top_up::TopUp;
use shared::desk::write::setting::WriteSetting;
use shared::documents::settings::Group;
use shared::journal::{Command, Moment, Read, Refusal};
use shared::ledger::balance;
use shared::members::blocked::{CLOSED, REPLACED};
use shared::members::report_card::ReportCard;
use shared::members::{self, deposit::deposits};
use shared::reports::earned::{Cause, earned};
use shared::reports::report::Asked;
use shared::shifts::figures;
use shared::store::append::entry_of;

const SHIFT: ShiftId = ShiftId([3; 16]);
const MANAGER: StaffId = StaffId([0x51; 16]);

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

fn in_shift(house: &mut House) -> Moment {
    Moment { shift: Some(SHIFT), till: Some(till_id(BRANCH, 1)), ..house.moment() }
}

fn done<C: Command>(house: &mut House, command: &C) -> Result<usize, Refusal> {
    let moment = in_shift(house);
    house.decide_at(command, &moment)
}

fn code<T>(done: Result<T, Refusal>) -> Result<T, String> {
    done.map_err(|refusal| refusal.code())
}

fn enrolled(house: &mut House, name: &str, phone: &str, card: &str) -> MemberId {
    let moment = house.moment();
    let enrol = Enrol {
        name: name.into(),
        phone: phone.into(),
        birthday: None,
        gender: String::new(),
        card: Some(card.into()),
        sealed_pin: None,
        although_taken: false,
    };
    house.decide_at(&enrol, &moment).expect("enrolled");
    MemberId(moment.command.0)
}

/// An edge with HQ's tiers and cap; B1 was topped up, and `taken` of it adjusted away. Answers the member and a friend.
fn shop(name: &str) -> (House, MemberId, MemberId) {
    let mut hub = House::hub(&format!("{name}-hub"));
    for (key, value) in [("tier:100000", "10000"), ("cap_registered_minor", "500000")] {
        hub.decide(&WriteSetting { group: Group::Value, key: key.into(), value: value.into() }).expect("HQ may");
    }
    let rate = WriteSetting { group: Group::Commission, key: "commission:top_up@20261101".into(), value: "100".into() };
    hub.decide(&rate).expect("HQ may");
    let mut edge = House::edge(name);
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry
               where stream = ?1 order by seq";
    let heard: Vec<_> = hub.store.rows(sql, &[HUB.into()]).expect("read").iter().map(entry_of).collect();
    let known = edge.store.transaction(|writer| {
        writer.know_stream(HUB, None, &[1; 32], None)?;
        writer.take_in(&heard)
    });
    known.expect("taken in");
    let (member, friend) = (enrolled(&mut edge, "王小明", "13800138000", "6001"), enrolled(&mut edge, "李四", "13900139000", "7001"));
    let top_up = TopUp { who: who(), member, amount: money(100_000), tender: "cash".into(), tendered: None, gift: money(10_000) };
    done(&mut edge, &top_up).expect("topped up");
    (edge, member, friend)
}

fn adjust(house: &mut House, member: MemberId, principal: i64, bonus: i64) {
    let who = Who { allowed_by: Some(MANAGER), ..who() };
    let adjusting = AdjustValue { who, member, principal: money(principal), bonus: money(bonus), reason: "开账".into() };
    done(house, &adjusting).expect("adjusted");
}

fn has(house: &House, member: MemberId) -> (i64, i64) {
    let purse = members::purse(&house.store, member, EDGE, BusinessDay(TODAY)).expect("read");
    (purse.principal.minor(), purse.bonus.minor())
}

fn drawer(house: &House) -> i64 {
    let holder = Holder::House(BRANCH, Purpose::Drawer);
    balance::amount(&house.store, &Account { holder, unit: Unit::Money(1), place: EDGE }).expect("read")
}

fn withdraw(member: MemberId, amount: i64, forfeit: i64) -> Withdraw {
    Withdraw { who: who(), member, amount: money(amount), tender: "cash".into(), forfeit: money(forfeit), reason: "急用".into() }
}

#[rstest]
#[case::b7(|_: &mut Withdraw| {}, Ok(1))]
#[case::all(|it: &mut Withdraw| (it.amount, it.forfeit) = (money(81_818), money(8_182)), Ok(1))]
#[case::nothing(|it: &mut Withdraw| it.amount = Money::ZERO, Err("bad_amount"))]
#[case::below_nothing(|it: &mut Withdraw| it.amount = money(-1), Err("bad_amount"))]
#[case::more_than_the_principal(|it: &mut Withdraw| it.amount = money(81_819), Err("not_enough_here"))]
#[case::another_forfeit_was_shown(|it: &mut Withdraw| it.forfeit = Money::ZERO, Err("refund_changed"))]
#[case::with_stored_value(|it: &mut Withdraw| it.tender = "value".into(), Err("tender_unknown"))]
#[case::without_a_reason(|it: &mut Withdraw| it.reason = "  ".into(), Err("not_sound"))]
#[case::nobody(|it: &mut Withdraw| it.member = MemberId([9; 16]), Err("unknown_member"))]
fn withdrawing(#[case] change: fn(&mut Withdraw), #[case] wanted: Result<usize, &str>) {
    let (mut house, member, _) = shop("withdrawing");
    adjust(&mut house, member, -18_182, -1_818);
    let mut command = withdraw(member, 30_000, 3_000);
    change(&mut command);
    assert_eq!(code(done(&mut house, &command)), wanted.map_err(str::to_owned));
}

/// G5: 1 % of what is topped up, taken back from the same person of what is drawn.
#[test]
fn g5_commission_on_a_top_up_goes_back_with_the_money() {
    let (mut house, member, _) = shop("g5");
    adjust(&mut house, member, -18_182, -1_818);
    done(&mut house, &withdraw(member, 30_000, 3_000)).expect("drawn");
    let (from, until) = (BusinessDay(TODAY), BusinessDay(TODAY));
    let asked = Asked { from, until, branches: vec![house::BRANCH], see_phones: false, now_ms: 0, rows_max: 100 };
    let all = earned(&house.store, &asked).expect("read");
    let told: Vec<_> = all.iter().map(|one| (one.cause, one.amount)).collect();
    assert_eq!(told, [(Cause::TopUp, 1_000), (Cause::TopUpBack, -300)]);
    assert_eq!(all[0].staff, all[1].staff);
}

#[test]
fn b7_b10_b8_withdraw_give_close() {
    let (mut house, member, friend) = shop("b7");
    adjust(&mut house, member, -18_182, -1_818);
    assert_eq!((has(&house, member), drawer(&house)), ((81_818, 8_182), 100_000));
    let command = withdraw(member, 30_000, 3_000);
    let moment = in_shift(&mut house);
    assert_eq!(house.decide_at(&command, &moment), Ok(1));
    assert_eq!(house.decide_at(&command, &moment), Ok(0), "a retry is the same command");
    assert_eq!((has(&house, member), drawer(&house)), ((51_818, 5_182), 70_000), "B7");
    // B10, then back again: what is given keeps its issuer.
    let give = GiveValue { who: who(), member, to: friend, amount: money(20_000), reason: "转赠".into() };
    assert_eq!(done(&mut house, &give), Ok(1));
    assert_eq!((has(&house, member), has(&house, friend), drawer(&house)), ((31_818, 5_182), (20_000, 0), 70_000), "B10");
    done(&mut house, &GiveValue { member: friend, to: member, ..give }).expect("given back");
    // B8: a deposit of 20.00 was taken with a card.
    let issue = IssueCard {
        who: who(),
        member,
        number: "6102".into(),
        instead_of: Some("6001".into()),
        fee: money(1_000),
        deposit: money(2_000),
        tender: "cash".into(),
    };
    assert_eq!(done(&mut house, &issue), Ok(3), "the fact, the number on the member, the old card dead");
    assert_eq!(drawer(&house), 73_000, "F1: the fee, and the deposit");
    let closing = CloseCard { who: who(), member, tender: "cash".into(), paid_out: money(53_818), reason: "搬家".into() };
    assert_eq!(code(done(&mut house, &CloseCard { paid_out: money(51_818), ..closing.clone() })), Err("refund_changed".into()));
    assert_eq!(done(&mut house, &closing), Ok(3), "B8, and both numbers are dead");
    assert_eq!((has(&house, member), drawer(&house)), ((0, 0), 73_000 - 53_818));
    assert_eq!(deposits(&house.store, member), Ok(vec![]));
    let blocked = |number| members::blocked(&house.store, number).expect("read").expect("blocked").reason;
    assert_eq!([blocked("6001"), blocked("6102")], [CLOSED, CLOSED]);
    let empty = CloseCard { paid_out: Money::ZERO, ..closing };
    assert_eq!(done(&mut house, &empty).map(|_| drawer(&house)), Ok(73_000 - 53_818), "what is empty pays nothing again");
    let z = expected(&figures::of(&house.store, SHIFT).expect("read"));
    assert_eq!(z, Ok(money(drawer(&house))), "the Z expects what lies in the drawer");
}

#[rstest]
#[case::given(|_: &mut GiveValue, _: MemberId| {}, Ok(1))]
#[case::to_oneself(|it: &mut GiveValue, _| it.to = it.member, Err("not_sound"))]
#[case::to_nobody(|it: &mut GiveValue, _| it.to = MemberId([9; 16]), Err("unknown_member"))]
#[case::bonus_is_not_given(|it: &mut GiveValue, _| it.amount = money(100_001), Err("not_enough_here"))]
#[case::nothing(|it: &mut GiveValue, _| it.amount = Money::ZERO, Err("bad_amount"))]
#[case::without_a_reason(|it: &mut GiveValue, _| it.reason = String::new(), Err("not_sound"))]
fn giving(#[case] change: fn(&mut GiveValue, MemberId), #[case] wanted: Result<usize, &str>) {
    let (mut house, member, friend) = shop("giving");
    let mut command = GiveValue { who: who(), member, to: friend, amount: money(20_000), reason: "转赠".into() };
    change(&mut command, friend);
    assert_eq!(code(done(&mut house, &command)), wanted.map_err(str::to_owned));
}

#[test]
fn r23_a_gift_does_not_lift_a_friend_over_the_cap() {
    let (mut house, member, friend) = shop("cap");
    adjust(&mut house, friend, 480_000, 0);
    let give = GiveValue { who: who(), member, to: friend, amount: money(50_000), reason: "转赠".into() };
    assert_eq!(done(&mut house, &give), Err(Refusal::OverCap { limit: 500_000, room: 20_000 }));
}

#[rstest]
#[case::by_two(Some(MANAGER), -1_000, 0, Ok(1))]
#[case::alone(None, -1_000, 0, Err("needs_override"))]
#[case::with_oneself(Some(SOMEBODY), -1_000, 0, Err("needs_override"))]
#[case::nothing(Some(MANAGER), 0, 0, Err("bad_amount"))]
#[case::more_than_lies_here(Some(MANAGER), -100_001, 0, Err("not_enough_here"))]
#[case::more_bonus_than_lies_here(Some(MANAGER), 500, -10_001, Err("not_enough_here"))]
#[case::both_ways(Some(MANAGER), 500, -500, Ok(1))]
fn adjusting(#[case] second: Option<StaffId>, #[case] principal: i64, #[case] bonus: i64, #[case] wanted: Result<usize, &str>) {
    let (mut house, member, _) = shop("adjusting");
    let who = Who { allowed_by: second, ..who() };
    let command = AdjustValue { who, member, principal: money(principal), bonus: money(bonus), reason: "更正".into() };
    assert_eq!(code(done(&mut house, &command)), wanted.map_err(str::to_owned));
    if wanted.is_ok() {
        assert_eq!((has(&house, member), drawer(&house)), ((100_000 + principal, 10_000 + bonus), 100_000));
    }
}

#[rstest]
#[case::one_more(|_: &mut IssueCard| {}, Ok(2))]
#[case::instead_of_another(|it: &mut IssueCard| it.instead_of = Some("6001".into()), Ok(3))]
#[case::instead_of_a_strangers(|it: &mut IssueCard| it.instead_of = Some("7001".into()), Err("unknown_card"))]
#[case::a_strangers(|it: &mut IssueCard| it.number = "7001".into(), Err("card_taken"))]
#[case::too_short(|it: &mut IssueCard| it.number = "1".into(), Err("not_sound"))]
#[case::below_nothing(|it: &mut IssueCard| it.fee = money(-1), Err("bad_amount"))]
#[case::unknown_tender(|it: &mut IssueCard| it.tender = "gold".into(), Err("tender_unknown"))]
#[case::nobody(|it: &mut IssueCard| it.member = MemberId([9; 16]), Err("unknown_member"))]
fn issuing(#[case] change: fn(&mut IssueCard), #[case] wanted: Result<usize, &str>) {
    let (mut house, member, _) = shop("issuing");
    let (fee, deposit) = (money(1_000), Money::ZERO);
    let mut command = IssueCard { who: who(), member, number: "6102".into(), instead_of: None, fee, deposit, tender: "cash".into() };
    change(&mut command);
    assert_eq!(code(done(&mut house, &command)), wanted.map_err(str::to_owned));
}

#[test]
fn f1_f3_a_lost_card_is_lifted_and_a_replaced_one_is_not() {
    let (mut house, member, _) = shop("lost");
    let report = |card: &str, lost| ReportCard { member, card: card.into(), lost, reason: "丢失".into() };
    assert_eq!(code(house.decide(&report("6009", true))), Err("unknown_card".into()));
    assert_eq!(code(house.decide(&report("", true))), Err("unknown_card".into()));
    assert_eq!(house.decide(&report("6001", true)), Ok(1));
    assert!(members::blocked(&house.store, "6001").expect("read").is_some(), "at once here");
    assert_eq!(house.decide(&report("6001", true)), Ok(0), "it is blocked already");
    assert_eq!(house.decide(&report("6001", false)), Ok(1));
    assert_eq!(members::blocked(&house.store, "6001"), Ok(None));
    let issue = IssueCard {
        who: who(),
        member,
        number: "6102".into(),
        instead_of: Some("6001".into()),
        fee: Money::ZERO,
        deposit: Money::ZERO,
        tender: "cash".into(),
    };
    done(&mut house, &issue).expect("replaced");
    let dead = Refusal::CardDead { number: "6001".into(), why: REPLACED.into() };
    assert_eq!(house.decide(&report("6001", false)), Err(dead), "nothing lifts a replaced card");
    let moment = in_shift(&mut house);
    let preview = close::state(&house.store, &who(), member, &moment).expect("read").paid_out();
    assert_eq!(preview, Ok(money(100_000)), "the balance is untouched");
}
