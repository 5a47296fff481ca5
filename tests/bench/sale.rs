//! A sale as a till makes it: member, five lines, cash; the tender that completes it is the durable sale.
use crate::bare::{Bare, written};
use crate::chain::Chain;
use crate::figures::{Figures, Times};
use shared::base::{CommandId, Money};
use shared::desk::bill::add::Add;
use shared::desk::bill::attach::Attach;
use shared::desk::bill::priced::{self, House};
use shared::desk::check_out::Tender;
use shared::desk::print::job_of;
use shared::facts::sales::{CASH, Proven};
use shared::journal::{Moment, Read, Value};
use shared::store::Store;
use shared::views::Side;
use std::path::Path;

pub const SALES: usize = 2_000;

pub fn measure(chain: &mut Chain, folder: &Path, figures: &mut Figures, sales: usize) {
    let bare = Bare::new(&folder.join("bare-edge.db"), Side::Edge);
    let here = chain.edge.identity().expect("open").stream;
    let (mut ours, mut theirs, mut lines, mut rows) = (Times::default(), Times::default(), Times::default(), 0);
    for n in 0..sales {
        let (tender, moment) = bill(chain, n as u64, &mut lines, |chain| lay(chain, &bare));
        assert!(ours.measure(|| chain.tender(&tender, &moment)), "the cash covers the due");
        let seq = shared::store::writer::stream_head(&chain.edge, here).expect("read").expect("own").seq;
        let same = written(&chain.edge, Side::Edge, here, seq);
        let job = job(chain, moment.command);
        rows = same.count() + 5;
        theirs.measure(|| bare.sale(&same, &job));
        if n % 100 == 99 {
            for name in ["edge.db", "bare-edge.db"] {
                Store::checkpoint(&folder.join(name)).expect("checkpointed");
            }
        }
    }
    let (p50, p99) = (ours.p(50.0), ours.p(99.0));
    let (bare50, bare99) = (theirs.p(50.0), theirs.p(99.0));
    let (cpu, bare_cpu) = (ours.cpu(), theirs.cpu());
    let found = format!(
        "{:.2} × bare in wall time (p50 {p50:.0} µs against {bare50:.0}), {:.2} × in CPU ({cpu:.0} against {bare_cpu:.0} µs); {rows} rows",
        p50 / bare50,
        cpu / bare_cpu
    );
    figures.add("durable sale at the edge, five lines, member, cash, one at a time", found, "≤ 1.15 × bare");
    let found = format!("{:.1} × p50 ({p99:.0} µs; bare {:.1} ×, {bare99:.0} µs)", p99 / p50, bare99 / bare50);
    figures.add("the same, p99", found, "≤ 3 × p50");
    let found = format!("p50 {:.0} µs, p95 {:.0} µs, CPU {:.0} µs", lines.p(50.0), lines.p(95.0), lines.cpu());
    figures.add("a scanned line decided and saved at the edge", found, "part of scan → painted ≤ 30 ms p95");
}

/// The job's row as it was written.
fn job(chain: &Chain, sale: CommandId) -> Vec<Value> {
    let sql = "select id, kind, queue, made_ms, state, tries, touched_ms, note, body from job where id = ?1";
    chain.edge.row(sql, &[job_of(sale).into()]).expect("read").expect("a slip").0
}

/// What the draft is now, for the other side too, so that the logs of both grow alike.
fn lay(chain: &Chain, bare: &Bare) {
    let draft = chain.edge.row("select body from draft where kind = 'bill'", &[]).expect("read").expect("open");
    bare.lay_draft(&draft.0[0]);
}

/// A bill of five lines and the tender that covers it; `lay` is told after each line.
pub fn bill(chain: &mut Chain, n: u64, lines: &mut Times, lay: impl Fn(&Chain)) -> (Tender, Moment) {
    let who = chain.who();
    let member = chain.members[(n.wrapping_mul(7_919) % chain.members.len() as u64) as usize];
    let opening = chain.moment(true);
    chain.decide(&Attach { who: who.clone(), member, claimed_card: None }, &opening);
    lay(chain);
    for i in 0..5 {
        let moment = chain.moment(true);
        let add = Add { who: who.clone(), product: chain.product(n * 5 + i), quantity: None, label: None };
        lines.measure(|| chain.decide(&add, &moment));
        lay(chain);
    }
    let bill = shared::desk::bill::open(&chain.edge, 1).expect("read").expect("open");
    let house = House::load(&chain.edge, Some(crate::chain::BRANCH)).expect("read");
    let due = priced::settle(&bill, &house, None).expect("priced").priced.due;
    let moment = Moment { command: CommandId::from(bill.id), ..chain.moment(true) };
    let amount = Some(Money::from_minor(due.minor() + 1_000));
    (Tender { who, code: CASH.into(), amount, due, proven: Proven::NotAsked, asked: [1; 16] }, moment)
}
