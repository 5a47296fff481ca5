//! Takings and slips.
use super::fifty;
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::List;
use crate::http::shown::sale::{self, Sale, SaleRow};
use serde::{Deserialize, Serialize};
use shared::base::{BranchId, BusinessDay, CommandId, MemberId};
use shared::journal::Right;
use shared::reports::names::{BranchRef, Names, TenderSum};
use shared::reports::slips::{self, Of};
use shared::reports::takings::{self, Figures, Hour, StoredValue};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// What a business day brought.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskTakings {
    /// yyyymmdd; today if nobody says.
    day: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Takings {
    day: u32,
    as_of_ms: i64,
    total: Figures,
    /// By code.
    branches: Vec<TakingsOfBranch>,
    /// Of all branches.
    hours: Vec<Hour>,
    /// 储值余额 of all members, now.
    value: StoredValue,
    tenders: Vec<TenderSum>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TakingsOfBranch {
    branch: BranchRef,
    figures: Figures,
    hours: Vec<Hour>,
}

impl Ask for AskTakings {
    const PATH: &'static str = "/api/takings";
    const ANY: &'static [Right] = &[Right::SeeTakings];
    type Answer = Takings;

    fn answer(self, scene: &Scene<'_>) -> Result<Takings, No> {
        let day = self.day.map_or_else(|| scene.today(), BusinessDay);
        let names = Names::load(scene.db)?;
        let (mut branches, mut by_tender) = (Vec::new(), BTreeMap::<String, i64>::new());
        for branch in names.branches() {
            for (code, amount) in takings::tenders(scene.db, branch.id, day)? {
                *by_tender.entry(code).or_default() += amount;
            }
            let (figures, hours) = (takings::day(scene.db, branch.id, day)?, takings::hours(scene.db, branch.id, day)?);
            branches.push(TakingsOfBranch { branch, figures, hours });
        }
        Ok(Takings {
            day: day.0,
            as_of_ms: scene.now_ms,
            total: branches.iter().fold(Figures::default(), |sum, branch| sum.plus(branch.figures)),
            hours: all_hours(&branches),
            value: takings::value_of_members(scene.db)?,
            tenders: by_tender.iter().map(|(code, amount)| names.tender(code, *amount)).collect(),
            branches,
        })
    }
}

fn all_hours(branches: &[TakingsOfBranch]) -> Vec<Hour> {
    let of = |hour: u8| branches.iter().filter_map(move |branch| branch.hours.get(usize::from(hour)));
    let sum = |hour: u8| {
        of(hour).fold(Hour { hour, ..Hour::default() }, |sum, hour| Hour {
            hour: sum.hour,
            turnover: sum.turnover + hour.turnover,
            received: sum.received + hour.received,
            top_ups: sum.top_ups + hour.top_ups,
            bills: sum.bills + hour.bills,
        })
    };
    (0..24).map(sum).collect()
}

/// Slips, newest first.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskSales {
    day: Option<u32>,
    branch: Option<BranchId>,
    member: Option<MemberId>,
    #[serde(default)]
    offset: u32,
    #[serde(default = "fifty")]
    limit: u32,
}

impl Ask for AskSales {
    const PATH: &'static str = "/api/sales";
    const ANY: &'static [Right] = &[Right::SeeTakings];
    type Answer = List<SaleRow>;

    fn answer(self, scene: &Scene<'_>) -> Result<List<SaleRow>, No> {
        let names = Names::load(scene.db)?;
        let all = || names.branches().into_iter().map(|branch| branch.id).collect();
        let of = match self.member {
            Some(member) => Of::Member(member),
            None => Of::Branches(self.branch.map_or_else(all, |branch| vec![branch]), self.day.map(BusinessDay)),
        };
        listed(scene, &names, &of, self.offset, self.limit)
    }
}

fn listed(scene: &Scene<'_>, names: &Names, of: &Of, offset: u32, limit: u32) -> Result<List<SaleRow>, No> {
    let (total, slips) = slips::list(scene.db, of, offset, scene.rows(limit))?;
    let rows = slips.iter().map(|slip| sale::row(scene.db, names, slip)).collect::<Result<_, _>>()?;
    Ok(List { total, rows })
}

/// One slip down to its lines. Whoever sees a member's history opens it too.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskSale {
    id: String,
}

impl Ask for AskSale {
    const PATH: &'static str = "/api/sales/{id}";
    const ANY: &'static [Right] = &[Right::SeeTakings, Right::Members];
    type Answer = Sale;

    fn answer(self, scene: &Scene<'_>) -> Result<Sale, No> {
        // The id of a sale is that of its command, whatever prefix it is shown with.
        let hex = self.id.rsplit('_').next().unwrap_or_default();
        let id = format!("{}_{hex}", CommandId::PREFIX).parse().map_err(|_| No::not_found("sale"))?;
        sale::whole(scene.db, id)
    }
}

/// Slips of one member, newest first.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskHistory {
    id: MemberId,
    #[serde(default)]
    offset: u32,
    #[serde(default = "fifty")]
    limit: u32,
}

impl Ask for AskHistory {
    const PATH: &'static str = "/api/members/{id}/history";
    const ANY: &'static [Right] = &[Right::Members];
    type Answer = List<SaleRow>;

    fn answer(self, scene: &Scene<'_>) -> Result<List<SaleRow>, No> {
        listed(scene, &Names::load(scene.db)?, &Of::Member(self.id), self.offset, self.limit)
    }
}
