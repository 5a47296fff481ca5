//! The first look at a change, with own code, before the engine sees a byte of it.
//!
//! Allocates at most what [`limits`] allow, whatever the bytes say: every count is compared with the bytes that are
//! there before anything is reserved, and run lengths are only added up.

use super::{Actor, Hash, limits, rejected::Rejected};
use sha2::{Digest, Sha256};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const PLAIN_CHANGE: u8 = 1;

/// What the header of a change says; nothing of it is believed yet.
pub(super) struct Header {
    pub hash: Hash,
    pub deps: Vec<Hash>,
    pub actor: Actor,
    pub seq: u64,
    pub start_op: u64,
    pub time_s: i64,
    pub operations: u64,
}

/// Reads frame, checksum, header and the run lengths of all columns.
pub(super) fn read(bytes: &[u8]) -> Result<Header, Rejected> {
    let (hash, body) = unframe(bytes)?;
    let mut body = Bytes(body);
    let deps = hashes(&mut body)?;
    let actor = actor(&mut body, "actor")?;
    let seq = body.unsigned().ok_or(Rejected::Header { part: "sequence number" })?;
    let start_op = body.unsigned().ok_or(Rejected::Header { part: "first operation" })?;
    let time_s = body.signed().filter(|time| (0..=limits::TIME_S).contains(time)).ok_or(Rejected::Header { part: "time" })?;
    body.unsigned().filter(|message| *message == 0).ok_or(Rejected::Header { part: "message" })?;
    let others = body.count("other actors", limits::OTHER_ACTORS, 17)?;
    for _ in 0..others {
        self::actor(&mut body, "other actor")?;
    }
    let operations = Columns::read(&mut body, others as u64)?.operations()?;
    if !body.0.is_empty() {
        return Err(Rejected::Header { part: "extra bytes" });
    }
    Ok(Header { hash, deps, actor, seq, start_op, time_s, operations })
}

/// Checks size, mark, kind, length and checksum; returns the hash and what it is the hash of.
fn unframe(bytes: &[u8]) -> Result<(Hash, &[u8]), Rejected> {
    if bytes.len() > limits::CHANGE_BYTES {
        return Err(Rejected::TooLarge { bytes: bytes.len() });
    }
    let rest = bytes.strip_prefix(&MAGIC).ok_or(Rejected::Foreign)?;
    let (checksum, hashed) = rest.split_at_checked(4).ok_or(Rejected::Length)?;
    let (&kind, after_kind) = hashed.split_first().ok_or(Rejected::Length)?;
    if kind != PLAIN_CHANGE {
        return Err(Rejected::ChunkKind { kind });
    }
    let mut body = Bytes(after_kind);
    let length = body.unsigned().ok_or(Rejected::Length)?;
    if length != body.0.len() as u64 {
        return Err(Rejected::Length);
    }
    let hash: Hash = Sha256::digest(hashed).into();
    if hash[..4] != *checksum {
        return Err(Rejected::Checksum);
    }
    Ok((hash, body.0))
}

fn hashes(body: &mut Bytes<'_>) -> Result<Vec<Hash>, Rejected> {
    let count = body.count("deps", limits::DEPS, 32)?;
    let taken = body.take(count * 32).ok_or(Rejected::Header { part: "deps" })?;
    Ok(taken.as_chunks::<32>().0.to_vec())
}

fn actor(body: &mut Bytes<'_>, part: &'static str) -> Result<Actor, Rejected> {
    let length = body.unsigned().filter(|length| *length == 16).ok_or(Rejected::Header { part })?;
    body.take(length as usize).and_then(|id| id.try_into().ok()).ok_or(Rejected::Header { part })
}

/// The columns a flat document may have. The numbers are column ids with their type, as the storage format gives them.
const KEY: u64 = 0x15;
const KEY_ACTOR: u64 = 0x11;
const KEY_COUNTER: u64 = 0x13;
const OBJECT_ACTOR: u64 = 0x01;
const OBJECT_COUNTER: u64 = 0x02;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const VALUE: u64 = 0x57;
const OVERWRITTEN: u64 = 0x70;
const OVERWRITTEN_ACTOR: u64 = 0x71;
const OVERWRITTEN_COUNTER: u64 = 0x73;

/// How many rows each column holds, and how many it promises elsewhere.
#[derive(Default)]
struct Columns {
    actions: u64,
    keys: u64,
    inserts: u64,
    values: u64,
    value_bytes: u64,
    value_bytes_promised: u64,
    groups: u64,
    overwritten: u64,
    overwritten_actors: u64,
    overwritten_counters: u64,
}

impl Columns {
    fn read(body: &mut Bytes<'_>, other_actors: u64) -> Result<Self, Rejected> {
        let count = body.count("columns", 12, 2)?;
        let mut headers = [(0, 0); 12];
        for header in &mut headers[..count] {
            let column = body.unsigned().ok_or(Rejected::Header { part: "columns" })?;
            let length = body.unsigned().ok_or(Rejected::Header { part: "columns" })?;
            *header = (column, length);
        }
        if !headers[..count].is_sorted_by(|before, after| before.0 < after.0) {
            return Err(Rejected::Header { part: "columns" });
        }
        let mut columns = Self::default();
        for &(column, length) in &headers[..count] {
            let length = usize::try_from(length).map_err(|_| Rejected::Column { column })?;
            let data = body.take(length).ok_or(Rejected::Column { column })?;
            columns.measure(column, data, other_actors).ok_or(Rejected::Column { column })?;
        }
        Ok(columns)
    }

