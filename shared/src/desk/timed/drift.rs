//! Minutes as truly run (E9). The clock of a machine may jump, by hand or by itself, while guests sit; a clock that only counts tells by how
//! much. Whoever has both compares them every few seconds, and running sittings move with the jump.
use super::{SITTING, Sitting, sittings};
use crate::journal::Fault;
use crate::journal::command::encoded;
use crate::store::Writer;

/// Clocks are set by seconds all the time: less than this is no jump, ms.
const JUMP_MS: i64 = 5_000;

/// The two clocks when they were last compared.
#[derive(Debug, Default)]
pub struct Watch {
    last: Option<(i64, i64)>,
}

impl Watch {
    /// By how much the clock on the wall jumped since the last look, ms. `steady_ms` only counts. Until the wall's time was `believed` once
    /// there is nothing to compare with: a machine that starts in 2015 is put right, and no guest sat since.
    pub fn jump_ms(&mut self, wall_ms: i64, steady_ms: i64, believed: bool) -> i64 {
        let Some((wall, steady)) = self.last else {
            self.last = believed.then_some((wall_ms, steady_ms));
            return 0;
        };
        self.last = Some((wall_ms, steady_ms));
        let jump_ms = (wall_ms - wall) - (steady_ms - steady);
        if jump_ms.abs() < JUMP_MS { 0 } else { jump_ms }
    }
}

/// Moves every running sitting with a jump of the clock, and marks it.
///
/// # Errors
/// A fault of the store.
pub fn moved(writer: &mut Writer<'_>, jump_ms: i64) -> Result<(), Fault> {
    for sitting in sittings(writer)? {
        let Some(since_ms) = sitting.since_ms else { continue };
        let id = sitting.id;
        let moved = Sitting { since_ms: Some(since_ms.saturating_add(jump_ms)), jumped: true, ..sitting };
        writer.set_draft(SITTING, &id.0, Some(&encoded(&moved)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Watch;
    use rstest::rstest;

    const HOUR: i64 = 3_600_000;

    #[rstest]
    #[case::runs_on(&[(0, 0, true), (10_000, 10_000, true)], &[0, 0])]
    #[case::set_by_seconds(&[(0, 0, true), (12_000, 10_000, true)], &[0, 0])]
    #[case::e9_back_and_forth(&[(0, 0, true), (10_000 - 3 * HOUR, 10_000, false), (20_000, 20_000, true)], &[0, -3 * HOUR, 3 * HOUR])]
    #[case::a_start_in_2015_put_right(&[(-99 * HOUR, 0, false), (-99 * HOUR + 10_000, 10_000, false), (20_000, 20_000, true), (30_000, 30_000, true)], &[0, 0, 0, 0])]
    fn jumps(#[case] looks: &[(i64, i64, bool)], #[case] wanted: &[i64]) {
        let mut watch = Watch::default();
        let found: Vec<i64> = looks.iter().map(|(wall, steady, believed)| watch.jump_ms(*wall, *steady, *believed)).collect();
        assert_eq!(found, wanted);
    }
}
