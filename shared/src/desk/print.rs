//! Print jobs: a slip as data, laid out by whoever prints it, for the paper that is in that printer. A job is written by the decision that made
//! the slip and by nothing else.
use crate::base::ids::derived;
use crate::base::{CommandId, JobId};
use crate::journal::command::encoded;
use crate::journal::{Job, Moment};
use crate::sales::receipt::slip::SlipLine;
use crate::sales::receipt::{Copy, Slip, laid_out};
use minicbor::{Decode, Encode};

/// Kind of print jobs.
pub const PRINT: &str = "print";
/// The queue of a till's slips is this and its number: which printer serves it is the business of the devices.
const TILL_QUEUE: &str = "till-";

/// The queue in which slips of a till wait.
pub fn queue(till: u16) -> String {
    format!("{TILL_QUEUE}{till}")
}

/// The till whose slips wait in a queue; none for a queue that knows no tills.
pub fn till_of(queue: &str) -> Option<u16> {
    queue.strip_prefix(TILL_QUEUE)?.parse().ok()
}

/// What a print job's body holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PrintJob {
    /// The sale, top-up, return or shift that the slip is of.
    #[n(0)]
    pub of: CommandId,
    #[n(1)]
    pub receipt_no: String,
    /// None: nothing but a kick of the drawer.
    #[n(2)]
    pub slip: Option<Slip>,
    /// It is a copy, and marked as one.
    #[n(3)]
    pub copy: Option<Copy>,
    /// The drawer stays shut whatever the slip says.
    #[n(4)]
    pub shut: bool,
}

impl PrintJob {
    pub fn new(of: CommandId, receipt_no: &str, slip: Slip, copy: Option<Copy>) -> PrintJob {
        PrintJob { of, receipt_no: receipt_no.into(), slip: Some(slip), copy, shut: false }
    }

    /// The same slip, with the drawer left shut: for a first print that comes late.
    #[must_use]
    pub fn shut(self) -> PrintJob {
        PrintJob { shut: true, ..self }
    }

    /// The same slip once more: marked on top, and without opening the drawer.
    #[must_use]
    pub fn again(self, copy: Copy) -> PrintJob {
        PrintJob { copy: Some(copy), ..self }.shut()
    }

    /// What is printed on paper of so many columns, from top to bottom.
    pub fn lines(&self, columns: usize) -> Vec<SlipLine> {
        let mut lines = match &self.slip {
            Some(slip) => laid_out(slip, columns, self.copy.as_ref()),
            None => vec![SlipLine::Kick],
        };
        lines.retain(|line| !self.shut || *line != SlipLine::Kick);
        lines
    }

    /// As a job of the moment's command, for the printer of the till that asks: the same command makes the same job.
    pub fn job(&self, moment: &Moment, till: u16) -> Job {
        Job { id: job_of(moment.command), kind: PRINT, queue: queue(till), body: encoded(self) }
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
pub fn kick(moment: &Moment, till: u16) -> Job {
    PrintJob { of: moment.command, receipt_no: String::new(), slip: None, copy: None, shut: false }.job(moment, till)
}