    fn measure(&mut self, column: u64, data: &[u8], other_actors: u64) -> Option<()> {
        match column {
            // A flat document has neither objects nor list elements: these columns are there and empty.
            OBJECT_ACTOR | OBJECT_COUNTER | KEY_ACTOR | KEY_COUNTER => data.is_empty().then_some(())?,
            KEY => self.keys = runs(data, |bytes| bytes.text())?.rows,
            INSERT => self.inserts = one_run(data)?,
            ACTION => self.actions = runs(data, |bytes| bytes.unsigned())?.rows,
            VALUE_META => {
                // The low four bits are the type, the rest is the length of the value.
                let lengths = runs(data, |bytes| Some(bytes.unsigned()? >> 4))?;
                (self.values, self.value_bytes_promised) = (lengths.rows, lengths.sum);
            }
            VALUE => self.value_bytes = data.len() as u64,
            OVERWRITTEN => {
                let groups = runs(data, |bytes| bytes.unsigned())?;
                (self.groups, self.overwritten) = (groups.rows, groups.sum);
            }
            OVERWRITTEN_ACTOR => {
                // Places in the table of actors: 0 is the writer, then the others.
                let known = |bytes: &mut Bytes<'_>| bytes.unsigned().filter(|place| *place <= other_actors);
                self.overwritten_actors = runs(data, known)?.rows;
            }
            OVERWRITTEN_COUNTER => self.overwritten_counters = runs(data, |bytes| bytes.signed().map(|_| 0))?.rows,
            _ => return None,
        }
        Some(())
    }

    /// The number of operations, if every column has a row for each and they are not too many.
    fn operations(self) -> Result<u64, Rejected> {
        let rows = self.actions;
        if rows == 0 {
            return Err(Rejected::Column { column: ACTION });
        }
        if rows > limits::OPERATIONS as u64 {
            return Err(Rejected::TooMany { what: "operations", count: rows });
        }
        if self.overwritten > limits::OVERWRITTEN as u64 {
            return Err(Rejected::TooMany { what: "overwritten operations", count: self.overwritten });
        }
        let pairs = [
            (KEY, self.keys, rows),
            (INSERT, self.inserts, rows),
            (VALUE_META, self.values, rows),
            (VALUE, self.value_bytes, self.value_bytes_promised),
            (OVERWRITTEN, self.groups, rows),
            (OVERWRITTEN_ACTOR, self.overwritten_actors, self.overwritten),
            (OVERWRITTEN_COUNTER, self.overwritten_counters, self.overwritten),
        ];
        match pairs.iter().find(|(_, found, due)| found != due) {
            Some(&(column, ..)) => Err(Rejected::Column { column }),
            None => Ok(rows),
        }
    }
}

/// Rows of a run-length column and the sum of what they hold.
struct Runs {
    rows: u64,
    sum: u64,
}

/// Adds up a run-length column without unrolling it. `value` reads one value and says what it adds to the sum.
/// None for damage, for rows that hold nothing, and for sums beyond 64 bits.
fn runs(data: &[u8], value: impl Fn(&mut Bytes<'_>) -> Option<u64>) -> Option<Runs> {
    let mut bytes = Bytes(data);
    let mut runs = Runs { rows: 0, sum: 0 };
    while !bytes.0.is_empty() {
        let length = bytes.signed()?;
        let count = length.unsigned_abs();
        match length {
            0 => return None,
            1.. => runs.sum = runs.sum.checked_add(value(&mut bytes)?.checked_mul(count)?)?,
            _ if count > bytes.0.len() as u64 => return None,
            _ => {
                for _ in 0..count {
                    runs.sum = runs.sum.checked_add(value(&mut bytes)?)?;
                }
            }
        }
        runs.rows = runs.rows.checked_add(count)?;
    }
    Some(runs)
}

/// The length of a yes/no column that says no throughout.
fn one_run(data: &[u8]) -> Option<u64> {
    let mut bytes = Bytes(data);
    let rows = bytes.unsigned()?;
    bytes.0.is_empty().then_some(rows)
}

/// What is left to read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of things that each take at least `each` bytes of what is left.
    fn count(&mut self, what: &'static str, most: usize, each: usize) -> Result<usize, Rejected> {
        let count = self.unsigned().ok_or(Rejected::Header { part: what })?;
        match usize::try_from(count) {
            Ok(few) if few <= most => (few * each <= self.0.len()).then_some(few).ok_or(Rejected::Header { part: what }),
            _ => Err(Rejected::TooMany { what, count }),
        }
    }

    fn text(&mut self) -> Option<u64> {
        let length = self.unsigned()?;
        self.take(usize::try_from(length).ok()?)?;
        Some(0)
    }

    /// LEB128, at most 64 bits.
    fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// Signed LEB128, at most 64 bits.
    fn signed(&mut self) -> Option<i64> {
        let mut number = 0_i64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = i64::from(byte & 0x7f);
            if shift == 63 && bits != 0 && bits != 0x7f {
                return None;
            }
            number |= bits << shift;
            if byte < 0x80 {
                let negative = byte & 0x40 != 0 && shift < 57;
                return Some(if negative { number | (-1_i64 << (shift + 7)) } else { number });
            }
        }
        None
    }
}
