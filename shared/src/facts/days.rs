//! What happens to the cash and the business day of a whole branch: a drawer hands in, a day ends.
use super::sales::{CASH, Occasion, money};
use super::shifts::{Counted, ShiftClosed};
use super::{Fact, Writer, transfer};
use crate::base::{Holder, Money, Posting, Purpose, ShiftId, StreamId};
use minicbor::{Decode, Encode};

/// Cash of a drawer was handed in while its shift goes on (中途缴款): somebody else answers for it from then on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HandedIn {
    #[n(0)]
    pub shift: ShiftId,
    #[n(1)]
    pub at: Occasion,
    /// Above zero.
    #[n(2)]
    pub amount: Money,
    /// Number of the envelope, or who took it; may be empty.
    #[n(3)]
    pub note: String,
}

/// A business day of a branch ended (日结): every shift of it was closed. What happens afterwards belongs to the next day.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DayClosed {
    /// The day that ended, yyyymmdd; `at.day` may be the one after it.
    #[n(0)]
    pub day: u32,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub shifts: u32,
    /// When its first shift began.
    #[n(3)]
    pub opened_ms: i64,
    /// Sums of what the shifts expected and counted.
    #[n(4)]
    pub expected: Money,
    #[n(5)]
    pub counted: Money,
    /// Sums of the figures of its shifts.
    #[n(6)]
    pub figures: Vec<Counted>,
    /// First and last receipt number; empty without any.
    #[n(7)]
    pub first_receipt: String,
    #[n(8)]
    pub last_receipt: String,
    /// The stream's last entry before this one.
    #[n(9)]
    pub head_seq: u64,
    #[cbor(n(10), with = "minicbor::bytes")]
    pub head_hash: [u8; 32],
}

impl DayClosed {
    /// The day in the form of one long shift: its slip has the same blocks.
    pub fn as_shift(&self) -> ShiftClosed {
        ShiftClosed {
            shift: ShiftId([0; 16]),
            at: Occasion { day: self.day, ..self.at.clone() },
            number: self.shifts,
            opened_ms: self.opened_ms,
            expected: self.expected,
            counted: self.counted,
            note: String::new(),
            figures: self.figures.clone(),
            head_seq: self.head_seq,
            head_hash: self.head_hash,
            hand_over: None,
        }
    }
}

impl Fact for HandedIn {
    const KIND: u16 = 240;
    const NAME: &'static str = "handed_in";
    const WRITER: Writer = Writer::Edge;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        transfer(money(CASH), Holder::House(self.at.branch, Purpose::Drawer), Holder::Outside, self.amount.minor(), here).into()
    }
}

impl Fact for DayClosed {
    const KIND: u16 = 241;
    const NAME: &'static str = "day_closed";
    const WRITER: Writer = Writer::Edge;

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }
}

#[cfg(test)]
mod golden {
    use super::*;
    use crate::facts::hex;
    use crate::facts::sales::golden::{HERE, money_of, occasion, told};
    use crate::facts::shifts::Figure;
    use crate::journal::command::encoded;

    fn check<F: Fact + PartialEq + std::fmt::Debug>(fact: &F, golden: &str, posts: &[&str]) {
        let bytes = encoded(fact);
        assert_eq!(hex(&bytes), golden.trim(), "{}", F::NAME);
        assert_eq!(&minicbor::decode::<F>(&bytes).expect("its own bytes"), fact);
        assert_eq!(told(&fact.postings(HERE)), posts);
    }

    #[test]
    fn golden_bytes_and_postings() {
        let handed = HandedIn { shift: ShiftId([0x51; 16]), at: occasion(), amount: money_of(300_000), note: "袋 7".into() };
        check(&handed, include_str!("golden/handed_in.1.hex"), &["drawer money 1 -300000"]);
        let closed = DayClosed {
            day: 20_261_121,
            at: occasion(),
            shifts: 2,
            opened_ms: 1_795_230_000_000,
            expected: money_of(44_060),
            counted: money_of(44_000),
            figures: vec![Counted {
                figure: Figure::HandIns,
                tender: String::new(),
                count: 1,
                amount: money_of(300_000),
                more: money_of(0),
            }],
            first_receipt: "003-1-1-261121-0042-7".into(),
            last_receipt: "003-1-1-261121-0043-5".into(),
            head_seq: 77,
            head_hash: [0xab; 32],
        };
        check(&closed, include_str!("golden/day_closed.1.hex"), &[]);
    }
}
