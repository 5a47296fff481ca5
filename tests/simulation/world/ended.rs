//! A branch whose box is gone for good: head office declares it lost, or revokes it, and carries on what lay there. The box is not gone: it sells on, and
//! its link is as good as any. What a lost one sold is booked, and the negative stands at its old place only; of what a revoked one sends nothing is taken.

use super::{HUB, World, plain::Plain};
use crate::network::Node;
use shared::{
    base::{BranchId, CommandId, MemberId, StreamId},
    exchange::{
        hub,
        recovery::{self, LOST, REVOKED},
        sign::PublicKey,
    },
    journal::Fault,
    reports::installs,
};
use std::collections::{BTreeMap, BTreeSet};

/// The box that head office ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    key: PublicKey,
    branch: BranchId,
    reason: u8,
    /// Its streams that head office knew then; all of another came late.
    known: BTreeSet<StreamId>,
}

impl World {
    /// Is this the box that was ended, or a copy of it?
    pub fn ended(&self, node: Node) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.key == self.replicas[node].keys.public())
    }

    /// The same, and nothing that it sends is taken any more.
    pub fn revoked(&self, node: Node) -> bool {
        self.ended(node) && self.ended.as_ref().is_some_and(|ended| ended.reason == REVOKED)
    }

    /// Head office declares a branch lost, or revokes it. Once in a run, for one branch.
    pub(super) fn end_install(&mut self) -> Result<(), String> {
        let may = self.plan.mishaps;
        let node = 1 + self.chance.index(usize::from(self.plan.branches));
        let reason = if may.lost && (!may.revoked || self.chance.percent(60)) { LOST } else { REVOKED };
        let (key, Some(branch)) = (self.replicas[node].keys.public(), self.replicas[node].branch) else { return Ok(()) };
        if !may.lost && !may.revoked || self.ended.is_some() {
            return Ok(());
        }
        self.all_on();
        let known = self.replicas[HUB].db().map(|db| installs::install(db, branch));
        let Some(Ok(Some(_))) = known else { return Ok(()) };
        let known = self.streams_of(&key)?;
        self.seal_installs(branch, reason)?;
        self.ended = Some(Ended { key, branch, reason, known });
        self.as_if_not_there()?;
        match reason {
            LOST => self.book.counts.lost_branches += 1,
            _ => self.book.counts.revoked += 1,
        }
        Ok(())
    }

    /// The streams of a box that head office knows.
    fn streams_of(&self, key: &PublicKey) -> Result<BTreeSet<StreamId>, String> {
        let Some(db) = self.replicas[HUB].db() else { return Ok(BTreeSet::new()) };
        let rows = db.rows("select stream from stream where device_key = ?1", &[(*key).into()]).map_err(|fault| fault.to_string())?;
        Ok(rows.iter().map(|row| StreamId(row.raw(0))).collect())
    }

    /// As the page of head office does it.
    fn seal_installs(&mut self, branch: BranchId, reason: u8) -> Result<(), String> {
        let Some(db) = self.replicas[HUB].db() else { return Ok(()) };
        let ending = installs::ending(db, branch, true).map_err(|fault| fault.to_string())?;
        for (stream, device) in ending {
            let Some(moment) = self.replicas[HUB].moment(CommandId(self.chance.bytes()), self.time) else { continue };
            self.tell(|| format!("HQ ends {stream} of {branch:?} for reason {reason}"));
            let sealed = self.replicas[HUB].clerk(move |writer| {
                let sealed = recovery::seal(writer, stream, reason, &moment)?;
                writer.execute("update device set revoked = 1 where device_key = ?1", &[device.into()])?;
                Ok(sealed)
            });
            if sealed != Ok(Ok(())) {
                return Err(format!("HQ cannot end {stream}: {sealed:?}"));
            }
        }
        Ok(())
    }

    /// Head office was put back to before it ended the box: it does so again.
    pub(super) fn end_again(&mut self) -> Result<(), String> {
        let (Some(Ended { key, branch, reason, .. }), Some(db)) = (self.ended.clone(), self.replicas[HUB].db()) else { return Ok(()) };
        match hub::device(db, &key) {
            Ok(Some((_, false))) => self.seal_installs(branch, reason),
            _ => Ok(()),
        }
    }

    /// What the box did and head office has not heard does not count for what members have; of a revoked one nobody will ever hear it.
    fn as_if_not_there(&mut self) -> Result<(), String> {
        let wrong = |fault: Fault| fault.to_string();
        let Some(hub) = self.replicas[HUB].db() else { return Ok(()) };
        let (mut unheard, mut given) = (BTreeSet::new(), BTreeMap::<MemberId, i64>::new());
        for replica in self.replicas.iter().enumerate().filter(|(node, _)| self.ended(*node)).map(|(_, replica)| replica) {
            let (Some(db), Some(here)) = (replica.db(), replica.stream()) else { continue };
            let held = hub.number("select coalesce(max(seq), 0) from entry where stream = ?1", &[here.into()]).map_err(wrong)?;
            let sql = "select command from entry where stream = ?1 and seq > ?2";
            unheard.extend(db.rows(sql, &[here.into(), held.into()]).map_err(wrong)?.iter().map(|row| CommandId(row.raw(0))));
            let plain = Plain::of(db, |stream, seq| stream == here && seq > held as u64).map_err(wrong)?;
            plain.of_members().into_iter().for_each(|(member, amount)| *given.entry(member).or_default() += amount);
        }
        for (member, amount) in given {
            *self.book.value.entry(member).or_default() -= amount;
        }
        if self.ended.as_ref().is_some_and(|ended| ended.reason == REVOKED) {
            self.book.due.retain(|sale| !unheard.contains(sale));
        }
        Ok(())
    }

    /// At the end: what came late is booked at the old place, and every other balance is as if it had not come; head office sees it once, with the sum.
    pub(super) fn ended_well(&mut self) -> Result<(), String> {
        let (Some(ended), Some(db)) = (self.ended.clone(), self.replicas[HUB].db()) else { return Ok(()) };
        let wrong = |fault: Fault| fault.to_string();
        let sql = "select stream, sealed_seq, seq, sealed from stream where device_key = ?1 and sealed in (?2, ?3) order by stream";
        let sealed = db.rows(sql, &[ended.key.into(), LOST.into(), REVOKED.into()]).map_err(wrong)?;
        let sealed: BTreeMap<StreamId, u64> = sealed.iter().map(|row| (StreamId(row.raw(0)), row.int(1) as u64)).collect();
        let new: BTreeSet<StreamId> = self.streams_of(&ended.key)?.difference(&ended.known).copied().collect();
        let late = |stream: StreamId, seq: u64| new.contains(&stream) || sealed.get(&stream).is_some_and(|upto| seq > *upto);
        let with_all = Plain::of(db, |_, _| true).map_err(wrong)?;
        let without = Plain::of(db, |stream, seq| !late(stream, seq)).map_err(wrong)?.of_members();
        let elsewhere = with_all.of_members_at(|place| !sealed.contains_key(&place) && !new.contains(&place));
        if let Some((member, amount)) = elsewhere.iter().find(|(member, amount)| without.get(member).unwrap_or(&0) != *amount) {
            return Err(format!("{member} has {amount} elsewhere, without what came late {:?}", without.get(member)));
        }
        let sql = "select count(*) from exception where what = 'late_entries' and stream = ?1";
        let mut came = false;
        for (stream, upto) in sealed {
            let more = "select count(*) from entry where stream = ?1 and seq > ?2";
            let more = db.number(more, &[stream.into(), upto.into()]).map_err(wrong)?;
            if more > 0 && ended.reason == REVOKED {
                return Err(format!("{more} entries of the revoked {stream} were taken"));
            }
            came |= more > 0;
            let raised = db.number(sql, &[stream.into()]).map_err(wrong)?;
            if raised != i64::from(more > 0) {
                return Err(format!("{more} entries of {stream} came late, and that is raised {raised} times"));
            }
            let (owed, missing) = (installs::missing(db, stream).map_err(wrong)?, with_all.missing_at(stream));
            if owed != missing {
                return Err(format!("{missing} is missing at {stream}, head office sees {owed}"));
            }
            self.book.counts.exposed += u64::from(missing > 0);
        }
        self.book.counts.came_back += u64::from(came);
        Ok(())
    }
}
