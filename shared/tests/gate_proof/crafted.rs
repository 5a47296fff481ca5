//! Changes made by hand with a right checksum, each wrong in one way. Most of them make the engine panic, hang, or write
//! documents that never load again, if it gets them unchecked.

use crate::{
    allocation::peak_of,
    support::{actor, any, framed, unsigned},
};
use automerge::{ActorId, Automerge, Change, ChangeHash, ExpandedChange, ObjType, ScalarValue, legacy};
use rstest::rstest;
use shared::documents::{
    Fields, Scalar,
    automerge::{
        Actor,
        gate::{Incoming, admit, admit_all},
        guard, limits,
        merge::Document,
        rejected::{OperationFault, Rejected},
    },
};

const WRITER: usize = 1;

/// A document of two writers: `name` and `phone` set by one, `phone` overwritten by the other.
pub fn begun() -> Document {
    let mut document = Document::new();
    let text = |text: &str| Scalar::Text(text.to_owned());
    for (who, key, value) in [(0, "name", "张三"), (WRITER, "phone", "138"), (0, "phone", "139")] {
        let set = Fields::from([(key.to_owned(), text(value))]);
        let bytes = document.changed(actor(who), 1_700_000_000, &set, &[]).expect("a change");
        admit(&mut document, &bytes, &actor(who), &any).expect("admitted");
    }
    document
}

/// An honest change to [`begun`], as parts to be spoilt.
pub fn honest(document: &Document) -> ExpandedChange {
    let set = Fields::from([("name".to_owned(), Scalar::Text("李四".to_owned()))]);
    let bytes = document.changed(actor(WRITER), 1_700_000_100, &set, &[]).expect("a change");
    Change::from_bytes(bytes).expect("readable").decode()
}

fn id(counter: u64, who: usize) -> legacy::OpId {
    legacy::OpId::new(counter, &ActorId::from(actor(who)))
}

fn put(key: &str, value: impl Into<ScalarValue>, pred: &[legacy::OpId]) -> legacy::Op {
    legacy::Op {
        action: legacy::OpType::Put(value.into()),
        obj: legacy::ObjectId::Root,
        key: legacy::Key::Map(key.into()),
        pred: pred.iter().cloned().collect(),
        insert: false,
    }
}

fn refused(spoil: impl FnOnce(&mut ExpandedChange)) -> Rejected {
    let mut document = begun();
    let (heads, fields) = (document.heads(), document.fields());
    let mut change = honest(&document);
    spoil(&mut change);
    let bytes = Change::from(change).raw_bytes().to_vec();
    let why = admit(&mut document, &bytes, &actor(WRITER), &any).expect_err("a spoilt change must be refused");
    assert_eq!((document.heads(), document.fields()), (heads, fields));
    why
}

fn at_first(why: OperationFault) -> Rejected {
    Rejected::Operation { at: 0, why }
}

const OBJECT_ID: Rejected = Rejected::Column { column: 0x01 };
const KEY_ID: Rejected = Rejected::Column { column: 0x13 };

