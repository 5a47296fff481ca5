//! The gate and the document against the engine itself, which gets the same changes unchecked.

use crate::support::{Dice, actor, any, history};
use automerge::{Automerge, Change, ROOT, ReadDoc, ScalarValue, Value};
use shared::documents::{
    Fields, Scalar,
    automerge::{
        gate::{Admission, Incoming, admit, admit_all, admit_base},
        merge::Document,
        rejected::Rejected,
    },
};
use std::collections::BTreeMap;

/// Puts the changes into another order in which each still comes after those it builds on.
fn reordered(dice: &mut Dice, changes: &[([u8; 16], Vec<u8>)]) -> Vec<([u8; 16], Vec<u8>)> {
    let mut waiting = changes.to_vec();
    let mut engine = Automerge::new();
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let at = dice.below(waiting.len());
        let change = Change::from_bytes(waiting[at].1.clone()).expect("an honest change can be read");
        if change.deps().iter().all(|dep| engine.get_change_meta_by_hash(dep).is_some()) {
            engine.apply_changes([change]).expect("an honest change can be applied");
            ordered.push(waiting.remove(at));
        }
    }
    ordered
}

fn values(engine: &Automerge) -> BTreeMap<String, Vec<Scalar>> {
    let scalar = |value: &ScalarValue| match value {
        ScalarValue::Str(text) => Scalar::Text(text.to_string()),
        ScalarValue::Int(number) => Scalar::Int(*number),
        ScalarValue::Boolean(yes) => Scalar::Bool(*yes),
        other => panic!("no document holds {other:?}"),
    };
    let all = |key: &str| engine.get_all(ROOT, key).expect("the root is a map").into_iter();
    let value = |value: Value<'_>| scalar(value.as_scalar().expect("no document holds objects"));
    engine.keys(ROOT).map(|key| (key.clone(), all(&key).map(|(found, _)| value(found)).rev().collect())).collect()
}

/// Goal: any order of arrival gives the same document, and it is the engine's. Method: 60 histories of 3 writers, each in 3 orders.
#[test]
fn three_writers_in_any_order_show_what_the_engine_shows() {
    let mut dice = Dice(1);
    let mut conflicts = 0;
    for _ in 0..60 {
        let changes = history(&mut dice, 3, 25);
        let mut engine = Automerge::new();
        engine
            .apply_changes(changes.iter().map(|(_, bytes)| Change::from_bytes(bytes.clone()).expect("readable")).collect::<Vec<_>>())
            .expect("the engine takes an honest history");
        let heads: Vec<[u8; 32]> = engine.get_heads().iter().map(|head| head.0).collect();
        let values = values(&engine);
        let mut seen = None;
        for _ in 0..3 {
            let mut document = Document::new();
            for (actor, bytes) in reordered(&mut dice, &changes) {
                admit(&mut document, &bytes, &actor, &any).expect("an honest change is admitted in any order");
            }
            assert_eq!(document.heads(), heads);
            let winners: Fields = values.iter().map(|(key, values)| (key.clone(), values[0].clone())).collect();
            assert_eq!(document.fields(), winners);
            for conflict in document.conflicts() {
                let candidates: Vec<_> = conflict.candidates.iter().map(|candidate| candidate.value.clone()).collect();
                assert_eq!(candidates, values[&conflict.key]);
                conflicts += 1;
            }
            let loaded = Document::load(&document.save().expect("an admitted document can be saved")).expect("and loaded");
            assert_eq!((loaded.fields(), loaded.heads(), loaded.max_op()), (document.fields(), heads.clone(), document.max_op()));
            for writer in 0..3 {
                assert_eq!(loaded.last_of(&actor(writer)), document.last_of(&actor(writer)));
            }
            let again = admit_base(&loaded.base(), &any).expect("a base is admitted");
            assert_eq!((again.fields(), again.heads(), again.conflicts()), (document.fields(), heads.clone(), document.conflicts()));
            assert_eq!(again.save(), loaded.save(), "the same changes in the same order give the same bytes");
            assert_eq!(*seen.get_or_insert_with(|| document.conflicts()), document.conflicts());
        }
    }
    assert!(conflicts > 60, "the histories must conflict, {conflicts} did");
}

/// A first change is saved as it came and loads like any saved document; a second one is written on it.
#[test]
fn a_document_of_one_change_is_saved_as_that_change() {
    let changes = history(&mut Dice(2), 1, 2);
    let mut document = Document::new();
    for (at, (actor, bytes)) in changes.iter().enumerate() {
        admit(&mut document, bytes, actor, &any).expect("honest");
        let saved = document.save().expect("saved");
        assert_eq!(saved == *bytes, at == 0);
        let loaded = Document::load(&saved).expect("loaded");
        assert_eq!((loaded.fields(), loaded.heads(), loaded.max_op()), (document.fields(), document.heads(), document.max_op()));
        assert_eq!(loaded.last_of(actor), document.last_of(actor));
        document = loaded;
    }
    assert_eq!(changes.len(), 2);
}

fn one(key: &str, value: &str) -> Fields {
    Fields::from([(key.to_owned(), Scalar::Text(value.to_owned()))])
}

