//! Goal: a store keeps its promises on its own: idempotent commands, guarded balances, one road for own and arrived entries, rebuild equal.
//! Method: a tiny registry of one fact, real SQLite files in a folder of the test's own.
use shared::base::limits::WAL_BYTES_MAX;
use shared::base::{Account, BranchId, CommandId, Holder, MemberId, Posting, Purpose, StaffId, StreamId, Unit};
use shared::facts::{Fact, Writer as WrittenBy, journal::Opened, ledger::Moved, transfer};
use shared::journal::{Actor, Command, Decided, Fault, Moment, Read, Refusal, Right};
use shared::ledger::balance;
use shared::store::clerk::{Work, group};
use shared::store::{Clerk, Opening, Outcome, Priority, Store};
use shared::views::{Registry, Side};
use shared::{fact_kind, store};
use std::path::PathBuf;

const BRANCH: BranchId = BranchId([1; 16]);
const MEMBER: MemberId = MemberId([2; 16]);
const STREAM: StreamId = StreamId([0xA3; 16]);

/// A member's value goes up, or down where negative.
#[derive(Clone, minicbor::Encode, minicbor::Decode)]
struct Counted(#[n(0)] i64);

impl Fact for Counted {
    const KIND: u16 = 900;
    const NAME: &'static str = "counted";
    const WRITER: WrittenBy = WrittenBy::Edge;
    fn postings(&self, here: StreamId) -> Vec<Posting> {
        transfer(Unit::Value(BRANCH), Holder::House(BRANCH, Purpose::Issued), Holder::Member(MEMBER), self.0, here).into()
    }
}

static REGISTRY: Registry = Registry {
    facts: &[fact_kind!(Opened => []), fact_kind!(Moved => []), fact_kind!(Counted => [])],
    documents: &[],
    tables: &[&balance::BALANCE, &shared::ledger::person::PERSON, &shared::ledger::issuers::ISSUER, &shared::views::conflicts::CONFLICT],
};

struct Count(i64);

impl Command for Count {
    type State = ();
    const RIGHT: Option<Right> = Some(Right::TopUp);
    fn content(&self) -> Vec<u8> {
        self.0.to_be_bytes().into()
    }
    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }
    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&Counted(self.0)))
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("catena-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Folder(path)
    }

    fn open(&self) -> Store {
        let opening = Opening { path: self.0.join("edge.db"), registry: &REGISTRY, side: Side::Edge, lineage: None };
        Store::open(opening).expect("a store opens")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn opened(store: &mut Store) {
    let fact = Opened { branch: Some(BRANCH), device_key: [9; 32], predecessor: None, predecessor_seq: 0, epoch: 0 };
    store.transaction(|writer| writer.open_stream(STREAM, &fact, 1_000)).expect("a stream opens");
}

fn moment(command: u8) -> Moment {
    Moment {
        command: CommandId([command; 16]),
        by: Actor::Person(StaffId([4; 16])),
        rights: vec![Right::TopUp],
        now_ms: 2_000,
        hub_ms: 0,
        branch: Some(BRANCH),
        here: STREAM,
        till: None,
        shift: None,
        day: 20261121,
        hour: 9,
        entropy: [5; 16],
    }
}

fn value(db: &dyn Read) -> i64 {
    balance::amount(db, &Account { holder: Holder::Member(MEMBER), unit: Unit::Value(BRANCH), place: STREAM }).expect("a balance")
}

#[test]
fn a_retry_is_the_same_command_and_other_content_is_refused() {
    let folder = Folder::new("retry");
    let mut store = folder.open();
    opened(&mut store);
    let first = store.transaction(|writer| writer.decide(&Count(100), &moment(1))).expect("written");
    assert!(matches!(first, Ok(Outcome::Done(ref heads)) if heads.len() == 1));
    assert_eq!(store.transaction(|writer| writer.decide(&Count(100), &moment(1))).expect("read"), Ok(Outcome::Already));
    assert_eq!(store.transaction(|writer| writer.decide(&Count(99), &moment(1))).expect("read"), Err(Refusal::CommandReused));
    assert_eq!(value(&store), 100);
    drop(store);
    assert_eq!(value(&folder.open()), 100, "still there after a restart");
}

#[test]
fn a_guarded_balance_never_goes_below_zero_and_a_right_is_checked() {
    let folder = Folder::new("guard");
    let mut store = folder.open();
    opened(&mut store);
    let mut decide = |amount, moment: Moment| store.transaction(|writer| writer.decide(&Count(amount), &moment)).expect("no fault");
    assert!(decide(100, moment(1)).is_ok());
    assert_eq!(decide(-101, moment(2)), Err(Refusal::NotEnoughHere { wanted: 101, here: 100, elsewhere: vec![] }));
    assert!(decide(-100, moment(3)).is_ok());
    assert_eq!(decide(5, Moment { rights: vec![], ..moment(4) }), Err(Refusal::NotAllowed { right: Right::TopUp }));
    assert!(matches!(decide(5, Moment { now_ms: -10_000, ..moment(5) }), Err(Refusal::ClockWrong { .. })));
    assert_eq!(value(&store), 0);
}

#[test]
fn one_failing_work_of_a_group_takes_nothing_else_with_it() {
    let folder = Folder::new("group");
    let mut store = folder.open();
    opened(&mut store);
    let (tell, told) = std::sync::mpsc::channel();
    let work = |amount: i64, fails: bool| {
        let tell = tell.clone();
        Work::new(
            move |writer| {
                let done = writer.decide(&Count(amount), &moment(amount as u8))?;
                if fails { Err(Fault::Busy) } else { Ok(done) }
            },
            move |done| tell.send(done.is_ok()).expect("the test listens"),
        )
    };
    let committed = group(&mut store, vec![work(10, false), work(20, true), work(40, false)]);
    assert_eq!(committed.heads.len(), 2);
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(value(&store), 50);
}

#[test]
fn a_rebuild_finds_what_was_there_and_the_clerk_answers_after_the_commit() {
    let folder = Folder::new("rebuild");
    let mut store = folder.open();
    opened(&mut store);
    let clerk = Clerk::start(store, |_| {});
    for n in 1..=50_u8 {
        let done = clerk.run(Priority::Till, move |writer| writer.decide(&Count(i64::from(n)), &moment(n))).expect("written");
        assert!(done.is_ok());
        let seen = clerk.readers().read(|db| Ok(value(db))).expect("read");
        assert_eq!(seen, (1..=i64::from(n)).sum::<i64>(), "what was answered is committed");
    }
    clerk.stop();
    let mut store = folder.open();
    let rebuilt = store.rebuild().expect("rebuilt");
    assert_eq!((rebuilt.entries, rebuilt.differing), (51, vec![]));
    store.transaction(|writer| writer.execute("update balance set amount = 7", &[])).expect("spoiled on purpose");
    assert_eq!(store.rebuild().expect("rebuilt").differing, [("balance", 1, 1)], "a spoiled view is found");
    assert_eq!(value(&store), 1275);
}

#[test]
fn who_waits_for_a_commit_that_cannot_begin_is_told_why() {
    let folder = Folder::new("begin");
    let mut store = folder.open();
    opened(&mut store);
    let other = rusqlite::Connection::open(store.path()).expect("a second connection");
    other.execute_batch("begin immediate").expect("it holds the turn to write");
    let (tell, told) = std::sync::mpsc::channel();
    let work = || {
        let tell = tell.clone();
        Work::new(|writer| writer.decide(&Count(1), &moment(1)), move |done| tell.send(done.map(|_| ())).expect("listening"))
    };
    group(&mut store, vec![work(), work()]);
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [Err(Fault::Busy), Err(Fault::Busy)]);
    assert_eq!(value(&store), 0);
}

