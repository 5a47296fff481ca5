//! The mirror on a thread of its own: a second medium that fails is told, one that hangs holds up a single answer, and neither stops the till.
use crate::app::now_ms;
use crate::devices::shown::{DeviceState, Working};
use shared::base::StreamId;
use shared::exchange::mirror::MirrorFile;
use shared::journal::{Fault, Read};
use shared::store::{Mirror, Readers};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long an answer waits for the second medium.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is wrong with the medium, as the codes of devices' troubles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Full,
    Fails,
    Hangs,
}

impl Trouble {
    fn code(self) -> &'static str {
        match self {
            Trouble::Full => "mirror_full",
            Trouble::Fails => "mirror_fails",
            Trouble::Hangs => "mirror_hangs",
        }
    }
}

/// How the mirror is, for the status bar, the device page and head office.
#[derive(Debug, Clone)]
pub struct MirrorHealth(Arc<Mutex<(Option<Trouble>, i64)>>);

impl MirrorHealth {
    fn told(&self, now: Option<Trouble>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != now {
            match now {
                Some(trouble) => tracing::error!(what = trouble.code(), "mirror.trouble"),
                None => tracing::info!("mirror.works_again"),
            }
            *kept = (now, now_ms());
        }
    }

    /// Shown as one more device of the box.
    pub fn state(&self) -> DeviceState {
        let (trouble, since_ms) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let what = trouble.map(|trouble| trouble.code().to_owned());
        DeviceState {
            id: "mirror".into(),
            kind: "mirror".into(),
            name: String::new(),
            state: if trouble.is_some() { Working::Failed } else { Working::Ok },
            what,
            since_ms,
        }
    }
}

/// Asks the thread to bring the file up to what is committed, and is told when that is done.
type Ask = (StreamId, SyncSender<()>);

/// The clerk's side of the mirror.
pub struct Beside {
    asks: SyncSender<Ask>,
    /// The answer that did not come in time; until it does, nobody waits again.
    owed: Option<Receiver<()>>,
    health: MirrorHealth,
}

impl Beside {
    /// Starts the thread; `database` is what it mirrors.
    pub fn start(file: &Path, database: &Path) -> (Beside, MirrorHealth) {
        let health = MirrorHealth(Arc::new(Mutex::new((None, now_ms()))));
        let (asks, asked) = sync_channel::<Ask>(1);
        let (mut mirror, readers, told) = (MirrorFile::new(file), Readers::of(database), health.clone());
        std::thread::spawn(move || {
            while let Ok((own, done)) = asked.recv() {
                let trouble = match readers.read(|db| mirror.keep_up(db, own)) {
                    Ok(()) => None,
                    Err(Fault::DiskFull) => Some(Trouble::Full),
                    Err(_) => Some(Trouble::Fails),
                };
                told.told(trouble);
                // Nobody waits any more: the next commit hears of it.
                let _ = done.send(());
            }
        });
        (Beside { asks, owed: None, health: health.clone() }, health)
    }
}

impl Mirror for Beside {
    fn follow(&mut self, _: &dyn Read, own: StreamId) {
        if self.owed.as_ref().is_some_and(|owed| owed.try_recv() == Err(TryRecvError::Empty)) {
            return;
        }
        let (done, answer) = sync_channel(1);
        if self.asks.try_send((own, done)).is_err() {
            return self.health.told(Some(Trouble::Fails));
        }
        self.owed = match answer.recv_timeout(PATIENCE) {
            Ok(()) => None,
            Err(RecvTimeoutError::Disconnected) => {
                self.health.told(Some(Trouble::Fails));
                None
            }
            Err(RecvTimeoutError::Timeout) => {
                self.health.told(Some(Trouble::Hangs));
                Some(answer)
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::store::{Opening, Store};
    use shared::views::Side;
    use std::time::Instant;

    #[test]
    fn a_medium_that_hangs_holds_up_one_answer_and_is_named() {
        let folder = std::env::temp_dir().join(format!("catena-mirror-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let opening =
            Opening { path: folder.join("edge.db"), registry: &shared::desk::registry::REGISTRY, side: Side::Edge, lineage: None };
        let store = Store::open(opening).expect("a store");
        // A pipe that nobody reads hangs whoever opens it.
        let pipe = folder.join("mirror");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("it runs").success());
        let (mut beside, health) = Beside::start(&pipe, &folder.join("edge.db"));
        let own = StreamId([1; 16]);
        let began = Instant::now();
        beside.follow(&store, own);
        assert!(began.elapsed() >= PATIENCE);
        assert_eq!(health.state().what.as_deref(), Some("mirror_hangs"));
        let began = Instant::now();
        beside.follow(&store, own);
        assert!(began.elapsed() < PATIENCE / 2, "nobody waits twice");
        let _ = std::fs::remove_dir_all(&folder);
    }
}
