//! The uses left of a package that a member brings from an older system, booked at head office; they move to a branch when they are asked for
//! there. Refusals, in order: UnknownMember, NotFound (the kind), NotSound (uses: other than the kind's items, or none), BadAmount.
use super::sell::list_prices;
use crate::base::ids::derived;
use crate::base::{BusinessDay, CommandId, MemberId, Money, PackageId, Rounding};
use crate::catalog::MAIN_LIST;
use crate::facts::members::HEAD_OFFICE;
use crate::facts::openings::PackageOpened;
use crate::facts::packages::PackageItem;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::members::{self, Member};
use crate::packages::kind::{PackageKind, kinds};

/// Books the uses left of one package.
#[derive(Debug, Clone)]
pub struct OpenPackage {
    pub member: MemberId,
    /// Code of the kind.
    pub kind: String,
    /// Tells two packages of one kind apart, as the older system does.
    pub no: String,
    /// Paid uses left, one for each item of the kind.
    pub uses: Vec<i64>,
    /// Gift uses left, likewise; empty: none.
    pub gifts: Vec<i64>,
    /// What they are worth.
    pub price: Money,
    /// Last business day, yyyymmdd; 0: no end.
    pub ends: u32,
    pub batch: Option<CommandId>,
}

impl OpenPackage {
    /// The one command of this package of a member; after it was taken back another.
    pub fn command(&self, times_reversed: i64) -> CommandId {
        let parts = [self.member.bytes(), self.kind.as_bytes(), &[0], self.no.as_bytes(), &times_reversed.to_be_bytes()];
        CommandId(derived("opening package", &parts))
    }
}

pub struct State {
    member: Option<Member>,
    kind: Option<PackageKind>,
    list_prices: Vec<Money>,
}

impl Command for OpenPackage {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Import);

    /// What was brought only: the same package in another file is the same.
    fn content(&self) -> Vec<u8> {
        encoded(&(self.member, self.kind.as_str(), self.no.as_str(), self.uses.clone(), self.gifts.clone(), self.price, self.ends))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let kind = kinds(db)?.into_iter().find(|kind| kind.code == self.kind);
        let list_prices = list_prices(db, kind.as_ref(), MAIN_LIST, BusinessDay(moment.day))?;
        Ok(State { member: members::member(db, self.member)?, kind, list_prices })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let Some(member) = &state.member else { return Err(Refusal::UnknownMember) };
        let Some(kind) = &state.kind else { return Err(Refusal::NotFound { what: "package".into() }) };
        let fits = self.uses.len() == kind.items.len() && (self.gifts.is_empty() || self.gifts.len() == kind.items.len());
        let all = self.uses.iter().chain(&self.gifts);
        if !fits || all.clone().any(|uses| *uses < 0) || all.sum::<i64>() == 0 {
            return Err(Refusal::NotSound { field: "uses".into(), why: "mismatch".into() });
        }
        if self.price < Money::ZERO {
            return Err(Refusal::BadAmount);
        }
        let worth = |(uses, list): (&i64, &Money)| list.scaled(*uses, 1, Rounding::Down);
        let weights = self.uses.iter().zip(&state.list_prices).map(worth).collect::<Result<Vec<Money>, _>>()?;
        let shares = self.price.split_by_largest_remainder(&weights);
        let items = kind.items.iter().enumerate().map(|(at, item)| PackageItem {
            services: item.services.clone(),
            paid: self.uses[at],
            gift: self.gifts.get(at).copied().unwrap_or_default(),
            price: shares[at],
            list_price: state.list_prices[at],
            daily: item.daily,
            from_minute: u16::try_from(item.from).unwrap_or_default(),
            until_minute: u16::try_from(item.until).unwrap_or(1_440),
        });
        Ok(Decided::nothing().fact(&PackageOpened {
            id: PackageId::from(moment.command),
            member: self.member,
            issuer: member.home.unwrap_or(HEAD_OFFICE),
            kind: kind.id,
            name: kind.name.clone(),
            items: items.collect(),
            price: self.price,
            ends: self.ends,
            branches: kind.branches.clone(),
            day: moment.day,
            at_ms: moment.now_ms,
            batch: self.batch,
        }))
    }
}
