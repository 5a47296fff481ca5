//! Every list as an Excel file: the same question, the same right, all its rows. A list with phones in it asks why, and that it left is noted
//! in the books before it leaves.
mod held;
mod lists;
mod sheet;

use super::Http;
use super::ask::branches::AskBranches;
use super::ask::calls::AskCalls;
use super::ask::conflicts::AskConflicts;
use super::ask::exceptions::AskExceptions;
use super::ask::goods::{AskCategories, AskProducts};
use super::ask::house::{AskLevels, AskRoles, AskStaff};
use super::ask::members::{AskClaims, AskMembers};
use super::ask::messages::AskMessages;
use super::ask::reports::AskReport;
use super::ask::settings::AskSettings;
use super::ask::takings::AskSales;
use super::refused::No;
use super::route::{Ask, EXPORT_ROWS_MAX, asked, asked_of, decide};
use super::session::{self, Asker, Language};
use crate::app::now_ms;
use crate::install::random;
use crate::moment::Asking;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use lists::{As, FILTERS, List};
use serde_json::Value;
use shared::base::ids::time_ordered;
use shared::base::{BranchId, BusinessDay, CommandId, LocalTime, MemberId};
use shared::branches::HOUSE_ZONE;
use shared::desk::note_export::{NoteExport, reason};
use shared::journal::{Fault, Read, Right};
use shared::reports::list;
use shared::reports::names::{self, Names};
use shared::reports::report::{self, Cell, Column, Form, Report};
use shared::store::Priority;
use shared::store::writer::meta;
use sheet::{Head, Sheet, Written};
use std::sync::Arc;

pub use held::held;

/// What Excel calls its files.
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What stands after `?`, in its order.
type Asked = Vec<(String, String)>;

/// What a file is of, beside its rows.
struct Titled {
    /// For the file's name.
    name: &'static str,
    title: &'static str,
    personal: bool,
    /// What it says of itself beside its filters.
    stated: Vec<(String, String)>,
}

pub async fn export(State(http): State<Arc<Http>>, Path(list): Path<String>, headers: HeaderMap, uri: Uri) -> Result<Response, No> {
    let asker = session::asker(&http, &headers).await?;
    match list.strip_suffix(".xlsx").unwrap_or_default() {
        "sales" => listed::<AskSales>(http, asker, &uri, &lists::SALES).await,
        "branches" => listed::<AskBranches>(http, asker, &uri, &lists::BRANCHES).await,
        "members" => listed::<AskMembers>(http, asker, &uri, &lists::MEMBERS).await,
        "products" => listed::<AskProducts>(http, asker, &uri, &lists::PRODUCTS).await,
        "categories" => listed::<AskCategories>(http, asker, &uri, &lists::CATEGORIES).await,
        "calls" => listed::<AskCalls>(http, asker, &uri, &lists::CALLS).await,
        "conflicts" => listed::<AskConflicts>(http, asker, &uri, &lists::CONFLICTS).await,
        "claims" => listed::<AskClaims>(http, asker, &uri, &lists::CLAIMS).await,
        "exceptions" => listed::<AskExceptions>(http, asker, &uri, &lists::EXCEPTIONS).await,
        "messages" => listed::<AskMessages>(http, asker, &uri, &lists::MESSAGES).await,
        "staff" => listed::<AskStaff>(http, asker, &uri, &lists::STAFF).await,
        "roles" => listed::<AskRoles>(http, asker, &uri, &lists::ROLES).await,
        "levels" => listed::<AskLevels>(http, asker, &uri, &lists::LEVELS).await,
        "settings" => listed::<AskSettings>(http, asker, &uri, &lists::SETTINGS).await,
        other => match other.strip_prefix("report-").and_then(list::report) {
            Some(of) => reported(http, asker, &uri, of).await,
            None => Err(No::not_found("list")),
        },
    }
}

/// A report with all its rows.
async fn reported(http: Arc<Http>, asker: Asker, uri: &Uri, of: &'static Report) -> Result<Response, No> {
    asker.needs(of.any)?;
    let language = asker.language.unwrap_or(Language::Zh);
    let kept: Vec<&str> = uri.query().unwrap_or_default().split('&').filter(|pair| !is_own(pair) && !pair.is_empty()).collect();
    let address = format!("/?name={}&{}&limit={EXPORT_ROWS_MAX}", of.name, kept.join("&"));
    let question = asked::<AskReport>(&address.replace("&&", "&"), None)?;
    let answer = asked_of(http.clone(), asker.clone(), question, EXPORT_ROWS_MAX).await?;
    let head = |column: &Column| Head { title: self::of(language, column.zh, column.en), total: column.total };
    let written =
        |row: &report::Row| of.columns.iter().zip(&row.cells).map(|(column, cell)| in_type(cell, column.form, language)).collect();
    let (heads, rows) = (of.columns.iter().map(head).collect(), answer.rows.iter().map(written).collect());
    let title = if language == Language::En { of.en } else { of.zh };
    let mut stated = Vec::new();
    if let Some((from, until)) = answer.days() {
        stated.push((self::of(language, "营业日", "Business days"), format!("{} – {}", BusinessDay(from), BusinessDay(until))));
    }
    let late: Vec<String> = answer.late().map(|branch| self::of(language, &branch.name, &branch.name_en)).collect();
    if !late.is_empty() {
        stated.push((self::of(language, "未齐", "Incomplete"), late.join("、")));
    }
    filed(http, asker, uri, Titled { name: of.name, title, personal: of.personal, stated }, heads, rows).await
}

