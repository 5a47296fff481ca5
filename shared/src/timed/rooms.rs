//! Tariffs and their rooms as head office describes them.
use crate::base::{BranchId, DocumentId, Money, ProductNo};
use crate::documents::{self, Fields};
use crate::facts::timed::TimedTerms;
use crate::journal::command::encoded;
use crate::journal::{Fault, Read, Row};
use crate::views::Rows;
use crate::{row, table};
use minicbor::{Decode, Encode};

table! {
    /// One tariff; `terms` and `rooms` encoded.
    120, TARIFF, "tariff", Projected, Everywhere, Both, v 1, [document Blob],
    [code Text, name Text, name_en Text, product Int, retired Int, terms Blob, rooms Blob]
}

/// A room or seat of a branch.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Room {
    #[n(0)]
    pub branch: BranchId,
    /// Within its branch.
    #[n(1)]
    pub code: String,
    #[n(2)]
    pub name: String,
}

/// Minutes that are free for a level.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FreeMinutes {
    #[n(0)]
    pub level: DocumentId,
    #[n(1)]
    pub minutes: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
struct Where {
    #[n(0)]
    rooms: Vec<Room>,
    #[n(1)]
    free: Vec<FreeMinutes>,
}

/// A tariff with its rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tariff {
    pub id: DocumentId,
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub product: ProductNo,
    pub retired: bool,
    pub terms: TimedTerms,
    pub free: Vec<FreeMinutes>,
    /// By branch and code.
    pub rooms: Vec<Room>,
}

impl Tariff {
    /// A room of a branch.
    pub fn room(&self, branch: BranchId, code: &str) -> Option<&Room> {
        self.rooms.iter().find(|room| room.branch == branch && room.code == code)
    }

    /// Minutes that are free for a level.
    pub fn free_for(&self, level: DocumentId) -> i64 {
        self.free.iter().find(|free| free.level == level).map_or(0, |free| free.minutes)
    }
}

fn terms(tariff: &documents::tariff::Tariff) -> TimedTerms {
    TimedTerms {
        first_minutes: tariff.first_minutes,
        first: Money::from_minor(tariff.first_minor),
        step_minutes: tariff.step_minutes,
        step: Money::from_minor(tariff.step_minor),
        grace_minutes: tariff.grace_minutes,
        night_step: Money::from_minor(tariff.night_minor),
        night_from: tariff.night_from,
        night_until: tariff.night_until,
        cap: tariff.cap_minor.map(Money::from_minor),
    }
}

/// The row of a tariff document.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    let tariff = documents::tariff::Tariff::from_fields(fields);
    let branch = |hex: &str| format!("{}_{hex}", BranchId::PREFIX).parse::<BranchId>().ok();
    let level = |hex: &str| format!("{}_{hex}", DocumentId::PREFIX).parse::<DocumentId>().ok();
    let room =
        |((hex, code), name): (&(String, String), &String)| Some(Room { branch: branch(hex)?, code: code.clone(), name: name.clone() });
    let free = |(hex, minutes): (&String, &i64)| Some(FreeMinutes { level: level(hex)?, minutes: *minutes });
    let rooms = Where { rooms: tariff.seats.iter().filter_map(room).collect(), free: tariff.free.iter().filter_map(free).collect() };
    let terms = encoded(&terms(&tariff));
    let retired = i64::from(tariff.retired);
    rows.put(&TARIFF, row![document, tariff.code, tariff.name, tariff.name_en, tariff.product, retired, terms, encoded(&rooms)]);
}

fn read(row: &Row) -> Option<Tariff> {
    let Where { rooms, free } = minicbor::decode(row.blob(7)).ok()?;
    Some(Tariff {
        id: DocumentId(row.raw(0)),
        code: row.text(1).into(),
        name: row.text(2).into(),
        name_en: row.text(3).into(),
        product: ProductNo(row.int(4) as u32),
        retired: row.int(5) != 0,
        terms: minicbor::decode(row.blob(6)).ok()?,
        free,
        rooms,
    })
}

/// All tariffs, by code; retired ones too.
///
/// # Errors
/// A fault of the store.
pub fn tariffs(db: &dyn Read) -> Result<Vec<Tariff>, Fault> {
    // Which tariffs are there?
    let sql = "select document, code, name, name_en, product, retired, terms, rooms from tariff order by code, document";
    Ok(db.rows(sql, &[])?.iter().filter_map(read).collect())
}
