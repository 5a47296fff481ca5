//! What is known of a member is erased while the shops go on: everywhere, also what a branch told meanwhile; balances and chains stay.

use super::{HUB, MEMBERS, World, member, traffic::command};
use crate::{network::Node, shop};
use shared::{
    base::DocumentId,
    exchange::{
        generations::{Erase, written_about},
        verify::{Trusted, verify},
    },
    facts::{Fact, members::MemberPinSet},
    journal::{Command, Decided, Fault, Moment, Read, Refusal, Right, entry::CHANGE},
    views::{generations::is_erased, registry::decoded},
};

/// A member keys a PIN at a till.
#[derive(Clone)]
struct SetPin(MemberPinSet);

impl Command for SetPin {
    type State = ();
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        shared::journal::command::encoded(&self.0)
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&self.0))
    }
}

impl World {
    /// Is it known at this replica that a member's data were erased?
    pub(super) fn knows_erased(&self, node: Node, document: DocumentId) -> bool {
        self.erased.is_some() && self.replicas[node].db().is_some_and(|db| is_erased(db, document).unwrap_or(false))
    }

    /// A fact whose body is personal.
    pub(super) fn set_pin(&mut self, node: Node) {
        let member = member(self.chance.below(u64::from(MEMBERS)) as u8);
        let sealed: [u8; 24] = self.chance.bytes();
        if self.knows_erased(node, DocumentId(member.0)) {
            return;
        }
        let id = command(&mut self.replicas[node]);
        let said = self.replicas[node].decide(id, SetPin(MemberPinSet { member, sealed: sealed.to_vec().into() }), self.time);
        self.book.counts.pins += u64::from(self.heard_of(node, "set a PIN", &said));
    }

    /// Head office erases what is known of a member. Once in a run.
    pub(super) fn erase_member(&mut self) -> Result<(), String> {
        let who = member(self.chance.below(u64::from(MEMBERS)) as u8);
        let Some(db) = self.replicas[HUB].db().filter(|_| self.erased.is_none()) else { return Ok(()) };
        let Ok(entries) = written_about(db, shop::registry(), DocumentId(who.0)) else { return Ok(()) };
        let erase = Erase { document: DocumentId(who.0), why: "asked for it".into(), entries };
        let id = command(&mut self.replicas[HUB]);
        let said = self.replicas[HUB].decide(id, erase, self.time);
        if self.heard_of(HUB, "erase a member", &said) {
            self.erased = Some(who);
            self.book.counts.erased += 1;
        }
        Ok(())
    }

    /// At the end nothing personal of an erased member is left at a replica.
    pub(super) fn erased_everywhere(&self, node: Node) -> Result<(), String> {
        let (Some(who), Some(db)) = (self.erased, self.replicas[node].db()) else { return Ok(()) };
        let wrong = |fault: Fault| fault.to_string();
        let document = DocumentId(who.0);
        if !is_erased(db, document).map_err(wrong)? {
            // Head office was put back to before.
            return if self.plan.mishaps.hub_restored { Ok(()) } else { Err(format!("{node} does not know that {who} was erased")) };
        }
        let told = "select count(*) from entry where document = ?1 and kind >= ?2 and erased = 0 and generation <
                    (select max(generation) from generation where document = ?1)";
        let left = db.number(told, &[document.into(), CHANGE.into()]).map_err(wrong)?;
        let pins = db.rows("select body from entry where kind = ?1 and erased = 0", &[MemberPinSet::KIND.into()]).map_err(wrong)?;
        let pins = pins.iter().filter_map(|row| decoded::<MemberPinSet>(row.blob(0)).ok()).filter(|pin| pin.member == who).count();
        let rows = db.number("select count(*) from member_pin where member = ?1", &[who.into()]).map_err(wrong)?;
        if (left, pins, rows) == (0, 0, 0) {
            Ok(())
        } else {
            Err(format!("{node} keeps {left} edits, {pins} PINs and {rows} rows of the erased {who}"))
        }
    }

    /// Whoever has the public keys finds every database as it was written, bodies that were erased or not.
    pub(super) fn verifies(&mut self) -> Result<(), String> {
        if self.erased.is_none() || !self.plan.mishaps.steady() {
            return Ok(());
        }
        let hub = self.replicas[HUB].keys.public();
        let devices = self.replicas.iter().map(|replica| replica.keys.public()).collect();
        let trusted = Trusted { hub, devices };
        for (node, replica) in self.replicas.iter_mut().enumerate() {
            let Some(store) = &mut replica.store else { continue };
            let verified = verify(store, &trusted, &mut |_| ()).map_err(|fault| fault.to_string())?;
            if !verified.wrong.is_empty() {
                return Err(format!("whoever verifies {node} finds {:?}", verified.wrong));
            }
            self.book.counts.bodies_gone += verified.erased;
        }
        Ok(())
    }
}
