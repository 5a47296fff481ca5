//! What head office asks of a year of a hundred branches. The rows are those that a year's slips leave in the views.
use crate::chain::{BRANCH, Chain, run};
use crate::figures::{Figures, percentile};
use shared::base::{BranchId, BusinessDay, StreamId};
use shared::desk::registry::REGISTRY;
use shared::journal::Value;
use shared::reports::list;
use shared::reports::report::Asked;
use shared::sales::takings::{SOLD_MONTH, TAKINGS_DAY};
use shared::store::{Opening, Store};
use shared::views::{Rows, Side};
use std::path::Path;
use std::time::Instant;

const BRANCHES: u8 = 100;
/// Products that one branch sells in a month, of this many in the chain.
const SOLD: u32 = 335;
const PRODUCTS: u32 = 2_000;
const TIMES: usize = 21;

fn branch(n: u8) -> BranchId {
    BranchId([n + 1; 16])
}

pub fn measure(folder: &Path, figures: &mut Figures) {
    let path = folder.join("year.db");
    let opening = Opening { path: path.clone(), registry: &REGISTRY, side: Side::Hub, lineage: None };
    let mut store = Store::open(opening).expect("a store");
    let opened = Chain::opened(BRANCH, [9; 32]);
    run(&mut store, move |writer| writer.open_stream(StreamId([0xE0; 16]), &opened, crate::chain::NOW_MS));
    let first = BusinessDay(20_260_101);
    let mut rows_in_all = 0;
    for n in 0..BRANCHES {
        rows_in_all += run(&mut store, move |writer| {
            let mut rows = Rows::new(Side::Hub);
            let mut count = 0;
            for day in (0..365).map(|at| first.plus_days(at)) {
                let figures = (0..12).map(|at| Value::from(100 + at));
                rows.put(&TAKINGS_DAY, [Value::from(branch(n)), day.0.into()].into_iter().chain(figures).collect());
                count += 1;
            }
            for month in 1..=12_u32 {
                for at in 0..SOLD {
                    let product = (at * 7 + u32::from(n) * 13 + month) % PRODUCTS + 1;
                    let values = [Value::from(branch(n)), (202_600 + month).into(), product.into(), 1_000.into(), 990.into(), 500.into()];
                    rows.put(&SOLD_MONTH, values.into());
                    count += 1;
                }
            }
            writer.put(rows).map(|()| count)
        });
    }
    Store::checkpoint(&path).expect("checkpointed");
    let asked = Asked {
        from: first,
        until: BusinessDay(20_261_231),
        branches: (0..BRANCHES).map(branch).collect(),
        see_phones: false,
        now_ms: crate::chain::NOW_MS,
        rows_max: 40_000,
    };
    let readers = store.readers();
    for (report, rows, bar) in [("summary", 100, "≤ 20 ms"), ("daily", 36_500, "—"), ("products", PRODUCTS as usize, "≤ 200 ms")] {
        let query = list::report(report).expect("a report").query;
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let start = Instant::now();
            let found = readers.read(|db| query(db, &asked)).expect("read");
            times.push(start.elapsed().as_secs_f64() * 1e3);
            assert!(found.len() >= rows, "{report} has {} rows", found.len());
        }
        let (p50, worst) = (percentile(&mut times, 50.0), percentile(&mut times, 100.0));
        let what = format!("report {report}, a year of {BRANCHES} branches ({rows} rows out of {rows_in_all})");
        figures.add(what, format!("p50 {p50:.0} ms, worst of {TIMES} {worst:.0} ms"), bar);
    }
}
