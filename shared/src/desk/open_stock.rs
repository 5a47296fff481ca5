//! Goods that a branch had when it joined, booked once per branch and product: the command's id follows from both. Refusals, in order:
//! NotFound (branch, product), BadAmount.
use crate::base::ids::derived;
use crate::base::{BranchId, CommandId, ProductNo, Quantity};
use crate::facts::stock::StockOpened;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::{branches, catalog};

/// Books what a list says lies on a branch's shelves.
#[derive(Debug, Clone)]
pub struct OpenStock {
    pub branch: BranchId,
    pub product: ProductNo,
    pub quantity: Quantity,
}

impl OpenStock {
    /// The one command of this product at this branch.
    pub fn command(&self) -> CommandId {
        CommandId(derived("stock opening", &[self.branch.bytes(), &self.product.0.to_be_bytes()]))
    }
}

/// What is known.
pub struct State {
    branch: bool,
    product: bool,
}

impl Command for OpenStock {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Import);

    fn content(&self) -> Vec<u8> {
        encoded(&(self.branch, self.product, self.quantity))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        Ok(State { branch: branches::branch(db, self.branch)?.is_some(), product: catalog::product(db, self.product)?.is_some() })
    }

    fn decide(&self, state: &State, _: &Moment) -> Result<Decided, Refusal> {
        if !state.branch {
            return Err(Refusal::NotFound { what: "branch".into() });
        }
        if !state.product {
            return Err(Refusal::NotFound { what: "product".into() });
        }
        if self.quantity.thousandths() < 0 {
            return Err(Refusal::BadAmount);
        }
        let opened = StockOpened { branch: self.branch, product: self.product, quantity: self.quantity };
        Ok(Decided::nothing().fact(&opened))
    }
}
