//! Prints a slip again, marked as a copy (补打), or for the first time where the first print was lost. Never kicks the drawer.
//! Refusals, in order: the right to copies, ReceiptUnknown.
use super::bill::priced::House;
use super::find::{self, Receipt};
use super::papers;
use super::print::PrintJob;
use super::shift::{close, slip};
use super::slips::{self, Names};
use super::till::Who;
use super::top_up;
use crate::base::{CommandId, ShiftId};
use crate::facts::bills::Reprinted;
use crate::facts::sales::Sold;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::receipt::words::Language;
use crate::sales::receipt::{Copy, Slip, time_said};
use crate::sales::{corrections, receipts};

/// Which slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    Receipt(String),
    Shift(ShiftId),
}

/// Prints again. `first`: the slip was never printed, so this is no copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reprint {
    pub who: Who,
    pub of: Of,
    pub first: bool,
}

/// The slip, what it is of, and how many copies there were.
pub struct State {
    pub slip: Option<(CommandId, String, Slip)>,
    pub copies: u32,
    pub names: Names,
}

impl Command for Reprint {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        let of = match &self.of {
            Of::Receipt(number) => number.clone(),
            Of::Shift(shift) => shift.to_string(),
        };
        encoded(&(22_u8, of, self.first))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let house = House::load(db, moment.branch)?;
        let names = Names::load(db, &house, self.who.language, self.who.staff)?;
        let (slip, copies) = match &self.of {
            Of::Receipt(number) => match find::by_number(db, number)? {
                None => (None, 0),
                Some(receipt) => {
                    let slip = slip(db, &receipt, &house, &names)?;
                    (slip.map(|slip| (receipt.id, receipt.receipt_no.clone(), slip)), receipt.copies)
                }
            },
            Of::Shift(shift) => (z(db, *shift, &house, &names)?, copies(db, CommandId::from(*shift))?),
        };
        Ok(State { slip, copies, names })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if !self.first && !moment.may(Right::Reprint) {
            return Err(Refusal::NotAllowed { right: Right::Reprint });
        }
        let receipt_no = match &self.of {
            Of::Receipt(number) => number.clone(),
            Of::Shift(shift) => shift.to_string(),
        };
        let (of, receipt_no, slip) = state.slip.as_ref().ok_or(Refusal::ReceiptUnknown { receipt_no })?;
        if self.first {
            return Ok(Decided::nothing().job(PrintJob::new(*of, receipt_no, slip.clone(), None).shut().job(moment, self.who.till)));
        }
        let number = state.copies + 1;
        let copy = Copy { number, by: state.names.cashier.clone(), time: time_said(moment.now_ms, state.names.zone_minutes) };
        let job = PrintJob::new(*of, receipt_no, slip.clone(), Some(copy)).job(moment, self.who.till);
        let at = self.who.occasion(moment, self.who.lent(Right::Reprint));
        Ok(Decided::nothing().fact(&Reprinted { of: *of, at, receipt_no: receipt_no.clone(), copy: number as u16 }).job(job))
    }
}

/// Names for the slip of a sale that was made before.
///
/// # Errors
/// A fault of the store.
pub fn names_of_sale(db: &dyn Read, receipt: &Receipt, sold: &Sold, house: &House, language: Language) -> Result<Names, Fault> {
    let names = Names::load(db, house, language, receipt.cashier)?
        .with_member(db, sold.buyer.as_ref().map(|buyer| buyer.member), None)?
        .with_sales_clerks(db, sold.sales_clerks.as_ref())?;
    names.with_products(db, sold.lines.iter().filter_map(|line| line.product))
}

fn copies(db: &dyn Read, of: CommandId) -> Result<u32, Fault> {
    Ok(db.number("select copies from copy where id = ?1", &[of.into()])? as u32)
}

/// The slip behind a receipt, from its fact.
fn slip(db: &dyn Read, receipt: &Receipt, house: &House, names: &Names) -> Result<Option<Slip>, Fault> {
    if receipt.slip == receipts::Slip::Sale {
        let Some(keyed) = find::keyed(db, receipt)? else { return Ok(None) };
        let (stands, _) = corrections::corrected(db, keyed.clone())?;
        let names = names_of_sale(db, receipt, &stands, house, names.language)?;
        let slip = slips::sale_as_it_stands(&keyed, &stands, &names, house.till.slip_signature);
        let slip = slips::with_top_up(slip, find::top_up_of(db, receipt)?.as_ref(), &names);
        let Some(returned) = find::swapped_for(db, receipt)? else { return Ok(Some(slip)) };
        let names = names.with_products(db, returned.lines.iter().filter_map(|line| line.product))?;
        return Ok(Some(slips::with_returned(slip, Some(&returned), &names)));
    }
    let names = Names::load(db, house, names.language, receipt.cashier)?.with_member(db, receipt.member, None)?;
    Ok(match receipt.slip {
        receipts::Slip::Return => match find::returned(db, receipt)? {
            Some(returned) => {
                let names = names.with_products(db, returned.lines.iter().filter_map(|line| line.product))?;
                Some(slips::taken_back(&returned, &names))
            }
            None => None,
        },
        receipts::Slip::Paper => papers::again(db, receipt, &names)?,
        receipts::Slip::Sale => None,
        receipts::Slip::TopUp => find::topped_up(db, receipt)?.and_then(|topped| top_up::slip(&topped, &names).ok()),
    })
}

fn z(db: &dyn Read, shift: ShiftId, house: &House, names: &Names) -> Result<Option<(CommandId, String, Slip)>, Fault> {
    let Some(closed) = find::closed(db, shift)? else { return Ok(None) };
    let names = Names::load(db, house, names.language, closed.at.by)?;
    let receipts = close::receipts(db, shift, closed.at.branch, closed.opened_ms)?;
    let people = close::people(db, slip::named(&closed))?;
    Ok(Some((CommandId::from(shift), String::new(), slip::slip(&closed, &names, &people, &receipts))))
}
