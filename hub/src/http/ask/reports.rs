//! Reports: which there are, and any one of them. What a report is stands in `shared::reports::list`; here is only who may and for which days.
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::Rows;
use crate::http::shown::branch::{self, LinkState};
use serde::{Deserialize, Serialize};
use shared::base::{BranchId, BusinessDay};
use shared::branches;
use shared::journal::{Fault, Refusal, Right};
use shared::reports::list::{REPORTS, report};
use shared::reports::names::BranchRef;
use shared::reports::report::{Asked, Cell, DAYS_MAX, Form, Report, Row, totals};
use utoipa::{IntoParams, ToSchema};

/// The reports that the person may see.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskReports {}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReportName {
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    /// It holds phones or birthdays: an export asks why.
    personal: bool,
    /// It is about days.
    days: bool,
    columns: Vec<ReportColumn>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReportColumn {
    zh: &'static str,
    en: &'static str,
    form: Form,
}

/// Any right by which a report is seen.
const ANY: &[Right] = &[Right::SeeTakings, Right::Members, Right::Exceptions, Right::Staff];

fn named(report: &Report) -> ReportName {
    let columns = report.columns.iter().map(|column| ReportColumn { zh: column.zh, en: column.en, form: column.form });
    let Report { name, zh, en, personal, days, .. } = *report;
    ReportName { name, zh, en, personal, days, columns: columns.collect() }
}

impl Ask for AskReports {
    const PATH: &'static str = "/api/reports";
    const ANY: &'static [Right] = ANY;
    type Answer = Rows<ReportName>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<ReportName>, No> {
        let seen = REPORTS.iter().filter(|report| report.any.iter().any(|right| scene.may(*right)));
        Ok(Rows { rows: seen.map(|report| named(report)).collect() })
    }
}

/// One report of some days and one branch or all of them. Days yyyymmdd; today if nobody says.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskReport {
    name: String,
    from: Option<u32>,
    until: Option<u32>,
    branch: Option<BranchId>,
    #[serde(default = "page")]
    limit: u32,
}

/// Rows of a page if nobody says.
fn page() -> u32 {
    200
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReportAnswer {
    from: u32,
    until: u32,
    days: bool,
    as_of_ms: i64,
    pub rows: Vec<Row>,
    /// Sums of these rows, for the columns that have one.
    totals: Vec<Cell>,
    /// There are more rows than these.
    more: bool,
    /// Branches that may still bring entries of these days (未齐).
    late: Vec<Late>,
}

/// A branch that has not brought everything.
#[derive(Debug, Serialize, ToSchema)]
pub struct Late {
    branch: BranchRef,
    /// Last heard, UTC ms.
    seen_ms: i64,
    /// Entries that it told of and that have not come; none: not known.
    #[schema(required)]
    unsent: Option<i64>,
}

impl ReportAnswer {
    /// First and last day, if it is about days.
    pub fn days(&self) -> Option<(u32, u32)> {
        self.days.then_some((self.from, self.until))
    }

    /// Branches that have not brought everything.
    pub fn late(&self) -> impl Iterator<Item = &BranchRef> {
        self.late.iter().map(|late| &late.branch)
    }
}

impl Ask for AskReport {
    const PATH: &'static str = "/api/reports/{name}";
    const ANY: &'static [Right] = ANY;
    type Answer = ReportAnswer;

    fn answer(self, scene: &Scene<'_>) -> Result<ReportAnswer, No> {
        let of = report(&self.name).ok_or_else(|| No::not_found("report"))?;
        if !of.any.iter().any(|right| scene.may(*right)) {
            return Err(Refusal::NotAllowed { right: of.any[0] }.into());
        }
        let (from, until) = span(&self, scene.today())?;
        let all = branches::branches(scene.db)?;
        let branches: Vec<BranchId> = match self.branch {
            Some(branch) => vec![branch],
            None => all.iter().map(|branch| branch.id).collect(),
        };
        let limit = scene.rows(self.limit) as usize;
        let asked = Asked { from, until, branches, see_phones: scene.may(Right::SeePhones), now_ms: scene.now_ms, rows_max: limit + 1 };
        let mut rows = (of.query)(scene.db, &asked)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let late = if of.days { late(scene, &asked, &all)? } else { Vec::new() };
        let totals = totals(of.columns, &rows);
        Ok(ReportAnswer { from: from.0, until: until.0, days: of.days, as_of_ms: scene.now_ms, rows, totals, more, late })
    }
}

/// The days asked.
fn span(asked: &AskReport, today: BusinessDay) -> Result<(BusinessDay, BusinessDay), No> {
    let day = |number: Option<u32>, otherwise: BusinessDay| match number {
        None => Ok(otherwise),
        Some(number) => BusinessDay::of(number / 10_000, number / 100 % 100, number % 100).ok_or_else(|| No::not_sound("day", "form")),
    };
    let until = day(asked.until, day(asked.from, today)?.max(today))?;
    let from = day(asked.from, until)?;
    match (0..DAYS_MAX).contains(&until.days_since(from)) {
        true => Ok((from, until)),
        false => Err(No::not_sound("days", "range")),
    }
}

/// The branches asked that were not heard since the last of these days was over, or that told of entries which have not come.
fn late(scene: &Scene<'_>, asked: &Asked, all: &[branches::Branch]) -> Result<Vec<Late>, Fault> {
    let mut late = Vec::new();
    for known in all.iter().filter(|known| asked.branches.contains(&known.id)) {
        let end_ms = asked.until.next().begins_ms(known.zone).min(scene.now_ms);
        let shown = branch::shown(scene.db, scene.http, known, scene.now_ms)?;
        let sealed = shown.install.as_ref().is_some_and(|install| install.sealed);
        let silent = shown.link == LinkState::Down && shown.seen_ms < end_ms;
        let owing = shown.unsent.is_some_and(|unsent| unsent > 0);
        if shown.link != LinkState::Never && !sealed && (silent || owing) {
            late.push(Late { branch: shown.branch, seen_ms: shown.seen_ms, unsent: shown.unsent });
        }
    }
    Ok(late)
}
