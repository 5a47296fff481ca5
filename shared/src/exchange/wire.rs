//! What travels: CBOR maps under zstd with a bounded output, in an envelope signed by its sender.
use super::sign::{Keys, PublicKey, verify};
use crate::base::limits::MESSAGE_BYTES_MAX;
use crate::base::{AskId, CommandId, DocumentId, StreamId};
use crate::facts::ledger::Wanted;
use crate::journal::command::encoded;
use crate::journal::entry::{Body, Hash};
use crate::journal::{Actor, Entry, Stamp};
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

/// An entry without what its place in a push says already.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct WireEntry {
    /// Stamp less the stamp before it (in a push), or the whole stamp (in a page).
    #[n(0)]
    pub stamp: i64,
    #[n(1)]
    pub by: ByteVec,
    #[n(2)]
    pub command: CommandId,
    #[n(3)]
    pub part: Option<u8>,
    #[n(4)]
    pub kind: u16,
    #[n(5)]
    pub version: u8,
    #[n(6)]
    pub document: Option<DocumentId>,
    #[n(7)]
    pub generation: Option<u32>,
    /// The body, or the 32-byte hash that stands in its place once erased.
    #[n(8)]
    pub body: ByteVec,
    #[n(9)]
    pub salt: Option<ByteArray<16>>,
    #[n(10)]
    pub erased: Option<bool>,
}

/// Consecutive entries of one stream, signed by its owner.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Push {
    #[n(0)]
    pub stream: StreamId,
    #[n(1)]
    pub first: u64,
    /// Hash of the entry before the first.
    #[n(2)]
    pub prev: ByteArray<32>,
    #[n(3)]
    pub entries: Vec<WireEntry>,
    /// Over stream, first, last, hash of the last.
    #[n(4)]
    pub signature: ByteArray<64>,
    /// Where it belongs to the second side of a fork: the name of that side, of which the answer speaks too, and where it begins.
    #[n(5)]
    pub side: Option<Side>,
}

/// How far a replica has read a scope.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Cursor {
    #[n(0)]
    pub scope: ByteVec,
    #[n(1)]
    pub epoch: u64,
    #[n(2)]
    pub position: u64,
    /// The last page read, as the hub signed it: proof towards a hub that has forgotten.
    #[n(3)]
    pub proof: Option<Proof>,
}

/// What a page's signature stands for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Proof {
    #[n(0)]
    pub start: u64,
    #[n(1)]
    pub upto: u64,
    #[n(2)]
    pub hash: ByteArray<32>,
    #[n(3)]
    pub signature: ByteArray<64>,
}

/// One asking for a balance that lies elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Ask {
    #[n(0)]
    pub id: AskId,
    #[n(1)]
    pub wanted: Wanted,
    #[n(2)]
    pub until_ms: i64,
}

/// A figure told: newest wins.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Told {
    #[n(0)]
    pub topic: String,
    #[n(1)]
    pub key: ByteVec,
    #[n(2)]
    pub body: ByteVec,
    #[n(3)]
    pub as_of_ms: i64,
}

/// Topic of a question: which sale has this receipt number? Answered with the sale's id, or with nothing.
pub const SALE_OF_RECEIPT: &str = "sale_of_receipt";

/// A read-only question, answered with bytes that the asker understands; shown, never stored.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Question {
    #[n(0)]
    pub topic: String,
    #[n(1)]
    pub key: ByteVec,
}

/// Up to where an edge believes that the hub holds one of its streams.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Held {
    /// The name under which the edge keeps it.
    #[n(0)]
    pub kept_as: StreamId,
    /// The name under which it was written; another one where it is the second side of a fork.
    #[n(1)]
    pub stream: StreamId,
    #[n(2)]
    pub seq: u64,
    /// Chain hash at that seq.
    #[n(3)]
    pub hash: ByteArray<32>,
}

