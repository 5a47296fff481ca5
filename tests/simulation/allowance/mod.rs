//! A chain over months: members visit branches, links fail for minutes and for days, and head office moves value ahead of need (offline allowance).
//! Counted is how many of the payments succeed that somebody would allow who knew every entry. Facts, ledger, exchange and rule are the product's own;
//! a payment is one command here, without a till's bill around it. An exchange takes no time, and happens once an hour beside the asks.
mod deeds;
mod figures;
mod node;

use super::{chance::Chance, clock::World as Time};
use deeds::{Pay, TopUp};
use figures::Figures;
use node::Node;
use shared::{
    base::{AskId, BranchId, CommandId, Holder, MemberId, Unit},
    desk::{
        allowance::{HOUR_MS, concerned, steps, walk},
        registry::REGISTRY,
        write::setting::WriteSetting,
    },
    documents::settings::Group,
    exchange::{
        edge::{self, Wants},
        hub::{Asked, Hub},
        sign::Keys,
        wire::{Ask, Question},
    },
    facts::{
        Fact,
        ledger::{Moved, Wanted},
    },
    journal::{Fault, Head, Read, Refusal},
    ledger::{balance, moves},
    store::Store,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// How big it is.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub branches: u8,
    pub members: u16,
    pub operations: u32,
    pub days: u32,
    /// Head office moves ahead of need.
    pub ahead: bool,
}

/// What head office lets rest, of bills of 10 to 310: five usual ones at the branch visited most, two at others. What lies at a branch whose link is
/// down is out of reach for all others, so that more there is not better.
const POLICY: [(&str, &str); 2] = [("home_minor", "30000"), ("visited_minor", "12000")];

impl Plan {
    /// Home branch 80 %, two others 15 %, anywhere 5 %; outages of 5 minutes to 2 days, links up 95 % of the time.
    pub const WHOLE: Plan = Plan { branches: 20, members: 1_000, operations: 100_000, days: 120, ahead: true };
}

/// A member's branches, the home branch first.
#[derive(Clone, Copy)]
struct Habit {
    home: usize,
    others: [usize; 2],
}

struct Chain {
    plan: Plan,
    time: Time,
    chance: Chance,
    /// Head office first.
    nodes: Vec<Node>,
    /// Until when each link stays as it is, and whether it is up.
    links: Vec<(i64, bool)>,
    habits: Vec<Habit>,
    /// What each member has anywhere.
    has: Vec<i64>,
    /// What was committed at head office and the rule has not seen.
    heads: Vec<Head>,
    pending: BTreeSet<MemberId>,
    figures: Figures,
}

/// A folder in memory where the machine has one: what is tried is not the disk.
fn folder(seed: u64) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let within = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    within.join(format!("catena-allowance-{seed}-{}", std::process::id()))
}

const HUB: usize = 0;

fn member(number: usize) -> MemberId {
    let mut id = [0x11; 16];
    id[..8].copy_from_slice(&(number as u64).to_be_bytes());
    MemberId(id)
}

fn said(fault: impl std::fmt::Display) -> String {
    fault.to_string()
}

/// Runs it, and checks at the end of each day and at the end that no guarded balance is below zero, and at the end that nothing was lost.
///
/// # Errors
/// The promise that broke.
pub fn run(seed: u64, plan: Plan) -> Result<Figures, String> {
    let folder = folder(seed);
    std::fs::create_dir_all(&folder).map_err(said)?;
    let ran = Chain::open(&folder, seed, plan).map_err(said).and_then(Chain::run);
    std::fs::remove_dir_all(&folder).map_err(said)?;
    ran
}

