//! One table of a long history folded anew, as the first start of a version that changed it does, in a process of its own; a till sells beside it.
use crate::chain::{self, Chain};
use crate::figures::{Figures, Times, cpu_us, peak_mb};
use crate::history::{History, sample};
use crate::purchases::{Purchase, purchases};
use crate::sale;
use shared::desk::registry::REGISTRY;
use shared::journal::{Entry, Read, Value};
use shared::row;
use shared::store::{Opening, Store};
use shared::views::Side;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What is folded anew, and what it asks of the store.
const TABLES: [(&str, &str); 2] = [("receipt", "a row an entry, with five indexes"), ("line", "a row a line")];
const BAR: &str = "10 million entries ≤ 5 min (one row an entry), ≤ 12 min (a row a line), tills' p99 unhurt";
/// Entries laid down in one commit.
const CHUNK: usize = 20_000;
/// From sale to sale of the till beside.
const PAUSE: Duration = Duration::from_millis(50);
/// Sales of the till before anything else is done.
const ALONE: u64 = 200;

/// Lays `entries` sales of so many lines into the hub's entries alone, and folds each table from them.
pub fn measure(folder: &Path, figures: &mut Figures, entries: usize, lines: u64) {
    let mut chain = Chain::new(folder, 5_000, 2_000);
    chain.pull(&mut Figures::default());
    sale::measure(&mut chain, folder, &mut Figures::default(), 10);
    let hub = folder.join("hub.db");
    lay(&mut chain, &hub, entries, lines);
    let alone = (0..ALONE).fold(Times::default(), |times, n| sell(&mut chain, n, times));
    let alone = said(alone);
    for (table, shape) in TABLES {
        let sql = "update built set version = 0 where name = ?1";
        chain::run(&mut chain.hub, move |writer| writer.execute(sql, &[table.into()]));
        let itself = std::env::current_exe().expect("a program");
        let mut process = Command::new(itself).arg("--open").arg(&hub).stdout(Stdio::piped()).spawn().expect("starts");
        let (mut times, mut n) = (Times::default(), ALONE);
        while process.try_wait().expect("runs").is_none() {
            times = sell(&mut chain, n, times);
            n += 1;
        }
        let told = process.wait_with_output().expect("ended");
        assert!(told.status.success(), "the store opened");
        let beside = said(times);
        let found = String::from_utf8_lossy(&told.stdout).trim().to_owned();
        let what = format!("table {table} ({shape}) folded anew from {entries} entries of {lines} lines, a process of its own");
        figures.add(what, format!("{found}; a till beside it {beside}, alone {alone}"), BAR);
    }
}

/// Entries as their streams have them, without their rows in views.
fn lay(chain: &mut Chain, path: &Path, entries: usize, lines: u64) {
    let bought = purchases(None).into_iter().map(|one| Purchase { items: lines, amount: 1_000 * lines as i64, ..one });
    let mut branch = History::branch(&sample(chain), 1, bought.collect());
    for start in (0..entries).step_by(CHUNK) {
        let some = branch.entries(chain, CHUNK.min(entries - start));
        let sql = "insert into entry (stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased, asked, folded)
                   values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
        chain::run(&mut chain.hub, move |writer| some.iter().try_for_each(|entry| writer.execute(sql, &kept(entry)).map(|_| ())));
        Store::checkpoint(path).expect("checkpointed");
    }
}

/// A fact's entry as a row: no document, no salt, folded.
fn kept(entry: &Entry) -> Vec<Value> {
    let (none, bytes) = (Vec::new(), entry.body.bytes().expect("kept"));
    let Entry { stream, seq, command, part, kind, version, .. } = *entry;
    row![stream, seq, entry.stamp.0, entry.by.key(), command, part, kind, version, none.clone(), 0, bytes, none, 0, 0, 1]
}

fn sell(chain: &mut Chain, n: u64, mut times: Times) -> Times {
    let (tender, moment) = sale::bill(chain, 2_000_000 + n, &mut Times::default(), |_| ());
    assert!(times.measure(|| chain.tender(&tender, &moment)), "the cash covers the due");
    std::thread::sleep(PAUSE);
    times
}

fn said(mut times: Times) -> String {
    format!("p50 {:.1} ms, p99 {:.1} ms", times.p(50.0) / 1e3, times.p(99.0) / 1e3)
}

/// Opens a hub's store, which folds anew what is of another version; says how long that took, and its memory.
pub fn open(path: &Path) {
    let (start, cpu) = (Instant::now(), cpu_us());
    let store = Store::open(Opening { path: path.to_path_buf(), registry: &REGISTRY, side: Side::Hub, lineage: None }).expect("a store");
    let entries = store.number("select count(*) from entry", &[]).expect("read");
    let (wall, cpu) = (start.elapsed().as_secs_f64(), (cpu_us() - cpu) / 1e6);
    println!("{wall:.0} s ({cpu:.0} s of CPU) for all {entries} entries there, {} MB of memory", peak_mb("self"));
}
