//! Branches that were cut off come back all at once: to one real hub process, over real sockets, with what people really bought, while one till
//! goes on selling beside it and one branch waits for the news of another.
use crate::chain::Chain;
use crate::figures::{Figures, Times, percentile};
use crate::history::{History, sample};
use crate::line::Line;
use crate::purchases::{Purchase, purchases};
use crate::sale;
use shared::base::{MemberId, StreamId};
use shared::desk::registry::REGISTRY;
use shared::exchange::CHAIN;
use shared::exchange::sign::PublicKey;
use shared::exchange::wire::{Cursor, Push, Request};
use shared::facts::sales::Sold;
use shared::journal::Read;
use shared::ledger::statement::{BALANCE, Lies};
use shared::store::{Opening, Store};
use shared::views::Side;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

/// Branches, and the entries that each of them has queued.
const STORMS: [(u16, usize, &str); 2] = [(100, 900, "≤ 20 s"), (1_000, 200, "≤ 60 s")];
const BATCH: usize = 200;
/// Connections at once; a hub hears no more branches at the same instant.
const AT_ONCE: usize = 64;
/// From sale to sale of the till beside, and from news to news.
const PAUSE: Duration = Duration::from_millis(50);
/// News that is later than this does not come.
const LATE: Duration = Duration::from_secs(20);

pub fn measure(chain: &mut Chain, folder: &Path, file: Option<&Path>, figures: &mut Figures) {
    let bought = purchases(file);
    let whose = file.map_or("made after real histories", |_| "real histories");
    for (branches, entries, bar) in STORMS {
        let sample = sample(chain);
        let mut all: Vec<History> = (0..branches + 2).map(|n| History::branch(&sample, n, part(&bought, n))).collect();
        let hub = Hub::start(&folder.join(format!("hub-{branches}")), &all);
        let watch = all.split_off(usize::from(branches));
        let queued: Vec<Queued> = all.iter_mut().map(|branch| Queued::of(branch, chain, entries, &hub.line)).collect();
        let storm = Storm { hub: &hub, queued, next: AtomicUsize::new(0), over: AtomicBool::new(false) };
        let (drained, mut sales, mut news) = storm.run(chain, watch);
        let count = usize::from(branches) * entries;
        let what = format!("{branches} branches × {entries} entries come back at once to a hub process ({whose})");
        figures.add(what, format!("drained in {:.1} s ({:.0} entries/s)", drained, count as f64 / drained), bar);
        let found = format!("p50 {:.1} ms, p99 {:.1} ms over {} sales", sales.p(50.0) / 1e3, sales.p(99.0) / 1e3, sales.wall.len());
        figures.add(format!("a till beside it meanwhile ({branches} branches)"), found, "p99 ≤ 50 ms");
        let found = match news.len() {
            0 => "none came".into(),
            count => format!("p50 {:.0} ms, p99 {:.0} ms over {count} sales", percentile(&mut news, 50.0), percentile(&mut news, 99.0)),
        };
        figures.add(format!("a sale at a branch → hub → another branch meanwhile ({branches} branches)"), found, "p99 ≤ 250 ms");
    }
}

/// A branch's own share of what was bought.
fn part(bought: &[Purchase], n: u16) -> Vec<Purchase> {
    bought.iter().skip(usize::from(n)).step_by(100).copied().collect()
}

/// A real hub process with branches enrolled; it ends with this value.
struct Hub {
    process: Child,
    line: Line,
}

