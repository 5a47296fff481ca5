//! Goal: what is done to members, prices, staff and conflicting edits is refused where the rule says no, and posts what it should.
//! Method: real stores of an edge and of the hub with the whole registry; each command decided by the clerk's own code.
mod house;

use house::{BRANCH, EDGE, HUB, House, SOMEBODY, TODAY, vault, who};
use rstest::rstest;
use shared::base::{Account, BusinessDay, DocumentId, Holder, MemberId, Money, ProductNo, Purpose, ShiftId, StaffId, Unit};
use shared::catalog;
use shared::desk::change_price::ChangePrice;
use shared::desk::enrol::Enrol;
use shared::desk::prove::{self, Who as Whose};
use shared::desk::settle_conflict::SettleConflict;
use shared::desk::top_up::{self, TopUp};
use shared::desk::write::Write;
use shared::desk::write::category::Category;
use shared::desk::write::member::WriteMember;
use shared::desk::write::product::Product;
use shared::desk::write::setting::WriteSetting;
use shared::desk::write::staff::Staff;
use shared::documents::settings::Group;
use shared::documents::{Fields, Scalar};
use shared::exceptions::{self, Progress, close::Close, own::Own};
use shared::journal::{Entry, Moment, Read, Refusal};
use shared::ledger::balance;
use shared::members::{self, block_card::BlockCard, set_pin::SetPin};
use shared::staff::disable::Disable;
use shared::store::append::{Arrived, entry_of};

fn fields<const N: usize>(texts: [(&str, &str); N]) -> Fields {
    texts.map(|(key, text)| (key.to_owned(), Scalar::Text(text.into()))).into()
}

fn code(refusal: &Refusal) -> String {
    serde_json::to_value(refusal).expect("a refusal is JSON")["code"].as_str().expect("it has a code").to_owned()
}

fn codes<T>(done: Result<T, Refusal>) -> Result<T, String> {
    done.map_err(|refusal| code(&refusal))
}

fn enrol(name: &str, phone: &str, card: Option<&str>) -> Enrol {
    Enrol {
        name: name.into(),
        phone: phone.into(),
        birthday: None,
        gender: String::new(),
        card: card.map(str::to_owned),
        sealed_pin: None,
        although_taken: false,
    }
}

fn enrolled(house: &mut House, name: &str, phone: &str, card: Option<&str>) -> MemberId {
    let moment = house.moment();
    house.decide_at(&enrol(name, phone, card), &moment).expect("enrolled");
    MemberId(moment.command.0)
}

#[rstest]
#[case::as_keyed(enrol("王小明", "138 0013 8000", Some("6002")), Ok(1))]
#[case::card_only(enrol("王小明", "", Some("6002")), Ok(1))]
#[case::no_name(enrol("  ", "13800138000", None), Err("bad_name"))]
#[case::long_name(enrol(&"王".repeat(41), "13800138000", None), Err("bad_name"))]
#[case::short_phone(enrol("王小明", "123", None), Err("bad_phone"))]
#[case::bad_phone_beside_a_card(enrol("王小明", "12a", Some("6002")), Err("bad_phone"))]
#[case::neither(enrol("王小明", "", None), Err("bad_phone"))]
#[case::thirtieth_of_february(Enrol { birthday: Some(20_000_230), ..enrol("王小明", "13800138000", None) }, Err("bad_birthday"))]
#[case::year_unknown(Enrol { birthday: Some(229), ..enrol("王小明", "13800138000", None) }, Ok(1))]
#[case::no_such_gender(Enrol { gender: "x".into(), ..enrol("王小明", "13800138000", None) }, Err("not_sound"))]
#[case::card_taken(enrol("王小明", "13800138000", Some("6001")), Err("card_taken"))]
#[case::phone_taken(enrol("王小明", "13900139000", None), Err("phone_taken"))]
#[case::a_couple(Enrol { although_taken: true, ..enrol("王小明", "13900139000", None) }, Ok(1))]
fn enrolling(#[case] command: Enrol, #[case] wanted: Result<usize, &str>) {
    let mut house = House::edge("enrolling");
    enrolled(&mut house, "李四", "13900139000", Some("6001"));
    assert_eq!(codes(house.decide(&command)), wanted.map_err(str::to_owned));
}

