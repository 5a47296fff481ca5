//! What an admission costs. Times are printed and never judged; that the cost of a list grows no faster than the list is counted.

#![expect(clippy::disallowed_methods, reason = "these tests measure time")]

use crate::allocation::spent_by;
use crate::support::{Dice, actor, any};
use shared::documents::{
    Fields, Scalar,
    automerge::{
        gate::{Incoming, admit, admit_all, admit_base},
        merge::Document,
    },
};
use std::time::{Duration, Instant};

/// A member's document with so many changes, each of one or two keys, by three writers who know each other's.
fn grown(changes: usize) -> (Document, Vec<Vec<u8>>) {
    let mut dice = Dice(5);
    let (mut document, mut list) = (Document::new(), Vec::new());
    while list.len() < changes {
        let key = *dice.one_of(&crate::support::KEYS);
        let set = Fields::from([(key.to_owned(), Scalar::Int(list.len() as i64))]);
        let who = actor(list.len() % 3);
        let bytes = document.changed(who, 1_700_000_000 + list.len() as i64, &set, &[]).expect("a new value is a change");
        admit(&mut document, &bytes, &who, &any).expect("admitted");
        list.push(bytes);
    }
    (document, list)
}

fn mean(times: u32, mut work: impl FnMut()) -> Duration {
    let begun = Instant::now();
    (0..times).for_each(|_| work());
    begun.elapsed() / times
}

#[test]
fn admissions_are_quick() {
    for length in [1, 10, 100, 1_000] {
        let (document, list) = grown(length);
        let set = Fields::from([("name".to_owned(), Scalar::Text("李四".to_owned()))]);
        let write = mean(50, || drop(document.changed(actor(1), 1_700_100_000, &set, &[])));
        let bytes = document.changed(actor(1), 1_700_100_000, &set, &[]).expect("a change");
        let clone = mean(50, || drop(document.clone()));
        let mut copies: Vec<_> = (0..50).map(|_| document.clone()).collect();
        let one = mean(50, || drop(admit(&mut copies.pop().expect("fifty"), &bytes, &actor(1), &any).expect("admitted")));
        let saved = document.save().expect("saved");
        let save = mean(20, || drop(document.save()));
        let load = mean(20, || drop(Document::load(&saved)));
        let base = mean(5, || drop(admit_base(&list, &any).expect("admitted")));
        println!(
            "{length} changes: admit {one:?} (copy {clone:?}), write {write:?}, save and prove {save:?}, load {load:?}, base {base:?} = {:?} a change",
            base / length as u32
        );
    }
}

/// A list of changes is admitted on one copy: each change of a long list costs no multiple of one of a short list. Counted in bytes allocated,
/// because a clock counts the neighbours too.
#[test]
fn a_long_base_costs_no_square() {
    let per_change = |length: usize| {
        let (_, list) = grown(length);
        let incoming: Vec<_> = list.iter().map(|bytes| Incoming { bytes, actor: None }).collect();
        let (outcomes, bytes) = spent_by(|| admit_all(&mut Document::new(), &incoming, &any));
        assert!(outcomes.iter().all(Result::is_ok));
        bytes / length as i64
    };
    let (short, long) = (per_change(50), per_change(800));
    println!("a change of 50: {short} B, of 800: {long} B");
    assert!(long < short * 4, "a change of 50 costs {short} B, one of 800 {long} B");
}
