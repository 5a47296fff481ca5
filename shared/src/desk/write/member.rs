//! A member, named by a card, else by the phone. Refusals beside those of every document: PhoneTaken, CardTaken. The caller may go on
//! `although_taken` for the phone (a couple shares one); a card is one person's.
use super::{changed, sound, standing};
use crate::base::{DocumentId, MemberId};
use crate::documents::{Fields, Kind, field};
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::person::survivor;
use crate::members::search::{claimed_card, claimed_phone};
use crate::members::{self, by_card, by_phone};

/// Writes a member's document. `member` none: the one that a card or the phone names, or a new one.
#[derive(Debug, Clone)]
pub struct WriteMember {
    pub member: Option<MemberId>,
    pub set: Fields,
    pub removed: Vec<String>,
    /// Another member may have this phone.
    pub although_taken: bool,
}

/// What the document says now, and who else claims its phone and cards.
pub struct State {
    pub member: MemberId,
    old: Fields,
    phone: Vec<MemberId>,
    card: Option<String>,
}

impl WriteMember {
    /// The member it is about: named, found, or with the id of the command.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn member(&self, db: &dyn Read, moment: &Moment) -> Result<MemberId, Fault> {
        Ok(match self.member {
            Some(member) => member,
            None => find(db, &self.set)?.unwrap_or(MemberId(moment.command.0)),
        })
    }

    fn new_fields(&self, old: &Fields) -> Fields {
        let mut fields = old.clone();
        fields.extend(self.set.clone());
        fields.retain(|key, _| !self.removed.contains(key));
        fields
    }
}

/// The member that a card of these fields names; without a card the phone.
///
/// # Errors
/// A fault of the store.
pub fn find(db: &dyn Read, fields: &Fields) -> Result<Option<MemberId>, Fault> {
    let claims = match field::tails(fields, "card:").next() {
        Some(card) => claimed_card(db, card)?,
        None => claimed_phone(db, &field::text(fields, "phone"))?,
    };
    Ok(claims.first().copied())
}

/// Puts right what stands about a member who is there already.
#[derive(Debug, Clone)]
pub struct EditMember(pub WriteMember);

impl Command for EditMember {
    /// Whether there is such a member, and what a writing loads.
    type State = (bool, State);
    const RIGHT: Option<Right> = WriteMember::RIGHT;

    fn content(&self) -> Vec<u8> {
        self.0.content()
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<(bool, State), Fault> {
        let known = members::member(db, self.0.member(db, moment)?)?.is_some();
        Ok((known, self.0.load(db, moment)?))
    }

    fn decide(&self, (known, state): &(bool, State), moment: &Moment) -> Result<Decided, Refusal> {
        if *known { self.0.decide(state, moment) } else { Err(Refusal::UnknownMember) }
    }
}

impl Command for WriteMember {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Enrol);

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let member = self.member(db, moment)?;
        let old = standing(db, DocumentId::from(member))?;
        let new = self.new_fields(&old);
        let phone = field::text(&new, "phone");
        // A phone that was shared before is no news.
        let told = phone.is_empty() || field::text(&old, "phone") == phone;
        let mut holders = if told { Vec::new() } else { by_phone(db, &phone)? };
        let person = survivor(db, member)?;
        holders.retain(|holder| *holder != person);
        let mut card = None;
        for number in field::tails(&new, "card:").filter(|number| !old.contains_key(&format!("card:{number}"))) {
            if by_card(db, number)?.iter().any(|holder| *holder != person) {
                card = Some(number.to_owned());
            }
        }
        Ok(State { member, old, phone: holders, card })
    }

    fn decide(&self, state: &State, _: &Moment) -> Result<Decided, Refusal> {
        let new = self.new_fields(&state.old);
        sound(Kind::Member, &self.set, &self.removed, &new)?;
        if let Some(number) = &state.card {
            return Err(Refusal::CardTaken { number: number.clone() });
        }
        if !state.phone.is_empty() && !self.although_taken {
            return Err(Refusal::PhoneTaken { members: state.phone.iter().map(MemberId::to_string).collect() });
        }
        Ok(changed(Kind::Member, DocumentId::from(state.member), &state.old, &new))
    }
}
