//! Goal: a newer binary finds every figure as if it had always been there; an older one refuses what it could not decide with.
//! Method: one registry per version over the same file. The second knows one more fact, one more table, and another meaning of the first table.
use shared::base::{BranchId, CommandId, Posting, StreamId};
use shared::facts::{Fact, Writer as WrittenBy, journal::Opened};
use shared::journal::entry::Body;
use shared::journal::{Actor, Command, Decided, Entry, Fault, Head, Moment, Read, Refusal, Right, Stamp};
use shared::store::{Lineage, Mark, Opening, Store};
use shared::views::{Registry, Rows, Side, conflicts};
use shared::{fact_kind, ledger::balance, row, table};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

#[path = "house/server.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod server;

const BRANCH: BranchId = BranchId([1; 16]);
const STREAM: StreamId = StreamId([0xA3; 16]);
const OTHER: StreamId = StreamId([0xB3; 16]);

macro_rules! number {
    ($name:ident, $kind:literal, $said:literal) => {
        #[derive(Clone, minicbor::Encode, minicbor::Decode)]
        struct $name(#[n(0)] i64);

        impl Fact for $name {
            const KIND: u16 = $kind;
            const NAME: &'static str = $said;
            const WRITER: WrittenBy = WrittenBy::Both;
            fn postings(&self, _: StreamId) -> Vec<Posting> {
                Vec::new()
            }
        }
    };
}
number!(Sale, 900, "sale");
number!(Visit, 901, "visit");

table! { 901, SALES, "sales_one", Sum, First, Both, v 1, [n Int], [sum Int] }
table! { 901, SALES_DOUBLED, "sales_one", Sum, First, Both, v 2, [n Int], [sum Int] }
table! { 902, VISITS, "visits", Sum, First, Both, v 1, [n Int], [sum Int] }

fn sales(sale: &Sale, _: &Head, rows: &mut Rows) {
    rows.put(&SALES, row![1, sale.0]);
}

fn sales_doubled(sale: &Sale, _: &Head, rows: &mut Rows) {
    rows.put(&SALES_DOUBLED, row![1, 2 * sale.0]);
}

fn visits(visit: &Visit, _: &Head, rows: &mut Rows) {
    rows.put(&VISITS, row![1, visit.0]);
}

static FIRST: Registry = Registry {
    facts: &[fact_kind!(Opened => []), fact_kind!(Sale => [sales])],
    documents: &[],
    tables: &[&balance::BALANCE, &shared::ledger::person::PERSON, &conflicts::CONFLICT, &SALES],
};
static SECOND: Registry = Registry {
    facts: &[fact_kind!(Opened => []), fact_kind!(Sale => [sales_doubled]), fact_kind!(Visit => [visits])],
    documents: &[],
    tables: &[&balance::BALANCE, &shared::ledger::person::PERSON, &conflicts::CONFLICT, &SALES_DOUBLED, &VISITS],
};

struct Write<F: Fact>(fn(i64) -> F, i64);

impl<F: Fact> Command for Write<F> {
    type State = ();
    const RIGHT: Option<Right> = None;
    fn content(&self) -> Vec<u8> {
        self.1.to_be_bytes().into()
    }
    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }
    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&(self.0)(self.1)))
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("catena-upgrade-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Folder(path)
    }

    fn open(&self, registry: &'static Registry, lineage: Option<Box<dyn Lineage>>) -> Result<Store, Fault> {
        Store::open(Opening { path: self.0.join("store.db"), registry, side: Side::Edge, lineage })
    }

    fn first(&self) -> Store {
        let mut store = self.open(&FIRST, None).expect("opens");
        let opened = Opened { branch: Some(BRANCH), device_key: [9; 32], predecessor: None, predecessor_seq: 0, epoch: 0 };
        store.transaction(|writer| writer.open_stream(STREAM, &opened, 1_000)).expect("a stream opens");
        store
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn write<F: Fact>(store: &mut Store, command: u8, make: fn(i64) -> F, n: i64) {
    let moment = Moment {
        command: CommandId([command; 16]),
        by: Actor::System,
        rights: Vec::new(),
        now_ms: 100_000,
        hub_ms: 0,
        branch: Some(BRANCH),
        here: STREAM,
        till: None,
        shift: None,
        day: 20261121,
        hour: 9,
        entropy: [5; 16],
    };
    store.transaction(|writer| writer.decide(&Write(make, n), &moment)).expect("no fault").expect("allowed");
}

fn number(store: &Store, sql: &'static str) -> i64 {
    store.number(sql, &[]).expect("read")
}

#[test]
fn a_view_that_changed_and_a_new_one_are_folded_from_what_is_there() {
    let folder = Folder::new("views");
    let mut store = folder.first();
    write(&mut store, 1, Sale, 30);
    write(&mut store, 2, Sale, 12);
    // The hub was upgraded first: its new kind comes to an edge that cannot read it yet.
    let visit = Entry {
        stream: OTHER,
        seq: 7,
        stamp: Stamp(99),
        by: Actor::System,
        command: CommandId([7; 16]),
        part: 0,
        kind: Visit::KIND,
        version: 1,
        document: None,
        body: Body::Kept { bytes: minicbor::to_vec(Visit(5)).expect("encodes"), salt: None },
    };
    store.transaction(|writer| writer.take_in(std::slice::from_ref(&visit))).expect("kept");
    assert_eq!(number(&store, "select sum from sales_one"), 42);
    drop(store);

    let store = folder.open(&SECOND, None).expect("the newer one opens");
    assert_eq!(number(&store, "select sum from sales_one"), 84);
    assert_eq!(number(&store, "select sum from visits"), 5, "what could not be read is folded");
    drop(store);
    let mut store = folder.open(&SECOND, None).expect("opens again");
    assert_eq!(number(&store, "select sum from visits"), 5, "once");
    assert_eq!(store.rebuild().expect("folded").differing, []);
}

#[test]
fn an_older_one_goes_back_unless_the_newer_wrote_what_it_cannot_read() {
    let folder = Folder::new("older");
    let mut store = folder.first();
    write(&mut store, 1, Sale, 30);
    drop(store);
    let mut store = folder.open(&SECOND, None).expect("the newer one opens");
    write(&mut store, 2, Sale, 12);
    drop(store);
    let store = folder.open(&FIRST, None).expect("nothing was written that it does not know");
    assert_eq!(number(&store, "select sum from sales_one"), 42);
    drop(store);
    let mut store = folder.open(&SECOND, None).expect("the newer one again");
    write(&mut store, 3, Visit, 1);
    drop(store);
    let refused = folder.open(&FIRST, None).err();
    assert!(matches!(&refused, Some(Fault::Damaged(why)) if why.contains("kind 901")), "{refused:?}");
}

// Goal: while processes of two versions serve one database no figure becomes the older one's. Method: two stores on one server, by turns.
#[test]
fn a_process_of_the_older_version_stops_writing_once_a_newer_one_serves() {
    let Some(server) = server::Server::start("upgrade") else { return };
    let address = PathBuf::from(server.database());
    let open = |registry| Store::open(Opening { path: address.clone(), registry, side: Side::Hub, lineage: None });
    let mut old = open(&FIRST).expect("opens");
    let opened = Opened { branch: Some(BRANCH), device_key: [9; 32], predecessor: None, predecessor_seq: 0, epoch: 0 };
    old.transaction(|writer| writer.open_stream(STREAM, &opened, 1_000)).expect("a stream opens");
    write(&mut old, 1, Sale, 30);
    let mut new = open(&SECOND).expect("the newer one opens beside it");
    assert_eq!(number(&new, "select sum from sales_one"), 60);
    for _ in 0..2 {
        let refused = old.transaction(|writer| writer.set_draft("any", b"", Some(b"")));
        assert!(matches!(&refused, Err(Fault::Damaged(why)) if why.contains("another version")), "{refused:?}");
    }
    // It holds up nobody: its turn was given back.
    write(&mut new, 2, Visit, 5);
    write(&mut new, 3, Sale, 6);
    let again = open(&FIRST).err();
    assert!(
        matches!(&again, Some(Fault::Damaged(why)) if why.contains("another version")),
        "started again it takes nothing back: {again:?}"
    );
    assert_eq!((number(&new, "select sum from sales_one"), number(&new, "select sum from visits")), (72, 5));
    assert_eq!(new.rebuild().expect("folded").differing, []);
}

/// A lineage file that is missing, as after a database was put back.
#[derive(Clone, Default)]
struct Missing(Arc<Mutex<Option<Mark>>>);

impl Lineage for Missing {
    fn read(&self) -> Option<Mark> {
        self.0.lock().expect("whole").clone()
    }
    fn write(&self, mark: &Mark) -> Result<(), Fault> {
        *self.0.lock().expect("whole") = Some(mark.clone());
        Ok(())
    }
    fn machine(&self) -> String {
        "here".into()
    }
}

#[test]
fn neither_an_upgrade_nor_a_rebuild_hides_that_a_database_was_put_back() {
    let folder = Folder::new("hides");
    let mut store = folder.first();
    write(&mut store, 1, Sale, 30);
    drop(store);
    let lineage = Missing::default();
    let mut store = folder.open(&SECOND, Some(Box::new(lineage.clone()))).expect("opens");
    store.rebuild().expect("folded");
    assert_eq!(lineage.read(), None);
    write(&mut store, 2, Sale, 1);
    assert!(lineage.read().is_some(), "what is written claims it");
}
