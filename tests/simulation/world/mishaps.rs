//! What goes wrong: power cuts in the middle of a transaction, killed processes, full and broken disks, older disks put back,
//! copied machines, clocks set wrong, bad weather on the line, hostile bytes.

use super::{HUB, MEMBERS, World, member, replica::Replica};
use crate::{
    disk::{Fault, Operation},
    network::{Node, Weather},
    shop::Rung,
};
use shared::{
    base::{CommandId, DocumentId},
    exchange::{generations, session::Input, sign::Keys, wire},
    facts::{Fact, sales::Sold},
};
use std::collections::BTreeSet;

/// Older states that a world keeps, and how often disks are put back in one run.
const IMAGES_MAX: usize = 6;
const RESTORES_MAX: u64 = 2;
/// Messages to a server after which a line is cut, at most: some commits.
const MESSAGES_MAX: u64 = 160;
const HOUR_MS: i64 = 3_600_000;

impl World {
    /// One thing goes wrong, or an older state is noted for later.
    pub fn mishap(&mut self) -> Result<(), String> {
        let node = self.chance.index(self.replicas.len());
        let may = self.plan.mishaps;
        match self.chance.below(100) {
            0..20 if may.crashes => self.cut_power_soon(node),
            20..30 if may.crashes => self.kill(node),
            30..42 if may.disks => self.spoil_disk(node),
            42..50 if may.clocks => self.set_clock(node),
            50..62 if may.hostile => self.send_garbage(),
            0..62 => {}
            62..65 if may.rebased => self.begin_anew()?,
            65..67 if may.upgraded => self.upgrade(node),
            67..69 if may.upgraded && !may.erased => self.upgrade(node),
            65..69 if may.erased => self.erase_member()?,
            62..70 => self.move_log(node),
            70..84 => self.note_image(node),
            84..94 => self.restore(node)?,
            94..97 if may.lost || may.revoked => self.end_install()?,
            _ => self.copy_edge(),
        }
        Ok(())
    }

    /// The weather on the line changes, or a way is cut or mended.
    pub fn weather(&mut self) {
        let node = 1 + self.chance.index(self.replicas.len() - 1);
        match self.chance.below(6) {
            _ if !self.plan.mishaps.network => {}
            0 => self.network.weather(Weather::FAIR),
            1 => self.network.weather(Weather::FOUL),
            2 => self.network.cut(node, HUB),
            3 => self.network.cut(HUB, node),
            _ => self.network.mend(),
        }
    }

    /// Machines that are off come on again, sooner or later.
    pub fn come_back(&mut self) {
        for node in 0..self.replicas.len() {
            if !self.replicas[node].runs() && self.chance.percent(35) {
                self.start(node);
            }
        }
    }

    pub(super) fn start(&mut self, node: Node) {
        let time = self.time;
        let before = self.replicas[node].stream();
        match self.replicas[node].start(time) {
            Ok(()) if node != HUB && before.is_none() => self.stir(node, Input::Stirred),
            Ok(()) => {}
            Err(fault) => self.tell(|| format!("{node} does not start: {fault}")),
        }
    }

    fn cut_power_soon(&mut self, node: Node) {
        let steps = self.chance.below(24);
        self.tell(|| format!("{node} loses power after {steps} disk steps"));
        let messages = self.messages(node);
        self.replicas[node].lose_power_after(steps, messages);
    }

    /// Messages after which a line is cut; nothing is drawn where there is none.
    fn messages(&mut self, node: Node) -> u64 {
        if self.replicas[node].server.is_some() { self.chance.below(MESSAGES_MAX) } else { 0 }
    }

    fn kill(&mut self, node: Node) {
        self.tell(|| format!("{node} is killed"));
        self.replicas[node].kill();
        self.went_down(node);
    }

