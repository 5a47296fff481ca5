//! Questions that people ask while all this happens: what has a member where, here and elsewhere, how many pieces are left, what was taken on a day.
//! Each answer of the product is held against a plain sum over the entries that the replica believes.

use super::{HUB, MEMBERS, PRODUCTS, World, member, plain::Plain};
use crate::network::Node;
use shared::{
    base::{Account, BranchId, Holder, MemberId, ProductNo, Purpose, StreamId, Unit},
    journal::{Fault, Read},
    ledger::{balance, statement},
};
use std::collections::BTreeMap;

/// Steps of a hundred in which somebody asks.
const ASKED_PERCENT: u64 = 50;

/// What somebody asks.
enum Asked {
    Member(MemberId),
    /// What head office said of other places.
    Elsewhere(MemberId),
    Stock(BranchId, ProductNo),
    /// One of the days on which something was taken.
    Day(u64),
}

impl World {
    /// Somebody asks something somewhere. An answer that the sums do not bear out is held against a walk over all entries, once more.
    pub(super) fn question(&mut self) -> Result<(), String> {
        if !self.chance.percent(ASKED_PERCENT) {
            return Ok(());
        }
        let node = self.chance.index(self.replicas.len());
        let (who, what) = (member(self.chance.below(u64::from(MEMBERS)) as u8), 1 + self.chance.below(u64::from(PRODUCTS)) as u32);
        let (branch, drawn) = (BranchId([1 + self.chance.below(u64::from(self.plan.branches)) as u8; 16]), self.chance.draw());
        let asked = match drawn % 4 {
            0 => Asked::Member(who),
            1 => Asked::Elsewhere(who),
            2 => Asked::Stock(branch, ProductNo(what)),
            _ => Asked::Day(drawn / 4),
        };
        // A disk that was made to fail does not answer.
        if !self.replicas[node].sums_up() {
            return Ok(());
        }
        let Ok(wrong) = self.answered(node, &asked) else { return Ok(()) };
        self.book.counts.questions += 1;
        if wrong.is_none() {
            return Ok(());
        }
        self.book.counts.walks += 1;
        self.replicas[node].plain = None;
        let wrong = if self.replicas[node].sums_up() { self.answered(node, &asked).unwrap_or(None) } else { None };
        wrong.map_or(Ok(()), |wrong| Err(format!("node {node} answers wrong: {wrong}")))
    }

    /// What is wrong with the answer to a question.
    fn answered(&self, node: Node, asked: &Asked) -> Result<Option<String>, Fault> {
        let replica = &self.replicas[node];
        let (Some(db), Some(here), Some(plain)) = (replica.db(), replica.stream(), &replica.plain) else { return Ok(None) };
        // An edge answers for its own place only.
        let known = |place: StreamId| node == HUB || place == here;
        match asked {
            Asked::Member(who) => plain.member(db, Holder::Member(*who), known),
            Asked::Elsewhere(_) if node == HUB => Ok(None),
            Asked::Elsewhere(who) => {
                let (told, _) = statement::told(db, *who, here)?;
                let never = told
                    .iter()
                    // Before anything came there, nothing lay there.
                    .filter(|lies| (lies.value, lies.bonus) != (0, 0))
                    .find(|lies| !self.lay.get(&(*who, lies.place)).is_some_and(|ever| ever.contains(&(lies.value, lies.bonus))));
                Ok(never.map(|lies| format!("{lies:?} of {who} is what never lay there")))
            }
            Asked::Stock(branch, product) => plain.stock(db, *branch, *product, known),
            Asked::Day(drawn) => plain.day(db, *drawn, replica.newer),
        }
    }

    /// What lies where, as head office has it now: what it tells an edge of other places must have been so.
    pub(super) fn note_lay(&mut self) {
        if !self.replicas[HUB].sums_up() {
            return;
        }
        for (account, purse) in self.replicas[HUB].plain.as_ref().map(Plain::purses).into_iter().flatten() {
            self.lay.entry(account).or_default().insert(purse);
        }
    }
}

impl Plain {
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
    fn day(&self, db: &dyn Read, drawn: u64, newer: bool) -> Result<Option<String>, Fault> {
        let index = (drawn as usize).checked_rem(self.takings.len()).unwrap_or(0);
        let Some(((branch, day), (cash, sales, backs))) = self.takings.iter().nth(index) else { return Ok(None) };
        let sql = "select cash, sales from sim_takings where branch = ?1 and day = ?2";
        let answer = db.row(sql, &[(*branch).into(), (*day).into()])?.map_or((0, 0), |row| (row.int(0), row.int(1)));
        let walked = (*cash, if newer { sales - backs } else { *sales });
        Ok((answer != walked).then(|| format!("{branch:?} took {answer:?} on day {day}, its entries come to {walked:?}")))
    }
}
