//! Which time it is where the machine's clock cannot be trusted (K1). What corrects the clock is kept as one difference: head office's, noted at
//! every exchange, or what a supervisor said while head office is out of reach. Without either a wrong clock sells nothing.
use super::Writer;
use super::writer::meta_number;
use crate::base::limits::STAMP_AHEAD_MS_MAX;
use crate::journal::{Fault, Read};

/// A clock may run back this much behind the last entry: clocks are set by seconds all the time, ms.
const BACK_MS: i64 = 5_000;
/// A clock more than this away from head office's is wrong (design 15), ms.
const APART_MS: i64 = 24 * 3_600_000;

const OFFSET: &str = "clock_offset_ms";
/// When the last entry was made, by the time that was believed then.
const LAST: &str = "last_ms";
const BY_HAND: &str = "clock_by_hand_ms";
/// What a commit says that corrected the clock.
pub const TOUCHED: &str = "clock";

/// Why a time is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    BehindLastEntry,
    /// More than 45 days past the last time that head office told.
    FarFromHub,
}

/// What the machine's clock shows, corrected.
///
/// # Errors
/// A fault of the store.
pub fn corrected(db: &dyn Read, own_ms: i64) -> Result<i64, Fault> {
    Ok(own_ms.saturating_add(meta_number(db, OFFSET)?))
}

/// Whether the correction is a person's: what is decided with it is marked.
///
/// # Errors
/// A fault of the store.
pub fn by_hand(db: &dyn Read) -> Result<bool, Fault> {
    Ok(meta_number(db, BY_HAND)? != 0)
}

/// Why a corrected time is wrong; none if it is good. `last_ms`: when the last entry was made; `hub_ms`: the last time that head office told,
/// 0 for never.
pub fn wrong(last_ms: i64, now_ms: i64, hub_ms: i64) -> Option<Wrong> {
    match now_ms {
        now if now < last_ms - BACK_MS => Some(Wrong::BehindLastEntry),
        now if hub_ms > 0 && now > hub_ms.saturating_add(STAMP_AHEAD_MS_MAX) => Some(Wrong::FarFromHub),
        _ => None,
    }
}

/// A supervisor says what time it is.
///
/// # Errors
/// A fault of the store.
pub fn set_by_hand(writer: &mut Writer<'_>, own_ms: i64, now_ms: i64) -> Result<(), Fault> {
    writer.touch(TOUCHED);
    writer.set_meta(OFFSET, &(now_ms - own_ms).to_be_bytes())?;
    writer.set_meta(BY_HAND, &now_ms.to_be_bytes())
}

/// Head office says what time it is: its difference stands where the own clock is wrong, none where it is right; and an entry made by a clock
/// that ran ahead no longer holds up what comes. Writes only what differs.
///
/// # Errors
/// A fault of the store.
pub fn set_by_hub(writer: &mut Writer<'_>, own_ms: i64, hub_ms: i64) -> Result<(), Fault> {
    let apart = hub_ms.saturating_sub(own_ms);
    let offset = if apart.abs() > APART_MS { apart } else { 0 };
    let stands = meta_number(writer, OFFSET)?;
    // One that is right within the same bound stays: every answer is some milliseconds off.
    let good = (stands == 0) == (offset == 0) && (offset - stands).abs() < BACK_MS;
    if !good {
        writer.touch(TOUCHED);
        writer.set_meta(OFFSET, &offset.to_be_bytes())?;
    }
    if meta_number(writer, LAST)? > hub_ms.saturating_add(BACK_MS) {
        writer.set_meta(LAST, &hub_ms.to_be_bytes())?;
    }
    if by_hand(writer)? {
        writer.set_meta(BY_HAND, &0_i64.to_be_bytes())?;
    }
    Ok(())
}