#[rstest]
#[case::unknown_object(|op: &mut legacy::Op| op.obj = legacy::ObjectId::Id(id(99, 0)), OBJECT_ID)]
#[case::scalar_as_object(|op: &mut legacy::Op| op.obj = legacy::ObjectId::Id(id(1, 0)), OBJECT_ID)]
#[case::unknown_actor_in_object(|op: &mut legacy::Op| op.obj = legacy::ObjectId::Id(id(1, 9)), OBJECT_ID)]
#[case::list_head(|op: &mut legacy::Op| op.key = legacy::Key::head(), KEY_ID)]
#[case::list_element(|op: &mut legacy::Op| op.key = legacy::Key::Seq(legacy::ElementId::Id(id(1, 0))), Rejected::Column { column: 0x11 })]
#[case::insert(|op: &mut legacy::Op| op.insert = true, Rejected::Column { column: 0x34 })]
#[case::unknown_actor_overwritten(|op: &mut legacy::Op| op.pred = vec![id(1, 9)].into(), at_first(OperationFault::Overwrites))]
#[case::unknown_operation_overwritten(|op: &mut legacy::Op| op.pred = vec![id(2, 0)].into(), at_first(OperationFault::Overwrites))]
#[case::another_keys_operation_overwritten(|op: &mut legacy::Op| op.pred = vec![id(3, 0)].into(), at_first(OperationFault::Overwrites))]
#[case::actor_from_nowhere(|op: &mut legacy::Op| op.pred = vec![id(1, 0), id(1, 3)].into(), at_first(OperationFault::Overwrites))]
#[case::itself_overwritten(|op: &mut legacy::Op| op.pred = vec![id(4, WRITER)].into(), at_first(OperationFault::Overwrites))]
#[case::overwritten_twice(|op: &mut legacy::Op| op.pred = vec![id(1, 0), id(1, 0)].into(), at_first(OperationFault::Overwrites))]
#[case::nothing_overwritten(|op: &mut legacy::Op| op.pred = vec![].into(), at_first(OperationFault::Overwrites))]
#[case::removes_nothing(|op: &mut legacy::Op| (op.action, op.pred) = (legacy::OpType::Delete, vec![].into()), at_first(OperationFault::Overwrites))]
#[case::removes_what_is_not_there(|op: &mut legacy::Op| *op = legacy::Op { action: legacy::OpType::Delete, ..put("note", 1, &[]) }, at_first(OperationFault::NothingToRemove))]
#[case::increment(|op: &mut legacy::Op| op.action = legacy::OpType::Increment(1), at_first(OperationFault::Action))]
#[case::map(|op: &mut legacy::Op| op.action = legacy::OpType::Make(ObjType::Map), at_first(OperationFault::Action))]
#[case::list(|op: &mut legacy::Op| op.action = legacy::OpType::Make(ObjType::List), at_first(OperationFault::Action))]
#[case::text_object(|op: &mut legacy::Op| op.action = legacy::OpType::Make(ObjType::Text), at_first(OperationFault::Action))]
#[case::mark(|op: &mut legacy::Op| op.action = legacy::OpType::MarkEnd(true), Rejected::Column { column: 0x94 })]
#[case::counter(|op: &mut legacy::Op| *op = put("name", ScalarValue::counter(1), &[id(1, 0)]), at_first(OperationFault::Value))]
#[case::fraction(|op: &mut legacy::Op| *op = put("name", 0.5, &[id(1, 0)]), at_first(OperationFault::Value))]
#[case::nothing(|op: &mut legacy::Op| *op = put("name", ScalarValue::Null, &[id(1, 0)]), at_first(OperationFault::Value))]
#[case::bytes(|op: &mut legacy::Op| *op = put("name", vec![1_u8, 2], &[id(1, 0)]), at_first(OperationFault::Value))]
#[case::unsigned(|op: &mut legacy::Op| *op = put("name", 1_u64, &[id(1, 0)]), at_first(OperationFault::Value))]
#[case::time(|op: &mut legacy::Op| *op = put("name", ScalarValue::Timestamp(1), &[id(1, 0)]), at_first(OperationFault::Value))]
#[case::unknown_type(|op: &mut legacy::Op| *op = put("name", ScalarValue::Unknown { type_code: 12, bytes: vec![1] }, &[id(1, 0)]), at_first(OperationFault::Value))]
#[case::no_key(|op: &mut legacy::Op| *op = put("", 1, &[]), at_first(OperationFault::Key))]
#[case::long_key(|op: &mut legacy::Op| *op = put(&"k".repeat(limits::KEY_BYTES + 1), 1, &[]), at_first(OperationFault::Key))]
#[case::long_text(|op: &mut legacy::Op| *op = put("note", "x".repeat(limits::TEXT_BYTES + 1).as_str(), &[]), at_first(OperationFault::Text))]
fn a_spoilt_operation_is_refused(#[case] spoil: fn(&mut legacy::Op), #[case] why: Rejected) {
    assert_eq!(refused(|change| spoil(&mut change.operations[0])), why);
}

