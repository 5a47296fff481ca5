//! The same sales on the wire and at the hub; then as many again as make a long history.
use crate::bare::{Bare, written};
use crate::chain::{Chain, Stretches};
use crate::figures::{Figures, Times};
use crate::history::{self, History};
use shared::base::{BranchId, StreamId};
use shared::desk::registry::REGISTRY;
use shared::exchange::hub::Asked;
use shared::exchange::sign::PublicKey;
use shared::exchange::wire::{Push, Request, Response};
use shared::journal::command::encoded;
use shared::journal::{Read, Row};
use shared::store::Store;
use shared::views::Side;
use std::path::Path;
use std::time::Instant;

const BATCH: usize = 200;
/// Entries of the long history, and how many of its first and last are compared.
pub const LONG: usize = 100_000;
const ENDS: usize = 10_000;
/// Of a longer one these are told too, as they are reached.
const STAGES: [usize; 4] = [LONG, 500_000, 1_000_000, 2_000_000];

pub fn measure(chain: &mut Chain, folder: &Path, figures: &mut Figures, entries_long: usize) {
    let bare = Bare::new(&folder.join("bare-hub.db"), Side::Hub);
    let here = chain.edge.identity().expect("open").stream;
    let head = shared::store::writer::stream_head(&chain.edge, here).expect("read").expect("own");
    let (mut entries, mut bytes, mut rounds) = (0, 0, Times::default());
    let mut took = Took::default();
    let keys = shared::exchange::sign::Keys::from_secret([2; 32]);
    let (mut after, mut batches) = (head.acked, Vec::new());
    while after < head.seq {
        let mut push = shared::exchange::push::build(&chain.edge, &keys, here, after).expect("read").expect("more");
        after = shorten(&mut push, chain, after, &keys);
        bytes += wire_bytes(&push);
        entries += push.entries.len();
        batches.push(Batch::of(chain, push, keys.public(), crate::chain::BRANCH));
    }
    let mut batches = batches.into_iter().peekable();
    while let Some(batch) = batches.next() {
        let pull = chain.request();
        let response = took.batch(chain, &bare, folder, &batch, batches.peek());
        chain.apply(response);
        let response = rounds.measure(|| chain.serve(Request { pushes: Vec::new(), ..pull }));
        chain.apply(response);
    }
    let found = format!("{}; batches of {BATCH}", took.said(0, took.ours.wall.len()));
    figures.add(
        "intake at the hub on SQLite: signature, chain, checks, views, statements; the next batch is read and folded beside the writer",
        found,
        "≥ 1.0 × bare; ≥ 5 000/s at 2 million",
    );
    let found = format!("p50 {:.1} ms", rounds.p(50.0) / 1e3);
    figures.add(format!("page given out after such a batch: {BATCH} statements of balances, signed"), found, "—");
    figures.add("bytes on the wire per five-line sale, batches of 200", format!("{} B", bytes / entries.max(1)), "≤ 110 B");
    long(chain, &bare, folder, figures, entries_long);
}

/// A push on its way to the hub.
struct Batch {
    asked: Asked,
    stream: StreamId,
    first: u64,
    last: u64,
}

impl Batch {
    fn of(chain: &Chain, push: Push, device: PublicKey, branch: BranchId) -> Batch {
        let (stream, first, last) = (push.stream, push.first, push.first + push.entries.len() as u64 - 1);
        let request = Request { pushes: vec![push], cursors: Vec::new(), ..chain.request() };
        Batch { asked: Asked { device, branch, request: request.into() }, stream, first, last }
    }
}

/// Times of intake and of bare rusqlite, batch by batch.
#[derive(Default)]
struct Took {
    /// The next batch, read and folded while the writer was busy with the one before it, as a hub does.
    folded: Option<Stretches>,
    ours: Times,
    theirs: Times,
    entries: Vec<f64>,
}

