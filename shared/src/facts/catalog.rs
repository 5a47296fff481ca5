//! What happens to prices: they are released to the tills under a chain-wide number.
use super::{Audience, Fact, Writer};
use crate::base::{Posting, StreamId};
use minicbor::{Decode, Encode};

/// Prices went out to the tills. The prices themselves are fields of product documents and stand before this in the hub's stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PricesReleased {
    /// One more than the release before.
    #[n(0)]
    pub number: i64,
    /// How many prices differ from before.
    #[n(1)]
    pub changed: u32,
    /// First business day on which one of them holds, yyyymmdd.
    #[n(2)]
    pub from: u32,
}

impl Fact for PricesReleased {
    const KIND: u16 = 90;
    const NAME: &'static str = "prices_released";
    const WRITER: Writer = Writer::Hub;

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }

    fn audience(&self) -> Audience {
        Audience::Chain
    }
}

#[cfg(test)]
mod golden {
    //! Released bytes. A line here is never changed.
    use super::*;
    use crate::facts::hex;
    use crate::journal::command::encoded;

    #[test]
    fn bytes() {
        assert_eq!(hex(&encoded(&PricesReleased { number: 7, changed: 2, from: 20261122 })), "8307021a01352902");
    }
}
