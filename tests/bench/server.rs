//! Intake at a hub on PostgreSQL, against bare `COPY` of the same rows into tables of the same shape in the same run, taking turns.
use crate::chain::Chain;
use crate::figures::{Figures, Times};
use crate::history::{self, History};
use crate::house::Server;
use crate::sale;
use postgres::{Client, NoTls};
use shared::desk::registry::REGISTRY;
use shared::exchange::hub::Asked;
use shared::exchange::wire::{Push, Request};
use shared::journal::{Entry, Read, Value};
use shared::ledger::{balance, issued, issuers, liability};
use shared::store::append::entry_of;
use shared::views::{Rows, Side};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

const BATCH: usize = 200;
/// Entries that are counted.
pub const ENTRIES: usize = 20_000;
/// Batches that warm the server's memory and the held statements; not counted.
const WARM: usize = 5;

/// Takes in `entries` sales of one branch.
pub fn measure(folder: &Path, figures: &mut Figures, entries: usize) {
    let Some(server) = Server::start("measure") else { return };
    std::fs::create_dir_all(folder).expect("a folder to measure in");
    let address = server.database();
    let mut chain = Chain::at(folder, Path::new(&address), 500, 500);
    chain.pull(&mut Figures::default());
    sale::measure(&mut chain, folder, &mut Figures::default(), 10);
    let mut history = History::new(&mut chain);
    let mut bare = Bare::beside(&address);
    let (mut ours, mut theirs) = (Times::default(), Times::default());
    let mut asked = |chain: &Chain| {
        let push: Push = history.push(chain, BATCH);
        let (first, request) = (push.first, Request { pushes: vec![push], cursors: Vec::new(), ..chain.request() });
        (first, Asked { device: history.keys.public(), branch: history::BRANCH, request: request.into() })
    };
    let (mut batch, mut folded) = (asked(&chain), None);
    for n in 0..WARM + entries.div_ceil(BATCH) {
        let next = asked(&chain);
        let stretches = folded.take().unwrap_or_else(|| batch.1.stretches(&REGISTRY));
        let mut took = Times::default();
        // As a hub does: the next batch is read and folded while the writer is busy with this one.
        folded = took.measure(|| {
            std::thread::scope(|scope| {
                let beside = scope.spawn(|| next.1.stretches(&REGISTRY));
                chain.take(&batch.1, stretches);
                Some(beside.join().expect("no panic"))
            })
        });
        let rows = Copied::of(&chain, batch.0);
        let mut copied = Times::default();
        copied.measure(|| bare.copy(&rows));
        if n >= WARM {
            ours.wall.extend(took.wall);
            theirs.wall.extend(copied.wall);
        }
        batch = next;
    }
    let rate = |times: &Times| (times.wall.len() * BATCH) as f64 / times.wall.iter().sum::<f64>() * 1e6;
    let (rate, copied) = (rate(&ours), rate(&theirs));
    figures.add(
        format!(
            "intake on PostgreSQL, one process: batches of {BATCH}, rows in bulk; against bare COPY of the same rows, keys but no rules"
        ),
        format!(
            "{rate:.0} entries/s; {:.2} × COPY ({copied:.0}); a batch p50 {:.1} ms, p99 {:.1} ms",
            rate / copied,
            ours.p(50.0) / 1e3,
            ours.p(99.0) / 1e3
        ),
        "≥ 5 000 entries/s",
    );
}

/// The rows of a batch as the text that `COPY` reads, by table.
struct Copied(Vec<(String, String)>);

impl Copied {
    fn of(chain: &Chain, first: u64) -> Copied {
        let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased, asked, folded
                   from entry where stream = ?1 and seq >= ?2 order by seq";
        let found = chain.hub.rows(sql, &[history::STREAM.into(), first.into()]).expect("read");
        let mut tables = vec![("entry".to_owned(), String::new())];
        found.iter().for_each(|row| line(&row.0, &mut tables[0].1));
        let entries: Vec<Entry> = found.iter().map(entry_of).collect();
        for row in rows(&entries).settle() {
            if tables.last().is_none_or(|(name, _)| name != row.table.name) {
                tables.push((row.table.name.to_owned(), String::new()));
            }
            tables.last_mut().into_iter().for_each(|(_, text)| line(&row.values, text));
        }
        Copied(tables)
    }
}

/// What entries write into views, merged over the batch as the hub does.
fn rows(entries: &[Entry]) -> Rows {
    let mut rows = Rows::new(Side::Hub);
    for entry in entries {
        let fact = REGISTRY.fact(entry.kind, entry.version).expect("a fact");
        let read = (fact.fold)(entry.body.bytes().expect("kept"), &entry.head(), &mut rows).expect("readable");
        balance::put(&read.postings, Some(entry.stream), &mut rows);
        issuers::put(&read.postings, &entry.head(), &mut rows);
        issued::put(&read.postings, &entry.head(), &mut rows);
        liability::put(&read.postings, read.day, &entry.head(), &mut rows);
    }
    rows
}

fn line(values: &[Value], text: &mut String) {
    for (i, value) in values.iter().enumerate() {
        let before = if i == 0 { "" } else { "\t" };
        match value {
            Value::Int(n) => write!(text, "{before}{n}"),
            Value::Text(said) => write!(text, "{before}{}", said.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n")),
            Value::Blob(bytes) => {
                text.push_str(before);
                text.push_str("\\\\x");
                bytes.iter().try_for_each(|byte| write!(text, "{byte:02x}"))
            }
        }
        .expect("memory takes it");
    }
    text.push('\n');
}

/// Tables of the same columns in a schema of their own: what merges at the hub is only put here, so only entries have their key.
struct Bare(Client);

impl Bare {
    fn beside(address: &str) -> Bare {
        let mut client = Client::connect(address, NoTls).expect("connected");
        let tables = REGISTRY.tables.iter().filter(|table| table.kept_at(Side::Hub)).map(|table| table.name);
        let twins: String = tables.map(|name| format!("create table bare.{name} (like public.{name});")).collect();
        let entry = "create table bare.entry (like public.entry including indexes);";
        client.batch_execute(&format!("create schema bare; {entry} {twins} set synchronous_commit = on")).expect("made");
        Bare(client)
    }

    fn copy(&mut self, Copied(tables): &Copied) {
        let mut transaction = self.0.transaction().expect("begun");
        for (name, text) in tables {
            let mut into = transaction.copy_in(&format!("copy bare.{name} from stdin")).expect("begun");
            into.write_all(text.as_bytes()).expect("sent");
            into.finish().expect("copied");
        }
        transaction.commit().expect("durable");
    }
}
