//! A hub and branches over real SQLite files, driven by hand: the very functions that the binaries call, no network and no clock.
use shared::base::{AskId, BranchId, CommandId, Holder, MemberId, Posting, Purpose, StaffId, StreamId, Unit};
use shared::branches;
use shared::documents::Kind;
use shared::exchange::edge::{self, Wants};
use shared::exchange::hub::{Asked, Hub};
use shared::exchange::recovery;
use shared::exchange::sign::Keys;
use shared::exchange::wire::{Ask, Request, Response};
use shared::fact_kind;
use shared::facts::ledger::{DebtWrittenOff, IssuesConfirmed, IssuesHeld, Moved, Recalled, Wanted};
use shared::facts::members::MemberPinSet;
use shared::facts::{Fact, Writer as WrittenBy, journal, transfer};
use shared::journal::{Actor, Command, Decided, Fault, Moment, Read, Refusal, Right};
use shared::ledger::{balance, issued, issuers, liability};
use shared::members;
use shared::settings;
use shared::store::clerk::{Work, group};
use shared::store::{Opening, Store, Writer};
use shared::views::{DocumentKind, Registry, Side, conflicts, generations};
use std::path::{Path, PathBuf};

pub const MEMBER: MemberId = MemberId([0xEE; 16]);

/// A member's value goes up, or down where negative.
#[derive(Clone, minicbor::Encode, minicbor::Decode)]
struct Counted(#[n(0)] BranchId, #[n(1)] i64);

impl Fact for Counted {
    const KIND: u16 = 900;
    const NAME: &'static str = "counted";
    const WRITER: WrittenBy = WrittenBy::Edge;
    fn postings(&self, here: StreamId) -> Vec<Posting> {
        transfer(Unit::Value(self.0), Holder::House(self.0, Purpose::Issued), Holder::Member(MEMBER), self.1, here).into()
    }
}

static REGISTRY: Registry = Registry {
    facts: &[
        fact_kind!(journal::Opened => []),
        fact_kind!(journal::Closed => []),
        fact_kind!(journal::Sealed => []),
        fact_kind!(journal::SetAside => []),
        fact_kind!(Moved => []),
        fact_kind!(Recalled => []),
        fact_kind!(IssuesHeld => [issued::fold_held]),
        fact_kind!(IssuesConfirmed => [issued::fold_confirmed]),
        fact_kind!(DebtWrittenOff => []),
        fact_kind!(Counted => []),
        fact_kind!(journal::Rebased => [generations::fold]),
        fact_kind!(journal::Conflicted => []),
        fact_kind!(journal::Erased => []),
        fact_kind!(MemberPinSet => [members::pin::fold]),
    ],
    documents: &[DocumentKind { kind: Kind::Member, project: members::member::project }],
    tables: &[
        &balance::BALANCE,
        &shared::ledger::person::PERSON,
        &issuers::ISSUER,
        &issued::ISSUED,
        &issued::ISSUE_STATE,
        &liability::LIABILITY_DAY,
        &conflicts::CONFLICT,
        &generations::GENERATION,
        &members::member::MEMBER,
        &members::member::MEMBER_CARD,
        &members::search::MEMBER_TOKEN,
        &members::pin::MEMBER_PIN,
        &members::visit::MEMBER_BRANCH,
        &settings::SETTING,
        &branches::BRANCH,
    ],
};

struct Count(BranchId, i64);

impl Command for Count {
    type State = ();
    const RIGHT: Option<Right> = None;
    fn content(&self) -> Vec<u8> {
        self.1.to_be_bytes().into()
    }
    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }
    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&Counted(self.0, self.1)))
    }
}

pub struct Replica {
    pub store: Store,
    pub keys: Keys,
    /// None: the hub.
    pub branch: Option<BranchId>,
    path: PathBuf,
}

impl Replica {
    fn open(path: PathBuf, secret: u8, branch: Option<BranchId>) -> Replica {
        let side = if branch.is_some() { Side::Edge } else { Side::Hub };
        let store = Store::open(Opening { path: path.clone(), registry: &REGISTRY, side, lineage: None }).expect("a store opens");
        Replica { store, keys: Keys::from_secret([secret; 32]), branch, path }
    }

