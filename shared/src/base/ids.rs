//! The one list of ids. An id is 128 bit, time-ordered (UUID version 7, RFC 9562), made by whoever asks and passed in;
//! printed as a prefix and 32 hex digits, so that two kinds cannot be mixed up on a page or in a log.
use std::fmt;

/// Bytes of an id, without its kind.
pub type Raw = [u8; 16];

/// Why a text is no id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an id that begins with {prefix}_")]
pub struct NotAnId {
    pub text: String,
    pub prefix: &'static str,
}

fn parse(text: &str, prefix: &'static str) -> Result<Raw, NotAnId> {
    let wrong = || NotAnId { text: text.chars().take(64).collect(), prefix };
    let hex = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or_else(wrong)?;
    if hex.len() != 32 || !hex.is_ascii() {
        return Err(wrong());
    }
    let mut raw = [0; 16];
    for (byte, pair) in raw.iter_mut().zip(hex.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
    }
    Ok(raw)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident => $prefix:literal,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(n(0), with = "minicbor::bytes")] pub Raw);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            /// The bytes as they stand in a key column.
            pub fn bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_"))?;
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                parse(text, $prefix).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some(concat!("`", $prefix, "_` and 32 hex digits")))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

ids! {
    /// One asking of the hub for a balance that lies elsewhere.
    AskId => "ask",
    /// One shop.
    BranchId => "brn",
    /// One telephone call.
    CallId => "cal",
    /// What somebody wants; also the id of what it makes.
    CommandId => "cmd",
    /// One device of a branch: a reader, a printer, a modem.
    DeviceId => "dev",
    /// One document: a member, a product, a setting group …
    DocumentId => "doc",
    /// One job: something to be done to the outside world.
    JobId => "job",
    /// One member of the loyalty scheme.
    MemberId => "mem",
    /// One sold package of services.
    PackageId => "pkg",
    /// One sale; the open bill already carries it.
    SaleId => "sal",
    /// One shift of one drawer.
    ShiftId => "shf",
    /// One stay of a guest in a room or at a seat whose time is charged.
    SittingId => "sit",
    /// One person who works for the chain.
    StaffId => "stf",
    /// The entries of one install of one replica; also the place where its balances lie.
    StreamId => "str",
    /// One till of one branch.
    TillId => "til",
    /// One movement of goods between branches.
    TransferId => "trf",
}

macro_rules! same_bytes {
    ($($from:ident => $to:ident),* $(,)?) => {$(
        impl From<$from> for $to {
            fn from(id: $from) -> Self {
                Self(id.0)
            }
        }
    )*};
}

// The id of a command is the id of what it makes; a member, branch or staff id is that of its document.
same_bytes! {
    SaleId => CommandId, CommandId => SaleId, ShiftId => CommandId, CommandId => ShiftId, AskId => CommandId, CommandId => AskId,
    MemberId => DocumentId, DocumentId => MemberId, BranchId => DocumentId, DocumentId => BranchId,
    StaffId => DocumentId, DocumentId => StaffId, SittingId => CommandId, CommandId => SittingId, CallId => CommandId, PackageId => CommandId, CommandId => PackageId, MemberId => CommandId, CommandId => MemberId, DocumentId => CommandId,
}

/// An id that follows from a cause, so that what is derived twice is one thing.
pub fn derived(label: &str, parts: &[&[u8]]) -> Raw {
    let mut hasher = blake3::Hasher::new();
    hasher.update(label.as_bytes());
    for part in parts {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let mut raw = [0; 16];
    raw.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    raw
}

/// A fresh time-ordered id from a time and 10 random bytes, both given by the caller (UUID version 7, RFC 9562 section 5.7).
pub fn time_ordered(now_ms: i64, random: [u8; 10]) -> Raw {
    uuid::Builder::from_unix_timestamp_millis(now_ms.max(0) as u64, &random).into_uuid().into_bytes()
}

/// Chain-wide number of a product, from ranges that the hub grants; every sale line carries it instead of a 16-byte id.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    minicbor::Encode,
    minicbor::Decode,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct ProductNo(#[n(0)] pub u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_printed_with_its_kind_and_read_back() {
        let id = SaleId(time_ordered(1_795_000_000_000, [7; 10]));
        assert_eq!(id.to_string().parse::<SaleId>(), Ok(id));
        assert!(id.to_string().parse::<MemberId>().is_err(), "a sale is no member");
        assert!("sal_00".parse::<SaleId>().is_err());
        assert!("sal_zz".repeat(9).parse::<SaleId>().is_err());
    }

    #[test]
    fn later_ids_are_greater() {
        assert!(time_ordered(1, [255; 10]) < time_ordered(2, [0; 10]));
    }
}
