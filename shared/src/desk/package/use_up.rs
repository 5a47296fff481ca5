//! Takes uses of a service from a member's packages (扣次): the one that ends first goes first, paid uses before gift uses. A package is
//! used where its uses lie. Refusals, in order: UnknownMember, NoShift, ClaimedCardSpends, BadQuantity, then why nothing fits:
//! PackageEnded, UsedToday, OnlyBetween, NotGoodHere, NotEnoughUses with where the rest lies.
use super::{State, good_at, has_ended, terms};
use crate::base::{BusinessDay, MemberId, PackageId, ProductNo, StaffId};
use crate::desk::card::with_slip;
use crate::desk::slips::Names;
use crate::desk::till::Who;
use crate::facts::packages::{PackageItem, TakenUses, UsesTaken};
use crate::journal::command::encoded;
use crate::journal::refusal::Elsewhere;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::statement;
use crate::packages::sold::{self, Package};
use crate::packages::worth::{self, Left};

/// Uses taken at once.
const USES_MAX: i64 = 100;

/// Takes uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeUses {
    pub who: Who,
    pub member: MemberId,
    pub service: ProductNo,
    pub uses: i64,
    /// Who served.
    pub server: Option<StaffId>,
    /// The customer asked for that person (点钟); else it was somebody's turn (轮钟).
    pub asked_for: bool,
}

/// The counter, when each daily package was used today, and where uses of the service lie elsewhere.
pub struct Using {
    state: State,
    used_today: Vec<(PackageId, i64)>,
    elsewhere: Vec<Elsewhere>,
    /// Minute of the local day.
    minute: u16,
}

/// An item of a package that holds uses of the service.
struct Fitting<'a> {
    package: &'a Package,
    no: u16,
    item: &'a PackageItem,
    left: i64,
}

impl Fitting<'_> {
    /// Days of a time card that are still to come after today.
    fn days_to_come(&self, today: BusinessDay) -> i64 {
        BusinessDay(self.package.ends).days_since(today)
    }

    /// What one visit takes of it: of a time card the days that passed unused and today, which is none where today was taken.
    fn may_take(&self, today: BusinessDay) -> i64 {
        if self.item.daily { (self.left - self.days_to_come(today)).max(0) } else { self.left }
    }
}

impl Command for TakeUses {
    type State = Using;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(51_u8, self.member, self.service, self.uses, self.server, self.asked_for))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Using, Fault> {
        let state = State::load(db, &self.who, self.member, moment)?;
        let holds = |package: &&Package| package.items.iter().any(|item| item.services.contains(&self.service));
        let fitting: Vec<PackageId> = state.held.packages.iter().filter(holds).map(|package| package.id).collect();
        let mut used_today = Vec::new();
        for id in &fitting {
            used_today.extend(sold::used_on(db, *id, moment.day)?.map(|at_ms| (*id, at_ms)));
        }
        let elsewhere = statement::uses_elsewhere(db, self.member, moment.here, self.who.cut_off_since_ms, &fitting)?;
        let local = moment.now_ms.div_euclid(60_000) + i64::from(state.counter.house.zone.zone_minutes);
        Ok(Using { state, used_today, elsewhere, minute: local.rem_euclid(1_440) as u16 })
    }

    fn decide(&self, using: &Using, moment: &Moment) -> Result<Decided, Refusal> {
        let counter = &using.state.counter;
        counter.spends(moment)?;
        if !(1..=USES_MAX).contains(&self.uses) {
            return Err(Refusal::BadQuantity { text: self.uses.to_string() });
        }
        let today = BusinessDay(moment.day);
        let fitting = self.fitting(using);
        let stands = |one: &&Fitting<'_>| one.may_take(today) > 0 && using.against(one, today, moment).is_none();
        let good: Vec<&Fitting<'_>> = fitting.iter().filter(stands).collect();
        let taken = match good.iter().find(|one| one.item.daily) {
            Some(daily) if self.uses == 1 => Some(vec![((daily.package.id, daily.no), daily.may_take(today))]),
            _ => {
                let counted = good.iter().filter(|one| !one.item.daily);
                let left: Vec<Left<(PackageId, u16)>> =
                    counted.map(|one| Left { of: (one.package.id, one.no), ends: one.package.ends, left: one.left }).collect();
                worth::take(&left, self.uses)
            }
        };
        let Some(taken) = taken else {
            return Err(self.short(using, &fitting, &good, moment));
        };
        Ok(with_slip(&self.used(using, taken, moment)?, &counter.names, moment))
    }
}