#[test]
fn a_member_enrolled_cut_off_is_found_at_home_and_a_shared_phone_asks_which_person() {
    let mut house = House::edge("enrolled");
    let first = enrolled(&mut house, "王小明", "13800138000", Some("6001"));
    let second = Enrol { although_taken: true, ..enrol("王太太", "13800138000", None) };
    house.decide(&second).expect("enrolled");
    assert_eq!(members::by_phone(&house.store, "13800138000").expect("read").len(), 2);
    let claimed = members::search::claimed_twice(&house.store, 10).expect("read");
    assert_eq!(claimed.iter().map(|claim| claim.number.as_str()).collect::<Vec<_>>(), ["13800138000"]);
    let found = members::member(&house.store, first).expect("read").expect("there");
    assert_eq!((found.home, found.cards), (Some(BRANCH), vec!["6001".to_owned()]));
}

fn top_up(member: MemberId, amount: i64, gift: i64) -> TopUp {
    TopUp { who: who(), member, amount: Money::from_minor(amount), tender: "cash".into(), tendered: None, gift: Money::from_minor(gift) }
}

/// An edge with the house's tiers and a member; settings are HQ's, so they arrive.
fn till(name: &str) -> (House, MemberId) {
    let mut hub = House::hub(&format!("{name}-hub"));
    for (key, value) in [("tier:50000", "2000"), ("tier:100000", "10000"), ("cap_registered_minor", "500000")] {
        hub.decide(&WriteSetting { group: Group::Value, key: key.into(), value: value.into() }).expect("HQ may");
    }
    hub.decide(&WriteSetting { group: Group::Till, key: "tender:wechat".into(), value: "1|微信支付|WeChat Pay|other".into() })
        .expect("HQ may");
    let mut edge = House::edge(name);
    hear(&mut edge, &hub, HUB);
    let member = enrolled(&mut edge, "王小明", "13800138000", None);
    (edge, member)
}

fn entries(house: &House, stream: shared::base::StreamId) -> Vec<Entry> {
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry
               where stream = ?1 order by seq";
    house.store.rows(sql, &[stream.into()]).expect("read").iter().map(entry_of).collect()
}

/// One replica takes in what another one wrote.
fn hear(house: &mut House, from: &House, stream: shared::base::StreamId) -> Vec<Arrived> {
    let heard = entries(from, stream);
    let branch = (stream == EDGE).then_some(BRANCH);
    let known = house.store.transaction(|writer| {
        writer.know_stream(stream, branch, &[1; 32], None)?;
        writer.take_in(&heard)
    });
    known.expect("taken in")
}

fn in_shift(house: &mut House) -> Moment {
    Moment { shift: Some(ShiftId([3; 16])), till: Some(shared::desk::till::till_id(BRANCH, 1)), ..house.moment() }
}

#[rstest]
#[case::b1_reaches_a_tier(|it: &mut TopUp| it.gift = Money::from_minor(10_000), Ok(1))]
#[case::gift_changed(|_: &mut TopUp| {}, Err("gift_changed"))]
#[case::b2_the_highest_tier_once(|it: &mut TopUp| (it.amount, it.gift) = (Money::from_minor(150_000), Money::from_minor(10_000)), Ok(1))]
#[case::nothing(|it: &mut TopUp| it.amount = Money::ZERO, Err("bad_amount"))]
#[case::too_little_cash(|it: &mut TopUp| it.tendered = Some(Money::from_minor(99_999)), Err("bad_amount"))]
#[case::by_another_tender(|it: &mut TopUp| (it.tender, it.gift) = ("wechat".into(), Money::from_minor(10_000)), Ok(1))]
#[case::unknown_tender(|it: &mut TopUp| it.tender = "gold".into(), Err("tender_unknown"))]
#[case::with_stored_value(|it: &mut TopUp| it.tender = "value".into(), Err("tender_unknown"))]
#[case::b14_over_the_cap(|it: &mut TopUp| it.amount = Money::from_minor(500_001), Err("over_cap"))]
#[case::nobody(|it: &mut TopUp| it.member = MemberId([9; 16]), Err("unknown_member"))]
fn topping_up(#[case] change: fn(&mut TopUp), #[case] wanted: Result<usize, &str>) {
    let (mut house, member) = till("topping-up");
    let mut command = top_up(member, 100_000, 0);
    change(&mut command);
    let moment = in_shift(&mut house);
    assert_eq!(codes(house.decide_at(&command, &moment)), wanted.map_err(str::to_owned));
}

