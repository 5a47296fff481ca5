//! Takes a tender; the one that covers the due completes the sale: one fact, one print job, the bill gone, in one transaction.
//! The moment's command is the bill's id, which becomes the sale's.
//! Refusals, in order: EmptyBill, NoShift, TenderUnknown, TooManyTenders, NoMember, ClaimedCardSpends, DueChanged, NothingDue,
//! PointsLimit, BadAmount, OverDue, NotEnoughHere, ProofNeeded, RoundOffLimit; of the bill's coupon those of `bill/coupon`, CouponLeast.
use super::bill::priced::{self, House, short};
use super::bill::{self, Bill, Keyed, OPEN};
use super::bill::{coupon, round_off};
use super::find;
use super::points_money;
use super::print::PrintJob;
use super::slips::{self, Names};
use super::till::{Numbering, Who};
use super::timed::SITTING;
use crate::base::limits::BILL_TENDERS_MAX;
use crate::base::{BusinessDay, Money, Quantity, Unit};
use crate::facts::members::ToppedUp;
use crate::facts::sales::{Buyer, CASH, POINTS, Paid, Part, Points, Priced, Proven, RULES, Returned, Sold, SoldLine, VALUE};
use crate::journal::command::encoded;
use crate::journal::refusal::Elsewhere;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::{balance, issuers, statement};
use crate::members;
use crate::members::proof::{self, Grace, Proof};
use crate::sales::back::code;
use crate::sales::payment::{Purse, Settlement, TenderKind};
use crate::sales::points::{self, EarningLine};
use crate::sales::price::Applied;
use std::sync::Arc;

/// Month of points that never lapse.
const NEVER: u32 = 999_912;

/// Takes a tender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tender {
    pub who: Who,
    pub code: String,
    /// None: all that is left. Of cash what is handed over.
    pub amount: Option<Money>,
    /// What the cashier was shown; of cash the due with cash.
    pub due: Money,
    /// What proved the member; a PIN was compared before.
    pub proven: Proven,
    /// A test's or a device's: the page's id, so that the same bill is not tendered twice by one request.
    pub asked: [u8; 16],
}

/// Bill, house, and what the member has here.
#[derive(Clone)]
pub struct State {
    pub bill: Option<Arc<Bill>>,
    pub house: Arc<House>,
    pub purse: Option<Purse>,
    /// Units of value and bonus that lie here.
    pub holdings: Vec<(Unit, i64)>,
    /// Points owed here, by unit; negative.
    pub owed: Vec<(Unit, i64)>,
    pub numbering: Numbering,
    pub elsewhere: Vec<Elsewhere>,
    pub names: Names,
    /// The most that may come off the bill by hand.
    pub round_off_left: Money,
    /// What is paid in with this very tender (充值并结账); purse and holdings have it.
    pub topped: Option<ToppedUp>,
    /// What comes back with this very bill (换货); purse and holdings have it.
    pub returned: Option<Returned>,
    /// The bill's coupon as it stands now.
    pub coupon: Option<coupon::Stands>,
}

