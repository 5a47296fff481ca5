//! Head office or a branch: a store, and its clerk's turns.
use shared::{
    base::{BranchId, BusinessDay, CommandId, StaffId, StreamId},
    branches::HOUSE_ZONE,
    desk::registry::REGISTRY,
    exchange::{recovery::open_hub, sign::Keys},
    facts::journal::Opened,
    journal::{Actor, Command, Fault, Head, Moment, Refusal, Right},
    store::{
        Opening, Store, Writer,
        clerk::{Work, group},
    },
    views::Side,
};
use std::{path::PathBuf, sync::mpsc};

/// Who is at every till.
pub const STAFF: StaffId = StaffId([7; 16]);

/// Head office, or a branch.
pub struct Node {
    pub store: Store,
    pub keys: Keys,
    pub here: StreamId,
    pub branch: Option<BranchId>,
}

impl Node {
    pub fn open(path: PathBuf, number: u8, now_ms: i64) -> Result<Node, Fault> {
        let (keys, branch) = (Keys::from_secret([number + 1; 32]), (number > 0).then_some(BranchId([number; 16])));
        let side = if branch.is_some() { Side::Edge } else { Side::Hub };
        let mut store = Store::open(Opening { path, registry: &REGISTRY, side, lineage: None })?;
        let (here, device_key) = (StreamId([number + 1; 16]), keys.public());
        let opened = Opened { branch, device_key, predecessor: None, predecessor_seq: 0, epoch: 0 };
        store.transaction(|writer| match branch {
            Some(_) => writer.open_stream(here, &opened, now_ms).map(|_| ()),
            None => open_hub(writer, here, &device_key, now_ms).map(|_| ()),
        })?;
        Ok(Node { store, keys, here, branch })
    }

    pub fn clerk<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<(T, Vec<Head>), Fault> {
        let (tell, told) = mpsc::channel();
        let committed = group(&mut self.store, vec![Work::new(work, move |done| drop(tell.send(done)))]);
        Ok((told.try_recv().unwrap_or(Err(Fault::Stopped))?, committed.heads))
    }

    pub fn decide<C: Command + Send + 'static>(&mut self, command: CommandId, asked: C, now_ms: i64) -> Result<Result<(), Refusal>, Fault> {
        let moment = Moment {
            command,
            by: Actor::Person(STAFF),
            rights: Right::ALL.to_vec(),
            now_ms,
            hub_ms: now_ms,
            branch: self.branch,
            here: self.here,
            till: None,
            shift: None,
            day: BusinessDay::at(now_ms, HOUSE_ZONE).0,
            hour: 12,
            entropy: command.0,
        };
        self.clerk(move |writer| Ok(writer.decide(&asked, &moment)?.map(|_| ()))).map(|(done, _)| done)
    }
}
