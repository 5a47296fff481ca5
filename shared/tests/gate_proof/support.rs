//! What the tests of the gate share: a small seeded generator and honest writers.

use sha2::{Digest, Sha256};
use shared::documents::{
    Fields, Scalar,
    automerge::{
        Actor,
        gate::{Incoming, admit, admit_all},
        merge::Document,
    },
};

/// SplitMix64: one seed, one run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 up to and without `sides`, which is at least 1.
    pub fn below(&mut self, sides: usize) -> usize {
        (self.roll() % sides as u64) as usize
    }

    pub fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

pub const KEYS: [&str; 8] = ["name", "phone", "note", "birthday", "card:6001", "card:6002", "gender", "home"];

pub fn actor(number: usize) -> Actor {
    [number as u8 + 1; 16]
}

pub fn value(dice: &mut Dice) -> Scalar {
    match dice.below(3) {
        0 => Scalar::Text((*dice.one_of(&["", "张三", "13800138000", "a somewhat longer text of a note"])).to_owned()),
        1 => Scalar::Int(*dice.one_of(&[0, -1, 1, 1224, 19_900_101, i64::MAX, i64::MIN])),
        _ => Scalar::Bool(dice.below(2) == 0),
    }
}

/// What a writer does: up to three keys set, up to one removed.
pub fn edit(dice: &mut Dice) -> (Fields, Vec<String>) {
    let set = (0..=dice.below(3)).map(|_| ((*dice.one_of(&KEYS)).to_owned(), value(dice))).collect();
    let removed = (0..dice.below(2)).map(|_| (*dice.one_of(&KEYS)).to_owned()).collect();
    (set, removed)
}

/// Everything may be written.
pub fn any(_: &str, _: Option<&Scalar>) -> bool {
    true
}

/// Changes by `writers` writers who sometimes hear of each other, each change after those it builds on.
pub fn history(dice: &mut Dice, writers: usize, edits: usize) -> Vec<(Actor, Vec<u8>)> {
    let mut replicas = vec![Document::new(); writers];
    let mut changes: Vec<(Actor, Vec<u8>)> = Vec::new();
    for round in 0..edits {
        let who = dice.below(writers);
        if dice.below(3) == 0 {
            let all: Vec<_> = changes.iter().map(|(actor, bytes)| Incoming { bytes, actor: Some(*actor) }).collect();
            let outcomes = admit_all(&mut replicas[who], &all, &any);
            assert!(outcomes.iter().all(Result::is_ok), "an honest change was refused: {outcomes:?}");
        }
        let (set, removed) = edit(dice);
        let Some(bytes) = replicas[who].changed(actor(who), 1_700_000_000 + round as i64, &set, &removed) else { continue };
        admit(&mut replicas[who], &bytes, &actor(who), &any).expect("what was written here is admitted here");
        changes.push((actor(who), bytes));
    }
    changes
}

/// Puts mark, checksum, kind and length before the body of a chunk.
pub fn framed(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    unsigned(&mut hashed, body.len() as u64);
    hashed.extend(body);
    let checksum = Sha256::digest(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &hashed].concat()
}

/// The kind of a chunk and what its checksum is of.
pub fn unframed(chunk: &[u8]) -> Option<(u8, &[u8])> {
    let length = chunk.get(9..)?.iter().take_while(|byte| **byte >= 0x80).count() + 1;
    Some((chunk[8], chunk.get(9 + length..)?))
}

/// LEB128.
pub fn unsigned(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
