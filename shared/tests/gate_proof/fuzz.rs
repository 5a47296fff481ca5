//! More than 200 000 spoilt changes at the gate: no panic gets out, no document is poisoned, no allocation is unbounded.

#![expect(clippy::disallowed_methods, reason = "these tests measure time")]

use crate::{
    allocation::peak_of,
    mutation::{exchange, wound, wound_body, wound_value},
    support::{Dice, actor, any, edit, framed, history},
};
use automerge::{Automerge, Change, ChangeHash, ExpandedChange, ROOT, ReadDoc};
use rstest::rstest;
use shared::documents::{
    Fields, Scalar,
    automerge::{
        Actor,
        gate::{Admission, admit},
        guard,
        merge::Document,
        rejected::Rejected,
    },
};
use std::time::{Duration, Instant};

/// A document in the middle of its life, and what may come to it next.
struct Scene {
    begun: Document,
    document: Document,
    engine: Automerge,
    /// Honest changes that are not in the document, from writers who know all of it or only a part.
    next: Vec<(Actor, Vec<u8>)>,
    /// The same for the engine's own use.
    decoded: Vec<ExpandedChange>,
    /// The names of the changes that are in it.
    known: Vec<ChangeHash>,
    /// Other chunks: changes that are in it, deflated changes, bundles, saved documents, runs without end.
    strange: Vec<Vec<u8>>,
}

fn scene(dice: &mut Dice) -> Scene {
    let edits = 1 + dice.below(24);
    let mut changes = history(dice, 3, edits);
    if changes.is_empty() {
        changes = history(dice, 1, 40);
    }
    let cut = dice.below(changes.len());
    let later = changes.split_off(cut);
    let mut document = Document::new();
    for (actor, bytes) in &changes {
        admit(&mut document, bytes, actor, &any).expect("an honest change is admitted");
    }
    let ready = |(actor, bytes): &(Actor, Vec<u8>)| admit(&mut document.clone(), bytes, actor, &any).is_ok();
    let mut next: Vec<_> = later.into_iter().filter(ready).collect();
    while next.len() < 6 {
        let (mut set, removed) = edit(dice);
        set.insert("note".to_owned(), Scalar::Text("n".repeat(dice.below(400))));
        let who = actor(dice.below(4));
        next.extend(document.changed(who, 1_700_000_500, &set, &removed).map(|bytes| (who, bytes)));
    }
    let mut engine = Automerge::new();
    let readable = |bytes: &Vec<u8>| Change::from_bytes(bytes.clone()).expect("an honest change can be read");
    engine.apply_changes(changes.iter().map(|(_, bytes)| readable(bytes)).collect::<Vec<_>>()).expect("applied");
    let mut strange: Vec<Vec<u8>> = changes.into_iter().map(|(_, bytes)| bytes).collect();
    strange.extend(next.iter().map(|(_, bytes)| readable(bytes).bytes().into_owned()));
    strange.extend([engine.save(), engine.save_nocompress(), framed(1, &[0; 60])]);
    strange.extend(engine.bundle(engine.get_heads()).map(|bundle| bundle.bytes().to_vec()));
    let known = engine.get_changes_meta(&[]).into_iter().map(|change| change.hash).collect();
    let decoded = next.iter().map(|(_, bytes)| readable(bytes).decode()).collect();
    Scene { begun: document.clone(), document, engine, next, decoded, known, strange }
}

#[derive(Debug, Default)]
struct Counts {
    inputs: usize,
    checksum_right: usize,
    admitted: usize,
    known: usize,
    panics_caught: usize,
    missing_deps: usize,
    equivocations: usize,
    other_refusals: usize,
    peak_bytes: i64,
    slowest: Duration,
}

/// The most that one look at one change may hold at once, the throw-away copy included.
const PEAK_BYTES: i64 = 512 * 1024;
const SLOWEST: Duration = Duration::from_secs(2);
const SCENES: usize = 130;
const INPUTS_PER_SCENE: usize = 400;

/// Goal: whatever comes, the gate holds. Method: 4 × 52 000 inputs from 4 × 130 documents, each admitted one compared with the engine.
#[rstest]
fn whatever_comes_the_gate_holds(#[values(11, 12, 13, 14)] seed: u64) {
    guard::watch(|panic| eprintln!("outside the gate: {panic}"));
    let mut dice = Dice(seed);
    let mut counts = Counts::default();
    for _ in 0..SCENES {
        let mut scene = scene(&mut dice);
        let heads = scene.document.heads();
        for _ in 0..INPUTS_PER_SCENE {
            let (who, bytes, right) = spoilt(&mut dice, &scene);
            counts.checksum_right += usize::from(right);
            judge(&mut dice, &mut scene, &heads, who, &bytes, &mut counts);
        }
    }
    println!("seed {seed}: {counts:?}");
    assert_eq!(counts.inputs, SCENES * INPUTS_PER_SCENE);
    assert!(counts.inputs * 4 >= 200_000 && counts.checksum_right * 4 >= counts.inputs * 3, "{counts:?}");
    assert!(counts.admitted >= 500 && counts.missing_deps > 0 && counts.equivocations > 0, "{counts:?}");
    assert_eq!(counts.panics_caught, 0, "own code alone keeps out what makes the engine panic; the catch is the second line");
    assert!(counts.peak_bytes <= PEAK_BYTES && counts.slowest <= SLOWEST, "{counts:?}");
}

