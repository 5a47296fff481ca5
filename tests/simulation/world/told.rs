//! What replicas tell each other beside entries, once all is quiet: figures of other places, and edits written again on a new generation.
use super::{HUB, MEMBERS, World, member};
use crate::network::Node;
use shared::{
    base::{Holder, Unit},
    documents::automerge::merge::Document,
    exchange::asks::{GRANT, WRITE_AGAIN},
    facts::{
        Fact,
        journal::Conflicted,
        ledger::{Moved, Recalled},
    },
    journal::{Actor, entry::CHANGE},
    ledger::{balance, statement},
    views::registry::decoded,
};
use std::collections::{BTreeMap, BTreeSet};

impl World {
    /// What a till shows of a member, here and elsewhere together, is what head office has.
    pub(super) fn same_totals(&self, node: Node) -> Result<(), String> {
        let (Some(hub), Some(edge), Some(here)) = (self.replicas[HUB].db(), self.replicas[node].db(), self.replicas[node].stream()) else {
            return Ok(());
        };
        let counts = |unit: &Unit| matches!(unit, Unit::Value(_) | Unit::Bonus(_));
        for who in (0..MEMBERS).map(member).filter(|_| self.plan.mishaps.steady()) {
            let everywhere = balance::everywhere(hub, Holder::Member(who)).map_err(|fault| fault.to_string())?;
            let all: i64 = everywhere.iter().filter(|(unit, ..)| counts(unit)).map(|(.., amount)| amount).sum();
            let holdings = balance::holdings(edge, Holder::Member(who), here).map_err(|fault| fault.to_string())?;
            let lying: i64 = holdings.iter().filter(|(unit, _)| counts(unit)).map(|(_, amount)| amount).sum();
            let (told, _) = statement::told(edge, who, here).map_err(|fault| fault.to_string())?;
            let elsewhere: i64 = told.iter().map(|lies| lies.value + lies.bonus).sum();
            if lying + elsewhere != all {
                return Err(format!("{node} shows {lying} of {who} here and {elsewhere} elsewhere, head office has {all}"));
            }
        }
        Ok(())
    }

    /// Head office answers an ask in one decision, however often the ask comes.
    pub(super) fn asked_once(&self) -> Result<(), String> {
        let Some(hub) = self.replicas[HUB].db() else { return Ok(()) };
        let sql = "select stream, command, kind, body from entry where by = ?1 order by stream, seq";
        let mut answered = BTreeMap::new();
        for row in hub.rows(sql, &[Actor::Reaction(GRANT).key().into()]).map_err(|fault| fault.to_string())? {
            let ask = match row.int(2) as u16 {
                Moved::KIND => decoded::<Moved>(row.blob(3)).ok().and_then(|moved| moved.ask),
                _ => decoded::<Recalled>(row.blob(3)).ok().map(|recalled| recalled.ask),
            };
            let Some(ask) = ask else { continue };
            let by = row.blob(1).to_vec();
            if *answered.entry((row.blob(0).to_vec(), ask)).or_insert_with(|| by.clone()) != by {
                return Err(format!("ask {ask} is answered twice"));
            }
        }
        Ok(())
    }

    /// Who edits late is not at odds with himself: what stands against an edit was keyed elsewhere. A person is told of it once.
    pub(super) fn at_odds_with_others_only(&self) -> Result<(), String> {
        let Some(hub) = self.replicas[HUB].db().filter(|_| self.plan.mishaps.steady()) else { return Ok(()) };
        let sql = "select body from entry where kind = ?1 and erased = 0";
        let mut told = BTreeSet::new();
        for row in hub.rows(sql, &[Conflicted::KIND.into()]).map_err(|fault| fault.to_string())? {
            let Ok(Conflicted { document, key, mine, stands, .. }) = decoded::<Conflicted>(row.blob(0)) else { continue };
            if key == "phone" && !told.insert((document, mine.clone())) {
                return Err(format!("that the late edit {mine:?} is at odds with another is told twice"));
            }
            let keyed = |phone: Option<String>| phone.and_then(|phone| self.book.phones.get(&phone).copied());
            if let (Some(mine), Some(stands)) = (keyed(mine), keyed(stands))
                && mine == stands
            {
                return Err(format!("{mine} is at odds with its own edit"));
            }
        }
        Ok(())
    }

    /// A late edit is written again by one: its author, or head office for it. Telephone numbers are long enough to be told apart.
    pub(super) fn written_again_once(&self) -> Result<(), String> {
        let Some(hub) = self.replicas[HUB].db().filter(|_| self.plan.mishaps.steady()) else { return Ok(()) };
        let sql = "select document, generation, body from entry where by = ?1 and kind >= ?2 and erased = 0";
        let rows = hub.rows(sql, &[Actor::Reaction(WRITE_AGAIN).key().into(), CHANGE.into()]).map_err(|fault| fault.to_string())?;
        let mut written = BTreeMap::new();
        for row in rows {
            let edits = Document::new().edits_in(row.blob(2));
            let Some(phone) = edits.get("phone").and_then(|edit| edit.value.as_ref()) else { continue };
            let times: &mut u32 = written.entry((row.blob(0).to_vec(), row.int(1), phone.to_string())).or_default();
            *times += 1;
            if *times > 1 {
                return Err(format!("the late edit {phone} is written again twice"));
            }
        }
        Ok(())
    }
}