/// Edge to hub.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Request {
    #[n(0)]
    pub stream: StreamId,
    #[n(1)]
    pub pushes: Vec<Push>,
    #[n(2)]
    pub cursors: Vec<Cursor>,
    #[n(3)]
    pub asks: Vec<Ask>,
    #[n(4)]
    pub told: Vec<Told>,
    #[n(5)]
    pub questions: Vec<Question>,
    /// To a hub of a new epoch: pages it signed in earlier ones.
    #[n(6)]
    pub given_back: Vec<Page>,
    /// In which epoch the hub asked for them: those that another asked for say nothing of how far this one is.
    #[n(10)]
    pub given_back_in: Option<u64>,
    /// The same, if these are the last.
    #[n(7)]
    pub all_given_back: Option<u64>,
    /// Own streams of which the hub is believed to hold all.
    #[n(8)]
    pub held: Vec<Held>,
    /// A stream of the install before this one, read to its end in its own database and brought here: nothing of it is missing.
    #[n(9)]
    pub salvaged: Option<Held>,
}

/// An entry in a page: its key is its own, not a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PageEntry {
    #[n(0)]
    pub stream: StreamId,
    #[n(1)]
    pub seq: u64,
    #[n(2)]
    pub entry: WireEntry,
}

/// What a scope's feed says between two positions, signed by the hub.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Page {
    #[n(0)]
    pub scope: ByteVec,
    #[n(1)]
    pub epoch: u64,
    #[n(2)]
    pub start: u64,
    #[n(3)]
    pub upto: u64,
    #[n(4)]
    pub entries: Vec<PageEntry>,
    #[n(5)]
    pub told: Vec<Told>,
    #[n(6)]
    pub more: bool,
    /// Over epoch, scope, start, upto and the hash of the entries.
    #[n(7)]
    pub signature: ByteArray<64>,
}

/// What the hub wants of one stream of the asker.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StreamState {
    /// As the edge names it.
    #[n(0)]
    pub stream: StreamId,
    /// Of what the asker sent or said that is held, the hub holds all up to here, durably.
    #[n(1)]
    pub acked: u64,
    /// Send again from this seq: the hub cannot tell where the two sides part.
    #[n(2)]
    pub resend_from: Option<u64>,
    /// Another copy of this install wrote other entries; what this one wrote is booked under a name of its own. Open a new stream after it.
    #[n(3)]
    pub forked: Option<Side>,
    /// Sealed at the hub: open a new stream.
    #[n(4)]
    pub sealed: bool,
    /// How far the stream goes at the hub: further than at its author, if that was rolled back.
    #[n(5)]
    pub upto: u64,
}

/// The second side of a fork.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Side {
    #[n(0)]
    pub stream: StreamId,
    /// The first seq that is its own.
    #[n(1)]
    pub first: u64,
}

/// Hub to edge.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Response {
    #[n(0)]
    pub epoch: u64,
    #[n(1)]
    pub hub_stream: StreamId,
    #[n(2)]
    pub hub_ms: i64,
    #[n(3)]
    pub streams: Vec<StreamState>,
    #[n(4)]
    pub pages: Vec<Page>,
    #[n(5)]
    pub answers: Vec<ByteVec>,
    /// Come again after this many milliseconds at the latest.
    #[n(6)]
    pub next_ms: u32,
    /// First give back the pages of earlier epochs after these, in the order of epoch and position; nothing else of the request was read.
    #[n(7)]
    pub give_back: Option<Vec<Cursor>>,
    /// Revoked: the exchange ends, the till does not.
    #[n(8)]
    pub revoked: bool,
    /// The request's time was too far off; nothing of it was read.
    #[n(9)]
    pub wrong_time: bool,
}

/// A signed message of either side.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Envelope {
    /// Who signs.
    #[n(0)]
    pub key: ByteArray<32>,
    /// Sender's time, UTC ms; in an answer, the time of the request answered.
    #[n(1)]
    pub time_ms: i64,
    /// zstd of the message.
    #[n(2)]
    pub body: ByteVec,
    /// Over label, receiver's key, time, body.
    #[n(3)]
    pub signature: ByteArray<64>,
}

/// Why bytes from outside are not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the message is damaged: {0}")]
    Damaged(String),
    #[error("the message is larger than {MESSAGE_BYTES_MAX} bytes")]
    TooLarge,
    #[error("the signature does not fit")]
    Signature,
    #[error("the message is for another receiver")]
    Receiver,
}

