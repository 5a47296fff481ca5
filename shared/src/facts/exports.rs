//! What left the house as a file.
use super::{Fact, Writer};
use crate::base::{Posting, StreamId};
use minicbor::{Decode, Encode};

/// A list with personal data was exported, by whom the entry says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Exported {
    /// Name of the list.
    #[n(0)]
    pub list: String,
    /// The filters, as they were asked.
    #[n(1)]
    pub filters: String,
    #[n(2)]
    pub rows: u32,
    /// Phones stood in it whole.
    #[n(3)]
    pub phones: bool,
    #[n(4)]
    pub reason: String,
    #[n(5)]
    pub at_ms: i64,
}

impl Fact for Exported {
    const KIND: u16 = 120;
    const NAME: &'static str = "exported";
    const WRITER: Writer = Writer::Hub;

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

    #[test]
    fn bytes_and_no_postings() {
        let exported =
            Exported { list: "members".into(), filters: "text=1".into(), rows: 3, phones: true, reason: "年审".into(), at_ms: 5 };
        assert_eq!(hex(&encoded(&exported)), "86676d656d6265727366746578743d3103f566e5b9b4e5aea105");
        assert!(exported.postings(StreamId([0; 16])).is_empty());
    }
}
