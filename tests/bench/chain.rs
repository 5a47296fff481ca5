//! A hub and a branch with goods and members, over real files; moved by the functions that the binaries call.
use crate::figures::Figures;
use shared::base::{BranchId, CommandId, MemberId, Money, ProductNo, Rate, ShiftId, StaffId, StreamId};
use shared::desk::registry::REGISTRY;
use shared::desk::till::{Who, till_id};
use shared::desk::write::Write;
use shared::desk::write::member::WriteMember;
use shared::documents::{Fields, Scalar};
use shared::exchange::edge::{self, Wants};
use shared::exchange::hub::{Asked, Hub};
use shared::exchange::intake::{Refused, Stretch};
use shared::exchange::recovery::open_hub;
use shared::exchange::sign::{Keys, PublicKey};
use shared::exchange::wire::{Request, Response};
use shared::facts::journal::Opened;
use shared::journal::{Actor, Command, Fault, Moment, Right};
use shared::sales::receipt::words::Language;
use shared::staff::Limits;
use shared::store::clerk::{Work, group};
use shared::store::{Opening, Outcome, Store, Writer};
use shared::views::Side;
use std::path::Path;
use std::time::Instant;

pub const BRANCH: BranchId = BranchId([0xB1; 16]);
const STAFF: StaffId = StaffId([0x51; 16]);
/// 2026-11-21 14:00 in China.
pub const NOW_MS: i64 = 1_795_240_800_000;

pub struct Chain {
    pub hub: Store,
    pub edge: Store,
    pub members: Vec<MemberId>,
    pub products: u32,
    hub_keys: Keys,
    edge_keys: Keys,
    commands: u64,
}

pub fn run<T: Send + 'static>(store: &mut Store, job: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault> + Send + 'static) -> T {
    let (tell, told) = std::sync::mpsc::channel();
    group(store, vec![Work::new(job, move |done| tell.send(done).expect("awaited"))]);
    told.recv().expect("answered").expect("no fault")
}