#[test]
fn a_long_log_is_emptied_by_the_writer_while_it_never_rests() {
    let folder = Folder::new("log");
    let mut store = folder.open();
    opened(&mut store);
    let path = store.path().to_path_buf();
    let big = vec![0_u8; 4 * 1024 * 1024];
    for n in 0..20_u8 {
        store.transaction(|writer| writer.set_draft("test", &[n], Some(&big))).expect("written");
    }
    let log = path.with_extension("db-wal");
    let long = || std::fs::metadata(&log).map_or(0, |log| log.len()) > WAL_BYTES_MAX as u64;
    assert!(long(), "nobody looks after this store yet");
    // Something is always being written, so that whoever looks after the log from outside finds the turn to write taken.
    let clerk = Clerk::start(store, |_| {});
    for n in 0..3_000_u32 {
        clerk.run(Priority::Till, move |writer| writer.set_draft("test", &[99], Some(&n.to_be_bytes()))).expect("written");
        if !long() {
            break;
        }
    }
    assert!(!long(), "the log is short again");
    clerk.stop();
    assert_eq!(shared::store::drafts::draft(&folder.open(), "test", &[0]).expect("read").map(|body| body.len()), Some(big.len()));
}

#[test]
fn the_chain_is_what_the_entries_say() {
    let folder = Folder::new("chain");
    let mut store = folder.open();
    opened(&mut store);
    for n in 1..=5 {
        store.transaction(|writer| writer.decide(&Count(1), &moment(n))).expect("written").expect("allowed");
    }
    let sql =
        "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry order by seq";
    let mut hash = [0; 32];
    for row in store.rows(sql, &[]).expect("entries") {
        hash = store::append::entry_of(&row).hash(&hash);
    }
    let head = store::writer::stream_head(&store, STREAM).expect("read").expect("own stream");
    assert_eq!((head.seq, head.hash), (6, hash));
}
