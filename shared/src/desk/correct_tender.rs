//! Puts the tender of a sale right (改支付方式, A15): it had been keyed as another. Only within the shift that took it, before anything came back,
//! and only money for money; sale, points and time stay. A copy of the slip is printed that says so.
//! Refusals, in order: ReceiptUnknown, ShiftIsClosed, AlreadyReturned, TenderUnknown, NotSound.
use super::bill::priced::House;
use super::find::{self, Receipt};
use super::print::PrintJob;
use super::reprint::names_of_sale;
use super::slips::{self, Names};
use super::till::Who;
use crate::facts::bills::Reprinted;
use crate::facts::corrections::{TenderCorrected, is_money};
use crate::facts::sales::{CASH, Sold};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Job, Moment, Read, Refusal, Right};
use crate::sales::corrections;
use crate::sales::receipt::{Copy, time_said};
use crate::sales::receipts::Slip;
use std::sync::Arc;

/// Puts one tender right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectTender {
    pub who: Who,
    pub receipt_no: String,
    /// Which tender of the sale, from 1.
    pub no: u16,
    /// Code of the tender that it truly was.
    pub to: String,
    pub reason: String,
}

/// The sale as corrected so far, and whether anything of it came back.
pub struct State {
    receipt: Option<Receipt>,
    sold: Option<(Sold, u16)>,
    returned: Option<Receipt>,
    house: Arc<House>,
    /// As keyed, for the slip; with its names and who prints the copy.
    keyed: Option<(Sold, Names, String)>,
}

impl Command for CorrectTender {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Correct);

    fn content(&self) -> Vec<u8> {
        encoded(&(71_u8, self.receipt_no.as_str(), self.no, self.to.as_str(), self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let receipt = find::by_number(db, &self.receipt_no)?.filter(|receipt| receipt.slip == Slip::Sale);
        let sold = receipt.as_ref().map(|receipt| find::keyed(db, receipt)).transpose()?.flatten();
        let returned = match &sold {
            Some(sold) => find::returns_of(db, sold.sale)?.pop(),
            None => None,
        };
        let house = House::load(db, moment.branch)?;
        let keyed = match receipt.as_ref().zip(sold.as_ref()) {
            Some((receipt, sold)) => {
                let language = self.who.language;
                let by = Names::load(db, &house, language, self.who.staff)?.cashier;
                Some((sold.clone(), names_of_sale(db, receipt, sold, &house, language)?, by))
            }
            None => None,
        };
        let sold = sold.map(|sold| corrections::corrected(db, sold)).transpose()?;
        Ok(State { receipt, sold, returned, house, keyed })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let unknown = || Refusal::ReceiptUnknown { receipt_no: self.receipt_no.clone() };
        let receipt = state.receipt.as_ref().ok_or_else(unknown)?;
        let (sold, nth) = state.sold.as_ref().ok_or_else(unknown)?;
        if receipt.stream != moment.here || moment.shift.is_none() || sold.at.shift != moment.shift {
            return Err(Refusal::ShiftIsClosed { receipt_no: self.receipt_no.clone() });
        }
        if let Some(returned) = &state.returned {
            return Err(Refusal::AlreadyReturned { receipt_no: returned.receipt_no.clone(), at_ms: returned.at_ms });
        }
        let known = self.to == CASH || state.house.till.tenders.contains_key(&self.to);
        let paid = usize::from(self.no).checked_sub(1).and_then(|at| sold.tenders.get(at));
        let Some(paid) = paid.filter(|paid| known && is_money(&paid.code)) else {
            return Err(Refusal::TenderUnknown { tender: self.to.clone() });
        };
        if paid.code == self.to {
            return Err(Refusal::NotSound { field: "tender".into(), why: "same".into() });
        }
        let at = self.who.occasion(moment, self.who.lent(Right::Correct));
        let (copy, job) = self.copy(state, receipt, sold, moment).ok_or_else(unknown)?;
        let corrected = TenderCorrected {
            sale: sold.sale,
            at: at.clone(),
            receipt_no: self.receipt_no.clone(),
            nth: *nth,
            no: self.no,
            from: paid.code.clone(),
            to: self.to.clone(),
            amount: paid.amount,
            reason: self.reason.clone(),
        };
        let reprinted = Reprinted { of: receipt.id, at, receipt_no: self.receipt_no.clone(), copy };
        Ok(Decided::nothing().fact(&corrected).fact(&reprinted).job(job))
    }
}

impl CorrectTender {
    /// The how-manieth copy of the slip it is, and its print job.
    fn copy(&self, state: &State, receipt: &Receipt, sold: &Sold, moment: &Moment) -> Option<(u16, Job)> {
        let (keyed, names, by) = state.keyed.as_ref()?;
        let mut stands = sold.clone();
        corrections::put_right(&mut stands, self.no, &self.to);
        let slip = slips::sale_as_it_stands(keyed, &stands, names, state.house.till.slip_signature);
        let copy = Copy { number: receipt.copies + 1, by: by.clone(), time: time_said(moment.now_ms, names.zone_minutes) };
        let number = u16::try_from(copy.number).unwrap_or(u16::MAX);
        Some((number, PrintJob::new(receipt.id, &self.receipt_no, slip, Some(copy)).job(moment, self.who.till)))
    }
}