#[test]
fn b1_a_top_up_is_on_the_card_in_the_drawer_and_on_a_slip_once() {
    let (mut house, member) = till("topped-up");
    let moment = in_shift(&mut house);
    let preview = top_up::preview(&house.store, member, Money::from_minor(100_000), &moment).expect("read").expect("allowed");
    assert_eq!((preview.bonus.minor(), preview.may_add, preview.next), (10_000, Some(Money::from_minor(500_000)), None));
    let command = TopUp { tendered: Some(Money::from_minor(110_000)), ..top_up(member, 100_000, preview.bonus.minor()) };
    assert_eq!(house.decide_at(&command, &moment), Ok(1));
    assert_eq!(house.decide_at(&command, &moment), Ok(0), "a retry is the same command");
    let purse = members::purse(&house.store, member, EDGE, BusinessDay(TODAY)).expect("read");
    assert_eq!((purse.principal.minor(), purse.bonus.minor()), (100_000, 10_000));
    let drawer = Account { holder: Holder::House(BRANCH, Purpose::Drawer), unit: Unit::Money(1), place: EDGE };
    assert_eq!(balance::amount(&house.store, &drawer), Ok(100_000), "what was handed over less the change");
    let takings = "select turnover, received, top_ups, bonus_given from takings_day";
    let day = house.store.row(takings, &[]).expect("read").expect("a day");
    assert_eq!([0, 1, 2, 3].map(|at| day.int(at)), [0, 100_000, 100_000, 10_000], "no sales; cash; topped up; gift");
    assert_eq!(shared::store::jobs::open_jobs(&house.store, "print").expect("read").len(), 1);
    assert_eq!(members::visit::last_visit_ms(&house.store, member), Ok(house::NOW_MS));
    let no_shift = house.moment();
    assert_eq!(codes(house.decide_at(&top_up(member, 100, 0), &no_shift)), Err("no_shift".into()));
    let moment = in_shift(&mut house);
    let over = house.decide_at(&top_up(member, 400_001, 10_000), &moment);
    assert_eq!(over, Err(Refusal::OverCap { limit: 500_000, room: 400_000 }), "R23: what is on the card already counts");
}

/// B2: what the tiers give is told before Enter, under either policy.
#[rstest]
#[case::once("highest_once", 10_000)]
#[case::repeated("repeated", 12_000)]
fn b2_the_gift_is_told_before_enter(#[case] gift: &str, #[case] bonus: i64) {
    let mut hub = House::hub(&format!("b2-{gift}-hub"));
    for (key, value) in [("tier:50000", "2000"), ("tier:100000", "10000"), ("gift", gift)] {
        hub.decide(&WriteSetting { group: Group::Value, key: key.into(), value: value.into() }).expect("HQ may");
    }
    let mut house = House::edge(&format!("b2-{gift}"));
    hear(&mut house, &hub, HUB);
    let member = enrolled(&mut house, "王小明", "13800138000", None);
    let moment = in_shift(&mut house);
    let told = top_up::preview(&house.store, member, Money::from_minor(150_000), &moment).expect("read").expect("allowed");
    assert_eq!(told.bonus.minor(), bonus);
    assert_eq!(house.decide_at(&top_up(member, 150_000, bonus), &moment), Ok(1));
    let purse = members::purse(&house.store, member, EDGE, BusinessDay(TODAY)).expect("read");
    assert_eq!((purse.principal.minor(), purse.bonus.minor()), (150_000, bonus));
}

