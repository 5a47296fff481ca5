//! What people do: they sell, load value, take sales back, edit what is known of members and goods. What a till lacks it asks
//! for, and decides the same command again when something came.

use super::{
    HUB, MEMBERS, PRODUCTS, World,
    book::{Deed, Waiting},
    member, product,
    replica::Said,
    traffic::command,
};
use crate::{
    network::Node,
    shop::{Edit, Load, Rung, Sell, TakeBack},
};
use shared::{
    base::{AskId, CommandId, DocumentId, MemberId, ProductNo},
    documents::{Kind, Scalar},
    exchange::{session::Input, wire::Ask},
    facts::Fact,
    journal::{Read, Refusal},
    store::Outcome,
    views::registry::decoded,
};

/// A till waits this long for a balance, in milliseconds.
const WAIT_MS: i64 = 800;
/// How often a waiting deed is decided again.
const TRIES_MAX: u32 = 4;

impl World {
    /// Somebody at some machine does something.
    pub fn deed(&mut self) {
        let node = 1 + self.chance.index(self.replicas.len() - 1);
        if !self.replicas[node].runs() {
            return;
        }
        if self.plan.mishaps.desk && self.chance.percent(60) {
            return self.counter(node);
        }
        match self.chance.below(100) {
            0..22 => self.sell(node, false),
            22..30 => self.print(node),
            30..55 => self.sell(node, true),
            55..70 => self.load(node),
            70..74 if self.plan.mishaps.upgraded => self.greet(node),
            70..82 => self.take_back(node),
            82..84 if self.plan.mishaps.erased => self.set_pin(node),
            82..92 => self.edit_member(node),
            92..95 => self.edit_member(HUB),
            _ => self.edit_price(),
        }
    }

    fn sell(&mut self, node: Node, with_value: bool) {
        let price = self.chance.between(100, 5_000);
        let member = with_value.then(|| member(self.chance.below(u64::from(MEMBERS)) as u8));
        let value = if with_value { self.chance.between(1, price) } else { 0 };
        let (product, quantity) = (ProductNo(1 + self.chance.below(u64::from(PRODUCTS)) as u32), self.chance.between(1, 4) * 1_000);
        let id = command(&mut self.replicas[node]);
        self.try_deed(Waiting { edge: node, id, deed: Deed::Sell(Sell { product, quantity, price, member, value }), tries: 0 });
    }

    fn take_back(&mut self, node: Node) {
        let Some(sold) = pick(&self.book.sales, self.chance.draw()) else { return };
        let id = command(&mut self.replicas[node]);
        self.try_deed(Waiting { edge: node, id, deed: Deed::TakeBack(TakeBack { sold }), tries: 0 });
    }

    fn load(&mut self, node: Node) {
        let member = member(self.chance.below(u64::from(MEMBERS)) as u8);
        let principal = self.chance.between(1, 50) * 100;
        let id = command(&mut self.replicas[node]);
        let said = self.replicas[node].decide(id, Load { member, principal, bonus: principal / 10 }, self.time);
        if self.heard_of(node, "load", &said) {
            self.book.counts.loads += 1;
        }
        if perhaps(&said) {
            self.given(node, member, principal + principal / 10);
        }
    }

    fn edit_member(&mut self, node: Node) {
        let number = self.chance.below(u64::from(MEMBERS)) as u8;
        let (field, value) = match self.chance.below(3) {
            0 => ("name", format!("会员{}", self.chance.below(50))),
            1 => ("note", format!("note {}", self.chance.below(1_000))),
            _ => ("phone", format!("138{:08}", self.chance.below(100_000_000))),
        };
        if field == "phone" {
            self.book.phones.insert(value.clone(), node);
        }
        self.edit(node, Kind::Member, DocumentId(member(number).0), field.into(), Scalar::Text(value));
    }

    fn edit_price(&mut self) {
        let number = self.chance.below(u64::from(PRODUCTS)) as u8;
        let (price, day) = (self.chance.between(100, 9_900), 20_260_301 + self.chance.below(28));
        self.edit(HUB, Kind::Product, product(number), format!("price:A:{day}"), Scalar::Int(price));
    }

    pub(super) fn describe_product(&mut self, number: u8) {
        self.edit(HUB, Kind::Product, product(number), "number".into(), Scalar::Int(i64::from(number) + 1));
    }

    pub(super) fn describe_member(&mut self, node: Node, number: u8) {
        self.edit(node, Kind::Member, DocumentId(member(number).0), "name".into(), Scalar::Text(format!("会员{number}")));
    }

