//! Staff, roles, levels, imports.
use crate::http::imports::Import;
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::{Coded, Rows};
use crate::password;
use serde::{Deserialize, Serialize};
use shared::base::{CommandId, DocumentId, StaffId};
use shared::journal::{Fault, Read, Right};
use shared::members;
use shared::members::opening::{Batch, batches};
use shared::reports::names::{BranchRef, Names};
use shared::reports::roles;
use shared::staff::person::people;
use shared::staff::{self, Person, RoleName};
use utoipa::{IntoParams, ToSchema};

/// Everybody, by code.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskStaff {}

#[derive(Debug, Serialize, ToSchema)]
pub struct Staff {
    id: StaffId,
    code: String,
    name: String,
    /// None: head office.
    #[schema(required)]
    branch: Option<BranchRef>,
    roles: Vec<Coded>,
    disabled: bool,
    pin_set: bool,
    password_set: bool,
}

impl Ask for AskStaff {
    const PATH: &'static str = "/api/staff";
    const ANY: &'static [Right] = &[Right::Staff];
    type Answer = Rows<Staff>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<Staff>, No> {
        let names = Names::load(scene.db)?;
        let rows = people(scene.db)?.into_iter().map(|person| shown(scene, &names, person)).collect::<Result<_, _>>()?;
        Ok(Rows { rows })
    }
}

/// One person as pages show it.
///
/// # Errors
/// A fault of the store.
pub fn shown(scene: &Scene<'_>, names: &Names, person: Person) -> Result<Staff, Fault> {
    Ok(Staff {
        branch: person.branch.map(|branch| names.branch(branch)),
        roles: roles::held(scene.db, person.id)?.into_iter().map(coded).collect(),
        pin_set: staff::sealed_pin(scene.db, person.id)?.is_some(),
        password_set: password::verifier(scene.db, person.id)?.is_some(),
        id: person.id,
        code: person.code,
        name: person.name,
        disabled: person.disabled,
    })
}

fn coded(role: RoleName) -> Coded {
    Coded { code: role.code, name: role.name, name_en: role.name_en }
}

/// Roles with their rights.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskRoles {}

#[derive(Debug, Serialize, ToSchema)]
pub struct Role {
    code: String,
    name: String,
    name_en: String,
    rights: Vec<String>,
}

impl Ask for AskRoles {
    const PATH: &'static str = "/api/roles";
    const ANY: &'static [Right] = &[Right::Staff];
    type Answer = Rows<Role>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<Role>, No> {
        let mut rows = Vec::new();
        for role in staff::rights::roles(scene.db)? {
            let rights = roles::granted(scene.db, role.id)?;
            rows.push(Role { code: role.code, name: role.name, name_en: role.name_en, rights });
        }
        Ok(Rows { rows })
    }
}

/// Levels of membership, lowest first.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskLevels {}

#[derive(Debug, Serialize, ToSchema)]
pub struct Level {
    id: DocumentId,
    code: String,
    name: String,
    name_en: String,
    rank: i64,
    /// Basis points that remain of a price.
    rate: u32,
    points_factor: u32,
    threshold: i64,
    /// Purchases to reach it; 0: their number reaches nothing.
    purchases: i64,
}

impl Ask for AskLevels {
    const PATH: &'static str = "/api/levels";
    const ANY: &'static [Right] = &[Right::Settings, Right::Members];
    type Answer = Rows<Level>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<Level>, No> {
        let shown = |level: members::Level| Level {
            id: level.id,
            code: level.code,
            name: level.name,
            name_en: level.name_en,
            rank: level.rank,
            rate: level.discount.bp(),
            points_factor: level.points_factor.bp(),
            threshold: level.threshold.minor(),
            purchases: level.purchases,
        };
        Ok(Rows { rows: members::levels(scene.db)?.into_iter().map(shown).collect() })
    }
}

/// Imports since the start, newest first.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskImports {}

impl Ask for AskImports {
    const PATH: &'static str = "/api/import";
    const ANY: &'static [Right] = &[Right::Import];
    type Answer = Rows<Import>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<Import>, No> {
        Ok(Rows { rows: scene.http.imports.list() })
    }
}

/// Files that brought openings, newest first.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskOpenings {}

/// What a file brought, and whether it was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpeningFile {
    pub batch: CommandId,
    pub openings: i64,
    /// Minor units.
    pub value: i64,
    pub bonus: i64,
    pub points: i64,
    pub uses: i64,
    pub at_ms: i64,
    /// Openings of it that were taken back.
    pub reversed: i64,
}

/// Those files that head office knows, at most `limit`.
///
/// # Errors
/// A fault of the store.
pub fn opening_files(db: &dyn Read, limit: u32) -> Result<Vec<OpeningFile>, Fault> {
    let shown = |found: Batch| OpeningFile {
        batch: found.batch,
        openings: found.openings,
        value: found.value,
        bonus: found.bonus,
        points: found.points,
        uses: found.uses,
        at_ms: found.at_ms,
        reversed: found.reversed,
    };
    Ok(batches(db, limit)?.into_iter().map(shown).collect())
}

impl Ask for AskOpenings {
    const PATH: &'static str = "/api/openings";
    const ANY: &'static [Right] = &[Right::Import];
    type Answer = Rows<OpeningFile>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<OpeningFile>, No> {
        Ok(Rows { rows: opening_files(scene.db, scene.rows_max)? })
    }
}

/// One import.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskImport {
    job: String,
}

impl Ask for AskImport {
    const PATH: &'static str = "/api/import/{job}";
    const ANY: &'static [Right] = &[Right::Import];
    type Answer = Import;

    fn answer(self, scene: &Scene<'_>) -> Result<Import, No> {
        scene.http.imports.get(&self.job).map(|(import, _)| import).ok_or_else(|| No::not_found("import"))
    }
}