#[test]
fn a_first_pin_is_free_and_another_needs_the_old_one_or_somebody_who_may() {
    let (mut house, member) = till("member-pin");
    let set = |pin: &str, proven| SetPin { member, sealed: prove::sealed(&vault(), Whose::Member(member), pin, [5; 40]), proven };
    let by_cashier = |house: &mut House| Moment { rights: vec![shared::journal::Right::Enrol], ..house.moment() };
    let moment = by_cashier(&mut house);
    assert_eq!(house.decide_at(&set("111111", false), &moment), Ok(1));
    let moment = by_cashier(&mut house);
    assert_eq!(codes(house.decide_at(&set("222222", false), &moment)), Err("proof_needed".into()));
    assert_eq!(prove::is_set_to(&house.store, &vault(), Whose::Member(member), "111111"), Ok(true));
    let wrong = prove::compared(&house.store, &vault(), Whose::Member(member), "222222").expect("read").expect("set");
    let counted = house.store.transaction(|writer| prove::counted(writer, wrong)).expect("no fault");
    assert_eq!(counted, Err(Refusal::WrongMemberPin { tries_left: 4 }));
    let moment = by_cashier(&mut house);
    assert_eq!(house.decide_at(&set("222222", true), &moment), Ok(1));
    assert_eq!(prove::is_set_to(&house.store, &vault(), Whose::Member(member), "222222"), Ok(true));
}

#[test]
fn a_blocked_card_is_blocked_until_somebody_takes_it_back() {
    let mut house = House::hub("blocked");
    enrolled(&mut house, "王小明", "", Some("6001"));
    let block = |number: &str, block| BlockCard { number: number.into(), block, reason: "挂失".into() };
    assert_eq!(codes(house.decide(&block("6009", true))), Err("unknown_card".into()));
    assert_eq!(house.decide(&block("6001", true)), Ok(1));
    assert_eq!(house.decide(&block("6001", true)), Ok(0), "it is blocked already");
    let blocked = members::blocked(&house.store, "6001").expect("read").expect("blocked");
    assert_eq!((blocked.since_ms, blocked.reason.as_str()), (house::NOW_MS, "挂失"));
    assert_eq!(house.decide(&block("6001", false)), Ok(1));
    assert_eq!(members::blocked(&house.store, "6001"), Ok(None));
}

fn goods(name: &str) -> House {
    let mut hub = House::hub(name);
    hub.decide(&Write::<Category>::new(None, fields([("code", "01"), ("name", "食品")]), vec![])).expect("HQ may");
    let mut water = fields([("name", "矿泉水"), ("category", "01"), ("unit", "瓶")]);
    water.extend([("number".to_owned(), Scalar::Int(1)), (format!("price:main:{TODAY}"), Scalar::Int(250))]);
    hub.decide(&Write::<Product>::new(None, water, vec![])).expect("HQ may");
    hub
}

fn price(product: u32, price: Option<i64>) -> ChangePrice {
    ChangePrice { product: ProductNo(product), list: "main".into(), price, member_price: None, from: None, now: false, confirmed: false }
}

#[rstest]
#[case::next_business_day(price(1, Some(300)), Ok(2))]
#[case::the_same_price_again(ChangePrice { now: true, confirmed: true, ..price(1, Some(250)) }, Ok(0))]
#[case::no_product(price(9, Some(300)), Err("not_found"))]
#[case::nothing_given(price(1, None), Err("not_sound"))]
#[case::negative(price(1, Some(-1)), Err("price_negative"))]
#[case::yesterday(ChangePrice { from: Some(BusinessDay(TODAY - 1)), ..price(1, Some(300)) }, Err("not_sound"))]
#[case::no_such_day(ChangePrice { from: Some(BusinessDay(20_261_131)), ..price(1, Some(300)) }, Err("not_sound"))]
#[case::no_such_list(ChangePrice { list: "a:b".into(), ..price(1, Some(300)) }, Err("not_sound"))]
#[case::now_asks(ChangePrice { now: true, ..price(1, Some(300)) }, Err("needs_confirmation"))]
#[case::today_is_now(ChangePrice { from: Some(BusinessDay(TODAY)), ..price(1, Some(300)) }, Err("needs_confirmation"))]
#[case::now_confirmed(ChangePrice { now: true, confirmed: true, ..price(1, Some(300)) }, Ok(2))]
fn changing_a_price(#[case] command: ChangePrice, #[case] wanted: Result<usize, &str>) {
    let mut hub = goods("changing-a-price");
    assert_eq!(codes(hub.decide(&command)), wanted.map_err(str::to_owned));
}