/// A spoilt change, who should have written it, and whether length and checksum were put right.
fn spoilt(dice: &mut Dice, scene: &Scene) -> (Actor, Vec<u8>, bool) {
    let at = dice.below(scene.next.len());
    let (who, honest) = &scene.next[at];
    loop {
        let (bytes, right) = match dice.below(20) {
            0..=2 => {
                let mut bytes = if dice.below(2) == 0 { honest.clone() } else { dice.one_of(&scene.strange).clone() };
                wound(dice, &mut bytes, &scene.strange);
                (bytes, false)
            }
            3..=6 => (exchange(dice, &scene.decoded[at], &scene.known), true),
            7 => (wound_value(dice, honest), true),
            8..=11 => {
                let chunk = dice.one_of(&scene.strange);
                (wound_body(dice, chunk, &scene.strange), true)
            }
            _ => (wound_body(dice, honest, &scene.strange), true),
        };
        if bytes != *honest {
            return (*who, bytes, right);
        }
    }
}

fn judge(dice: &mut Dice, scene: &mut Scene, heads: &[[u8; 32]], who: Actor, bytes: &[u8], counts: &mut Counts) {
    let begun = Instant::now();
    let before = (dice.below(50) == 0).then(|| (scene.document.fields(), scene.document.base()));
    let (outcome, peak) = peak_of(|| admit(&mut scene.document, bytes, &who, &any));
    counts.inputs += 1;
    counts.slowest = counts.slowest.max(begun.elapsed());
    counts.peak_bytes = counts.peak_bytes.max(peak);
    match outcome {
        Ok(Admission::New(admitted)) => {
            counts.admitted += 1;
            assert_eq!(admitted.actor, who);
            sound(scene, bytes, &who);
            scene.document = scene.begun.clone();
            assert_eq!(scene.document.heads(), heads);
            return;
        }
        Ok(Admission::Known { .. }) => counts.known += 1,
        Err(Rejected::Panicked) => counts.panics_caught += 1,
        Err(Rejected::MissingDeps(_)) => counts.missing_deps += 1,
        Err(Rejected::Equivocation { .. }) => counts.equivocations += 1,
        Err(_) => counts.other_refusals += 1,
    }
    assert_eq!(scene.document.heads(), heads, "a refused change left a trace");
    if let Some((fields, base)) = before {
        assert_eq!((scene.document.fields(), scene.document.base()), (fields, base));
    }
}

/// An admitted change: the engine agrees on heads and values, the document saves, loads and can be edited.
fn sound(scene: &Scene, bytes: &[u8], who: &Actor) {
    let document = &scene.document;
    let mut engine = scene.engine.clone();
    engine.apply_changes([Change::from_bytes(bytes.to_vec()).expect("the engine reads it")]).expect("the engine takes it");
    assert_eq!(document.heads(), engine.get_heads().iter().map(|head| head.0).collect::<Vec<_>>());
    let fields = document.fields();
    assert_eq!(fields.keys().cloned().collect::<Vec<_>>(), engine.keys(ROOT).collect::<Vec<_>>());
    for (key, value) in &fields {
        let (found, _) = engine.get(ROOT, key.as_str()).expect("the root is a map").expect("the engine has the key");
        let same = match value {
            Scalar::Text(text) => found.as_str() == Some(text),
            Scalar::Int(number) => found.as_i64() == Some(*number),
            Scalar::Bool(yes) => found.as_bool() == Some(*yes),
        };
        assert!(same, "{key}: {value:?} is {found:?} for the engine");
    }
    let saved = document.save().expect("an admitted change leaves a document that saves");
    let mut loaded = Document::load(&saved).expect("and loads");
    assert_eq!((loaded.heads(), loaded.fields(), loaded.conflicts()), (document.heads(), fields, document.conflicts()));
    assert!(loaded.base().iter().any(|change| change == bytes), "the change comes out as it went in");
    let set = Fields::from([("home".to_owned(), Scalar::Text("a later edit".to_owned()))]);
    let later = loaded.changed(*who, 1_700_001_000, &set, &[]).expect("a change");
    admit(&mut loaded, &later, who, &any).expect("a later edit is admitted");
}
