//! What a change and a document may weigh. All of it is checked before a change is decoded.

/// Bytes of one change with its header. A product with 300 prices written at once needs about 12 kB.
pub const CHANGE_BYTES: usize = 64 * 1024;

/// Changes that one change may name as its deps: more writers than this at once need a new generation.
pub const DEPS: usize = 256;

/// Other writers whose operations one change may overwrite.
pub const OTHER_ACTORS: usize = 256;

/// Operations of one change, which is keys touched, since a change touches each key once.
pub const OPERATIONS: usize = 1_000;

/// Operations overwritten by one change.
pub const OVERWRITTEN: usize = 4_000;

/// UTF-8 bytes of a key.
pub const KEY_BYTES: usize = 96;

/// UTF-8 bytes of a text; kinds set narrower limits in characters.
pub const TEXT_BYTES: usize = 4 * 1024;

/// Operation counters stay far below `u32::MAX`, from where on local edits of the engine fail.
pub const COUNTER: u64 = 1 << 30;

/// The last second of the year 9999. Earlier than 1970 nothing was written.
pub const TIME_S: i64 = 253_402_300_799;
