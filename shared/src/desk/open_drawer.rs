//! Opens the drawer without a sale (开钱箱): a fact with its reason, counted on the Z. Refusals: none but the right.
use super::print::kick;
use super::till::Who;
use crate::facts::bills::DrawerOpened;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Opens the drawer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDrawer {
    pub who: Who,
    pub reason: String,
}

impl Command for OpenDrawer {
    type State = ();
    const RIGHT: Option<Right> = Some(Right::OpenDrawer);

    fn content(&self) -> Vec<u8> {
        encoded(&(23_u8, self.reason.as_str()))
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), moment: &Moment) -> Result<Decided, Refusal> {
        let at = self.who.occasion(moment, self.who.lent(Right::OpenDrawer));
        Ok(Decided::nothing().fact(&DrawerOpened { at, reason: self.reason.clone() }).job(kick(moment, self.who.till)))
    }
}
