//! Sales, returns and top-ups.
use crate::http::refused::No;
use serde::Serialize;
use shared::base::{CommandId, MemberId, ProductNo, StreamId};
use shared::catalog;
use shared::facts::sales::{Paid, SoldLine};
use shared::journal::{Fault, Read};
use shared::reports::names::{self, BranchRef, MemberRef, Names, PersonRef, TenderSum};
use shared::reports::slips::{self, SlipRow};
use shared::reports::takings::StoredValue;
use shared::sales::corrections::attached_to;
use shared::sales::receipts::{Slip, is_value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct SaleRow {
    pub id: CommandId,
    pub kind: Slip,
    pub receipt_no: String,
    pub at_ms: i64,
    pub day: u32,
    pub branch: BranchRef,
    pub till: u16,
    #[schema(required)]
    pub cashier: Option<PersonRef>,
    #[schema(required)]
    pub member: Option<MemberRef>,
    /// Minor units; of a return negative.
    pub due: i64,
    /// Thousandths.
    pub pieces: i64,
    pub tenders: Vec<TenderSum>,
    /// Earned; of a return taken back, negative.
    pub points: i64,
    /// It was taken back.
    pub returned: bool,
}

/// A slip with everything behind it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sale {
    #[serde(flatten)]
    pub row: SaleRow,
    pub lines: Vec<SaleLine>,
    pub subtotal: i64,
    pub discount: i64,
    /// 抹零, as an amount taken off.
    pub rounding: i64,
    /// 导购, in the order named; of a sale only.
    pub sales_clerks: Vec<PersonRef>,
    /// The stored value among the tenders.
    #[schema(required)]
    pub value: Option<StoredValue>,
    pub entry: EntryRef,
}

/// Where it stands in the books.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryRef {
    pub stream: StreamId,
    pub seq: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SaleLine {
    /// Within the sale, from 1.
    pub n: u16,
    /// None: goods without a code.
    #[schema(required)]
    pub product: Option<u32>,
    pub name: String,
    pub name_en: String,
    pub unit: String,
    /// Thousandths.
    pub quantity: i64,
    /// Of one unit without any advantage.
    pub list_price: i64,
    /// Of one unit as it was paid, half up.
    pub price: i64,
    pub gross: i64,
    pub discount: i64,
    pub net: i64,
    /// Thousandths that came back.
    pub returned: i64,
}

/// A row of a list.
///
/// # Errors
/// A fault of the store.
pub fn row(db: &dyn Read, names: &Names, slip: &SlipRow) -> Result<SaleRow, Fault> {
    let tenders = slips::tenders(db, slip)?;
    let member = match slip.member {
        None if slip.kind == Slip::Sale => attached_to(db, slip.id.into())?,
        member => member,
    };
    Ok(SaleRow {
        id: slip.id,
        kind: slip.kind,
        receipt_no: slip.receipt_no.clone(),
        at_ms: slip.at_ms,
        day: slip.day.0,
        branch: names.branch(slip.branch),
        till: slip.till,
        cashier: slip.cashier.map(|staff| names::person(db, staff)).transpose()?.flatten(),
        member: member.map(|member| names::member(db, member)).transpose()?.flatten(),
        due: slip.due,
        pieces: slip.pieces,
        tenders: tenders.iter().map(|(code, amount)| names.tender(code, *amount)).collect(),
        points: points(db, slip, member)?,
        returned: slip.kind == Slip::Sale && slips::is_returned(db, slip.id.into())?,
    })
}

fn points(db: &dyn Read, slip: &SlipRow, member: Option<MemberId>) -> Result<i64, Fault> {
    // Only a member has points, and only then is the fact read.
    if member.is_none() {
        return Ok(0);
    }
    Ok(match slip.kind {
        Slip::Sale => {
            let sold = slips::sold(db, slip.id, slip.stream)?.and_then(|(sold, _)| sold.buyer);
            sold.map_or(0, |buyer| buyer.points.iter().map(|points| points.amount).sum())
        }
        Slip::Return => {
            let back = slips::returned(db, slip.id, slip.stream)?;
            back.map_or(0, |(back, _)| -(back.points.iter().map(|points| points.amount).sum::<i64>() + back.points_debt))
        }
        Slip::TopUp | Slip::Paper => 0,
    })
}

