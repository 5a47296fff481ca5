//! A member pays money in and gets principal and a gift, at once usable here. The gift shown before Enter and the gift booked come from one
//! function. Refusals, in order: UnknownMember, NoShift, TenderUnknown, BadAmount, OverCap, IssueLimit, GiftChanged.
use super::bill::priced::House;
use super::print::PrintJob;
use super::slips::Names;
use super::till::{Numbering, Who, till_id, till_number};
use crate::base::limits::{ISSUED_BRANCH_DAY_MINOR_MAX, ISSUED_CLERK_DAY_MINOR_MAX};
use crate::base::{BranchId, BusinessDay, MemberId, Money, Overflow, Rate, StaffId};
use crate::facts::members::ToppedUp;
use crate::facts::sales::{CASH, Occasion, VALUE, money_number};
use crate::journal::{Actor, Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::statement;
use crate::members::gift::{self, Tier, may_top_up};
use crate::members::settings::{cap, gift_policy, tiers};
use crate::members::{Purse, purse};
use crate::sales::receipt::top_up::TopUpSlip;
use crate::sales::receipt::{Slip, SlipMember, SlipTender, ValueMoved};
use std::sync::Arc;

/// Pays money in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUp {
    pub who: Who,
    pub member: MemberId,
    pub amount: Money,
    /// Code of the tender; stored value tops up nothing.
    pub tender: String,
    /// Of cash what was handed over; none: the amount.
    pub tendered: Option<Money>,
    /// The gift that the page showed.
    pub gift: Money,
}

/// What a top-up would bring, as the page shows it before Enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preview {
    pub amount: Money,
    pub bonus: Money,
    /// The tier reached, and the next one.
    pub tier: Option<Tier>,
    pub next: Option<Tier>,
    /// The most principal on a registered card; none: no limit.
    pub cap: Option<Money>,
    /// What may still be added; none: any amount.
    pub may_add: Option<Money>,
    /// What lies here afterwards.
    pub principal_after: Money,
    pub bonus_after: Money,
}

/// The member's balance, the house's tiers, and what this clerk and all clerks gave out today.
pub struct State {
    known: bool,
    house: Arc<House>,
    purse: Purse,
    /// Principal over all places, as known here.
    everywhere: Money,
    by_clerk: i64,
    by_branch: i64,
    numbering: Numbering,
    names: Names,
}

/// What a top-up of an amount would bring.
///
/// # Errors
/// Outer: a fault of the store. Inner: `OverCap`, `BadAmount`.
pub fn preview(db: &dyn Read, member: MemberId, amount: Money, moment: &Moment) -> Result<Result<Preview, Refusal>, Fault> {
    let house = House::load(db, moment.branch)?;
    let purse = purse(db, member, moment.here, BusinessDay(moment.day))?;
    let everywhere = everywhere(db, member, &purse, moment)?;
    Ok(previewed(&house, &purse, everywhere, amount))
}

/// Principal here, and by hearsay elsewhere.
fn everywhere(db: &dyn Read, member: MemberId, purse: &Purse, moment: &Moment) -> Result<Money, Fault> {
    let (places, _) = statement::told(db, member, moment.here)?;
    let elsewhere: i64 = places.iter().map(|lies| lies.value).sum();
    Ok(Money::from_minor(purse.principal.minor().saturating_add(elsewhere)))
}

fn previewed(house: &House, purse: &Purse, everywhere: Money, amount: Money) -> Result<Preview, Refusal> {
    let (tiers, cap) = (tiers(&house.value), cap(&house.value));
    if !amount.is_positive() {
        return Err(Refusal::BadAmount);
    }
    may_top_up(everywhere, amount, cap)?;
    let bonus = gift::bonus(amount, &tiers, gift_policy(&house.value))?;
    let around = gift::around(amount, &tiers);
    Ok(Preview {
        amount,
        bonus,
        tier: around.reached,
        next: around.next,
        cap,
        may_add: cap.map(|cap| cap.minus(everywhere)).transpose()?,
        principal_after: purse.principal.plus(amount)?,
        bonus_after: purse.bonus.plus(bonus)?,
    })
}

