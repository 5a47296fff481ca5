//! The same sales on the wire and at the hub.
use crate::bare::{Bare, written};
use crate::chain::Chain;
use crate::figures::Figures;
use shared::exchange::wire::Push;
use shared::journal::command::encoded;
use shared::views::Side;
use std::path::Path;
use std::time::Instant;

const BATCH: usize = 200;

pub fn measure(chain: &mut Chain, folder: &Path, figures: &mut Figures) {
    let bare = Bare::new(&folder.join("bare-hub.db"), Side::Hub);
    let here = chain.edge.identity().expect("open").stream;
    let head = shared::store::writer::stream_head(&chain.edge, here).expect("read").expect("own");
    let (mut ours, mut theirs, mut entries, mut bytes) = (0.0, 0.0, 0, 0);
    let keys = shared::exchange::sign::Keys::from_secret([2; 32]);
    let mut after = head.acked;
    while after < head.seq {
        let mut push = shared::exchange::push::build(&chain.edge, &keys, here, after).expect("read").expect("more");
        let last = shorten(&mut push, chain, after, &keys);
        bytes += wire_bytes(&push);
        let request = shared::exchange::wire::Request { pushes: vec![push], ..chain.request() };
        let start = Instant::now();
        let response = chain.serve(request);
        ours += start.elapsed().as_secs_f64();
        chain.apply(response);
        let same: Vec<_> = (after + 1..=last).map(|seq| written(&chain.edge, Side::Hub, here, seq)).collect();
        let start = Instant::now();
        bare.write(&same, false);
        theirs += start.elapsed().as_secs_f64();
        entries += (last - after) as usize;
        after = last;
        for name in ["hub.db", "bare-hub.db"] {
            shared::store::Store::checkpoint(&folder.join(name)).expect("checkpointed");
        }
    }
    let (rate, bare_rate) = (entries as f64 / ours, entries as f64 / theirs);
    let found = format!("{:.2} × bare unmerged ({rate:.0} entries/s against {bare_rate:.0}, batches of {BATCH})", rate / bare_rate);
    figures.add("intake at the hub on SQLite: signature, chain, checks, views, feed", found, "≥ 1.0 × bare; ≥ 5 000/s at 2 million");
    figures.add("bytes on the wire per five-line sale, batches of 200", format!("{} B", bytes / entries.max(1)), "≤ 110 B");
    let start = Instant::now();
    let rebuilt = chain.hub.rebuild().expect("rebuilt");
    assert_eq!(rebuilt.differing, [], "every view is equal");
    let found =
        format!("{:.1} s for {} entries and {} documents, all tables", start.elapsed().as_secs_f64(), rebuilt.entries, rebuilt.documents);
    figures.add("rebuild of the hub", found, "one table over 10 million entries ≤ 5 min");
}

/// Cuts a push to a batch and signs it anew; answers its last seq.
fn shorten(push: &mut Push, chain: &Chain, after: u64, keys: &shared::exchange::sign::Keys) -> u64 {
    push.entries.truncate(BATCH);
    let last = after + push.entries.len() as u64;
    let hash = shared::exchange::push::chain_hash(&chain.edge, push.stream, last).expect("read");
    push.signature = shared::exchange::wire::push_signature(keys, push.stream, push.first, last, &hash).into();
    last
}

fn wire_bytes(push: &Push) -> usize {
    zstd::bulk::compress(&encoded(push), 3).expect("compressed").len()
}
