//! A hub and its edges, driven step by step from one seed: what people do, what the network does, what goes wrong. After each
//! step the invariants are checked; at the end everything is healed, and then all replicas must agree.

pub mod book;
pub mod counter;
mod deeds;
mod ended;
mod erased;
mod healing;
pub mod invariants;
mod mishaps;
mod office;
mod plain;
pub mod plan;
mod questions;
pub mod replica;
#[cfg(test)]
mod tests;
mod told;
pub mod traffic;
mod upgraded;

use super::{
    chance::Chance,
    clock::World as Time,
    network::{Message, Network, Node},
    server::Database,
};
use book::Book;
pub use book::Counts;
pub use office::{PRINT, RECEIPTS};
pub use plan::{Mishaps, Plan};
use replica::Replica;
use shared::{
    base::{BranchId, DocumentId, MemberId, StreamId},
    exchange::{enrol, session::Input},
    journal::Fault,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use traffic::{HUB, Heard, Uplink};

/// Steps that a failure tells of.
const TOLD_MAX: usize = 400;
/// Members and goods of the small shop.
const MEMBERS: u8 = 4;
const PRODUCTS: u8 = 3;

/// The whole chain.
pub struct World {
    pub seed: u64,
    pub time: Time,
    pub chance: Chance,
    pub network: Network,
    /// The hub first, then the edges, then a copy of one, if there is one.
    pub replicas: Vec<Replica>,
    /// By node; that of the hub is not used.
    pub links: Vec<Uplink>,
    pub book: Book,
    pub plan: Plan,
    /// Older states of disks, by node.
    images: Vec<(Node, replica::Kept)>,
    /// How far each replica's streams were checked.
    checked: invariants::Checked,
    /// The last question of each edge as it was sent, for those who replay and spoil it.
    heard: BTreeMap<Node, Vec<u8>>,
    /// A guarded account that was found below zero.
    overdrawn: Option<shared::base::Account>,
    /// A sale that was found booked twice.
    doubled: Option<shared::base::CommandId>,
    /// When head office's rules looked last, true time.
    looked_ms: i64,
    /// The box that head office ended for good.
    ended: Option<ended::Ended>,
    /// The member whose data head office erased.
    erased: Option<MemberId>,
    /// Value and bonus that ever lay at a place for a member, as head office had it.
    lay: BTreeMap<(MemberId, StreamId), BTreeSet<(i64, i64)>>,
    /// A promise broken in the middle of a step.
    broken: Option<String>,
    told: VecDeque<String>,
}

impl World {
    /// A hub and its enrolled edges with goods and members.
    ///
    /// # Errors
    /// What went wrong although nothing was made to.
    pub fn new(seed: u64, plan: &Plan) -> Result<Self, String> {
        let mut chance = Chance::new(seed);
        let time = Time::default();
        let network = Network::new(chance.branch());
        let mut replicas = vec![Replica::new("hub", None, time, &mut chance)];
        for number in 1..=plan.branches {
            replicas.push(Replica::new(&format!("edge {number}"), Some(BranchId([number; 16])), time, &mut chance));
        }
        if let Some(server) = &plan.server {
            replicas[HUB].server = Some(Database::new(server, &mut chance).map_err(|fault| fault.to_string())?);
        }
        replicas.iter_mut().for_each(|replica| replica.desk = plan.mishaps.desk);
        let links = vec![Uplink::default(); replicas.len()];
        let (book, told) = (Book::default(), VecDeque::new());
        let mut world = World {
            seed,
            time,
            chance,
            network,
            replicas,
            links,
            book,
            plan: plan.clone(),
            images: Vec::new(),
            checked: invariants::Checked::default(),
            heard: BTreeMap::new(),
            overdrawn: None,
            doubled: None,
            looked_ms: 0,
            ended: None,
            erased: None,
            lay: BTreeMap::new(),
            broken: None,
            told,
        };
        world.open().map_err(|fault| fault.to_string())?;
        Ok(world)
    }

    /// One whole run.
    ///
    /// # Errors
    /// The broken invariant with the last steps.
    pub fn run(seed: u64, plan: &Plan) -> Result<Counts, String> {
        let mut world = World::new(seed, plan)?;
        let done = (0..plan.steps)
            .filter(|number| !plan.dropped.contains(number))
            .try_for_each(|number| world.step(number))
            .and_then(|()| world.heal());
        done.map_err(|broken| world.story(&broken))?;
        Ok(world.book.counts)
    }

    fn open(&mut self) -> Result<(), Fault> {
        let time = self.time;
        self.replicas.iter().for_each(Replica::unpack);
        self.replicas.iter_mut().try_for_each(|replica| replica.start(time))?;
        let hub = self.replicas[HUB].keys.public();
        for node in 1..self.replicas.len() {
            let code = enrol::Code::new(self.chance.bytes(), &hub);
            let apply = enrol::Apply::new(&code, &self.replicas[node].keys, self.chance.bytes());
            let (branch, now_ms) = (BranchId([node as u8; 16]), time.now_ms());
            let redeemed = self.replicas[HUB].clerk(move |writer| {
                enrol::file(writer, &code, branch, now_ms)?;
                enrol::redeem(writer, &apply, now_ms)
            })?;
            assert_eq!(redeemed, Ok(branch), "enrolment was refused");
        }
        (0..PRODUCTS).for_each(|number| self.describe_product(number));
        (0..MEMBERS).for_each(|number| self.describe_member(HUB, number));
        Ok(())
    }

    fn step(&mut self, number: u64) -> Result<(), String> {
        self.book.counts.steps += 1;
        // Each step draws from a chance of its own: without one of them the others stay what they are.
        self.chance = Chance::new(Chance::new(self.seed ^ number << 32).draw());
        self.time.pass(self.chance.between(0, 1_500));
        match self.chance.below(100) {
            0..55 => self.deed(),
            55..78 => self.traffic()?,
            78..82 => self.weather(),
            _ => self.mishap()?,
        }
        self.traffic()?;
        self.notice();
        self.end_again()?;
        self.come_back();
        self.check()?;
        self.question()?;
        if number % 50 == 49 {
            self.check_rebuild()?;
        }
        Ok(())
    }

    /// What is due happens: sessions wake, questions reach the hub, answers reach edges.
    pub fn traffic(&mut self) -> Result<(), String> {
        for node in 1..self.replicas.len() {
            let link = &mut self.links[node];
            if link.overdue(self.time.now_ms()) {
                link.give_up(self.replicas[node].clock.shows(self.time));
                let jitter = self.chance.draw();
                self.stir(node, Input::Failed { jitter });
            } else if link.wake_ms.is_some_and(|ms| ms <= self.time.now_ms()) {
                link.wake_ms = None;
                self.stir(node, Input::Woke);
            }
        }
        for message in self.network.arrived(self.time.now_ms()) {
            self.deliver(&message)?;
        }
        Ok(())
    }

    fn deliver(&mut self, message: &Message) -> Result<(), String> {
        if !self.replicas[message.to].runs() {
            return Ok(());
        }
        if message.to == HUB {
            let answered = traffic::serve(&mut self.replicas[HUB], &message.bytes, self.time);
            self.note_lay();
            match answered {
                Ok(Some(bytes)) => self.network.answer(message, bytes, self.time.now_ms()),
                Ok(None) => {}
                Err(fault) => self.fault(HUB, &fault)?,
            }
            return Ok(());
        }
        let (node, hub) = (message.to, self.replicas[HUB].keys.public());
        let stream = self.replicas[node].stream();
        let heard = self.links[node].heard(message.number, &message.bytes, &mut self.replicas[node], hub, self.time);
        match heard {
            Heard::Ignored => {}
            Heard::Applied(applied) => {
                self.book.counts.exchanges += 1;
                self.tell(|| format!("{node} exchanged, more: {}, refused: {:?}", applied.more, applied.refused));
                let more = applied.more;
                if self.replicas[node].stream() != stream {
                    self.tell(|| format!("{node} left {stream:?} for a new stream"));
                }
                self.stir(node, Input::Answered { more, next_ms: if applied.revoked { 60_000 } else { 15_000 } });
                self.try_again(node);
            }
            Heard::Failed(fault) => {
                let jitter = self.chance.draw();
                self.stir(node, Input::Failed { jitter });
                if let Some(fault) = fault {
                    self.fault(node, &fault)?;
                }
            }
        }
        Ok(())
    }

    /// Tells an edge's session something, and sends what it wants to send.
    pub fn stir(&mut self, node: Node, input: Input) {
        if !self.replicas[node].runs() {
            return;
        }
        let hub = self.replicas[HUB].keys.public();
        if let Some(bytes) = self.links[node].stir(input, &self.replicas[node], &hub, self.time) {
            self.heard.insert(node, bytes.clone());
            let number = self.network.ask(node, HUB, bytes, self.time.now_ms());
            self.links[node].sent(number);
        }
    }

    /// A fault is no wonder on a machine that was made to fail; on a sound one it breaks a promise.
    fn fault(&mut self, node: Node, fault: &Fault) -> Result<(), String> {
        self.book.counts.faults += 1;
        self.tell(|| format!("{node} fault {fault}"));
        let replica = &mut self.replicas[node];
        if !replica.disk.is_on() {
            self.book.counts.crashes += 1;
            self.went_down(node);
            return Ok(());
        }
        if replica.has_failed() || replica.disk.ailing() {
            Ok(())
        } else {
            Err(format!("node {node} is sound and answers a fault: {fault}"))
        }
    }

    fn went_down(&mut self, node: Node) {
        self.replicas[node].store = None;
        self.network.forget(node);
        if node != HUB {
            self.links[node] = Uplink::default();
        }
    }

    /// A disk was put back: what was checked there says nothing any more.
    pub fn forget_checks(&mut self, node: Node) {
        self.checked.forget(node);
    }

    /// Notes a step for the story of a failure.
    pub fn tell(&mut self, what: impl FnOnce() -> String) {
        if self.told.len() == TOLD_MAX {
            self.told.pop_front();
        }
        let told = format!("{:4} {}", self.book.counts.steps, what());
        if self.told.back() != Some(&told) {
            self.told.push_back(told);
        }
    }

    fn story(&self, broken: &str) -> String {
        let told: Vec<&str> = self.told.iter().map(String::as_str).collect();
        format!("seed {} {}\n{}\nseed {} broken: {broken}", self.seed, self.plan, told.join("\n"), self.seed)
    }
}

/// The n-th member.
pub fn member(number: u8) -> MemberId {
    MemberId([0x40 + number; 16])
}

/// The document of the n-th product.
pub fn product(number: u8) -> DocumentId {
    DocumentId([0x60 + number; 16])
}
