//! The open bill as both tabs of a till show it.
use super::member::{MemberCard, card};
use super::{Person, Viewer, person, tender_names};
use crate::base::{Holder, Money, Purpose, Quantity, Rate, Unit};
use crate::desk::bill::priced::{self, House};
use crate::desk::bill::{self, Bill as Draft, Line as DraftLine};
use crate::desk::points_money::unearning;
use crate::facts::sales::{CASH, Proven, VALUE};
use crate::journal::{Fault, Read};
use crate::ledger::balance;
use crate::sales::payment::{self, Purse, Settlement, TenderKind};
use crate::sales::points::{EarningLine, earned};
use crate::sales::price::{self, Applied, BillDiscount, PricedLine, RoundOff};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Bill {
    pub id: String,
    pub revision: u32,
    pub opened_ms: i64,
    pub cashier: Person,
    #[schema(required)]
    pub member: Option<MemberCard>,
    pub lines: Vec<Line>,
    pub totals: Totals,
    pub tenders: Vec<Tender>,
    pub quick_cash: Vec<Money>,
    pub held_count: usize,
    /// 导购, in the order named.
    pub sales_clerks: Vec<SalesClerk>,
    #[schema(required)]
    pub coupon: Option<CouponOnBill>,
}

/// Who served the customer, and the share that counts as theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SalesClerk {
    pub person: Person,
    pub share: Rate,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Line {
    pub id: String,
    #[schema(required)]
    pub product: Option<u32>,
    pub name: String,
    pub name_en: String,
    pub code: String,
    pub unit: String,
    pub quantity: Quantity,
    pub weighed: bool,
    pub list_price: Money,
    pub price: Money,
    pub gross: Money,
    pub discount: Money,
    pub net: Money,
    #[schema(required)]
    pub rate: Option<Rate>,
    pub marks: Vec<Mark>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    MemberPrice,
    Level,
    Discount,
    PriceChanged,
    Free,
    NoDiscount,
    NegativeStock,
    WeightConverted,
    HeldPrice,
    OpenItem,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DiscountKind {
    MemberPrice,
    Level,
    Line,
    Bill,
    Promotion,
    Coupon,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Discount {
    pub kind: DiscountKind,
    pub amount: Money,
    #[schema(required)]
    pub rate: Option<Rate>,
}

/// The coupon of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CouponOnBill {
    pub name: String,
    pub name_en: String,
    /// What the bill must come to before it.
    pub least: Money,
    /// The bill comes to enough.
    pub counts: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Totals {
    pub pieces: Quantity,
    pub lines: usize,
    pub subtotal: Money,
    pub discounts: Vec<Discount>,
    pub discount: Money,
    /// Signed: −7 is 7 分 off.
    pub rounding: i64,
    pub due: Money,
    pub due_cash: Money,
    pub paid: Money,
    pub left: Money,
    pub left_cash: Money,
    pub points: i64,
    /// Taken off by hand, where cash is among the tenders.
    pub round_off: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tender {
    pub id: String,
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub amount: Money,
    #[schema(required)]
    pub principal: Option<Money>,
    #[schema(required)]
    pub bonus: Option<Money>,
    /// `none`, `pin` or `signature`; of stored value only.
    #[schema(required)]
    pub proof: Option<String>,
}

/// The open bill of a till; none if there is none.
///
/// # Errors
/// A fault of the store.
pub fn open(db: &dyn Read, viewer: &Viewer) -> Result<Option<Bill>, Fault> {
    bill::open(db, viewer.till)?.map(|draft| shown(db, &draft, viewer)).transpose()
}

fn shown(db: &dyn Read, draft: &Draft, viewer: &Viewer) -> Result<Bill, Fault> {
    let house = House::load(db, viewer.branch)?;
    let purse = match &draft.member {
        Some(attached) => Some(priced::purse(db, attached.member, viewer.here, viewer.day)?),
        None => None,
    };
    let settled = settled(draft, &house, purse.as_ref());
    let mut lines = Vec::with_capacity(draft.lines.len());
    for (line, priced) in draft.lines.iter().zip(&settled.priced.lines) {
        lines.push(shown_line(db, line, priced, viewer)?);
    }
    let member = match &draft.member {
        Some(attached) => card(db, attached.member, viewer)?,
        None => None,
    };
    let totals = totals(draft, &settled, &house);
    let named = draft.sales_clerks.iter().flatten();
    let sales_clerks = named.map(|clerk| Ok(SalesClerk { person: person(db, clerk.staff)?, share: clerk.share }));
    Ok(Bill {
        id: draft.id.to_string(),
        revision: draft.revision,
        opened_ms: draft.opened_ms,
        cashier: person(db, draft.cashier)?,
        member,
        lines,
        quick_cash: if totals.left_cash.is_zero() && totals.left.is_positive() {
            vec![Money::ZERO]
        } else {
            payment::quick_cash(totals.left_cash)
        },
        totals,
        tenders: tenders(draft, &settled, &house),
        held_count: bill::all_held(db)?.len(),
        sales_clerks: sales_clerks.collect::<Result<_, Fault>>()?,
        coupon: draft.coupon.as_ref().map(|on| CouponOnBill {
            name: on.name.clone(),
            name_en: on.name_en.clone(),
            least: on.least,
            counts: settled.priced.lines.iter().any(|line| line.coupon.is_positive()),
        }),
    })
}

/// Price and tenders; where the purse no longer covers a tender it is shown as keyed, and refused when the bill is completed.
fn settled(draft: &Draft, house: &House, purse: Option<&Purse>) -> Settlement {
    let loose = Purse { principal: Money::from_minor(i64::MAX / 4), bonus: Money::ZERO, elsewhere: Vec::new() };
    let bare = Draft { tenders: Vec::new(), ..draft.clone() };
    let tried = priced::settle(draft, house, purse).or_else(|_| priced::settle(draft, house, Some(&loose)));
    tried.or_else(|_| priced::settle(&bare, house, None)).unwrap_or_else(|_| nothing())
}

/// Of a bill whose amounts no till can hold.
fn nothing() -> Settlement {
    let zero = Money::ZERO;
    let priced = price::Priced { lines: Vec::new(), subtotal: zero, discount: zero, rounding: zero, off_by_hand: zero, due: zero };
    Settlement { priced, taken: Vec::new(), paid: zero, still_due: zero, change: zero }
}

fn shown_line(db: &dyn Read, line: &DraftLine, priced: &PricedLine, viewer: &Viewer) -> Result<Line, Fault> {
    let mut marks = Vec::new();
    let rate = match priced.applied {
        Applied::HandRate(rate) => Some(rate),
        _ => None,
    };
    match priced.applied {
        Applied::Member => marks.push(Mark::MemberPrice),
        Applied::Level(_) => marks.push(Mark::Level),
        Applied::HandRate(_) => marks.push(Mark::Discount),
        Applied::HandPrice => marks.push(Mark::PriceChanged),
        Applied::Free => marks.push(Mark::Free),
        Applied::List | Applied::Promotion => {}
    }
    let conditions = [
        (!line.discountable, Mark::NoDiscount),
        (line.converted, Mark::WeightConverted),
        (line.held_price, Mark::HeldPrice),
        (line.product.is_none(), Mark::OpenItem),
        (below_stock(db, line, viewer)?, Mark::NegativeStock),
    ];
    marks.extend(conditions.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark));
    let discount = [priced.price_discount, priced.rate_discount, priced.bill_discount, priced.coupon];
    let own = Money::from_minor(priced.gross.minor().saturating_sub(priced.price_discount.minor()));
    let each = own.scaled(Quantity::ONE.thousandths(), line.quantity.thousandths(), crate::base::Rounding::HalfUp);
    Ok(Line {
        id: format!("line_{}", line.no),
        product: line.product.map(|product| product.0),
        name: line.name.clone(),
        name_en: line.name_en.clone(),
        code: line.code.clone(),
        unit: line.unit.clone(),
        quantity: line.quantity,
        weighed: line.weighed,
        list_price: line.list_price,
        price: if line.label_amount.is_some() { line.list_price } else { each.unwrap_or(line.list_price) },
        gross: priced.gross,
        discount: Money::from_minor(discount.iter().map(|part| part.minor()).sum()),
        net: priced.net,
        rate,
        marks,
    })
}

/// Whether the books hold less of it than is on the line; it is sold all the same.
fn below_stock(db: &dyn Read, line: &DraftLine, viewer: &Viewer) -> Result<bool, Fault> {
    let (Some(product), Some(branch)) = (line.product, viewer.branch) else { return Ok(false) };
    let holder = Holder::House(branch, Purpose::Stock);
    let account = crate::base::Account { holder, unit: Unit::Goods(product), place: viewer.here };
    Ok(balance::amount(db, &account)? < line.quantity.thousandths())
}

fn totals(draft: &Draft, settled: &Settlement, house: &House) -> Totals {
    let priced = &settled.priced;
    let bill = priced::bill(draft, house);
    let due_cash = price::price(&bill, bill.round_off).map_or(priced.due, |priced| priced.due);
    let left_cash = Money::from_minor(due_cash.minor().saturating_sub(settled.paid.minor()).max(0));
    let earning: Vec<EarningLine> =
        priced.lines.iter().map(|line| EarningLine { net: line.net, earns_points: line.earns_points }).collect();
    let unearning = unearning(&settled.taken).unwrap_or_default();
    let points = draft.member.as_ref().and_then(|attached| earned(&earning, unearning, house.terms(attached)).ok());
    Totals {
        pieces: Quantity::from_thousandths(draft.lines.iter().map(|line| line.quantity.thousandths()).sum()),
        lines: draft.lines.len(),
        subtotal: priced.subtotal,
        discounts: discounts(draft, &priced.lines),
        discount: priced.discount,
        rounding: -priced.rounding.minor(),
        due: priced.due,
        due_cash,
        paid: settled.paid,
        left: settled.still_due,
        left_cash,
        points: points.map_or(0, |earned| earned.points),
        round_off: draft.round_off.unwrap_or_default(),
    }
}

/// What the customer saves, by why.
fn discounts(draft: &Draft, lines: &[PricedLine]) -> Vec<Discount> {
    let mut found: Vec<Discount> = Vec::new();
    let mut add = |kind: DiscountKind, amount: Money, rate: Option<Rate>| {
        if !amount.is_positive() {
            return;
        }
        match found.iter_mut().find(|discount| discount.kind == kind && discount.rate == rate) {
            Some(discount) => discount.amount = Money::from_minor(discount.amount.minor().saturating_add(amount.minor())),
            None => found.push(Discount { kind, amount, rate }),
        }
    };
    for line in lines {
        let (kind, rate) = match line.applied {
            Applied::Member => (DiscountKind::MemberPrice, None),
            Applied::Promotion => (DiscountKind::Promotion, None),
            Applied::Level(rate) => (DiscountKind::Level, Some(rate)),
            _ => (DiscountKind::Line, None),
        };
        add(kind, Money::from_minor(line.price_discount.minor() + line.rate_discount.minor()), rate);
    }
    let rate = match draft.discount {
        BillDiscount::Rate(rate) => Some(rate),
        _ => None,
    };
    add(DiscountKind::Coupon, Money::from_minor(lines.iter().map(|line| line.coupon.minor()).sum()), None);
    add(DiscountKind::Bill, Money::from_minor(lines.iter().map(|line| line.bill_discount.minor()).sum()), rate);
    found
}

fn tenders(draft: &Draft, settled: &Settlement, house: &House) -> Vec<Tender> {
    let shown = |(keyed, taken): (&bill::Keyed, &payment::Taken)| {
        let (name, name_en) = tender_names(house, &keyed.code);
        let value = taken.kind == TenderKind::Value;
        let principal = Money::from_minor(taken.amount.minor().saturating_sub(taken.bonus.minor()));
        Tender {
            id: format!("tender_{}", keyed.no),
            code: keyed.code.clone(),
            name,
            name_en,
            amount: if keyed.code == CASH { keyed.amount } else { taken.amount },
            principal: value.then_some(principal),
            bonus: value.then_some(taken.bonus),
            proof: (keyed.code == VALUE).then(|| proof_said(keyed.proven).into()),
        }
    };
    draft.tenders.iter().zip(&settled.taken).map(shown).collect()
}

/// A proof in the words of the contract.
pub fn proof_said(proven: Proven) -> &'static str {
    match proven {
        Proven::NotAsked => "none",
        Proven::Pin => "pin",
        Proven::Signature => "signature",
    }
}

/// A held bill in the list of every till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Held {
    pub id: String,
    pub held_ms: i64,
    pub total: Money,
    pub pieces: Quantity,
    pub lines: usize,
    /// Masked name.
    #[schema(required)]
    pub member: Option<String>,
    pub cashier: Person,
    pub till: u16,
    #[schema(required)]
    pub label: Option<String>,
    pub business_day: u32,
}

/// Held bills of the branch, oldest first.
///
/// # Errors
/// A fault of the store.
pub fn held(db: &dyn Read, viewer: &Viewer) -> Result<Vec<Held>, Fault> {
    let house = House::load(db, viewer.branch)?;
    let shown = |held: &bill::Held| {
        let total = price::price(&priced::bill(&held.bill, &house), RoundOff::NONE).map_or(Money::ZERO, |priced| priced.due);
        let member = match &held.bill.member {
            Some(attached) => crate::members::member(db, attached.member)?.map(|member| crate::members::masked_name(&member.name)),
            None => None,
        };
        Ok(Held {
            id: held.bill.id.to_string(),
            held_ms: held.held_ms,
            total,
            pieces: Quantity::from_thousandths(held.bill.lines.iter().map(|line| line.quantity.thousandths()).sum()),
            lines: held.bill.lines.len(),
            member,
            cashier: person(db, held.cashier)?,
            till: held.bill.till,
            label: (!held.label.is_empty()).then(|| held.label.clone()),
            business_day: held.day,
        })
    };
    bill::all_held(db)?.iter().map(shown).collect()
}