    pub fn here(&self) -> StreamId {
        self.store.identity().expect("a stream is open").stream
    }

    /// One transaction of the clerk.
    pub fn run<T: Send + 'static>(&mut self, job: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault> + Send + 'static) -> T {
        let (tell, told) = std::sync::mpsc::channel();
        group(&mut self.store, vec![Work::new(job, move |done| tell.send(done).expect("the test listens"))]);
        told.recv().expect("answered").expect("no fault")
    }

    pub fn count(&mut self, command: u8, amount: i64) -> Result<(), Refusal> {
        let (here, branch) = (self.here(), self.branch.expect("an edge"));
        let moment = Moment { by: Actor::Person(StaffId([1; 16])), ..moment(CommandId([command; 16]), here, Some(branch)) };
        self.run(move |writer| writer.decide(&Count(BranchId([1; 16]), amount), &moment)).map(|_| ())
    }

    /// The member's value at this replica's own place.
    pub fn value(&self) -> i64 {
        self.value_at(self.here())
    }

    pub fn value_at(&self, place: StreamId) -> i64 {
        let held = balance::holdings(&self.store, Holder::Member(MEMBER), place).expect("read");
        held.iter().map(|(_, amount)| amount).sum()
    }

    /// Of all places; the whole truth at the hub.
    pub fn value_everywhere(&self) -> i64 {
        balance::everywhere(&self.store, Holder::Member(MEMBER)).expect("read").iter().map(|(_, _, amount)| amount).sum()
    }

    /// The database as it is now, to be put back later.
    pub fn image(&self) -> Vec<u8> {
        let copy = self.path.with_extension("image");
        let _ = std::fs::remove_file(&copy);
        let db = rusqlite::Connection::open(&self.path).expect("opens");
        db.execute("vacuum into ?1", [copy.to_str().expect("utf-8")]).expect("copied");
        std::fs::read(&copy).expect("read")
    }
}

impl Replica {
    /// A copy of the database as it is now, open, with nothing beside it.
    pub fn copy(&self) -> Store {
        let image = self.image();
        let path = self.path.with_extension("copy");
        std::fs::write(&path, image).expect("written");
        let side = if self.branch.is_some() { Side::Edge } else { Side::Hub };
        Store::open(Opening { path, registry: &REGISTRY, side, lineage: None }).expect("a copy opens")
    }

    /// The number that a question answers.
    pub fn number(&self, sql: &str) -> i64 {
        rusqlite::Connection::open(&self.path).expect("opens").query_row(sql, [], |row| row.get(0)).expect("answers")
    }

    /// The keys of all entries held.
    pub fn entries(&self) -> Vec<(StreamId, u64)> {
        let rows = self.store.rows("select stream, seq from entry order by stream, seq", &[]).expect("read");
        rows.iter().map(|row| (StreamId(row.raw(0)), row.int(1) as u64)).collect()
    }
}

pub fn moment(command: CommandId, here: StreamId, branch: Option<BranchId>) -> Moment {
    Moment {
        command,
        by: Actor::System,
        rights: vec![Right::Branches, Right::Exceptions],
        now_ms: 100_000_000,
        hub_ms: 0,
        branch,
        here,
        till: None,
        shift: None,
        day: 20261121,
        hour: 9,
        entropy: [5; 16],
    }
}

pub struct Chain {
    pub hub: Replica,
    pub edges: Vec<Replica>,
    folder: PathBuf,
    pub now_ms: i64,
    fresh: u8,
}

