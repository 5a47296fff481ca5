//! A role, named by its code; it may list only rights that there are.
use super::{Subject, taken};
use crate::base::DocumentId;
use crate::documents::{Fields, Kind, field};
use crate::journal::{Fault, Read, Refusal, Right};
use crate::staff::rights::role_by_code;

#[derive(Debug, Clone)]
pub enum Role {}

impl Subject for Role {
    const KIND: Kind = Kind::Role;
    const RIGHT: Right = Right::Staff;

    fn find(db: &dyn Read, fields: &Fields) -> Result<Option<DocumentId>, Fault> {
        Ok(role_by_code(db, &field::text(fields, "code"))?.map(|role| role.id))
    }

    fn wrong(db: &dyn Read, own: DocumentId, fields: &Fields) -> Result<Option<Refusal>, Fault> {
        if Self::find(db, fields)?.is_some_and(|found| found != own) {
            return Ok(Some(taken("code")));
        }
        let unknown = field::tails(fields, "right:").find(|name| Right::from_name(name).is_none());
        Ok(unknown.map(|name| Refusal::NotSound { field: format!("right:{name}"), why: "unknown".into() }))
    }
}
