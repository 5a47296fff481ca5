//! Bytes and postings of the facts about streams and documents, pinned.
use super::*;
use crate::facts::sales::golden::{HERE, hex};
use crate::journal::command::encoded;

fn check<F: Fact + PartialEq + std::fmt::Debug>(fact: &F, golden: &str) {
    let bytes = encoded(fact);
    assert_eq!(hex(&bytes), golden.trim(), "{}", F::NAME);
    assert_eq!(&minicbor::decode::<F>(&bytes).expect("its own bytes"), fact);
    assert_eq!(fact.postings(HERE), [], "{} posts nothing", F::NAME);
}

#[test]
fn golden_bytes() {
    let stream = StreamId([0x11; 16]);
    let opened =
        Opened { branch: Some(BranchId([0x22; 16])), device_key: [0x33; 32], predecessor: Some(stream), predecessor_seq: 700, epoch: 0 };
    check(&opened, include_str!("golden/opened.1.hex"));
    check(&Closed {}, include_str!("golden/closed.1.hex"));
    check(&Sealed { stream, seq: 701, hash: [0x44; 32], reason: 3 }, include_str!("golden/sealed.1.hex"));
    check(&SetAside { stream, seq: 9, reason: "unknown key".into() }, include_str!("golden/set_aside.1.hex"));
    check(&Admitted { stream, seq: 9 }, include_str!("golden/admitted.1.hex"));
    let document = DocumentId([0x55; 16]);
    let base = vec![minicbor::bytes::ByteVec::from(vec![1, 2, 3])];
    check(&Introduced { document, kind: 8, generation: 0, base: base.clone() }, include_str!("golden/introduced.1.hex"));
    let includes = vec![minicbor::bytes::ByteVec::from(vec![0x66; 32])];
    check(&Rebased { document, kind: 8, generation: 1, base, includes, reason: 1 }, include_str!("golden/rebased.1.hex"));
    let text = |text: &str| Some(text.to_owned());
    let (mine, stands) = (text("138"), text("139"));
    check(
        &Conflicted { document, kind: 8, generation: 1, key: "phone".into(), mine, before: None, stands },
        include_str!("golden/conflicted.1.hex"),
    );
    let entries = vec![Written { stream, seq: 9 }];
    check(&Erased { document, kind: 8, generation: 2, entries, why: "asked".into() }, include_str!("golden/erased.1.hex"));
}
