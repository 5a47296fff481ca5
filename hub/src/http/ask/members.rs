//! Members, and phones and cards that two of them hold.
use super::fifty;
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::member::{self, Member, MemberRow};
use crate::http::shown::{List, Rows};
use serde::{Deserialize, Serialize};
use shared::base::MemberId;
use shared::base::limits::RANKED_MAX;
use shared::journal::Right;
use shared::members::search::{alike, claimed_twice};
use shared::members::{self, Why};
use shared::reports::names::Names;
use shared::reports::people;
use utoipa::{IntoParams, ToSchema};

/// Members found by card, phone end, name or pinyin; all of them by name if nothing is asked.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskMembers {
    #[serde(default)]
    text: String,
    #[serde(default)]
    offset: u32,
    #[serde(default = "fifty")]
    limit: u32,
}

impl Ask for AskMembers {
    const PATH: &'static str = "/api/members";
    const ANY: &'static [Right] = &[Right::Members];
    type Answer = List<MemberRow>;

    fn answer(self, scene: &Scene<'_>) -> Result<List<MemberRow>, No> {
        let names = Names::load(scene.db)?;
        let limit = scene.rows(self.limit);
        if self.text.trim().is_empty() {
            let ids = people::by_name(scene.db, self.offset, limit)?;
            return Ok(List { total: members::member::count(scene.db)?, rows: member::rows(scene, &names, &ids, None)? });
        }
        let hits = members::search(scene.db, &self.text, None, RANKED_MAX)?;
        let total = hits.len() as i64;
        let page = hits.into_iter().skip(self.offset as usize).take(limit as usize);
        let rows = page.map(|hit| member::row(scene, &names, &hit.member, Some(hit.why))).collect::<Result<_, _>>()?;
        Ok(List { total, rows })
    }
}

/// One member with the balance by place.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskMember {
    id: MemberId,
}

impl Ask for AskMember {
    const PATH: &'static str = "/api/members/{id}";
    const ANY: &'static [Right] = &[Right::Members];
    type Answer = Member;

    fn answer(self, scene: &Scene<'_>) -> Result<Member, No> {
        member::whole(scene, self.id)
    }
}

/// Phones and cards that two hold, and names with the same birthday: who may be one person.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskClaims {}

#[derive(Debug, Serialize, ToSchema)]
pub struct Claim {
    /// `phone`, `card`, or `name`: the same name and birthday.
    why: Why,
    /// The phone, the card, or the birthday, yyyymmdd.
    number: String,
    members: Vec<MemberRow>,
}

impl Ask for AskClaims {
    const PATH: &'static str = "/api/claims";
    const ANY: &'static [Right] = &[Right::Conflicts];
    type Answer = Rows<Claim>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<Claim>, No> {
        let names = Names::load(scene.db)?;
        let mut rows = Vec::new();
        for claimed in claimed_twice(scene.db, scene.rows_max)?.into_iter().chain(alike(scene.db, scene.rows_max)?) {
            let number = if claimed.why == Why::Phone { member::phone(scene, &claimed.number) } else { claimed.number };
            rows.push(Claim { why: claimed.why, number, members: member::rows(scene, &names, &claimed.members, Some(claimed.why))? });
        }
        Ok(Rows { rows })
    }
}
