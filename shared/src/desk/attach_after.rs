//! Puts a member on a sale of the running shift who had not been named (补登会员): the points of the bill are earned, its price stays. Whoever
//! does it needs a right and says why, for it is also how a cashier collects guests' points on a card of their own.
//! Refusals, in order: ReceiptUnknown, ShiftIsClosed, AlreadyReturned, HasMember, UnknownMember, NotSound (reason).
use super::bill::{Attached, attach, priced::House};
use super::card::reason;
use super::check_out::given;
use super::find::{self, Receipt};
use super::till::Who;
use crate::base::{BusinessDay, MemberId, Money, Rate, Unit};
use crate::facts::corrections::MemberAttached;
use crate::facts::sales::{Buyer, Sold};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::balance;
use crate::members::{self, Purse};
use crate::sales::points::{EarningLine, earned};
use crate::sales::receipts::Slip;
use std::sync::Arc;

/// Puts a member on a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachAfter {
    pub who: Who,
    pub receipt_no: String,
    pub member: MemberId,
    pub reason: String,
}

/// The sale as it stands, what came back of it, and the member as a bill would have them now.
pub struct State {
    receipt: Option<Receipt>,
    sold: Option<Sold>,
    returned: Option<Receipt>,
    attached: Option<Attached>,
    purse: Purse,
    /// Points owed here, by unit; negative.
    owed: Vec<(Unit, i64)>,
    house: Arc<House>,
}

impl Command for AttachAfter {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Correct);

    fn content(&self) -> Vec<u8> {
        encoded(&(204_u8, self.receipt_no.as_str(), self.member, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let receipt = find::by_number(db, &self.receipt_no)?.filter(|receipt| receipt.slip == Slip::Sale);
        let sold = receipt.as_ref().map(|receipt| find::sold(db, receipt)).transpose()?.flatten();
        let returned = sold.as_ref().map(|sold| find::returns_of(db, sold.sale)).transpose()?.and_then(|mut returns| returns.pop());
        let attached = attach::attached(db, self.member, moment)?;
        let (holdings, owed) = match &attached {
            Some(attached) => balance::of_member(db, attached.member, moment.here)?,
            None => Default::default(),
        };
        let purse = members::purse::of(&holdings, &owed, BusinessDay(moment.day));
        Ok(State { receipt, sold, returned, attached, purse, owed, house: House::load(db, moment.branch)? })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let unknown = || Refusal::ReceiptUnknown { receipt_no: self.receipt_no.clone() };
        let receipt = state.receipt.as_ref().ok_or_else(unknown)?;
        let sold = state.sold.as_ref().ok_or_else(unknown)?;
        if receipt.stream != moment.here || moment.shift.is_none() || sold.at.shift != moment.shift {
            return Err(Refusal::ShiftIsClosed { receipt_no: self.receipt_no.clone() });
        }
        if let Some(returned) = &state.returned {
            return Err(Refusal::AlreadyReturned { receipt_no: returned.receipt_no.clone(), at_ms: returned.at_ms });
        }
        if sold.buyer.is_some() {
            return Err(Refusal::HasMember { receipt_no: self.receipt_no.clone() });
        }
        let attached = state.attached.as_ref().ok_or(Refusal::UnknownMember)?;
        let terms = state.house.terms(attached);
        let lines: Vec<EarningLine> =
            sold.lines.iter().map(|line| EarningLine { net: line.net, earns_points: line.earns_points }).collect();
        let earned = earned(&lines, Money::ZERO, terms)?;
        Ok(Decided::nothing().fact(&MemberAttached {
            sale: sold.sale,
            at: self.who.occasion(moment, self.who.lent(Right::Correct)),
            receipt_no: self.receipt_no.clone(),
            buyer: Buyer {
                member: attached.member,
                rate: Rate::WHOLE,
                per: terms.per,
                factor: attached.factor,
                basis: earned.basis,
                principal_after: state.purse.principal,
                bonus_after: state.purse.bonus,
                points: given(earned.points, &state.owed, &state.house, moment.day),
                occasion: attached.occasion,
            },
            reason: reason(&self.reason)?,
        }))
    }
}
