//! What time costs, named by its code; its service must be there.
use super::{Subject, absent, taken};
use crate::base::{DocumentId, ProductNo};
use crate::catalog;
use crate::documents::{Fields, Kind, field};
use crate::journal::{Fault, Read, Refusal, Right};
use crate::timed::rooms::tariffs;

#[derive(Debug, Clone)]
pub enum Tariff {}

impl Subject for Tariff {
    const KIND: Kind = Kind::Tariff;
    const RIGHT: Right = Right::Catalogue;

    fn find(db: &dyn Read, fields: &Fields) -> Result<Option<DocumentId>, Fault> {
        let code = field::text(fields, "code");
        Ok(tariffs(db)?.into_iter().find(|tariff| tariff.code == code).map(|tariff| tariff.id))
    }

    fn wrong(db: &dyn Read, own: DocumentId, fields: &Fields) -> Result<Option<Refusal>, Fault> {
        if Self::find(db, fields)?.is_some_and(|found| found != own) {
            return Ok(Some(taken("code")));
        }
        let number = field::int(fields, "product").and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        let known = catalog::product(db, ProductNo(number))?.is_some();
        Ok((!known).then(|| absent("service")))
    }
}