    fn spoil_disk(&mut self, node: Node) {
        let disk = self.replicas[node].disk.clone();
        let messages = self.messages(node);
        if let Some(server) = &self.replicas[node].server {
            server.line.cut_after(messages, messages.is_multiple_of(2));
            return self.tell(|| format!("{node} loses its line to the server after {messages} messages"));
        }
        let after = self.chance.below(12);
        match self.chance.below(4) {
            0 => disk.limit(Some(disk.used() + self.chance.index(20_000))),
            1 => disk.fail(Fault { on: Operation::Sync, after, times: 1 + after % 3 }),
            2 => disk.fail(Fault { on: Operation::Write, after, times: 1 + after % 3 }),
            _ => disk.mend(),
        }
        self.tell(|| format!("{node} has a bad disk: {}", disk.ailing()));
    }

    fn set_clock(&mut self, node: Node) {
        let ms = match self.chance.below(5) {
            0 => self.chance.between(-HOUR_MS, HOUR_MS),
            1 => self.chance.between(-60_000, 60_000),
            2 => 400 * 24 * HOUR_MS,
            3 => -400 * 24 * HOUR_MS,
            _ => {
                let time = self.time;
                return self.replicas[node].clock.set_right(time);
            }
        };
        if node != HUB {
            self.tell(|| format!("{node} clock jumps by {ms} ms"));
            self.replicas[node].clock.jump(ms);
        }
    }

    /// A checkpoint, in the middle of which power may go.
    fn move_log(&mut self, node: Node) {
        let replica = &self.replicas[node];
        if let Some(store) = replica.store.as_ref().filter(|_| replica.server.is_none()) {
            // A checkpoint that fails loses nothing; what it leaves behind the next one moves.
            let _ = shared::store::Store::checkpoint(store.path());
        }
        if !self.replicas[node].disk.is_on() {
            self.book.counts.crashes += 1;
            self.went_down(node);
        }
    }

    /// To the hub or to an edge: noise, an old message again, one with a flipped bit or a torn end, one of a stranger.
    fn send_garbage(&mut self) {
        let to = self.chance.index(self.replicas.len());
        let from = 1 + self.chance.index(self.replicas.len() - 1);
        let mut bytes = self.heard.get(&from).cloned().unwrap_or_default();
        match self.chance.below(5) {
            0 => bytes = (0..self.chance.below(300)).map(|_| self.chance.draw() as u8).collect(),
            1 if !bytes.is_empty() => {
                let at = self.chance.index(bytes.len());
                bytes[at] ^= 1 << self.chance.below(8);
            }
            2 => bytes.truncate(self.chance.index(bytes.len() + 1)),
            3 => bytes = self.of_a_stranger(&bytes),
            _ => {}
        }
        self.book.counts.hostile += 1;
        self.network.send_raw(from, to, bytes, self.time.now_ms());
    }

    /// The same message signed by a key that nobody enrolled.
    fn of_a_stranger(&mut self, bytes: &[u8]) -> Vec<u8> {
        let hub = self.replicas[HUB].keys.public();
        let stranger = Keys::from_secret(self.chance.bytes());
        let read = wire::open(wire::REQUEST, bytes, &hub).and_then(|envelope| envelope.message::<wire::Request>());
        read.map(|request| wire::seal(wire::REQUEST, &request, self.time.now_ms(), &stranger, &hub)).unwrap_or_default()
    }

    fn note_image(&mut self, node: Node) {
        if self.replicas[node].runs() {
            if self.images.len() == IMAGES_MAX {
                self.images.remove(0);
            }
            match self.replicas[node].keep() {
                Ok(kept) => self.images.push((node, kept)),
                Err(fault) => self.tell(|| format!("{node} is not kept: {fault}")),
            }
            if !self.replicas[node].runs() {
                self.went_down(node);
                self.start(node);
            }
        }
    }

