//! Files of goods, people and settings, line by line: good lines go in, bad ones come back with the reason. The key column finds what is
//! there, equal values write nothing, opening balances are booked once; so a second run changes nothing. Knows no file and no CSV: a line
//! is cells by column.
mod cell;
mod goods;
mod house;
mod kind;
mod people;
pub mod reason;

pub use kind::{FileRefused, Kind};
pub use reason::Reason;

use crate::base::ids::derived;
use crate::base::vault::Vault;
use crate::base::{BusinessDay, CommandId};
use crate::catalog::release_prices::ReleasePrices;
use crate::journal::{Command, Fault, Moment, Right};
use crate::store::{Outcome, Writer};
use cell::Cells;

/// Lines decided in one transaction.
pub const LINES_PER_GROUP: usize = 50;
/// People with PINs decided in one transaction: each takes tens of milliseconds.
pub const PEOPLE_PER_GROUP: usize = 5;
/// Bytes of one file.
pub const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Rights that an import acts with: whoever may import may write what files hold.
pub const RIGHTS: [Right; 9] = [
    Right::Import,
    Right::Settings,
    Right::Branches,
    Right::Catalogue,
    Right::Prices,
    Right::Staff,
    Right::Members,
    Right::Enrol,
    Right::Allow,
];

/// One line of a file: its number in the file (the header is 1) and what stands under each column.
#[derive(Debug, Clone)]
pub struct Line {
    pub number: u64,
    pub cells: Vec<String>,
}

/// What a good line did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// With how many prices that differ from before.
    Changed {
        prices: u32,
    },
    Unchanged,
}

/// A file on its way in.
#[derive(Clone)]
pub struct File {
    pub kind: Kind,
    /// Names of the columns, in the order of the cells.
    pub columns: Vec<String>,
    pub vault: Vault,
    /// Under which the openings that come with it are known.
    pub batch: Option<CommandId>,
}

/// What lines of members bring: minor units, points, uses of packages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Amounts {
    pub value: i64,
    pub bonus: i64,
    pub points: i64,
    pub uses: i64,
}

impl Amounts {
    pub fn add(&mut self, more: Amounts) {
        self.value = self.value.saturating_add(more.value);
        self.bonus = self.bonus.saturating_add(more.bonus);
        self.points = self.points.saturating_add(more.points);
        self.uses = self.uses.saturating_add(more.uses);
    }
}

impl File {
    /// # Errors
    /// A column that this kind does not know, or one that is missing.
    pub fn new(kind: Kind, columns: Vec<String>, vault: Vault) -> Result<File, FileRefused> {
        kind.check(&columns)?;
        Ok(File { kind, columns, vault, batch: None })
    }

    /// The openings that come with it may be taken back together.
    #[must_use]
    pub fn in_batch(self, batch: CommandId) -> File {
        File { batch: Some(batch), ..self }
    }

    /// What a line of members says that it brings; what cannot be read is nothing.
    pub fn amounts(&self, line: &Line) -> Amounts {
        if self.kind != Kind::Members {
            return Amounts::default();
        }
        let cells = Cells::new(&self.columns, &line.cells);
        let money = |column| cells.money(column).ok().flatten().unwrap_or_default();
        let counts = |column| cells.counts(column).map_or(0, |counts| counts.iter().sum());
        let points = cells.number("points").ok().flatten().unwrap_or_default();
        Amounts { value: money("value"), bonus: money("bonus"), points, uses: counts("uses") + counts("gift_uses") }
    }

    /// How many lines are decided in one transaction.
    pub fn lines_per_group(&self) -> usize {
        if self.kind == Kind::Staff { PEOPLE_PER_GROUP } else { LINES_PER_GROUP }
    }

    /// Decides the lines of one group. `moment` is that of the group; each line has commands of its own, derived from it.
    ///
    /// # Errors
    /// A fault of the store; then nothing of the group is in.
    pub fn take_in(&self, writer: &mut Writer<'_>, lines: &[Line], moment: &Moment) -> Result<Vec<Result<Done, Reason>>, Fault> {
        lines.iter().map(|line| self.line(writer, line, moment)).collect()
    }

    fn line(&self, writer: &mut Writer<'_>, line: &Line, moment: &Moment) -> Result<Result<Done, Reason>, Fault> {
        let cells = Cells::new(&self.columns, &line.cells);
        let command = CommandId(derived("import", &[moment.command.bytes(), &line.number.to_be_bytes()]));
        let moment = Moment { command, rights: RIGHTS.to_vec(), ..moment.clone() };
        let mut into = Into { writer, moment, batch: self.batch, changed: false, prices: 0, parts: 0 };
        let done = match self.kind {
            Kind::Settings => house::setting(&mut into, &cells)?,
            Kind::Branches => house::branch(&mut into, &cells)?,
            Kind::Categories => goods::category(&mut into, &cells)?,
            Kind::Levels => house::level(&mut into, &cells)?,
            Kind::Roles => people::role(&mut into, &cells)?,
            Kind::Staff => people::staff(&mut into, &cells, &self.vault)?,
            Kind::Products => goods::product(&mut into, &cells)?,
            Kind::Members => people::member(&mut into, &cells)?,
            Kind::Stock => goods::stock(&mut into, &cells)?,
        };
        Ok(done.map(|()| if into.changed { Done::Changed { prices: into.prices } } else { Done::Unchanged }))
    }

    /// Says that the prices which came with this file are out, once it is through.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn release(&self, writer: &mut Writer<'_>, prices: u32, moment: &Moment) -> Result<(), Fault> {
        let moment = Moment { rights: RIGHTS.to_vec(), ..moment.clone() };
        // Nothing refuses it.
        writer.decide(&ReleasePrices { changed: prices }, &moment).map(|_| ())
    }
}

/// Where a line goes in.
struct Into<'a, 'w> {
    writer: &'a mut Writer<'w>,
    moment: Moment,
    batch: Option<CommandId>,
    changed: bool,
    /// Prices of this line that differ from before.
    prices: u32,
    /// Commands of this line so far.
    parts: u8,
}

impl Into<'_, '_> {
    fn today(&self) -> BusinessDay {
        BusinessDay(self.moment.day)
    }

    /// Decides one command of the line under an id of its own.
    fn decide<C: Command>(&mut self, command: &C) -> Result<Result<(), Reason>, Fault> {
        self.parts += 1;
        let id = CommandId(derived("line", &[self.moment.command.bytes(), &[self.parts]]));
        self.decide_as(command, id)
    }

    /// Decides one command that may have been decided in an earlier run.
    fn decide_as<C: Command>(&mut self, command: &C, id: CommandId) -> Result<Result<(), Reason>, Fault> {
        let moment = Moment { command: id, ..self.moment.clone() };
        Ok(match self.writer.decide(command, &moment)? {
            Ok(Outcome::Done(heads)) => {
                self.changed |= !heads.is_empty();
                Ok(())
            }
            Ok(Outcome::Already) => Ok(()),
            Err(refusal) => Err(Reason::of(&refusal)),
        })
    }

    /// The moment of the next command of the line, for what must know its id beforehand.
    fn next_moment(&self) -> Moment {
        let id = CommandId(derived("line", &[self.moment.command.bytes(), &[self.parts + 1]]));
        Moment { command: id, ..self.moment.clone() }
    }
}

/// Leaves the function with the reason of a bad line.
macro_rules! good {
    ($done:expr) => {
        match $done {
            Ok(value) => value,
            Err(reason) => return Ok(Err(reason)),
        }
    };
}
pub(crate) use good;
