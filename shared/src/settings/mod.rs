//! The chain's settings as rows, read back as the structs of their groups; what nobody set has its default.
use crate::base::DocumentId;
use crate::documents::allowance::AllowanceSettings;
use crate::documents::commission::CommissionSettings;
use crate::documents::messages::MessageSettings;
use crate::documents::settings::{CodeSettings, Group, PointsSettings, TillSettings, ValueSettings};
use crate::documents::{Fields, Scalar, field};
use crate::journal::{Fault, Read};
use crate::views::Rows;
use crate::{row, table};
use std::collections::BTreeMap;

table! {
    /// One setting; `shape` 0 text, 1 number, 2 yes or no.
    18, SETTING, "setting", Projected, Everywhere, Both, v 1, [part Text, name Text, document Blob], [shape Int, word Text, number Int]
}

/// The rows of a settings document. Documents under other ids than those of the groups say nothing.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    let Some(group) = Group::ALL.into_iter().find(|group| group.id() == document.0) else { return };
    for (name, value) in fields {
        let (shape, word, number) = match value {
            Scalar::Text(text) => (0, text.as_str(), 0),
            Scalar::Int(number) => (1, "", *number),
            Scalar::Bool(yes) => (2, "", i64::from(*yes)),
        };
        rows.put(&SETTING, row![group.name(), name.as_str(), document, shape, word, number]);
    }
}

/// Everything set in a group.
///
/// # Errors
/// A fault of the store.
pub fn fields(db: &dyn Read, group: Group) -> Result<Fields, Fault> {
    // What is set in this group?
    let rows = db.rows("select name, shape, word, number from setting where part = ?1 order by name", &[group.name().into()])?;
    let value = |row: &crate::journal::Row| match row.int(1) {
        0 => Scalar::Text(row.text(2).into()),
        1 => Scalar::Int(row.int(3)),
        _ => Scalar::Bool(row.int(3) != 0),
    };
    Ok(rows.iter().map(|row| (row.text(0).to_owned(), value(row))).collect())
}

/// What the tills do.
///
/// # Errors
/// A fault of the store.
pub fn till(db: &dyn Read) -> Result<TillSettings, Fault> {
    Ok(TillSettings::from_fields(&fields(db, Group::Till)?))
}

/// Stored value: gifts, split, proof, cap.
///
/// # Errors
/// A fault of the store.
pub fn value(db: &dyn Read) -> Result<ValueSettings, Fault> {
    Ok(ValueSettings::from_fields(&fields(db, Group::Value)?))
}

/// How points are earned and how long they last.
///
/// # Errors
/// A fault of the store.
pub fn points(db: &dyn Read) -> Result<PointsSettings, Fault> {
    Ok(PointsSettings::from_fields(&fields(db, Group::Points)?))
}

/// What people earn.
///
/// # Errors
/// A fault of the store.
pub fn commission(db: &dyn Read) -> Result<CommissionSettings, Fault> {
    Ok(CommissionSettings::from_fields(&fields(db, Group::Commission)?))
}

/// In-store codes that carry an amount or a weight.
///
/// # Errors
/// A fault of the store.
pub fn codes(db: &dyn Read) -> Result<CodeSettings, Fault> {
    Ok(CodeSettings::from_fields(&fields(db, Group::Codes)?))
}

/// What may rest at branches ahead of need.
///
/// # Errors
/// A fault of the store.
pub fn allowance(db: &dyn Read) -> Result<AllowanceSettings, Fault> {
    Ok(AllowanceSettings::from_fields(&fields(db, Group::Allowance)?))
}

/// The filters of members that were kept, by name: what stands after `?` in the address of the list.
///
/// # Errors
/// A fault of the store.
pub fn segments(db: &dyn Read) -> Result<BTreeMap<String, String>, Fault> {
    let fields = fields(db, Group::Segments)?;
    Ok(field::texts(&fields, "segment:").map(|(name, asked)| (name.to_owned(), asked.to_owned())).collect())
}

/// How members are written to.
///
/// # Errors
/// A fault of the store.
pub fn messages(db: &dyn Read) -> Result<MessageSettings, Fault> {
    Ok(MessageSettings::from_fields(&fields(db, Group::Messages)?))
}
