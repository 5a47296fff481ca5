//! Finished slips: the list of the day, one sale with what may still come back, and what a return would give.
use super::bill::{SalesClerk, Tender};
use super::done::{MemberLine, member_line, paid};
use super::{Person, Viewer, person, tender_names};
use crate::base::{BusinessDay, Money, Quantity};
use crate::branches;
use crate::catalog;
use crate::desk::bill::priced::House;
use crate::desk::find;
use crate::desk::swap;
use crate::desk::take_back::{self, Refund as Wanted, State};
use crate::desk::till::Who;
use crate::facts::sales::Sold;
use crate::journal::{Fault, Moment, Read, Refusal, Right};
use crate::ledger::statement;
use crate::members;
use crate::sales::back::{Pick, points_back};
use crate::sales::corrections::attached_to;
use crate::sales::receipt_number::{NotAReceiptNumber, ReceiptNumber};
use crate::sales::receipts::Slip;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecentSale {
    pub receipt_no: String,
    pub at_ms: i64,
    pub kind: Slip,
    pub due: Money,
    pub pieces: Quantity,
    pub cashier: Person,
    /// Masked name.
    #[schema(required)]
    pub member: Option<String>,
    pub returned: bool,
    pub copies: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SaleLine {
    pub id: String,
    /// Within the sale, from 1.
    pub no: u16,
    pub name: String,
    pub name_en: String,
    pub quantity: Quantity,
    pub returned: Quantity,
    pub returnable: Quantity,
    pub net: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SaleTotals {
    pub subtotal: Money,
    pub discount: Money,
    pub rounding: Money,
    pub due: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SaleReturn {
    pub receipt_no: String,
    pub at_ms: i64,
    pub amount: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lies {
    pub branch: String,
    pub name: String,
    pub name_en: String,
    pub here: bool,
    pub reachable: bool,
    #[schema(required)]
    pub since_ms: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BranchNames {
    pub name: String,
    pub name_en: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sale {
    pub receipt_no: String,
    pub at_ms: i64,
    pub branch: BranchNames,
    pub till: u16,
    pub cashier: Person,
    #[schema(required)]
    pub member: Option<MemberLine>,
    pub sales_clerks: Vec<SalesClerk>,
    pub lines: Vec<SaleLine>,
    pub totals: SaleTotals,
    pub tenders: Vec<Tender>,
    pub returns: Vec<SaleReturn>,
    pub lies: Lies,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Refund {
    pub amount: Money,
    pub to: Vec<Tender>,
    pub points_back: i64,
    pub points_taken: i64,
    pub points_short: i64,
    pub points_charge: Money,
    /// The right that somebody must lend.
    #[schema(required)]
    pub needs: Option<Right>,
}

/// What a swap of the open bill for pieces of a sale comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Swap {
    pub refund: Refund,
    /// Of the open bill, without cash and with it.
    pub due: Money,
    pub due_cash: Money,
    /// Money of the refund that pays it, and money that goes back.
    pub kept: Vec<Tender>,
    pub paid_out: Vec<Tender>,
    /// Still to pay, without cash and with it.
    pub left: Money,
    pub left_cash: Money,
}

/// A receipt number as typed, in its own form; a wrong digit is told.
///
/// # Errors
/// ReceiptTypo; ReceiptUnknown where it has another shape.
pub fn number(text: &str) -> Result<String, Refusal> {
    match text.parse::<ReceiptNumber>() {
        Ok(number) => Ok(number.to_string()),
        Err(NotAReceiptNumber::Check) => Err(Refusal::ReceiptTypo),
        Err(NotAReceiptNumber::Shape) => Err(Refusal::ReceiptUnknown { receipt_no: text.chars().take(40).collect() }),
    }
}

/// Slips of this till's business day, newest first.
///
/// # Errors
/// A fault of the store.
pub fn recent(db: &dyn Read, viewer: &Viewer, limit: u32) -> Result<Vec<RecentSale>, Fault> {
    let Some(branch) = viewer.branch else { return Ok(Vec::new()) };
    let house = House::load(db, viewer.branch)?;
    let from_ms = BusinessDay(viewer.day).begins_ms(house.zone);
    let shown = |receipt: &find::Receipt| {
        let member = match receipt.member {
            None => attached_to(db, receipt.id.into())?,
            member => member,
        };
        let member = member.map(|member| members::member(db, member)).transpose()?.flatten();
        Ok(RecentSale {
            receipt_no: receipt.receipt_no.clone(),
            at_ms: receipt.at_ms,
            kind: receipt.slip,
            due: Money::from_minor(receipt.due),
            pieces: Quantity::from_thousandths(receipt.pieces),
            cashier: person(db, receipt.cashier)?,
            member: member.map(|member| members::masked_name(&member.name)),
            returned: !find::returns_of(db, crate::base::SaleId::from(receipt.id))?.is_empty(),
            copies: receipt.copies,
        })
    };
    find::newest(db, branch, viewer.till, from_ms, limit)?.iter().map(shown).collect()
}

/// One sale.
///
/// # Errors
/// Outer: a fault of the store. Inner: ReceiptUnknown, ReceiptTypo.
pub fn sale(db: &dyn Read, receipt_no: &str, viewer: &Viewer) -> Result<Result<Sale, Refusal>, Fault> {
    let receipt_no = match number(receipt_no) {
        Ok(number) => number,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let unknown = Refusal::ReceiptUnknown { receipt_no: receipt_no.clone() };
    let Some(receipt) = find::by_number(db, &receipt_no)?.filter(|receipt| receipt.slip == Slip::Sale) else { return Ok(Err(unknown)) };
    let Some(sold) = find::sold(db, &receipt)? else { return Ok(Err(unknown)) };
    let house = House::load(db, Some(receipt.branch))?;
    let returns = find::returns_of(db, sold.sale)?;
    let held = take_back::returnable(db, &sold, viewer.here)?;
    let here = held.iter().any(|held| held.is_positive());
    let back = take_back::returned_here(db, &returns)?;
    let mut lines = Vec::with_capacity(sold.lines.len());
    for (line, held) in sold.lines.iter().zip(held) {
        let product = line.product.map(|number| catalog::product(db, number)).transpose()?.flatten();
        let name = line.name.clone().unwrap_or_default();
        let (name, name_en) = product.map_or((name.clone(), name), |product| (product.name, product.name_en));
        // Where the right lies elsewhere, what came back there is not known here.
        let known = back.get(&line.no).copied().unwrap_or_default();
        let left = if here { held } else { line.quantity.minus(known).unwrap_or_default() };
        lines.push(SaleLine {
            id: format!("line_{}", line.no),
            no: line.no,
            name,
            name_en,
            quantity: line.quantity,
            returned: line.quantity.minus(left).unwrap_or_default(),
            returnable: left,
            net: line.net,
        });
    }
    let (name, name_en) = branches::branch(db, receipt.branch)?.map_or_else(Default::default, |branch| (branch.name, branch.name_en));
    let link = statement::link(db, receipt.branch)?.filter(|link| !link.up);
    let away = if viewer.cut_off_since_ms > 0 { Some(viewer.cut_off_since_ms) } else { link.map(|link| link.since_ms) };
    Ok(Ok(Sale {
        receipt_no,
        at_ms: receipt.at_ms,
        branch: BranchNames { name: name.clone(), name_en: name_en.clone() },
        till: receipt.till,
        cashier: person(db, receipt.cashier)?,
        member: member_line(db, sold.buyer.as_ref().map(|buyer| buyer.member))?,
        sales_clerks: clerks(db, &sold)?,
        lines,
        totals: SaleTotals {
            subtotal: sold.subtotal,
            discount: sold.discount,
            rounding: Money::from_minor(-sold.rounding.minor()),
            due: sold.due,
        },
        tenders: paid(&sold.tenders, &house),
        returns: returns
            .iter()
            .map(|back| SaleReturn { receipt_no: back.receipt_no.clone(), at_ms: back.at_ms, amount: Money::from_minor(-back.due) })
            .collect(),
        lies: Lies {
            branch: receipt.branch.to_string(),
            name,
            name_en,
            here,
            reachable: here || away.is_none(),
            since_ms: away.filter(|_| !here),
        },
    }))
}

/// What taking pieces of a sale back would give.
///
/// # Errors
/// Outer: a fault of the store. Inner: why they cannot be taken back.
pub fn refund(db: &dyn Read, receipt_no: &str, picks: &[Pick], who: &Who, moment: &Moment) -> Result<Result<Refund, Refusal>, Fault> {
    let receipt_no = match number(receipt_no) {
        Ok(number) => number,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let state = State::load(db, &receipt_no, who, moment)?;
    let house = House::load(db, moment.branch)?;
    Ok(state.refund(&receipt_no, picks).map(|(_, refund)| shown(&refund, &house, who, moment)))
}

/// What swapping pieces of a sale for the open bill would come to.
///
/// # Errors
/// Outer: a fault of the store. Inner: why it cannot be done.
pub fn swap(db: &dyn Read, receipt_no: &str, picks: &[Pick], who: &Who, moment: &Moment) -> Result<Result<Swap, Refusal>, Fault> {
    let receipt_no = match number(receipt_no) {
        Ok(number) => number,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let house = House::load(db, moment.branch)?;
    let tenders = |money: &[(String, Money)]| -> Vec<Tender> {
        let tender = |(no, (code, amount)): (usize, &(String, Money))| {
            let (name, name_en) = tender_names(&house, code);
            let (id, code, amount) = (format!("tender_{}", no + 1), code.clone(), *amount);
            Tender { id, code, name, name_en, amount, principal: None, bonus: None, proof: None }
        };
        money.iter().enumerate().map(tender).collect()
    };
    Ok(swap::preview(db, who, &receipt_no, picks, moment)?.map(|preview| Swap {
        refund: shown(&preview.refund, &house, who, moment),
        due: preview.due,
        due_cash: preview.due_cash,
        kept: tenders(&preview.kept),
        paid_out: tenders(&preview.paid_out),
        left: preview.left,
        left_cash: preview.left_cash,
    }))
}

fn clerks(db: &dyn Read, sold: &Sold) -> Result<Vec<SalesClerk>, Fault> {
    let clerks = sold.sales_clerks.iter().flatten();
    clerks.map(|clerk| Ok(SalesClerk { person: person(db, clerk.staff)?, share: clerk.share })).collect()
}

fn shown(refund: &Wanted, house: &House, who: &Who, moment: &Moment) -> Refund {
    let over = who.own.refund.is_some_and(|limit| refund.paid_back > limit);
    Refund {
        amount: refund.paid_back,
        to: paid(&refund.tenders, house),
        points_back: points_back(&refund.tenders).iter().map(|points| points.amount).sum(),
        points_taken: refund.recovery.from_here,
        points_short: refund.recovery.off_refund.minor() + refund.recovery.debt,
        points_charge: refund.recovery.off_refund,
        needs: (over || !moment.may(Right::Return)).then_some(Right::Return),
    }
}
