//! A level of membership, named by its code.
use super::{Subject, taken};
use crate::base::DocumentId;
use crate::documents::{Fields, Kind, field};
use crate::journal::{Fault, Read, Refusal, Right};
use crate::members::levels;

#[derive(Debug, Clone)]
pub enum Level {}

impl Subject for Level {
    const KIND: Kind = Kind::Level;
    const RIGHT: Right = Right::Settings;

    fn find(db: &dyn Read, fields: &Fields) -> Result<Option<DocumentId>, Fault> {
        let code = field::text(fields, "code");
        Ok(levels(db)?.into_iter().find(|level| level.code == code).map(|level| level.id))
    }

    fn wrong(db: &dyn Read, own: DocumentId, fields: &Fields) -> Result<Option<Refusal>, Fault> {
        let other = Self::find(db, fields)?.is_some_and(|found| found != own);
        Ok(other.then(|| taken("code")))
    }
}
