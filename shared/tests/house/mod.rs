//! A hub's store with everything the chain knows, in a folder of the test's own, and moments to decide with.
//! Where `CATENA_TEST_POSTGRES` names a server, a hub's store lies there.
#![allow(dead_code, reason = "each test binary uses a part of it")]
pub mod server;

use shared::base::vault::Vault;
use shared::base::{BranchId, CommandId, StaffId, StreamId};
use shared::desk::registry::REGISTRY;
use shared::desk::till::Who;
use shared::facts::journal::Opened;
use shared::journal::{Actor, Command, Moment, Refusal, Right};
use shared::sales::receipt::words::Language;
use shared::staff::Limits;
use shared::store::{Opening, Outcome, Store};
use shared::views::Side;
use std::path::PathBuf;

pub const HUB: StreamId = StreamId([0xA0; 16]);
pub const EDGE: StreamId = StreamId([0xE0; 16]);
pub const BRANCH: BranchId = BranchId([0xB0; 16]);
pub const SOMEBODY: StaffId = StaffId([0x50; 16]);
/// 2026-11-21 14:00 in China.
pub const NOW_MS: i64 = 1_795_240_800_000;
pub const TODAY: u32 = 20261121;

/// Somebody at till 1, in Chinese, without rights or limits of their own.
pub fn who() -> Who {
    Who {
        till: 1,
        staff: SOMEBODY,
        allowed_by: None,
        own: Limits::NONE,
        limits: Limits::NONE,
        own_rights: Vec::new(),
        clock_by_hand: false,
        cut_off_since_ms: 0,
        language: Language::Chinese,
    }
}

pub fn vault() -> Vault {
    Vault::new([7; 32])
}

pub struct House {
    folder: PathBuf,
    pub store: Store,
    commands: u8,
}

impl House {
    pub fn hub(name: &str) -> House {
        House::open(name, Side::Hub)
    }

    pub fn edge(name: &str) -> House {
        House::open(name, Side::Edge)
    }

    fn open(name: &str, side: Side) -> House {
        let folder = std::env::temp_dir().join(format!("catena-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        let path = folder.join("store.db");
        let path = if side == Side::Hub { server::Server::standing().map_or(path, |server| server.database().into()) } else { path };
        House::made(folder, path, side)
    }

    /// A hub whose store lies in a database of a server.
    pub fn hub_at(address: &str) -> House {
        House::made(PathBuf::new(), address.into(), Side::Hub)
    }

    fn made(folder: PathBuf, path: PathBuf, side: Side) -> House {
        let mut store = Store::open(Opening { path, registry: &REGISTRY, side, lineage: None }).expect("a store opens");
        let (stream, branch) = if side == Side::Hub { (HUB, None) } else { (EDGE, Some(BRANCH)) };
        let opened = Opened { branch, device_key: [9; 32], predecessor: None, predecessor_seq: 0, epoch: 1 };
        store.transaction(|writer| writer.open_stream(stream, &opened, NOW_MS)).expect("a stream opens");
        House { folder, store, commands: 0 }
    }

    /// A fresh command by somebody who may everything.
    pub fn moment(&mut self) -> Moment {
        self.commands += 1;
        let hub = self.store.side() == Side::Hub;
        Moment {
            command: CommandId([self.commands; 16]),
            by: Actor::Person(SOMEBODY),
            rights: Right::ALL.to_vec(),
            now_ms: NOW_MS,
            hub_ms: 0,
            branch: (!hub).then_some(BRANCH),
            here: if hub { HUB } else { EDGE },
            till: None,
            shift: None,
            day: TODAY,
            hour: 14,
            entropy: [self.commands; 16],
        }
    }

    /// Commands of this store begin here, so that two stores of one test make different ones.
    pub fn commands_from(&mut self, first: u8) {
        self.commands = first;
    }

    /// Decides under a fresh command; answers how many entries it made.
    pub fn decide<C: Command>(&mut self, command: &C) -> Result<usize, Refusal> {
        let moment = self.moment();
        self.decide_at(command, &moment)
    }

    pub fn decide_at<C: Command>(&mut self, command: &C, moment: &Moment) -> Result<usize, Refusal> {
        let done = self.store.transaction(|writer| writer.decide(command, moment)).expect("no fault");
        done.map(|outcome| match outcome {
            Outcome::Done(heads) => heads.len(),
            Outcome::Already => 0,
        })
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