impl Command for Tender {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(20_u8, self.code.as_str(), self.amount, self.due, minicbor::bytes::ByteVec::from(self.asked.to_vec())))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let house = House::load(db, moment.branch)?;
        let bill = bill::current(db, self.who.till)?;
        let member = bill.as_ref().and_then(|bill| bill.member.as_ref()).map(|attached| attached.member);
        let mut state = State {
            purse: None,
            holdings: Vec::new(),
            owed: Vec::new(),
            numbering: Numbering::load(db, moment, self.who.till)?,
            elsewhere: Vec::new(),
            names: Names::load(db, &house, self.who.language, self.who.staff)?,
            // Another bill of this shift may have taken what this one was granted.
            round_off_left: match bill.as_ref().and_then(|bill| bill.round_off) {
                Some(_) => round_off::limit(db, &house, moment.shift)?,
                None => Money::ZERO,
            },
            topped: None,
            returned: None,
            coupon: coupon::of_bill(db, bill.as_deref(), moment)?,
            bill,
            house,
        };
        let mut usable = 0;
        if let Some(member) = member {
            (state.holdings, state.owed) = balance::of_member(db, member, moment.here)?;
            let mine = members::purse::of(&state.holdings, &state.owed, BusinessDay(moment.day));
            state.purse = Some(Purse { principal: mine.principal, bonus: mine.bonus, elsewhere: Vec::new() });
            if self.code == VALUE || state.bill.iter().flat_map(|bill| &bill.tenders).any(|tender| tender.code == VALUE) {
                issuers::in_order(db, member, &mut state.holdings, |(unit, _)| *unit)?;
                state.elsewhere = statement::elsewhere(db, member, moment.here, self.who.cut_off_since_ms)?;
            }
            usable = mine.points;
        }
        if let Some(bill) = state.bill.as_deref() {
            state.names = state.names.of_bill(db, bill, usable)?;
        }
        Ok(state)
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let bill = state.bill.as_deref().filter(|bill| !bill.lines.is_empty()).ok_or(Refusal::EmptyBill)?;
        if moment.shift.is_none() {
            return Err(Refusal::NoShift);
        }
        let points = self.code == POINTS && state.house.points.money_bp > 0;
        if self.code != CASH && self.code != VALUE && !points && !state.house.till.tenders.contains_key(&self.code) {
            return Err(Refusal::TenderUnknown { tender: self.code.clone() });
        }
        if bill.tenders.len() >= BILL_TENDERS_MAX {
            return Err(Refusal::TooManyTenders { limit: BILL_TENDERS_MAX as u32 });
        }
        if self.code == VALUE || points {
            bill.member.as_ref().ok_or(Refusal::NoMember)?.spends()?;
        }
        let mut bill = bill.clone();
        let left = self.left(&mut bill, state)?;
        let mut amount = self.amount.unwrap_or(left);
        if points && !left.is_zero() {
            amount = points_money::amount(&bill, self.amount, left, self.due, &state.holdings, &state.house, moment.day)?;
        }
        let rounded_away = left.is_zero() && self.code == CASH && bill.tenders.is_empty() && !self.unrounded(&bill, state)?.is_zero();
        if rounded_away {
            amount = Money::ZERO;
        }
        if !left.is_zero() || rounded_away {
            let no = bill.number();
            bill.tenders.push(Keyed { no, code: self.code.clone(), amount, proven: self.proven });
        } else if !bill.tenders.is_empty() {
            return Err(Refusal::NothingDue);
        }
        let settled = priced::settle(&bill, &state.house, state.purse.as_ref()).map_err(|no| short(no, &state.elsewhere))?;
        self.proof(&bill, state)?;
        if settled.priced.off_by_hand > state.round_off_left {
            return Err(Refusal::RoundOffLimit { limit: state.round_off_left.minor() });
        }
        if !settled.still_due.is_zero() {
            if amount.is_zero() {
                return Err(Refusal::BadAmount);
            }
            return Ok(bill.saved(Decided::nothing()));
        }
        complete(&bill, &settled, state, &self.who, moment)
    }
}

impl Tender {
    /// What is left to pay if this tender comes in, judged against what the cashier was shown.
    fn left(&self, bill: &mut Bill, state: &State) -> Result<Money, Refusal> {
        // Cash of no amount: the due is already that of a cash bill (A6).
        let first_cash = self.code == CASH && !bill.tenders.iter().any(|tender| tender.code == CASH);
        if first_cash {
            bill.tenders.insert(0, Keyed { no: 0, code: CASH.into(), amount: Money::ZERO, proven: Proven::NotAsked });
        }
        let settled = priced::settle(bill, &state.house, state.purse.as_ref()).map_err(|no| short(no, &state.elsewhere));
        if first_cash {
            bill.tenders.remove(0);
        }
        let settled = settled?;
        if settled.priced.due != self.due {
            return Err(Refusal::DueChanged { due: settled.priced.due.minor() });
        }
        Ok(settled.still_due)
    }

    /// What a bill without tenders comes to before 抹零: of a few 分, cash pays nothing.
    fn unrounded(&self, bill: &Bill, state: &State) -> Result<Money, Refusal> {
        Ok(priced::settle(bill, &state.house, state.purse.as_ref())?.still_due)
    }

