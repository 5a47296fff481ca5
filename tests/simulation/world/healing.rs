//! The end of a run: everything that was spoilt is put right, head office seals what a new install took over, everybody
//! exchanges until nothing is left to say, and then all replicas must hold the same.

use super::{HUB, World};
use crate::{
    clock::Clock,
    network::{Node, Weather},
    shop,
};
use shared::{
    base::{Account, BranchId, CommandId, Holder, StreamId, Unit},
    exchange::{CHAIN, pages, recovery, session::Input},
    facts::{Fact, sales::Sold},
    journal::{Fault, Read, Row, Value},
    reports::installs,
};
use std::collections::BTreeSet;

/// Rounds of exchanges until all must be quiet.
const ROUNDS_MAX: u32 = 400;
/// Rounds without any change that count as quiet.
const QUIET: u32 = 3;

impl World {
    /// Heals, waits for quiet and compares.
    ///
    /// # Errors
    /// What is not as it should be.
    pub fn heal(&mut self) -> Result<(), String> {
        self.network.mend();
        self.network.weather(Weather::FAIR);
        self.all_on();
        for replica in &mut self.replicas {
            replica.clock = Clock::off(self.time, 0, 0);
        }
        self.settle()?;
        let before = self.standing()?;
        self.end_replaced()?;
        self.upgrade_all()?;
        if self.plan.mishaps.upgraded || self.standing()? != before {
            self.settle()?;
        }
        self.check()?;
        self.check_rebuild()?;
        self.compare()
    }

    /// Exchanges until nothing changes any more.
    fn settle(&mut self) -> Result<(), String> {
        let (mut quiet, mut last) = (0, self.standing()?);
        for _ in 0..ROUNDS_MAX {
            for node in 1..self.replicas.len() {
                self.stir(node, Input::Stirred);
            }
            for _ in 0..4 {
                self.time.pass(300);
                self.traffic()?;
            }
            self.notice();
            self.check()?;
            let now = self.standing()?;
            quiet = if now == last { quiet + 1 } else { 0 };
            last = now;
            if quiet >= QUIET && self.nothing_left()? {
                return Ok(());
            }
            self.time.pass(5_000);
        }
        Err(format!("no quiet after {ROUNDS_MAX} rounds: {}", self.unrest()?))
    }

    /// How many entries every replica holds of every stream.
    fn standing(&self) -> Result<Vec<(Node, StreamId, i64)>, String> {
        let mut standing = Vec::new();
        for node in 0..self.replicas.len() {
            let rows = self.db(node)?.rows("select stream, count(*) from entry group by stream order by stream", &[]).map_err(text)?;
            standing.extend(rows.iter().map(|row| (node, StreamId(row.raw(0)), row.int(1))));
        }
        Ok(standing)
    }

    /// Everything is pushed and acknowledged, everything is pulled, no recovery is under way.
    fn nothing_left(&self) -> Result<bool, String> {
        Ok(self.unrest()?.is_empty())
    }

    fn unrest(&self) -> Result<String, String> {
        let mut unrest = Vec::new();
        let hub = self.db(HUB)?;
        let outstanding = recovery::outstanding(hub).map_err(text)?;
        if !outstanding.is_empty() {
            unrest.push(format!("recovery waits for {outstanding:?}"));
        }
        for node in 1..self.replicas.len() {
            let db = self.db(node)?;
            let key = self.replicas[node].keys.public();
            let unsent =
                db.number("select coalesce(sum(seq - acked), 0) from stream where device_key = ?1", &[key.into()]).map_err(text)?;
            if unsent > 0 && !self.revoked(node) {
                let own = "select stream, seq, acked, sealed, fork_seq from stream where device_key = ?1";
                let rows = |db: &dyn Read| db.rows(own, &[key.into()]).map_err(text);
                unrest.push(format!("{node} has {unsent} entries unsent: {:?}, at the hub {:?}", rows(db)?, rows(hub)?));
            }
            let Some(branch) = self.replicas[node].branch.filter(|_| !self.ended(node)) else { continue };
            for scope in [CHAIN, branch.bytes()] {
                let at = pages::position(db, scope).map_err(text)?;
                let head = (recovery::epoch(hub).map_err(text)?, pages::head(hub, scope).map_err(text)?);
                // A scope in which nothing was ever listed has no page and so no cursor.
                if at != head && head.1 > 0 {
                    unrest.push(format!("{node} has read a scope to {at:?} of {head:?}"));
                }
            }
        }
        Ok(unrest.join(", "))
    }