impl Chain {
    fn open(folder: &Path, seed: u64, plan: Plan) -> Result<Chain, Fault> {
        let (mut chance, time) = (Chance::new(seed), Time::default());
        let node = |number: u8| Node::open(folder.join(format!("{number}.db")), number, time.now_ms());
        let mut nodes: Vec<Node> = (0..=plan.branches).map(node).collect::<Result<_, _>>()?;
        let devices: Vec<_> = nodes[1..].iter().map(|node| (node.keys.public(), node.branch)).collect();
        nodes[HUB].clerk(move |writer| {
            let sql = "insert into device (device_key, branch, enrolled_ms, revoked) values (?1, ?2, 0, 0)";
            devices.iter().try_for_each(|(device, branch)| {
                writer.execute(sql, &[(*device).into(), branch.map_or(Vec::new(), |id| id.0.to_vec()).into()]).map(|_| ())
            })
        })?;
        for (key, value) in POLICY {
            let id = CommandId(chance.bytes());
            let set = WriteSetting { group: Group::Allowance, key: key.into(), value: value.into() };
            nodes[HUB].decide(id, set, time.now_ms())?.map_err(|refusal| Fault::Damaged(refusal.to_string()))?;
        }
        let mut any = || 1 + chance.index(usize::from(plan.branches));
        let habits = (0..plan.members).map(|_| Habit { home: any(), others: [any(), any()] }).collect();
        let links = vec![(0, true); nodes.len()];
        let has = vec![0; usize::from(plan.members)];
        let (heads, pending, figures) = (Vec::new(), BTreeSet::new(), Figures::default());
        Ok(Chain { plan, time, chance, nodes, links, habits, has, heads, pending, figures })
    }

    fn run(mut self) -> Result<Figures, String> {
        let hours = self.plan.days * 24;
        for hour in 0..hours {
            let visits = |hour: u32| u64::from(self.plan.operations) * u64::from(hour) / u64::from(hours);
            let visits = visits(hour + 1) - visits(hour);
            self.weather();
            (0..visits).try_for_each(|_| self.visit())?;
            self.end_of_hour(hour % 24 == 23)?;
            self.time.pass(HOUR_MS);
        }
        self.end()
    }

    /// Links fail, for 5 minutes to 2 days, each length of a scale of powers as likely as the next; and come back. A mean outage is 7.5 hours long,
    /// and nineteen times as long is the time between.
    fn weather(&mut self) {
        const MEAN_MINUTES: i64 = 452;
        let now_ms = self.time.now_ms();
        for link in &mut self.links[1..] {
            while link.0 <= now_ms {
                let minutes = if link.1 {
                    // 5 · 576^x for x from 0 to 1.
                    let x = self.chance.between(0, 1_000) as f64 / 1_000.0;
                    (5.0 * 576_f64.powf(x)) as i64
                } else {
                    self.chance.between(0, 2 * 19 * MEAN_MINUTES)
                };
                // The first stretch is one with the link up.
                let begins = if link.0 == 0 { now_ms } else { link.0 };
                *link = if link.0 == 0 {
                    (begins + self.chance.between(0, 2 * 19 * MEAN_MINUTES) * 60_000, true)
                } else {
                    (begins + minutes * 60_000, !link.1)
                };
            }
        }
        self.figures.down_bp += self.links[1..].iter().filter(|link| !link.1).count() as u32;
    }

    fn visit(&mut self) -> Result<(), String> {
        let who = self.chance.index(self.habits.len());
        let habit = self.habits[who];
        let node = match self.chance.below(100) {
            0..80 => habit.home,
            80..95 => habit.others[self.chance.index(2)],
            _ => 1 + self.chance.index(usize::from(self.plan.branches)),
        };
        let more = if self.chance.percent(20) { self.chance.between(0, 240) } else { 0 };
        let amount = 100 * (10 + self.chance.between(0, 60) + more) + self.chance.between(0, 99);
        if self.has[who] < amount || (self.has[who] < 10_000 && self.chance.percent(70)) {
            return self.top_up(node, who);
        }
        let paid = self.pay(node, who, amount)?;
        let share = if self.links[node].1 { &mut self.figures.up } else { &mut self.figures.down };
        share.possible += 1;
        share.done += u32::from(paid);
        if paid {
            self.has[who] -= amount;
        }
        Ok(())
    }

