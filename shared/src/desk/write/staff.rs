//! A person who works for the chain, named by the staff code.
use super::{Subject, absent, taken};
use crate::base::DocumentId;
use crate::documents::{Fields, Kind, field};
use crate::journal::{Fault, Read, Refusal, Right};
use crate::{branches, staff};

#[derive(Debug, Clone)]
pub enum Staff {}

impl Subject for Staff {
    const KIND: Kind = Kind::Staff;
    const RIGHT: Right = Right::Staff;

    fn find(db: &dyn Read, fields: &Fields) -> Result<Option<DocumentId>, Fault> {
        Ok(staff::by_code(db, &field::text(fields, "code"))?.map(|person| person.id.into()))
    }

    fn wrong(db: &dyn Read, own: DocumentId, fields: &Fields) -> Result<Option<Refusal>, Fault> {
        if Self::find(db, fields)?.is_some_and(|found| found != own) {
            return Ok(Some(taken("code")));
        }
        let branch = field::text(fields, "branch");
        if branch.is_empty() {
            return Ok(None);
        }
        let there = branches::branches(db)?.iter().any(|there| crate::members::member::home_field(there.id) == branch);
        Ok((!there).then(|| absent("branch")))
    }
}
