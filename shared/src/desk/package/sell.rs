//! Sells a package (售卡, 续次): the money is received and owed as uses; no sale of goods. Refusals, in order: UnknownMember, NoShift,
//! NotFound (the kind, or retired), DueChanged, TenderUnknown, BadAmount.
use super::State;
use crate::base::{BusinessDay, DocumentId, MemberId, Money, PackageId};
use crate::catalog;
use crate::desk::card::with_slip;
use crate::desk::till::Who;
use crate::facts::packages::{PackageItem, PackageSold};
use crate::facts::sales::CASH;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::packages::kind::{KindItem, PackageKind, kinds};

/// Sells a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellPackage {
    pub who: Who,
    pub member: MemberId,
    pub kind: DocumentId,
    /// What the page showed.
    pub price: Money,
    pub tender: String,
    /// Of cash what was handed over; none: the price.
    pub tendered: Option<Money>,
}

/// The counter, the kind, and the list price of each item's first service.
pub struct Selling {
    state: State,
    kind: Option<PackageKind>,
    list_prices: Vec<Money>,
}

impl Command for SellPackage {
    type State = Selling;
    const RIGHT: Option<Right> = Some(Right::TopUp);

    fn content(&self) -> Vec<u8> {
        encoded(&(50_u8, self.member, self.kind, self.price, self.tender.as_str(), self.tendered))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Selling, Fault> {
        let state = State::load(db, &self.who, self.member, moment)?;
        let kind = kinds(db)?.into_iter().find(|kind| kind.id == self.kind && !kind.retired);
        let list_prices = list_prices(db, kind.as_ref(), &state.counter.house.list, BusinessDay(moment.day))?;
        Ok(Selling { state, kind, list_prices })
    }

    fn decide(&self, selling: &Selling, moment: &Moment) -> Result<Decided, Refusal> {
        let counter = &selling.state.counter;
        counter.known(moment)?;
        let kind = selling.kind.as_ref().ok_or(Refusal::NotFound { what: "package".into() })?;
        if kind.price != self.price {
            return Err(Refusal::DueChanged { due: kind.price.minor() });
        }
        counter.money(&self.tender)?;
        let tendered = self.tendered.filter(|_| self.tender == CASH).unwrap_or(kind.price);
        if tendered < kind.price {
            return Err(Refusal::BadAmount);
        }
        let ends = if kind.days == 0 { 0 } else { BusinessDay(moment.day).plus_days(kind.days - 1).0 };
        let sold = PackageSold {
            id: PackageId::from(moment.command),
            at: self.who.occasion(moment, self.who.lent(Right::TopUp)),
            receipt_no: counter.receipt_no(&self.who, moment),
            member: self.member,
            kind: kind.id,
            name: kind.name.clone(),
            items: items(kind, &selling.list_prices)?,
            price: kind.price,
            ends,
            branches: kind.branches.clone(),
            tender: self.tender.clone(),
            tendered,
        };
        Ok(with_slip(&sold, &counter.names, moment))
    }
}

/// The list price of each item's first service on a day.
pub(super) fn list_prices(db: &dyn Read, kind: Option<&PackageKind>, list: &str, day: BusinessDay) -> Result<Vec<Money>, Fault> {
    let price = |item: &KindItem| {
        let first = item.services.first().copied();
        let price = first.map(|no| catalog::price(db, list, no, day)).transpose()?.flatten();
        Ok(price.map_or(Money::ZERO, |price| price.price))
    };
    kind.iter().flat_map(|kind| &kind.items).map(price).collect()
}

/// The items with their shares of the price, by what their uses would cost one by one.
fn items(kind: &PackageKind, list_prices: &[Money]) -> Result<Vec<PackageItem>, Refusal> {
    let worth = |(item, list): (&KindItem, &Money)| list.scaled(item.uses, 1, crate::base::Rounding::Down);
    let weights = kind.items.iter().zip(list_prices).map(worth).collect::<Result<Vec<Money>, _>>()?;
    let shares = kind.price.split_by_largest_remainder(&weights);
    let item = |((item, list_price), price): ((&KindItem, &Money), Money)| PackageItem {
        services: item.services.clone(),
        paid: item.uses,
        gift: item.gift,
        price,
        list_price: *list_price,
        daily: item.daily,
        from_minute: u16::try_from(item.from).unwrap_or_default(),
        until_minute: u16::try_from(item.until).unwrap_or(1_440),
    };
    Ok(kind.items.iter().zip(list_prices).zip(shares).map(item).collect())
}
