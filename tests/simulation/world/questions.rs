//! Questions that people ask while all this happens: what has a member where, how many pieces are left, what was taken on a day. Each answer of the
//! product is held against a plain walk over the entries that the replica believes, which knows nothing of folds, laws, postings or tables.

use super::{MEMBERS, PRODUCTS, World, member, traffic::HUB};
use crate::shop::{CASH, Loaded, Rung, TakenBack};
use shared::{
    base::{Account, BranchId, Holder, MemberId, ProductNo, Purpose, StreamId, Unit},
    facts::{
        Fact,
        ledger::{Carried, Moved},
    },
    journal::{Fault, Read},
    ledger::balance,
    views::registry::decoded,
};
use std::collections::BTreeMap;

/// Steps of a hundred in which somebody asks.
const ASKED_PERCENT: u64 = 25;

/// What the entries of a replica come to.
#[derive(Default)]
pub(super) struct Plain {
    lies: BTreeMap<(Holder, Unit, StreamId), i64>,
    /// By branch and day: cash, sales.
    takings: BTreeMap<(BranchId, u32), (i64, i64)>,
}

impl World {
    /// Somebody asks something somewhere.
    pub(super) fn question(&mut self) -> Result<(), String> {
        if !self.chance.percent(ASKED_PERCENT) {
            return Ok(());
        }
        let node = self.chance.index(self.replicas.len());
        let (who, what) = (member(self.chance.below(u64::from(MEMBERS)) as u8), 1 + self.chance.below(u64::from(PRODUCTS)) as u32);
        let (branch, drawn) = (BranchId([1 + self.chance.below(u64::from(self.plan.branches)) as u8; 16]), self.chance.draw());
        let (Some(db), Some(here)) = (self.replicas[node].db(), self.replicas[node].stream()) else { return Ok(()) };
        let Ok(plain) = Plain::of(db, |_, _| true) else { return Ok(()) };
        // An edge answers for its own place only.
        let known = |place: StreamId| node == HUB || place == here;
        let answered = match drawn % 3 {
            0 => plain.member(db, Holder::Member(who), known),
            1 => plain.stock(db, branch, ProductNo(what), known),
            _ => plain.day(db, drawn),
        };
        self.book.counts.questions += 1;
        match answered {
            Ok(wrong) => wrong.map_or(Ok(()), |wrong| Err(format!("node {node} answers wrong: {wrong}"))),
            // A disk that was made to fail does not answer.
            Err(_) => Ok(()),
        }
    }
}

impl Plain {
    /// Of those entries only.
    pub fn of(db: &dyn Read, counts: impl Fn(StreamId, u64) -> bool) -> Result<Plain, Fault> {
        let mut plain = Plain::default();
        let sql = "select stream, kind, body, seq from entry where folded = 1 and kind in (?1, ?2, ?3, ?4)";
        let kinds = [Rung::KIND.into(), Loaded::KIND.into(), TakenBack::KIND.into(), Moved::KIND.into()];
        for row in db.rows(sql, &kinds)?.iter().filter(|row| counts(StreamId(row.raw(0)), row.int(3) as u64)) {
            let (place, body) = (StreamId(row.raw(0)), row.blob(2));
            match row.int(1) as u16 {
                Rung::KIND => decoded::<Rung>(body).map(|rung| plain.rung(&rung, place)),
                Loaded::KIND => decoded::<Loaded>(body).map(|loaded| plain.loaded(&loaded, place)),
                TakenBack::KIND => decoded::<TakenBack>(body).map(|back| plain.taken_back(&back, place)),
                _ => decoded::<Moved>(body).map(|moved| plain.moved(&moved, place)),
            }
            .map_err(|unreadable| Fault::Damaged(unreadable.to_string()))?;
        }
        Ok(plain)
    }

    /// What each member has of value and bonus, wherever.
    pub fn of_members(&self) -> BTreeMap<MemberId, i64> {
        self.of_members_at(|_| true)
    }

    /// The same at some places.
    pub fn of_members_at(&self, at: impl Fn(StreamId) -> bool) -> BTreeMap<MemberId, i64> {
        let mut sums = BTreeMap::new();
        for ((holder, unit, place), amount) in &self.lies {
            if let (Holder::Member(member), Unit::Value(_) | Unit::Bonus(_), true) = (holder, unit, at(*place)) {
                *sums.entry(*member).or_default() += amount;
            }
        }
        sums
    }

