//! Fields that two people set at once.
use super::fifty;
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::{List, Named};
use serde::{Deserialize, Serialize};
use shared::base::DocumentId;
use shared::desk::write::standing;
use shared::documents::{Kind, field};
use shared::journal::{Fault, Right};
use shared::reports::conflicts::{self, CandidateRow, ConflictRow};
use shared::reports::names::{self, BranchRef, Names};
use shared::store::writer::stream_head;
use utoipa::{IntoParams, ToSchema};

/// Fields in conflict, by document.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskConflicts {
    #[serde(default)]
    offset: u32,
    #[serde(default = "fifty")]
    limit: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Conflict {
    document: DocumentId,
    /// `member`, `product`, …
    kind: String,
    /// Name of what it is about.
    title: String,
    key: String,
    key_name: Named,
    candidates: Vec<Candidate>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Candidate {
    /// 0 is what stands everywhere now.
    rank: i64,
    value: String,
    /// None: head office.
    #[schema(required)]
    branch: Option<BranchRef>,
    /// Name of the person.
    #[schema(required)]
    by: Option<String>,
    at_ms: i64,
    /// What stood there when it was set.
    before: String,
}

impl Ask for AskConflicts {
    const PATH: &'static str = "/api/conflicts";
    const ANY: &'static [Right] = &[Right::Conflicts];
    type Answer = List<Conflict>;

    fn answer(self, scene: &Scene<'_>) -> Result<List<Conflict>, No> {
        let names = Names::load(scene.db)?;
        let found = conflicts::list(scene.db, self.offset, scene.rows(self.limit))?;
        let rows = found.iter().map(|row| shown(scene, &names, row)).collect::<Result<_, _>>()?;
        Ok(List { total: conflicts::count(scene.db)?, rows })
    }
}

fn shown(scene: &Scene<'_>, names: &Names, row: &ConflictRow) -> Result<Conflict, Fault> {
    let fields = standing(scene.db, row.document)?;
    let (name, name_en) = match (Kind::from_number(row.kind), row.key.as_str()) {
        (Some(Kind::Member | Kind::Staff), "name") => ("姓名".to_owned(), "Name".to_owned()),
        (_, key) => key_name(key),
    };
    Ok(Conflict {
        document: row.document,
        kind: kind(row.kind).into(),
        title: field::text(&fields, "name"),
        key: row.key.clone(),
        key_name: Named { name, name_en },
        candidates: row.candidates.iter().map(|candidate| self::candidate(scene, names, candidate)).collect::<Result<_, _>>()?,
    })
}

fn candidate(scene: &Scene<'_>, names: &Names, row: &CandidateRow) -> Result<Candidate, Fault> {
    let branch = stream_head(scene.db, row.stream)?.and_then(|head| head.branch);
    Ok(Candidate {
        rank: row.rank,
        value: row.value.clone(),
        branch: branch.map(|branch| names.branch(branch)),
        by: row.by.map(|staff| names::person(scene.db, staff)).transpose()?.flatten().map(|person| person.name),
        at_ms: row.time_s * 1_000,
        before: row.before.clone(),
    })
}

fn kind(number: u16) -> &'static str {
    match Kind::from_number(number) {
        Some(Kind::Settings) => "settings",
        Some(Kind::Branch) => "branch",
        Some(Kind::Category) => "category",
        Some(Kind::Product) => "product",
        Some(Kind::Level) => "level",
        Some(Kind::Role) => "role",
        Some(Kind::Staff) => "staff",
        Some(Kind::Member) => "member",
        Some(Kind::Package) => "package",
        Some(Kind::Tariff) => "tariff",
        None => "unknown",
    }
}

/// What people call a key; one that has no name here is shown as it is.
fn key_name(key: &str) -> (String, String) {
    let (head, tail) = key.split_once(':').unwrap_or((key, ""));
    let said = NAMES.iter().find(|(known, ..)| *known == head);
    let (zh, en) = said.map_or((head, head), |(_, zh, en)| (*zh, *en));
    let with = |name: &str| if tail.is_empty() { name.to_owned() } else { format!("{name} {tail}") };
    (with(zh), with(en))
}

const NAMES: [(&str, &str, &str); 29] = [
    ("name", "名称", "Name"),
    ("name_en", "英文名", "English name"),
    ("code", "编码", "Code"),
    ("phone", "电话", "Phone"),
    ("birthday", "生日", "Birthday"),
    ("card", "卡", "Card"),
    ("note", "备注", "Note"),
    ("home", "归属门店", "Home branch"),
    ("gender", "性别", "Gender"),
    ("number", "商品号", "Number"),
    ("category", "分类", "Category"),
    ("unit", "单位", "Unit"),
    ("weighed", "称重", "Weighed"),
    ("plu", "PLU", "PLU"),
    ("barcode", "条码", "Barcode"),
    ("discountable", "可打折", "Discountable"),
    ("earns_points", "可积分", "Earns points"),
    ("cost_minor", "进价", "Cost"),
    ("gift_points", "兑换积分", "Points price"),
    ("gift_money_minor", "兑换加价", "Money beside points"),
    ("price", "售价", "Price"),
    ("member_price", "会员价", "Member price"),
    ("retired", "停售", "Retired"),
    ("address", "地址", "Address"),
    ("branch", "门店", "Branch"),
    ("parent", "上级分类", "Parent"),
    ("rank", "等级次序", "Rank"),
    ("right", "权限", "Right"),
    ("price_list", "价目表", "Price list"),
];
