//! What a member brings from an older system, booked once: the command's id follows from the member. Refusals, in order: UnknownMember,
//! BadAmount.
use super::member::{Member, member};
use crate::base::ids::derived;
use crate::base::{BusinessDay, CommandId, MemberId, Month};
use crate::facts::members::{HEAD_OFFICE, OpeningBooked};
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Books value, bonus and points at head office; they move to a branch when they are asked for there.
#[derive(Debug, Clone)]
pub struct BookOpening {
    pub member: MemberId,
    pub value: i64,
    pub bonus: i64,
    pub points: i64,
    /// Months until the points lapse; 0 for never.
    pub expiry_months: u32,
    /// The file it came with.
    pub batch: Option<CommandId>,
}

impl BookOpening {
    /// The one command of a member's opening; after it was taken back another.
    pub fn command(member: MemberId, times_reversed: i64) -> CommandId {
        match times_reversed {
            0 => CommandId(derived("opening", &[member.bytes()])),
            times => CommandId(derived("opening", &[member.bytes(), &times.to_be_bytes()])),
        }
    }
}

impl Command for BookOpening {
    type State = Option<Member>;
    const RIGHT: Option<Right> = Some(Right::Import);

    /// Amounts only: the same opening on another day is the same.
    fn content(&self) -> Vec<u8> {
        [self.member.bytes(), &self.value.to_be_bytes(), &self.bonus.to_be_bytes(), &self.points.to_be_bytes()].concat()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Member>, Fault> {
        member(db, self.member)
    }

    fn decide(&self, state: &Option<Member>, moment: &Moment) -> Result<Decided, Refusal> {
        let Some(member) = state else { return Err(Refusal::UnknownMember) };
        if [self.value, self.bonus, self.points].iter().any(|amount| *amount < 0) {
            return Err(Refusal::BadAmount);
        }
        let until = match self.expiry_months {
            0 => Month::NEVER.0,
            months => BusinessDay(moment.day).month().plus(months + 1).0,
        };
        Ok(Decided::nothing().fact(&OpeningBooked {
            member: self.member,
            issuer: member.home.unwrap_or(HEAD_OFFICE),
            value: self.value,
            bonus: self.bonus,
            points: self.points,
            from: moment.day,
            until,
            batch: self.batch,
        }))
    }
}