/// One slip, down to its lines.
///
/// # Errors
/// `not_found`; a fault of the store.
pub fn whole(db: &dyn Read, id: CommandId) -> Result<Sale, No> {
    let slip = slips::slip(db, id)?.ok_or_else(|| No::not_found("sale"))?;
    let names = Names::load(db)?;
    let row = row(db, &names, &slip)?;
    let entry = EntryRef { stream: slip.stream, seq: slips::seq(db, slip.id, slip.stream)? };
    let mut sale =
        Sale { subtotal: row.due, discount: 0, rounding: 0, sales_clerks: Vec::new(), value: None, lines: Vec::new(), entry, row };
    match slip.kind {
        Slip::Sale => {
            let Some((sold, _)) = slips::sold(db, slip.id, slip.stream)? else { return Ok(sale) };
            let back = slips::came_back(db, sold.sale)?;
            sale.lines = sold.lines.iter().map(|line| shown(db, line, &back)).collect::<Result<_, _>>()?;
            (sale.subtotal, sale.discount, sale.rounding) = (sold.subtotal.minor(), sold.discount.minor(), sold.rounding.minor());
            for clerk in sold.sales_clerks.iter().flatten() {
                sale.sales_clerks.extend(names::person(db, clerk.staff)?);
            }
            sale.value = value(&sold.tenders, 1);
        }
        Slip::Return => {
            let Some((back, _)) = slips::returned(db, slip.id, slip.stream)? else { return Ok(sale) };
            let of = slips::slip(db, back.sale.into())?.map(|of| slips::sold(db, of.id, of.stream)).transpose()?.flatten();
            let quantities: BTreeMap<u16, i64> = back.lines.iter().map(|line| (line.no, line.quantity.thousandths())).collect();
            for line in of.iter().flat_map(|(sold, _)| &sold.lines).filter(|line| quantities.contains_key(&line.no)) {
                sale.lines.push(shown(db, line, &quantities)?);
            }
            sale.subtotal = -back.value.minor();
            sale.value = value(&back.tenders, -1);
        }
        Slip::TopUp | Slip::Paper => {}
    }
    Ok(sale)
}

fn value(tenders: &[Paid], sign: i64) -> Option<StoredValue> {
    let mut paid = tenders.iter().filter(|paid| is_value(paid)).peekable();
    paid.peek()?;
    Some(paid.fold(StoredValue::default(), |sum, paid| StoredValue {
        principal: sum.principal + sign * (paid.amount.minor() - paid.bonus.minor()),
        bonus: sum.bonus + sign * paid.bonus.minor(),
    }))
}

fn shown(db: &dyn Read, line: &SoldLine, back: &BTreeMap<u16, i64>) -> Result<SaleLine, Fault> {
    let product = line.product.map(|ProductNo(number)| catalog::product(db, ProductNo(number))).transpose()?.flatten();
    let (quantity, net) = (line.quantity.thousandths(), line.net.minor());
    let price = if quantity == 0 { net } else { (2 * net * 1000 + quantity) / (2 * quantity) };
    let text = |of: fn(&catalog::Product) -> &String| product.as_ref().map_or_else(String::new, |product| of(product).clone());
    Ok(SaleLine {
        n: line.no,
        product: line.product.map(|product| product.0),
        name: line.name.clone().unwrap_or_else(|| text(|product| &product.name)),
        name_en: text(|product| &product.name_en),
        unit: text(|product| &product.unit),
        quantity,
        list_price: line.list_price.minor(),
        price,
        gross: line.gross.minor(),
        discount: line.price_discount.minor() + line.rate_discount.minor() + line.bill_discount.minor(),
        net,
        returned: back.get(&line.no).copied().unwrap_or(0),
    })
}
