//! A report is a declaration: name, who may, columns, query. One generic question answers it, one generic page shows it and one writer makes a
//! spreadsheet of it; so a new report is one file and one line in `list`.
//! Every query starts with the branch and the days that were asked: it scans no history.
use crate::base::{BranchId, BusinessDay};
use crate::journal::{Fault, Read, Right};

/// How the cells of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Text,
    /// Minor units.
    Money,
    /// Thousandths.
    Quantity,
    Count,
    /// yyyymmdd; 0 for none.
    Day,
    /// UTC ms; 0 for none.
    Time,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub zh: &'static str,
    pub en: &'static str,
    pub form: Form,
    /// Its sum over all rows means something.
    pub total: bool,
}

/// A column whose sum means nothing.
pub const fn column(zh: &'static str, en: &'static str, form: Form) -> Column {
    Column { zh, en, form, total: false }
}

/// A column with its sum at the foot.
pub const fn summed(zh: &'static str, en: &'static str, form: Form) -> Column {
    Column { zh, en, form, total: true }
}

/// One cell: nothing, a text, a text in both languages, or a number in the form of its column.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Cell {
    None,
    Text(String),
    Said(Said),
    Number(i64),
}

/// A text in both languages; `en` empty: as in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Said {
    pub zh: String,
    pub en: String,
}

impl Cell {
    pub fn said(zh: &str, en: &str) -> Cell {
        Cell::Said(Said { zh: zh.into(), en: en.into() })
    }

    /// The number in it; 0 where it is none.
    pub fn number(&self) -> i64 {
        match self {
            Cell::Number(number) => *number,
            _ => 0,
        }
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Number(number)
    }
}

impl From<BusinessDay> for Cell {
    fn from(day: BusinessDay) -> Cell {
        Cell::Number(day.0.into())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.into())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

/// `cells![day, name, 5]` makes the cells of a row.
#[macro_export]
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { vec![$($crate::reports::report::Cell::from($cell)),*] };
}

/// Where a row opens: the page that holds what it is made of, narrowed to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Opens {
    /// `sales`, `members`, or the name of a report.
    pub page: String,
    /// The slip or the member that is opened; empty: none.
    pub id: String,
    #[schema(required)]
    pub branch: Option<BranchId>,
    /// First day, yyyymmdd; 0: as asked.
    pub from: u32,
    /// Last day.
    pub until: u32,
}

impl Opens {
    /// One slip.
    pub fn slip(id: impl std::fmt::Display) -> Opens {
        Opens { page: "sales".into(), id: id.to_string(), ..Opens::default() }
    }

    /// One member.
    pub fn member(id: impl std::fmt::Display) -> Opens {
        Opens { page: "members".into(), id: id.to_string(), ..Opens::default() }
    }

    /// Another report of one branch and these days.
    pub fn report(name: &str, branch: BranchId, from: BusinessDay, until: BusinessDay) -> Opens {
        Opens { page: name.into(), id: String::new(), branch: Some(branch), from: from.0, until: until.0 }
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = ReportRow)]
pub struct Row {
    /// One for each column.
    pub cells: Vec<Cell>,
    #[schema(required)]
    pub opens: Option<Opens>,
}

impl Row {
    pub fn of(cells: Vec<Cell>) -> Row {
        Row { cells, opens: None }
    }

    pub fn opening(cells: Vec<Cell>, opens: Opens) -> Row {
        Row { cells, opens: Some(opens) }
    }
}

/// What is asked of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// First and last business day.
    pub from: BusinessDay,
    pub until: BusinessDay,
    /// By code.
    pub branches: Vec<BranchId>,
    /// Phones are shown whole.
    pub see_phones: bool,
    /// Now, UTC ms.
    pub now_ms: i64,
    /// Rows that are wanted at most.
    pub rows_max: usize,
}

impl Asked {
    /// The days asked, in their order.
    pub fn days(&self) -> impl Iterator<Item = BusinessDay> + use<> {
        let until = self.until;
        std::iter::successors(Some(self.from), |day| Some(day.next())).take_while(move |day| *day <= until)
    }
}

/// One report.
#[derive(Debug)]
pub struct Report {
    /// Part of addresses and file names.
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// One of these rights is needed.
    pub any: &'static [Right],
    /// It names phones or birthdays: an export is noted, with the reason.
    pub personal: bool,
    /// It is about days; else it shows what stands now.
    pub days: bool,
    pub columns: &'static [Column],
    /// The rows, at most `rows_max` of them.
    pub query: fn(&dyn Read, &Asked) -> Result<Vec<Row>, Fault>,
}

/// The most days one report spans: a year and a day.
pub const DAYS_MAX: i64 = 367;

/// Sums of the columns that have one, over these rows.
pub fn totals(columns: &[Column], rows: &[Row]) -> Vec<Cell> {
    let sum = |at: usize| rows.iter().filter_map(|row| row.cells.get(at)).map(Cell::number).sum::<i64>();
    (0..columns.len()).map(|at| if columns[at].total { Cell::Number(sum(at)) } else { Cell::None }).collect()
}
