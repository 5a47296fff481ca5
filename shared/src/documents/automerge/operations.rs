//! The third look at a change: does it say what a flat document's writer could have said, knowing what it claims to know?

use super::{
    limits,
    merge::{Document, Standing, scalar},
    rejected::{OperationFault, Rejected},
};
use crate::documents::Scalar;
use automerge::{ChangeHash, ExpandedChange, legacy};
use std::collections::BTreeSet;

/// Whether a writer may set a key to a value, or remove it (None).
pub type Allowed<'a> = dyn Fn(&str, Option<&Scalar>) -> bool + 'a;

/// Checks every operation; returns the keys touched, in the order of the change.
/// `deps` are None where the writer knew everything that is here.
pub(super) fn check(
    document: &Document,
    change: &ExpandedChange,
    deps: Option<&[ChangeHash]>,
    allowed: &Allowed<'_>,
) -> Result<Vec<String>, Rejected> {
    let mut keys = BTreeSet::new();
    for (at, operation) in change.operations.iter().enumerate() {
        let (key, value) = flat(operation).map_err(|why| Rejected::Operation { at, why })?;
        if !keys.insert(key) {
            return Err(Rejected::Operation { at, why: OperationFault::KeyTwice });
        }
        let standing = match deps {
            None => document.standing(key),
            Some(deps) => document.standing_at(key, deps),
        };
        overwrites(operation, &standing).map_err(|why| Rejected::Operation { at, why })?;
        if !allowed(key, value.as_ref()) {
            return Err(Rejected::NotAllowed { key: key.to_owned() });
        }
    }
    Ok(keys.into_iter().map(str::to_owned).collect())
}

/// Key and new value of a put or a removal of a scalar in the root.
pub(super) fn flat(operation: &legacy::Op) -> Result<(&str, Option<Scalar>), OperationFault> {
    if operation.obj != legacy::ObjectId::Root {
        return Err(OperationFault::NotRoot);
    }
    let legacy::Key::Map(key) = &operation.key else { return Err(OperationFault::NotMapKey) };
    if operation.insert {
        return Err(OperationFault::NotMapKey);
    }
    if key.is_empty() || key.len() > limits::KEY_BYTES {
        return Err(OperationFault::Key);
    }
    let value = match &operation.action {
        legacy::OpType::Delete => None,
        legacy::OpType::Put(value) => Some(scalar(value).ok_or(OperationFault::Value)?),
        _ => return Err(OperationFault::Action),
    };
    match &value {
        Some(Scalar::Text(text)) if text.len() > limits::TEXT_BYTES => Err(OperationFault::Text),
        _ => Ok((key, value)),
    }
}

/// An operation overwrites exactly what stood under its key for its writer; a removal finds something there.
fn overwrites(operation: &legacy::Op, standing: &[Standing]) -> Result<(), OperationFault> {
    if standing.is_empty() && operation.action == legacy::OpType::Delete {
        return Err(OperationFault::NothingToRemove);
    }
    let stood: BTreeSet<_> = standing.iter().filter_map(Standing::operation).collect();
    let named = operation.pred.iter();
    if operation.pred.len() != stood.len() || !named.eq(stood.iter()) {
        return Err(OperationFault::Overwrites);
    }
    Ok(())
}