    fn top_up(&mut self, node: usize, who: usize) -> Result<(), String> {
        let principal = [50_000, 100_000, 200_000][self.chance.index(3)];
        let id = CommandId(self.chance.bytes());
        let done = self.nodes[node].decide(id, TopUp { member: member(who), principal }, self.time.now_ms()).map_err(said)?;
        self.has[who] += principal + principal / 10;
        self.figures.top_ups += 1;
        done.map_err(said)
    }

    /// Pays; what is lacking is asked for where the link is up.
    fn pay(&mut self, node: usize, who: usize, amount: i64) -> Result<bool, String> {
        let id = CommandId(self.chance.bytes());
        let (pay, now_ms) = (|| Pay { member: member(who), amount }, self.time.now_ms());
        let short = match self.nodes[node].decide(id, pay(), now_ms).map_err(said)? {
            Ok(()) => return Ok(true),
            Err(Refusal::NotEnoughHere { wanted, here, .. }) => wanted - here,
            Err(other) => return Err(said(other)),
        };
        if !self.links[node].1 {
            return Ok(false);
        }
        self.figures.asks += 1;
        let ask = Ask { id: AskId(self.chance.bytes()), wanted: Wanted::Value(member(who), short), until_ms: self.time.now_ms() + 800 };
        self.exchange(node, Wants { asks: vec![ask], ..Wants::default() }).map_err(said)?;
        for giver in self.holders(who)?.into_iter().filter(|giver| *giver != node) {
            self.exchange(giver, Wants::default()).map_err(said)?;
        }
        self.exchange(node, Wants::default()).map_err(said)?;
        match self.nodes[node].decide(id, pay(), now_ms).map_err(said)? {
            Ok(()) => Ok(true),
            Err(Refusal::NotEnoughHere { .. }) => Ok(false),
            Err(other) => Err(said(other)),
        }
    }

    /// Nodes with a link at which something lies for a member, as head office knows it.
    fn holders(&self, who: usize) -> Result<Vec<usize>, String> {
        let places = moves::by_place(&self.nodes[HUB].store, &Wanted::Value(member(who), 0)).map_err(said)?;
        Ok(self.linked().filter(|node| places.contains_key(&self.nodes[*node].here)).collect())
    }

    fn linked(&self) -> impl Iterator<Item = usize> {
        (1..self.nodes.len()).filter(|node| self.links[*node].1)
    }

    /// Until both have what the other has for them.
    fn exchange(&mut self, node: usize, wants: Wants) -> Result<(), Fault> {
        let (mut wants, now_ms) = (Some(wants), self.time.now_ms());
        let answer = |_: &dyn Read, _: &Question| Ok(Vec::new());
        loop {
            let Node { store, keys, here, branch } = &self.nodes[node];
            let branch = branch.unwrap_or(BranchId([0; 16]));
            let request = edge::request(store, keys, *here, branch.bytes(), wants.take().unwrap_or_default())?;
            let asked = Asked { device: keys.public(), branch, request: request.into() };
            let keys = Keys::from_secret([HUB as u8 + 1; 32]);
            let hub = Hub { keys: &keys, answer: &answer };
            let response = match hub.give_at_once(&self.nodes[HUB].store, &asked, now_ms)? {
                Some(response) if response.pages.iter().all(|page| page.entries.is_empty()) => return Ok(()),
                Some(response) => response,
                None => {
                    let brought = asked.clone();
                    let (taken, heads) = self.nodes[HUB].clerk(move |writer| {
                        let (keys, answer) = (Keys::from_secret([HUB as u8 + 1; 32]), |_: &dyn Read, _: &Question| Ok(Vec::new()));
                        let stretches = brought.stretches(writer.registry());
                        Hub { keys: &keys, answer: &answer }.take(writer, &brought, stretches, now_ms, [0; 16])
                    })?;
                    self.heads.extend(heads);
                    hub.give(&self.nodes[HUB].store, &asked, taken, now_ms)?
                }
            };
            let key = keys.public();
            self.nodes[node].clerk(move |writer| edge::apply(writer, &response, edge::Step::All, &key, now_ms, [0; 16]))?;
        }
    }

