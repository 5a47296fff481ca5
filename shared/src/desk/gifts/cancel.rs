//! Takes gifts back that were had for points (撤销兑换): goods to stock, points to their months, those of a lapsed month to the end of the present
//! one (C6), money as it came. The right to it lies where they were given, and is used up.
//! Refusals, in order: ReceiptUnknown, AlreadyReturned, LiesElsewhere, NoShift, NotSound (reason).
use crate::base::{Account, BusinessDay, Holder, Purpose};
use crate::branches;
use crate::desk::bill::priced::House;
use crate::desk::card::{reason, with_slip};
use crate::desk::find::{self, Receipt};
use crate::desk::slips::Names;
use crate::desk::till::{Numbering, Who};
use crate::facts::gifts::{PointsRedeemed, RedemptionCancelled, cancel_right};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::balance;
use crate::sales::points::to_its_month;
use crate::sales::redeemed::cancelled_at;

/// Takes a redemption back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelRedemption {
    pub who: Who,
    /// Of the redemption.
    pub receipt_no: String,
    pub reason: String,
}

/// The redemption, whether it was taken back, and whether the right to it lies here.
pub struct State {
    redeemed: Option<(Receipt, PointsRedeemed)>,
    cancelled: Option<(i64, String)>,
    right: i64,
    /// Name of the branch that gave the gifts.
    lies: String,
    numbering: Numbering,
    names: Names,
}

impl Command for CancelRedemption {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Return);

    fn content(&self) -> Vec<u8> {
        encoded(&(203_u8, self.receipt_no.as_str(), self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let house = House::load(db, moment.branch)?;
        let receipt = find::by_number(db, &self.receipt_no)?;
        let redeemed = match receipt {
            Some(receipt) => find::fact::<PointsRedeemed>(db, receipt.stream, receipt.id)?.map(|redeemed| (receipt, redeemed)),
            None => None,
        };
        let mut state = State {
            cancelled: None,
            right: 0,
            lies: String::new(),
            numbering: Numbering::load(db, moment, self.who.till)?,
            names: Names::load(db, &house, self.who.language, self.who.staff)?,
            redeemed: None,
        };
        if let Some((_, redeemed)) = &redeemed {
            state.cancelled = cancelled_at(db, redeemed.id)?;
            let holder = Holder::House(redeemed.at.branch, Purpose::Returnable);
            state.right = balance::amount(db, &Account { holder, unit: cancel_right(redeemed.id), place: moment.here })?;
            state.lies = branches::branch(db, redeemed.at.branch)?.map_or(String::new(), |branch| branch.name);
            let products = redeemed.gifts.iter().map(|gift| gift.product);
            state.names = state.names.with_member(db, Some(redeemed.member), None)?.with_products(db, products)?;
        }
        Ok(State { redeemed, ..state })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let unknown = || Refusal::ReceiptUnknown { receipt_no: self.receipt_no.clone() };
        let (_, redeemed) = state.redeemed.as_ref().ok_or_else(unknown)?;
        if let Some((at_ms, receipt_no)) = state.cancelled.clone() {
            return Err(Refusal::AlreadyReturned { receipt_no, at_ms });
        }
        if state.right <= 0 {
            let since_ms = Some(self.who.cut_off_since_ms).filter(|since| *since > 0);
            return Err(Refusal::LiesElsewhere { name: state.lies.clone(), reachable: since_ms.is_none(), since_ms });
        }
        if moment.shift.is_none() {
            return Err(Refusal::NoShift);
        }
        let month = BusinessDay(moment.day).month();
        let cancelled = RedemptionCancelled {
            of: redeemed.id,
            at: self.who.occasion(moment, self.who.lent(Right::Return)),
            receipt_no: state.numbering.next(self.who.till, moment.day),
            of_receipt_no: redeemed.receipt_no.clone(),
            member: redeemed.member,
            gifts: redeemed.gifts.clone(),
            given: redeemed.taken.iter().map(|lot| to_its_month(lot, month)).collect(),
            money: redeemed.money,
            tender: redeemed.tender.clone(),
            reason: reason(&self.reason)?,
            redeemed_at: redeemed.at.branch,
        };
        Ok(with_slip(&cancelled, &state.names, moment))
    }
}
