//! Roles, staff and members.
use super::cell::Cells;
use super::{Into, Reason, good};
use crate::base::vault::{Vault, is_pin};
use crate::base::{DocumentId, MemberId, Money, StaffId, text};
use crate::desk::package::open::OpenPackage;
use crate::desk::prove::{self, Who};
use crate::desk::write::member::WriteMember;
use crate::desk::write::role::Role;
use crate::desk::write::staff::Staff;
use crate::desk::write::{Write, standing};
use crate::documents::{Fields, Scalar, field};
use crate::journal::{Fault, Moment};
use crate::members::book_opening::BookOpening;
use crate::members::give_level::GiveLevel;
use crate::members::member::home_field;
use crate::members::opening::times_reversed;
use crate::staff::give_roles::GiveRoles;
use crate::staff::rights::{NO_LIMIT, roles};
use crate::staff::set_pin::SetPin;
use crate::{branches, members, settings};

pub(super) fn role(into: &mut Into<'_, '_>, cells: &Cells<'_>) -> Result<Result<(), Reason>, Fault> {
    good!(cells.needed("code"));
    let mut fields = cells.texts(&["code", "name", "name_en"]);
    for right in cells.words("rights") {
        fields.insert(format!("right:{right}"), Scalar::Bool(true));
    }
    // Empty is no limit: every rate down to nothing, every amount.
    for (column, unlimited) in [("max_line_discount_bp", 0), ("max_bill_discount_bp", 0), ("max_refund_minor", NO_LIMIT)] {
        let limit = good!(cells.number(column)).unwrap_or(unlimited);
        fields.insert(column.into(), Scalar::Int(limit));
    }
    // The list is whole: a right that it no longer names is taken away.
    let mut write = Write::<Role>::new(None, fields, Vec::new());
    let old = standing(&*into.writer, write.document(&*into.writer, &into.next_moment())?)?;
    write.removed = old.keys().filter(|key| key.starts_with("right:") && !write.set.contains_key(*key)).cloned().collect();
    into.decide(&write)
}

pub(super) fn staff(into: &mut Into<'_, '_>, cells: &Cells<'_>, vault: &Vault) -> Result<Result<(), Reason>, Fault> {
    good!(cells.needed("code"));
    let mut fields = cells.texts(&["code", "name"]);
    if let Some(code) = cells.given("branch") {
        fields.insert("branch".into(), Scalar::Text(good!(branch(into, code, "branch")?)));
    }
    let known = roles(&*into.writer)?;
    let mut held: Vec<DocumentId> = Vec::new();
    for code in cells.words("roles") {
        match known.iter().find(|role| role.code == code) {
            Some(role) => held.push(role.id),
            None => return Ok(Err(Reason::new("roles", "not_there"))),
        }
    }
    let pin = cells.given("pin");
    if pin.is_some_and(|pin| !is_pin(pin)) {
        return Ok(Err(Reason::new("pin", "pin")));
    }
    let write = Write::<Staff>::new(None, fields, Vec::new());
    let staff = StaffId(write.document(&*into.writer, &into.next_moment())?.0);
    good!(into.decide(&write)?);
    good!(into.decide(&GiveRoles { staff, roles: held })?);
    let Some(pin) = pin else { return Ok(Ok(())) };
    if prove::is_set_to(&*into.writer, vault, Who::Staff(staff), pin)? {
        return Ok(Ok(()));
    }
    let sealed = prove::sealed(vault, Who::Staff(staff), pin, entropy(&into.moment));
    into.decide(&SetPin { staff, sealed })
}

/// 40 bytes that nobody can foresee: two salts of the moment and its random bytes behind them.
fn entropy(moment: &Moment) -> [u8; 40] {
    let mut bytes = [0; 40];
    for (n, part) in (200_u8..).zip(bytes.chunks_mut(16)) {
        part.copy_from_slice(&moment.salt(n)[..part.len()]);
    }
    bytes
}

