//! Takes a sale or some pieces of it back (R9 to R11): the right to return goes, goods come back to stock, every tender gives back what it paid,
//! points and stored value first; the whole sale its coupon, if it is still in date. Points that the pieces brought go with them; what is missing costs 1 分 each, or becomes a debt where a place
//! that may have them is out of reach. It belongs to the day of its own shift (J4), so a closed day stays as it is.
//! Refusals, in order: ReceiptUnknown, AlreadyReturned, LiesElsewhere, NotReturnable, NoShift, NeedsOverride, RefundChanged.
use super::bill::coupon::given_back;
use super::bill::priced::House;
use super::find::{self, Receipt};
use super::print::PrintJob;
use super::slips::{self, Names};
use super::till::{Numbering, Who};
use crate::base::guards::{Guard, on};
use crate::base::{Account, BusinessDay, Holder, Money, Purpose, Quantity, SaleId, StreamId, Unit};
use crate::branches;
use crate::coupons::Coupon;
use crate::coupons::coupon::of_sale;
use crate::facts::sales::{Paid, Points, Returned, Sold, VALUE};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::{balance, statement};
use crate::members;
use crate::sales::back::{self, Back, Pick};
use crate::sales::points::{self, Reach, Recovery, recovered, taken_from};
use crate::sales::receipts::Slip;
use crate::sales::refund::reduced;
use std::collections::BTreeMap;

/// Takes a sale back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeBack {
    pub who: Who,
    pub receipt_no: String,
    /// Pieces of lines; none: all that may still come back.
    pub picks: Vec<Pick>,
    pub reason: String,
    /// What the cashier was shown.
    pub amount: Money,
}

/// The sale, what became of it, and what the member has here.
pub struct State {
    pub receipt: Option<Receipt>,
    pub sold: Option<Sold>,
    /// Earlier returns known here, oldest first.
    pub earlier: Vec<(Receipt, Returned)>,
    /// Of each line what may still come back here.
    pub returnable: Vec<Quantity>,
    /// Name of the branch that sold it.
    pub lies: String,
    pub holdings: Vec<(Unit, i64)>,
    /// Somebody else may have points of the member, and cannot be asked.
    pub reach: Reach,
    pub numbering: Numbering,
    pub names: Names,
    pub day: BusinessDay,
    /// The coupon it used.
    pub coupon: Option<Coupon>,
}

/// What a return would give back and take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    pub paid_back: Money,
    pub tenders: Vec<Paid>,
    /// Points that go.
    pub points: Vec<Points>,
    pub recovery: Recovery,
    pub back: Back,
}

