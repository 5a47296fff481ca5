//! A branch, named by its code.
use super::{Subject, taken};
use crate::base::DocumentId;
use crate::branches;
use crate::documents::{Fields, Kind, field};
use crate::journal::{Fault, Read, Refusal, Right};

#[derive(Debug, Clone)]
pub enum Branch {}

impl Subject for Branch {
    const KIND: Kind = Kind::Branch;
    const RIGHT: Right = Right::Branches;

    fn find(db: &dyn Read, fields: &Fields) -> Result<Option<DocumentId>, Fault> {
        let code = field::text(fields, "code");
        Ok(branches::branches(db)?.iter().find(|branch| branch.code == code).map(|branch| branch.id.into()))
    }

    fn wrong(db: &dyn Read, own: DocumentId, fields: &Fields) -> Result<Option<Refusal>, Fault> {
        let other = Self::find(db, fields)?.is_some_and(|found| found != own);
        Ok(other.then(|| taken("code")))
    }
}