/// The id of the branch of a code, in hex.
fn branch(into: &Into<'_, '_>, code: &str, column: &str) -> Result<Result<String, Reason>, Fault> {
    let found = branches::by_code(&*into.writer, code)?;
    Ok(found.map(|branch| home_field(branch.id)).ok_or_else(|| Reason::new(column, "not_there")))
}

pub(super) fn member(into: &mut Into<'_, '_>, cells: &Cells<'_>) -> Result<Result<(), Reason>, Fault> {
    let mut fields = cells.texts(&["name", "note"]);
    if let Some(phone) = cells.given("phone") {
        let phone = good!(text::normal_phone(phone).ok_or_else(|| Reason::new("phone", "form")));
        fields.insert("phone".into(), Scalar::Text(phone));
    }
    if let Some(card) = cells.given("card") {
        fields.insert(format!("card:{}", card.to_uppercase()), Scalar::Bool(true));
    }
    if cells.given("phone").or(cells.given("card")).is_none() {
        return Ok(Err(Reason::new("", "phone_or_card")));
    }
    good!(cells.put_numbers(&["birthday"], &mut fields));
    if let Some(word) = cells.given("gender") {
        fields.insert("gender".into(), Scalar::Text(gender(word).into()));
    }
    if let Some(code) = cells.given("home") {
        fields.insert("home".into(), Scalar::Text(good!(branch(into, code, "home")?)));
    }
    let level = good!(level(into, cells)?);
    let [value, bonus] = [good!(cells.money("value")), good!(cells.money("bonus"))];
    let points = good!(cells.number("points"));
    let member = good!(write(into, fields)?);
    if let Some(level) = level {
        good!(into.decide(&GiveLevel { member, level, ends: None })?);
    }
    let times_reversed = times_reversed(&*into.writer, member)?;
    let [value, bonus, points] = [value, bonus, points].map(Option::unwrap_or_default);
    if [value, bonus, points] != [0; 3] {
        let expiry_months = u32::try_from(settings::points(&*into.writer)?.expiry_months).unwrap_or_default();
        let book = BookOpening { member, value, bonus, points, expiry_months, batch: into.batch };
        good!(into.decide_as(&book, BookOpening::command(member, times_reversed))?);
    }
    let Some(kind) = cells.given("package") else { return Ok(Ok(())) };
    let [uses, gifts] = [good!(cells.counts("uses")), good!(cells.counts("gift_uses"))];
    let price = Money::from_minor(good!(cells.money("package_value")).unwrap_or_default());
    let ends = good!(cells.number("package_ends")).unwrap_or_default();
    let Some(ends) = u32::try_from(ends).ok().filter(|ends| *ends == 0 || field::day(i64::from(*ends))) else {
        return Ok(Err(Reason::new("package_ends", "form")));
    };
    let no = cells.given("package_no").unwrap_or_default().to_owned();
    let open = OpenPackage { member, kind: kind.into(), no, uses, gifts, price, ends, batch: into.batch };
    let booked = into.decide_as(&open, open.command(times_reversed))?;
    Ok(booked.map_err(|reason| if reason.column == "value" { Reason { column: "package_value".into(), ..reason } } else { reason }))
}

fn write(into: &mut Into<'_, '_>, fields: Fields) -> Result<Result<MemberId, Reason>, Fault> {
    let write = WriteMember { member: None, set: fields, removed: Vec::new(), although_taken: false };
    let member = write.member(&*into.writer, &into.next_moment())?;
    Ok(into.decide(&write)?.map(|()| member))
}

fn level(into: &Into<'_, '_>, cells: &Cells<'_>) -> Result<Result<Option<DocumentId>, Reason>, Fault> {
    let Some(code) = cells.given("level") else { return Ok(Ok(None)) };
    let found = members::levels(&*into.writer)?.into_iter().find(|level| level.code == code);
    Ok(found.map(|level| Some(level.id)).ok_or_else(|| Reason::new("level", "not_there")))
}

/// The document's word; what is none is left as it is and refused there.
fn gender(word: &str) -> &str {
    match word {
        "f" | "女" => "female",
        "m" | "男" => "male",
        other => other,
    }
}