impl State {
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read, receipt_no: &str, who: &Who, moment: &Moment) -> Result<State, Fault> {
        let house = House::load(db, moment.branch)?;
        let receipt = find::by_number(db, receipt_no)?.filter(|receipt| receipt.slip == Slip::Sale);
        let sold = receipt.as_ref().map(|receipt| find::sold(db, receipt)).transpose()?.flatten();
        let member = sold.as_ref().and_then(|sold| sold.buyer.as_ref()).map(|buyer| buyer.member);
        let mut state = State {
            earlier: Vec::new(),
            returnable: Vec::new(),
            lies: match &receipt {
                Some(receipt) => branches::branch(db, receipt.branch)?.map_or(String::new(), |branch| branch.name),
                None => String::new(),
            },
            holdings: Vec::new(),
            reach: Reach::AllAsked,
            numbering: Numbering::load(db, moment, who.till)?,
            names: Names::load(db, &house, who.language, who.staff)?,
            day: BusinessDay(moment.day),
            coupon: sold.as_ref().map(|sold| of_sale(db, sold.sale)).transpose()?.flatten(),
            receipt,
            sold,
        };
        if let Some(sold) = &state.sold {
            state.earlier = earlier(db, sold)?;
            state.returnable = returnable(db, sold, moment.here)?;
            state.names = state.names.with_products(db, sold.lines.iter().filter_map(|line| line.product))?;
        }
        if let Some(member) = member {
            state.holdings = balance::of_person(db, member, moment.here)?;
            let (places, _) = statement::told(db, member, moment.here)?;
            for place in places.iter().filter(|place| place.points > 0) {
                let link = place.branch.map(|branch| statement::link(db, branch)).transpose()?.flatten();
                if who.cut_off_since_ms > 0 || link.is_some_and(|link| !link.up) {
                    state.reach = Reach::Unreachable;
                }
            }
            let usable = members::purse(db, member, moment.here, state.day)?.points;
            state.names = state.names.with_member(db, Some(member), Some(usable))?;
        }
        Ok(state)
    }

    /// What pieces of the sale give back; no picks: all that is left of it.
    ///
    /// # Errors
    /// ReceiptUnknown, AlreadyReturned, LiesElsewhere, NotReturnable; amounts out of range.
    pub fn refund(&self, receipt_no: &str, picks: &[Pick]) -> Result<(&Sold, Refund), Refusal> {
        let unknown = || Refusal::ReceiptUnknown { receipt_no: receipt_no.into() };
        let sold = self.sold.as_ref().ok_or_else(unknown)?;
        let left: Vec<Quantity> = match on(Guard::Returnable) {
            true => self.returnable.clone(),
            false => sold.lines.iter().map(|line| line.quantity).collect(),
        };
        if !left.iter().any(|left| left.is_positive()) {
            return Err(self.nothing_left(sold));
        }
        let all = back::whole(sold, &left);
        let picks = if picks.is_empty() { &all } else { picks };
        let missing = |pick: &&Pick| all.iter().all(|left| left.line != pick.line || left.quantity < pick.quantity);
        if let Some(pick) = picks.iter().find(missing) {
            let left = all.iter().find(|left| left.line == pick.line).map_or(0, |left| left.quantity.thousandths());
            return Err(Refusal::NotReturnable { line: pick.line, left });
        }
        let gone = back::points_gone(self.earlier.iter().map(|(_, returned)| returned));
        let back = back::back(sold, &left, picks, gone)?;
        let money: Money = back.value;
        let month = self.day.month();
        let (points, recovery) = self.points(sold, &back, &back.paid(sold, &back.taken, month), money);
        let taken = reduced(back.taken.clone(), recovery.off_refund)?;
        let paid_back = Money::sum(taken.iter().map(|taken| taken.amount))?;
        Ok((sold, Refund { paid_back, tenders: back.paid(sold, &taken, month), points, recovery, back }))
    }

    /// Nothing of the sale is left once this comes back.
    fn is_all(&self, returned: &Returned) -> bool {
        let now = |no: u16| returned.lines.iter().find(|line| line.no == no).map_or(Quantity::ZERO, |line| line.quantity);
        let lines = self.sold.iter().flat_map(|sold| &sold.lines);
        lines.zip(&self.returnable).all(|(line, left)| now(line.no) == *left)
    }

    /// Nothing may come back here: all of it came back, or the right lies elsewhere.
    fn nothing_left(&self, sold: &Sold) -> Refusal {
        let returned = self.earlier.iter().flat_map(|(_, returned)| &returned.lines).map(|line| line.quantity.thousandths());
        let whole: i64 = sold.lines.iter().map(|line| line.quantity.thousandths()).sum();
        match self.earlier.last() {
            Some((last, _)) if returned.sum::<i64>() >= whole => {
                Refusal::AlreadyReturned { receipt_no: last.receipt_no.clone(), at_ms: last.at_ms }
            }
            _ => Refusal::LiesElsewhere { name: self.lies.clone(), reachable: self.reach == Reach::AllAsked, since_ms: None },
        }
    }

    /// Points that go, out of what lies here and of those that had paid the bill and come back with this return.
    fn points(&self, sold: &Sold, back: &Back, paid: &[Paid], value: Money) -> (Vec<Points>, Recovery) {
        let Some(buyer) = &sold.buyer else { return (Vec::new(), recovered(0, 0, Reach::AllAsked, value)) };
        let due = if on(Guard::PointsBack) { back.points } else { 0 };
        let own = |unit: &Unit| buyer.points.iter().any(|lot| lot.until != 0 && points::unit(lot) == *unit);
        let counting = |unit: &Unit| matches!(unit, Unit::Points { until, .. } if points::counts(*until, self.day));
        let mut lots: Vec<(Unit, i64)> = self.holdings.iter().copied().filter(|(unit, _)| counting(unit)).collect();
        for lot in back::points_back(paid) {
            match lots.iter_mut().find(|(unit, _)| *unit == points::unit(&lot)) {
                Some((_, amount)) => *amount += lot.amount,
                None => lots.push((points::unit(&lot), lot.amount)),
            }
        }
        let here = lots.iter().map(|(_, amount)| amount.max(&0)).sum();
        let recovery = recovered(due, here, self.reach, value);
        (taken_from(recovery.from_here, &own, &lots), recovery)
    }
}

/// Returns of a sale that are known here.
fn earlier(db: &dyn Read, sold: &Sold) -> Result<Vec<(Receipt, Returned)>, Fault> {
    let mut found = Vec::new();
    for receipt in find::returns_of(db, sold.sale)? {
        if let Some(returned) = find::returned(db, &receipt)? {
            found.push((receipt, returned));
        }
    }
    Ok(found)
}

/// Of each line, by its number, what came back with these returns.
///
/// # Errors
/// A fault of the store.
pub fn returned_here(db: &dyn Read, returns: &[Receipt]) -> Result<BTreeMap<u16, Quantity>, Fault> {
    let mut sums: BTreeMap<u16, Quantity> = BTreeMap::new();
    for receipt in returns {
        for line in find::returned(db, receipt)?.into_iter().flat_map(|returned| returned.lines) {
            let sum = sums.entry(line.no).or_default();
            *sum = sum.plus(line.quantity).unwrap_or(*sum);
        }
    }
    Ok(sums)
}