impl Took {
    fn batch(&mut self, chain: &mut Chain, bare: &Bare, folder: &Path, batch: &Batch, next: Option<&Batch>) -> Response {
        self.entries.push((batch.last + 1 - batch.first) as f64);
        let before = position(&chain.hub);
        let folded = self.folded.take().unwrap_or_else(|| batch.asked.stretches(&REGISTRY));
        let (response, folded) = self.ours.measure(|| {
            std::thread::scope(|scope| {
                let beside = next.map(|next| scope.spawn(|| next.asked.stretches(&REGISTRY)));
                let response = chain.take(&batch.asked, folded);
                (response, beside.map(|beside| beside.join().expect("no panic")))
            })
        });
        self.folded = folded;
        let same: Vec<_> = (batch.first..=batch.last).map(|seq| written(&chain.hub, Side::Hub, batch.stream, seq)).collect();
        let told = told(&chain.hub, before);
        self.theirs.measure(|| bare.batch(&same, &told));
        for name in ["hub.db", "bare-hub.db"] {
            Store::checkpoint(&folder.join(name)).expect("checkpointed");
        }
        response
    }

    fn said(&self, from: usize, to: usize) -> String {
        let rate = |times: &Times| self.entries[from..to].iter().sum::<f64>() / times.wall[from..to].iter().sum::<f64>() * 1e6;
        let (rate, bare) = (rate(&self.ours), rate(&self.theirs));
        format!("{:.2} × bare unmerged ({rate:.0} entries/s against {bare:.0})", rate / bare)
    }

    /// The first batches, and the last so far.
    fn grown(&self) -> String {
        let all = self.ours.wall.len();
        let ends = all.min(ENDS / BATCH);
        let grown = |times: &Times| times.wall[all - ends..].iter().sum::<f64>() / times.wall[..ends].iter().sum::<f64>();
        format!(
            "first {ENDS}: {}; last {ENDS}: {}; cost per entry grew {:.2} ×, bare's {:.2} ×",
            self.said(0, ends),
            self.said(all - ends, all),
            grown(&self.ours),
            grown(&self.theirs)
        )
    }
}

/// Many more sales, by a second branch, as their facts would be.
fn long(chain: &mut Chain, bare: &Bare, folder: &Path, figures: &mut Figures, entries: usize) {
    let mut history = History::new(chain);
    let mut took = Took::default();
    let mut push = |chain: &Chain| Batch::of(chain, history.push(chain, BATCH), history.keys.public(), history::BRANCH);
    let mut batch = push(chain);
    for n in 1..=entries / BATCH {
        let next = push(chain);
        took.batch(chain, bare, folder, &batch, Some(&next));
        batch = next;
        if n == entries / BATCH || STAGES.contains(&(n * BATCH)) {
            figures.add(format!("intake with a history of {} entries behind it", n * BATCH), took.grown(), "grows no faster than bare");
        }
    }
    let cpu = |times: &Times| times.cpu() / BATCH as f64;
    let found = format!("{:.0} µs against {:.0} µs", cpu(&took.ours), cpu(&took.theirs));
    figures.add("CPU of the writer for one entry at intake, against bare", found, "—");
}

fn position(hub: &Store) -> i64 {
    hub.number("select next from feed_head where scope = x''", &[]).expect("read")
}

fn told(hub: &Store, from: i64) -> Vec<Row> {
    let sql = "select scope, topic, key, position, as_of, body from statement where scope = x'' and position >= ?1";
    hub.rows(sql, &[from.into()]).expect("read")
}

/// All tables of the hub from its entries.
pub fn rebuild(chain: &mut Chain, figures: &mut Figures) {
    let start = Instant::now();
    let rebuilt = chain.hub.rebuild().expect("rebuilt");
    assert_eq!(rebuilt.differing, [], "every view is equal");
    let seconds = start.elapsed().as_secs_f64();
    let found = format!("{seconds:.1} s for {} entries and {} documents, all tables, compared", rebuilt.entries, rebuilt.documents);
    figures.add("rebuild of the hub", found, "one table over 10 million entries ≤ 5 min (one row an entry), ≤ 12 min (a row a line)");
}

/// Cuts a push to a batch and signs it anew; answers its last seq.
fn shorten(push: &mut Push, chain: &Chain, after: u64, keys: &shared::exchange::sign::Keys) -> u64 {
    push.entries.truncate(BATCH);
    let last = after + push.entries.len() as u64;
    let hash = shared::exchange::push::chain_hash(&chain.edge, push.stream, last).expect("read");
    push.signature = shared::exchange::sign::push_signature(keys, push.stream, push.first, last, &hash).into();
    last
}

fn wire_bytes(push: &Push) -> usize {
    zstd::bulk::compress(&encoded(push), 3).expect("compressed").len()
}
