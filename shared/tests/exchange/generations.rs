//! Goal: when a document begins anew, no late edit is lost, doubled or made by two; what was erased is nowhere, and every chain still verifies.
//! Method: a branch edits a member offline while head office begins the member's document anew; then everybody hears everything.
use super::chain::{Chain, MEMBER, Replica, moment};
use super::verify::{check, trusted};
use shared::base::{CommandId, DocumentId};
use shared::documents::{Fields, Kind, Scalar};
use shared::exchange::generations::{Erase, Rebase, begin_anew, long, written_about};
use shared::exchange::push;
use shared::exchange::recovery::{TAKEN_OVER, seal};
use shared::exchange::sign::Keys;
use shared::facts::Fact;
use shared::facts::journal::{Conflicted, ERASED, FORKED, LONG};
use shared::facts::members::MemberPinSet;
use shared::journal::{Command, Decided, DocumentWrite, Fault, Moment, Read, Refusal, Right};
use shared::store::documents::held;
use shared::store::rebuild::digests;

const WHO: DocumentId = DocumentId(MEMBER.0);

/// Sets one key of the member, and a PIN with it if the value is a phone.
struct Edit(&'static str, String);

impl Command for Edit {
    type State = ();
    const RIGHT: Option<Right> = None;
    fn content(&self) -> Vec<u8> {
        format!("{} {}", self.0, self.1).into_bytes()
    }
    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }
    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        let set: Fields = [(self.0.to_owned(), Scalar::Text(self.1.clone()))].into();
        let edit = Decided::nothing().change(DocumentWrite { document: WHO, kind: Kind::Member.number(), set, removed: Vec::new() });
        let pin = MemberPinSet { member: MEMBER, sealed: b"verifier".to_vec().into() };
        Ok(if self.0 == "phone" { edit.fact(&pin) } else { edit })
    }
}

fn decide<C: Command + Send + 'static>(replica: &mut Replica, command: u8, what: C) -> Result<(), Refusal> {
    let moment = Moment { rights: Right::ALL.to_vec(), ..moment(CommandId([command; 16]), replica.here(), replica.branch) };
    replica.run(move |writer| writer.decide(&what, &moment)).map(|_| ())
}

fn edit(replica: &mut Replica, command: u8, key: &'static str, value: &str) {
    decide(replica, command, Edit(key, value.into())).expect("nothing refuses it");
}

fn fields(replica: &Replica) -> (u32, Vec<(String, String)>) {
    let held = held(&replica.store, WHO).expect("read").expect("there");
    (held.generation, held.document.fields().into_iter().map(|(key, value)| (key, value.to_string())).collect())
}

fn shows(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// Every replica says the same, its chains and views hold, and another look of everybody changes nothing.
fn all_equal(chain: &mut Chain) {
    chain.settle();
    let entries = chain.hub.entries();
    chain.settle();
    assert_eq!(chain.hub.entries(), entries, "nobody has more to say");
    let mut trusted = trusted(chain);
    trusted.devices.push(Keys::from_secret([98; 32]).public());
    for edge in chain.edges.iter().chain([&chain.hub]) {
        assert_eq!(fields(edge), fields(&chain.hub));
        let tables: Vec<_> =
            edge.store.tables().into_iter().filter(|table| table.name.starts_with("member") || table.name == "generation").collect();
        assert_eq!(digests(&edge.store, &tables), digests(&chain.hub.store, &tables));
        assert_eq!(check(edge, &trusted, "").wrong, []);
    }
}

/// Three replicas know a member.
fn known(name: &str) -> Chain {
    let mut chain = Chain::new(name, 2);
    edit(&mut chain.hub, 1, "name", "王小明");
    chain.settle();
    chain
}

#[test]
fn a_late_edit_is_written_again_by_its_author_and_by_nobody_else() {
    let mut chain = known("generation-late");
    edit(&mut chain.edges[0], 2, "note", "常客");
    edit(&mut chain.edges[1], 3, "gender", "male");
    chain.exchange(1);
    decide(&mut chain.hub, 4, Rebase { document: WHO, reason: LONG }).expect("begun anew");
    assert_eq!(fields(&chain.hub), (1, shows(&[("gender", "male"), ("name", "王小明")])));
    all_equal(&mut chain);
    assert_eq!(fields(&chain.hub), (1, shows(&[("gender", "male"), ("name", "王小明"), ("note", "常客")])));
    let of_first = "select count(*) from entry where generation = 0 and document <> x''";
    let of_second = "select count(*) from entry where generation = 1 and document <> x''";
    assert_eq!((chain.hub.number(of_first), chain.hub.number(of_second)), (3, 1), "the late one is kept, and written again once");
    edit(&mut chain.edges[1], 5, "note", "老客");
    all_equal(&mut chain);
}

#[test]
fn where_something_else_stands_than_the_author_knew_both_are_kept_for_a_person() {
    let mut chain = known("generation-conflict");
    edit(&mut chain.edges[0], 2, "name", "王晓明");
    edit(&mut chain.hub, 3, "name", "王小鸣");
    decide(&mut chain.hub, 4, Rebase { document: WHO, reason: FORKED }).expect("begun anew");
    all_equal(&mut chain);
    assert_eq!(fields(&chain.hub), (1, shows(&[("name", "王小鸣")])));
    let sql = "select body from entry where kind = ?1";
    let rows = chain.hub.store.rows(sql, &[Conflicted::KIND.into()]).expect("read");
    let said: Vec<Conflicted> = rows.iter().map(|row| minicbor::decode(row.blob(0)).expect("its own bytes")).collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        said.iter().map(|one| (&one.mine, &one.before, &one.stands)).collect::<Vec<_>>(),
        [(&text("王晓明"), &text("王小明"), &text("王小鸣"))]
    );
}