#[test]
fn a_price_holds_from_its_day_and_reaches_a_till_with_its_release_number() {
    let mut hub = goods("price-change");
    hub.decide(&ChangePrice { member_price: Some(280), ..price(1, Some(300)) }).expect("HQ may");
    let mut edge = House::edge("price-change-edge");
    hear(&mut edge, &hub, HUB);
    let on = |house: &House, day| catalog::price(&house.store, "main", ProductNo(1), BusinessDay(day)).expect("read").expect("a price");
    assert_eq!((on(&edge, TODAY).price.minor(), on(&edge, TODAY).member_price), (250, None));
    assert_eq!((on(&edge, TODAY + 1).price.minor(), on(&edge, TODAY + 1).member_price), (300, Some(Money::from_minor(280))));
    assert_eq!(catalog::release::price_release(&edge.store), Ok(1));
    hub.decide(&ChangePrice { now: true, confirmed: true, ..price(1, Some(260)) }).expect("HQ may");
    hear(&mut edge, &hub, HUB);
    assert_eq!((on(&edge, TODAY).price.minor(), catalog::release::price_release(&edge.store)), (260, Ok(2)));
}

#[test]
fn two_edits_of_one_field_are_settled_by_a_choice_and_every_replica_agrees() {
    let (mut hub, mut edge) = (House::hub("conflict-hub"), House::edge("conflict-edge"));
    let moment = hub.moment();
    hub.decide_at(&enrol("王小明", "13800138000", None), &moment).expect("enrolled");
    let member = MemberId(moment.command.0);
    hear(&mut edge, &hub, HUB);
    let note = |text: &str| WriteMember { member: Some(member), set: fields([("note", text)]), removed: vec![], although_taken: false };
    hub.decide(&note("不要电话")).expect("HQ may");
    edge.commands_from(100);
    edge.decide(&note("喜欢短信")).expect("a branch may");
    hear(&mut hub, &edge, EDGE);
    hear(&mut edge, &hub, HUB);
    let candidates = |house: &House| {
        let rows = house.store.rows("select field, rank, value, before from conflict order by rank", &[]).expect("read");
        rows.iter().map(|row| row.text(2).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(candidates(&hub), candidates(&edge), "both replicas see the same two values in the same order");
    assert_eq!(candidates(&hub).len(), 2);
    let lost = candidates(&hub)[1].clone();
    let settle = |rank| SettleConflict { document: DocumentId(member.0), key: "note".into(), rank };
    assert_eq!(codes(hub.decide(&settle(2))), Err("conflict_gone".into()));
    assert_eq!(hub.decide(&settle(1)), Ok(1), "the value that did not stand is chosen");
    hear(&mut edge, &hub, HUB);
    for house in [&hub, &edge] {
        assert_eq!(candidates(house), Vec::<String>::new());
        assert_eq!(members::member(&house.store, member).expect("read").expect("there").note, lost);
    }
    assert_eq!(codes(hub.decide(&settle(0))), Err("conflict_gone".into()));
    let unknown = SettleConflict { document: DocumentId([8; 16]), key: "note".into(), rank: 0 };
    assert_eq!(codes(hub.decide(&unknown)), Err("not_found".into()));
}

#[rstest]
#[case::another_type("birthday", Scalar::Text("19900521".into()))]
#[case::no_such_key("colour", Scalar::Text("red".into()))]
#[case::no_such_day("birthday", Scalar::Int(20_261_131))]
#[case::no_branch("home", Scalar::Text("here".into()))]
#[case::unprintable("note", Scalar::Text("a\u{7}".into()))]
#[case::a_card_with_a_blank("card:60 01", Scalar::Bool(true))]
fn what_the_gate_would_not_admit_is_refused_before(#[case] key: &str, #[case] value: Scalar) {
    let mut house = House::edge("unsound-member");
    let mut set = fields([("name", "王小明"), ("phone", "13800138000")]);
    set.insert(key.into(), value);
    let write = WriteMember { member: None, set, removed: vec![], although_taken: false };
    assert_eq!(codes(house.decide(&write)), Err("not_sound".into()));
    let removed = WriteMember { member: None, set: fields([("name", "王小明")]), removed: vec!["colour".into()], although_taken: false };
    assert_eq!(codes(house.decide(&removed)), Err("not_sound".into()));
}

#[test]
fn an_exception_is_owned_and_closed_with_a_note_once() {
    let mut hub = House::hub("exceptions");
    let moment = hub.moment();
    hub.decide_at(&Raise, &moment).expect("raised");
    let exception = moment.command;
    assert_eq!(codes(hub.decide(&Own { exception: shared::base::CommandId([0xEE; 16]) })), Err("not_found".into()));
    hub.decide(&Own { exception }).expect("owned");
    let listed = exceptions::list(&hub.store, 10).expect("read");
    assert_eq!((listed[0].progress, listed[0].owner), (Progress::Owned, Some(SOMEBODY)));
    assert_eq!(codes(hub.decide(&Close { exception, note: " ".into() })), Err("not_sound".into()));
    hub.decide(&Close { exception, note: "已核对".into() }).expect("closed");
    assert_eq!(codes(hub.decide(&Own { exception })), Err("not_sound".into()), "a closed one stays closed");
    assert_eq!(exceptions::list(&hub.store, 10).expect("read")[0].found, "已核对");
}

/// What a rule would raise.
struct Raise;

impl shared::journal::Command for Raise {
    type State = ();
    const RIGHT: Option<shared::journal::Right> = None;
    fn content(&self) -> Vec<u8> {
        Vec::new()
    }
    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), shared::journal::Fault> {
        Ok(())
    }
    fn decide(&self, (): &(), moment: &Moment) -> Result<shared::journal::Decided, Refusal> {
        let fact = shared::facts::exceptions::ExceptionRaised {
            what: "negative_balance".into(),
            branch: Some(BRANCH),
            member: None,
            stream: None,
            seq: 0,
            amount: -5,
            note: String::new(),
            at_ms: moment.now_ms,
        };
        Ok(shared::journal::Decided::nothing().fact(&fact))
    }
}

#[test]
fn a_disabled_person_may_nothing_and_nobody_disables_oneself() {
    let mut hub = House::hub("disabled");
    let moment = hub.moment();
    hub.decide_at(&Write::<Staff>::new(None, fields([("code", "1001"), ("name", "李雷")]), vec![]), &moment).expect("HQ may");
    let staff = StaffId(moment.command.0);
    let disable = |staff, disabled| Disable { staff, disabled, reason: "离职".into() };
    assert_eq!(hub.decide(&disable(staff, true)), Ok(1));
    assert_eq!(hub.decide(&disable(staff, true)), Ok(0));
    assert!(shared::staff::person(&hub.store, staff).expect("read").expect("there").disabled);
    assert_eq!(hub.decide(&disable(staff, false)), Ok(1));
    assert_eq!(codes(hub.decide(&disable(StaffId([9; 16]), true))), Err("unknown_staff".into()));
    let own = Moment { by: shared::journal::Actor::Person(staff), ..hub.moment() };
    assert_eq!(codes(hub.decide_at(&disable(staff, true), &own)), Err("not_sound".into()));
    let taken = Write::<Staff>::new(Some(DocumentId([7; 16])), fields([("code", "1001"), ("name", "韩梅")]), vec![]);
    assert_eq!(codes(hub.decide(&taken)), Err("not_sound".into()), "a staff code is one person's");
}
