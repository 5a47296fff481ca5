//! When an edge speaks to the hub: at once when something happened here or there, again when there is more, later when it failed.
//! Knows no socket and no clock: input and time in, outputs out.

/// What happened to the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Entries, asks or statements wait to be sent, or the hub said there is something.
    Stirred,
    /// The exchange came back and was applied.
    Answered { more: bool, next_ms: u32 },
    /// It did not come back, or came back unreadable. `jitter`: a random number.
    Failed { jitter: u64 },
    /// A wake-up asked for is due.
    Woke,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Make one exchange and report how it went.
    Exchange,
    /// Send `Woke` at this time, UTC ms; an earlier wake-up is forgotten.
    WakeAt { ms: i64 },
}

/// First and greatest pause after failures; the pause is drawn evenly from zero to the present bound (full jitter).
const BACKOFF_FIRST_MS: i64 = 500;
const BACKOFF_MAX_MS: i64 = 60_000;

/// One edge's session with its hub.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Session {
    flying: bool,
    stirred: bool,
    failures: u32,
    /// Not before this; UTC ms.
    quiet_until_ms: i64,
}

impl Session {
    pub fn on(&mut self, input: Input, now_ms: i64) -> Vec<Output> {
        match input {
            Input::Stirred => self.stirred = true,
            Input::Woke => self.stirred = true,
            Input::Answered { more, next_ms } => {
                self.flying = false;
                self.failures = 0;
                self.quiet_until_ms = 0;
                if !more && !self.stirred {
                    return vec![Output::WakeAt { ms: now_ms + i64::from(next_ms) }];
                }
                self.stirred = true;
            }
            Input::Failed { jitter } => {
                self.flying = false;
                self.failures = (self.failures + 1).min(16);
                let bound = (BACKOFF_FIRST_MS << (self.failures - 1).min(10)).min(BACKOFF_MAX_MS);
                self.quiet_until_ms = now_ms + 1 + (jitter % bound as u64) as i64;
                return vec![Output::WakeAt { ms: self.quiet_until_ms }];
            }
        }
        if self.flying {
            return Vec::new();
        }
        if now_ms < self.quiet_until_ms {
            return vec![Output::WakeAt { ms: self.quiet_until_ms }];
        }
        self.flying = true;
        self.stirred = false;
        vec![Output::Exchange]
    }

    /// The last exchange came back.
    pub fn is_up(&self) -> bool {
        self.failures == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_exchange_at_a_time_and_none_forgotten() {
        let mut session = Session::default();
        assert_eq!(session.on(Input::Stirred, 0), [Output::Exchange]);
        assert_eq!(session.on(Input::Stirred, 1), [], "one is under way");
        assert_eq!(session.on(Input::Answered { more: false, next_ms: 30_000 }, 2), [Output::Exchange], "what came meanwhile goes at once");
        assert_eq!(session.on(Input::Answered { more: true, next_ms: 30_000 }, 3), [Output::Exchange]);
        assert_eq!(session.on(Input::Answered { more: false, next_ms: 30_000 }, 4), [Output::WakeAt { ms: 30_004 }]);
        assert_eq!(session.on(Input::Woke, 30_004), [Output::Exchange]);
    }

    #[test]
    fn failures_wait_longer_and_a_busy_till_does_not_storm() {
        let mut session = Session::default();
        let mut now = 0;
        let mut exchanges = 0;
        for jitter in 0..200_u64 {
            if session.on(Input::Stirred, now) == [Output::Exchange] {
                exchanges += 1;
                session.on(Input::Failed { jitter: jitter.wrapping_mul(0x9E37_79B9_7F4A_7C15) }, now);
                assert!(!session.is_up());
            }
            now += 100;
        }
        assert!(exchanges < 20, "{exchanges} exchanges in 20 s of failures");
        let wait = session.on(Input::Failed { jitter: u64::MAX }, now);
        assert!(matches!(wait[..], [Output::WakeAt { ms }] if ms <= now + BACKOFF_MAX_MS));
    }
}
