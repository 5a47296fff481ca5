//! A new member, at a branch and also cut off. The member's id is that of the command. Refusals, in order: BadName, BadPhone, BadBirthday,
//! NotSound (gender, card), CardTaken, PhoneTaken (go on with `although_taken`: two people may share a phone).
use crate::base::{DocumentId, MemberId, text};
use crate::documents::member::{KEYS, birthday};
use crate::documents::{Fields, Kind, Scalar, field};
use crate::facts::members::MemberPinSet;
use crate::journal::{Command, Decided, DocumentWrite, Fault, Moment, Read, Refusal, Right};
use crate::members::member::home_field;
use crate::members::{by_card, by_phone};

/// Characters of a name.
const NAME_CHARS_MAX: usize = 40;

/// What the cashier keyed.
#[derive(Clone)]
pub struct Enrol {
    pub name: String,
    /// May be empty for somebody with a card.
    pub phone: String,
    /// yyyymmdd, or mmdd where the year is not known.
    pub birthday: Option<u32>,
    /// `female`, `male`, `other`, or empty.
    pub gender: String,
    pub card: Option<String>,
    /// The PIN, sealed for the member that this command makes (`desk::prove::sealed`).
    pub sealed_pin: Option<Vec<u8>>,
    /// Another member may have this phone.
    pub although_taken: bool,
}

pub struct State {
    phone: Vec<MemberId>,
    card: Vec<MemberId>,
}

impl Enrol {
    fn phone(&self) -> Option<String> {
        text::normal_phone(&self.phone)
    }

    /// A card's number as documents have it: capital letters and digits.
    fn card(&self) -> Option<String> {
        self.card.as_ref().map(|card| text::folded(card).to_uppercase()).filter(|card| !card.is_empty())
    }
}

impl Command for Enrol {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Enrol);

    /// Without the PIN: sealing the same one again gives other bytes.
    fn content(&self) -> Vec<u8> {
        format!("{} {} {:?} {} {:?} {}", self.name, self.phone, self.birthday, self.gender, self.card, self.although_taken).into_bytes()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        Ok(State {
            phone: self.phone().map_or(Ok(Vec::new()), |phone| by_phone(db, &phone))?,
            card: self.card().map_or(Ok(Vec::new()), |card| by_card(db, &card))?,
        })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            return Err(Refusal::BadName);
        }
        let (phone, card) = (self.phone(), self.card());
        if phone.is_none() && (card.is_none() || !self.phone.trim().is_empty()) {
            return Err(Refusal::BadPhone);
        }
        if self.birthday.is_some_and(|day| !birthday(i64::from(day))) {
            return Err(Refusal::BadBirthday);
        }
        let mut set: Fields = [("name".to_owned(), Scalar::Text(name.into()))].into();
        let home = moment.branch.map(home_field);
        let texts = [("phone", phone), ("gender", Some(self.gender.clone()).filter(|word| !word.is_empty())), ("home", home)];
        set.extend(texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Scalar::Text(text?)))));
        set.extend(self.birthday.map(|day| ("birthday".to_owned(), Scalar::Int(i64::from(day)))));
        set.extend(card.iter().map(|number| (format!("card:{number}"), Scalar::Bool(true))));
        if let Some(invalid) = field::check(KEYS, &set).first() {
            return Err(super::write::unsound(invalid));
        }
        if let Some(number) = card.filter(|_| !state.card.is_empty()) {
            return Err(Refusal::CardTaken { number });
        }
        if !state.phone.is_empty() && !self.although_taken {
            return Err(Refusal::PhoneTaken { members: state.phone.iter().map(MemberId::to_string).collect() });
        }
        let member = MemberId(moment.command.0);
        let document = DocumentId::from(member);
        let decided = Decided::nothing().change(DocumentWrite { document, kind: Kind::Member.number(), set, removed: Vec::new() });
        Ok(match &self.sealed_pin {
            Some(sealed) => decided.fact(&MemberPinSet { member, sealed: sealed.clone().into() }),
            None => decided,
        })
    }
}