impl Hub {
    fn start(data: &Path, branches: &[History]) -> Hub {
        let binary = beside("hub");
        let made = Command::new(&binary).args(["init", "--chain", "测量", "--data"]).arg(data).stdout(Stdio::null()).status();
        assert!(made.expect("the hub binary is built beside this one").success(), "the chain is made");
        let hub = enrolled(&data.join("hub.db"), branches);
        let serve = Command::new(&binary).args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).stdout(Stdio::piped()).spawn();
        let mut process = serve.expect("serves");
        let mut said = BufReader::new(process.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let address = said.find_map(|line| line.split_once("http://").map(|(_, address)| address.trim().to_owned()));
        let line = Line { to: address.and_then(|text| text.parse().ok()).expect("an address"), hub };
        // Whatever else it says must not fill the pipe.
        std::thread::spawn(move || said.for_each(drop));
        while !line.serves() {
            std::thread::sleep(PAUSE);
        }
        Hub { process, line }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn beside(name: &str) -> PathBuf {
    std::env::current_exe().expect("a program").with_file_name(name)
}

/// Writes the branches' devices into the hub's store before it serves; answers the hub's key.
fn enrolled(path: &Path, branches: &[History]) -> PublicKey {
    let opening = Opening { path: path.to_path_buf(), registry: &REGISTRY, side: Side::Hub, lineage: None };
    let mut store = Store::open(opening).expect("the hub's store");
    let sql = "insert into device (device_key, branch, enrolled_ms, revoked) values (?1, ?2, 0, 0)";
    let done = store.transaction(|writer| {
        branches.iter().try_for_each(|one| writer.execute(sql, &[one.keys.public().into(), one.branch.into()]).map(|_| ()))
    });
    done.expect("enrolled");
    let key = "select s.device_key from stream s join meta m on s.stream = m.value where m.name = 'stream'";
    store.row(key, &[]).expect("read").expect("a hub's stream").hash(0)
}

fn request(branch: &History, pushes: Vec<Push>, cursors: Vec<Cursor>) -> Request {
    Request {
        stream: branch.stream,
        pushes,
        cursors,
        asks: Vec::new(),
        told: Vec::new(),
        questions: Vec::new(),
        given_back: Vec::new(),
        given_back_in: None,
        all_given_back: None,
        held: Vec::new(),
        salvaged: None,
    }
}

/// What one branch has to send, sealed beforehand: making it is the branches' work, each on its own machine.
struct Queued {
    batches: Vec<Vec<u8>>,
    last: u64,
}

impl Queued {
    fn of(branch: &mut History, chain: &Chain, entries: usize, line: &Line) -> Queued {
        let sizes = (0..entries).step_by(BATCH).map(|from| BATCH.min(entries - from));
        let batches = sizes.map(|size| {
            let push = branch.push(chain, size);
            line.seal(&branch.keys, &request(branch, vec![push], Vec::new()))
        });
        Queued { batches: batches.collect(), last: entries as u64 }
    }

    /// Sends all; until the hub has acknowledged the last.
    fn drain(&self, line: &Line) {
        let mut acked = 0;
        for batch in &self.batches {
            let response = loop {
                match line.send(batch) {
                    Some(response) => break response,
                    None => std::thread::sleep(PAUSE),
                }
            };
            acked = response.streams.first().map_or(0, |state| state.acked);
        }
        assert_eq!(acked, self.last, "the hub holds all of it");
    }
}

struct Storm<'h> {
    hub: &'h Hub,
    queued: Vec<Queued>,
    next: AtomicUsize,
    over: AtomicBool,
}

impl Storm<'_> {
    /// Seconds until all is drained, the till's sales, and how long news took, ms.
    fn run(&self, chain: &mut Chain, watch: Vec<History>) -> (f64, Times, Vec<f64>) {
        let [mut seller, reader] = <[History; 2]>::try_from(watch).ok().expect("two branches watch");
        let first = seller.push(chain, 1);
        self.hub.line.exchange(&seller.keys, &request(&seller, vec![first], Vec::new())).expect("opened");
        let pushes: Vec<Push> = (0..2_000).map(|_| seller.push(chain, 1)).collect();
        let heard = Mutex::new(listen(self.hub.line, reader, seller.stream));
        let (sales, news, drained) = (Mutex::new(Times::default()), Mutex::new(Vec::new()), Mutex::new(0.0));
        std::thread::scope(|scope| {
            scope.spawn(|| *news.lock().expect("one thread") = self.news(&seller, pushes, &heard.lock().expect("one thread")));
            scope.spawn(|| *drained.lock().expect("one thread") = self.drain());
            *sales.lock().expect("one thread") = self.sell(chain);
        });
        let inside = "no thread panicked";
        (drained.into_inner().expect(inside), sales.into_inner().expect(inside), news.into_inner().expect(inside))
    }

