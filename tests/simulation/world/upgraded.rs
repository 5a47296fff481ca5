//! Replicas get a newer release while the shops go on, head office first: a view changed, and there is a kind of fact that the others do not know. They
//! keep it, and fold it once they understand it.

use super::{HUB, MEMBERS, World, member, traffic::command};
use crate::{
    network::Node,
    newer::{Greet, Greeted},
};
use shared::{facts::Fact, journal::Fault};

impl World {
    /// A replica starts again with the newer release.
    pub(super) fn upgrade(&mut self, node: Node) {
        let node = if self.replicas[HUB].newer { node } else { HUB };
        if self.replicas[node].newer {
            return;
        }
        self.tell(|| format!("{node} is upgraded"));
        self.replicas[node].newer = true;
        self.replicas[node].kill();
        self.went_down(node);
        self.book.counts.upgrades += 1;
    }

    /// What only the newer release knows of.
    pub(super) fn greet(&mut self, node: Node) {
        let member = member(self.chance.below(u64::from(MEMBERS)) as u8);
        if self.replicas[node].newer {
            let id = command(&mut self.replicas[node]);
            let said = self.replicas[node].decide(id, Greet { member }, self.time);
            self.book.counts.greetings += u64::from(self.heard_of(node, "greet", &said));
        }
    }

    /// At the end the last are upgraded, too; what they kept unread is folded then.
    pub(super) fn upgrade_all(&mut self) -> Result<(), String> {
        if !self.plan.mishaps.upgraded {
            return Ok(());
        }
        for node in 0..self.replicas.len() {
            let unread = "select count(*) from entry where kind = ?1 and folded = 0";
            if let Some(db) = self.replicas[node].db() {
                self.book.counts.kept_unread += db.number(unread, &[Greeted::KIND.into()]).map_err(|fault| fault.to_string())? as u64;
            }
            self.upgrade(node);
        }
        self.all_on();
        Ok(())
    }

    /// Every greeting is known everywhere.
    pub(super) fn same_greetings(&self, node: Node) -> Result<(), String> {
        let (Some(hub), Some(edge)) = (self.replicas[HUB].db(), self.replicas[node].db()) else { return Ok(()) };
        if !self.plan.mishaps.upgraded {
            return Ok(());
        }
        let wrong = |fault: Fault| fault.to_string();
        let sql = "select member, times from sim_greeting order by member";
        let (there, here) = (edge.rows(sql, &[]).map_err(wrong)?, hub.rows(sql, &[]).map_err(wrong)?);
        if there == here { Ok(()) } else { Err(format!("{node} counts greetings {there:?}, head office {here:?}")) }
    }
}