pub const REQUEST: &str = "catena request 1";
pub const RESPONSE: &str = "catena response 1";

/// Packs and signs a message for one receiver.
pub fn seal<T: Encode<()>>(label: &str, message: &T, time_ms: i64, keys: &Keys, receiver: &PublicKey) -> Vec<u8> {
    let body = zstd::bulk::compress(&encoded(message), 3).unwrap_or_default();
    let signature = keys.sign(label, &[receiver, &time_ms.to_be_bytes(), &body]);
    encoded(&Envelope { key: keys.public().into(), time_ms, body: body.into(), signature: signature.into() })
}

/// Reads the envelope of a message and checks its signature; the sender's key is still to be judged.
///
/// # Errors
/// What is wrong with it; nothing inside is believed then.
pub fn open(label: &str, bytes: &[u8], receiver: &PublicKey) -> Result<Envelope, Unreadable> {
    if bytes.len() > MESSAGE_BYTES_MAX {
        return Err(Unreadable::TooLarge);
    }
    let envelope: Envelope = minicbor::decode(bytes).map_err(|error| Unreadable::Damaged(error.to_string()))?;
    let parts: [&[u8]; 3] = [receiver, &envelope.time_ms.to_be_bytes(), &envelope.body];
    if verify(&envelope.key, label, &parts, &*envelope.signature) { Ok(envelope) } else { Err(Unreadable::Signature) }
}

impl Envelope {
    /// The message inside.
    ///
    /// # Errors
    /// `TooLarge` beyond the limit, `Damaged` if it is not what it should be.
    pub fn message<T: for<'b> Decode<'b, ()>>(&self) -> Result<T, Unreadable> {
        let bytes = zstd::bulk::decompress(&self.body, MESSAGE_BYTES_MAX).map_err(|_| Unreadable::TooLarge)?;
        minicbor::decode(&bytes).map_err(|error| Unreadable::Damaged(error.to_string()))
    }
}

impl WireEntry {
    /// `before`: the stamp that the receiver knows already, zero in a page.
    pub fn of(entry: &Entry, before: Stamp) -> WireEntry {
        let (body, salt, erased) = match &entry.body {
            Body::Kept { bytes, salt } => (bytes.clone(), salt.map(ByteArray::from), None),
            Body::Erased(hash) => (hash.to_vec(), None, Some(true)),
        };
        WireEntry {
            stamp: entry.stamp.0 - before.0,
            by: entry.by.key().to_vec().into(),
            command: entry.command,
            part: (entry.part != 0).then_some(entry.part),
            kind: entry.kind,
            version: entry.version,
            document: entry.document.map(|(document, _)| document),
            generation: entry.document.map(|(_, generation)| generation).filter(|generation| *generation != 0),
            body: body.into(),
            salt,
            erased,
        }
    }

    /// The entry at its place; none if it is malformed.
    pub fn entry(&self, stream: StreamId, seq: u64, before: Stamp) -> Option<Entry> {
        let body = match self.erased {
            Some(true) => Body::Erased(Hash::try_from(&self.body[..]).ok()?),
            _ => Body::Kept { bytes: self.body.to_vec(), salt: self.salt.as_ref().map(|salt| **salt) },
        };
        Some(Entry {
            stream,
            seq,
            stamp: Stamp(before.0.checked_add(self.stamp)?),
            by: Actor::from_key(&self.by)?,
            command: self.command,
            part: self.part.unwrap_or(0),
            kind: self.kind,
            version: self.version,
            document: self.document.map(|document| (document, self.generation.unwrap_or(0))),
            body,
        })
    }
}

/// The hash of a page's entries: their own hashes without a predecessor, in order. Erasure does not change it.
pub fn entries_hash<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Hash {
    let mut hasher = blake3::Hasher::new();
    for entry in entries {
        hasher.update(&entry.hash(&crate::journal::entry::NO_HASH));
    }
    *hasher.finalize().as_bytes()
}
