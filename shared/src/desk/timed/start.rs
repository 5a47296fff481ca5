//! Seats a guest (开台): the clock runs from now, by the tariff of now and with the free minutes of the member's level.
//! Refusals, in order: NoShift, NotFound (no such tariff or room here, or retired), NoPrice (its service is gone), SeatTaken, UnknownMember.
use super::Sitting;
use crate::base::{BranchId, DocumentId, MemberId, SittingId};
use crate::catalog::{self, Product};
use crate::desk::bill;
use crate::desk::till::Who;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::members;
use crate::timed::rooms::{Tariff, tariffs};

/// Starts a sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartSitting {
    pub who: Who,
    pub tariff: DocumentId,
    /// Code of the room or seat.
    pub room: String,
    pub member: Option<MemberId>,
}

/// The tariff with its service, who sits where, and the member's level; `known` is none of a member who is not.
pub struct State {
    pub tariff: Option<Tariff>,
    pub product: Option<Product>,
    pub sittings: Vec<Sitting>,
    pub known: bool,
    pub level: Option<DocumentId>,
    /// How the till's bill knows the guest: by a card that names another member too.
    pub claimed_card: Option<String>,
}

impl Command for StartSitting {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(60_u8, self.tariff, self.room.as_str(), self.member))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        let tariff = tariffs(db)?.into_iter().find(|tariff| tariff.id == self.tariff && !tariff.retired);
        let product = tariff.as_ref().map(|tariff| catalog::product(db, tariff.product)).transpose()?.flatten();
        let known = match self.member {
            Some(member) => members::member(db, member)?.is_some(),
            None => true,
        };
        let level = self.member.map(|member| members::level(db, member)).transpose()?.flatten().map(|level| level.id);
        let on_bill = bill::current(db, self.who.till)?.and_then(|bill| bill.member.clone());
        let guest = on_bill.filter(|attached| Some(attached.member) == self.member);
        let claimed_card = guest.and_then(|attached| attached.claimed_card);
        Ok(State { tariff, product, sittings: super::sittings(db)?, known, level, claimed_card })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        moment.shift.ok_or(Refusal::NoShift)?;
        let branch = moment.branch.unwrap_or(BranchId([0; 16]));
        let tariff = state.tariff.as_ref().ok_or(Refusal::NotFound { what: "tariff".into() })?;
        let room = tariff.room(branch, &self.room).ok_or(Refusal::NotFound { what: "room".into() })?;
        if state.product.as_ref().is_none_or(|product| product.retired) {
            return Err(Refusal::NoPrice { name: tariff.name.clone() });
        }
        let there = |sitting: &&Sitting| sitting.due.is_none() && sitting.tariff == tariff.id && sitting.room == room.code;
        if state.sittings.iter().any(|sitting| there(&sitting)) {
            return Err(Refusal::SeatTaken { seat: room.name.clone() });
        }
        if !state.known {
            return Err(Refusal::UnknownMember);
        }
        let sitting = Sitting {
            id: SittingId::from(moment.command),
            tariff: tariff.id,
            name: tariff.name.clone(),
            name_en: tariff.name_en.clone(),
            product: tariff.product,
            room: room.code.clone(),
            seat: room.name.clone(),
            member: self.member,
            terms: tariff.terms,
            free: state.level.map_or(0, |level| tariff.free_for(level)),
            started: self.who.occasion(moment, false),
            ran: Vec::new(),
            since_ms: Some(moment.now_ms),
            jumped: false,
            due: None,
            claimed_card: state.claimed_card.clone(),
        };
        Ok(sitting.saved(Decided::nothing()))
    }
}
