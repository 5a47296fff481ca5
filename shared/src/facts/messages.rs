//! Messages to members: asked for, ended, and who wants none. No text to a person and no number is in them: both are put together when it is sent.
use super::{Fact, Writer};
use crate::base::{CommandId, MemberId, Posting, StreamId};
use minicbor::{Decode, Encode};

/// One text was asked to be sent to members. A long list is several facts of one batch.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MessagesAsked {
    #[n(0)]
    pub batch: CommandId,
    #[n(1)]
    pub at_ms: i64,
    /// `sms` or `webhook`.
    #[n(2)]
    pub channel: String,
    /// Code, gateway's id and text of the template as it was then.
    #[n(3)]
    pub template: String,
    #[n(4)]
    pub gateway: String,
    #[n(5)]
    pub text: String,
    /// What was asked of members; empty for members named one by one.
    #[n(6)]
    pub filter: String,
    #[n(7)]
    pub members: Vec<MemberId>,
    /// Of the batch's facts, from 0.
    #[n(8)]
    pub part: u16,
}

/// How a message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Outcome {
    /// The gateway took it.
    #[n(0)]
    Sent,
    /// The gateway said no.
    #[n(1)]
    Refused,
    /// Not sent: there was no number any more, or the member wants none.
    #[n(2)]
    Dropped,
}

/// A message came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MessageEnded {
    #[n(0)]
    pub batch: CommandId,
    #[n(1)]
    pub member: MemberId,
    #[n(2)]
    pub at_ms: i64,
    #[n(3)]
    pub outcome: Outcome,
    /// Parts that a short message came to.
    #[n(4)]
    pub parts: u32,
    /// The gateway's number of it, or why it said no.
    #[n(5)]
    pub note: String,
}

/// Whether a member wants messages of a channel; the last word counts.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ContactChosen {
    #[n(0)]
    pub member: MemberId,
    #[n(1)]
    pub channel: String,
    #[n(2)]
    pub wanted: bool,
    #[n(3)]
    pub at_ms: i64,
}

impl Fact for MessagesAsked {
    const KIND: u16 = 260;
    const NAME: &'static str = "messages_asked";
    const WRITER: Writer = Writer::Hub;

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }
}

impl Fact for MessageEnded {
    const KIND: u16 = 261;
    const NAME: &'static str = "message_ended";
    const WRITER: Writer = Writer::Hub;

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }
}

impl Fact for ContactChosen {
    const KIND: u16 = 262;
    const NAME: &'static str = "contact_chosen";
    const WRITER: Writer = Writer::Both;

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }
}

#[cfg(test)]
mod golden {
    //! Released bytes. A line here is never changed.
    use super::*;
    use crate::facts::hex;
    use crate::journal::command::encoded;

    const BATCH: CommandId = CommandId([1; 16]);
    const MEMBER: MemberId = MemberId([2; 16]);

    #[test]
    fn bytes_and_no_postings() {
        let (channel, template, gateway, text) = ("sms".into(), "b".into(), "S1".into(), "{name}".into());
        let asked = MessagesAsked {
            batch: BATCH,
            at_ms: 5,
            channel,
            template,
            gateway,
            text,
            filter: "level=vip".into(),
            members: vec![MEMBER],
            part: 0,
        };
        let bytes = "8950010101010101010101010101010101010563736d736162625331667b6e616d657d696c6576656c3d76697081500202020202020202020202020202020200";
        assert_eq!(hex(&encoded(&asked)), bytes);
        let ended = MessageEnded { batch: BATCH, member: MEMBER, at_ms: 6, outcome: Outcome::Refused, parts: 2, note: "x".into() };
        assert_eq!(hex(&encoded(&ended)), "86500101010101010101010101010101010150020202020202020202020202020202020601026178");
        let chosen = ContactChosen { member: MEMBER, channel: "sms".into(), wanted: true, at_ms: 7 };
        assert_eq!(hex(&encoded(&chosen)), "84500202020202020202020202020202020263736d73f507");
        assert!(asked.postings(StreamId([0; 16])).is_empty());
    }
}
