//! Every list as CSV: the same question, the same right, all its rows. Opens in a spreadsheet: UTF-8 with a mark, amounts in yuan, and no cell
//! that a spreadsheet would take for a formula.
use super::Http;
use super::ask::branches::AskBranches;
use super::ask::calls::AskCalls;
use super::ask::conflicts::AskConflicts;
use super::ask::exceptions::AskExceptions;
use super::ask::goods::{AskCategories, AskProducts};
use super::ask::house::{AskLevels, AskRoles, AskStaff};
use super::ask::members::{AskClaims, AskMembers};
use super::ask::settings::AskSettings;
use super::ask::takings::AskSales;
use super::refused::No;
use super::route::{Ask, EXPORT_ROWS_MAX, asked, asked_of};
use super::session::{self, Asker, Language};
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
    /// The name of a thing.
    Name,
    /// The names or codes of a list.
    Many,
    /// A code that people have a word for.
    Word(&'static [Said]),
}

/// Something in Chinese and in English; of a word, what it is the word for comes first.
type Said = (&'static str, &'static str, &'static str);

/// Header in Chinese and English, where the cell stands in a row, how it is written.
type Column = (&'static str, &'static str, &'static str, As);

use As::{Many, Money, Name, Quantity, Text, Time, Word};

const YES: &[Said] = &[("true", "是", "yes"), ("false", "", "")];
const SLIPS: &[Said] = &[("sale", "销售", "Sale"), ("return", "退货", "Return"), ("top_up", "充值", "Top-up")];
const LINKS: &[Said] = &[("up", "实时", "Live"), ("down", "断开", "Cut off"), ("never", "还没接入", "Never linked")];
const HIDDEN: &[Said] = &[("private", "对方不显号", "Number withheld"), ("out_of_area", "无法显号", "Out of area")];
const CLAIMED: &[Said] = &[("phone", "手机号", "Phone"), ("card", "卡号", "Card")];
const PROGRESS: &[Said] = &[("open", "待处理", "Open"), ("owned", "处理中", "In hand"), ("closed", "已结案", "Closed")];

const SALES: &[Column] = &[
    ("时间", "Time", "at_ms", Time),
    ("门店", "Branch", "branch", Name),
    ("小票号", "Receipt no.", "receipt_no", Text),
    ("类型", "Kind", "kind", Word(SLIPS)),
    ("营业日", "Business day", "day", Text),
    ("收银机", "Till", "till", Text),
    ("收银员", "Cashier", "cashier", Name),
    ("会员", "Member", "member", Name),
    ("收款方式", "Paid by", "tenders", Many),
    ("应收", "Due", "due", Money),
    ("件数", "Pieces", "pieces", Quantity),
    ("积分", "Points", "points", Text),
    ("已退", "Returned", "returned", Word(YES)),
];
const BRANCHES: &[Column] = &[
    ("编码", "Code", "code", Text),
    ("名称", "Name", "name", Text),
    ("英文名", "English name", "name_en", Text),
    ("地址", "Address", "address", Text),
    ("电话", "Phone", "phone", Text),
    ("连接", "Link", "link", Word(LINKS)),
    ("最近联系", "Last contact", "seen_ms", Time),
    ("未上传", "Unsent", "unsent", Text),
    ("价格版本", "Price list", "price_release", Text),
];
const MEMBERS: &[Column] = &[
    ("姓名", "Name", "name", Text),
    ("手机", "Phone", "phone", Text),
    ("卡号", "Cards", "cards", Many),
    ("等级", "Level", "level", Name),
    ("归属门店", "Home branch", "home", Name),
    ("最近到店", "Last visit", "last_visit_ms", Time),
];
const PRODUCTS: &[Column] = &[
    ("商品号", "Number", "number", Text),
    ("名称", "Name", "name", Text),
    ("英文名", "English name", "name_en", Text),
    ("条码", "Barcode", "code", Text),
    ("分类", "Category", "category", Text),
    ("单位", "Unit", "unit", Text),
    ("售价", "Price", "price", Money),
    ("会员价", "Member price", "member_price", Money),
    ("库存", "Stock", "stock", Quantity),
];
const CATEGORIES: &[Column] = &[
    ("编码", "Code", "code", Text),
    ("上级", "Parent", "parent", Text),
    ("名称", "Name", "name", Text),
    ("英文名", "English name", "name_en", Text),
];
const CALLS: &[Column] = &[
    ("时间", "Time", "at_ms", Time),
    ("门店", "Branch", "branch", Name),
    ("号码", "Number", "number", Text),
    ("隐藏", "Hidden", "hidden", Word(HIDDEN)),
    ("会员", "Members", "members", Many),
];
const CONFLICTS: &[Column] = &[
    ("类型", "Kind", "kind", Text),
    ("名称", "Name", "title", Text),
    ("字段", "Field", "key_name", Name),
    ("现值", "Stands now", "candidates.0.value", Text),
    ("另值", "The other", "candidates.1.value", Text),
];
const CLAIMS: &[Column] =
    &[("类型", "Kind", "why", Word(CLAIMED)), ("号码", "Number", "number", Text), ("会员", "Members", "members", Many)];
const EXCEPTIONS: &[Column] = &[
    ("时间", "Time", "at_ms", Time),
    ("事项", "What", "what", Text),
    ("门店", "Branch", "branch", Name),
    ("会员", "Member", "member", Name),
    ("金额", "Amount", "amount", Money),
    ("说明", "Note", "note", Text),
    ("状态", "Progress", "progress", Word(PROGRESS)),
    ("负责人", "Owner", "owner", Name),
    ("结论", "Found", "found", Text),
];
const STAFF: &[Column] = &[
    ("工号", "Staff code", "code", Text),
    ("姓名", "Name", "name", Text),
    ("门店", "Branch", "branch", Name),
    ("角色", "Roles", "roles", Many),
    ("停用", "Disabled", "disabled", Word(YES)),
];
const ROLES: &[Column] = &[
    ("编码", "Code", "code", Text),
    ("名称", "Name", "name", Text),
    ("英文名", "English name", "name_en", Text),
    ("权限", "Rights", "rights", Many),
];
const LEVELS: &[Column] = &[
    ("编码", "Code", "code", Text),
    ("名称", "Name", "name", Text),
    ("英文名", "English name", "name_en", Text),
    ("次序", "Rank", "rank", Text),
    ("折后比例(bp)", "Rate that remains (bp)", "rate", Text),
    ("积分倍率(bp)", "Points factor (bp)", "points_factor", Text),
    ("门槛", "Threshold", "threshold", Money),
];
const SETTINGS: &[Column] =
    &[("组", "Group", "group", Text), ("键", "Key", "key", Text), ("值", "Value", "value", Text), ("默认", "Default", "default", Text)];

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
    let language = asker.language.unwrap_or(Language::Zh);
    // The page's own offset and limit do not count: a list is exported whole.
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.starts_with("offset=") && !pair.starts_with("limit=") && !pair.is_empty()).collect();
    let address = format!("/?{}&offset=0&limit={EXPORT_ROWS_MAX}", kept.join("&"));
    let answer = asked_of(http, asker, asked::<A>(&address.replace("?&", "?"), None)?, EXPORT_ROWS_MAX).await?;
    let answer = serde_json::to_value(answer).map_err(|error| Fault::Damaged(error.to_string()))?;
    let rows = answer.pointer("/rows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    Ok(sheet(rows, columns, language).map_err(|error| Fault::Damaged(error.to_string()))?)
}

fn sheet(rows: &[Value], columns: &[Column], language: Language) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(columns.iter().map(|(zh, en, ..)| in_language(language, zh, en)))?;
    for row in rows {
        writer.write_record(columns.iter().map(|(_, _, place, how)| cell(at(row, place), *how, language)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn in_language<'a>(language: Language, zh: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::En if !en.is_empty() => en,
        _ => zh,
    }
}

/// The name of a thing; of what has no name, the thing itself.
fn name(thing: &Value, language: Language) -> String {
    let part = |key: &str| thing.get(key).and_then(Value::as_str).unwrap_or_default();
    let name = thing.as_str().unwrap_or_else(|| in_language(language, part("name"), part("name_en")));
    harmless(name)
}

/// What stands at `home.name` in a row.
fn at<'a>(row: &'a Value, place: &str) -> &'a Value {
    let inside = |value: &'a Value, part: &str| match value {
        Value::Array(many) => many.get(part.parse::<usize>().ok()?),
        other => other.get(part),
    };
    place.split('.').try_fold(row, inside).unwrap_or(&Value::Null)
}

