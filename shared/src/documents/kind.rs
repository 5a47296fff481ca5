//! The list of document kinds, and who may write which keys.

use super::{Scalar, branch, category, field, level, member, package, product, role, settings, staff, tariff};

/// What a document describes. The numbers are in entries and stores: never reused, never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Kind {
    Settings = 1,
    Branch = 2,
    Category = 3,
    Product = 4,
    Level = 5,
    Role = 6,
    Staff = 7,
    Member = 8,
    Package = 9,
    Tariff = 10,
}

impl Kind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::Settings,
        Self::Branch,
        Self::Category,
        Self::Product,
        Self::Level,
        Self::Role,
        Self::Staff,
        Self::Member,
        Self::Package,
        Self::Tariff,
    ];

    pub const fn number(self) -> u16 {
        self as u16
    }

    /// None for kinds of a later version.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// The table of keys.
    pub fn keys(self) -> &'static [field::Key] {
        match self {
            Self::Settings => settings::KEYS,
            Self::Branch => branch::KEYS,
            Self::Category => category::KEYS,
            Self::Product => product::KEYS,
            Self::Level => level::KEYS,
            Self::Role => role::KEYS,
            Self::Staff => staff::KEYS,
            Self::Member => member::KEYS,
            Self::Package => package::KEYS,
            Self::Tariff => tariff::KEYS,
        }
    }

    /// Whether this side of the chain may write documents of this kind.
    pub fn written_by(self, side: Side) -> bool {
        match side {
            Side::Hq => true,
            Side::Branch => self == Self::Member,
        }
    }

    /// Whether the document is about a natural person: bodies of its changes carry a salt and can be erased.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Member | Self::Staff)
    }
}

/// Which side of the chain a stream belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Hq,
    Branch,
}

/// Whether a stream of this side may set the key to the value, or remove it (None). The gate asks this for every operation.
pub fn allowed(kind: Kind, side: Side, key: &str, value: Option<&Scalar>) -> bool {
    kind.written_by(side)
        && match value {
            Some(value) => field::flaw(kind.keys(), key, value).is_none(),
            None => field::find(kind.keys(), key).is_some(),
        }
}
