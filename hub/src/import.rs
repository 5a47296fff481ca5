//! CSV files on their way in: read, decided in groups, bad lines written back. Progress is told line by line. The rules are `desk::import`.
use crate::install::NotUsable;
use crate::moment::Asking;
use shared::base::vault::Vault;
use shared::desk::import::{Done, FILE_BYTES_MAX, File, FileRefused, Kind, Line};
use shared::journal::Fault;
use shared::store::{Clerk, Priority};
use std::path::{Path, PathBuf};

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

    /// Decides every line; tells after each group. Answers the progress and the bad lines as a file, if there are any.
    ///
    /// # Errors
    /// A fault of the store: the groups before it are in.
    pub fn take_in(
        self,
        clerk: &Clerk,
        vault: &Vault,
        asking: &dyn Fn() -> Result<Asking, NotUsable>,
        mut tell: impl FnMut(Progress),
    ) -> Result<(Progress, Option<Vec<u8>>), NotTaken> {
        let file = File::new(self.kind, self.columns.clone(), vault.clone())?;
        let mut progress = Progress { lines: self.lines.len(), ..Progress::default() };
        let (mut rejected, mut released): (Vec<(&Line, String)>, u32) = (Vec::new(), 0);
        for group in self.lines.chunks(file.lines_per_group()) {
            let outcome = decide(clerk, &file, group, asking()?)?;
            for (line, done) in group.iter().zip(outcome) {
                progress.done += 1;
                match done {
                    Ok(Done::Changed { prices }) => {
                        progress.changed += 1;
                        released += prices;
                    }
                    Ok(Done::Unchanged) => progress.unchanged += 1,
                    Err(reason) => {
                        progress.rejected += 1;
                        rejected.push((line, reason));
                    }
                }
            }
            tell(progress);
        }
        if released > 0 {
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

fn decide(clerk: &Clerk, file: &File, lines: &[Line], asking: Asking) -> Result<Vec<Result<Done, String>>, NotTaken> {
    let (file, lines) = (file.clone(), lines.to_vec());
    let outcome = clerk.run(Priority::CatchUp, move |writer| {
        let moment = asking.moment(writer)?;
        file.take_in(writer, &lines, &moment)
    })?;
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
        let taken =
            Sheet::read(kind, &bytes).map_err(NotTaken::from).and_then(|sheet| sheet.take_in(clerk, vault, &Asking::machine, |_| {}));
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
