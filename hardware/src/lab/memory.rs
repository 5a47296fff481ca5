//! A simulated device on a line in memory: for tests on a virtual clock.

use super::line::{self, Faults, SAID_MAX, locked};
use crate::{
    Open, Port, PortFault, Waiting,
    simulator::{Said, Simulator},
};
use std::sync::{Arc, Mutex};
use tokio::{io::duplex, sync::mpsc, task::JoinHandle};

/// Bytes that the line holds, as a pty does.
const LINE_BYTES: usize = 16 << 10;

/// A device and its line. Each opening is a new line; the one before it goes dead.
pub struct MemoryLine<S> {
    simulator: Arc<Mutex<S>>,
    faults: Arc<Mutex<Faults>>,
    state: Mutex<State>,
}

struct State {
    unplugged: bool,
    openings: u32,
    now: Option<(mpsc::Sender<Said>, JoinHandle<()>)>,
}

impl<S: Simulator + 'static> MemoryLine<S> {
    pub fn new(simulator: S) -> Arc<Self> {
        let state = State { unplugged: false, openings: 0, now: None };
        Arc::new(Self { simulator: Arc::new(Mutex::new(simulator)), faults: Arc::default(), state: Mutex::new(state) })
    }

    /// Does something to the device; what it says then goes down the line.
    pub fn act(&self, act: impl FnOnce(&mut S) -> Vec<Said>) {
        let said = act(&mut locked(&self.simulator));
        if let Some((line, _)) = &locked(&self.state).now {
            for piece in said {
                let _lost_when_full = line.try_send(piece);
            }
        }
    }

    /// Looks at the device.
    pub fn look<T>(&self, look: impl FnOnce(&S) -> T) -> T {
        look(&locked(&self.simulator))
    }

    pub fn set_faults(&self, faults: Faults) {
        *locked(&self.faults) = faults;
    }

    pub fn unplug(&self) {
        let mut state = locked(&self.state);
        state.unplugged = true;
        if let Some((_, task)) = state.now.take() {
            task.abort();
        }
    }

    pub fn replug(&self) {
        locked(&self.state).unplugged = false;
    }

    /// How often the port was opened.
    pub fn openings(&self) -> u32 {
        locked(&self.state).openings
    }
}

impl<S: Simulator + 'static> Open for MemoryLine<S> {
    fn open(&self) -> Waiting<'_, Result<Box<dyn Port>, PortFault>> {
        Box::pin(async move {
            let mut state = locked(&self.state);
            if state.unplugged {
                return Err(PortFault::NotThere);
            }
            if let Some((_, task)) = state.now.take() {
                task.abort();
            }
            let (ours, theirs) = duplex(LINE_BYTES);
            let (said, mut queue) = mpsc::channel(SAID_MAX);
            let (simulator, faults, sender): (Arc<Mutex<dyn Simulator>>, _, _) =
                (self.simulator.clone(), self.faults.clone(), said.clone());
            let task = tokio::spawn(async move { line::run(theirs, simulator, faults, sender, &mut queue).await });
            state.openings += 1;
            state.now = Some((said, task));
            Ok(Box::new(ours) as Box<dyn Port>)
        })
    }

    fn describe(&self) -> String {
        "memory".to_owned()
    }
}
