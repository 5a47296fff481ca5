//! Golden bytes of calls.
use super::*;
use crate::facts::sales::golden::{BRANCH, hex};
use crate::journal::command::encoded;

#[test]
fn golden_bytes() {
    let call = CallRang {
        call: CallId([0xc1; 16]),
        branch: BRANCH,
        day: 20261121,
        at_ms: 1_795_240_800_000,
        number: Some("13800138000".into()),
        hidden: None,
        line: "1".into(),
    };
    assert_eq!(hex(&encoded(&call)), include_str!("golden/call_rang.1.hex").trim());
    let hidden = CallRang { number: None, hidden: Some(Hidden::Private), ..call };
    assert_eq!(minicbor::decode::<CallRang>(&encoded(&hidden)).expect("its own bytes"), hidden);
}

#[test]
fn golden_bytes_of_a_late_number() {
    let identified = CallIdentified {
        call: CallId([0xc1; 16]),
        branch: BRANCH,
        day: 20261121,
        at_ms: 1_795_240_800_000,
        number: Some("13800138000".into()),
        hidden: None,
        line: "1".into(),
    };
    assert_eq!(hex(&encoded(&identified)), include_str!("golden/call_identified.1.hex").trim());
}
