//! Gives or takes points by hand, with a reason; above the house's limit somebody must stand beside (row 34). Never below zero (C11).
//! Refusals, in order: UnknownMember, BadAmount, NeedsOverride, NotEnoughHere.
use super::bill::priced::House;
use super::points_money::lapse_month;
use super::till::Who;
use crate::base::{BusinessDay, MemberId, Unit};
use crate::facts::corrections::PointsAdjusted;
use crate::facts::sales::Points;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::balance;
use crate::members;
use crate::sales::points::spent_from;
use std::sync::Arc;

/// Most points that one person gives or takes at once without somebody beside.
pub const ALONE_MAX: i64 = 1_000;

/// Gives points, or takes them where negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdjustPoints {
    pub who: Who,
    pub member: MemberId,
    pub points: i64,
    pub reason: String,
}

/// Whether the member is known, and what lies here.
pub struct State {
    known: bool,
    holdings: Vec<(Unit, i64)>,
    house: Arc<House>,
}

impl Command for AdjustPoints {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Points);

    fn content(&self) -> Vec<u8> {
        encoded(&(73_u8, self.member, self.points, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        Ok(State {
            known: members::member(db, self.member)?.is_some(),
            holdings: balance::of_person(db, self.member, moment.here)?,
            house: House::load(db, moment.branch)?,
        })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if !state.known {
            return Err(Refusal::UnknownMember);
        }
        if self.points == 0 || self.reason.trim().is_empty() {
            return Err(Refusal::BadAmount);
        }
        let over = self.points.saturating_abs() > ALONE_MAX;
        if over && self.who.allowed_by.is_none() {
            let (limit, asked) = (Some(ALONE_MAX), Some(self.points.saturating_abs()));
            return Err(Refusal::NeedsOverride { right: Right::Points, limit, asked });
        }
        let today = BusinessDay(moment.day);
        let wanted = self.points.saturating_neg().max(0);
        let taken = spent_from(wanted, today, &state.holdings);
        let here = taken.iter().map(|lot| lot.amount).sum();
        if here < wanted {
            return Err(Refusal::NotEnoughHere { wanted, here, elsewhere: Vec::new() });
        }
        let until = lapse_month(today, &state.house);
        let given = Points { issuer: state.house.branch, from: moment.day, until, amount: self.points };
        Ok(Decided::nothing().fact(&PointsAdjusted {
            member: self.member,
            at: self.who.occasion(moment, over || self.who.lent(Right::Points)),
            given: if self.points > 0 { vec![given] } else { Vec::new() },
            taken,
            reason: self.reason.clone(),
        }))
    }
}
