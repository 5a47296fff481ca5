//! Gives goods for points, or for points and money beside them: those that lapse first go first (C4).
//! Refusals, in order: UnknownMember, NoShift, ClaimedCardSpends, EmptyBill, TooMany, BadQuantity, Gone (no gift any more, or for other points),
//! DueChanged, TenderUnknown, NotEnoughHere.
use crate::base::{BusinessDay, MemberId, Money, ProductNo, Quantity};
use crate::catalog::gift::{Gift, gift};
use crate::desk::card::{Counter, with_slip};
use crate::desk::till::Who;
use crate::facts::gifts::{PointsRedeemed, RedeemedGift};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::points::spent_from;

/// Kinds of gifts taken at once.
const GIFTS_MAX: usize = 20;
/// Pieces of one gift taken at once.
const PIECES_MAX: i64 = 100;

/// Takes gifts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeem {
    pub who: Who,
    pub member: MemberId,
    /// Products and pieces of each.
    pub gifts: Vec<(ProductNo, i64)>,
    /// What the page said all of it costs.
    pub points: i64,
    pub money: Money,
    /// Code of the tender of the money.
    pub tender: String,
}

/// The member at the counter, and the gifts as they stand, in the command's order.
pub struct State {
    counter: Counter,
    gifts: Vec<Option<Gift>>,
}

impl Command for Redeem {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        let gifts: Vec<(u32, i64)> = self.gifts.iter().map(|(product, pieces)| (product.0, *pieces)).collect();
        encoded(&(202_u8, self.member, gifts, self.points, self.money, self.tender.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let mut counter = Counter::load(db, &self.who, self.member, moment)?;
        let products = self.gifts.iter().take(GIFTS_MAX).map(|(product, _)| *product);
        counter.names = counter.names.with_products(db, products.clone())?;
        Ok(State { counter, gifts: products.map(|product| gift(db, product)).collect::<Result<_, Fault>>()? })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let counter = &state.counter;
        counter.spends(moment)?;
        let gifts = self.redeemed(state)?;
        let points: i64 = gifts.iter().map(|gift| gift.points).sum();
        let money = Money::sum(gifts.iter().map(|gift| gift.money))?;
        if points != self.points {
            return Err(Refusal::Gone);
        }
        if money != self.money {
            return Err(Refusal::DueChanged { due: money.minor() });
        }
        if !money.is_zero() {
            counter.money(&self.tender)?;
        }
        let taken = spent_from(points, BusinessDay(moment.day), &counter.holdings);
        let here: i64 = taken.iter().map(|lot| lot.amount).sum();
        if here < points {
            return Err(Refusal::NotEnoughHere { wanted: points, here, elsewhere: Vec::new() });
        }
        let redeemed = PointsRedeemed {
            id: moment.command,
            at: self.who.occasion(moment, self.who.lent(Right::Sell)),
            receipt_no: counter.receipt_no(&self.who, moment),
            member: self.member,
            gifts,
            taken,
            money,
            tender: if money.is_zero() { String::new() } else { self.tender.clone() },
        };
        Ok(with_slip(&redeemed, &counter.names, moment))
    }
}

impl Redeem {
    fn redeemed(&self, state: &State) -> Result<Vec<RedeemedGift>, Refusal> {
        if self.gifts.is_empty() {
            return Err(Refusal::EmptyBill);
        }
        if self.gifts.len() > GIFTS_MAX {
            return Err(Refusal::TooMany { what: "gifts".into(), limit: GIFTS_MAX as i64 });
        }
        let each = self.gifts.iter().zip(&state.gifts).map(|((_, pieces), gift)| {
            if !(1..=PIECES_MAX).contains(pieces) {
                return Err(Refusal::BadQuantity { text: pieces.to_string() });
            }
            let gift = gift.as_ref().ok_or(Refusal::Gone)?;
            let quantity = Quantity::pieces(*pieces)?;
            let cost = gift.product.cost.map(|cost| quantity.times(cost)).transpose()?;
            let (points, money) = (gift.points.saturating_mul(*pieces), quantity.times(gift.money)?);
            Ok(RedeemedGift { product: gift.product.number, quantity, points, money, cost })
        });
        each.collect()
    }
}
