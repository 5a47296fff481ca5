//! Gives a member a card: a first one, one more, or one instead of an old one, which is dead from then on (换卡). Fee and deposit are
//! different money: one is income, the other is owed back. Refusals, in order: UnknownMember, NotSound (card), CardTaken, UnknownCard,
//! BadAmount, NoShift, TenderUnknown.
use super::{Counter, with_slip};
use crate::base::{DocumentId, MemberId, Money, text};
use crate::desk::till::Who;
use crate::documents::member::KEYS;
use crate::documents::{Fields, Kind, Scalar, field};
use crate::facts::cards::CardIssued;
use crate::facts::members::CardBlocked;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, DocumentWrite, Fault, Moment, Read, Refusal, Right};
use crate::members::blocked::REPLACED;
use crate::members::by_card;
use crate::members::report_card::meant;

/// Gives a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueCard {
    pub who: Who,
    pub member: MemberId,
    pub number: String,
    /// Last digits of the card that it replaces.
    pub instead_of: Option<String>,
    pub fee: Money,
    pub deposit: Money,
    pub tender: String,
}

/// The counter, and who has the number already.
pub struct State {
    counter: Counter,
    holders: Vec<MemberId>,
}

impl IssueCard {
    /// The number as documents have it: capital letters and digits.
    fn number(&self) -> String {
        text::folded(&self.number).to_uppercase()
    }
}

impl Command for IssueCard {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Enrol);

    fn content(&self) -> Vec<u8> {
        encoded(&(44_u8, self.member, self.number(), self.instead_of.clone(), self.fee, self.deposit, self.tender.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        Ok(State { counter: Counter::load(db, &self.who, self.member, moment)?, holders: by_card(db, &self.number())? })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let counter = &state.counter;
        let member = counter.member.as_ref().ok_or(Refusal::UnknownMember)?;
        let number = self.number();
        let set: Fields = [(format!("card:{number}"), Scalar::Bool(true))].into();
        if let Some(invalid) = set.iter().find_map(|(key, value)| Some(field::flaw(KEYS, key, value)?.of(key))) {
            return Err(crate::desk::write::unsound(&invalid));
        }
        if !state.holders.is_empty() {
            return Err(Refusal::CardTaken { number });
        }
        let old = match self.instead_of.as_deref().filter(|end| !end.is_empty()) {
            Some(end) => Some(meant(member, end).cloned().ok_or_else(|| Refusal::UnknownCard { number: end.into() })?),
            None => None,
        };
        if self.fee.is_negative() || self.deposit.is_negative() {
            return Err(Refusal::BadAmount);
        }
        counter.known(moment)?;
        counter.money(&self.tender)?;
        let issued = CardIssued {
            id: moment.command,
            at: self.who.occasion(moment, self.who.lent(Right::Enrol)),
            receipt_no: counter.receipt_no(&self.who, moment),
            member: self.member,
            number,
            instead_of: old.clone(),
            fee: self.fee,
            deposit: self.deposit,
            tender: self.tender.clone(),
        };
        let document = DocumentId::from(self.member);
        let decided = with_slip(&issued, &counter.names, moment);
        let decided = decided.change(DocumentWrite { document, kind: Kind::Member.number(), set, removed: Vec::new() });
        Ok(match old {
            Some(number) => decided.fact(&CardBlocked { number, reason: REPLACED.into(), at_ms: moment.now_ms }),
            None => decided,
        })
    }
}
