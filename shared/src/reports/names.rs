//! Names of what rows refer to by id, as pages show them.
use crate::base::{BranchId, MemberId, StaffId};
use crate::journal::{Fault, Read};
use crate::views::generations::is_erased;
use crate::{branches, settings, staff};
use std::collections::BTreeMap;

/// A branch as pages name it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct BranchRef {
    pub id: BranchId,
    pub code: String,
    pub name: String,
    pub name_en: String,
}

/// A person of the house.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PersonRef {
    pub id: StaffId,
    pub name: String,
}

/// A member by name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct MemberRef {
    pub id: MemberId,
    pub name: String,
}

/// A tender and an amount.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Tender)]
pub struct TenderSum {
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// Minor units.
    pub amount: i64,
}

/// Names read once for a whole list.
pub struct Names {
    branches: BTreeMap<BranchId, BranchRef>,
    tenders: BTreeMap<String, (String, String)>,
}

impl Names {
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read) -> Result<Names, Fault> {
        let branch = |branch: branches::Branch| {
            (branch.id, BranchRef { id: branch.id, code: branch.code, name: branch.name, name_en: branch.name_en })
        };
        let mut tenders: BTreeMap<String, (String, String)> =
            settings::till(db)?.tenders.into_iter().map(|(code, tender)| (code, (tender.name, tender.name_en))).collect();
        tenders.insert(crate::facts::sales::CASH.into(), ("现金".into(), "Cash".into()));
        tenders.insert(crate::facts::sales::VALUE.into(), ("储值".into(), "Stored value".into()));
        Ok(Names { branches: branches::branches(db)?.into_iter().map(branch).collect(), tenders })
    }

    /// A branch whose document has not come is named by its id.
    pub fn branch(&self, id: BranchId) -> BranchRef {
        let unknown = || BranchRef { id, code: String::new(), name: id.to_string(), name_en: id.to_string() };
        self.branches.get(&id).cloned().unwrap_or_else(unknown)
    }

    /// All branches, by code.
    pub fn branches(&self) -> Vec<BranchRef> {
        let mut all: Vec<BranchRef> = self.branches.values().cloned().collect();
        all.sort_by(|a, b| (&a.code, a.id).cmp(&(&b.code, b.id)));
        all
    }

    pub fn tender(&self, code: &str, amount: i64) -> TenderSum {
        let (name, name_en) = self.tenders.get(code).cloned().unwrap_or_else(|| (code.into(), code.into()));
        TenderSum { code: code.into(), name, name_en, amount }
    }
}

/// A person by id; none if nobody has it.
///
/// # Errors
/// A fault of the store.
pub fn person(db: &dyn Read, id: StaffId) -> Result<Option<PersonRef>, Fault> {
    Ok(staff::person(db, id)?.map(|person| PersonRef { id, name: person.name }))
}

/// In the place of a name that was erased.
const GONE: &str = "已注销";

/// A member by id; none if it has not come.
///
/// # Errors
/// A fault of the store.
pub fn member(db: &dyn Read, id: MemberId) -> Result<Option<MemberRef>, Fault> {
    // What is this member's name?
    let row = db.row("select name from member where member = ?1", &[id.into()])?;
    Ok(match row {
        Some(row) => Some(MemberRef { id, name: row.text(0).into() }),
        None => is_erased(db, id.into())?.then(|| MemberRef { id, name: GONE.into() }),
    })
}
