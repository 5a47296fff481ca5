//! Swaps goods (换货): pieces of an earlier sale come back and the open bill is paid with what they give back; the difference is paid, or given
//! back by R10. One decision, two facts that stand as any return and any sale do, one slip. The moment's command is the bill's id.
//! Refusals, in order: NotAllowed (to sell), EmptyBill, HasTenders, those of the return, those of the tender of the difference; DueChanged;
//! BadAmount where something is still due.
use super::bill::{self, Bill, Keyed, priced};
use super::check_out::{self, Tender};
use super::take_back::{self, TakeBack};
use super::till::Who;
use crate::base::{Money, Unit};
use crate::facts::sales::{CASH, Paid, Part, Proven, Returned, VALUE};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::back::Pick;
use crate::sales::price::{RoundOff, price};
use crate::sales::swapped::{has_cash, kept, money};
use minicbor::bytes::ByteVec;

/// Takes pieces back and pays the open bill with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    pub who: Who,
    /// Of the sale that comes back.
    pub receipt_no: String,
    /// Pieces of lines; none: all that may still come back.
    pub picks: Vec<Pick>,
    pub reason: String,
    /// What the page said the pieces give back, and what the new bill comes to.
    pub refund: Money,
    pub due: Money,
    /// By what the difference is paid; none where nothing is left to pay.
    pub tender: Option<String>,
    /// Of cash what was handed over; none: what is left.
    pub amount: Option<Money>,
    pub proven: Proven,
    /// The page's id, so that one request does not pay twice.
    pub asked: [u8; 16],
}

/// What both parts are decided with.
pub struct State {
    back: take_back::State,
    bill: check_out::State,
}

/// What a swap would come to, before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub refund: take_back::Refund,
    /// Of the new bill, without cash and with it; equal where money of the old one was cash.
    pub due: Money,
    pub due_cash: Money,
    /// Money of the refund that pays the new bill, by tender.
    pub kept: Vec<(String, Money)>,
    /// Still to be paid, without cash and with it.
    pub left: Money,
    pub left_cash: Money,
    /// Money that goes back to the customer, by tender.
    pub paid_out: Vec<(String, Money)>,
}

impl Swap {
    fn take_back(&self) -> TakeBack {
        let (receipt_no, picks, reason) = (self.receipt_no.clone(), self.picks.clone(), self.reason.clone());
        TakeBack { who: self.who.clone(), receipt_no, picks, reason, amount: self.refund }
    }

    fn tender(&self) -> Tender {
        let code = self.tender.clone().unwrap_or_default();
        Tender { who: self.who.clone(), code, amount: self.amount, due: self.due, proven: self.proven, asked: self.asked }
    }
}

/// What a swap of the till's open bill would come to.
///
/// # Errors
/// Outer: a fault of the store. Inner: EmptyBill, HasTenders, why the pieces cannot come back.
pub fn preview(db: &dyn Read, who: &Who, receipt_no: &str, picks: &[Pick], moment: &Moment) -> Result<Result<Preview, Refusal>, Fault> {
    let Some(bill) = bill::current(db, who.till)? else { return Ok(Err(Refusal::EmptyBill)) };
    let house = priced::House::load(db, moment.branch)?;
    let back = take_back::State::load(db, receipt_no, who, moment)?;
    Ok(empty_handed(&bill).and_then(|()| {
        let (_, refund) = back.refund(receipt_no, picks)?;
        previewed(&bill, &house, refund)
    }))
}

/// Goods on it, and nothing paid yet.
fn empty_handed(bill: &Bill) -> Result<(), Refusal> {
    match (bill.lines.is_empty(), bill.tenders.is_empty()) {
        (true, _) => Err(Refusal::EmptyBill),
        (_, false) => Err(Refusal::HasTenders),
        _ => Ok(()),
    }
}

/// What the bill comes to without cash and with it, and what of a refund pays it.
struct Dues {
    due: Money,
    due_cash: Money,
    kept: Vec<(String, Money)>,
}

fn dues(bill: &Bill, house: &priced::House, back: &[(String, Money)]) -> Result<Dues, Refusal> {
    let rules = priced::bill(bill, house);
    let (due, due_cash) = (price(&rules, RoundOff::NONE)?.due, price(&rules, rules.round_off)?.due);
    let kept = kept(back, due, due_cash);
    Ok(Dues { due: if has_cash(&kept) { due_cash } else { due }, due_cash, kept })
}

