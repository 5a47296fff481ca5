//! Every list as CSV: the same question, the same right, all its rows. Opens in a spreadsheet: UTF-8 with a mark, amounts in yuan, and no cell
//! that a spreadsheet would take for a formula.
use super::Http;
use super::ask::branches::AskBranches;
use super::ask::calls::AskCalls;
use super::ask::conflicts::AskConflicts;
use super::ask::exceptions::AskExceptions;
use super::ask::goods::{AskCategories, AskProducts};
use super::ask::house::{AskLevels, AskRoles, AskSettings, AskStaff};
use super::ask::members::{AskClaims, AskMembers};
use super::ask::takings::AskSales;
use super::refused::No;
use super::route::{Ask, EXPORT_ROWS_MAX, asked, asked_of};
use super::session::{self, Asker};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::IntoResponse;
use serde_json::Value;
use shared::base::LocalTime;
use shared::branches::HOUSE_ZONE;
use shared::journal::Fault;
use std::sync::Arc;

/// How a cell is written.
#[derive(Clone, Copy)]
enum As {
    Text,
    /// Minor units as yuan.
    Money,
    /// Thousandths as a decimal.
    Quantity,
    /// UTC ms as head office's time.
    Time,
    /// The names or codes of a list.
    Many,
}

/// Header, where the cell stands in a row, how it is written.
type Column = (&'static str, &'static str, As);

use As::{Many, Money, Quantity, Text, Time};

const SALES: &[Column] = &[
    ("时间", "at_ms", Time),
    ("门店", "branch.name", Text),
    ("小票号", "receipt_no", Text),
    ("类型", "kind", Text),
    ("营业日", "day", Text),
    ("收银机", "till", Text),
    ("收银员", "cashier.name", Text),
    ("会员", "member.name", Text),
    ("应收", "due", Money),
    ("件数", "pieces", Quantity),
    ("积分", "points", Text),
    ("已退", "returned", Text),
];
const BRANCHES: &[Column] = &[
    ("编码", "code", Text),
    ("名称", "name", Text),
    ("英文名", "name_en", Text),
    ("地址", "address", Text),
    ("电话", "phone", Text),
    ("连接", "link", Text),
    ("最近联系", "seen_ms", Time),
    ("未上传", "unsent", Text),
    ("价格版本", "price_release", Text),
];
const MEMBERS: &[Column] = &[
    ("姓名", "name", Text),
    ("手机", "phone", Text),
    ("卡号", "cards", Many),
    ("等级", "level.name", Text),
    ("归属门店", "home.name", Text),
    ("最近到店", "last_visit_ms", Time),
];
const PRODUCTS: &[Column] = &[
    ("商品号", "number", Text),
    ("名称", "name", Text),
    ("英文名", "name_en", Text),
    ("条码", "code", Text),
    ("分类", "category", Text),
    ("单位", "unit", Text),
    ("售价", "price", Money),
    ("会员价", "member_price", Money),
    ("库存", "stock", Quantity),
];
const CATEGORIES: &[Column] = &[("编码", "code", Text), ("上级", "parent", Text), ("名称", "name", Text), ("英文名", "name_en", Text)];
const CALLS: &[Column] = &[
    ("时间", "at_ms", Time),
    ("门店", "branch.name", Text),
    ("号码", "number", Text),
    ("隐藏", "hidden", Text),
    ("会员", "members", Many),
];
const CONFLICTS: &[Column] = &[
    ("类型", "kind", Text),
    ("名称", "title", Text),
    ("字段", "key_name.name", Text),
    ("现值", "candidates.0.value", Text),
    ("另值", "candidates.1.value", Text),
];
const CLAIMS: &[Column] = &[("类型", "why", Text), ("号码", "number", Text), ("会员", "members", Many)];
const EXCEPTIONS: &[Column] = &[
    ("时间", "at_ms", Time),
    ("事项", "what", Text),
    ("门店", "branch.name", Text),
    ("会员", "member.name", Text),
    ("金额", "amount", Money),
    ("说明", "note", Text),
    ("状态", "progress", Text),
    ("负责人", "owner.name", Text),
    ("结论", "found", Text),
];
const STAFF: &[Column] =
    &[("工号", "code", Text), ("姓名", "name", Text), ("门店", "branch.name", Text), ("角色", "roles", Many), ("停用", "disabled", Text)];
const ROLES: &[Column] = &[("编码", "code", Text), ("名称", "name", Text), ("英文名", "name_en", Text), ("权限", "rights", Many)];
const LEVELS: &[Column] = &[
    ("编码", "code", Text),
    ("名称", "name", Text),
    ("英文名", "name_en", Text),
    ("次序", "rank", Text),
    ("折后比例(bp)", "rate", Text),
    ("积分倍率(bp)", "points_factor", Text),
    ("门槛", "threshold", Money),
];
const SETTINGS: &[Column] = &[("组", "group", Text), ("键", "key", Text), ("值", "value", Text)];

