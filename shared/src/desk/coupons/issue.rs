//! Gives out coupons: one to each of some members, or as codes for whoever has them. They are sent to a branch at once, so that it sells with them while
//! the link is cut, or stay at head office until a till asks.
//! Refusals, in order: NotSound (name, off, least, from, until, members), TooMany, UnknownMember, NotFound (branch), Recovering.
use crate::base::ids::derived;
use crate::base::{BranchId, BusinessDay, CommandId, MemberId, StreamId};
use crate::branches;
use crate::exchange::recovery;
use crate::facts::coupons::{Coupon, CouponsIssued, HOLDER, Terms, right};
use crate::facts::ledger::{Carried, Moved};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::person;
use crate::members;

/// Coupons of one issue: one fact, and one load to a branch.
pub const ISSUE_MAX: usize = 500;
const NAME_MAX: usize = 40;
/// Letters and digits that nobody mistakes for each other; 12 of them are 60 bits.
const CODE_LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const CODE_LENGTH: usize = 12;

/// Who gets them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    Members(Vec<MemberId>),
    /// So many codes.
    Codes(u16),
}

/// Gives out coupons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueCoupons {
    pub terms: Terms,
    pub to: To,
    /// Where they are sent; none: they stay at head office.
    pub branch: Option<BranchId>,
}

/// The members as they stand, none: nobody; and where the branch's things lie.
pub struct State {
    members: Vec<Option<MemberId>>,
    place: Option<StreamId>,
    known: bool,
    recovering: bool,
}

impl Command for IssueCoupons {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Catalogue);

    fn content(&self) -> Vec<u8> {
        let (members, codes) = match &self.to {
            To::Members(members) => (members.as_slice(), 0),
            To::Codes(codes) => (&[][..], *codes),
        };
        encoded(&(208_u8, &self.terms, members, codes, self.branch))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        let members = match &self.to {
            To::Members(members) => members.as_slice(),
            To::Codes(_) => &[],
        };
        let stands = |member: &MemberId| {
            let survivor = person::survivor(db, *member)?;
            Ok(members::member(db, survivor)?.map(|_| survivor))
        };
        // Which place is the newest open one of the branch?
        let sql = "select stream from stream where branch = ?1 and sealed = 0 order by stream desc limit 1";
        let place = self.branch.map(|branch| db.row(sql, &[branch.into()])).transpose()?.flatten();
        Ok(State {
            members: members.iter().take(ISSUE_MAX).map(stands).collect::<Result<_, Fault>>()?,
            place: place.map(|row| StreamId(row.raw(0))),
            known: self.branch.map_or(Ok(true), |branch| Ok(branches::branch(db, branch)?.is_some()))?,
            recovering: !recovery::outstanding(db)?.is_empty(),
        })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        self.sound(moment)?;
        let coupons = self.coupons(state, moment)?;
        if !state.known {
            return Err(Refusal::NotFound { what: "branch".into() });
        }
        let issued = CouponsIssued {
            id: moment.command,
            at_ms: moment.now_ms,
            terms: self.terms.clone(),
            // Where a branch never opened they wait at head office, as they do for a till that asks.
            branch: self.branch.filter(|_| state.place.is_some()),
            coupons,
        };
        let Some(to) = state.place else { return Ok(Decided::nothing().fact(&issued)) };
        if state.recovering {
            return Err(Refusal::Recovering);
        }
        let accounts = issued.coupons.iter().map(|coupon| Carried::new(HOLDER, right(coupon.id), 1)).collect();
        let moved = Moved { to, accounts, ask: None, sealed_from: None, more: false };
        Ok(Decided::nothing().fact(&issued).fact(&moved))
    }
}

impl IssueCoupons {
    fn sound(&self, moment: &Moment) -> Result<(), Refusal> {
        let wrong = |field: &str, why: &str| Err(Refusal::NotSound { field: field.into(), why: why.into() });
        let day = |day: u32| BusinessDay::of(day / 10_000, day / 100 % 100, day % 100).is_some();
        let Terms { name, off, least, from, until, .. } = &self.terms;
        match () {
            () if name.trim().is_empty() => wrong("name", "missing"),
            () if name.chars().count() > NAME_MAX => wrong("name", "too_long"),
            () if !off.is_positive() => wrong("off", "range"),
            () if least.is_negative() => wrong("least", "range"),
            () if !day(*from) => wrong("from", "range"),
            () if !day(*until) || until < from || *until < moment.day => wrong("until", "range"),
            () => Ok(()),
        }
    }

    fn coupons(&self, state: &State, moment: &Moment) -> Result<Vec<Coupon>, Refusal> {
        let wanted = match &self.to {
            To::Members(members) => members.len(),
            To::Codes(codes) => usize::from(*codes),
        };
        if wanted == 0 {
            return Err(Refusal::NotSound { field: "members".into(), why: "missing".into() });
        }
        if wanted > ISSUE_MAX {
            return Err(Refusal::TooMany { what: "coupons".into(), limit: ISSUE_MAX as i64 });
        }
        let id = |at: usize| CommandId(derived("coupon", &[&moment.command.0, &(at as u64).to_be_bytes()]));
        match &self.to {
            To::Members(_) => {
                let each = state.members.iter().enumerate();
                each.map(|(at, member)| {
                    let member = Some(member.ok_or(Refusal::UnknownMember)?);
                    Ok(Coupon { id: id(at), member, code: String::new() })
                })
                .collect()
            }
            To::Codes(_) => Ok((0..wanted).map(|at| Coupon { id: id(at), member: None, code: code(moment, at) }).collect()),
        }
    }
}

/// A code that nobody guesses: it follows from what is random in the moment.
fn code(moment: &Moment, at: usize) -> String {
    let raw = derived("coupon code", &[&moment.command.0, &moment.entropy, &(at as u64).to_be_bytes()]);
    raw.iter().take(CODE_LENGTH).map(|byte| char::from(CODE_LETTERS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_different() {
        let letters: std::collections::BTreeSet<u8> = CODE_LETTERS.iter().copied().collect();
        assert_eq!(letters.len(), 32);
    }
}
