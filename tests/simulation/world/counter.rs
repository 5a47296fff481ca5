//! Real tills: shifts, bills, tenders, top-ups and returns by the desk's own commands, in the same chain and under the same invariants as the small facts.

use super::{MEMBERS, World, member, replica::Said, traffic::command};
use crate::{network::Node, shop};
use shared::{
    base::{AskId, BusinessDay, CommandId, DocumentId, Holder, LocalTime, MemberId, Money, Posting, StaffId, Unit},
    branches::HOUSE_ZONE,
    desk::{
        bill::{self, add::AddOpen, attach::Attach},
        check_out::Tender,
        enrol::Enrol,
        registry::REGISTRY,
        shift,
        shown::{self, Viewer},
        take_back::{self, TakeBack},
        till::{Who, till_id},
        top_up::TopUp,
    },
    documents::{Fields, Kind},
    exchange::{session::Input, wire::Ask},
    facts::{
        Fact,
        ledger::Wanted,
        sales::{CASH, Proven, Sold, VALUE},
    },
    journal::{Command, Head, Moment, Refusal, Right},
    sales::receipt::words::Language,
    staff::Limits,
    store::Outcome,
    views::{DocumentKind, Registry, Rows, Side, registry::decoded},
};
use std::sync::LazyLock;

/// The only till of each branch, and who stands there.
const TILL: u16 = 1;
const CASHIER: StaffId = StaffId([7; 16]);
/// A till waits this long for a balance, in milliseconds.
const WAIT_MS: i64 = 800;

/// What the product shows of a document beside what the shop shows of it.
fn project(kind: Kind, document: DocumentId, fields: &Fields, rows: &mut Rows) {
    if let Some(own) = REGISTRY.document(kind.number()) {
        (own.project)(document, fields, rows);
    }
    shop::project(document, fields, rows);
}

/// The product's own views, of documents too, and the shop's.
pub fn registry() -> &'static Registry {
    static COUNTER: LazyLock<&'static Registry> = LazyLock::new(|| {
        let documents = REGISTRY.documents.iter().map(|own| match own.kind {
            Kind::Member => {
                DocumentKind { kind: own.kind, project: |document, fields, rows| project(Kind::Member, document, fields, rows) }
            }
            Kind::Product => {
                DocumentKind { kind: own.kind, project: |document, fields, rows| project(Kind::Product, document, fields, rows) }
            }
            _ => *own,
        });
        shop::with(documents.collect(), |_| true)
    });
    &COUNTER
}

fn who() -> Who {
    Who {
        till: TILL,
        staff: CASHIER,
        allowed_by: None,
        own: Limits::NONE,
        limits: Limits::NONE,
        own_rights: Right::ALL.to_vec(),
        clock_by_hand: false,
        cut_off_since_ms: 0,
        language: Language::Chinese,
    }
}

impl World {
    /// Somebody at a till does something by the desk's commands.
    pub(super) fn counter(&mut self, node: Node) {
        if self.at_till(node).is_some_and(|moment| moment.shift.is_none()) {
            self.says(node, "open a shift", shift::open::OpenShift { who: who(), float: Money::from_minor(10_000) });
        }
        match self.chance.below(100) {
            0..55 => self.ring_up(node),
            55..75 => self.top_up(node),
            75..92 => self.bring_back(node),
            92..96 => self.enrol(node),
            _ => {
                let count = shift::count::CountDrawer { who: who(), counted: Money::from_minor(10_000), pieces: Vec::new() };
                self.says(node, "count the drawer", count);
                // However far over or short it is: somebody who may allow stands by.
                let who = Who { allowed_by: Some(StaffId([8; 16])), ..who() };
                let close = shift::close::CloseShift { who, note: String::new(), hand_on: true };
                self.says(node, "close the shift", close);
            }
        }
    }

    /// The moment of a command at the till.
    fn at_till(&mut self, node: Node) -> Option<Moment> {
        let time = self.time;
        let id = command(&mut self.replicas[node]);
        let moment = self.replicas[node].moment(id, time)?;
        let (branch, db) = (moment.branch?, self.replicas[node].db()?);
        let shift = shift::current(db, branch, TILL, moment.here).ok()?;
        Some(Moment {
            rights: Right::ALL.to_vec(),
            till: Some(till_id(branch, TILL)),
            shift: shift.map(|shift| shift.shift),
            day: shift.map_or_else(|| BusinessDay::at(moment.now_ms, HOUSE_ZONE).0, |shift| shift.day),
            hour: LocalTime::at(moment.now_ms, HOUSE_ZONE.zone_minutes).hour,
            ..moment
        })
    }

