//! Says that prices which stand in product documents are out: the tills show the number. Refusals: none.
use super::release::price_release;
use crate::facts::catalog::PricesReleased;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// One release for all that came with one list.
#[derive(Debug, Clone)]
pub struct ReleasePrices {
    /// How many prices differ from before.
    pub changed: u32,
}

impl Command for ReleasePrices {
    /// The last release.
    type State = i64;
    const RIGHT: Option<Right> = Some(Right::Prices);

    fn content(&self) -> Vec<u8> {
        encoded(&self.changed)
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<i64, Fault> {
        price_release(db)
    }

    fn decide(&self, last: &i64, moment: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&PricesReleased { number: last + 1, changed: self.changed, from: moment.day }))
    }
}
