//! Which branches are heard now: told to every branch when that changes. Where several processes of one hub share a database, each says there
//! which links it holds, and a branch is heard if any of them hears it.
use crate::app::{App, now_ms};
use crate::install::random;
use minicbor::{Decode, Encode};
use shared::base::BranchId;
use shared::journal::Fault;
use shared::journal::command::encoded;
use shared::ledger::statement::{LINK, Link, link};
use shared::store::Priority;
use shared::store::drafts::drafts;
use shared::store::statements::CHAIN;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(500);
/// Draft kind of what each process says; it says it again in half that time, and one that does not has ended.
const LINKS: &str = "links";
const HOLDS_MS: i64 = 10_000;

#[derive(Encode, Decode)]
struct Said {
    #[n(0)]
    at_ms: i64,
    #[n(1)]
    branches: Vec<BranchId>,
}

/// Tells as long as the hub serves.
pub async fn tell(app: Arc<App>) {
    let mut before: BTreeMap<BranchId, bool> = BTreeMap::new();
    let (process, mut said) = (random::<16>().unwrap_or_default(), (0, Vec::new()));
    loop {
        if app.shared
            && let Err(fault) = share(&app, &process, &mut said).await
        {
            tracing::warn!(%fault, "hub.share_links");
        }
        let branches =
            app.read(|db| Ok(shared::branches::branches(db)?.into_iter().map(|branch| (branch.id, branch.name)).collect::<Vec<_>>())).await;
        let linked = app.exchange.linked();
        for (branch, name) in branches.unwrap_or_default() {
            let up = linked.contains(&branch);
            if before.insert(branch, up) == Some(up) {
                continue;
            }
            let now = now_ms();
            let told = app.write(Priority::Live, move |writer| {
                if link(writer, branch)?.is_some_and(|told| told.up == up) {
                    return Ok(());
                }
                writer.tell(CHAIN, LINK, branch.bytes(), &encoded(&Link { up, since_ms: now, name }), now)
            });
            if let Err(fault) = told.await {
                tracing::warn!(%fault, "hub.tell_links");
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Says which links this process holds, and hears which the others hold.
async fn share(app: &App, process: &[u8; 16], said: &mut (i64, Vec<BranchId>)) -> Result<(), Fault> {
    let (now, own) = (now_ms(), app.exchange.linked_here());
    if said.1 != own || now - said.0 > HOLDS_MS / 2 {
        let (id, body) = (*process, encoded(&Said { at_ms: now, branches: own.clone() }));
        app.write(Priority::Live, move |writer| {
            for (other, _) in drafts(writer, LINKS)?.iter().filter(|(_, body)| now - heard(body).at_ms > 60 * HOLDS_MS) {
                writer.set_draft(LINKS, other, None)?;
            }
            writer.set_draft(LINKS, &id, Some(&body))
        })
        .await?;
        *said = (now, own);
    }
    let id = *process;
    let others = app.read(move |db| {
        let others = drafts(db, LINKS)?.into_iter().filter(|(other, _)| *other != id).map(|(_, body)| heard(&body));
        Ok(others.filter(|said| now - said.at_ms <= HOLDS_MS).flat_map(|said| said.branches).collect::<BTreeSet<_>>())
    });
    app.exchange.hold_elsewhere(others.await?);
    Ok(())
}

fn heard(body: &[u8]) -> Said {
    minicbor::decode(body).unwrap_or(Said { at_ms: 0, branches: Vec::new() })
}
