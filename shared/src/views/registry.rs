//! What the store and the exchange know of the domains: kinds of facts with their folds and postings, tables, kinds of documents with their
//! projections. The one value of this type is made in `desk::registry`.
use super::Side;
use super::rows::Rows;
use super::table::Table;
use crate::base::{DocumentId, Posting, StreamId};
use crate::documents::{Fields, Kind};
use crate::facts::{Audience, Fact, Writer};
use crate::journal::{Entry, Head};
use std::any::Any;

/// A body that its kind cannot read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("kind {kind} version {version} cannot be read: {why}")]
pub struct Unreadable {
    pub kind: u16,
    pub version: u8,
    pub why: String,
}

/// What comes of reading one fact beside its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub postings: Vec<Posting>,
    pub audience: Audience,
    /// Its business day, where it has one of its own.
    pub day: Option<u32>,
    /// Whose document the personal data in its body belong to.
    pub about: Option<DocumentId>,
}

impl Read {
    pub fn of<F: Fact>(fact: &F, head: &Head) -> Read {
        Read::with(fact, fact.postings(head.stream))
    }

    pub fn with<F: Fact>(fact: &F, postings: Vec<Posting>) -> Read {
        Read { postings, audience: fact.audience(), day: (F::DAY)(fact), about: fact.about() }
    }
}

/// One kind of fact with all that is made of it.
#[derive(Clone, Copy)]
pub struct FactKind {
    pub kind: u16,
    pub version: u8,
    pub name: &'static str,
    pub writer: Writer,
    pub personal: bool,
    pub fold: fn(&[u8], &Head, &mut Rows) -> Result<Read, Unreadable>,
    /// The same of a fact that was just decided and whose postings are known, and its postings alone at the place of this stream; none of a
    /// value of another kind.
    pub fold_decided: fn(&dyn Any, Vec<Posting>, &Head, &mut Rows) -> Option<Read>,
    pub postings: fn(&dyn Any, StreamId) -> Option<Vec<Posting>>,
}

/// One kind of document, with the rows that stand for a document with these fields.
#[derive(Clone, Copy)]
pub struct DocumentKind {
    pub kind: Kind,
    pub project: fn(DocumentId, &Fields, &mut Rows),
}

/// Everything the chain knows, as a value.
pub struct Registry {
    pub facts: &'static [FactKind],
    pub documents: &'static [DocumentKind],
    pub tables: &'static [&'static Table],
}

impl Registry {
    pub fn fact(&self, kind: u16, version: u8) -> Option<&FactKind> {
        self.facts.iter().find(|fact| fact.kind == kind && fact.version == version)
    }

    /// Does this entry post anything? One that cannot be read does not.
    pub fn posts(&self, entry: &Entry) -> bool {
        let Some((fact, body)) = self.fact(entry.kind, entry.version).zip(entry.body.bytes()) else { return false };
        (fact.fold)(body, &entry.head(), &mut Rows::new(Side::Hub)).is_ok_and(|read| !read.postings.is_empty())
    }

    pub fn document(&self, kind: u16) -> Option<&DocumentKind> {
        self.documents.iter().find(|document| document.kind.number() == kind)
    }
}

/// The fact in a body.
///
/// # Errors
/// `Unreadable` with the decoder's reason.
pub fn decoded<F: Fact>(body: &[u8]) -> Result<F, Unreadable> {
    minicbor::decode(body).map_err(|error| Unreadable { kind: F::KIND, version: F::VERSION, why: error.to_string() })
}

/// `fact_kind!(Sold => [sales::day::fold, members::visit::fold])`: one line per fact, naming every fold that reads it.
#[macro_export]
macro_rules! fact_kind {
    ($fact:ty => [$($fold:path),* $(,)?]) => {
        $crate::views::FactKind {
            kind: <$fact as $crate::facts::Fact>::KIND,
            version: <$fact as $crate::facts::Fact>::VERSION,
            name: <$fact as $crate::facts::Fact>::NAME,
            writer: <$fact as $crate::facts::Fact>::WRITER,
            personal: <$fact as $crate::facts::Fact>::PERSONAL,
            postings: |fact, stream| Some($crate::facts::Fact::postings(fact.downcast_ref::<$fact>()?, stream)),
            fold_decided: |fact, postings, head, rows| {
                let fact = fact.downcast_ref::<$fact>()?;
                let _ = (&head, &rows);
                $($fold(fact, head, rows);)*
                Some($crate::views::registry::Read::with(fact, postings))
            },
            fold: |body, head, rows| {
                let fact = $crate::views::registry::decoded::<$fact>(body)?;
                let _ = &rows;
                $($fold(&fact, head, rows);)*
                Ok($crate::views::registry::Read::of(&fact, head))
            },
        }
    };
}
