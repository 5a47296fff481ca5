//! A second branch with a long past: entries as its till would have written them, made from one real sale, signed and sent like any.
use crate::chain::{Chain, NOW_MS, command};
use shared::base::{BranchId, CommandId, ProductNo, SaleId, ShiftId, StreamId};
use shared::exchange::sign::Keys;
use shared::exchange::sign::push_signature;
use shared::exchange::wire::{Push, WireEntry};
use shared::facts::Fact;
use shared::facts::journal::Opened;
use shared::facts::sales::Sold;
use shared::journal::command::encoded;
use shared::journal::entry::{Body, Hash, NO_HASH};
use shared::journal::{Actor, Entry, Read, Stamp};

pub const BRANCH: BranchId = BranchId([0xB2; 16]);
const STREAM: StreamId = StreamId([0xE2; 16]);
/// Sales of a business day.
const A_DAY: u64 = 1_000;

pub struct History {
    pub keys: Keys,
    sample: Sold,
    hash: Hash,
    stamp: Stamp,
    seq: u64,
}

/// A sale that the till made.
fn sample(chain: &Chain) -> Sold {
    let sql = "select body from entry where kind = ?1 order by seq desc limit 1";
    let row = chain.edge.row(sql, &[Sold::KIND.into()]).expect("read").expect("a sale");
    minicbor::decode(row.blob(0)).expect("a sale")
}

impl History {
    pub fn new(chain: &mut Chain) -> History {
        let keys = Keys::from_secret([3; 32]);
        chain.enrol(&keys.public(), BRANCH);
        let mut sample = sample(chain);
        sample.at.branch = BRANCH;
        History { keys, sample, hash: NO_HASH, stamp: Stamp::default(), seq: 0 }
    }

    /// Sales of the measured branch itself, all in one shift.
    pub fn of_shift(chain: &Chain, shift: ShiftId) -> History {
        let mut history =
            History { keys: Keys::from_secret([4; 32]), sample: sample(chain), hash: NO_HASH, stamp: Stamp::default(), seq: 1 };
        history.sample.at.shift = Some(shift);
        history
    }

    /// The next entries.
    pub fn entries(&mut self, chain: &Chain, count: usize) -> Vec<Entry> {
        (0..count).map(|_| self.next(chain)).collect()
    }

    /// The next entries, as a push.
    pub fn push(&mut self, chain: &Chain, count: usize) -> Push {
        let (first, prev, mut before) = (self.seq + 1, self.hash, Stamp(0));
        let entries = self.entries(chain, count);
        self.hash = entries.iter().fold(prev, |hash, entry| entry.hash(&hash));
        let wire = entries.iter().map(|entry| WireEntry::of(entry, std::mem::replace(&mut before, entry.stamp))).collect();
        let signature = push_signature(&self.keys, STREAM, first, self.seq, &self.hash).into();
        Push { stream: STREAM, first, prev: prev.into(), entries: wire, signature, side: None }
    }

    fn next(&mut self, chain: &Chain) -> Entry {
        self.seq += 1;
        self.stamp = Stamp::after(self.stamp, NOW_MS + self.seq as i64 * 1_000, 0);
        let id = if self.seq == 1 { CommandId(STREAM.0) } else { command(1_000_000_000 + self.seq) };
        let (kind, version, bytes) = match self.seq {
            1 => {
                let opened = Chain::opened(BRANCH, self.keys.public());
                (Opened::KIND, Opened::VERSION, encoded(&opened))
            }
            n => (Sold::KIND, Sold::VERSION, encoded(&self.sold(chain, n, SaleId(id.0)))),
        };
        Entry {
            stream: STREAM,
            seq: self.seq,
            stamp: self.stamp,
            by: Actor::Person(self.sample.at.by),
            command: id,
            part: 0,
            kind,
            version,
            document: None,
            body: Body::Kept { bytes, salt: None },
        }
    }

    /// Another member, other goods, another number, another day; the same amounts.
    fn sold(&self, chain: &Chain, n: u64, sale: SaleId) -> Sold {
        let mut sold = self.sample.clone();
        sold.sale = sale;
        sold.at.day = 20_200_101 + u32::try_from(n / A_DAY % 28 + n / A_DAY / 28 * 100).expect("a day");
        sold.at.hour = (8 + n % 12) as u8;
        sold.at.at_ms = NOW_MS + n as i64 * 1_000;
        sold.receipt_no = format!("002-1-1-{:06}-{n:04}", sold.at.day % 1_000_000);
        for (i, line) in (0..).zip(&mut sold.lines) {
            line.product = line.product.map(|_| -> ProductNo { chain.product(n * 5 + i) });
        }
        if let Some(buyer) = &mut sold.buyer {
            buyer.member = chain.members[(n.wrapping_mul(2_654_435_761) % chain.members.len() as u64) as usize];
        }
        sold
    }
}
