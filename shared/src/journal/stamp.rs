//! Hybrid logical clock (Kulkarni et al., 2014): UTC milliseconds in the upper 48 bits, a counter in the lower 16. Orders entries, nothing else.
use crate::base::limits::STAMP_AHEAD_MS_MAX;

/// Order only; never altered once written. Fits an SQL bigint until the year 6429.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Stamp(#[n(0)] pub i64);

impl Stamp {
    /// The millisecond part.
    pub fn ms(self) -> i64 {
        self.0 >> 16
    }

    /// The stamp after `last` at a time: never earlier, and never more than 45 days past the last hub time heard (0: none heard yet).
    pub fn after(last: Stamp, now_ms: i64, hub_ms: i64) -> Stamp {
        let now_ms = if hub_ms > 0 { now_ms.min(hub_ms.saturating_add(STAMP_AHEAD_MS_MAX)) } else { now_ms };
        Stamp((now_ms.max(0) << 16).max(last.0 + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_or_to_2099_does_not_spoil_the_order() {
        let first = Stamp::after(Stamp(0), 1_000, 0);
        let back = Stamp::after(first, 10, 0);
        assert!(back > first);
        assert_eq!(back.ms(), 1_000);
        let hub_ms = 1_795_000_000_000;
        assert_eq!(Stamp::after(Stamp(0), 4_070_908_800_000, hub_ms).ms(), hub_ms + STAMP_AHEAD_MS_MAX);
    }
}
