//! Settings, branches and levels.
use super::cell::Cells;
use super::{Into, Reason, good};
use crate::desk::write::Write;
use crate::desk::write::branch::Branch;
use crate::desk::write::level::Level;
use crate::desk::write::setting::WriteSetting;
use crate::documents::settings::Group;
use crate::journal::Fault;

pub(super) fn setting(into: &mut Into<'_, '_>, cells: &Cells<'_>) -> Result<Result<(), Reason>, Fault> {
    let group = good!(cells.needed("group"));
    let Some(group) = Group::ALL.into_iter().find(|known| known.name() == group) else {
        return Ok(Err(Reason::new("group", "unknown")));
    };
    let (key, value) = (good!(cells.needed("key")), good!(cells.needed("value")));
    into.decide(&WriteSetting { group, key: key.into(), value: value.into() })
}

pub(super) fn branch(into: &mut Into<'_, '_>, cells: &Cells<'_>) -> Result<Result<(), Reason>, Fault> {
    good!(cells.needed("code"));
    let mut fields = cells.texts(&["code", "name", "name_en", "address", "phone", "price_list"]);
    good!(cells.put_numbers(&["zone_minutes", "cutoff_minutes"], &mut fields));
    into.decide(&Write::<Branch>::new(None, fields, Vec::new()))
}

pub(super) fn level(into: &mut Into<'_, '_>, cells: &Cells<'_>) -> Result<Result<(), Reason>, Fault> {
    good!(cells.needed("code"));
    let mut fields = cells.texts(&["code", "name", "name_en"]);
    good!(cells.put_numbers(&["rank", "discount_bp", "points_factor_bp", "threshold_minor", "threshold_purchases"], &mut fields));
    into.decide(&Write::<Level>::new(None, fields, Vec::new()))
}