#[rstest]
#[case::seq_zero(|change: &mut ExpandedChange| change.seq = 0, Rejected::SeqGap { expected: 2, seq: 0 })]
#[case::seq_three(|change: &mut ExpandedChange| change.seq = 3, Rejected::SeqGap { expected: 2, seq: 3 })]
#[case::second_number_one(|change: &mut ExpandedChange| change.seq = 1, Rejected::Equivocation { actor: actor(WRITER), seq: 1 })]
#[case::start_not_above(|change: &mut ExpandedChange| change.start_op = nonzero(3), Rejected::StartOp { expected: 4, start_op: 3 })]
#[case::start_too_far(|change: &mut ExpandedChange| change.start_op = nonzero(5), Rejected::StartOp { expected: 4, start_op: 5 })]
#[case::start_huge(|change: &mut ExpandedChange| change.start_op = nonzero(u64::from(u32::MAX) - 1), Rejected::StartOp { expected: 4, start_op: u64::from(u32::MAX) - 1 })]
#[case::doubled_dep(|change: &mut ExpandedChange| change.deps.push(change.deps[0]), Rejected::DepsOrder)]
#[case::unknown_dep(|change: &mut ExpandedChange| change.deps = vec![ChangeHash([9; 32])], Rejected::MissingDeps(vec![[9; 32]]))]
#[case::no_operations(|change: &mut ExpandedChange| change.operations.clear(), Rejected::Column { column: 0x42 })]
#[case::key_twice(|change: &mut ExpandedChange| change.operations.push(change.operations[0].clone()), Rejected::Operation { at: 1, why: OperationFault::KeyTwice })]
#[case::message(|change: &mut ExpandedChange| change.message = Some("hello".to_owned()), Rejected::Header { part: "message" })]
#[case::extra_bytes(|change: &mut ExpandedChange| change.extra_bytes = vec![1, 2], Rejected::Header { part: "extra bytes" })]
#[case::before_1970(|change: &mut ExpandedChange| change.time = -1, Rejected::Header { part: "time" })]
#[case::end_of_time(|change: &mut ExpandedChange| change.time = i64::MAX, Rejected::Header { part: "time" })]
#[case::no_actor(|change: &mut ExpandedChange| change.actor_id = ActorId::from(&[][..]), Rejected::Header { part: "actor" })]
#[case::huge_actor(|change: &mut ExpandedChange| change.actor_id = ActorId::from(vec![1; 50_000]), Rejected::Header { part: "actor" })]
#[case::other_writer(|change: &mut ExpandedChange| change.actor_id = ActorId::from(actor(0)), Rejected::WrongActor { actor: actor(0) })]
#[case::many_operations(|change: &mut ExpandedChange| change.operations = (0..=limits::OPERATIONS).map(|n| put(&n.to_string(), 1, &[])).collect(), Rejected::TooMany { what: "operations", count: 1_001 })]
#[case::many_overwritten(|change: &mut ExpandedChange| change.operations[0].pred = vec![id(1, 0); limits::OVERWRITTEN + 1].into(), Rejected::TooMany { what: "overwritten operations", count: 4_001 })]
#[case::many_deps(|change: &mut ExpandedChange| change.deps = vec![ChangeHash([9; 32]); limits::DEPS + 1], Rejected::TooMany { what: "deps", count: 257 })]
fn a_spoilt_change_is_refused(#[case] spoil: fn(&mut ExpandedChange), #[case] why: Rejected) {
    assert_eq!(refused(spoil), why);
}

fn nonzero(number: u64) -> std::num::NonZeroU64 {
    std::num::NonZeroU64::new(number).expect("not zero")
}

/// A writer who forgets their own last change, or who knows something else than they say.
#[test]
fn a_writer_builds_on_their_own_last_change() {
    let first = Change::from_bytes(begun().base()[0].clone()).expect("readable").hash();
    let forgetful = |change: &mut ExpandedChange| {
        change.deps = vec![first];
        change.start_op = nonzero(2);
    };
    assert_eq!(refused(forgetful), Rejected::OffOwnHistory);
    let empty = |change: &mut ExpandedChange| {
        change.deps.clear();
        change.start_op = nonzero(1);
        change.operations[0].pred = vec![].into();
    };
    assert_eq!(refused(empty), Rejected::OffOwnHistory);
}

