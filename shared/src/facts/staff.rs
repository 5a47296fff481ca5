//! What happens to people who work for the chain. Written at head office; every branch needs it at once.
use super::{Audience, Fact, Writer};
use crate::base::{Posting, StaffId, StreamId};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// A person holds a role from now on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RoleGiven {
    #[n(0)]
    pub staff: StaffId,
    /// Id of the role's document.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub role: [u8; 16],
}

/// A person no longer holds a role.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RoleTaken {
    #[n(0)]
    pub staff: StaffId,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub role: [u8; 16],
}

/// A person may not sign in any more.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StaffDisabled {
    #[n(0)]
    pub staff: StaffId,
    #[n(1)]
    pub reason: String,
}

/// A person may sign in again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StaffEnabled {
    #[n(0)]
    pub staff: StaffId,
}

/// A person's PIN was set: its verifier, sealed with the chain's vault key. Good at tills only. Clears the count of wrong tries.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StaffPinSet {
    #[n(0)]
    pub staff: StaffId,
    #[n(1)]
    pub sealed: ByteVec,
}

macro_rules! posts_nothing {
    ($($fact:ty, $kind:literal, $name:literal, $personal:literal;)*) => {$(
        impl Fact for $fact {
            const KIND: u16 = $kind;
            const NAME: &'static str = $name;
            const WRITER: Writer = Writer::Hub;
            const PERSONAL: bool = $personal;
            fn postings(&self, _: StreamId) -> Vec<Posting> {
                Vec::new()
            }
            fn audience(&self) -> Audience {
                Audience::Chain
            }
        }
    )*};
}

posts_nothing! {
    RoleGiven, 70, "role_given", false;
    RoleTaken, 71, "role_taken", false;
    StaffDisabled, 72, "staff_disabled", false;
    StaffEnabled, 73, "staff_enabled", false;
    StaffPinSet, 74, "staff_pin_set", true;
}

#[cfg(test)]
mod golden {
    //! Released bytes. A line here is never changed.
    use super::*;
    use crate::facts::hex;
    use crate::journal::command::encoded;
    use rstest::rstest;

    const STAFF: StaffId = StaffId([0x11; 16]);

    #[rstest]
    #[case(encoded(&RoleGiven { staff: STAFF, role: [0x22; 16] }), "8250111111111111111111111111111111115022222222222222222222222222222222")]
    #[case(encoded(&RoleTaken { staff: STAFF, role: [0x22; 16] }), "8250111111111111111111111111111111115022222222222222222222222222222222")]
    #[case(encoded(&StaffDisabled { staff: STAFF, reason: "left".into() }), "825011111111111111111111111111111111646c656674")]
    #[case(encoded(&StaffEnabled { staff: STAFF }), "815011111111111111111111111111111111")]
    #[case(encoded(&StaffPinSet { staff: STAFF, sealed: vec![1, 2].into() }), "825011111111111111111111111111111111420102")]
    fn bytes_and_no_postings(#[case] body: Vec<u8>, #[case] wanted: &str) {
        assert_eq!(hex(&body), wanted);
    }
}
