//! Telephone calls that a caller-ID box told of.
use super::{Fact, Writer};
use crate::base::{BranchId, CallId, Posting, StreamId};
use minicbor::{Decode, Encode};

/// Why a call carries no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Hidden {
    /// The caller withholds it.
    #[n(1)]
    Private,
    #[n(2)]
    OutOfArea,
}

/// The telephone rang.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CallRang {
    #[n(0)]
    pub call: CallId,
    #[n(1)]
    pub branch: BranchId,
    /// Business day, yyyymmdd.
    #[n(2)]
    pub day: u32,
    /// What the device's clock showed, UTC ms.
    #[n(3)]
    pub at_ms: i64,
    /// Digits as the line told them; none if hidden.
    #[n(4)]
    pub number: Option<String>,
    #[n(5)]
    pub hidden: Option<Hidden>,
    /// Name of the line or the device.
    #[n(6)]
    pub line: String,
}

impl Fact for CallRang {
    const KIND: u16 = 80;
    const NAME: &'static str = "call_rang";
    const WRITER: Writer = Writer::Edge;
    const PERSONAL: bool = true;

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }
}

/// The line told late who it is that rings: the number came behind the second ring. Whole, like the call itself.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CallIdentified {
    #[n(0)]
    pub call: CallId,
    #[n(1)]
    pub branch: BranchId,
    /// Business day of the call, yyyymmdd.
    #[n(2)]
    pub day: u32,
    /// When it rang, UTC ms.
    #[n(3)]
    pub at_ms: i64,
    #[n(4)]
    pub number: Option<String>,
    #[n(5)]
    pub hidden: Option<Hidden>,
    #[n(6)]
    pub line: String,
}

impl Fact for CallIdentified {
    const KIND: u16 = 81;
    const NAME: &'static str = "call_identified";
    const WRITER: Writer = Writer::Edge;
    const PERSONAL: bool = true;

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }
}

#[cfg(test)]
#[path = "calls_golden.rs"]
mod golden;
