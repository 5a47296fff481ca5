//! Categories, products, and what lies on the shelves.
use super::cell::Cells;
use super::{Into, Reason, good};
use crate::base::{Money, ProductNo, Quantity};
use crate::branches;
use crate::catalog::{self, MAIN_LIST};
use crate::desk::open_stock::OpenStock;
use crate::desk::write::Write;
use crate::desk::write::category::Category;
use crate::desk::write::product::Product;
use crate::documents::product::{check_digit_fits, member_price_key, price_key};
use crate::documents::{Fields, Scalar};
use crate::journal::Fault;

pub(super) fn category(into: &mut Into<'_, '_>, cells: &Cells<'_>) -> Result<Result<(), Reason>, Fault> {
    good!(cells.needed("code"));
    let fields = cells.texts(&["code", "name", "name_en", "parent"]);
    into.decide(&Write::<Category>::new(None, fields, Vec::new()))
}

pub(super) fn product(into: &mut Into<'_, '_>, cells: &Cells<'_>) -> Result<Result<(), Reason>, Fault> {
    let number = good!(good!(cells.number("number")).ok_or_else(|| Reason::new("number", "missing")));
    let Some(product) = u32::try_from(number).ok().filter(|number| *number > 0).map(ProductNo) else {
        return Ok(Err(Reason::new("number", "range")));
    };
    good!(cells.needed("category"));
    good!(cells.needed("unit"));
    let mut fields = cells.texts(&["name", "name_en", "category", "unit", "plu"]);
    fields.insert("number".into(), Scalar::Int(number));
    good!(cells.put_yes(&["weighed", "discountable", "earns_points", "retired"], &mut fields));
    for code in cells.words("barcodes") {
        let digits = code.bytes().all(|byte| byte.is_ascii_digit());
        if digits && [8, 12, 13].contains(&code.len()) && !check_digit_fits(code) {
            return Ok(Err(Reason::new("barcodes", "check_digit")));
        }
        fields.insert(format!("barcode:{code}"), Scalar::Bool(true));
    }
    if let Some(cost) = good!(cells.money("cost")) {
        fields.insert("cost_minor".into(), Scalar::Int(cost));
    }
    if let Some(points) = good!(cells.number("gift_points")) {
        fields.insert("gift_points".into(), Scalar::Int(points));
    }
    if let Some(money) = good!(cells.money("gift_money")) {
        fields.insert("gift_money_minor".into(), Scalar::Int(money));
    }
    into.prices = good!(prices(into, cells, product, &mut fields)?);
    into.decide(&Write::<Product>::new(None, fields, Vec::new()))
}

/// A price is set from today on, only where it differs from the one that holds today. How many do?
fn prices(into: &Into<'_, '_>, cells: &Cells<'_>, product: ProductNo, fields: &mut Fields) -> Result<Result<u32, Reason>, Fault> {
    let (price, member_price) = (good!(cells.money("price")), good!(cells.money("member_price")));
    let Some(price) = price else { return Ok(Err(Reason::new("price", "missing"))) };
    let before = fields.len();
    let holds = catalog::price(&*into.writer, MAIN_LIST, product, into.today())?;
    let today = i64::from(into.today().0);
    if holds.map(|holds| holds.price) != Some(Money::from_minor(price)) {
        fields.insert(price_key(MAIN_LIST, today), Scalar::Int(price));
    }
    let for_members = holds.and_then(|holds| holds.member_price).map(Money::minor);
    if let Some(price) = member_price.filter(|price| for_members != Some(*price)) {
        fields.insert(member_price_key(MAIN_LIST, today), Scalar::Int(price));
    }
    Ok(Ok((fields.len() - before) as u32))
}

/// Opening stock of a branch. A second list with another quantity is refused: what was counted later is a stocktake's to say.
pub(super) fn stock(into: &mut Into<'_, '_>, cells: &Cells<'_>) -> Result<Result<(), Reason>, Fault> {
    let code = good!(cells.needed("branch"));
    let Some(branch) = branches::by_code(&*into.writer, code)? else { return Ok(Err(Reason::new("branch", "not_there"))) };
    good!(cells.needed("product"));
    let number = good!(cells.number("product")).and_then(|number| u32::try_from(number).ok());
    let Some(product) = number.map(ProductNo).filter(|number| *number != ProductNo(0)) else {
        return Ok(Err(Reason::new("product", "range")));
    };
    good!(cells.needed("quantity"));
    let quantity = good!(cells.quantity("quantity")).unwrap_or(Quantity::ZERO);
    let open = OpenStock { branch: branch.id, product, quantity };
    let booked = into.decide_as(&open, open.command())?;
    Ok(booked.map_err(|reason| match reason.column.as_str() {
        "value" => Reason { column: "quantity".into(), ..reason },
        _ => reason,
    }))
}