#[test]
fn what_came_late_from_a_box_that_is_gone_head_office_writes_again() {
    let mut chain = known("generation-sealed");
    edit(&mut chain.edges[0], 2, "note", "常客");
    decide(&mut chain.hub, 4, Rebase { document: WHO, reason: LONG }).expect("begun anew");
    let (old, keys) = (chain.edges[0].here(), chain.enrolled(98, 1, 1));
    let brought = push::stretch(&chain.edges[0].store, old, 0).expect("read");
    chain.pushed(&brought, &keys, 1).expect("kept");
    assert_eq!(fields(&chain.hub).1, shows(&[("name", "王小明")]), "its author may still come");
    let sealing = moment(CommandId([70; 16]), chain.hub.here(), None);
    chain.hub.run(move |writer| seal(writer, old, TAKEN_OVER, &sealing)).expect("sealed");
    assert_eq!(fields(&chain.hub).1, shows(&[("name", "王小明"), ("note", "常客")]));
    all_equal(&mut chain);
}

#[test]
fn what_was_erased_is_nowhere_and_what_comes_late_of_it_goes_too() {
    let mut chain = known("generation-erased");
    edit(&mut chain.edges[0], 2, "phone", "13800138000");
    chain.settle();
    edit(&mut chain.edges[0], 3, "note", "住人民路 8 号");
    edit(&mut chain.edges[0], 4, "phone", "13900139000");
    decide(&mut chain.hub, 5, Rebase { document: WHO, reason: LONG }).expect("begun anew");
    let entries = written_about(&chain.hub.store, chain.hub.store.registry(), WHO).expect("read");
    assert_eq!(entries.len(), 2, "the PIN that came, and the base of the second generation");
    let erase = Erase { document: WHO, why: "本人要求，个人信息保护法第四十七条".into(), entries };
    decide(&mut chain.hub, 6, erase.clone()).expect("erased");
    assert!(matches!(decide(&mut chain.hub, 7, erase), Err(Refusal::NotSound { .. })), "once");
    all_equal(&mut chain);
    assert_eq!(fields(&chain.hub), (2, vec![]));
    for replica in chain.edges.iter().chain([&chain.hub]) {
        let told = "select count(*) from entry where erased = 0 and (document = x'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee' or kind = 44)";
        assert_eq!(replica.number(told), 0, "nothing of it is left");
        assert_eq!(replica.number("select count(*) from member") + replica.number("select count(*) from member_pin"), 0);
        assert_eq!(replica.number("select count(*) from entry where erased = 1 and (length(body) <> 32 or salt <> x'')"), 0);
    }
    assert!(chain.hub.number("select count(*) from entry where erased = 1") > 5);
    chain.add(3);
    all_equal(&mut chain);
    assert_eq!(chain.edges[2].number("select count(*) from entry where erased = 0 and generation = 0 and document <> x''"), 0);
}

#[test]
fn a_long_history_begins_anew_by_itself() {
    let mut chain = known("generation-long");
    let hub = chain.hub.here();
    chain.hub.run(move |writer| {
        for n in 0..500_u32 {
            let command = CommandId(shared::base::ids::derived("test", &[&n.to_be_bytes()]));
            let _ = writer.decide(&Edit("note", n.to_string()), &moment(command, hub, None))?;
        }
        Ok(())
    });
    assert_eq!(long(&chain.hub.store, &[WHO, DocumentId([9; 16])]), Ok(vec![WHO]));
    chain.hub.run(move |writer| begin_anew(writer, WHO, 1_000_000).and_then(|()| begin_anew(writer, WHO, 1_000_000)));
    assert_eq!(long(&chain.hub.store, &[WHO]), Ok(vec![]));
    let changed = fields(&chain.hub);
    assert_eq!(changed, (2, shows(&[("name", "王小明"), ("note", "499")])), "each saying begins one");
    all_equal(&mut chain);
}

#[test]
fn a_new_generation_needs_the_right_something_to_begin_and_settled_conflicts() {
    let mut chain = Chain::new("generation-refused", 2);
    let rebase = Rebase { document: WHO, reason: LONG };
    assert!(matches!(decide(&mut chain.hub, 1, rebase.clone()), Err(Refusal::NotFound { .. })));
    let without = Moment { rights: vec![], ..moment(CommandId([2; 16]), chain.hub.here(), None) };
    let again = rebase.clone();
    assert!(matches!(chain.hub.run(move |writer| writer.decide(&again, &without)), Err(Refusal::NotAllowed { .. })));
    edit(&mut chain.edges[0], 3, "name", "王小明");
    edit(&mut chain.edges[1], 4, "name", "王晓明");
    chain.settle();
    assert!(matches!(decide(&mut chain.hub, 5, rebase), Err(Refusal::NotSound { .. })), "two names: a person settles first");
    let erase = Erase { document: WHO, why: " ".into(), entries: Vec::new() };
    assert!(matches!(decide(&mut chain.hub, 6, erase.clone()), Err(Refusal::NotSound { .. })), "no reason");
    decide(&mut chain.hub, 7, Erase { why: "本人要求".into(), ..erase }).expect("erased, in conflict or not");
    assert_eq!(fields(&chain.hub), (1, vec![]));
    let late = chain.hub.number("select reason from generation");
    assert_eq!(late, i64::from(ERASED));
}
