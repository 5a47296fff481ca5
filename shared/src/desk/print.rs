//! Print jobs: a slip laid out for both widths of paper, so that the worker only picks one. A job is written by the decision that made the
//! slip and by nothing else.
use crate::base::ids::derived;
use crate::base::{CommandId, JobId};
use crate::journal::command::encoded;
use crate::journal::{Job, Moment};
use crate::sales::receipt::slip::{NARROW, Paper, SlipLine, WIDE};
use crate::sales::receipt::words::Language;
use crate::sales::receipt::{Copy, Slip, laid_out};
use minicbor::{Decode, Encode};

/// Kind of print jobs, and the queue of receipt printers.
pub const PRINT: &str = "print";
pub const RECEIPTS: &str = "receipt";

/// What a print job's body holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PrintJob {
    /// The sale, top-up, return or shift that the slip is of.
    #[n(0)]
    pub of: CommandId,
    #[n(1)]
    pub receipt_no: String,
    /// For 32 columns.
    #[n(2)]
    pub narrow: Vec<SlipLine>,
    /// For 48 columns.
    #[n(3)]
    pub wide: Vec<SlipLine>,
}

impl PrintJob {
    pub fn new(of: CommandId, receipt_no: &str, slip: &Slip, copy: Option<&Copy>) -> PrintJob {
        let (narrow, wide) = (laid_out(slip, NARROW, copy), laid_out(slip, WIDE, copy));
        PrintJob { of, receipt_no: receipt_no.into(), narrow, wide }
    }

    /// The same slip, with the drawer left shut: for a first print that comes late.
    #[must_use]
    pub fn shut(mut self) -> PrintJob {
        self.narrow.retain(|line| *line != SlipLine::Kick);
        self.wide.retain(|line| *line != SlipLine::Kick);
        self
    }

    /// The same slip once more: marked on top, and without opening the drawer.
    #[must_use]
    pub fn again(&self, copy: &Copy, language: Language) -> PrintJob {
        let marked = |lines: &[SlipLine], columns: usize| {
            let mut paper = Paper::new(columns);
            copy.lay_out(&mut paper, language);
            paper.finish().into_iter().chain(lines.iter().cloned()).collect()
        };
        PrintJob { narrow: marked(&self.narrow, NARROW), wide: marked(&self.wide, WIDE), ..self.clone() }.shut()
    }

    /// As a job of the moment's command: the same command makes the same job.
    pub fn job(&self, moment: &Moment) -> Job {
        Job { id: job_of(moment.command), kind: PRINT, queue: RECEIPTS.into(), body: encoded(self) }
    }

    /// The job in a body; none if it is of another version.
    pub fn read(body: &[u8]) -> Option<PrintJob> {
        minicbor::decode(body).ok()
    }
}

/// The job that a command's decision wrote.
pub fn job_of(command: CommandId) -> JobId {
    JobId(derived("print", &[command.bytes()]))
}

/// A slip of nothing but a kick of the drawer.
pub fn kick(moment: &Moment) -> Job {
    let kick = vec![SlipLine::Kick];
    PrintJob { of: moment.command, receipt_no: String::new(), narrow: kick.clone(), wide: kick }.job(moment)
}