    fn proof(&self, bill: &Bill, state: &State) -> Result<(), Refusal> {
        let taken = bill.tenders.iter().filter(|tender| tender.code == VALUE);
        let amount = Money::sum(taken.map(|tender| tender.amount))?;
        if self.code != VALUE || amount.is_zero() {
            return Ok(());
        }
        match (needed(&state.house, amount)?, self.proven) {
            (Proof::None, _) | (_, Proven::Pin) | (Proof::Signature, Proven::Signature) => Ok(()),
            (Proof::Pin, _) => Err(Refusal::ProofNeeded { kind: "pin".into() }),
            (Proof::Signature, _) => Err(Refusal::ProofNeeded { kind: "signature".into() }),
        }
    }
}

/// The proof that an amount of stored value needs in this house.
///
/// # Errors
/// An amount out of range.
pub fn needed(house: &House, amount: Money) -> Result<Proof, Refusal> {
    let policy = match house.value.proof.as_str() {
        "pin" => Proof::Pin,
        "signature" => Proof::Signature,
        _ => Proof::None,
    };
    let free = Money::from_minor(house.value.free_below_minor);
    let grace = Grace { per_bill: Money::from_minor(free.minor().saturating_sub(1)), per_day: Money::from_minor(i64::MAX) };
    Ok(proof::needed(policy, grace, amount, Money::ZERO)?)
}

/// Completes a bill whose due is covered: the sale, what is decided with it, one slip, the bill gone.
///
/// # Errors
/// NotEnoughHere of points that are no longer here; amounts out of range.
pub(super) fn complete(bill: &Bill, settled: &Settlement, state: &State, who: &Who, moment: &Moment) -> Result<Decided, Refusal> {
    let sold = sold(bill, settled, state, who, moment)?;
    let spent = coupon::spent(bill, state.coupon.as_ref(), settled, &sold, who)?;
    let slip = slips::with_top_up(slips::sale(&sold, &state.names, state.house.till.slip_signature), state.topped.as_ref(), &state.names);
    let slip = slips::with_returned(slip, state.returned.as_ref(), &state.names);
    let job = PrintJob::new(moment.command, &sold.receipt_no, slip, None).job(moment, who.till);
    let mut done = Decided::nothing().fact(&sold).job(job).draft(OPEN, &bill::key(who.till), None);
    done = spent.iter().fold(done, |done, spent| done.fact(spent));
    done = state.topped.iter().fold(done, |done, topped| done.fact_of(find::top_up_id(bill.id), topped));
    done = state.returned.iter().fold(done, |done, returned| done.fact_of(find::swap_id(bill.id), returned));
    let sittings = bill.lines.iter().filter_map(|line| line.sitting);
    Ok(sittings.fold(done, |done, sitting| done.draft(SITTING, &sitting.0, None)))
}

fn sold(bill: &Bill, settled: &Settlement, state: &State, who: &Who, moment: &Moment) -> Result<Sold, Refusal> {
    let lines = bill.lines.iter().zip(&settled.priced.lines).map(|(line, priced)| sold_line(line, priced));
    let handed = |code: &str, at: usize| bill.tenders.get(at).filter(|_| code == CASH).map_or(Money::ZERO, |keyed| keyed.amount);
    let mut pool = state.holdings.clone();
    let mut tenders = Vec::with_capacity(settled.taken.len());
    for (at, taken) in settled.taken.iter().enumerate() {
        let code = code(&taken.kind);
        let parts = match taken.kind {
            TenderKind::Value => parts(&mut pool, taken.amount.minus(taken.bonus)?, taken.bonus),
            TenderKind::Points => points_money::parts(&mut pool, taken.amount, moment.day)?,
            _ => Vec::new(),
        };
        let proven = bill.tenders.get(at).map_or(Proven::NotAsked, |keyed| keyed.proven);
        tenders.push(Paid { handed: handed(&code, at), code, amount: taken.amount, bonus: taken.bonus, parts, proven });
    }
    Ok(Sold {
        sale: bill.id,
        at: who.occasion(moment, false),
        receipt_no: state.numbering.next(who.till, moment.day),
        lines: lines.collect::<Result<_, Refusal>>()?,
        buyer: buyer(bill, settled, state, moment)?,
        tenders,
        subtotal: settled.priced.subtotal,
        discount: settled.priced.discount,
        rounding: settled.priced.rounding,
        due: settled.priced.due,
        change: settled.change,
        rules: RULES,
        off_by_hand: Some(settled.priced.off_by_hand).filter(|off| !off.is_zero()),
        sales_clerks: bill.sales_clerks.clone(),
    })
}