/// Two branches change the phone of one member, cut off from each other; HQ settles it.
#[test]
fn a_conflict_keeps_both_values_until_it_is_settled() {
    let [hq, north, south] = [actor(0), actor(1), actor(2)];
    let mut begun = Document::new();
    let first = begun.changed(hq, 10, &one("phone", "13800000000"), &[]).expect("a new value is a change");
    admit(&mut begun, &first, &hq, &any).expect("admitted");
    let based_on = begun.heads();
    let at_north = begun.changed(north, 20, &one("phone", "13811111111"), &[]).expect("a change");
    let at_south = begun.changed(south, 15, &one("phone", "13822222222"), &[]).expect("a change");
    admit(&mut begun, &at_north, &north, &any).expect("admitted");
    admit(&mut begun, &at_south, &south, &any).expect("admitted");

    let [conflict] = begun.conflicts().try_into().expect("one key is in conflict");
    assert_eq!(conflict.key, "phone");
    let told: Vec<_> = conflict.candidates.iter().map(|c| (c.value.clone(), c.actor, c.seq, c.time_s)).collect();
    let text = |text: &str| Scalar::Text(text.to_owned());
    assert_eq!(told, [(text("13822222222"), south, 1, 15), (text("13811111111"), north, 1, 20)]);
    for candidate in &conflict.candidates {
        assert_eq!((&candidate.based_on, &candidate.before), (&based_on, &Some(text("13800000000"))));
    }
    assert_eq!(begun.fields(), one("phone", "13822222222"));

    let settled = begun.changed(hq, 30, &one("phone", "13822222222"), &[]).expect("the winner put again is a change");
    admit(&mut begun, &settled, &hq, &any).expect("admitted");
    assert_eq!(begun.conflicts(), []);
    assert_eq!(begun.changed(hq, 31, &one("phone", "13822222222"), &[]), None);
    assert_eq!(begun.changed(hq, 31, &Fields::new(), &["name".to_owned()]), None);
    assert_eq!(begun.actor_seq(&hq), 2);
}

/// The engine gives the bytes that were pinned with it: a newer engine that writes others would split the chain.
#[test]
fn the_bytes_of_a_change_are_pinned() {
    const CREATED: &str = "856f4a83cf9036380154001001010101010101010101010101010101010180e2cfaa060000061519340142025604570a7002\
        7d08626972746864617909636172643a36303031046e616d650303017d440266c5cdbe09e5bca0e4b8890300";
    const EDITED: &str = "856f4a83e416b0a901810101cf903638785e5d0092a9003971a93f3f182f86eae7da7685003298ebd9864dbc100202020202\
        02020202020202020202020104bce2cfaa060001100101010101010101010101010101010108151034014203560357067002\
        710273037e09636172643a36303031046e616d65027e03017e0066e69d8ee59b9b020102017e0201";
    let mut document = Document::new();
    let set = Fields::from([
        ("name".to_owned(), Scalar::Text("张三".to_owned())),
        ("birthday".to_owned(), Scalar::Int(19_900_101)),
        ("card:6001".to_owned(), Scalar::Bool(true)),
    ]);
    let created = document.changed(actor(0), 1_700_000_000, &set, &[]).expect("a change");
    admit(&mut document, &created, &actor(0), &any).expect("admitted");
    let edited = document.changed(actor(1), 1_700_000_060, &one("name", "李四"), &["card:6001".to_owned()]).expect("a change");
    admit(&mut document, &edited, &actor(1), &any).expect("admitted");
    assert_eq!((hex(&created).as_str(), hex(&edited).as_str()), (CREATED, EDITED));
    for bytes in [created, edited] {
        let decoded = Change::from_bytes(bytes.clone()).expect("readable").decode();
        assert_eq!(Change::from(decoded).raw_bytes(), bytes);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One bad change in a list is refused alone; changes come again without harm; a missing dep is named.
#[test]
fn each_change_of_a_list_is_judged_on_its_own() {
    let mut dice = Dice(7);
    let changes = history(&mut dice, 2, 12);
    let mut damaged = changes[3].1.clone();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    let mut list: Vec<_> = changes.iter().map(|(actor, bytes)| Incoming { bytes, actor: Some(*actor) }).collect();
    list.insert(3, Incoming { bytes: &damaged, actor: None });
    list.push(list[0]);
    let mut document = Document::new();
    let outcomes = admit_all(&mut document, &list, &any);
    assert_eq!(outcomes[3], Err(Rejected::Checksum));
    assert!(matches!(outcomes[list.len() - 1], Ok(Admission::Known { .. })));
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_err()).count(), 1);

    let mut other = Document::new();
    let (actor, bytes) = &changes[changes.len() - 1];
    let refused = admit(&mut other, bytes, actor, &any).expect_err("its deps are not here");
    let Rejected::MissingDeps(missing) = refused else { panic!("{refused}") };
    assert!(missing.iter().all(|dep| document.holds(dep)));
    assert_eq!((other.heads(), other.fields()), (vec![], Fields::new()));
}
