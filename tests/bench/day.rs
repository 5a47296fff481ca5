//! The end of a day: a shift with ten thousand sales is closed, with its whole Z.
use crate::chain::{Chain, run};
use crate::figures::{Figures, Times};
use crate::history::History;
use shared::base::{Money, ShiftId};
use shared::desk::shift::close::{CloseShift, expected};
use shared::desk::shift::count::CountDrawer;
use shared::desk::shift::open::OpenShift;
use shared::shifts::figures;
use std::path::Path;

const SALES: usize = 10_000;

pub fn measure(chain: &mut Chain, folder: &Path, told: &mut Figures) {
    let (who, moment) = (chain.who(), chain.moment(true));
    let shift = ShiftId::from(moment.command);
    assert!(chain.decide(&OpenShift { who, float: Money::from_minor(50_000) }, &moment), "a shift opens");
    let mut history = History::of_shift(chain, shift);
    for _ in 0..SALES / 1_000 {
        let entries = history.entries(chain, 1_000);
        run(&mut chain.edge, move |writer| writer.take_in(&entries));
        shared::store::Store::checkpoint(&folder.join("edge.db")).expect("checkpointed");
    }
    let mut times = Times::default();
    let counted = expected(&figures::of(&chain.edge, shift).expect("read")).expect("a sum");
    let count = CountDrawer { who: chain.who(), counted, pieces: Vec::new() };
    let close = CloseShift { who: chain.who(), note: String::new(), hand_on: false };
    let (first, second) = (chain.moment(true), chain.moment(true));
    assert!(times.measure(|| chain.decide(&count, &first) && chain.decide(&close, &second)), "the shift closes");
    let found = format!("{:.1} ms, durable, slip and all", times.p(50.0) / 1e3);
    told.add(format!("close of a shift with {SALES} sales"), found, "≤ 50 ms in all");
}