    fn end_of_hour(&mut self, day: bool) -> Result<(), String> {
        for node in self.linked().collect::<Vec<_>>() {
            self.exchange(node, Wants::default()).map_err(said)?;
        }
        if self.plan.ahead {
            self.move_ahead(day).map_err(said)?;
        }
        if day {
            self.nodes.iter().try_for_each(|node| Store::checkpoint(node.store.path()).map(|_| ())).map_err(said)?;
            self.none_below_zero()?;
        }
        Ok(())
    }

    /// As head office does it once an hour.
    fn move_ahead(&mut self, day: bool) -> Result<(), Fault> {
        let (heads, now_ms) = (std::mem::take(&mut self.heads), self.time.now_ms());
        let up = self.linked().filter_map(|node| self.nodes[node].branch).collect();
        let hub = &mut self.nodes[HUB];
        self.pending.extend(concerned(&hub.store, &REGISTRY, &heads)?);
        if day {
            self.pending.extend((0..self.habits.len()).map(member));
        }
        let found = steps(&hub.store, &std::mem::take(&mut self.pending), &up, now_ms)?;
        hub.clerk(move |writer| walk(writer, found, now_ms)).map(|_| ())
    }

    fn none_below_zero(&self) -> Result<(), String> {
        for node in &self.nodes {
            let below = node.store.rows("select holder, unit, amount from balance where amount < 0", &[]).map_err(said)?;
            for row in below {
                if let (Some(Holder::Member(member)), Some(unit)) = (Holder::from_key(row.blob(0)), Unit::from_key(row.blob(1))) {
                    return Err(format!("{member} has {} of {unit:?}", row.int(2)));
                }
            }
        }
        Ok(())
    }

    /// All links come back; then what each member has is what was paid in less what was spent, and each place knows what lies there.
    fn end(mut self) -> Result<Figures, String> {
        for _ in 0..3 {
            (1..self.nodes.len()).try_for_each(|node| self.exchange(node, Wants::default())).map_err(said)?;
        }
        self.none_below_zero()?;
        let hub = &self.nodes[HUB].store;
        for (who, has) in self.has.iter().enumerate() {
            let lies: BTreeMap<_, _> = moves::by_place(hub, &Wanted::Value(member(who), 0)).map_err(said)?;
            if lies.values().sum::<i64>() != *has {
                return Err(format!("{} has {lies:?}, and should have {has}", member(who)));
            }
            for node in &self.nodes[1..] {
                let held = balance::holdings(&node.store, Holder::Member(member(who)), node.here).map_err(said)?;
                let held: i64 = held.iter().map(|(_, amount)| amount).sum();
                if held != lies.get(&node.here).copied().unwrap_or(0) {
                    return Err(format!("{:?} holds {held} of {}, head office says {lies:?}", node.branch, member(who)));
                }
            }
        }
        let sql = "select count(*) from entry where kind = ?1";
        self.figures.moved = hub.number(sql, &[Moved::KIND.into()]).map_err(said)? as u32;
        self.figures.down_bp = self.figures.down_bp * 1_000 / (self.plan.days * 24 * u32::from(self.plan.branches) / 10).max(1);
        Ok(self.figures)
    }
}

#[cfg(test)]
mod tests {
    use super::{Plan, run};

    /// A fifth of the whole, which `cargo simulate --allowance` runs.
    #[test]
    fn a_chain_with_failing_links_pays_what_its_members_have() {
        let figures = run(1, Plan { operations: 20_000, days: 24, ..Plan::WHOLE }).expect("no promise breaks");
        println!("{figures}");
        // In so few days not every branch that a member visits is known yet.
        assert!(figures.all().basis_points() >= 9_850 && figures.moved <= 3 * figures.all().done, "{figures}");
        let without = run(1, Plan { operations: 5_000, days: 6, ahead: false, ..Plan::WHOLE }).expect("no promise breaks");
        assert!(without.down.basis_points() < figures.down.basis_points(), "moving ahead helps nobody who is cut off: {without}");
    }
}