impl Command for TopUp {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::TopUp);

    fn content(&self) -> Vec<u8> {
        format!("{} {:?} {} {:?} {:?}", self.member, self.amount, self.tender, self.tendered, self.gift).into_bytes()
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let house = House::load(db, moment.branch)?;
        let purse = purse(db, self.member, moment.here, BusinessDay(moment.day))?;
        // How much did this branch give out today, and how much of it this clerk?
        let sql = "select coalesce(cast(sum(principal + bonus) as bigint), 0),
                          coalesce(cast(sum(case when clerk = ?2 then principal + bonus else 0 end) as bigint), 0)
                   from top_up where day = ?1 and branch = ?3";
        let branch = moment.branch.unwrap_or(BranchId([0; 16]));
        let today = db.row(sql, &[moment.day.into(), clerk(moment, &self.who).into(), branch.into()])?;
        Ok(State {
            known: crate::members::member(db, self.member)?.is_some(),
            everywhere: everywhere(db, self.member, &purse, moment)?,
            numbering: Numbering::load(db, moment, self.who.till)?,
            names: Names::load(db, &house, self.who.language, self.who.staff)?.with_member(db, Some(self.member), Some(purse.points))?,
            house,
            purse,
            by_clerk: today.as_ref().map_or(0, |row| row.int(1)),
            by_branch: today.as_ref().map_or(0, |row| row.int(0)),
        })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let topped = self.topped(state, moment)?;
        let slip = slip(&topped, &state.names)?;
        let job = PrintJob::new(moment.command, &topped.receipt, slip, None).job(moment, self.who.till);
        Ok(Decided::nothing().fact(&topped).job(job))
    }
}

impl TopUp {
    /// The top-up as it would be booked.
    ///
    /// # Errors
    /// Every refusal of this command.
    pub(super) fn topped(&self, state: &State, moment: &Moment) -> Result<ToppedUp, Refusal> {
        if !state.known {
            return Err(Refusal::UnknownMember);
        }
        let shift = moment.shift.ok_or(Refusal::NoShift)?;
        if self.tender == VALUE || self.tender != CASH && !state.house.till.tenders.contains_key(&self.tender) {
            return Err(Refusal::TenderUnknown { tender: self.tender.clone() });
        }
        let tendered = self.tendered.filter(|_| self.tender == CASH).unwrap_or(self.amount);
        if tendered < self.amount {
            return Err(Refusal::BadAmount);
        }
        let preview = previewed(&state.house, &state.purse, state.everywhere, self.amount)?;
        let gives = self.amount.plus(preview.bonus)?.minor();
        for (given, limit) in [(state.by_clerk, ISSUED_CLERK_DAY_MINOR_MAX), (state.by_branch, ISSUED_BRANCH_DAY_MINOR_MAX)] {
            if given.saturating_add(gives) > limit {
                return Err(Refusal::IssueLimit { limit });
            }
        }
        if preview.bonus != self.gift {
            return Err(Refusal::GiftChanged { gift: preview.bonus.minor() });
        }
        let branch = moment.branch.unwrap_or(BranchId([0; 16]));
        Ok(ToppedUp {
            member: self.member,
            branch,
            till: till_id(branch, self.who.till),
            shift,
            day: moment.day,
            hour: moment.hour,
            at_ms: moment.now_ms,
            receipt: state.numbering.next(self.who.till, moment.day),
            clerk: clerk(moment, &self.who),
            tender: self.tender.clone(),
            money: money_number(&self.tender),
            principal: self.amount.minor(),
            bonus: preview.bonus.minor(),
            tendered: tendered.minor(),
            principal_after: preview.principal_after.minor(),
            bonus_after: preview.bonus_after.minor(),
        })
    }
}

fn clerk(moment: &Moment, who: &Who) -> StaffId {
    match moment.by {
        Actor::Person(staff) => staff,
        _ => who.staff,
    }
}

/// Where, when and by whom a member topped up.
pub fn occasion(topped: &ToppedUp) -> Occasion {
    Occasion {
        branch: topped.branch,
        till: till_number(topped.till),
        shift: Some(topped.shift),
        day: topped.day,
        hour: topped.hour,
        at_ms: topped.at_ms,
        by: topped.clerk,
        allowed_by: None,
        clock_by_hand: false,
    }
}

/// The slip of a top-up, also when it is printed again.
///
/// # Errors
/// Amounts out of range: the fact is damaged.
pub fn slip(topped: &ToppedUp, names: &Names) -> Result<Slip, Overflow> {
    let money = Money::from_minor;
    let (principal, bonus, tendered) = (money(topped.principal), money(topped.bonus), money(topped.tendered));
    let value = ValueMoved {
        principal_before: money(topped.principal_after).minus(principal)?,
        bonus_before: money(topped.bonus_after).minus(bonus)?,
        principal_after: money(topped.principal_after),
        bonus_after: money(topped.bonus_after),
    };
    let member = names.member.clone();
    let text = |of: fn(&super::slips::MemberName) -> &String| member.as_ref().map_or_else(String::new, |member| of(member).clone());
    Ok(Slip::TopUp(TopUpSlip {
        head: names.head(&occasion(topped), &topped.receipt),
        principal,
        bonus,
        tenders: vec![SlipTender { name: names.tender(&topped.tender), amount: tendered, bonus: None }],
        change: tendered.minus(principal)?,
        member: SlipMember {
            name: text(|member| &member.name),
            phone: text(|member| &member.phone),
            level: text(|member| &member.level),
            level_rate: Rate::WHOLE,
            value: Some(value),
            points: None,
        },
        kick: topped.tender == CASH,
    }))
}
