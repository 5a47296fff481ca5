//! CSV files on their way in: read, decided in groups, bad lines written back. Progress is told line by line. The rules are `desk::import`.
use crate::app::now_ms;
use crate::install::{NotUsable, random};
use crate::moment::Asking;
use calamine::{Data, Reader, Xlsx};
use shared::base::CommandId;
use shared::base::ids::time_ordered;
use shared::base::vault::Vault;
use shared::desk::import::{Amounts, Done, FILE_BYTES_MAX, File, FileRefused, Kind, Line, Reason};
use shared::journal::Fault;
use shared::store::{Clerk, Priority};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A file as it was read: its columns and lines, in order.
pub struct Sheet {
    pub kind: Kind,
    pub columns: Vec<String>,
    pub lines: Vec<Line>,
}

/// Ends of line where the reader says that a record begins: it stands behind the CR of the line before, and before blank lines.
fn ends_of_line(text: &str, at: u64) -> u64 {
    let rest = text.as_bytes().get(usize::try_from(at).unwrap_or(usize::MAX)..).unwrap_or_default();
    rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count() as u64
}

/// How far an import is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(as = ImportProgress)]
pub struct Progress {
    pub lines: usize,
    pub done: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub rejected: usize,
    /// What the lines of members bring, and what of it the rejected ones would: the two tell what is in.
    pub amounts: Amounts,
    pub missing: Amounts,
}

impl Sheet {
    /// Reads a file's bytes.
    ///
    /// # Errors
    /// Why the whole file is refused.
    pub fn read(kind: Kind, bytes: &[u8]) -> Result<Sheet, FileRefused> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(FileRefused::TooLarge);
        }
        if bytes.starts_with(b"PK") {
            return spreadsheet(kind, bytes);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| FileRefused::NotUtf8)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let not_csv = |error: csv::Error| FileRefused::NotCsv(error.to_string());
        let columns: Vec<String> = reader.headers().map_err(not_csv)?.iter().map(|name| name.trim().to_owned()).collect();
        if columns.iter().all(String::is_empty) {
            return Err(FileRefused::Empty);
        }
        let mut lines = Vec::new();
        for record in reader.records() {
            let record = record.map_err(not_csv)?;
            let number = record.position().map_or(0, |at| at.line() + ends_of_line(text, at.byte()));
            lines.push(Line { number, cells: record.iter().map(str::to_owned).collect() });
        }
        Ok(Sheet { kind, columns, lines })
    }

    /// Under its columns stands what these names say; an empty one is left out.
    #[must_use]
    pub fn mapped(self, columns: Option<Vec<String>>) -> Sheet {
        let Some(mut columns) = columns else { return self };
        columns.resize(self.columns.len(), String::new());
        Sheet { columns, ..self }
    }

    /// Decides every line of a batch; tells after each group. On trial nothing of it stays: each group is taken back, so that a line which needs
    /// one of another group is rejected. Answers the progress and the bad lines as a file, if there are any.
    ///
    /// # Errors
    /// A fault of the store: the groups before it are in.
    pub fn take_in(
        self,
        clerk: &Clerk,
        vault: &Vault,
        as_what: As,
        asking: &dyn Fn() -> Result<Asking, NotUsable>,
        mut tell: impl FnMut(Progress),
    ) -> Result<(Progress, Option<Vec<u8>>), NotTaken> {
        let file = File::new(self.kind, self.columns.clone(), vault.clone())?.in_batch(as_what.batch);
        let mut progress = Progress { lines: self.lines.len(), ..Progress::default() };
        let (mut rejected, mut released): (Vec<(&Line, String)>, u32) = (Vec::new(), 0);
        for group in self.lines.chunks(file.lines_per_group()) {
            let outcome = decide(clerk, &file, group, asking()?, as_what.trial)?;
            for (line, done) in group.iter().zip(outcome) {
                progress.done += 1;
                progress.amounts.add(file.amounts(line));
                match done {
                    Ok(Done::Changed { prices }) => {
                        progress.changed += 1;
                        released += prices;
                    }
                    Ok(Done::Unchanged) => progress.unchanged += 1,
                    Err(reason) => {
                        progress.rejected += 1;
                        progress.missing.add(file.amounts(line));
                        rejected.push((line, reason));
                    }
                }
            }
            tell(progress);
        }
        if released > 0 && !as_what.trial {
            let asking = asking()?;
            clerk.run(Priority::CatchUp, move |writer| {
                let moment = asking.moment(writer)?;
                file.release(writer, released, &moment)
            })?;
        }
        let rejected = (!rejected.is_empty()).then(|| written(&self.columns, &rejected)).transpose()?;
        Ok((progress, rejected))
    }
}

/// How a file is taken in.
#[derive(Debug, Clone, Copy)]
pub struct As {
    /// Under which the openings that come with it are known.
    pub batch: CommandId,
    pub trial: bool,
}

impl As {
    /// Under an id of its own.
    ///
    /// # Errors
    /// `Random` if the system gives no random bytes.
    pub fn new(trial: bool) -> Result<As, NotUsable> {
        Ok(As { batch: CommandId(time_ordered(now_ms(), random()?)), trial })
    }
}