/// What is no plain change is refused by its frame.
#[test]
fn other_chunks_are_refused() {
    let mut document = begun();
    let mut refused = |bytes: &[u8]| admit(&mut document, bytes, &actor(WRITER), &any).expect_err("refused");
    let honest = Change::from(honest(&begun())).raw_bytes().to_vec();
    assert_eq!(refused(&[]), Rejected::Foreign);
    assert_eq!(refused(&honest[..honest.len() - 1]), Rejected::Length);
    assert_eq!(refused(&[&honest[..], &[0]].concat()), Rejected::Length);
    assert_eq!(refused(&vec![0; limits::CHANGE_BYTES + 1]), Rejected::TooLarge { bytes: limits::CHANGE_BYTES + 1 });
    let whole = Document::load(&begun().save().expect("saved")).expect("loaded").save().expect("saved");
    assert_eq!(refused(&whole), Rejected::ChunkKind { kind: 0 });
    let mut flipped = honest.clone();
    flipped[20] ^= 1;
    assert_eq!(refused(&flipped), Rejected::Checksum);
    let mut engine = Automerge::new();
    engine.apply_changes([Change::from_bytes(begun().base()[0].clone()).expect("readable")]).expect("applied");
    let bundle = engine.bundle(engine.get_heads()).expect("bundled");
    assert_eq!(refused(bundle.bytes()), Rejected::ChunkKind { kind: 3 });
}

/// A change with these columns; each column is (its number, its bytes).
fn with_columns(columns: &[(u64, &[u8])]) -> Vec<u8> {
    let mut body = vec![0, 16];
    body.extend(actor(WRITER));
    body.extend([1, 1, 0, 0, 0, columns.len() as u8]);
    for (column, bytes) in columns {
        unsigned(&mut body, *column);
        unsigned(&mut body, bytes.len() as u64);
    }
    columns.iter().for_each(|(_, bytes)| body.extend(*bytes));
    framed(1, &body)
}

fn leb(number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    unsigned(&mut bytes, number);
    bytes
}

/// A run that says one value 2^40 times, in signed LEB128.
fn long_run(value: &[u8]) -> Vec<u8> {
    [&[0x80, 0x80, 0x80, 0x80, 0x80, 0x20][..], value].concat()
}

/// A few bytes that promise terabytes cost a few kilobytes.
#[test]
fn bombs_are_measured_not_unrolled() {
    let rows = 1_u64 << 40;
    let (one_key, one_action) = (vec![0x7f, 1, b'a'], vec![0x7f, 1]);
    let operations = with_columns(&[
        (0x15, &long_run(&[1, b'a'])),
        (0x34, &leb(rows)),
        (0x42, &long_run(&[1])),
        (0x56, &long_run(&[2])),
        (0x70, &long_run(&[0])),
    ]);
    let many = leb(rows);
    let overwritten = with_columns(&[
        (0x15, &one_key),
        (0x34, &[1]),
        (0x42, &one_action),
        (0x56, &[0x7f, 2]),
        (0x70, &[&[0x7f][..], &many].concat()),
        (0x71, &long_run(&[0])),
        (0x73, &long_run(&[0])),
    ]);
    let deps = framed(1, &[&many[..], &[0; 64]].concat());
    let (mut document, before) = (Document::new(), Document::new().heads());
    for (bomb, why) in [
        (operations, Rejected::TooMany { what: "operations", count: rows }),
        (overwritten, Rejected::TooMany { what: "overwritten operations", count: rows }),
        (deps, Rejected::TooMany { what: "deps", count: rows }),
    ] {
        let (outcome, peak) = peak_of(|| admit(&mut document, &bomb, &actor(WRITER), &any));
        assert_eq!(outcome, Err(why));
        assert!(peak < 16 * 1024, "{peak} bytes for a bomb of {}", bomb.len());
    }
    let deflated = framed(2, &[0; 40_000]);
    assert_eq!(admit(&mut document, &deflated, &actor(WRITER), &any), Err(Rejected::ChunkKind { kind: 2 }));
    assert_eq!(document.heads(), before);
}

