//! A table that a page holds whole, such as a part of a side panel: the page sends its cells and gets the file. It shows nothing that the
//! page did not have.
use super::sheet::{Head, Sheet, Written};
use super::{Http, No, chain, download, of};
use crate::app::now_ms;
use crate::http::session::{self, Language};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use shared::base::{BusinessDay, LocalTime};
use shared::branches::HOUSE_ZONE;
use shared::reports::report::Form;
use std::sync::Arc;

/// What a page sends.
#[derive(Deserialize)]
struct Held {
    title: String,
    columns: Vec<String>,
    rows: Vec<Vec<HeldCell>>,
}

/// A cell as pages hold it.
#[derive(Deserialize)]
#[serde(untagged)]
enum HeldCell {
    Text(String),
    Count(i64),
    Money { fen: i64 },
    Quantity { thousandths: i64 },
    Time { ms: i64 },
    Day { day: i64 },
}

/// Rows and columns of such a table.
const ROWS_MAX: usize = 5_000;
const COLUMNS_MAX: usize = 60;

pub async fn held(State(http): State<Arc<Http>>, headers: HeaderMap, body: Bytes) -> Result<Response, No> {
    let asker = session::asker(&http, &headers).await?;
    let held: Held = serde_json::from_slice(&body).map_err(|error| No::not_sound("body", &error.to_string()))?;
    if held.rows.len() > ROWS_MAX || held.columns.len() > COLUMNS_MAX {
        return Err(No::not_sound("rows", "length"));
    }
    let language = asker.language.unwrap_or(Language::Zh);
    let chain = http.app.read(|db| chain(db)).await?;
    let now = now_ms();
    let exported = format!("{} {}", LocalTime::at(now, HOUSE_ZONE.zone_minutes), asker.person.name);
    let name = format!("{chain}-{}-{}.xlsx", held.title, BusinessDay::at(now, HOUSE_ZONE).0);
    let sheet = Sheet {
        title: format!("{chain} · {}", held.title),
        stated: vec![(of(language, "导出", "Exported"), exported)],
        heads: held.columns.into_iter().map(|title| Head { title, total: false }).collect(),
        rows: held.rows.into_iter().map(|row| row.into_iter().map(written).collect()).collect(),
        total: String::new(),
    };
    download(sheet, &name, "table").await
}

fn written(cell: HeldCell) -> Written {
    match cell {
        HeldCell::Text(text) if text.is_empty() => Written::Empty,
        HeldCell::Text(text) => Written::Text(text),
        HeldCell::Count(number) => Written::Number(number, Form::Count),
        HeldCell::Money { fen } => Written::Number(fen, Form::Money),
        HeldCell::Quantity { thousandths } => Written::Number(thousandths, Form::Quantity),
        HeldCell::Time { ms } => Written::Number(ms, Form::Time),
        HeldCell::Day { day } => Written::Number(day, Form::Day),
    }
}
