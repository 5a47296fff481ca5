//! Files brought in from a page: a job for each, told as it goes on. The rejected lines of a job can be fetched until the process ends.
use super::refused::No;
use super::{Http, session};
use crate::app::now_ms;
use crate::import::{As, Progress, Sheet};
use crate::install::{NotUsable, random};
use crate::moment::Asking;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use serde_json::{Value, json};
use shared::base::CommandId;
use shared::base::ids::time_ordered;
use shared::desk::import::{FILE_BYTES_MAX, File, FileRefused, Kind};
use shared::journal::Right;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use utoipa::ToSchema;

/// Bytes of a body: a file, and a little for whoever sends one byte too many to hear why.
pub const BODY_BYTES_MAX: usize = FILE_BYTES_MAX + 1024;
/// Imports remembered; the oldest goes first.
const IMPORTS_MAX: usize = 50;

/// An import that was started from a page.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Import {
    pub job: String,
    pub kind: Kind,
    /// Nothing of it stays.
    pub trial: bool,
    pub state: ImportState,
    #[serde(flatten)]
    pub progress: Progress,
    pub started_ms: i64,
    #[schema(required)]
    pub finished_ms: Option<i64>,
    /// Why it stopped.
    #[schema(required)]
    pub why: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    Running,
    Done,
    Failed,
}

/// An import and its bad lines, once there are any.
type Kept = (Import, Option<Vec<u8>>);

/// Imports since the start of this process.
#[derive(Default)]
pub struct Imports(Mutex<BTreeMap<String, Kept>>);

impl Imports {
    fn put(&self, import: Import, rejected: Option<Vec<u8>>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(import.job.clone(), (import, rejected));
        while held.len() > IMPORTS_MAX {
            held.pop_first();
        }
    }

    /// Newest first: their ids are ordered by time.
    pub fn list(&self) -> Vec<Import> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().rev().map(|(import, _)| import.clone()).collect()
    }

    pub fn get(&self, job: &str) -> Option<Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(job).cloned()
    }
}

/// What is done with a file.
#[derive(Debug, Default, serde::Deserialize)]
pub struct How {
    /// What its columns are, in their order, divided by commas; an empty name leaves one out. None: as its first line says.
    columns: Option<String>,
    /// Say what would happen; nothing stays.
    #[serde(default)]
    trial: bool,
    /// Only say what its columns are.
    #[serde(default)]
    look: bool,
}

/// Lines of a file that are shown with its columns.
const LOOK_LINES: usize = 3;

/// Takes a file; what is wrong with the whole of it is said at once, the lines go in behind.
pub async fn start(
    State(http): State<Arc<Http>>,
    Path(kind): Path<String>,
    Query(how): Query<How>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, No> {
    let asker = session::asker(&http, &headers).await?;
    asker.needs(&[Right::Import])?;
    let kind = Kind::from_name(&kind).ok_or_else(|| No::not_found("kind"))?;
    let sheet = Sheet::read(kind, &body).map_err(|why| refused(kind, &why))?;
    if how.look {
        let lines: Vec<&Vec<String>> = sheet.lines.iter().take(LOOK_LINES).map(|line| &line.cells).collect();
        let (required, optional) = kind.columns();
        let known: Vec<&str> = required.iter().chain(optional).copied().collect();
        return Ok(Json(json!({"columns": sheet.columns, "lines": lines, "known": known, "required": required})));
    }
    let sheet = sheet.mapped(how.columns.map(|columns| columns.split(',').map(|name| name.trim().to_owned()).collect()));
    File::new(kind, sheet.columns.clone(), http.app.vault.clone()).map_err(|why| refused(kind, &why))?;
    let now = now_ms();
    let as_what = As::new(how.trial)?;
    let job: String = as_what.batch.0.iter().map(|byte| format!("{byte:02x}")).collect();
    let progress = Progress { lines: sheet.lines.len(), ..Progress::default() };
    let import = Import {
        job: job.clone(),
        kind,
        trial: how.trial,
        state: ImportState::Running,
        progress,
        started_ms: now,
        finished_ms: None,
        why: None,
    };
    http.tell(&import, None);
    let (staff, rights) = (asker.person.id, asker.rights.clone());
    let asking =
        move || -> Result<Asking, NotUsable> { Asking::person(CommandId(time_ordered(now_ms(), random()?)), staff, rights.clone()) };
    tokio::task::spawn_blocking(move || run(&http, sheet, import, as_what, &asking));
    Ok(Json(json!({"job": job})))
}

fn run(http: &Http, sheet: Sheet, mut import: Import, as_what: As, asking: &dyn Fn() -> Result<Asking, NotUsable>) {
    let began = import.clone();
    let tell = |progress| http.tell(&Import { progress, ..began.clone() }, None);
    let taken = sheet.take_in(&http.app.clerk, &http.app.vault, as_what, asking, tell);
    import.finished_ms = Some(now_ms());
    match taken {
        Ok((progress, rejected)) => {
            (import.state, import.progress) = (ImportState::Done, progress);
            http.tell(&import, rejected);
        }
        Err(why) => {
            tracing::warn!(%why, "import.failed");
            import.progress = http.imports.get(&import.job).map_or(import.progress, |(last, _)| last.progress);
            (import.state, import.why) = (ImportState::Failed, Some(why.to_string()));
            http.tell(&import, None);
        }
    }
}

impl Http {
    fn tell(&self, import: &Import, rejected: Option<Vec<u8>>) {
        self.imports.put(import.clone(), rejected);
        self.live.tell(Some(Right::Import), &json!({"kind": "import", "import": import}));
    }
}

/// The bad lines of an import, each with its reason.
pub async fn rejected(State(http): State<Arc<Http>>, Path(job): Path<String>, headers: HeaderMap) -> Result<impl IntoResponse, No> {
    let asker = session::asker(&http, &headers).await?;
    asker.needs(&[Right::Import])?;
    let (import, lines) = http.imports.get(&job).ok_or_else(|| No::not_found("import"))?;
    let lines = lines.ok_or_else(|| No::not_found("rejected"))?;
    let name = format!("attachment; filename=\"{}.rejected.csv\"", import.kind.name());
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], lines))
}

fn refused(kind: Kind, why: &FileRefused) -> No {
    let (code, column) = match why {
        FileRefused::UnknownFile(name) => ("unknown_file", name.as_str()),
        FileRefused::UnknownColumn(column) => ("unknown_column", column.as_str()),
        FileRefused::MissingColumn(column) => ("missing_column", column.as_str()),
        FileRefused::ColumnTwice(column) => ("column_twice", column.as_str()),
        FileRefused::NotUtf8 => ("not_utf8", ""),
        FileRefused::Empty => ("empty", ""),
        FileRefused::TooLarge => ("too_large", ""),
        FileRefused::NotCsv(_) => ("not_csv", ""),
    };
    let args = json!({"file": format!("{}.csv", kind.name()), "column": column, "why": code});
    No::here(StatusCode::UNPROCESSABLE_ENTITY, "file_refused", args)
}
