//! The interleavings that lose money elsewhere, each a fixed order of steps over two real edge stores and a hub store. Each is told
//! twice: as it is, and without the guard that holds it, in the product's own code; then the story must end badly.

mod machines;
mod points;
mod sides;
mod stories;

use shared::{
    base::{BranchId, CommandId, DocumentId, Holder, ProductNo, Unit},
    documents::{Kind, Scalar},
    exchange::{enrol, generations, session::Input, wire::Ask},
    facts::{Fact, ledger::Wanted},
    journal::Refusal,
    ledger::balance,
    store::documents::held,
    views::registry::decoded,
};
use simulation::{
    disk::{Image, lineage::LINEAGE},
    network::Node,
    shop::{Edit, Load, Rung, Sell, TakeBack},
    world::{
        Mishaps, Plan, World, member,
        replica::{Replica, Said},
        traffic::{HUB, Uplink},
    },
};

/// The member of every story.
const MEMBER: u8 = 0;
/// The two branches.
const A: Node = 1;
const B: Node = 2;

/// A chain in which everything happens when the story says so.
struct Told {
    world: World,
    next: u8,
}

impl Told {
    /// Enrolled, and never heard by head office.
    fn unheard() -> Result<Told, String> {
        let plan = Plan::of(Mishaps { desk: true, ..Mishaps::NONE }, 0);
        Ok(Told { world: World::new(1, &plan)?, next: 0 })
    }

    fn new() -> Result<Told, String> {
        let mut told = Told::unheard()?;
        told.talk(A)?;
        told.talk(B)?;
        Ok(told)
    }

    fn id(&mut self) -> CommandId {
        self.next += 1;
        CommandId([0x80 + self.next; 16])
    }

    /// A branch and the hub say all they have to say; the other branch is not heard meanwhile.
    fn talk(&mut self, node: Node) -> Result<(), String> {
        let nodes = 1..self.world.replicas.len();
        nodes.clone().filter(|other| *other != node).for_each(|other| self.world.network.cut(other, HUB));
        let asks = std::mem::take(&mut self.world.links[node].asks);
        self.world.links[node] = Uplink::with(asks);
        for _ in 0..6 {
            self.world.stir(node, Input::Stirred);
            self.world.time.pass(400);
            self.world.traffic()?;
        }
        self.world.network.mend();
        self.world.check()
    }

    fn load(&mut self, node: Node, principal: i64) -> Said {
        let (id, time) = (self.id(), self.world.time);
        self.world.replicas[node].decide(id, Load { member: member(MEMBER), principal, bonus: 0 }, time)
    }

    /// Buys for this much stored value; the same id again is the same purchase.
    fn spend(&mut self, node: Node, id: CommandId, value: i64) -> Said {
        let sell = Sell { product: ProductNo(1), quantity: 1_000, price: value, member: Some(member(MEMBER)), value };
        let time = self.world.time;
        let said = self.world.replicas[node].decide(id, sell, time);
        if done(&said) {
            self.world.book.due.insert(id);
        }
        said
    }

    fn take_back(&mut self, node: Node, sold: &Rung) -> Said {
        let (id, time) = (self.id(), self.world.time);
        self.world.replicas[node].decide(id, TakeBack { sold: sold.clone() }, time)
    }

    fn edit(&mut self, node: Node, field: &str, value: &str) -> Said {
        let (id, time, document) = (self.id(), self.world.time, DocumentId(member(MEMBER).0));
        let edit = Edit { kind: Kind::Member, document, field: field.into(), value: Scalar::Text(value.into()) };
        self.world.replicas[node].decide(id, edit, time)
    }

    /// Head office begins the member's document anew.
    fn begin_anew(&mut self) -> Result<(), String> {
        let (document, now_ms) = (DocumentId(member(MEMBER).0), self.world.time.now_ms());
        let begun = self.world.replicas[HUB].clerk(move |writer| generations::begin_anew(writer, document, now_ms));
        begun.map_err(|fault| fault.to_string())
    }

    /// What stands in the member's document there.
    fn says(&self, node: Node, field: &str) -> Option<String> {
        let document = held(self.world.replicas[node].db()?, DocumentId(member(MEMBER).0)).ok()??.document;
        document.fields().get(field).map(ToString::to_string)
    }

    /// An older disk is put back, with the lineage file that lies in no backup; whoever it belongs to starts from it.
    fn put_back(&mut self, node: Node, image: &Image) -> Result<(), String> {
        let time = self.world.time;
        self.world.replicas[node].disk.restore_some(image, |name| name != LINEAGE);
        self.world.replicas[node].store = None;
        self.world.forget_checks(node);
        self.world.replicas[node].start(time).map_err(|fault| fault.to_string())
    }

    fn ask(&mut self, node: Node, wanted: Wanted) {
        let (id, until_ms) = (self.id().into(), self.world.time.now_ms() + 800);
        self.world.links[node].asks.push(Ask { id, wanted, until_ms });
    }

    fn sold(&self, node: Node, id: CommandId) -> Option<Rung> {
        let db = self.world.replicas[node].db()?;
        let row = db.row("select body from entry where command = ?1 and kind = ?2", &[id.into(), Rung::KIND.into()]).ok()??;
        decoded(row.blob(0)).ok()
    }

    /// One more branch is opened and enrolled.
    fn open(&mut self) -> Result<Node, String> {
        let (node, time) = (self.world.replicas.len(), self.world.time);
        let branch = BranchId([node as u8; 16]);
        let mut edge = Replica::new(&format!("edge {node}"), Some(branch), time, &mut self.world.chance);
        edge.start(time).map_err(|fault| fault.to_string())?;
        let code = enrol::Code::new(self.world.chance.bytes(), &self.world.replicas[HUB].keys.public());
        let (apply, now_ms) = (enrol::Apply::new(&code, &edge.keys, self.world.chance.bytes()), time.now_ms());
        let redeemed = self.world.replicas[HUB].clerk(move |writer| {
            enrol::file(writer, &code, branch, now_ms)?;
            enrol::redeem(writer, &apply, now_ms)
        });
        must(redeemed == Ok(Ok(branch)), "the branch is not enrolled")?;
        self.world.replicas.push(edge);
        self.world.links.push(Uplink::default());
        self.talk(node)?;
        Ok(node)
    }

    /// The member's stored value at the place where this replica writes now.
    fn lies(&self, node: Node) -> i64 {
        let replica = &self.world.replicas[node];
        let (Some(db), Some(place)) = (replica.db(), replica.stream()) else { return 0 };
        let held = balance::holdings(db, Holder::Member(member(MEMBER)), place).unwrap_or_default();
        held.iter().filter(|(unit, _)| matches!(unit, Unit::Value(_))).map(|(_, amount)| amount).sum()
    }

    /// Everybody talks until nothing is left to say; then all invariants hold and all replicas agree.
    fn end(mut self) -> Result<(), String> {
        self.world.heal()
    }
}

fn must(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

fn done(said: &Said) -> bool {
    matches!(said, Said::Done(_))
}

fn lacking(said: &Said) -> bool {
    matches!(said, Said::Refused(Refusal::NotEnoughHere { .. }))
}
