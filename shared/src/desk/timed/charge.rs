//! Puts a sitting that ended onto the till's bill. Refusals, in order: Gone (paid, on a bill already, or still running), TooManyLines.
use super::{Due, Sitting};
use crate::base::{Quantity, SittingId};
use crate::catalog::{self, Product};
use crate::desk::bill::{self, Attached, Bill, Line, add, attach};
use crate::desk::till::Who;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::price::ByHand;

/// Charges a sitting on the till's bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeSitting {
    pub who: Who,
    pub sitting: SittingId,
}

/// The bill a sitting goes onto, with the service and the member.
pub struct Onto {
    bill: Option<Bill>,
    product: Option<Product>,
    member: Option<Attached>,
    /// Sittings that stand on a bill of this branch.
    charged: Vec<SittingId>,
}

impl Onto {
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read, till: u16, sitting: Option<&Sitting>, moment: &Moment) -> Result<Onto, Fault> {
        let product = sitting.map(|sitting| catalog::product(db, sitting.product)).transpose()?.flatten();
        let guest = sitting.and_then(|sitting| sitting.member).map(|member| attach::attached(db, member, moment)).transpose()?.flatten();
        let claimed_card = sitting.and_then(|sitting| sitting.claimed_card.clone());
        let member = guest.map(|guest| Attached { claimed_card, ..guest });
        Ok(Onto { bill: bill::open(db, till)?, product, member, charged: bill::sittings(db)? })
    }

    /// The till has no goods on its bill.
    pub fn is_free(&self) -> bool {
        self.bill.as_ref().is_none_or(|bill| bill.lines.is_empty())
    }
}

impl Command for ChargeSitting {
    type State = (Option<Sitting>, Onto);
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(64_u8, self.sitting))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Self::State, Fault> {
        let sitting = super::sitting(db, self.sitting)?;
        let onto = Onto::load(db, self.who.till, sitting.as_ref(), moment)?;
        Ok((sitting, onto))
    }

    fn decide(&self, (sitting, onto): &Self::State, moment: &Moment) -> Result<Decided, Refusal> {
        let sitting = sitting.as_ref().ok_or(Refusal::Gone)?;
        let due = sitting.due.filter(|_| !onto.charged.contains(&sitting.id)).ok_or(Refusal::Gone)?;
        put(onto, sitting, due, &self.who, moment, Decided::nothing())
    }
}

/// The bill with the sitting on it, beside what was decided. A bill without a member gets the guest.
///
/// # Errors
/// `TooManyLines`.
pub fn put(onto: &Onto, sitting: &Sitting, due: Due, who: &Who, moment: &Moment, mut decided: Decided) -> Result<Decided, Refusal> {
    let mut bill = onto.bill.clone().unwrap_or_else(|| Bill::new(moment, who.till, who.staff));
    if bill.member.is_none() {
        bill.member.clone_from(&onto.member);
    }
    let no = bill.number();
    let product = onto.product.as_ref();
    let named = |name: &str, minutes: &str| format!("{name} · {} · {} {minutes}", sitting.seat, due.minutes);
    let line = Line {
        no,
        product: Some(sitting.product),
        name: named(&sitting.name, "分钟"),
        name_en: named(if sitting.name_en.is_empty() { &sitting.name } else { &sitting.name_en }, "min"),
        code: product.map_or_else(String::new, |product| product.code.clone()),
        unit: product.map_or_else(String::new, |product| product.unit.clone()),
        weighed: false,
        quantity: Quantity::ONE,
        list_price: due.amount,
        member_price: None,
        label_amount: None,
        converted: false,
        by_hand: ByHand::Nothing,
        reason: String::new(),
        discountable: product.is_some_and(|product| product.discountable),
        earns_points: product.is_some_and(|product| product.earns_points),
        cost: None,
        day: moment.day,
        held_price: false,
        sitting: Some(sitting.id),
    };
    decided.drafts.extend(add::put(bill, line)?.drafts);
    Ok(decided)
}