/// A column with more or fewer rows than there are operations, or a place beyond the table of actors.
#[rstest]
#[case::keys(0x15, 0x15, long_run(&[1, b'a']))]
#[case::no_keys(0x15, 0x15, vec![])]
#[case::key_cut(0x15, 0x15, vec![0x7f, 9, b'a'])]
#[case::key_of_nothing(0x15, 0x15, vec![0, 1])]
#[case::inserts(0x34, 0x34, leb(1 << 40))]
#[case::inserts_in_two_runs(0x34, 0x34, vec![0, 1])]
#[case::values(0x56, 0x56, long_run(&[2]))]
#[case::value_promises_bytes(0x56, 0x57, vec![0x7f, 0x16])]
#[case::overwritten(0x70, 0x71, vec![0x7f, 2])]
#[case::overwritten_sum_beyond_64_bits(0x70, 0x70, [&[0x7e][..], &leb(u64::MAX), &leb(u64::MAX)].concat())]
#[case::overwritten_actor_beyond_the_table(0x71, 0x71, vec![0x7f, 1])]
#[case::overwritten_actors(0x71, 0x71, long_run(&[0]))]
#[case::overwritten_counters(0x73, 0x73, long_run(&[1]))]
#[case::unknown_column(0x81, 0x81, vec![0x7f, 1])]
fn columns_must_agree_before_the_engine_sees_them(#[case] column: u64, #[case] blamed: u64, #[case] bytes: Vec<u8>) {
    let mut columns = std::collections::BTreeMap::from([
        (0x15, vec![0x7f, 1, b'a']),
        (0x34, vec![1]),
        (0x42, vec![0x7f, 1]),
        (0x56, vec![0x7f, 2]),
        (0x70, vec![0x7f, 1]),
        (0x71, vec![0x7f, 0]),
        (0x73, vec![0x7f, 1]),
    ]);
    let look = |columns: &std::collections::BTreeMap<u64, Vec<u8>>| {
        let columns: Vec<_> = columns.iter().map(|(column, bytes)| (*column, &bytes[..])).collect();
        peak_of(|| admit(&mut Document::new(), &with_columns(&columns), &actor(WRITER), &any).expect_err("refused"))
    };
    assert_eq!(look(&columns).0, at_first(OperationFault::Overwrites), "the columns agree until one is spoilt");
    columns.insert(column, bytes);
    let (why, peak) = look(&columns);
    assert_eq!(why, Rejected::Column { column: blamed });
    assert!(peak < 16 * 1024, "{peak} bytes");
}

/// A panic inside the gate is caught there, leaves the document alone, and ends when the gate does.
#[test]
fn a_panic_at_the_gate_is_a_refusal() {
    guard::watch(|panic| eprintln!("outside the gate: {panic}"));
    let mut document = begun();
    let (heads, fields) = (document.heads(), document.fields());
    let bytes = Change::from(honest(&document)).raw_bytes().to_vec();
    let fails = |_: &str, _: Option<&Scalar>| {
        assert!(guard::guarded());
        panic!("in the middle of a check")
    };
    assert_eq!(admit(&mut document, &bytes, &actor(WRITER), &fails), Err(Rejected::Panicked));
    let list = [Incoming { bytes: &bytes, actor: None }; 2];
    assert_eq!(admit_all(&mut document, &list, &fails), [Err(Rejected::Panicked), Err(Rejected::Panicked)]);
    assert_eq!((document.heads(), document.fields(), guard::guarded()), (heads, fields, false));
    assert!(std::panic::catch_unwind(|| assert!(guard::guarded())).is_err(), "outside the gate nothing is guarded");
    admit(&mut document, &bytes, &actor(WRITER), &any).expect("the same change is admitted where nothing fails");
}

/// An actor table with a name that no operation uses is not what the engine would write.
#[test]
fn an_unused_actor_is_not_canonical() {
    let mut document = Document::new();
    let set = Fields::from([("name".to_owned(), Scalar::Bool(true))]);
    let bytes = document.changed(actor(WRITER), 0, &set, &[]).expect("a change");
    let (kind, body) = crate::support::unframed(&bytes).expect("framed");
    // deps, length and bytes of the actor, seq, start, time, message; then the number of other actors.
    let others = 1 + 1 + 16 + 4;
    assert_eq!(body[others], 0);
    let spoilt = framed(kind, &[&body[..others], &[1, 16], &actor(5) as &[u8], &body[others + 1..]].concat());
    assert_eq!(admit(&mut document, &spoilt, &actor(WRITER) as &Actor, &any), Err(Rejected::NotCanonical));
    admit(&mut document, &bytes, &actor(WRITER), &any).expect("unspoilt it is admitted");
}
