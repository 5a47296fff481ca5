//! Another quantity for a line. Refusals, in order: NothingToMultiply, Gone, BadQuantity, NotWhole, QuantityLimit.
use super::Bill;
use crate::base::Quantity;
use crate::desk::till::Who;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Sets a line's quantity; none as line is the last one (`*3`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetQuantity {
    pub who: Who,
    pub line: Option<u16>,
    pub quantity: Quantity,
}

impl Command for SetQuantity {
    type State = Option<Bill>;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(3_u8, self.line, self.quantity))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Bill>, Fault> {
        super::open(db, self.who.till)
    }

    fn decide(&self, state: &Option<Bill>, _: &Moment) -> Result<Decided, Refusal> {
        let mut bill = state.clone().ok_or(if self.line.is_none() { Refusal::NothingToMultiply } else { Refusal::Gone })?;
        let line = match self.line {
            None => bill.lines.last_mut().ok_or(Refusal::NothingToMultiply)?,
            Some(no) => bill.line_mut(no).ok_or(Refusal::Gone)?,
        };
        super::add::fits(self.quantity, line.weighed || line.product.is_none(), &line.unit)?;
        if (line.label_amount.is_some() || line.sitting.is_some()) && self.quantity != line.quantity {
            // The label told amount and weight of this very bag, the clock this very sitting; another quantity of it does not exist.
            return Err(Refusal::NotWhole { unit: line.unit.clone() });
        }
        line.quantity = self.quantity;
        Ok(bill.saved(Decided::nothing()))
    }
}
