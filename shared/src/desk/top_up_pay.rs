//! Tops up inside the payment (充值并结账): the open bill's member pays money in, gets the gift, and what is left of the bill is taken from it at once.
//! One decision, two facts, one slip. The bill itself gets no cash, so nothing is rounded off for the tender of the top-up (A19).
//! The moment's command is the bill's id, as for every tender.
//! Refusals, in order: NotAllowed (to sell), EmptyBill, NoMember, those of the top-up, those of the tender; NotEnoughHere where both do not cover it.
use super::bill;
use super::check_out::{self, Tender};
use super::till::Who;
use super::top_up::{self, TopUp};
use crate::base::{MemberId, Money, Unit};
use crate::facts::members::ToppedUp;
use crate::facts::sales::{Proven, VALUE};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use minicbor::bytes::ByteVec;

/// Pays in and pays with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUpAndPay {
    pub who: Who,
    /// Paid in; no more and no less.
    pub amount: Money,
    /// Code of the tender that pays it in.
    pub tender: String,
    /// Of cash what was handed over; none: the amount.
    pub tendered: Option<Money>,
    /// The gift that the page showed.
    pub gift: Money,
    /// The due that the page showed, of a bill without this cash.
    pub due: Money,
    /// What proved the member; a PIN was compared before.
    pub proven: Proven,
    /// The page's id, so that one request does not pay twice.
    pub asked: [u8; 16],
}

/// What both parts are decided with; none without a bill that has lines and a member.
pub struct State {
    bill: check_out::State,
    top_up: Option<(TopUp, top_up::State)>,
}

impl TopUpAndPay {
    fn top_up(&self, member: MemberId) -> TopUp {
        let (amount, gift) = (self.amount, self.gift);
        TopUp { who: self.who.clone(), member, amount, tender: self.tender.clone(), tendered: self.tendered, gift }
    }

    /// All that is left, of stored value.
    fn rest(&self) -> Tender {
        let who = self.who.clone();
        Tender { who, code: VALUE.into(), amount: None, due: self.due, proven: self.proven, asked: self.asked }
    }
}

impl Command for TopUpAndPay {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::TopUp);

    fn content(&self) -> Vec<u8> {
        let money = (self.amount, self.tendered, self.gift, self.due);
        encoded(&(200_u8, self.tender.as_str(), money, ByteVec::from(self.asked.to_vec())))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let bill = bill::current(db, self.who.till)?;
        let member = bill.as_ref().and_then(|bill| bill.member.as_ref()).map(|attached| attached.member);
        let top_up = member.map(|member| self.top_up(member));
        Ok(State {
            bill: self.rest().load(db, moment)?,
            top_up: top_up.map(|top_up| top_up.load(db, moment).map(|state| (top_up, state))).transpose()?,
        })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if !moment.may(Right::Sell) {
            return Err(Refusal::NotAllowed { right: Right::Sell });
        }
        state.bill.bill.as_ref().filter(|bill| !bill.lines.is_empty()).ok_or(Refusal::EmptyBill)?;
        let (top_up, of) = state.top_up.as_ref().ok_or(Refusal::NoMember)?;
        self.rest().decide(&state.bill.with(top_up.topped(of, moment)?)?, moment)
    }
}

impl check_out::State {
    /// The same with what this top-up brings: it lies here behind everything that lay here before, and has the first of two numbers.
    fn with(&self, topped: ToppedUp) -> Result<check_out::State, Refusal> {
        let brings = [(Unit::Value(topped.branch), topped.principal), (Unit::Bonus(topped.branch), topped.bonus)];
        Ok(check_out::State { topped: Some(topped), ..self.holding(brings)? })
    }

    /// The same with more of the member's lying here, and a receipt number given already.
    pub(super) fn holding(&self, brings: impl IntoIterator<Item = (Unit, i64)>) -> Result<check_out::State, Refusal> {
        let mut state = check_out::State { numbering: self.numbering.after_one(), ..self.clone() };
        for (unit, amount) in brings {
            match state.holdings.iter_mut().find(|(held, _)| *held == unit) {
                Some((_, lies)) => *lies += amount,
                None => state.holdings.push((unit, amount)),
            }
            let purse = state.purse.as_mut().ok_or(Refusal::NoMember)?;
            match unit {
                Unit::Value(_) => purse.principal = purse.principal.plus(Money::from_minor(amount))?,
                Unit::Bonus(_) => purse.bonus = purse.bonus.plus(Money::from_minor(amount))?,
                _ => {}
            }
        }
        Ok(state)
    }
}
