//! A category, named by its code; its parent must be there.
use super::{Subject, absent, taken};
use crate::base::DocumentId;
use crate::catalog::category::by_code;
use crate::documents::{Fields, Kind, field};
use crate::journal::{Fault, Read, Refusal, Right};

#[derive(Debug, Clone)]
pub enum Category {}

impl Subject for Category {
    const KIND: Kind = Kind::Category;
    const RIGHT: Right = Right::Catalogue;

    fn find(db: &dyn Read, fields: &Fields) -> Result<Option<DocumentId>, Fault> {
        Ok(by_code(db, &field::text(fields, "code"))?.map(|category| category.document))
    }

    fn wrong(db: &dyn Read, own: DocumentId, fields: &Fields) -> Result<Option<Refusal>, Fault> {
        if Self::find(db, fields)?.is_some_and(|found| found != own) {
            return Ok(Some(taken("code")));
        }
        let parent = field::text(fields, "parent");
        let orphan = !parent.is_empty() && by_code(db, &parent)?.is_none();
        Ok(orphan.then(|| absent("parent")))
    }
}
