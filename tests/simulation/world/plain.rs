//! What the entries of a replica come to, by a plain sum over them that knows nothing of folds, laws, postings or tables. It is kept up with what is
//! committed, entry by entry, so that asking costs no walk over the history.

use crate::shop::{CASH, Loaded, Rung, TakenBack};
use shared::{
    base::{BranchId, Holder, MemberId, Posting, Purpose, StreamId, Unit},
    facts::{
        Fact,
        ledger::{Carried, Moved},
        members::ToppedUp,
        returns::Returned,
        sales::Sold,
    },
    journal::{Fault, Head, Read, Value},
    views::registry::decoded,
};
use std::collections::BTreeMap;

/// The kinds that count.
const KINDS: [u16; 7] = [Rung::KIND, Loaded::KIND, TakenBack::KIND, Moved::KIND, Sold::KIND, ToppedUp::KIND, Returned::KIND];

/// What the entries of a replica come to.
#[derive(Default)]
pub struct Plain {
    pub lies: BTreeMap<(Holder, Unit, StreamId), i64>,
    /// By branch and day: cash, sales, and how often one came back.
    pub takings: BTreeMap<(BranchId, u32), (i64, i64, i64)>,
}

impl Plain {
    /// Of those entries only.
    pub fn of(db: &dyn Read, counts: impl Fn(StreamId, u64) -> bool) -> Result<Plain, Fault> {
        let mut plain = Plain::default();
        let sql = "select stream, kind, body, seq from entry where folded = 1 and kind in (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let kinds = KINDS.map(Value::from);
        for row in db.rows(sql, &kinds)?.iter().filter(|row| counts(StreamId(row.raw(0)), row.int(3) as u64)) {
            plain.entry(row.int(1) as u16, row.blob(2), StreamId(row.raw(0)))?;
        }
        Ok(plain)
    }

    /// What was folded since.
    pub fn catch_up(&mut self, db: &dyn Read, heads: &[Head]) -> Result<(), Fault> {
        let sql = "select body from entry where stream = ?1 and seq = ?2 and folded = 1";
        for head in heads.iter().filter(|head| KINDS.contains(&head.kind)) {
            if let Some(row) = db.row(sql, &[head.stream.into(), head.seq.into()])? {
                self.entry(head.kind, row.blob(0), head.stream)?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, kind: u16, body: &[u8], place: StreamId) -> Result<(), Fault> {
        match kind {
            Rung::KIND => decoded::<Rung>(body).map(|rung| self.rung(&rung, place)),
            Loaded::KIND => decoded::<Loaded>(body).map(|loaded| self.loaded(&loaded, place)),
            TakenBack::KIND => decoded::<TakenBack>(body).map(|back| self.taken_back(&back, place)),
            Moved::KIND => decoded::<Moved>(body).map(|moved| self.moved(&moved, place)),
            ToppedUp::KIND => decoded::<ToppedUp>(body).map(|fact| self.desk(&fact, place)),
            Returned::KIND => decoded::<Returned>(body).map(|fact| self.desk(&fact, place)),
            _ => decoded::<Sold>(body).map(|fact| self.desk(&fact, place)),
        }
        .map_err(|unreadable| Fault::Damaged(unreadable.to_string()))
    }

    /// Value and bonus of each member at each place.
    pub fn purses(&self) -> BTreeMap<(MemberId, StreamId), (i64, i64)> {
        let mut purses = BTreeMap::<_, (i64, i64)>::new();
        for ((holder, unit, place), amount) in &self.lies {
            let Holder::Member(member) = holder else { continue };
            match unit {
                Unit::Value(_) => purses.entry((*member, *place)).or_default().0 += amount,
                Unit::Bonus(_) => purses.entry((*member, *place)).or_default().1 += amount,
                _ => {}
            }
        }
        purses
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

    /// The desk's own facts say themselves what they post.
    fn desk(&mut self, fact: &impl Fact, place: StreamId) {
        for Posting { account, amount } in fact.postings(place) {
            self.add(account.holder, account.unit, account.place, amount);
        }
    }

    fn rung(&mut self, rung: &Rung, place: StreamId) {
        self.add(Holder::House(rung.branch, Purpose::Stock), Unit::Goods(rung.product), place, -rung.quantity);
        self.add(Holder::House(rung.branch, Purpose::Drawer), Unit::Money(CASH), place, rung.cash);
        self.add_all(&rung.value, place, -1);
        let (cash, sales, _) = self.takings.entry((rung.branch, rung.day)).or_default();
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
        let (cash, _, backs) = self.takings.entry((back.branch, back.sold.day)).or_default();
        (*cash, *backs) = (*cash - back.sold.cash, *backs + 1);
    }

    fn moved(&mut self, moved: &Moved, place: StreamId) {
        self.add_all(&moved.accounts, moved.sealed_from.unwrap_or(place), -1);
        self.add_all(&moved.accounts, moved.to, 1);
    }
}