    fn edit(&mut self, node: Node, kind: Kind, document: DocumentId, field: String, value: Scalar) {
        if !self.replicas[node].runs() || self.knows_erased(node, document) {
            return;
        }
        let id = command(&mut self.replicas[node]);
        let said = self.replicas[node].decide(id, Edit { kind, document, field, value }, self.time);
        if self.heard_of(node, "edit", &said) {
            self.book.counts.edits += 1;
        }
    }

    /// What waits at an edge is decided again: something came.
    pub fn try_again(&mut self, node: Node) {
        let (mine, others) = std::mem::take(&mut self.book.waiting).into_iter().partition(|waiting: &Waiting| waiting.edge == node);
        self.book.waiting = others;
        mine.into_iter().for_each(|waiting| self.try_deed(waiting));
    }

    fn try_deed(&mut self, waiting: Waiting) {
        let Waiting { edge: node, id, .. } = waiting;
        if !self.replicas[node].runs() {
            self.book.waiting.push(waiting);
            return;
        }
        let (said, what) = match waiting.deed.clone() {
            Deed::Sell(sell) => (self.replicas[node].decide(id, sell, self.time), "sell"),
            Deed::TakeBack(back) => (self.replicas[node].decide(id, back, self.time), "take back"),
        };
        if perhaps(&said) {
            *self.book.tries.entry(id).or_default() += 1;
        }
        if let (Deed::TakeBack(back), true) = (&waiting.deed, perhaps(&said)) {
            let given: i64 = back.sold.value.iter().map(|carried| carried.amount).sum();
            if let Some(member) = back.sold.member {
                self.given(node, member, given);
            }
        }
        let lacking = matches!(said, Said::Refused(Refusal::NotEnoughHere { .. }));
        if self.heard_of(node, what, &said) {
            self.book.counts.fetched += u64::from(waiting.tries > 0);
            match &waiting.deed {
                Deed::Sell(sell) => self.sold(node, id, sell),
                Deed::TakeBack(_) => self.book.counts.returns += 1,
            }
        } else if lacking && waiting.tries < TRIES_MAX {
            if waiting.tries == 0 {
                self.ask(node, &waiting);
            }
            self.book.waiting.push(Waiting { tries: waiting.tries + 1, ..waiting });
            self.stir(node, Input::Stirred);
        }
    }

    fn ask(&mut self, node: Node, waiting: &Waiting) {
        let Some(wanted) = waiting.deed.wanted() else { return };
        let until_ms = self.replicas[node].clock.shows(self.time) + WAIT_MS;
        let id = AskId(self.chance.bytes());
        self.links[node].asks.push(Ask { id, wanted, until_ms });
        self.book.counts.asks += 1;
    }

    fn sold(&mut self, node: Node, id: CommandId, sell: &Sell) {
        self.book.counts.sales += 1;
        self.book.counts.spends += u64::from(sell.value > 0);
        if !self.revoked(node) {
            self.book.due.insert(id);
        }
        if let Some(member) = sell.member {
            self.given(node, member, -sell.value);
        }
        let Some(rung) = self.replicas[node].db().and_then(|db| rung(db, id)) else { return };
        self.book.sales.insert(id, rung);
    }

    /// What a member was given, less what they spent. What a box does that was ended counts for nobody.
    pub(super) fn given(&mut self, node: Node, member: MemberId, amount: i64) {
        if !self.ended(node) {
            *self.book.value.entry(member).or_default() += amount;
        }
    }

    /// Notes what was said; true if it was done just now.
    pub(super) fn heard_of(&mut self, node: Node, what: &str, said: &Said) -> bool {
        self.tell(|| format!("{node} {what} {said}"));
        match said {
            Said::Done(outcome) => {
                if node != HUB {
                    self.stir(node, Input::Stirred);
                }
                matches!(outcome, Outcome::Done(_))
            }
            Said::Refused(_) => {
                self.book.counts.refusals += 1;
                false
            }
            Said::Nothing(fault) => {
                if let Err(broken) = self.fault(node, fault) {
                    self.broken.get_or_insert(broken);
                }
                false
            }
        }
    }
}

/// It happened just now, or nobody knows.
fn perhaps(said: &Said) -> bool {
    matches!(said, Said::Done(Outcome::Done(_)) | Said::Nothing(_))
}

/// The sale's fact as it stands in the journal.
fn rung(db: &dyn Read, id: CommandId) -> Option<Rung> {
    let row = db.row("select body from entry where command = ?1 and kind = ?2", &[id.into(), Rung::KIND.into()]).ok()??;
    decoded(row.blob(0)).ok()
}

fn pick<K: Ord, V: Clone>(from: &std::collections::BTreeMap<K, V>, drawn: u64) -> Option<V> {
    let index = (drawn as usize).checked_rem(from.len())?;
    from.values().nth(index).cloned()
}