    /// An older disk is put back. What no other disk holds is lost, and the book forgets it.
    fn restore(&mut self, node: Node) -> Result<(), String> {
        let (allowed, times) = match node {
            HUB => (self.plan.mishaps.hub_restored, self.book.counts.hub_restores),
            _ => (self.plan.mishaps.edges_restored || self.plan.mishaps.replaced, self.book.counts.restores),
        };
        let found = self.images.iter().rposition(|(of, _)| *of == node);
        let Some(image) = found.filter(|_| allowed && times < RESTORES_MAX).map(|at| self.images.remove(at).1) else { return Ok(()) };
        self.all_on();
        let before = self.held_anywhere()?;
        // The hub's lineage file lies in no backup; of an edge a whole disk may be put back.
        let keeps_lineage = node == HUB || self.chance.percent(60) || !self.plan.mishaps.disks_restored;
        self.tell(|| format!("{node} is put back to an older disk, lineage {}", if keeps_lineage { "kept" } else { "too" }));
        self.replicas[node].put_back(&image, keeps_lineage).map_err(|fault| fault.to_string())?;
        if node != HUB && !self.plan.mishaps.edges_restored {
            self.replicas[node].machine = format!("spare {} for {node}", self.book.counts.restores);
        }
        self.went_down(node);
        self.checked.forget(node);
        self.all_on();
        let after = self.held_anywhere()?;
        for lost in before.difference(&after) {
            self.book.counts.lost += u64::from(self.book.due.remove(lost));
            self.unspent(*lost);
        }
        match node {
            HUB => self.book.counts.hub_restores += 1,
            _ => self.book.counts.restores += 1,
        }
        Ok(())
    }

    /// A sale that no disk holds any more has taken nothing: head office and a box that are put back together remember nothing of it, and what it took lies
    /// where it lay.
    fn unspent(&mut self, sale: CommandId) {
        let Some((member, rung)) = self.book.sales.get(&sale).and_then(|rung| Some((rung.member?, rung))) else { return };
        let value: i64 = rung.value.iter().map(|carried| carried.amount).sum();
        *self.book.value.entry(member).or_default() += value;
    }

    /// Head office begins what is known of a member anew.
    fn begin_anew(&mut self) -> Result<(), String> {
        let document = DocumentId(member(self.chance.below(u64::from(MEMBERS)) as u8).0);
        let now_ms = self.replicas[HUB].clock.shows(self.time);
        if !self.replicas[HUB].runs() {
            return Ok(());
        }
        self.tell(|| format!("HQ begins {document} anew"));
        self.book.counts.begun += 1;
        let begun = self.replicas[HUB].clerk(move |writer| generations::begin_anew(writer, document, now_ms));
        begun.or_else(|fault| self.fault(HUB, &fault))
    }

    /// Everything runs, on sound disks.
    pub(super) fn all_on(&mut self) {
        for node in 0..self.replicas.len() {
            self.replicas[node].mend();
            if !self.replicas[node].runs() {
                self.start(node);
            }
        }
    }

    /// The sales that any disk holds.
    pub(super) fn held_anywhere(&self) -> Result<BTreeSet<CommandId>, String> {
        let mut held = BTreeSet::new();
        for (node, replica) in self.replicas.iter().enumerate() {
            let db = replica.db().ok_or_else(|| format!("node {node} does not start on a sound disk"))?;
            let rows = db
                .rows("select command from entry where kind in (?1, ?2)", &[Rung::KIND.into(), Sold::KIND.into()])
                .map_err(|fault| fault.to_string())?;
            held.extend(rows.iter().map(|row| CommandId(row.raw(0))));
        }
        Ok(held)
    }

    /// An edge's disk is copied, and the copy goes on beside it: in another machine, or in one that says it is the same.
    fn copy_edge(&mut self) {
        if !self.plan.mishaps.cloned || self.book.counts.clones > 0 {
            return;
        }
        let node = 1 + self.chance.index(usize::from(self.plan.branches));
        let machine = if self.chance.percent(50) { self.replicas[node].machine.clone() } else { "copy".to_owned() };
        self.tell(|| format!("{node} is copied as {machine}"));
        let copy: Replica = self.replicas[node].copy(&machine, self.time);
        self.replicas.push(copy);
        self.links.push(Default::default());
        self.book.counts.clones += 1;
    }
}
