//! Writing documents key by key, at head office or from a file: found by what names them, judged as a whole, changed only where they differ.
//! One subject per file; what is not given keeps its value.
pub mod branch;
pub mod category;
pub mod level;
pub mod member;
pub mod package;
pub mod product;
pub mod role;
pub mod segment;
pub mod setting;
pub mod staff;
pub mod tariff;

use crate::base::DocumentId;
use crate::documents::{self, Fields, Flaw, Invalid, Kind, field};
use crate::journal::{Command, Decided, DocumentWrite, Fault, Moment, Read, Refusal, Right};
use crate::store::documents::held;

/// What kind of thing is written: who may, how it is found, what must be there.
pub trait Subject {
    const KIND: Kind;
    const RIGHT: Right;

    /// The document that these fields name.
    ///
    /// # Errors
    /// A fault of the store.
    fn find(db: &dyn Read, fields: &Fields) -> Result<Option<DocumentId>, Fault>;

    /// What is wrong with the whole that only the store can tell: a category that is not there, a code that another one has.
    ///
    /// # Errors
    /// A fault of the store.
    fn wrong(db: &dyn Read, own: DocumentId, fields: &Fields) -> Result<Option<Refusal>, Fault>;
}

/// Writes one document. `document` none: the one that the fields name, or a new one.
#[derive(Debug, Clone)]
pub struct Write<S> {
    pub document: Option<DocumentId>,
    pub set: Fields,
    pub removed: Vec<String>,
    subject: std::marker::PhantomData<S>,
}

/// What a document says now, and what stands against what it would say.
pub struct State {
    document: DocumentId,
    old: Fields,
    wrong: Option<Refusal>,
}

impl<S: Subject> Write<S> {
    pub fn new(document: Option<DocumentId>, set: Fields, removed: Vec<String>) -> Write<S> {
        Write { document, set, removed, subject: std::marker::PhantomData }
    }

    fn new_fields(&self, old: &Fields) -> Fields {
        let mut fields = old.clone();
        fields.extend(self.set.clone());
        fields.retain(|key, _| !self.removed.contains(key));
        fields
    }

    /// The document it is about: named, found, or with the id of the command.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn document(&self, db: &dyn Read, moment: &Moment) -> Result<DocumentId, Fault> {
        Ok(match self.document {
            Some(document) => document,
            None => S::find(db, &self.set)?.unwrap_or(DocumentId(moment.command.0)),
        })
    }
}

impl<S: Subject> Command for Write<S> {
    type State = State;
    const RIGHT: Option<Right> = Some(S::RIGHT);

    fn content(&self) -> Vec<u8> {
        format!("{:?} {:?} {:?} {:?}", S::KIND, self.document, self.set, self.removed).into_bytes()
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let document = self.document(db, moment)?;
        let old = standing(db, document)?;
        let wrong = S::wrong(db, document, &self.new_fields(&old))?;
        Ok(State { document, old, wrong })
    }

    fn decide(&self, state: &State, _: &Moment) -> Result<Decided, Refusal> {
        let new = self.new_fields(&state.old);
        sound(S::KIND, &self.set, &self.removed, &new)?;
        if let Some(refusal) = &state.wrong {
            return Err(refusal.clone());
        }
        Ok(changed(S::KIND, state.document, &state.old, &new))
    }
}

/// What a document says here; empty if it is not there.
///
/// # Errors
/// A fault of the store.
pub fn standing(db: &dyn Read, document: DocumentId) -> Result<Fields, Fault> {
    Ok(held(db, document)?.map_or_else(Fields::new, |held| held.document.fields()))
}

/// The entry that turns old fields into new ones; nothing if they are equal.
pub fn changed(kind: Kind, document: DocumentId, old: &Fields, new: &Fields) -> Decided {
    let (set, removed) = documents::difference(old, new);
    if set.is_empty() && removed.is_empty() {
        return Decided::nothing();
    }
    Decided::nothing().change(DocumentWrite { document, kind: kind.number(), set, removed })
}

/// What is touched fits the kind's table, as the gate will ask, and the whole is complete.
///
/// # Errors
/// `NotSound` with the first key that is wrong.
pub(crate) fn sound(kind: Kind, set: &Fields, removed: &[String], new: &Fields) -> Result<(), Refusal> {
    let touched = set.iter().filter_map(|(key, value)| Some(field::flaw(kind.keys(), key, value)?.of(key)));
    let unknown = removed.iter().filter(|key| field::find(kind.keys(), key).is_none()).map(|key| Flaw::UnknownKey.of(key));
    match touched.chain(unknown).chain(invalid(kind, new)).next() {
        Some(invalid) => Err(unsound(&invalid)),
        None => Ok(()),
    }
}

/// All that is wrong with a whole document, without asking the store. Keys of a newer version pass.
fn invalid(kind: Kind, fields: &Fields) -> Vec<Invalid> {
    use documents::field::check;
    use documents::{branch, category, level, member, package, product, role, settings, staff, tariff};
    match kind {
        Kind::Settings => check(settings::KEYS, fields),
        Kind::Branch => branch::Branch::from_fields(fields).validate(),
        Kind::Category => category::Category::from_fields(fields).validate(),
        Kind::Product => product::Product::from_fields(fields).validate(),
        Kind::Level => level::Level::from_fields(fields).validate(),
        Kind::Role => role::Role::from_fields(fields).validate(),
        Kind::Staff => staff::Staff::from_fields(fields).validate(),
        Kind::Member => member::Member::from_fields(fields).validate(),
        Kind::Package => package::Package::from_fields(fields).validate(),
        Kind::Tariff => tariff::Tariff::from_fields(fields).validate(),
    }
}

/// The refusal of a value.
pub fn unsound(invalid: &Invalid) -> Refusal {
    Refusal::NotSound { field: invalid.key.clone(), why: flaw(invalid.flaw).into() }
}

/// One word per flaw; pages and rejected files have the sentence.
pub fn flaw(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Missing => "missing",
        Flaw::UnknownKey => "unknown",
        Flaw::KeyEnding => "form",
        Flaw::CheckDigit => "check_digit",
        Flaw::Type => "type",
        Flaw::TooLong { .. } => "too_long",
        Flaw::Unprintable => "unprintable",
        Flaw::Form => "form",
        Flaw::Word => "word",
        Flaw::Range { .. } => "range",
        Flaw::Mismatch { .. } => "mismatch",
    }
}

/// A refusal because another document has this already.
pub(crate) fn taken(field: &str) -> Refusal {
    Refusal::NotSound { field: field.into(), why: "taken".into() }
}

/// A refusal because what it names is not there.
pub(crate) fn absent(field: &str) -> Refusal {
    Refusal::NotSound { field: field.into(), why: "not_there".into() }
}
