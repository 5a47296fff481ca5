//! The clocks of a simulated chain: one true time that only the simulation moves, and per machine what its clock shows.
//! Never reads the clock of this machine.

/// Milliseconds since 1970 at which every simulation begins: 2026-03-02 08:00 in Shanghai, a Monday.
pub const BEGIN_MS: i64 = 1_772_409_600_000;

/// The true time of the simulated world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct World {
    now_ms: i64,
}

/// What one machine's clock shows: the true time, off by some amount, and drifting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clock {
    /// How far the clock is ahead (positive) or behind, in milliseconds.
    off_ms: i64,
    /// Parts per million by which it runs too fast (positive) or too slow.
    drift_ppm: i64,
    /// The true time since which the drift adds up.
    since_ms: i64,
}

impl Default for World {
    fn default() -> Self {
        World { now_ms: BEGIN_MS }
    }
}

impl World {
    /// The true time, in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Lets time pass; it never runs backwards.
    pub fn pass(&mut self, ms: i64) {
        self.now_ms += ms.max(0);
    }
}

impl Clock {
    /// A clock that is off by this much and drifts by this much from now on.
    pub fn off(world: World, off_ms: i64, drift_ppm: i64) -> Self {
        Clock { off_ms, drift_ppm, since_ms: world.now_ms() }
    }

    /// What it shows, in milliseconds since 1970.
    pub fn shows(&self, world: World) -> i64 {
        let drifted = (world.now_ms() - self.since_ms) * self.drift_ppm / 1_000_000;
        world.now_ms() + self.off_ms + drifted
    }

    /// Somebody (or an empty battery) sets it forward or back by this much.
    pub fn jump(&mut self, ms: i64) {
        self.off_ms += ms;
    }

    /// It is set right.
    pub fn set_right(&mut self, world: World) {
        *self = Clock::off(world, 0, self.drift_ppm);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_shows_skew_drift_and_jumps() {
        let mut world = World::default();
        let mut clock = Clock::off(world, 1_500, 100);
        assert_eq!(clock.shows(world), BEGIN_MS + 1_500);
        world.pass(10_000_000);
        assert_eq!(clock.shows(world), world.now_ms() + 1_500 + 1_000);
        clock.jump(-3_600_000);
        assert_eq!(clock.shows(world), world.now_ms() + 2_500 - 3_600_000);
        clock.set_right(world);
        assert_eq!(clock.shows(world), world.now_ms());
    }

    #[test]
    fn true_time_never_runs_backwards() {
        let mut world = World::default();
        world.pass(-5);
        assert_eq!(world.now_ms(), BEGIN_MS);
    }
}