    /// Head office ends all installs of a branch but the newest, as its page does it: what lay there is carried, and what waited for entries that nobody
    /// has any more is booked.
    fn end_replaced(&mut self) -> Result<(), String> {
        let branches: BTreeSet<BranchId> = self.replicas.iter().filter_map(|replica| replica.branch).collect();
        for branch in branches {
            let hub = self.db(HUB)?;
            let open = hub.number("select count(*) from stream where branch = ?1 and sealed = 0", &[branch.into()]).map_err(text)?;
            let ending = if open > 1 { installs::ending(hub, branch, false).map_err(text)? } else { Vec::new() };
            for (stream, _) in ending {
                let id = CommandId(self.chance.bytes());
                let Some(moment) = self.replicas[HUB].moment(id, self.time) else { continue };
                let sealed = self.replicas[HUB].clerk(move |writer| recovery::seal(writer, stream, recovery::TAKEN_OVER, &moment));
                match sealed {
                    Ok(Ok(())) => self.tell(|| format!("HQ seals {stream}")),
                    said => return Err(format!("HQ cannot seal {stream}: {said:?}")),
                }
            }
        }
        Ok(())
    }

    fn compare(&mut self) -> Result<(), String> {
        self.every_sale_once()?;
        self.postings_sum_to_zero()?;
        self.ended_well()?;
        for node in (1..self.replicas.len()).filter(|node| !self.ended(*node)).collect::<Vec<_>>() {
            self.same_documents(node)?;
            self.erased_everywhere(node)?;
            self.same_greetings(node)?;
            self.same_balances(node)?;
            self.same_totals(node)?;
        }
        self.erased_everywhere(HUB)?;
        self.verifies()?;
        self.written_again_once()?;
        self.at_odds_with_others_only()?;
        self.asked_once()?;
        self.book.counts.set_aside = self.db(HUB)?.number("select count(*) from set_aside", &[]).map_err(text)? as u64;
        self.book.counts.lines_cut = self.replicas[HUB].server.as_ref().map_or(0, |server| server.line.cuts());
        self.book.counts.forks = self
            .db(HUB)?
            .number("select count(*) from stream where predecessor <> x'' and stream <> ?1", &[Value::from(StreamId([0; 16]))])
            .map_err(text)? as u64;
        Ok(())
    }

    /// Every acknowledged sale that some disk kept is at the hub, once, and counted.
    fn every_sale_once(&self) -> Result<(), String> {
        let hub = self.db(HUB)?;
        let sql = "select command from entry where kind in (?1, ?2) and folded = 1 order by command";
        let rows = hub.rows(sql, &[shop::Rung::KIND.into(), Sold::KIND.into()]).map_err(text)?;
        let booked: Vec<CommandId> = rows.iter().map(|row| CommandId(row.raw(0))).collect();
        let set: BTreeSet<CommandId> = booked.iter().copied().collect();
        for doubled in booked.chunk_by(|a, b| a == b).filter(|same| same.len() > 1) {
            self.raised_of_two_streams(doubled[0])?;
        }
        let missing: Vec<_> = self.book.due.difference(&set).collect();
        let Some(missing) = missing.first() else { return Ok(()) };
        let held = self.held_as(**missing)?;
        Err(format!("acknowledged sale {missing:?} is not at the hub{held}{}", self.streams_of_edges()?))
    }

    /// Where every replica holds an entry of a command, and how it stands there.
    pub(super) fn held_as(&self, command: CommandId) -> Result<String, String> {
        let mut held = String::new();
        for (node, replica) in self.replicas.iter().enumerate() {
            let sql = "select stream, seq, folded from entry where command = ?1 order by stream, seq";
            let rows = replica.db().map_or(Ok(Vec::new()), |db| db.rows(sql, &[command.into()])).map_err(text)?;
            held.extend(rows.iter().map(|row| format!(", {node} holds it as {} {} ({})", StreamId(row.raw(0)), row.int(1), row.int(2))));
        }
        Ok(held)
    }

    /// A sale that was decided again after a restore is in two streams, booked in both, and put before a person.
    fn raised_of_two_streams(&self, sale: CommandId) -> Result<(), String> {
        if self.book.tries.get(&sale).is_none_or(|tries| *tries < 2) {
            return Err(format!("sale {sale} is booked twice at the hub and was rung up once"));
        }
        let sql = "select count(*) from exception x join entry e on e.stream = x.stream and e.seq = x.seq
                   where x.what = 'command_twice' and e.command = ?1";
        match self.db(HUB)?.number(sql, &[sale.into()]).map_err(text)? {
            0 => Err(format!("sale {sale} is in two streams and nobody was told")),
            _ => Ok(()),
        }
    }

    /// The streams that edges wrote, as every replica knows them.
    pub(super) fn streams_of_edges(&self) -> Result<String, String> {
        let sql = "select stream, seq, acked, sealed, fork_seq, predecessor from stream where branch <> x'' and device_key <> ?1 order by branch, stream";
        let mut told = String::new();
        for (node, replica) in self.replicas.iter().enumerate() {
            let rows = replica.db().map_or(Ok(Vec::new()), |db| db.rows(sql, &[[0; 32].into()])).map_err(text)?;
            told.extend(rows.iter().map(|row| {
                let after: Option<StreamId> = row.blob(5).try_into().ok().map(StreamId);
                let own = if replica.stream() == Some(StreamId(row.raw(0))) { "*" } else { "" };
                let number = |at: usize| row.int(at);
                format!(
                    "\n  {node}{own} {} to {} acked {} sealed {} fork {} after {after:?}",
                    StreamId(row.raw(0)),
                    number(1),
                    number(2),
                    number(3),
                    number(4)
                )
            }));
        }
        Ok(told)
    }