/// Of each line of a sale what may still come back at a place.
///
/// # Errors
/// A fault of the store.
pub fn returnable(db: &dyn Read, sold: &Sold, place: StreamId) -> Result<Vec<Quantity>, Fault> {
    let holder = Holder::House(sold.at.branch, Purpose::Returnable);
    let lies = |no: u16| balance::amount(db, &Account { holder, unit: Unit::Right(sold.sale, no), place });
    sold.lines.iter().map(|line| lies(line.no).map(Quantity::from_thousandths)).collect()
}

/// The sale of a receipt number, if the right to take it back does not lie here and something of it may still come back.
///
/// # Errors
/// A fault of the store.
pub fn right_elsewhere(db: &dyn Read, receipt_no: &str, here: StreamId) -> Result<Option<SaleId>, Fault> {
    let Some(receipt) = find::by_number(db, receipt_no)?.filter(|receipt| receipt.slip == Slip::Sale) else { return Ok(None) };
    let Some(sold) = find::sold(db, &receipt)? else { return Ok(None) };
    let held = returnable(db, &sold, here)?;
    let back = returned_here(db, &find::returns_of(db, sold.sale)?)?;
    let open = sold.lines.iter().any(|line| back.get(&line.no).copied().unwrap_or_default() < line.quantity);
    Ok((open && !held.iter().any(|held| held.is_positive())).then_some(sold.sale))
}

impl Command for TakeBack {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Return);

    fn content(&self) -> Vec<u8> {
        let whole = encoded(&(21_u8, self.receipt_no.as_str(), self.reason.as_str(), self.amount));
        let picks: Vec<(u16, i64)> = self.picks.iter().map(|pick| (pick.line, pick.quantity.thousandths())).collect();
        if picks.is_empty() { whole } else { [whole, encoded(&picks)].concat() }
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        State::load(db, &self.receipt_no, &self.who, moment)
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let returned = self.returned(state, moment)?;
        let slip = slips::taken_back(&returned, &state.names);
        let job = PrintJob::new(moment.command, &returned.receipt_no, slip, None).job(moment, self.who.till);
        let coupon = given_back(state.coupon.as_ref(), &returned, state.is_all(&returned));
        Ok(coupon.iter().fold(Decided::nothing().fact(&returned).job(job), |done, coupon| done.fact(coupon)))
    }
}

impl TakeBack {
    /// The return as it would be booked.
    ///
    /// # Errors
    /// Every refusal of this command.
    pub(super) fn returned(&self, state: &State, moment: &Moment) -> Result<Returned, Refusal> {
        let (sold, refund) = state.refund(&self.receipt_no, &self.picks)?;
        if moment.shift.is_none() {
            return Err(Refusal::NoShift);
        }
        let over = |limit: Option<Money>| limit.is_some_and(|limit| refund.paid_back > limit);
        if over(self.who.limits.refund) {
            let limit = self.who.limits.refund.map(Money::minor);
            return Err(Refusal::NeedsOverride { right: Right::Return, limit, asked: Some(refund.paid_back.minor()) });
        }
        if refund.paid_back != self.amount {
            return Err(Refusal::RefundChanged { amount: refund.paid_back.minor() });
        }
        let lent = self.who.lent(Right::Return) || over(self.who.own.refund);
        Ok(returned(sold, refund, state, self, moment, lent))
    }
}

fn returned(sold: &Sold, refund: Refund, state: &State, command: &TakeBack, moment: &Moment, lent: bool) -> Returned {
    let lies = |wanted: fn(&Unit) -> bool| -> i64 { state.holdings.iter().filter(|(unit, _)| wanted(unit)).map(|(_, lies)| lies).sum() };
    let value = refund.tenders.iter().find(|paid| paid.code == VALUE);
    let (amount, bonus) = value.map_or((0, 0), |paid| (paid.amount.minor(), paid.bonus.minor()));
    Returned {
        sale: sold.sale,
        at: command.who.occasion(moment, lent),
        receipt_no: state.numbering.next(command.who.till, moment.day),
        of_receipt_no: sold.receipt_no.clone(),
        lines: refund.back.lines,
        tenders: refund.tenders,
        value: refund.back.value,
        paid_back: refund.paid_back,
        reason: command.reason.clone(),
        member: sold.buyer.as_ref().map(|buyer| buyer.member),
        points: refund.points,
        points_debt: refund.recovery.debt,
        principal_after: Money::from_minor(lies(|unit| matches!(unit, Unit::Value(_))) + amount - bonus),
        bonus_after: Money::from_minor(lies(|unit| matches!(unit, Unit::Bonus(_))) + bonus),
        basis: refund.back.basis,
        sold_at: sold.at.branch,
    }
}