fn sold_line(line: &bill::Line, priced: &crate::sales::price::PricedLine) -> Result<SoldLine, Refusal> {
    let (how, rate) = match priced.applied {
        Applied::List => (Priced::List, None),
        Applied::Level(rate) => (Priced::Level, Some(rate)),
        Applied::Member => (Priced::Member, None),
        Applied::Promotion => (Priced::Promotion, None),
        Applied::HandPrice => (Priced::HandPrice, None),
        Applied::HandRate(rate) => (Priced::HandRate, Some(rate)),
        Applied::Free => (Priced::Free, None),
    };
    Ok(SoldLine {
        no: line.no,
        product: line.product,
        quantity: line.quantity,
        list_price: line.list_price,
        gross: priced.gross,
        net: priced.net,
        priced: how,
        earns_points: priced.earns_points,
        price_discount: priced.price_discount,
        rate_discount: priced.rate_discount,
        bill_discount: Money::sum([priced.bill_discount, priced.spend_and_save, priced.coupon])?,
        rounding: priced.rounding,
        rate,
        cost: line.cost.map(|cost| Quantity::times(line.quantity, cost)).transpose()?,
        name: line.product.is_none().then(|| line.name.clone()),
        reason: (!line.reason.is_empty()).then(|| line.reason.clone()),
        converted: line.converted,
    })
}

/// Takes principal and bonus out of what lies here, issuer by issuer as the member first had their value.
pub(super) fn parts(pool: &mut [(Unit, i64)], principal: Money, bonus: Money) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut take = |mut left: i64, wanted: fn(&Unit) -> bool| {
        for (unit, lies) in pool.iter_mut().filter(|(unit, lies)| wanted(unit) && *lies > 0) {
            let amount = left.min(*lies);
            if amount > 0 {
                parts.push(Part { unit: unit.key().into(), amount });
                (*lies, left) = (*lies - amount, left - amount);
            }
        }
    };
    take(principal.minor(), |unit| matches!(unit, Unit::Value(_)));
    take(bonus.minor(), |unit| matches!(unit, Unit::Bonus(_)));
    parts
}

/// The member's side: points by the rules of the day, debts first, and the balance afterwards.
fn buyer(bill: &Bill, settled: &Settlement, state: &State, moment: &Moment) -> Result<Option<Buyer>, Refusal> {
    let (Some(attached), Some(purse)) = (&bill.member, &state.purse) else { return Ok(None) };
    let lines: Vec<EarningLine> =
        settled.priced.lines.iter().map(|line| EarningLine { net: line.net, earns_points: line.earns_points }).collect();
    let bonus = Money::sum(settled.taken.iter().map(|taken| taken.bonus))?;
    let value = settled.taken.iter().filter(|taken| taken.kind == TenderKind::Value);
    let principal = Money::sum(value.map(|taken| taken.amount))?.minus(bonus)?;
    let terms = state.house.terms(attached);
    let earned = points::earned(&lines, points_money::unearning(&settled.taken)?, terms)?;
    Ok(Some(Buyer {
        member: attached.member,
        rate: attached.rate,
        per: terms.per,
        factor: attached.factor,
        basis: earned.basis,
        principal_after: purse.principal.minus(principal)?,
        bonus_after: purse.bonus.minus(bonus)?,
        points: given(earned.points, &state.owed, &state.house, moment.day),
        occasion: attached.occasion,
    }))
}

/// Points with their dates; what is owed here is paid first.
pub(super) fn given(mut points: i64, owed: &[(Unit, i64)], house: &House, day: u32) -> Vec<Points> {
    let mut given = Vec::new();
    for (unit, owed) in owed.iter().filter(|(_, owed)| *owed < 0) {
        if let Unit::Points { issuer, from: 0, until: 0 } = unit {
            let amount = points.min(-owed);
            if amount > 0 {
                given.push(Points { issuer: *issuer, from: 0, until: 0, amount });
                points -= amount;
            }
        }
    }
    if points > 0 {
        let months = |of: i64| u32::try_from(of).unwrap_or_default();
        let settings = &house.points;
        let dates = points::dates(BusinessDay(day), months(settings.pending_days), months(settings.expiry_months));
        let until = if settings.expiry_months == 0 { NEVER } else { dates.until.0 };
        given.push(Points { issuer: house.branch, from: dates.from.0, until, amount: points });
    }
    given
}
