//! A new stream for an install that was rolled back, copied or sealed: when it is due, after which stream, and what the old one leaves to do.
use super::wire::{Side, StreamState};
use super::{asks, push};
use crate::base::guards::{Guard, on};
use crate::base::ids::derived;
use crate::base::limits::PARTS_MAX;
use crate::base::{CommandId, StreamId};
use crate::facts::journal::Opened;
use crate::journal::{Command, Decided, DocumentWrite, Fault, Moment, Read, Refusal, Right};
use crate::store::Writer;

/// What follows from what the hub says of the own streams.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// This install goes on under a new stream, after this one.
    pub renewed_after: Option<StreamId>,
    /// What of its documents it writes again, because it lies on the second side of a fork.
    pub again: Vec<DocumentWrite>,
}

/// Notes what the hub says of one of the own streams. A new one is due if it is the present one and is sealed, if the hub holds more of it
/// than this database (which was rolled back), or if another copy wrote on too and was heard first.
pub(super) fn judge(writer: &mut Writer<'_>, state: &StreamState, own: StreamId, judged: &mut Judged) -> Result<(), Fault> {
    let Some(head) = writer.stream(state.stream)? else { return Ok(()) };
    let parts = |side: &Side| side.first > head.fork_seq.max(1) && side.first <= head.seq && (head.fork_seq == 0 || on(Guard::SideOfSide));
    if let Some(side) = state.forked.filter(parts) {
        let before = push::chain_hash(writer, state.stream, side.first - 1)?;
        judged.again.extend(writer.part(state.stream, side.stream, side.first, before)?);
        acknowledged(writer, &StreamState { stream: side.stream, ..state.clone() })?;
        // Edits of a later stream may build on edits of the side: they are written again in one that knows neither.
        judged.renewed_after = Some(if state.stream == own { side.stream } else { own });
        return Ok(());
    }
    acknowledged(writer, state)?;
    // What is not sent yet would lie on a second side: sent, it gets the name of that.
    let behind = state.acked == head.seq && state.upto > head.seq;
    if state.stream == own && behind {
        writer.read_feed_again()?;
    }
    if state.stream == own && (behind || state.sealed && on(Guard::Sealed)) {
        judged.renewed_after = Some(own);
    }
    Ok(())
}

/// Edits that lie on the second side of a fork, written again under the new stream.
struct WriteAgain<'a>(&'a [DocumentWrite]);

impl Command for WriteAgain<'_> {
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
        Ok(self.0.iter().cloned().fold(Decided::nothing(), Decided::change))
    }
}

pub(super) fn write_again(writer: &mut Writer<'_>, again: &[DocumentWrite], now_ms: i64, fresh: [u8; 16]) -> Result<(), Fault> {
    let own = writer.identity()?;
    for (n, some) in again.chunks(PARTS_MAX).enumerate() {
        let command = CommandId(derived("write again", &[&fresh, &(n as u64).to_be_bytes()]));
        // Nothing refuses it: it takes nothing and needs no right.
        let _ = writer.decide(&WriteAgain(some), &asks::moment(command, asks::WRITE_AGAIN, own.stream, own.branch, now_ms))?;
    }
    Ok(())
}

/// Notes what the hub holds; less than before, if the hub was restored.
fn acknowledged(writer: &mut Writer<'_>, state: &StreamState) -> Result<(), Fault> {
    let Some(head) = writer.stream(state.stream)? else { return Ok(()) };
    let acked = state.resend_from.map_or(state.acked, |from| from.saturating_sub(1)).min(head.seq);
    let acked = acked.max(head.fork_seq.saturating_sub(1));
    if acked == head.acked {
        return Ok(());
    }
    writer.execute("update stream set acked = ?2 where stream = ?1", &[state.stream.into(), acked.into()])?;
    writer.touch("link");
    if acked > head.acked {
        let hash = push::chain_hash(writer, state.stream, acked)?;
        writer.keep_signature(state.stream, head.acked + 1, acked, &hash, &[])?;
    }
    Ok(())
}

/// Opens a new stream after `predecessor`: this install was rolled back, copied, or sealed at the hub. Its new place is empty until the hub carries.
///
/// # Errors
/// A fault of the store.
pub fn renew(writer: &mut Writer<'_>, predecessor: StreamId, now_ms: i64, fresh: [u8; 16]) -> Result<(), Fault> {
    let own = writer.identity()?;
    let Some(head) = writer.stream(own.stream)? else { return Ok(()) };
    let opened =
        Opened { branch: own.branch, device_key: head.device_key, predecessor: Some(predecessor), predecessor_seq: head.seq, epoch: 0 };
    writer.open_stream(StreamId(fresh), &opened, now_ms).map(|_| ())
}