fn fields(entries: &[(&str, Scalar)]) -> Fields {
    entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

fn text(text: impl Into<String>) -> Scalar {
    Scalar::Text(text.into())
}

impl Chain {
    pub fn new(folder: &Path, members: u32, products: u32) -> Chain {
        Chain::at(folder, &folder.join("hub.db"), members, products)
    }

    /// The same with head office's store elsewhere, say at a server.
    pub fn at(folder: &Path, hub: &Path, members: u32, products: u32) -> Chain {
        let (hub_keys, edge_keys) = (Keys::from_secret([1; 32]), Keys::from_secret([2; 32]));
        let open = |path: &Path, side| Store::open(Opening { path: path.to_path_buf(), registry: &REGISTRY, side, lineage: None });
        let mut hub = open(hub, Side::Hub).expect("a hub's store");
        let mut edge = open(&folder.join("edge.db"), Side::Edge).expect("an edge's store");
        let key = hub_keys.public();
        run(&mut hub, move |writer| open_hub(writer, StreamId([0xA0; 16]), &key, NOW_MS));
        let device = edge_keys.public();
        let opened = Chain::opened(BRANCH, device);
        run(&mut edge, move |writer| writer.open_stream(StreamId([0xE0; 16]), &opened, NOW_MS));
        let mut chain = Chain { hub, edge, members: Vec::new(), products, hub_keys, edge_keys, commands: 0 };
        chain.enrol(&device, BRANCH);
        chain.fill(members);
        chain
    }

    pub fn opened(branch: BranchId, device_key: PublicKey) -> Opened {
        Opened { branch: Some(branch), device_key, predecessor: None, predecessor_seq: 0, epoch: 0 }
    }

    /// The hub knows a device of a branch.
    pub fn enrol(&mut self, device: &PublicKey, branch: BranchId) {
        let (sql, device) = ("insert into device (device_key, branch, enrolled_ms, revoked) values (?1, ?2, 0, 0)", *device);
        run(&mut self.hub, move |writer| writer.execute(sql, &[device.into(), branch.into()]));
    }

    fn fill(&mut self, members: u32) {
        let branch = [("code", text("001")), ("name", text("人民路店")), ("zone_minutes", Scalar::Int(480)), ("price_list", text("main"))];
        self.write_all(vec![Write::<shared::desk::write::branch::Branch>::new(Some(BRANCH.into()), fields(&branch), Vec::new())]);
        let category = [("code", text("01")), ("name", text("食品"))];
        self.write_all(vec![Write::<shared::desk::write::category::Category>::new(None, fields(&category), Vec::new())]);
        let product = |n: u32| {
            let entries = [
                ("number", Scalar::Int(i64::from(n))),
                ("name", text(format!("商品{n}"))),
                ("category", text("01")),
                ("unit", text("件")),
                ("discountable", Scalar::Bool(true)),
                ("earns_points", Scalar::Bool(true)),
                ("price:main:20260101", Scalar::Int(100 + i64::from(n) % 5_000)),
            ];
            Write::<shared::desk::write::product::Product>::new(None, fields(&entries), Vec::new())
        };
        self.write_all((1..=self.products).map(product).collect());
        let member = |n: u32| {
            let card = format!("card:{}", 600_000 + n);
            let entries = [
                ("name", text(format!("会员{n}"))),
                ("phone", text(format!("138{n:08}"))),
                ("birthday", Scalar::Int(19_900_521)),
                (card.as_str(), Scalar::Bool(true)),
            ];
            WriteMember { member: None, set: fields(&entries), removed: Vec::new(), although_taken: false }
        };
        let before = self.commands;
        self.write_all((1..=members).map(member).collect());
        self.members = (before + 1..=self.commands).map(|n| MemberId(command(n).0)).collect();
    }

    fn write_all<C: Command + Send + 'static>(&mut self, commands: Vec<C>) {
        let mut commands = commands.into_iter().peekable();
        while commands.peek().is_some() {
            let some: Vec<(C, Moment)> = commands.by_ref().take(200).map(|command| (command, self.moment(false))).collect();
            run(&mut self.hub, move |writer| {
                for (command, moment) in &some {
                    writer.decide(command, moment)?.map_err(|refusal| Fault::Damaged(refusal.to_string()))?;
                }
                Ok(())
            });
        }
    }

    pub fn moment(&mut self, at_branch: bool) -> Moment {
        self.commands += 1;
        Moment {
            command: command(self.commands),
            by: Actor::Person(STAFF),
            rights: Right::ALL.to_vec(),
            now_ms: NOW_MS + self.commands as i64,
            hub_ms: 0,
            branch: at_branch.then_some(BRANCH),
            here: if at_branch { StreamId([0xE0; 16]) } else { StreamId([0xA0; 16]) },
            till: at_branch.then(|| till_id(BRANCH, 1)),
            shift: at_branch.then_some(ShiftId([0x5F; 16])),
            day: 20_261_121,
            hour: 14,
            entropy: [7; 16],
        }
    }

    pub fn who(&self) -> Who {
        let limits = Limits { line_discount: Rate::WHOLE, bill_discount: Rate::WHOLE, refund: Some(Money::ZERO) };
        Who {
            till: 1,
            staff: STAFF,
            allowed_by: None,
            own: limits,
            limits,
            own_rights: Right::ALL.to_vec(),
            clock_by_hand: false,
            cut_off_since_ms: 0,
            language: Language::Chinese,
        }
    }

    /// Decides at the branch; true if entries were appended.
    pub fn decide<C: Command>(&mut self, command: &C, moment: &Moment) -> bool {
        let done = self.edge.transaction(|writer| writer.decide(command, moment)).expect("no fault").expect("not refused");
        matches!(done, Outcome::Done(heads) if !heads.is_empty())
    }

    /// The same by a name that a profiler finds.
    #[inline(never)]
    pub fn tender(&mut self, tender: &shared::desk::check_out::Tender, moment: &Moment) -> bool {
        self.decide(tender, moment)
    }

    pub fn product(&self, n: u64) -> ProductNo {
        ProductNo((n.wrapping_mul(2_654_435_761) % u64::from(self.products)) as u32 + 1)
    }

    pub fn request(&self) -> Request {
        let here = self.edge.identity().expect("open").stream;
        edge::request(&self.edge, &self.edge_keys, here, BRANCH.bytes(), Wants::default()).expect("a request")
    }

    pub fn serve(&mut self, request: Request) -> Response {
        let hub = Hub { keys: &Keys::from_secret([1; 32]), answer: &|_, _| Ok(Vec::new()) };
        let asked = Asked { device: self.edge_keys.public(), branch: BRANCH, request: request.into() };
        if let Some(response) = hub.give_at_once(&self.hub, &asked, NOW_MS).expect("read") {
            return response;
        }
        let stretches = asked.stretches(&REGISTRY);
        self.take(&asked, stretches)
    }

    /// The writer's turn with what was read before it, and the answer behind it; by a name that a profiler finds.
    #[inline(never)]
    pub fn take(&mut self, asked: &Asked, stretches: Stretches) -> Response {
        take(&mut self.hub, asked, stretches)
    }

    pub fn apply(&mut self, response: Response) -> bool {
        let hub = self.hub_keys.public();
        run(&mut self.edge, move |writer| edge::apply(writer, &response, edge::Step::All, &hub, NOW_MS, [8; 16])).more
    }

    /// A new branch reads everything.
    pub fn pull(&mut self, figures: &mut Figures) {
        let start = Instant::now();
        loop {
            let request = self.request();
            let response = self.serve(request);
            if !self.apply(response) {
                break;
            }
        }
        let what = format!("new branch reads {} members and {} products", self.members.len(), self.products);
        figures.add(what, format!("{:.1} s", start.elapsed().as_secs_f64()), "≤ 10 s for 50 000 and 20 000");
    }
}

/// What this chain's head office takes in and answers, whichever process it is.
pub fn take(store: &mut Store, asked: &Asked, stretches: Stretches) -> Response {
    let brought = asked.clone();
    let taken = run(store, move |writer| {
        let keys = Keys::from_secret([1; 32]);
        Hub { keys: &keys, answer: &|_, _| Ok(Vec::new()) }.take(writer, &brought, stretches, NOW_MS, [9; 16])
    });
    let hub = Hub { keys: &Keys::from_secret([1; 32]), answer: &|_, _| Ok(Vec::new()) };
    hub.give(store, asked, taken, NOW_MS).expect("read")
}

/// Pushes as they were read before the writer's turn.
pub type Stretches = Vec<Result<Stretch, Refused>>;

/// The n-th id of a command.
pub fn command(n: u64) -> CommandId {
    // As time-ordered as real ids, and as random behind.
    let random = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
    let mut tail = [0; 10];
    tail[..8].copy_from_slice(&random);
    CommandId(shared::base::ids::time_ordered(NOW_MS + n as i64, tail))
}
