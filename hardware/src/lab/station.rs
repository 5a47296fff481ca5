//! One simulated device behind a pty whose link keeps its name while the pty behind it comes and goes.

use super::line::{self, Faults, SAID_MAX, locked};
use crate::{
    pty::Pty,
    simulator::{Said, Simulator},
};
use std::{
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{sync::mpsc, task::JoinHandle, time::interval};

/// How often the mark of a killed client is taken off the line.
const FREE: Duration = Duration::from_millis(250);

#[derive(Debug)]
struct Plugged {
    said: mpsc::Sender<Said>,
    task: JoinHandle<()>,
}

/// A device on its line.
#[derive(Debug)]
pub struct Station<S> {
    pub link: PathBuf,
    simulator: Arc<Mutex<S>>,
    faults: Arc<Mutex<Faults>>,
    plugged: Mutex<Option<Plugged>>,
}

impl<S: Simulator + 'static> Station<S> {
    pub fn new(link: PathBuf, simulator: S) -> Self {
        Self {
            link,
            simulator: Arc::new(Mutex::new(simulator)),
            faults: Arc::new(Mutex::new(Faults::default())),
            plugged: Mutex::new(None),
        }
    }

    /// Puts a fresh pty behind the link and the device on it.
    pub fn plug(&self) -> io::Result<()> {
        self.unplug();
        let pty = Pty::open()?;
        replace_link(&pty.path, &self.link)?;
        let (said, queue) = mpsc::channel(SAID_MAX);
        let task = tokio::spawn(serve(pty, self.link.clone(), self.simulator(), self.faults.clone(), said.clone(), queue));
        *locked(&self.plugged) = Some(Plugged { said, task });
        Ok(())
    }

    /// Pulls the plug: the driver's port is dead and its name gone.
    pub fn unplug(&self) {
        if let Some(plugged) = locked(&self.plugged).take() {
            plugged.task.abort();
            let _gone_already = fs::remove_file(&self.link);
        }
    }

    /// Whether the line is there; a device that lost its power has taken it along.
    pub fn is_plugged(&self) -> bool {
        locked(&self.plugged).as_ref().is_some_and(|plugged| !plugged.task.is_finished())
    }

    /// Does something to the device; what it says then goes down the line.
    pub fn act(&self, act: impl FnOnce(&mut S) -> Vec<Said>) {
        let said = act(&mut locked(&self.simulator));
        if let Some(plugged) = locked(&self.plugged).as_ref() {
            for piece in said {
                let _lost_when_full = plugged.said.try_send(piece);
            }
        }
    }

    /// Looks at the device.
    pub fn look<T>(&self, look: impl FnOnce(&S) -> T) -> T {
        look(&locked(&self.simulator))
    }

    pub fn faults(&self) -> Faults {
        *locked(&self.faults)
    }

    pub fn set_faults(&self, faults: Faults) {
        *locked(&self.faults) = faults;
    }

    /// The same device for another line, such as a printer's TCP port.
    pub fn simulator(&self) -> Arc<Mutex<dyn Simulator>> {
        self.simulator.clone()
    }

    pub fn line_faults(&self) -> Arc<Mutex<Faults>> {
        self.faults.clone()
    }
}

impl<S> Drop for Station<S> {
    fn drop(&mut self) {
        if let Some(plugged) = locked(&self.plugged).take() {
            plugged.task.abort();
            let _gone_already = fs::remove_file(&self.link);
        }
    }
}

async fn serve(
    pty: Pty,
    link: PathBuf,
    simulator: Arc<Mutex<dyn Simulator>>,
    faults: Arc<Mutex<Faults>>,
    said: mpsc::Sender<Said>,
    mut queue: mpsc::Receiver<Said>,
) {
    let free = async {
        let mut tick = interval(FREE);
        while pty.free().is_ok() {
            tick.tick().await;
        }
    };
    tokio::select! {
        () = line::run(pty.master.clone(), simulator, faults, said, &mut queue) => {}
        () = free => {}
    }
    let _gone_already = fs::remove_file(link);
}

/// Makes the link lead to a new target without a moment in which it leads nowhere.
fn replace_link(target: &Path, link: &Path) -> io::Result<()> {
    let fresh = link.with_extension("new");
    let _left_over = fs::remove_file(&fresh);
    symlink(target, &fresh)?;
    fs::rename(fresh, link)
}