fn in_type(cell: &Cell, form: Form, language: Language) -> Written {
    match cell {
        Cell::None => Written::Empty,
        Cell::Text(text) if text.is_empty() => Written::Empty,
        Cell::Text(text) => Written::Text(text.clone()),
        Cell::Said(said) => Written::Text(of(language, &said.zh, &said.en)),
        Cell::Number(0) if matches!(form, Form::Day | Form::Time) => Written::Empty,
        Cell::Number(number) => Written::Number(*number, form),
    }
}

async fn listed<A: Ask>(http: Arc<Http>, asker: Asker, uri: &Uri, list: &'static List) -> Result<Response, No> {
    asker.needs(A::ANY)?;
    let language = asker.language.unwrap_or(Language::Zh);
    // The page's own offset and limit do not count: a list is exported whole.
    let kept: Vec<&str> = uri.query().unwrap_or_default().split('&').filter(|pair| !is_own(pair) && !pair.is_empty()).collect();
    let address = format!("/?{}&offset=0&limit={EXPORT_ROWS_MAX}", kept.join("&"));
    let question = asked::<A>(&address.replace("?&", "?"), None)?;
    let answer = asked_of(http.clone(), asker.clone(), question, EXPORT_ROWS_MAX).await?;
    let answer = serde_json::to_value(answer).map_err(|error| Fault::Damaged(error.to_string()))?;
    let rows = answer.pointer("/rows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let heads = list.columns.iter().map(|(zh, en, _, how)| Head { title: of(language, zh, en), total: matches!(how, As::Sum(_)) });
    let written = |row| list.columns.iter().map(|(_, _, place, how)| cell(at(row, place), *how, language)).collect();
    let (heads, rows) = (heads.collect(), rows.iter().map(written).collect());
    let title = if language == Language::En { list.en } else { list.zh };
    filed(http, asker, uri, Titled { name: list.name, title, personal: list.personal, stated: Vec::new() }, heads, rows).await
}

/// Parts of an address that are no filters of the list.
fn is_own(pair: &str) -> bool {
    ["offset=", "limit=", "reason="].iter().any(|own| pair.starts_with(own))
}

/// Notes that the list leaves, where it must be noted, and writes the file.
async fn filed(
    http: Arc<Http>,
    asker: Asker,
    uri: &Uri,
    of_what: Titled,
    heads: Vec<Head>,
    rows: Vec<Vec<Written>>,
) -> Result<Response, No> {
    let asked = Query::<Asked>::try_from_uri(uri).map(|query| query.0).unwrap_or_default();
    let why = asked.iter().find(|(name, _)| name == "reason").map(|(_, why)| why.clone()).unwrap_or_default();
    if of_what.personal {
        reason(&why)?;
        note(&http, &asker, of_what.name, uri, rows.len(), &why).await?;
    }
    let language = asker.language.unwrap_or(Language::Zh);
    let (title, person) = (of_what.title, asker.person.name.clone());
    let (chain, filters) = http.app.read(move |db| Ok((chain(db)?, filters(db, &asked, language)?))).await?;
    let now = now_ms();
    let at = LocalTime::at(now, HOUSE_ZONE.zone_minutes);
    let mut stated = of_what.stated;
    stated.extend(filters.into_iter().filter(|(name, _)| !stated.iter().any(|(known, _)| known == name)).collect::<Vec<_>>());
    stated.push((of(language, "导出", "Exported"), format!("{at} {person}")));
    if !why.trim().is_empty() {
        stated.push((of(language, "用途", "Reason"), why.trim().to_owned()));
    }
    let total = of(language, "合计", "Total");
    let name = format!("{chain}-{title}-{}.xlsx", BusinessDay::at(now, HOUSE_ZONE).0);
    let sheet = Sheet { title: format!("{chain} · {title}"), stated, heads, rows, total };
    download(sheet, &name, of_what.name).await
}

/// The file of a sheet, made off the async threads.
async fn download(sheet: Sheet, name: &str, ascii: &str) -> Result<Response, No> {
    let bytes = tokio::task::spawn_blocking(move || sheet::bytes(&sheet)).await.map_err(|_| Fault::Stopped)?;
    let bytes = bytes.map_err(|error| Fault::Damaged(error.to_string()))?;
    let disposition = format!("attachment; filename=\"{ascii}.xlsx\"; filename*=UTF-8''{}", percent(name));
    Ok(([(header::CONTENT_TYPE, EXCEL.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// A name as a header carries it (RFC 8187).
fn percent(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    name.bytes().map(|byte| if plain(byte) { (byte as char).to_string() } else { format!("%{byte:02X}") }).collect()
}

async fn note(http: &Arc<Http>, asker: &Asker, list: &str, uri: &Uri, rows: usize, why: &str) -> Result<(), No> {
    let filters: Vec<&str> = uri.query().unwrap_or_default().split('&').filter(|pair| !is_own(pair)).collect();
    let noted = NoteExport {
        list: list.to_owned(),
        filters: filters.join("&"),
        rows: u32::try_from(rows).unwrap_or(u32::MAX),
        phones: asker.may(Right::SeePhones),
        reason: why.to_owned(),
    };
    let command = CommandId(time_ordered(now_ms(), random()?));
    let asking = Asking::person(command, asker.person.id, asker.rights_for_commands())?;
    let written = http.app.write(Priority::Till, move |writer| match decide(writer, &noted, &asking, 0) {
        Err(No::Fault(fault)) => Err(fault),
        other => Ok(other.map(|_| ())),
    });
    written.await?
}

fn chain(db: &dyn Read) -> Result<String, Fault> {
    Ok(meta(db, "chain")?.map(|name| String::from_utf8_lossy(&name).into_owned()).unwrap_or_default())
}

/// The filters as a person reads them.
fn filters(db: &dyn Read, asked: &Asked, language: Language) -> Result<Vec<(String, String)>, Fault> {
    let mut said = Vec::new();
    for (name, value) in asked.iter().filter(|(_, value)| !value.is_empty()) {
        let Some((_, zh, en)) = FILTERS.iter().find(|(known, ..)| known == name) else { continue };
        let value = match name.as_str() {
            "branch" => match value.parse::<BranchId>() {
                Ok(id) => Names::load(db)?.branch(id).name,
                Err(_) => value.clone(),
            },
            "member" => match value.parse::<MemberId>() {
                Ok(id) => names::member(db, id)?.map_or_else(|| value.clone(), |member| member.name),
                Err(_) => value.clone(),
            },
            "day" | "from" | "until" => value.parse::<u32>().map_or_else(|_| value.clone(), |day| BusinessDay(day).to_string()),
            _ => value.clone(),
        };
        said.push((of(language, zh, en), value));
    }
    Ok(said)
}

/// A word in a language; Chinese where English has none.
fn of(language: Language, zh: &str, en: &str) -> String {
    match language {
        Language::En if !en.is_empty() => en.to_owned(),
        _ => zh.to_owned(),
    }
}

/// The name of a thing; of what has no name, the thing itself.
fn name(thing: &Value, language: Language) -> String {
    let part = |key: &str| thing.get(key).and_then(Value::as_str).unwrap_or_default();
    thing.as_str().map_or_else(|| of(language, part("name"), part("name_en")), str::to_owned)
}

/// What stands at `home.name` in a row.
fn at<'a>(row: &'a Value, place: &str) -> &'a Value {
    let inside = |value: &'a Value, part: &str| match value {
        Value::Array(many) => many.get(part.parse::<usize>().ok()?),
        other => other.get(part),
    };
    place.split('.').try_fold(row, inside).unwrap_or(&Value::Null)
}

fn cell(value: &Value, how: As, language: Language) -> Written {
    let text = |text: String| if text.is_empty() { Written::Empty } else { Written::Text(text) };
    match (how, value) {
        (_, Value::Null) => Written::Empty,
        (As::Number(form) | As::Sum(form), Value::Number(number)) => match (form, number.as_i64().unwrap_or(0)) {
            (Form::Time | Form::Day, 0) => Written::Empty,
            (_, number) => Written::Number(number, form),
        },
        (As::Name, thing) => text(name(thing, language)),
        (As::Many, Value::Array(many)) => text(many.iter().map(|one| name(one, language)).collect::<Vec<_>>().join(" ")),
        (As::Word(words), code) => {
            let code = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
            let said = words.iter().find(|(known, ..)| *known == code);
            text(said.map_or(code, |(_, zh, en)| of(language, zh, en)))
        }
        (_, Value::String(said)) => text(said.clone()),
        (_, other) => text(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
