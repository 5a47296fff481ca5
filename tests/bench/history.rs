//! Other branches with a long past: entries as its till would have written them, made from one real sale, signed and sent like any.
use crate::chain::{self, Chain, NOW_MS, command};
use crate::purchases::Purchase;
use shared::base::{BranchId, CommandId, Money, ProductNo, SaleId, ShiftId, StreamId};
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
pub const STREAM: StreamId = StreamId([0xE2; 16]);
/// Sales of a business day.
const A_DAY: u64 = 1_000;

pub struct History {
    pub keys: Keys,
    pub branch: BranchId,
    pub stream: StreamId,
    /// What is bought, in turn; none: the sample's goods.
    bought: Vec<Purchase>,
    sample: Sold,
    hash: Hash,
    stamp: Stamp,
    seq: u64,
}

/// A sale that the till made.
pub fn sample(chain: &Chain) -> Sold {
    let sql = "select body from entry where kind = ?1 order by seq desc limit 1";
    let row = chain.edge.row(sql, &[Sold::KIND.into()]).expect("read").expect("a sale");
    minicbor::decode(row.blob(0)).expect("a sale")
}

impl History {
    pub fn new(chain: &mut Chain) -> History {
        let keys = Keys::from_secret([3; 32]);
        chain.enrol(&keys.public(), BRANCH);
        History::of(sample(chain), keys, BRANCH, STREAM, Vec::new())
    }

    /// One of many branches that sell what people bought.
    pub fn branch(sample: &Sold, n: u16, bought: Vec<Purchase>) -> History {
        let id = |first: u8| std::array::from_fn(|i| [first, (n >> 8) as u8, n as u8][i % 3]);
        let mut secret = [5; 32];
        secret[..2].copy_from_slice(&n.to_be_bytes());
        History::of(sample.clone(), Keys::from_secret(secret), BranchId(id(0xB3)), StreamId(id(0xE3)), bought)
    }

    fn of(mut sample: Sold, keys: Keys, branch: BranchId, stream: StreamId, bought: Vec<Purchase>) -> History {
        sample.at.branch = branch;
        History { keys, branch, stream, bought, sample, hash: NO_HASH, stamp: Stamp::default(), seq: 0 }
    }

    /// Sales of the measured branch itself, all in one shift.
    pub fn of_shift(chain: &Chain, shift: ShiftId) -> History {
        let mut sold = sample(chain);
        sold.at.shift = Some(shift);
        History { seq: 1, ..History::of(sold, Keys::from_secret([4; 32]), chain::BRANCH, STREAM, Vec::new()) }
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
        let signature = push_signature(&self.keys, self.stream, first, self.seq, &self.hash).into();
        Push { stream: self.stream, first, prev: prev.into(), entries: wire, signature, side: None }
    }

    fn next(&mut self, chain: &Chain) -> Entry {
        self.seq += 1;
        self.stamp = Stamp::after(self.stamp, NOW_MS + self.seq as i64 * 1_000, 0);
        let apart = u64::from(self.branch.0[1]) << 8 | u64::from(self.branch.0[2]);
        let id = if self.seq == 1 { CommandId(self.stream.0) } else { command((apart << 32) + 1_000_000_000 + self.seq) };
        let (kind, version, bytes) = match self.seq {
            1 => {
                let opened = Chain::opened(self.branch, self.keys.public());
                (Opened::KIND, Opened::VERSION, encoded(&opened))
            }
            n => (Sold::KIND, Sold::VERSION, encoded(&self.sold(chain, n, SaleId(id.0)))),
        };
        Entry {
            stream: self.stream,
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
        let bought = (!self.bought.is_empty()).then(|| self.bought[n as usize % self.bought.len()]);
        if let Some(bought) = bought {
            resold(&mut sold, bought);
        }
        for (i, line) in (0..).zip(&mut sold.lines) {
            line.product = line.product.map(|_| -> ProductNo { chain.product(n * 5 + i) });
        }
        if let Some(buyer) = &mut sold.buyer {
            let nth = bought.map_or(n.wrapping_mul(2_654_435_761), |bought| bought.customer);
            buyer.member = chain.members[(nth % chain.members.len() as u64) as usize];
        }
        sold
    }
}

/// The sale as this purchase would have made it: as many lines as pieces, the amount over them, no discount.
fn resold(sold: &mut Sold, bought: Purchase) {
    let (line, pieces) = (sold.lines[0].clone(), bought.items as i64);
    sold.lines = (0..pieces)
        .map(|i| {
            let net = Money::from_minor(bought.amount / pieces + i64::from(i < bought.amount % pieces));
            let (no, none) = (i as u16 + 1, Money::ZERO);
            let offs = (none, none, none, none);
            let mut line = line.clone();
            (line.no, line.list_price, line.gross, line.net, line.rate) = (no, net, net, net, None);
            (line.price_discount, line.rate_discount, line.bill_discount, line.rounding) = offs;
            line
        })
        .collect();
    let amount = Money::from_minor(bought.amount);
    sold.tenders.truncate(1);
    (sold.tenders[0].amount, sold.tenders[0].handed) = (amount, amount);
    (sold.subtotal, sold.due) = (amount, amount);
    (sold.discount, sold.rounding, sold.change) = (Money::ZERO, Money::ZERO, Money::ZERO);
}
