//! What was finished last: for the banner with the change, for reprints, and for "已收款, 小票未打" after a power cut.
use super::bill::{Tender, proof_said};
use super::{Person, Viewer, person, tender_names};
use crate::base::text::masked_phone;
use crate::base::{CommandId, JobId, MemberId, Money};
use crate::desk::bill::priced::House;
use crate::desk::find::{self, Receipt};
use crate::desk::print;
use crate::desk::swap::cash_back;
use crate::facts::sales::{CASH, Paid, VALUE};
use crate::journal::{Fault, Read};
use crate::members;
use crate::sales::back::points_back;
use crate::sales::receipts::Slip;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Printing {
    Queued,
    Printing,
    Printed,
    /// The printer answers nothing.
    Sent,
    Failed,
    None,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PrintState {
    pub state: Printing,
    #[schema(required)]
    pub slip: Option<String>,
    #[schema(required)]
    pub what: Option<String>,
    #[schema(required)]
    pub device: Option<String>,
    /// Whose printer it waits for.
    #[serde(skip)]
    pub till: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MemberLine {
    pub id: String,
    pub name: String,
    pub phone: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ValueTaken {
    pub taken_principal: Money,
    pub taken_bonus: Money,
    pub principal: Money,
    pub bonus: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PointsEarned {
    pub earned: i64,
    #[schema(required)]
    pub from: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Done {
    pub kind: Slip,
    pub id: String,
    pub receipt_no: String,
    pub at_ms: i64,
    pub cashier: Person,
    pub due: Money,
    pub tendered: Money,
    pub change: Money,
    pub rounding: Money,
    pub discount: Money,
    pub tenders: Vec<Tender>,
    #[schema(required)]
    pub member: Option<MemberLine>,
    #[schema(required)]
    pub value: Option<ValueTaken>,
    #[schema(required)]
    pub points: Option<PointsEarned>,
    pub print: PrintState,
    pub copies: u32,
}

/// How the slip of a job stands.
///
/// # Errors
/// A fault of the store.
pub fn print_state(db: &dyn Read, job: JobId) -> Result<PrintState, Fault> {
    // How does this job stand?
    let row = db.row("select state, note, queue from job where id = ?1 and kind = 'print'", &[job.into()])?;
    let till = row.as_ref().and_then(|row| print::till_of(row.text(2)));
    let (state, note) = row.map_or((Printing::None, String::new()), |row| {
        let state = match row.int(0) {
            0 => Printing::Queued,
            // With a note its end is known, or can only be seen on the paper.
            1 if row.text(1).is_empty() => Printing::Printing,
            1 => Printing::Failed,
            2 if row.text(1) == "sent" => Printing::Sent,
            2 => Printing::Printed,
            3 => Printing::Failed,
            _ => Printing::None,
        };
        (state, row.text(1).to_owned())
    });
    let slip = (state != Printing::None).then(|| job.to_string());
    Ok(PrintState { state, slip, what: (state == Printing::Failed && !note.is_empty()).then_some(note), device: None, till })
}

/// A member on a slip; none if not known here.
///
/// # Errors
/// A fault of the store.
pub fn member_line(db: &dyn Read, member: Option<MemberId>) -> Result<Option<MemberLine>, Fault> {
    let found = member.map(|member| members::member(db, member)).transpose()?.flatten();
    Ok(found.map(|member| MemberLine { id: member.id.to_string(), name: member.name, phone: masked_phone(&member.phone) }))
}

/// Tenders of a finished slip.
pub fn paid(tenders: &[Paid], house: &House) -> Vec<Tender> {
    let shown = |(no, paid): (usize, &Paid)| {
        let (name, name_en) = tender_names(house, &paid.code);
        let value = paid.code == VALUE;
        let principal = Money::from_minor(paid.amount.minor().saturating_sub(paid.bonus.minor()));
        Tender {
            id: format!("tender_{}", no + 1),
            code: paid.code.clone(),
            name,
            name_en,
            amount: paid.amount,
            principal: value.then_some(principal),
            bonus: value.then_some(paid.bonus),
            proof: value.then(|| proof_said(paid.proven).into()),
        }
    };
    tenders.iter().enumerate().map(shown).collect()
}

/// Value taken or given by tenders, as principal and bonus.
pub fn value_of(tenders: &[Paid]) -> (i64, i64) {
    let value = tenders.iter().filter(|paid| paid.code == VALUE);
    value.fold((0, 0), |(principal, bonus), paid| (principal + paid.amount.minor() - paid.bonus.minor(), bonus + paid.bonus.minor()))
}

/// What a command finished: a sale, a return or a top-up; none if it was none.
///
/// # Errors
/// A fault of the store.
pub fn done(db: &dyn Read, id: CommandId, viewer: &Viewer) -> Result<Option<Done>, Fault> {
    let Some(receipt) = find::by_id(db, id)? else { return Ok(None) };
    of(db, &receipt, viewer).map(Some)
}

/// What this till finished last, if it was within the day.
///
/// # Errors
/// A fault of the store.
pub fn last(db: &dyn Read, viewer: &Viewer, from_ms: i64) -> Result<Option<Done>, Fault> {
    let Some(branch) = viewer.branch else { return Ok(None) };
    let newest = find::newest(db, branch, viewer.till, from_ms, 1)?;
    newest.first().map(|receipt| of(db, receipt, viewer)).transpose()
}

fn of(db: &dyn Read, receipt: &Receipt, viewer: &Viewer) -> Result<Done, Fault> {
    let house = House::load(db, viewer.branch)?;
    let mut done = Done {
        kind: receipt.slip,
        id: receipt.id.to_string(),
        receipt_no: receipt.receipt_no.clone(),
        at_ms: receipt.at_ms,
        cashier: person(db, receipt.cashier)?,
        due: Money::from_minor(receipt.due),
        tendered: Money::from_minor(receipt.due),
        change: Money::ZERO,
        rounding: Money::ZERO,
        discount: Money::ZERO,
        tenders: Vec::new(),
        member: member_line(db, receipt.member)?,
        value: None,
        points: None,
        print: print_state(db, print::job_of(receipt.id))?,
        copies: receipt.copies,
    };
    match receipt.slip {
        Slip::Sale => of_sale(db, receipt, &house, &mut done)?,
        Slip::Return => of_return(db, receipt, &house, &mut done)?,
        Slip::TopUp => of_top_up(db, receipt, &house, &mut done)?,
        Slip::Paper => {}
    }
    Ok(done)
}

fn of_sale(db: &dyn Read, receipt: &Receipt, house: &House, done: &mut Done) -> Result<(), Fault> {
    let Some(sold) = find::sold(db, receipt)? else { return Ok(()) };
    let handed: i64 = sold.tenders.iter().map(|paid| if paid.code == CASH { paid.handed.minor() } else { paid.amount.minor() }).sum();
    // Of a top-up that it was paid with what goes back over the counter is one sum with the sale's.
    let back = find::top_up_of(db, receipt)?.map_or(0, |topped| topped.tendered.saturating_sub(topped.principal));
    let swapped = find::swapped_for(db, receipt)?.map_or(0, |returned| cash_back(&returned, &sold.tenders).minor());
    (done.tendered, done.change) = (Money::from_minor(handed), Money::from_minor(sold.change.minor() + back + swapped));
    (done.rounding, done.discount) = (Money::from_minor(-sold.rounding.minor()), sold.discount);
    done.tenders = paid(&sold.tenders, house);
    if let Some(buyer) = &sold.buyer {
        let (principal, bonus) = value_of(&sold.tenders);
        done.value = Some(ValueTaken {
            taken_principal: Money::from_minor(principal),
            taken_bonus: Money::from_minor(bonus),
            principal: buyer.principal_after,
            bonus: buyer.bonus_after,
        });
        let from = buyer.points.iter().find(|points| points.until != 0).map(|points| points.from);
        done.points = Some(PointsEarned { earned: buyer.points.iter().map(|points| points.amount).sum(), from });
    }
    Ok(())
}

fn of_return(db: &dyn Read, receipt: &Receipt, house: &House, done: &mut Done) -> Result<(), Fault> {
    let Some(returned) = find::returned(db, receipt)? else { return Ok(()) };
    done.tenders = paid(&returned.tenders, house);
    if returned.member.is_some() {
        let (principal, bonus) = value_of(&returned.tenders);
        done.value = Some(ValueTaken {
            taken_principal: Money::from_minor(-principal),
            taken_bonus: Money::from_minor(-bonus),
            principal: returned.principal_after,
            bonus: returned.bonus_after,
        });
        let taken: i64 = returned.points.iter().map(|points| points.amount).sum();
        let back: i64 = points_back(&returned.tenders).iter().map(|points| points.amount).sum();
        done.points = Some(PointsEarned { earned: back - taken - returned.points_debt, from: None });
    }
    Ok(())
}

fn of_top_up(db: &dyn Read, receipt: &Receipt, house: &House, done: &mut Done) -> Result<(), Fault> {
    let Some(topped) = find::topped_up(db, receipt)? else { return Ok(()) };
    let money = Money::from_minor;
    let (name, name_en) = tender_names(house, &topped.tender);
    done.tenders = vec![Tender {
        id: "tender_1".into(),
        code: topped.tender.clone(),
        name,
        name_en,
        amount: money(topped.principal),
        principal: None,
        bonus: None,
        proof: None,
    }];
    (done.tendered, done.change) = (money(topped.tendered), money((topped.tendered - topped.principal).max(0)));
    done.value = Some(ValueTaken {
        taken_principal: money(-topped.principal),
        taken_bonus: money(-topped.bonus),
        principal: money(topped.principal_after),
        bonus: money(topped.bonus_after),
    });
    Ok(())
}