impl TakeUses {
    /// As many uses as are good here and now, up to `uses` of them; none where nothing fits. Time cards stand apart: their uses are days.
    ///
    /// # Errors
    /// `UnknownMember`, `NoShift`.
    pub fn at_most(&self, using: &Using, moment: &Moment) -> Result<Option<UsesTaken>, Refusal> {
        let today = BusinessDay(moment.day);
        let fitting = self.fitting(using);
        let good = fitting.iter().filter(|one| !one.item.daily && one.left > 0 && using.against(one, today, moment).is_none());
        let left: Vec<Left<(PackageId, u16)>> =
            good.map(|one| Left { of: (one.package.id, one.no), ends: one.package.ends, left: one.left }).collect();
        let uses = self.uses.min(left.iter().map(|left| left.left).sum());
        match worth::take(&left, uses).filter(|_| uses > 0) {
            Some(taken) => self.used(using, taken, moment).map(Some),
            None => Ok(None),
        }
    }

    fn used(&self, using: &Using, taken: Vec<((PackageId, u16), i64)>, moment: &Moment) -> Result<UsesTaken, Refusal> {
        let counter = &using.state.counter;
        counter.spends(moment)?;
        let taken = taken.into_iter().map(|((package, no), uses)| using.taken(package, no, uses)).collect::<Result<Vec<_>, _>>()?;
        Ok(UsesTaken {
            id: moment.command,
            at: self.who.occasion(moment, self.who.lent(Right::Sell)),
            receipt_no: counter.receipt_no(&self.who, moment),
            member: self.member,
            service: self.service,
            taken,
            server: self.server,
            asked_for: (self.asked_for && self.server.is_some()).then_some(true),
        })
    }

    fn fitting<'a>(&self, using: &'a Using) -> Vec<Fitting<'a>> {
        let held = &using.state.held;
        let items = held.packages.iter().flat_map(|package| (0_u16..).zip(&package.items).map(move |(no, item)| (package, no, item)));
        let items = items.filter(|(_, _, item)| item.services.contains(&self.service));
        items.map(|(package, no, item)| Fitting { package, no, item, left: held.left_here(package.id, no) }).collect()
    }

    /// Why there are not so many: what could come from elsewhere is named before what is not good today, of that the newest.
    fn short(&self, using: &Using, fitting: &[Fitting<'_>], good: &[&Fitting<'_>], moment: &Moment) -> Refusal {
        let against = |one: &Fitting<'_>| using.against(one, BusinessDay(moment.day), moment);
        let here: i64 = good.iter().map(|one| if one.item.daily { 1 } else { one.left }).sum();
        let away = fitting.iter().filter(|one| using.state.held.is_elsewhere(one.package.id) && against(one).is_none());
        let packages: Vec<PackageId> = away.map(|one| one.package.id).collect();
        let why = fitting.iter().rev().filter(|one| one.left > 0 || one.item.daily).find_map(against);
        let short = Refusal::NotEnoughUses { wanted: self.uses, here, elsewhere: using.elsewhere.clone(), packages: packages.clone() };
        why.filter(|_| here == 0 && packages.is_empty()).unwrap_or(short)
    }
}

impl Using {
    /// Names for its slip.
    pub fn names(&self) -> &Names {
        &self.state.counter.names
    }

    /// When a package was used today, if that is known here.
    fn used_at(&self, id: PackageId) -> Option<i64> {
        self.used_today.iter().find(|(of, _)| *of == id).map(|(_, at_ms)| *at_ms)
    }

    /// Why an item is not good here and now; none if it is.
    fn against(&self, one: &Fitting<'_>, today: BusinessDay, moment: &Moment) -> Option<Refusal> {
        let name = one.package.name.clone();
        if has_ended(one.package, today) {
            return Some(Refusal::PackageEnded { name, ends: one.package.ends });
        }
        let at_ms = self.used_at(one.package.id);
        if one.item.daily && one.may_take(today) == 0 && (one.left > 0 || at_ms.is_some()) {
            return Some(Refusal::UsedToday { name, at_ms });
        }
        if !(one.item.from_minute..one.item.until_minute).contains(&self.minute) {
            return Some(Refusal::OnlyBetween { name, from_minute: one.item.from_minute, until_minute: one.item.until_minute });
        }
        (!good_at(one.package, moment.branch)).then_some(Refusal::NotGoodHere { name })
    }

    fn taken(&self, id: PackageId, no: u16, uses: i64) -> Result<TakenUses, Refusal> {
        let held = &self.state.held;
        let package = held.package(id).ok_or(Refusal::Gone)?;
        let item = package.items.get(usize::from(no)).ok_or(Refusal::Gone)?;
        let used = held.used(id, no, item);
        let gifts = |used: i64| (used - item.paid).max(0);
        Ok(TakenUses {
            package: id,
            item: no,
            uses,
            gift: gifts(used + uses) - gifts(used),
            worth: worth::worth(terms(item), used, uses)?,
            issuer: package.branch,
            left: held.left_here(id, no) - uses,
        })
    }
}
