//! A ring becomes a call on record. Its id is hash(line, time): a restarted driver tells the same call under another.
use crate::app::{App, now_ms};
use crate::devices::News;
use crate::install::random;
use hardware::caller_id::{CallEvent, Caller};
use shared::base::ids::derived;
use shared::base::{BranchId, BusinessDay, CommandId, DeviceId, LocalTime};
use shared::branches::{self, HOUSE_ZONE};
use shared::calls::ring::Ring;
use shared::desk::till::till_id;
use shared::facts::calls::Hidden;
use shared::journal::{Actor, Fault, Moment};
use shared::store::writer::meta_number;
use shared::store::{Priority, Writer};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

/// Notes calls until the devices end.
pub async fn follow(app: Arc<App>) {
    let mut news = app.devices.news();
    // Who was announced on which line, so that a late name is not a second call.
    let mut announced: HashMap<DeviceId, (u64, Caller)> = HashMap::new();
    loop {
        let (device, event) = match news.recv().await {
            Ok(News::Rang { device, event }) => (device, event),
            Ok(_) => continue,
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "call.lagged");
                continue;
            }
            Err(RecvError::Closed) => return,
        };
        let (CallEvent::Ringing { call, caller, .. } | CallEvent::Identified { call, caller, .. }) = event else { continue };
        let known = announced.insert(device, (call, caller.clone()));
        if known.is_some_and(|known| known == (call, caller.clone())) {
            continue;
        }
        let line = app.devices.name(device).unwrap_or_default();
        if let Err(fault) = note(&app, line, caller).await {
            tracing::error!(%fault, "call.not_noted");
        }
    }
}

async fn note(app: &Arc<App>, line: String, caller: Caller) -> Result<(), Fault> {
    let (number, hidden) = match caller {
        Caller::Number { national, .. } => (Some(national), None),
        Caller::Private => (None, Some(Hidden::Private)),
        Caller::OutOfArea => (None, Some(Hidden::OutOfArea)),
        Caller::Unknown => (None, None),
    };
    let at_ms = now_ms();
    let entropy = random().map_err(|_| Fault::Stopped)?;
    let command = CommandId(derived("call_rang", &[line.as_bytes(), &at_ms.to_be_bytes()]));
    let till = app.config.till.unwrap_or(1);
    let decided = app.write(Priority::Till, move |writer| {
        let moment = moment(writer, command, till, at_ms, entropy)?;
        let branch = moment.branch.unwrap_or(BranchId([0; 16]));
        writer.decide(&Ring { branch, number, hidden, line }, &moment)
    });
    if let Err(refusal) = decided.await? {
        tracing::error!(%refusal, "call.refused");
    }
    Ok(())
}

/// What a device of a till decides with: no person, no rights.
fn moment(writer: &Writer<'_>, command: CommandId, till: u16, now_ms: i64, entropy: [u8; 16]) -> Result<Moment, Fault> {
    let here = writer.identity()?;
    let branch = here.branch.unwrap_or(BranchId([0; 16]));
    let zone = branches::branch(writer, branch)?.map_or(HOUSE_ZONE, |branch| branch.zone);
    let now_ms = now_ms.saturating_add(meta_number(writer, "clock_offset_ms")?);
    let till = till_id(branch, till);
    Ok(Moment {
        command,
        by: Actor::Device(till),
        rights: Vec::new(),
        now_ms,
        hub_ms: meta_number(writer, "hub_ms")?,
        branch: Some(branch),
        here: here.stream,
        till: Some(till),
        shift: None,
        day: BusinessDay::at(now_ms, zone).0,
        hour: LocalTime::at(now_ms, zone.zone_minutes).hour,
        entropy,
    })
}