impl Chain {
    pub fn new(name: &str, branches: u8) -> Chain {
        let folder = std::env::temp_dir().join(format!("catena-exchange-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        let mut hub = Replica::open(folder.join("hub.db"), 200, None);
        let key = hub.keys.public();
        hub.run(move |writer| recovery::open_hub(writer, StreamId([200; 16]), &key, 1_000));
        let mut chain = Chain { hub, edges: Vec::new(), folder, now_ms: 1_000_000, fresh: 100 };
        (1..=branches).for_each(|n| chain.add(n));
        chain
    }

    pub fn add(&mut self, n: u8) {
        let branch = BranchId([n; 16]);
        let mut edge = Replica::open(self.folder.join(format!("edge{n}.db")), n, Some(branch));
        let key = edge.keys.public();
        let opened = journal::Opened { branch: Some(branch), device_key: key, predecessor: None, predecessor_seq: 0, epoch: 0 };
        edge.run(move |writer| writer.open_stream(StreamId([n + 50; 16]), &opened, 1_000));
        self.hub.run(move |writer| {
            let sql = "insert into device (device_key, branch, enrolled_ms, revoked) values (?1, ?2, 0, 0)";
            writer.execute(sql, &[key.into(), branch.into()])
        });
        self.edges.push(edge);
    }

    pub fn fresh(&mut self) -> [u8; 16] {
        self.fresh += 1;
        [self.fresh; 16]
    }

    pub fn request(&self, n: usize, wants: Wants) -> Request {
        let edge = &self.edges[n];
        let branch = edge.branch.expect("an edge");
        edge::request(&edge.store, &edge.keys, edge.here(), branch.bytes(), wants).expect("a request")
    }

    pub fn serve(&mut self, n: usize, request: Request) -> Response {
        let (device, branch) = (self.edges[n].keys.public(), self.edges[n].branch.expect("an edge"));
        let (now_ms, fresh, secret) = (self.now_ms, self.fresh(), 200);
        let keys = Keys::from_secret([secret; 32]);
        let hub = Hub { keys: &keys, answer: &|_, _| Ok(Vec::new()) };
        let asked = Asked { device, branch, request: request.into() };
        if let Some(response) = hub.give_at_once(&self.hub.store, &asked, now_ms).expect("read") {
            return response;
        }
        let (brought, stretches) = (asked.clone(), asked.stretches(self.hub.store.registry()));
        let taken = self.hub.run(move |writer| {
            let keys = Keys::from_secret([secret; 32]);
            Hub { keys: &keys, answer: &|_, _| Ok(Vec::new()) }.take(writer, &brought, stretches, now_ms, fresh)
        });
        hub.give(&self.hub.store, &asked, taken, now_ms).expect("read")
    }

    pub fn apply(&mut self, n: usize, response: Response) -> edge::Applied {
        let (hub, now_ms, fresh) = (self.hub.keys.public(), self.now_ms, self.fresh());
        let mut applied = edge::Applied::default();
        for step in edge::steps() {
            let response = response.clone();
            applied = self.edges[n].run(move |writer| edge::apply(writer, &response, *step, &hub, now_ms, fresh));
        }
        applied
    }

    /// Exchanges until there is nothing more, at most 20 times.
    pub fn exchange(&mut self, n: usize) {
        for _ in 0..20 {
            let request = self.request(n, Wants::default());
            let response = self.serve(n, request);
            let applied = self.apply(n, response);
            assert_eq!(applied.refused, None);
            if !applied.more {
                return;
            }
        }
        panic!("the exchange does not come to rest");
    }

    /// Everyone twice, so that what the hub moves on arrives.
    pub fn settle(&mut self) {
        (0..2).for_each(|_| (0..self.edges.len()).for_each(|n| self.exchange(n)));
    }

    pub fn ask(&mut self, n: usize, id: u8, amount: i64) {
        let ask = Ask { id: AskId([id; 16]), wanted: Wanted::Value(MEMBER, amount), until_ms: self.now_ms + 800 };
        let request = self.request(n, Wants { asks: vec![ask], ..Wants::default() });
        let response = self.serve(n, request);
        self.apply(n, response);
    }

    pub fn restore_hub(&mut self, image: &[u8]) {
        let path = self.folder.join(format!("hub-restored-{}.db", self.fresh));
        self.hub = Self::restored(&path, image, 200, None);
    }

    pub fn restore_edge(&mut self, n: usize, image: &[u8]) {
        let path = self.folder.join(format!("edge-restored-{}.db", self.fresh));
        self.fresh += 1;
        let branch = self.edges[n].branch;
        self.edges[n] = Self::restored(&path, image, n as u8 + 1, branch);
    }

    fn restored(path: &Path, image: &[u8], secret: u8, branch: Option<BranchId>) -> Replica {
        std::fs::write(path, image).expect("written");
        Replica::open(path.to_path_buf(), secret, branch)
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