    /// Over all entries that the hub believes, per unit.
    fn postings_sum_to_zero(&self) -> Result<(), String> {
        let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
                   from entry where folded = 1 and kind < 32768";
        let mut postings = Vec::new();
        for entry in self.db(HUB)?.rows(sql, &[]).map_err(text)?.iter().map(shared::store::append::entry_of) {
            postings.extend(super::invariants::postings(&entry)?);
        }
        let left = shared::base::account::unbalanced(&postings);
        if left.is_empty() { Ok(()) } else { Err(format!("postings do not sum to zero: {left:?}")) }
    }

    fn same_documents(&self, node: Node) -> Result<(), String> {
        for sql in [
            "select document, field, value from sim_field order by document, field",
            "select document, field, rank, value, stream, seq from conflict order by document, field, rank",
        ] {
            let (hub, edge) = (self.db(HUB)?.rows(sql, &[]).map_err(text)?, self.db(node)?.rows(sql, &[]).map_err(text)?);
            if let Some(differs) = (0..hub.len().max(edge.len())).find(|i| hub.get(*i) != edge.get(*i)) {
                let (there, here) = (edge.get(differs), hub.get(differs));
                // The lesser of two keys is what the other side lacks.
                let lesser = [there, here].into_iter().flatten().min_by_key(|row| row.blob(0).to_vec());
                let document = lesser.map_or(Value::Int(0), |row| row.0[0].clone());
                let changes = self.changes(node, &document)?;
                return Err(format!("{node} differs from the hub: {sql}: {:?} against {:?}, {changes}", shown(there), shown(here)));
            }
        }
        Ok(())
    }

    /// The changes of a document that only one of a node and the hub holds, or that they judge differently.
    fn changes(&self, node: Node, document: &Value) -> Result<String, String> {
        let sql = "select e.stream, e.seq, e.folded, e.body, coalesce(a.reason, '')
                   from entry e left join set_aside a on a.stream = e.stream and a.seq = e.seq where document = ?1 order by e.stream, e.seq";
        let held = |node| self.db(node)?.rows(sql, std::slice::from_ref(document)).map_err(text);
        let (there, here) = (held(node)?, held(HUB)?);
        let only = |one: &[Row], other: &[Row]| -> Vec<_> {
            let lacking = one.iter().filter(|row| !other.contains(row));
            lacking.map(|row| format!("{} {} ({} {})", StreamId(row.raw(0)), row.int(1), row.int(2), row.text(4))).collect()
        };
        Ok(format!("only there {:?}, only at the hub {:?}", only(&there, &here), only(&here, &there)))
    }

    /// What lies at an edge's own place is the same there and at the hub.
    fn same_balances(&self, node: Node) -> Result<(), String> {
        let place = self.replicas[node].stream().ok_or("an edge has no stream")?;
        let sql = "select holder, unit, amount from balance where place = ?1 and amount <> 0 order by holder, unit";
        let (hub, edge) =
            (self.db(HUB)?.rows(sql, &[place.into()]).map_err(text)?, self.db(node)?.rows(sql, &[place.into()]).map_err(text)?);
        if let Some(differs) = (0..hub.len().max(edge.len())).find(|i| hub.get(*i) != edge.get(*i)) {
            let row = edge.get(differs).or(hub.get(differs)).ok_or("no row")?;
            let account = Holder::from_key(row.blob(0)).zip(Unit::from_key(row.blob(1)));
            let account = account.map(|(holder, unit)| Account { holder, unit, place }).ok_or("unreadable keys")?;
            let (streams, postings) = (self.streams_of_edges()?, self.postings_to(&account)?);
            let amount = |row: Option<&Row>| row.map(|row| row.int(2));
            let (there, here) = (amount(edge.get(differs)), amount(hub.get(differs)));
            return Err(format!("{node} has {there:?}, the hub {here:?} in {account:?}{postings}{streams}"));
        }
        Ok(())
    }

    fn db(&self, node: Node) -> Result<&dyn Read, String> {
        self.replicas[node].db().ok_or_else(|| format!("node {node} does not run"))
    }
}

fn text(fault: Fault) -> String {
    fault.to_string()
}

/// A row in short: ids by their first bytes.
fn shown(row: Option<&Row>) -> Vec<String> {
    let cell = |value: &Value| match value {
        Value::Blob(bytes) => bytes.iter().take(3).map(|byte| format!("{byte:02x}")).collect(),
        Value::Text(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
    };
    row.map_or(Vec::new(), |row| row.0.iter().map(cell).collect())
}
