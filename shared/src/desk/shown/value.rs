//! What stored value will take, before it is taken: principal and bonus, never one sum only.
use super::Viewer;
use super::sum;
use crate::base::{MemberId, Money};
use crate::desk::bill::{self, priced};
use crate::desk::check_out::needed;
use crate::desk::top_up;
use crate::journal::refusal::Elsewhere;
use crate::journal::{Fault, Read, Refusal};
use crate::ledger::statement;
use crate::members;
use crate::members::proof::Proof;
use crate::sales::payment::{Purse, split_value, would_take};
use crate::sales::settings::value_policy;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ValueAfter {
    pub principal: Money,
    pub bonus: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ValuePreview {
    pub amount: Money,
    pub principal: Money,
    pub bonus: Money,
    pub left_after: Money,
    pub usable_here: Money,
    pub elsewhere: Vec<Elsewhere>,
    /// `none`, `pin` or `signature`.
    pub proof: String,
    pub pin_set: bool,
    pub after: ValueAfter,
}

/// What the member of the open bill would pay; no amount: as much as possible up to what is left. What lies elsewhere and is in reach counts
/// as possible: it is asked for when the tender is keyed.
///
/// # Errors
/// Outer: a fault of the store. Inner: EmptyBill, NoMember, NotEnoughHere, amounts out of range.
pub fn preview(db: &dyn Read, amount: Option<Money>, viewer: &Viewer) -> Result<Result<ValuePreview, Refusal>, Fault> {
    let Some(draft) = bill::open(db, viewer.till)? else { return Ok(Err(Refusal::EmptyBill)) };
    let Some(attached) = &draft.member else { return Ok(Err(Refusal::NoMember)) };
    let house = priced::House::load(db, viewer.branch)?;
    let mut purse = priced::purse(db, attached.member, viewer.here, viewer.day)?;
    let usable_here = Money::from_minor(purse.principal.minor().saturating_add(purse.bonus.minor()));
    let elsewhere = statement::elsewhere(db, attached.member, viewer.here, viewer.cut_off_since_ms)?;
    let (places, _) = statement::told(db, attached.member, viewer.here)?;
    let reachable: Vec<Elsewhere> = elsewhere.iter().filter(|lies| lies.reachable).cloned().collect();
    if sum(&reachable) > 0 && viewer.cut_off_since_ms == 0 {
        for place in &places {
            purse.principal = Money::from_minor(purse.principal.minor().saturating_add(place.value));
            purse.bonus = Money::from_minor(purse.bonus.minor().saturating_add(place.bonus));
        }
    }
    let policy = value_policy(&house.value);
    let pin_set = members::sealed_pin(db, attached.member)?.is_some();
    let reckoned = (|| {
        let settled = priced::settle(&draft, &house, Some(&purse))?;
        let split = match amount {
            None => would_take(&settled, &purse, policy)?,
            Some(amount) => split_value(amount, settled.priced.due, &purse, policy)?,
        };
        let taken = split.principal.plus(split.bonus)?;
        Ok(ValuePreview {
            amount: taken,
            principal: split.principal,
            bonus: split.bonus,
            left_after: settled.still_due.minus(taken)?.max(Money::ZERO),
            usable_here,
            elsewhere: elsewhere.clone(),
            proof: proof(&house, taken)?,
            pin_set,
            after: ValueAfter { principal: purse.principal.minus(split.principal)?, bonus: purse.bonus.minus(split.bonus)? },
        })
    })();
    Ok(reckoned.map_err(|no| priced::short(no, &elsewhere)))
}

/// What the member of the open bill would pay if they topped up before: all that is left. None where the bill is another's or none, or where both
/// together do not cover it.
///
/// # Errors
/// A fault of the store.
pub fn with_top_up(db: &dyn Read, member: MemberId, brings: &top_up::Preview, viewer: &Viewer) -> Result<Option<ValuePreview>, Fault> {
    let draft = bill::current(db, viewer.till)?.filter(|draft| !draft.lines.is_empty());
    let Some(draft) = draft.filter(|draft| draft.member.as_ref().is_some_and(|attached| attached.member == member)) else {
        return Ok(None);
    };
    let house = priced::House::load(db, viewer.branch)?;
    let purse = Purse { principal: brings.principal_after, bonus: brings.bonus_after, elsewhere: Vec::new() };
    let pin_set = members::sealed_pin(db, member)?.is_some();
    let reckoned = || -> Result<ValuePreview, Refusal> {
        let settled = priced::settle(&draft, &house, Some(&purse))?;
        let split = would_take(&settled, &purse, value_policy(&house.value))?;
        let taken = split.principal.plus(split.bonus)?;
        Ok(ValuePreview {
            amount: taken,
            principal: split.principal,
            bonus: split.bonus,
            left_after: settled.still_due.minus(taken)?.max(Money::ZERO),
            usable_here: purse.principal.plus(purse.bonus)?,
            elsewhere: Vec::new(),
            proof: proof(&house, taken)?,
            pin_set,
            after: ValueAfter { principal: purse.principal.minus(split.principal)?, bonus: purse.bonus.minus(split.bonus)? },
        })
    };
    Ok(reckoned().ok().filter(|shown| shown.left_after.is_zero() && shown.amount.is_positive()))
}

fn proof(house: &priced::House, taken: Money) -> Result<String, Refusal> {
    let kind = match needed(house, taken)? {
        Proof::None => "none",
        Proof::Pin => "pin",
        Proof::Signature => "signature",
    };
    Ok(kind.into())
}
