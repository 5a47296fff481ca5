//! How many payments succeeded, and what that took.

/// Payments that were possible by what the member had anywhere, and those of them that succeeded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    pub possible: u32,
    pub done: u32,
}

impl Share {
    /// In hundredths of a per cent.
    pub fn basis_points(self) -> u32 {
        if self.possible == 0 { 10_000 } else { (u64::from(self.done) * 10_000 / u64::from(self.possible)) as u32 }
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    /// At branches whose link was up, and at those whose link was down.
    pub up: Share,
    pub down: Share,
    pub top_ups: u32,
    pub asks: u32,
    /// Entries that moved balances.
    pub moved: u32,
    /// Hours of all links in which they were down, of all hours, in hundredths of a per cent.
    pub down_bp: u32,
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = self.all();
        let percent = |share: Share| f64::from(share.basis_points()) / 100.0;
        write!(
            f,
            "{} payments possible, {:.2} % succeed: links up {} {:.2} %, down {} {:.2} %; {} top-ups, {} asks, {:.2} moved entries a payment, links down {:.1} % of the time",
            all.possible,
            percent(all),
            self.up.possible,
            percent(self.up),
            self.down.possible,
            percent(self.down),
            self.top_ups,
            self.asks,
            f64::from(self.moved) / f64::from(all.done.max(1)),
            f64::from(self.down_bp) / 100.0
        )
    }
}

impl Figures {
    /// Of the payments that what the member has anywhere allows 99 in 100 succeed, with at most three moved entries each.
    ///
    /// # Errors
    /// What was missed.
    pub fn kept(&self) -> Result<(), String> {
        if self.all().basis_points() < 9_900 {
            return Err(format!("too few payments succeed: {self}"));
        }
        if self.moved > 3 * self.all().done {
            return Err(format!("too much is moved: {self}"));
        }
        Ok(())
    }

    pub fn all(&self) -> Share {
        Share { possible: self.up.possible + self.down.possible, done: self.up.done + self.down.done }
    }
}
