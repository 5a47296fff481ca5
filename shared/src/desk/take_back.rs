//! Takes back a whole sale (R10, R11): the right to return goes, goods come back to stock, every tender gives back what it paid, stored value
//! first. Points that the sale brought go with it; what is missing costs 1 分 each, or becomes a debt where a place that may have them is out
//! of reach. Refusals, in order: ReceiptUnknown, AlreadyReturned, LiesElsewhere, NoShift, NeedsOverride, RefundChanged.
use super::bill::priced::{self, House};
use super::find::{self, Receipt};
use super::print::PrintJob;
use super::slips::{self, Names};
use super::till::{Numbering, Who};
use crate::base::guards::{Guard, on};
use crate::base::{Account, BranchId, BusinessDay, Holder, Money, Purpose, Unit};
use crate::branches;
use crate::facts::sales::{Paid, Part, Points, Proven, Returned, ReturnedLine, Sold, VALUE};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::{balance, statement};
use crate::members;
use crate::sales::payment::{Taken, TenderKind};
use crate::sales::points::{Reach, Recovery, recovered};
use crate::sales::receipts::Slip;
use crate::sales::refund::{by_tender, reduced};

/// Takes a sale back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeBack {
    pub who: Who,
    pub receipt_no: String,
    pub reason: String,
    /// What the cashier was shown.
    pub amount: Money,
}

/// The sale, what became of it, and what the member has here.
pub struct State {
    pub receipt: Option<Receipt>,
    pub sold: Option<Sold>,
    pub earlier: Vec<Receipt>,
    /// Of each line what may still come back, thousandths.
    pub returnable: Vec<i64>,
    /// Name of the branch that sold it.
    pub lies: String,
    pub holdings: Vec<(Unit, i64)>,
    /// Somebody else may have points of the member, and cannot be asked.
    pub reach: Reach,
    pub numbering: Numbering,
    pub names: Names,
}

/// What a return would give back and take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    pub paid_back: Money,
    pub value: Money,
    pub tenders: Vec<Taken>,
    pub points: Vec<Points>,
    pub recovery: Recovery,
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
            earlier: match &sold {
                Some(sold) => find::returns_of(db, sold.sale)?,
                None => Vec::new(),
            },
            returnable: Vec::new(),
            lies: match &receipt {
                Some(receipt) => branches::branch(db, receipt.branch)?.map_or(String::new(), |branch| branch.name),
                None => String::new(),
            },
            holdings: Vec::new(),
            reach: Reach::AllAsked,
            numbering: Numbering::load(db, moment, who.till)?,
            names: Names::load(db, &house, who.language, who.staff)?,
            receipt,
            sold,
        };
        if let Some(sold) = &state.sold {
            for line in &sold.lines {
                let holder = Holder::House(sold.at.branch, Purpose::Returnable);
                let account = Account { holder, unit: Unit::Right(sold.sale, line.no), place: moment.here };
                state.returnable.push(balance::amount(db, &account)?);
            }
            state.names = state.names.with_products(db, sold.lines.iter().filter_map(|line| line.product))?;
        }
        if let Some(member) = member {
            state.holdings = balance::holdings(db, Holder::Member(member), moment.here)?;
            let (places, _) = statement::told(db, member, moment.here)?;
            if who.cut_off_since_ms > 0 && places.iter().any(|place| place.points > 0) {
                state.reach = Reach::Unreachable;
            }
            let usable = members::purse(db, member, moment.here, BusinessDay(moment.day))?.points;
            state.names = state.names.with_member(db, Some(member), usable)?;
        }
        Ok(state)
    }

    /// What the whole sale gives back.
    ///
    /// # Errors
    /// ReceiptUnknown, AlreadyReturned, LiesElsewhere; amounts out of range.
    pub fn refund(&self, receipt_no: &str) -> Result<(&Sold, Refund), Refusal> {
        let unknown = || Refusal::ReceiptUnknown { receipt_no: receipt_no.into() };
        let sold = self.sold.as_ref().ok_or_else(unknown)?;
        if let Some(earlier) = self.earlier.first().filter(|_| on(Guard::Returnable)) {
            return Err(Refusal::AlreadyReturned { receipt_no: earlier.receipt_no.clone(), at_ms: earlier.at_ms });
        }
        let whole = sold.lines.iter().zip(&self.returnable).all(|(line, left)| *left >= line.quantity.thousandths());
        if !whole && on(Guard::Returnable) {
            return Err(Refusal::LiesElsewhere { name: self.lies.clone(), reachable: self.reach == Reach::AllAsked, since_ms: None });
        }
        let paid: Vec<Taken> =
            sold.tenders.iter().map(|paid| Taken { kind: priced::kind(&paid.code), amount: paid.amount, bonus: paid.bonus }).collect();
        let value = Money::sum(sold.lines.iter().map(|line| line.net))?;
        let back = by_tender(&paid, Money::ZERO, value)?;
        let (points, recovery) = self.points(sold, value);
        let tenders = reduced(back, recovery.off_refund)?;
        let paid_back = Money::sum(tenders.iter().map(|taken| taken.amount))?;
        Ok((sold, Refund { paid_back, value, tenders, points, recovery }))
    }

    /// Points that go back: those of the sale's own dates first, then what matures last; debts that the sale paid stand again.
    fn points(&self, sold: &Sold, value: Money) -> (Vec<Points>, Recovery) {
        let Some(buyer) = &sold.buyer else { return (Vec::new(), recovered(0, 0, Reach::AllAsked, value)) };
        let earned: i64 = if on(Guard::PointsBack) { buyer.points.iter().map(|points| points.amount).sum() } else { 0 };
        let own = |unit: &Unit| buyer.points.iter().any(|points| points.until != 0 && unit_of(points) == *unit);
        let mut pool: Vec<(Unit, i64)> =
            self.holdings.iter().copied().filter(|(unit, lies)| matches!(unit, Unit::Points { .. }) && *lies > 0).collect();
        pool.sort_by_key(|(unit, _)| (!own(unit), std::cmp::Reverse(maturing(unit))));
        let here: i64 = pool.iter().map(|(_, lies)| lies).sum();
        let recovery = recovered(earned, here, self.reach, value);
        let mut left = recovery.from_here;
        let mut points = Vec::new();
        for (unit, lies) in pool {
            let amount = left.min(lies);
            if let (Unit::Points { issuer, from, until }, true) = (unit, amount > 0) {
                points.push(Points { issuer, from, until, amount });
                left -= amount;
            }
        }
        (points, recovery)
    }
}

