//! What head office does to documents as such: begins a history anew, erases what is known of a member.
use crate::http::Http;
use crate::http::refused::No;
use crate::http::route::{Order, Scene, decide};
use crate::moment::Asking;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::base::{DocumentId, Holder, MemberId, Unit};
use shared::calls;
use shared::desk::registry::REGISTRY;
use shared::exchange::generations::{Erase, Rebase, written_about};
use shared::facts::journal::{LONG, Written};
use shared::journal::Right;
use shared::ledger::balance;
use shared::members;
use shared::reports::names::{self, MemberRef};
use shared::store::Writer;
use utoipa::ToSchema;

/// Begins a document's history anew from what stands: it was long, or damaged.
#[derive(Deserialize, ToSchema)]
pub struct BeginAnew {
    document: DocumentId,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BegunAnew {
    generation: u32,
}

impl Order for BeginAnew {
    const NAME: &'static str = "begin_anew";
    const RIGHT: Right = Right::Conflicts;
    type Made = u32;
    type Answer = BegunAnew;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<u32, No> {
        decide(writer, &Rebase { document: self.document, reason: LONG }, asking, 0)?;
        Ok(shared::store::documents::held(writer, self.document)?.map_or(0, |held| held.generation))
    }

    fn shown(generation: u32, _: &Scene<'_>) -> Result<BegunAnew, No> {
        Ok(BegunAnew { generation })
    }
}

/// Erases name, phone, cards and all else that is known of a member, at every replica and for ever. What the member bought and what is owed stays
/// in the books, under a number without a name. Head office sees what is still owed before it confirms.
#[derive(Deserialize, ToSchema)]
pub struct EraseMember {
    member: MemberId,
    /// On whose request, and by what right.
    why: String,
    confirmed: bool,
    #[serde(skip)]
    entries: Vec<Written>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ErasedMember {
    /// As lists show it from now on.
    #[schema(required)]
    member: Option<MemberRef>,
}

impl Order for EraseMember {
    const NAME: &'static str = "erase_member";
    const RIGHT: Right = Right::Members;
    type Made = MemberId;
    type Answer = ErasedMember;

    fn prepare(&mut self, http: &Http) -> Result<(), No> {
        if self.confirmed {
            self.entries = http.app.clerk.readers().read(|db| {
                let known = members::member(db, self.member)?;
                let mut told = written_about(db, &REGISTRY, self.member.into())?;
                told.extend(known.map_or(Ok(Vec::new()), |known| calls::rung_by(db, &known.phone))?);
                Ok(told)
            })?;
        }
        Ok(())
    }

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<MemberId, No> {
        let member = members::member(writer, self.member)?;
        if let Some(member) = member.filter(|_| !self.confirmed) {
            let held = balance::everywhere(writer, Holder::Member(self.member))?;
            let value = |unit: &Unit| matches!(unit, Unit::Value(_) | Unit::Bonus(_));
            let owed: i64 = held.iter().filter(|(unit, ..)| value(unit)).map(|(.., amount)| amount).sum();
            let args = json!({"what": "erase_member", "name": member.name, "value": owed});
            return Err(No::here(StatusCode::CONFLICT, "needs_confirmation", args));
        }
        let erase = Erase { document: self.member.into(), why: self.why.clone(), entries: self.entries.clone() };
        decide(writer, &erase, asking, 0)?;
        Ok(self.member)
    }

    fn shown(made: MemberId, scene: &Scene<'_>) -> Result<ErasedMember, No> {
        Ok(ErasedMember { member: names::member(scene.db, made)? })
    }
}
