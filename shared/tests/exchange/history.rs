//! Goal: an exchange costs head office the same on the first day and after years: no statement on its way walks through a table that grows.
//! Method: thousands of rows that mean nothing in every table that grows at the hub; then sales, an ask and its recall, a page, while the store
//! notes every statement that takes long.
use crate::chain::Chain;
use crate::long::Long;
use shared::base::StreamId;
use shared::exchange::edge::Wants;
use shared::journal::{Fault, Read};
use shared::store::Writer;

/// Enough that a walk through them is long by the store's own measure.
const ROWS: i64 = 12_000;

fn grow(writer: &mut Writer<'_>) -> Result<(), Fault> {
    for n in 0..ROWS {
        let id = [&n.to_be_bytes()[..], &[0xEE; 8]].concat();
        let (n, id) = (n.into(), id.as_slice().into());
        let entry = "insert into entry (stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased, asked, folded)
                     values (x'EE', ?1, ?1, x'', ?2, 0, 900, 1, x'', 0, x'', x'', 0, 0, 1)";
        writer.execute(entry, &[n, id])?;
    }
    for n in 0..ROWS {
        let id = [&n.to_be_bytes()[..], &[0xEE; 8]].concat();
        for sql in [
            "insert into statement (scope, topic, key, position, as_of, body) values (x'', 'balance', ?2, ?1 + 1, 0, x'80')",
            "insert into feed (scope, position, stream, seq) values (x'', ?1 + 1, ?2, ?1)",
            "insert into signature (stream, last, first, hash, signature) values (?2, ?1, ?1, x'', x'')",
            "insert into balance (holder, unit, place, amount) values (?2, x'01', x'EE', ?1)",
            "insert into issuer (member, issuer, stamp, stream, seq, nth) values (?2, x'', ?1, x'', 0, 0)",
        ] {
            writer.execute(sql, &[n.into(), id.as_slice().into()])?;
        }
    }
    let head = "insert into feed_head (scope, next) values (x'', ?1) on conflict (scope) do update set next = excluded.next";
    writer.execute(head, &[(ROWS + 1).into()]).map(|_| ())
}

#[test]
fn an_exchange_walks_through_no_table_that_grows() {
    let mut chain = Chain::new("history", 2);
    (1..=3).for_each(|n| chain.edges[0].count(n, 100).expect("allowed"));
    chain.settle();
    chain.hub.run(grow);
    for edge in &mut chain.edges {
        // Read up to the end of what means nothing.
        edge.run(|writer| writer.execute("update cursor set position = ?1 where scope = x''", &[ROWS.into()]));
    }
    let long = Long::default();
    tracing::subscriber::with_default(long.clone(), || {
        chain.edges[0].count(4, 100).expect("allowed");
        let request = chain.request(0, Wants::default());
        chain.serve(0, request);
        chain.settle();
        chain.ask(1, 9, 250);
        chain.settle();
        assert_eq!((chain.edges[0].value(), chain.edges[1].value()), (150, 250), "the ask was answered");
        assert_eq!(long.said(), Vec::<String>::new());
        chain.hub.store.number("select count(*) from balance where amount > ?1", &[1.into()]).expect("read");
        assert_eq!(long.said().len(), 1, "a walk is noticed");
    });
    assert!(chain.hub.value_at(StreamId([0xEE; 16])) == 0, "the rows mean nothing");
}