fn unit_of(points: &Points) -> Unit {
    Unit::Points { issuer: points.issuer, from: points.from, until: points.until }
}

fn maturing(unit: &Unit) -> u32 {
    match unit {
        Unit::Points { from, .. } => *from,
        _ => 0,
    }
}

impl Command for TakeBack {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Return);

    fn content(&self) -> Vec<u8> {
        encoded(&(21_u8, self.receipt_no.as_str(), self.reason.as_str(), self.amount))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        State::load(db, &self.receipt_no, &self.who, moment)
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let (sold, refund) = state.refund(&self.receipt_no)?;
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
        let returned = returned(sold, &refund, state, self, moment, lent)?;
        let slip = slips::taken_back(&returned, &state.names);
        let job = PrintJob::new(moment.command, &returned.receipt_no, slip, None).job(moment);
        Ok(Decided::nothing().fact(&returned).job(job))
    }
}

fn returned(sold: &Sold, refund: &Refund, state: &State, command: &TakeBack, moment: &Moment, lent: bool) -> Result<Returned, Refusal> {
    let tenders: Vec<Paid> = refund.tenders.iter().map(|taken| paid(taken, sold)).collect();
    let lies = |wanted: fn(&Unit) -> bool| -> i64 { state.holdings.iter().filter(|(unit, _)| wanted(unit)).map(|(_, lies)| lies).sum() };
    let back = refund.tenders.iter().find(|taken| taken.kind == TenderKind::Value);
    let (amount, bonus) = back.map_or((0, 0), |taken| (taken.amount.minor(), taken.bonus.minor()));
    let line = |line: &crate::facts::sales::SoldLine| ReturnedLine {
        no: line.no,
        product: line.product,
        quantity: line.quantity,
        net: line.net,
        cost: line.cost,
    };
    Ok(Returned {
        sale: sold.sale,
        at: command.who.occasion(moment, lent),
        receipt_no: state.numbering.next(command.who.till, moment.day),
        of_receipt_no: sold.receipt_no.clone(),
        lines: sold.lines.iter().map(line).collect(),
        tenders,
        value: refund.value,
        paid_back: refund.paid_back,
        reason: command.reason.clone(),
        member: sold.buyer.as_ref().map(|buyer| buyer.member),
        points: refund.points.clone(),
        points_debt: refund.recovery.debt,
        principal_after: Money::from_minor(lies(|unit| matches!(unit, Unit::Value(_))) + amount - bonus),
        bonus_after: Money::from_minor(lies(|unit| matches!(unit, Unit::Bonus(_))) + bonus),
        basis: sold.buyer.as_ref().map_or(Money::ZERO, |buyer| buyer.basis),
        sold_at: sold.at.branch,
    })
}

/// A tender as it gives back; stored value goes back to the issuers that it came from, in their order.
fn paid(taken: &Taken, sold: &Sold) -> Paid {
    let code = priced::code(&taken.kind);
    let mut parts: Vec<Part> = Vec::new();
    if code == VALUE {
        let given = || sold.tenders.iter().filter(|paid| paid.code == VALUE).flat_map(|paid| &paid.parts);
        let mut take = |mut left: i64, wanted: fn(&Unit) -> bool| {
            for part in given().filter(|part| Unit::from_key(&part.unit).as_ref().is_some_and(wanted)) {
                let amount = left.min(part.amount);
                if amount > 0 {
                    parts.push(Part { unit: part.unit.clone(), amount });
                    left -= amount;
                }
            }
        };
        take(taken.amount.minor() - taken.bonus.minor(), |unit| matches!(unit, Unit::Value(_)));
        take(taken.bonus.minor(), |unit| matches!(unit, Unit::Bonus(_)));
    }
    Paid { code, amount: taken.amount, bonus: taken.bonus, handed: Money::ZERO, parts, proven: Proven::NotAsked }
}

/// The branch that made a sale, where it is not this one.
///
/// # Errors
/// A fault of the store.
pub fn seller(db: &dyn Read, receipt: &Receipt) -> Result<(BranchId, String), Fault> {
    let name = branches::branch(db, receipt.branch)?.map_or(String::new(), |branch| branch.name);
    Ok((receipt.branch, name))
}