/// The first sheet of a workbook. Whole numbers are written without a point, days as yyyymmdd.
fn spreadsheet(kind: Kind, bytes: &[u8]) -> Result<Sheet, FileRefused> {
    let not_read = |error: calamine::XlsxError| FileRefused::NotCsv(error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).map_err(not_read)?;
    let Some(range) = book.worksheet_range_at(0).transpose().map_err(not_read)? else { return Err(FileRefused::Empty) };
    let first = range.start().map_or(0, |(row, _)| u64::from(row));
    let mut rows = (first + 1..).zip(range.rows()).map(|(number, cells)| Line { number, cells: cells.iter().map(cell).collect() });
    let blank = |line: &Line| line.cells.iter().all(String::is_empty);
    let Some(head) = rows.next().filter(|head| !blank(head)) else { return Err(FileRefused::Empty) };
    let columns = head.cells.iter().map(|name| name.trim().to_owned()).collect();
    Ok(Sheet { kind, columns, lines: rows.filter(|line| !blank(line)).collect() })
}

fn cell(data: &Data) -> String {
    match data {
        Data::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}{month:02}{day:02}")
        }
        other => other.to_string().trim().to_owned(),
    }
}

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error(transparent)]
    Refused(#[from] FileRefused),
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("{0}: {1}")]
    In(PathBuf, Box<NotTaken>),
    #[error("{0}: {1}")]
    Disk(PathBuf, std::io::Error),
    #[error("the rejected lines cannot be written: {0}")]
    Csv(#[from] csv::Error),
    #[error(transparent)]
    Random(#[from] NotUsable),
}

type Outcome = Vec<Result<Done, Reason>>;

fn decide(clerk: &Clerk, file: &File, lines: &[Line], asking: Asking, trial: bool) -> Result<Vec<Result<Done, String>>, NotTaken> {
    let (file, lines) = (file.clone(), lines.to_vec());
    // The clerk takes back what ends with a fault: what a trial found leaves by the side.
    let found: Arc<Mutex<Option<Outcome>>> = Arc::default();
    let side = found.clone();
    let decided = clerk.run(Priority::CatchUp, move |writer| {
        let moment = asking.moment(writer)?;
        let outcome = file.take_in(writer, &lines, &moment)?;
        match trial {
            false => Ok(outcome),
            true => {
                *side.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
                Err(Fault::Stopped)
            }
        }
    });
    let found = found.lock().unwrap_or_else(PoisonError::into_inner).take();
    let outcome = found.map_or(decided, Ok)?;
    Ok(outcome.into_iter().map(|done| done.map_err(|reason| reason.text())).collect())
}

/// The bad lines with their numbers and reasons, as CSV that a spreadsheet opens in the right coding.
fn written(columns: &[String], rejected: &[(&Line, String)]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(columns.iter().map(String::as_str).chain(["line", "reason"]))?;
    for (line, reason) in rejected {
        let number = line.number.to_string();
        let blank = std::iter::repeat("");
        let cells = line.cells.iter().map(String::as_str).chain(blank).take(columns.len());
        writer.write_record(cells.chain([number.as_str(), reason.as_str()]))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Brings in files and folders; a line is said per file. Files of a folder come in the order of the kinds.
///
/// # Errors
/// A file that cannot be read or is refused whole, by name; a fault of the store.
pub fn files(clerk: &Clerk, vault: &Vault, paths: &[PathBuf], mut say: impl FnMut(String)) -> Result<(), NotTaken> {
    for path in paths.iter().map(|path| listed(path)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let kind = Kind::from_name(&name).ok_or_else(|| FileRefused::UnknownFile(path.display().to_string()))?;
        let bytes = std::fs::read(&path).map_err(|error| NotTaken::Disk(path.clone(), error))?;
        let taken = Sheet::read(kind, &bytes)
            .map_err(NotTaken::from)
            .and_then(|sheet| sheet.take_in(clerk, vault, As::new(false)?, &Asking::machine, |_| {}));
        let (progress, rejected) = taken.map_err(|why| NotTaken::In(path.clone(), Box::new(why)))?;
        let Progress { lines, changed, unchanged, rejected: bad, .. } = progress;
        say(format!("{name}.csv: {lines} lines, {changed} changed, {unchanged} unchanged, {bad} rejected"));
        let beside = path.with_file_name(format!("{name}.rejected.csv"));
        match rejected {
            Some(bytes) => {
                std::fs::write(&beside, bytes).map_err(|error| NotTaken::Disk(beside.clone(), error))?;
                say(format!("  {bad} 行被退回 / lines rejected: {}", beside.display()));
            }
            None if beside.exists() => std::fs::remove_file(&beside).map_err(|error| NotTaken::Disk(beside.clone(), error))?,
            None => {}
        }
    }
    Ok(())
}

/// The file itself, or the files of a folder that have a kind.
fn listed(path: &Path) -> Result<Vec<PathBuf>, NotTaken> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let there = Kind::ALL.into_iter().map(|kind| path.join(format!("{}.csv", kind.name()))).filter(|file| file.is_file());
    Ok(there.collect())
}
