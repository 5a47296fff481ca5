//! A hub that moves to another database ends its stream by its own word: nothing of it can be missing, so the one that goes on need not wait until
//! every branch has been heard.
use super::asks::{CARRY, moment};
use crate::base::CommandId;
use crate::base::ids::derived;
use crate::facts::journal::Closed;
use crate::journal::{Actor, Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::store::Writer;
use crate::store::moving::MOVED_TO;

struct Leave;

impl Command for Leave {
    type State = ();
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        Vec::new()
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&Closed {}))
    }
}

/// Closes the own stream and notes where the hub goes; from then on it is not served from this store.
///
/// # Errors
/// A fault of the store.
pub fn leave(writer: &mut Writer<'_>, to: &str, now_ms: i64) -> Result<(), Fault> {
    let here = writer.identity()?.stream;
    let command = CommandId(derived("leave", &[here.bytes()]));
    let moment = Moment { by: Actor::System, ..moment(command, CARRY, here, None, now_ms) };
    if let Err(refusal) = writer.decide(&Leave, &moment)? {
        return Err(Fault::Damaged(format!("closing the own stream was refused: {refusal}")));
    }
    writer.set_meta(MOVED_TO, to.as_bytes())?;
    writer.flush_feed()
}