    fn drain(&self) -> f64 {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    while let Some(queued) = self.queued.get(self.next.fetch_add(1, Ordering::Relaxed)) {
                        queued.drain(&self.hub.line);
                    }
                });
            }
        });
        self.over.store(true, Ordering::Relaxed);
        start.elapsed().as_secs_f64()
    }

    fn over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn sell(&self, chain: &mut Chain) -> Times {
        let (mut sales, mut lines) = (Times::default(), Times::default());
        for n in 0.. {
            if self.over() {
                break;
            }
            let (tender, moment) = sale::bill(chain, 1_000_000 + n, &mut lines, |_| ());
            assert!(sales.measure(|| chain.tender(&tender, &moment)), "the cash covers the due");
            std::thread::sleep(PAUSE);
        }
        sales
    }

    /// One branch sells; another, told by its live link that there is something, reads the member's new balance. Milliseconds each.
    fn news(&self, seller: &History, pushes: Vec<Push>, heard: &mpsc::Receiver<Heard>) -> Vec<f64> {
        let (mut times, mut had) = (Vec::new(), BTreeMap::<MemberId, i64>::new());
        for push in pushes {
            if self.over() {
                break;
            }
            let sold: Sold = minicbor::decode(&push.entries[0].body).expect("a sale");
            let buyer = sold.buyer.expect("a member buys");
            let (member, points) = (buyer.member, buyer.points.iter().map(|points| points.amount).sum::<i64>());
            let due = *had.entry(member).and_modify(|had| *had += points).or_insert(points);
            let start = Instant::now();
            while self.hub.line.exchange(&seller.keys, &request(seller, vec![push.clone()], Vec::new())).is_none() {}
            let told = std::iter::from_fn(|| heard.recv_timeout(LATE).ok()).any(|told| told.member == member && told.points >= due);
            assert!(told, "the other branch hears of it");
            times.push(start.elapsed().as_secs_f64() * 1e3);
            std::thread::sleep(PAUSE);
        }
        times
    }
}

/// What the listening branch was told of a member's balance at the selling branch.
struct Heard {
    member: MemberId,
    points: i64,
}

/// Listens at the live link, and reads what the chain is told whenever there is something. Ends with the hub.
fn listen(line: Line, reader: History, seller: StreamId) -> mpsc::Receiver<Heard> {
    let (tell, heard) = mpsc::channel();
    let mut cursor = Cursor { scope: CHAIN.to_vec().into(), epoch: 1, position: 0, proof: None };
    let mut read = move |reader: &History| loop {
        let Some(response) = line.exchange(&reader.keys, &request(reader, Vec::new(), vec![cursor.clone()])) else { continue };
        let Some(page) = response.pages.first() else { return true };
        (cursor.epoch, cursor.position) = (page.epoch, page.upto);
        for told in page.told.iter().filter(|told| told.topic == BALANCE) {
            let lies: Vec<Lies> = minicbor::decode(&told.body).expect("a balance");
            let at = lies.iter().find(|lies| lies.place == seller);
            let member = MemberId(told.key[..].try_into().expect("an id"));
            if at.is_some_and(|at| tell.send(Heard { member, points: at.points }).is_err()) {
                return false;
            }
        }
        if !page.more {
            return true;
        }
    };
    std::thread::spawn(move || line.live(&reader.keys, || read(&reader)));
    heard
}
