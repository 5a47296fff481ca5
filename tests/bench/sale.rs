//! A sale as a till makes it: member, five lines, cash; the tender that completes it is the durable sale.
use crate::bare::{Bare, written};
use crate::chain::Chain;
use crate::figures::{Figures, percentile};
use shared::base::{CommandId, Money};
use shared::desk::bill::add::Add;
use shared::desk::bill::attach::Attach;
use shared::desk::bill::priced::{self, House};
use shared::desk::check_out::Tender;
use shared::facts::sales::{CASH, Proven};
use shared::journal::Moment;
use shared::store::Store;
use shared::views::Side;
use std::path::Path;
use std::time::Instant;

const SALES: usize = 2_000;

pub fn measure(chain: &mut Chain, folder: &Path, figures: &mut Figures) {
    let bare = Bare::new(&folder.join("bare-edge.db"), Side::Edge);
    let here = chain.edge.identity().expect("open").stream;
    let (mut ours, mut theirs, mut lines, mut rows) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for n in 0..SALES {
        let (tender, moment) = bill(chain, n as u64, &mut lines);
        let start = Instant::now();
        assert!(chain.decide(&tender, &moment), "the cash covers the due");
        ours.push(start.elapsed().as_secs_f64() * 1e6);
        let seq = shared::store::writer::stream_head(&chain.edge, here).expect("read").expect("own").seq;
        let same = [written(&chain.edge, Side::Edge, here, seq)];
        rows = same[0].count();
        let start = Instant::now();
        bare.write(&same, true);
        theirs.push(start.elapsed().as_secs_f64() * 1e6);
        if n % 100 == 99 {
            for name in ["edge.db", "bare-edge.db"] {
                Store::checkpoint(&folder.join(name)).expect("checkpointed");
            }
        }
    }
    let (p50, p99) = (percentile(&mut ours, 50.0), percentile(&mut ours, 99.0));
    let (bare50, bare99) = (percentile(&mut theirs, 50.0), percentile(&mut theirs, 99.0));
    let found = format!("{:.2} × bare ({p50:.0} µs against {bare50:.0}; {rows} view and entry rows)", p50 / bare50);
    figures.add("durable sale at the edge, five lines, member, cash, one at a time (p50)", found, "≤ 1.15 × bare");
    let found = format!("{:.1} × p50 ({p99:.0} µs; bare {bare99:.0})", p99 / p50);
    figures.add("the same, p99", found, "≤ 3 × p50");
    let found = format!("p50 {:.0} µs, p95 {:.0} µs", percentile(&mut lines, 50.0), percentile(&mut lines, 95.0));
    figures.add("a scanned line saved at the edge", found, "part of scan → painted ≤ 30 ms p95");
}

/// A bill of five lines and the tender that covers it.
fn bill(chain: &mut Chain, n: u64, lines: &mut Vec<f64>) -> (Tender, Moment) {
    let who = chain.who();
    let member = chain.members[(n.wrapping_mul(7_919) % chain.members.len() as u64) as usize];
    let opening = chain.moment(true);
    chain.decide(&Attach { who: who.clone(), member }, &opening);
    for i in 0..5 {
        let moment = chain.moment(true);
        let add = Add { who: who.clone(), product: chain.product(n * 5 + i), quantity: None, label: None };
        let start = Instant::now();
        chain.decide(&add, &moment);
        lines.push(start.elapsed().as_secs_f64() * 1e6);
    }
    let bill = shared::desk::bill::open(&chain.edge, 1).expect("read").expect("open");
    let house = House::load(&chain.edge, Some(crate::chain::BRANCH)).expect("read");
    let due = priced::settle(&bill, &house, None).expect("priced").priced.due;
    let moment = Moment { command: CommandId::from(bill.id), ..chain.moment(true) };
    let amount = Some(Money::from_minor(due.minor() + 1_000));
    (Tender { who, code: CASH.into(), amount, due, proven: Proven::NotAsked, asked: [1; 16] }, moment)
}
