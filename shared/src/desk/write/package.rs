//! A kind of package, named by its code; its services must be there.
use super::{Subject, absent, taken};
use crate::base::{DocumentId, ProductNo};
use crate::catalog;
use crate::documents::{self, Fields, Kind, field};
use crate::journal::{Fault, Read, Refusal, Right};
use crate::packages::kind::kinds;

#[derive(Debug, Clone)]
pub enum Package {}

impl Subject for Package {
    const KIND: Kind = Kind::Package;
    const RIGHT: Right = Right::Catalogue;

    fn find(db: &dyn Read, fields: &Fields) -> Result<Option<DocumentId>, Fault> {
        let code = field::text(fields, "code");
        Ok(kinds(db)?.into_iter().find(|kind| kind.code == code).map(|kind| kind.id))
    }

    fn wrong(db: &dyn Read, own: DocumentId, fields: &Fields) -> Result<Option<Refusal>, Fault> {
        if Self::find(db, fields)?.is_some_and(|found| found != own) {
            return Ok(Some(taken("code")));
        }
        let kind = documents::package::Package::from_fields(fields);
        for number in kind.items.values().flat_map(|item| &item.services) {
            if catalog::product(db, ProductNo(*number))?.is_none() {
                return Ok(Some(absent("service")));
            }
        }
        Ok(None)
    }
}