    fn says<C: Command + Send + 'static>(&mut self, node: Node, what: &str, command: C) {
        let Some(moment) = self.at_till(node) else { return };
        let said = self.said(node, command, moment);
        self.heard_of(node, what, &said);
    }

    fn said<C: Command + Send + 'static>(&mut self, node: Node, command: C, moment: Moment) -> Said {
        let said = match self.replicas[node].clerk(move |writer| writer.decide(&command, &moment)) {
            Ok(Ok(outcome)) => Said::Done(outcome),
            Ok(Err(refusal)) => Said::Refused(refusal),
            Err(fault) => Said::Nothing(fault),
        };
        if let Said::Done(Outcome::Done(heads)) = &said {
            self.book.counts.desk += 1;
            heads.iter().for_each(|head| self.posted(node, head));
        }
        said
    }

    /// Notes what was booked: a sale whose slip came is due at head office; what members got and gave counts.
    fn posted(&mut self, node: Node, head: &Head) {
        let sql = "select body from entry where stream = ?1 and seq = ?2";
        let body = self.replicas[node].db().and_then(|db| db.row(sql, &[head.stream.into(), head.seq.into()]).ok()?);
        let Some((fact, row)) = registry().fact(head.kind, head.version).zip(body) else { return };
        if head.kind == Sold::KIND {
            self.book.counts.bills += 1;
            *self.book.tries.entry(head.command).or_default() += 1;
            if !self.revoked(node) {
                self.book.due.insert(head.command);
            }
            let receipt_no = decoded::<Sold>(row.blob(0)).map(|sold| sold.receipt_no);
            self.book.slips.extend(receipt_no);
        }
        let Ok(read) = (fact.fold)(row.blob(0), head, &mut Rows::new(Side::Hub)) else { return };
        for Posting { account, amount } in read.postings {
            if let (Holder::Member(member), Unit::Value(_) | Unit::Bonus(_)) = (account.holder, account.unit) {
                self.given(node, member, amount);
            }
        }
    }

    /// Asks for what lies elsewhere; the bill stays open.
    fn lacks(&mut self, node: Node, member: MemberId, wanted: i64) {
        let until_ms = self.replicas[node].clock.shows(self.time) + WAIT_MS;
        let id = AskId(self.chance.bytes());
        self.links[node].asks.push(Ask { id, wanted: Wanted::Value(member, wanted), until_ms });
        self.book.counts.asks += 1;
        self.stir(node, Input::Stirred);
    }

    /// A bill of one line, for a member or not, paid by value and cash; one that was left open is gone on with.
    fn ring_up(&mut self, node: Node) {
        let amount = Money::from_minor(self.chance.between(100, 5_000));
        let who_buys = self.chance.percent(60).then(|| member(self.chance.below(u64::from(MEMBERS)) as u8));
        self.says(node, "add a line", AddOpen { who: who(), amount, name: String::new(), quantity: None });
        if let Some(member) = who_buys {
            self.says(node, "attach a member", Attach { who: who(), member, claimed_card: None });
        }
        if who_buys.is_some() && self.chance.percent(80) {
            self.tender(node, VALUE);
        }
        self.tender(node, CASH);
    }

    fn tender(&mut self, node: Node, code: &str) {
        let Some(moment) = self.at_till(node) else { return };
        let viewer = Viewer { here: moment.here, branch: moment.branch, till: TILL, day: moment.day, cut_off_since_ms: 0 };
        let open = self.replicas[node].db().map(|db| (shown::bill::open(db, &viewer), bill::open(db, TILL)));
        let Some((Ok(Some(shown)), Ok(Some(bill)))) = open else { return };
        let due = if code == CASH { shown.totals.due_cash } else { shown.totals.due };
        let amount = (code == VALUE).then(|| Money::from_minor(self.chance.between(1, due.minor().max(1))));
        let tender = Tender { who: who(), code: code.into(), amount, due, proven: Proven::NotAsked, asked: self.chance.bytes() };
        let moment = Moment { command: CommandId::from(bill.id), ..moment };
        let said = self.said(node, tender, moment);
        if let (Said::Refused(Refusal::NotEnoughHere { wanted, .. }), Some(of)) = (&said, &bill.member) {
            self.lacks(node, of.member, *wanted);
        }
        if matches!(said, Said::Nothing(_)) {
            *self.book.tries.entry(bill.id.into()).or_default() += 1;
        }
        self.heard_of(node, "tender", &said);
    }

    fn top_up(&mut self, node: Node) {
        let member = member(self.chance.below(u64::from(MEMBERS)) as u8);
        let minor = self.chance.between(1, 50) * 100;
        let (amount, gift) = (Money::from_minor(minor), Money::ZERO);
        let top_up = TopUp { who: who(), member, amount, tender: CASH.into(), tendered: None, gift };
        let Some(moment) = self.at_till(node) else { return };
        let said = self.said(node, top_up, moment);
        if matches!(said, Said::Nothing(_)) {
            self.given(node, member, minor);
        }
        self.heard_of(node, "top up", &said);
    }

    /// A slip is brought back, where it was printed or elsewhere.
    fn bring_back(&mut self, node: Node) {
        let drawn = self.chance.index(self.book.slips.len().max(1));
        let Some(receipt_no) = self.book.slips.iter().nth(drawn).cloned() else { return };
        let Some(moment) = self.at_till(node) else { return };
        let loaded = self.replicas[node].db().map(|db| take_back::State::load(db, &receipt_no, &who(), &moment));
        let Some(Ok(state)) = loaded else { return };
        let Ok((sold, refund)) = state.refund(&receipt_no, &[]) else { return };
        let (amount, buyer) = (refund.paid_back, sold.buyer.as_ref().map(|buyer| buyer.member));
        let back = TakeBack { who: who(), receipt_no, picks: Vec::new(), reason: "不合适".into(), amount };
        let said = self.said(node, back, moment);
        self.book.counts.brought_back += u64::from(matches!(&said, Said::Done(Outcome::Done(_))));
        if let (Said::Nothing(_), Some(member)) = (&said, buyer) {
            self.given(node, member, amount.minor());
        }
        self.heard_of(node, "bring back", &said);
    }

    fn enrol(&mut self, node: Node) {
        let enrol = Enrol {
            name: format!("会员{}", self.chance.below(1_000)),
            phone: format!("139{:08}", self.chance.below(100_000_000)),
            birthday: None,
            gender: String::new(),
            card: None,
            sealed_pin: None,
            although_taken: true,
        };
        self.says(node, "enrol", enrol);
    }
}