fn previewed(bill: &Bill, house: &priced::House, refund: take_back::Refund) -> Result<Preview, Refusal> {
    let back = money(&refund.tenders);
    let Dues { due, due_cash, kept } = dues(bill, house, &back)?;
    let paid = Money::sum(kept.iter().map(|(_, amount)| *amount))?;
    let left = |due: Money| due.minus(paid).map(|left| left.max(Money::ZERO));
    let mut paid_out = back;
    for (code, amount) in &mut paid_out {
        let used = kept.iter().find(|(of, _)| of == code).map_or(Money::ZERO, |(_, amount)| *amount);
        *amount = amount.minus(used)?;
    }
    paid_out.retain(|(_, amount)| amount.is_positive());
    Ok(Preview { left: left(due)?, left_cash: left(due_cash)?, refund, due, due_cash, kept, paid_out })
}

impl Command for Swap {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Return);

    fn content(&self) -> Vec<u8> {
        let picks: Vec<(u16, i64)> = self.picks.iter().map(|pick| (pick.line, pick.quantity.thousandths())).collect();
        let money = (self.refund, self.due, self.tender.as_deref(), self.amount);
        encoded(&(201_u8, self.receipt_no.as_str(), picks, self.reason.as_str(), money, ByteVec::from(self.asked.to_vec())))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let back = take_back::State::load(db, &self.receipt_no, &self.who, moment)?;
        let mut bill = self.tender().load(db, moment)?;
        bill.names = bill.names.with_products(db, back.sold.iter().flat_map(|sold| &sold.lines).filter_map(|line| line.product))?;
        Ok(State { back, bill })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if !moment.may(Right::Sell) {
            return Err(Refusal::NotAllowed { right: Right::Sell });
        }
        let draft = state.bill.bill.as_deref().ok_or(Refusal::EmptyBill)?;
        empty_handed(draft)?;
        let returned = self.take_back().returned(&state.back, moment)?;
        let Dues { kept, .. } = dues(draft, &state.bill.house, &money(&returned.tenders))?;
        let mut draft = draft.clone();
        for (code, amount) in kept {
            let no = draft.number();
            draft.tenders.push(Keyed { no, code, amount, proven: Proven::NotAsked });
        }
        let same = draft.member.as_ref().map(|attached| attached.member) == returned.member;
        let brings = if same { brought(&returned) } else { Vec::new() };
        let mut bill = check_out::State { bill: Some(draft.clone().into()), ..state.bill.holding(brings)? };
        bill.returned = Some(returned);
        let settled = priced::settle(&draft, &bill.house, bill.purse.as_ref())?;
        if let Some(tender) = &self.tender {
            // Kept cash was not handed over: it gives no change.
            let over = self.amount.unwrap_or_default().minus(settled.still_due)?;
            if tender != CASH && over.is_positive() {
                return Err(Refusal::OverDue { over: over.minor() });
            }
            let decided = self.tender().decide(&bill, moment)?;
            return if decided.parts.is_empty() { Err(Refusal::BadAmount) } else { Ok(decided) };
        }
        if settled.priced.due != self.due {
            return Err(Refusal::DueChanged { due: settled.priced.due.minor() });
        }
        if !settled.still_due.is_zero() {
            return Err(Refusal::BadAmount);
        }
        check_out::complete(&draft, &settled, &bill, &self.who, moment)
    }
}

/// Value and bonus that go back to the card, and can be paid with at once.
fn brought(returned: &Returned) -> Vec<(Unit, i64)> {
    let value = returned.tenders.iter().filter(|paid: &&Paid| paid.code == VALUE).flat_map(|paid| &paid.parts);
    value.filter_map(|part: &Part| Some((Unit::from_key(&part.unit)?, part.amount))).collect()
}

/// Cash that goes back over the counter with a swap, less what stays as payment of the new bill.
pub fn cash_back(returned: &Returned, tenders: &[Paid]) -> Money {
    let cash = |paid: &[Paid]| paid.iter().filter(|paid| paid.code == CASH).map(|paid| paid.amount.minor()).sum::<i64>();
    Money::from_minor((cash(&returned.tenders) - cash(tenders)).max(0))
}
