//! Members, and phones and cards that two of them hold.
use super::fifty;
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::member::{self, Gender, Member, MemberRow};
use crate::http::shown::{List, Rows};
use serde::{Deserialize, Serialize};
use shared::base::limits::RANKED_MAX;
use shared::base::{BranchId, MemberId};
use shared::journal::{Read, Right};
use shared::members::filter::{self, Filter};
use shared::members::search::{alike, claimed_twice};
use shared::members::{self, Why};
use shared::reports::names::Names;
use shared::reports::people;
use shared::settings::segments;
use utoipa::{IntoParams, ToSchema};

/// Members found by card, phone end, name or pinyin; without a text those whom the filter means, by name.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskMembers {
    #[serde(default)]
    text: String,
    /// Code of the level.
    level: Option<String>,
    /// Home branch.
    home: Option<BranchId>,
    gender: Option<Gender>,
    /// Principal and bonus together, minor units.
    value_from: Option<i64>,
    value_until: Option<i64>,
    points_from: Option<i64>,
    /// Of purchases of the last 365 days, minor units.
    spent_from: Option<i64>,
    /// Days.
    seen_within: Option<u32>,
    unseen_for: Option<u32>,
    birthday_within: Option<u32>,
    #[serde(default)]
    offset: u32,
    #[serde(default = "fifty")]
    limit: u32,
}

impl AskMembers {
    /// What it asks of members beside the text.
    ///
    /// # Errors
    /// `not_found` for a level that is not there; a fault of the store.
    pub fn filter(&self, db: &dyn Read) -> Result<Filter, No> {
        let level = match &self.level {
            None => None,
            Some(code) => {
                let found = members::levels(db)?.into_iter().find(|level| level.code == *code);
                Some(found.ok_or_else(|| No::not_found("level"))?.id)
            }
        };
        Ok(Filter {
            level,
            home: self.home,
            gender: self.gender.map(|gender| gender.word().to_owned()),
            value_from: self.value_from,
            value_until: self.value_until,
            points_from: self.points_from,
            spent_from: self.spent_from,
            seen_within: self.seen_within,
            unseen_for: self.unseen_for,
            birthday_within: self.birthday_within,
        })
    }
}

impl Ask for AskMembers {
    const PATH: &'static str = "/api/members";
    const ANY: &'static [Right] = &[Right::Members];
    type Answer = List<MemberRow>;

    fn answer(self, scene: &Scene<'_>) -> Result<List<MemberRow>, No> {
        let names = Names::load(scene.db)?;
        let limit = scene.rows(self.limit);
        if self.text.trim().is_empty() {
            let filter = self.filter(scene.db)?;
            if filter == Filter::default() {
                let ids = people::by_name(scene.db, self.offset, limit)?;
                return Ok(List { total: members::member::count(scene.db)?, rows: member::rows(scene, &names, &ids, None)? });
            }
            let meant = filter::people(scene.db, &filter, scene.now_ms, scene.today())?;
            let ids = filter::page(scene.db, &meant, self.offset as usize, limit as usize)?;
            return Ok(List { total: meant.len() as i64, rows: member::rows(scene, &names, &ids, None)? });
        }
        let hits = members::search(scene.db, &self.text, None, RANKED_MAX)?;
        let total = hits.len() as i64;
        let page = hits.into_iter().skip(self.offset as usize).take(limit as usize);
        let rows = page.map(|hit| member::row(scene, &names, &hit.member, Some(hit.why))).collect::<Result<_, _>>()?;
        Ok(List { total, rows })
    }
}

/// Filters of members that were kept, by name.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskSegments {}

#[derive(Debug, Serialize, ToSchema)]
pub struct Segment {
    name: String,
    /// What stands after `?` in the address of the list.
    asked: String,
}

impl Ask for AskSegments {
    const PATH: &'static str = "/api/segments";
    const ANY: &'static [Right] = &[Right::Members];
    type Answer = Rows<Segment>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<Segment>, No> {
        Ok(Rows { rows: segments(scene.db)?.into_iter().map(|(name, asked)| Segment { name, asked }).collect() })
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
