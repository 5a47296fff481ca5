//! Spoils changes: bytes flipped, cut, doubled, spliced, numbers made huge; or a part exchanged and all written anew.

use crate::support::{Dice, KEYS, actor, framed, unframed, unsigned, value};
use automerge::{ActorId, Change, ChangeHash, ExpandedChange, ScalarValue, legacy};
use shared::documents::Scalar;

/// One to four wounds somewhere in the bytes.
pub fn wound(dice: &mut Dice, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len().max(1));
        let until = (at + 1 + dice.below(8)).min(bytes.len());
        match dice.below(9) {
            _ if bytes.is_empty() => bytes.push(dice.roll() as u8),
            0 | 1 => bytes[at] ^= 1 << dice.below(8),
            2 | 3 => bytes[at] = *dice.one_of(&[0, 1, 2, 0x3f, 0x40, 0x7d, 0x7e, 0x7f, 0x80, 0xff, bytes[at].wrapping_add(1)]),
            4 => bytes.insert(at, dice.roll() as u8),
            5 => drop(bytes.drain(at..until)),
            6 => drop(bytes.splice(at..at, bytes[at..until].to_vec())),
            7 => {
                let mut number = Vec::new();
                unsigned(&mut number, dice.roll() >> dice.below(64));
                drop(bytes.splice(at..(at + 1).min(bytes.len()), number));
            }
            _ => {
                let other = dice.one_of(others);
                let from = dice.below(other.len());
                drop(bytes.splice(at..until, other[from..(from + 12).min(other.len())].to_vec()));
            }
        }
    }
}

/// Wounds behind the frame, with kind, length and checksum put right again.
pub fn wound_body(dice: &mut Dice, chunk: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
    let Some((kind, body)) = unframed(chunk) else { return framed(1, chunk) };
    let mut body = body.to_vec();
    wound(dice, &mut body, others);
    framed(if dice.below(4) == 0 { kind } else { 1 }, &body)
}

/// A value of one text, number or byte more or less, where the change stays well formed.
pub fn wound_value(dice: &mut Dice, chunk: &[u8]) -> Vec<u8> {
    let Some((kind, body)) = unframed(chunk) else { return framed(1, chunk) };
    let mut body = body.to_vec();
    let letters: Vec<usize> = (0..body.len()).filter(|at| body[*at].is_ascii_alphanumeric()).collect();
    if !letters.is_empty() {
        body[*dice.one_of(&letters)] = b'a' + dice.below(26) as u8;
    }
    framed(kind, &body)
}

/// One part of the change exchanged, and the whole written anew by the engine.
pub fn exchange(dice: &mut Dice, change: &ExpandedChange, known: &[ChangeHash]) -> Vec<u8> {
    let mut change = change.clone();
    let at = dice.below(change.operations.len());
    let some = legacy::OpId::new(dice.roll() % 64, &ActorId::from(actor(dice.below(5))));
    let counters = [0, 1, 2, 3, 5, 100, u64::from(u32::MAX) - 1, 1 << 40, u64::MAX >> 1];
    match dice.below(16) {
        0 => change.seq = *dice.one_of(&counters),
        1 => change.start_op = change.start_op.saturating_add(*dice.one_of(&counters)),
        2 => change.time = *dice.one_of(&[0, -1, 1, i64::MAX, i64::MIN, 1_700_000_000]),
        3 => change.actor_id = ActorId::from(actor(dice.below(5))),
        4 => drop(change.deps.pop()),
        5 if known.is_empty() || dice.below(2) == 0 => change.deps.push(ChangeHash([dice.roll() as u8; 32])),
        5 => change.deps.push(*dice.one_of(known)),
        6 => change.extra_bytes = vec![dice.roll() as u8],
        7 => change.operations[at].obj = legacy::ObjectId::Id(some),
        8 => change.operations[at].key = legacy::Key::Seq(legacy::ElementId::Id(some)),
        9 => change.operations[at].pred = vec![some].into(),
        10 => change.operations[at].action = legacy::OpType::Delete,
        11 => change.operations[at].action = legacy::OpType::Increment(3),
        12 => change.operations[at].action = legacy::OpType::Make(automerge::ObjType::Map),
        13 => drop(change.operations.remove(at)),
        14 => change.operations[at].key = legacy::Key::Map((*dice.one_of(&KEYS)).into()),
        _ => {
            change.operations[at].action = legacy::OpType::Put(match value(dice) {
                Scalar::Text(text) => ScalarValue::Str(text.as_str().into()),
                Scalar::Int(number) => ScalarValue::Int(number),
                Scalar::Bool(yes) => ScalarValue::Boolean(yes),
            });
        }
    }
    Change::from(change).raw_bytes().to_vec()
}