fn cell(value: &Value, how: As, language: Language) -> String {
    match (how, value) {
        (_, Value::Null) => String::new(),
        (Money, Value::Number(number)) => decimal(number.as_i64().unwrap_or(0), 2),
        (Quantity, Value::Number(number)) => decimal(number.as_i64().unwrap_or(0), 3),
        (Time, Value::Number(number)) => match number.as_i64().unwrap_or(0) {
            0 => String::new(),
            at_ms => LocalTime::at(at_ms, HOUSE_ZONE.zone_minutes).to_string(),
        },
        (Name, thing) => name(thing, language),
        (Many, Value::Array(many)) => many.iter().map(|one| name(one, language)).collect::<Vec<_>>().join(" "),
        (Word(words), code) => {
            let code = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
            let said = words.iter().find(|(known, ..)| *known == code);
            said.map_or(harmless(&code), |(_, zh, en)| in_language(language, zh, en).to_owned())
        }
        (_, Value::String(text)) => harmless(text),
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
    #[case(json!({"name": "中山店", "name_en": "Zhongshan"}), Name, "中山店")]
    #[case(json!("return"), Word(SLIPS), "退货")]
    #[case(json!("gift"), Word(SLIPS), "gift")]
    #[case(json!(true), Word(YES), "是")]
    fn cells(#[case] value: Value, #[case] how: As, #[case] wanted: &str) {
        assert_eq!(cell(&value, how, Language::Zh), wanted);
    }

    #[rstest]
    #[case(json!({"name": "中山店", "name_en": "Zhongshan"}), Name, "Zhongshan")]
    #[case(json!({"name": "王小明", "name_en": ""}), Name, "王小明")]
    #[case(json!("return"), Word(SLIPS), "Return")]
    fn cells_in_english(#[case] value: Value, #[case] how: As, #[case] wanted: &str) {
        assert_eq!(cell(&value, how, Language::En), wanted);
    }
}