    /// What members' value and bonus at a place are below zero together.
    pub fn missing_at(&self, at: StreamId) -> i64 {
        let valued = |holder: &Holder, unit: &Unit| matches!((holder, unit), (Holder::Member(_), Unit::Value(_) | Unit::Bonus(_)));
        let there = self.lies.iter().filter(|((holder, unit, place), _)| *place == at && valued(holder, unit));
        there.map(|(_, amount)| -amount.min(&0)).sum()
    }

    fn add(&mut self, holder: Holder, unit: Unit, place: StreamId, amount: i64) {
        *self.lies.entry((holder, unit, place)).or_default() += amount;
    }

    fn add_all(&mut self, carried: &[Carried], place: StreamId, sign: i64) {
        for carried in carried {
            if let Some((holder, unit)) = carried.account() {
                self.add(holder, unit, place, sign * carried.amount);
            }
        }
    }

    fn rung(&mut self, rung: &Rung, place: StreamId) {
        self.add(Holder::House(rung.branch, Purpose::Stock), Unit::Goods(rung.product), place, -rung.quantity);
        self.add(Holder::House(rung.branch, Purpose::Drawer), Unit::Money(CASH), place, rung.cash);
        self.add_all(&rung.value, place, -1);
        let (cash, sales) = self.takings.entry((rung.branch, rung.day)).or_default();
        (*cash, *sales) = (*cash + rung.cash, *sales + 1);
    }

    fn loaded(&mut self, loaded: &Loaded, place: StreamId) {
        let member = Holder::Member(loaded.member);
        self.add(Holder::House(loaded.branch, Purpose::Drawer), Unit::Money(CASH), place, loaded.principal);
        self.add(member, Unit::Value(loaded.branch), place, loaded.principal);
        self.add(member, Unit::Bonus(loaded.branch), place, loaded.bonus);
    }

    fn taken_back(&mut self, back: &TakenBack, place: StreamId) {
        self.add(Holder::House(back.branch, Purpose::Stock), Unit::Goods(back.sold.product), place, back.sold.quantity);
        self.add(Holder::House(back.branch, Purpose::Drawer), Unit::Money(CASH), place, -back.sold.cash);
        self.add_all(&back.sold.value, place, 1);
        self.takings.entry((back.branch, back.sold.day)).or_default().0 -= back.sold.cash;
    }

    fn moved(&mut self, moved: &Moved, place: StreamId) {
        self.add_all(&moved.accounts, moved.sealed_from.unwrap_or(place), -1);
        self.add_all(&moved.accounts, moved.to, 1);
    }

    /// What a holder has where, as asked of the product; what is wrong with it.
    fn member(&self, db: &dyn Read, holder: Holder, known: impl Fn(StreamId) -> bool) -> Result<Option<String>, Fault> {
        let answer: BTreeMap<(Unit, StreamId), i64> =
            balance::everywhere(db, holder)?.into_iter().map(|(unit, place, amount)| ((unit, place), amount)).collect();
        let walked = self.lies.iter().filter(|((of, _, place), amount)| *of == holder && **amount != 0 && known(*place));
        let walked: BTreeMap<(Unit, StreamId), i64> = walked.map(|((_, unit, place), amount)| ((*unit, *place), *amount)).collect();
        Ok((answer != walked).then(|| format!("{holder:?} has {answer:?}, its entries come to {walked:?}")))
    }

    fn stock(
        &self,
        db: &dyn Read,
        branch: BranchId,
        product: ProductNo,
        known: impl Fn(StreamId) -> bool,
    ) -> Result<Option<String>, Fault> {
        let (holder, unit) = (Holder::House(branch, Purpose::Stock), Unit::Goods(product));
        for ((_, _, place), walked) in self.lies.iter().filter(|((of, what, place), _)| *of == holder && *what == unit && known(*place)) {
            let answer = balance::amount(db, &Account { holder, unit, place: *place })?;
            if answer != *walked {
                return Ok(Some(format!("{answer} of {unit:?} lie at {place}, its entries come to {walked}")));
            }
        }
        Ok(None)
    }

    /// One of the days on which something was taken.
    fn day(&self, db: &dyn Read, drawn: u64) -> Result<Option<String>, Fault> {
        let index = (drawn as usize).checked_rem(self.takings.len()).unwrap_or(0);
        let Some(((branch, day), walked)) = self.takings.iter().nth(index) else { return Ok(None) };
        let sql = "select cash, sales from sim_takings where branch = ?1 and day = ?2";
        let answer = db.row(sql, &[(*branch).into(), (*day).into()])?.map_or((0, 0), |row| (row.int(0), row.int(1)));
        Ok((answer != *walked).then(|| format!("{branch:?} took {answer:?} on day {day}, its entries come to {walked:?}")))
    }
}