pub async fn export(
    State(http): State<Arc<Http>>,
    Path(list): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<impl IntoResponse, No> {
    let asker = session::asker(&http, &headers).await?;
    let query = uri.query().unwrap_or_default();
    let list = list.strip_suffix(".csv").unwrap_or(&list).to_owned();
    let bytes = match list.as_str() {
        "sales" => written::<AskSales>(http, asker, query, SALES).await,
        "branches" => written::<AskBranches>(http, asker, query, BRANCHES).await,
        "members" => written::<AskMembers>(http, asker, query, MEMBERS).await,
        "products" => written::<AskProducts>(http, asker, query, PRODUCTS).await,
        "categories" => written::<AskCategories>(http, asker, query, CATEGORIES).await,
        "calls" => written::<AskCalls>(http, asker, query, CALLS).await,
        "conflicts" => written::<AskConflicts>(http, asker, query, CONFLICTS).await,
        "claims" => written::<AskClaims>(http, asker, query, CLAIMS).await,
        "exceptions" => written::<AskExceptions>(http, asker, query, EXCEPTIONS).await,
        "staff" => written::<AskStaff>(http, asker, query, STAFF).await,
        "roles" => written::<AskRoles>(http, asker, query, ROLES).await,
        "levels" => written::<AskLevels>(http, asker, query, LEVELS).await,
        "settings" => written::<AskSettings>(http, asker, query, SETTINGS).await,
        _ => Err(No::not_found("list")),
    }?;
    let name = format!("attachment; filename=\"{list}.csv\"");
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], bytes))
}

async fn written<A: Ask>(http: Arc<Http>, asker: Asker, query: &str, columns: &[Column]) -> Result<Vec<u8>, No> {
    asker.needs(A::ANY)?;
    // The page's own offset and limit do not count: a list is exported whole.
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.starts_with("offset=") && !pair.starts_with("limit=") && !pair.is_empty()).collect();
    let address = format!("/?{}&offset=0&limit={EXPORT_ROWS_MAX}", kept.join("&"));
    let answer = asked_of(http, asker, asked::<A>(&address.replace("?&", "?"), None)?, EXPORT_ROWS_MAX).await?;
    let answer = serde_json::to_value(answer).map_err(|error| Fault::Damaged(error.to_string()))?;
    let rows = answer.pointer("/rows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    Ok(sheet(rows, columns).map_err(|error| Fault::Damaged(error.to_string()))?)
}

fn sheet(rows: &[Value], columns: &[Column]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(columns.iter().map(|(header, ..)| header))?;
    for row in rows {
        writer.write_record(columns.iter().map(|(_, place, how)| cell(at(row, place), *how)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// What stands at `home.name` in a row.
fn at<'a>(row: &'a Value, place: &str) -> &'a Value {
    let inside = |value: &'a Value, part: &str| match value {
        Value::Array(many) => many.get(part.parse::<usize>().ok()?),
        other => other.get(part),
    };
    place.split('.').try_fold(row, inside).unwrap_or(&Value::Null)
}

fn cell(value: &Value, how: As) -> String {
    match (how, value) {
        (_, Value::Null) => String::new(),
        (Money, Value::Number(number)) => decimal(number.as_i64().unwrap_or(0), 2),
        (Quantity, Value::Number(number)) => decimal(number.as_i64().unwrap_or(0), 3),
        (Time, Value::Number(number)) => match number.as_i64().unwrap_or(0) {
            0 => String::new(),
            at_ms => LocalTime::at(at_ms, HOUSE_ZONE.zone_minutes).to_string(),
        },
        (Many, Value::Array(many)) => {
            let name = |one: &Value| harmless(one.as_str().or_else(|| one.get("name")?.as_str()).unwrap_or_default());
            many.iter().map(name).collect::<Vec<_>>().join(" ")
        }
        (_, Value::String(text)) => harmless(text),
        (_, Value::Bool(yes)) => i64::from(*yes).to_string(),
        (_, other) => other.to_string(),
    }
}

/// `-1250` with two places is `-12.50`.
fn decimal(number: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}.{:0width$}", number.unsigned_abs() / unit, number.unsigned_abs() % unit, width = places as usize)
}

/// A text that begins like a formula is marked as text, as spreadsheets do it.
fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(json!(-1250), Money, "-12.50")]
    #[case(json!(5), Money, "0.05")]
    #[case(json!(1500), Quantity, "1.500")]
    #[case(json!(1_795_240_800_000_i64), Time, "2026-11-21 14:00:00")]
    #[case(json!(0), Time, "")]
    #[case(json!(null), Money, "")]
    #[case(json!("=HYPERLINK(1)"), Text, "'=HYPERLINK(1)")]
    #[case(json!([{"name": "王小明"}, {"name": "@李"}]), Many, "王小明 '@李")]
    #[case(json!(["6001", "6002"]), Many, "6001 6002")]
    fn cells(#[case] value: Value, #[case] how: As, #[case] wanted: &str) {
        assert_eq!(cell(&value, how), wanted);
    }
}
