//! What devices tell becomes what pages are told, and a card at a reader becomes a command like a click at its till.
use super::Http;
use super::answer::No;
use super::bill::{Entered, decided};
use super::events::Event;
use super::seat::{SESSION, Seat, Session, here, is_locked};
use crate::devices::News;
use hardware::reader::{Card, Medium, Reading};
use shared::base::CommandId;
use shared::base::ids::time_ordered;
use shared::desk::bill::attach::Attach;
use shared::desk::bill::reading::holder;
use shared::journal::{Refusal, Right};
use shared::staff;
use shared::store::{Priority, drafts};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

/// Follows the devices until they end.
pub async fn follow(http: Arc<Http>) {
    let mut news = http.app.devices.news();
    loop {
        match news.recv().await {
            Ok(News::Devices) => {
                http.live.send(Event::Devices);
                http.live.send(Event::Status);
            }
            Ok(News::Bytes { device }) => http.live.send(Event::Bytes { device: device.to_string() }),
            Ok(News::Slip { receipt_no, print, .. }) => http.live.send(Event::Print { receipt_no, print }),
            Ok(News::Read { reading, .. }) => read(&http, reading).await,
            // Calls are noted first, then told (`reactions::calls`).
            Ok(News::Rang { .. }) => {}
            Err(RecvError::Lagged(_)) => http.live.send(Event::Reset),
            Err(RecvError::Closed) => return,
        }
    }
}

async fn read(http: &Arc<Http>, reading: Reading) {
    let said = match reading {
        Reading::Card(card) => present(http, &card).await,
        Reading::BankCard => Err(No::plain(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "bank_card")),
        Reading::Unreadable => Err(No::plain(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "unreadable_card")),
    };
    match said {
        Ok(entered) => http.live.send(Event::Entered { entered: Box::new(entered) }),
        Err(No::Refused(refusal)) => http.live.refused(&refusal),
        Err(No::Shell(_, code, args)) => http.live.send(Event::Refused { code: code.into(), args }),
        Err(No::Fault(fault)) => tracing::error!(%fault, "card.fault"),
    }
}

/// The card's member comes on the open bill of this box's till, as whoever sits there would have it.
async fn present(http: &Arc<Http>, card: &Card) -> Result<Entered, No> {
    let till = http.app.config.till.unwrap_or(1);
    let seat = seat_at(http, till).await?;
    let random = crate::install::random().map_err(|_| No::Fault(shared::journal::Fault::Stopped))?;
    let facts = http.facts(CommandId(time_ordered(crate::app::now_ms(), random)))?;
    let keys: Vec<String> = card.keys().map(str::to_owned).collect();
    // A chip's number as its card shows it, for whoever is to be told that nobody has it.
    let shown = match card.medium {
        Medium::Em4100 => card.printed.first().map_or(card.raw.clone(), |printed| printed.text.clone()),
        Medium::Stripe => card.raw.clone(),
    };
    let done = http.app.write(Priority::Till, move |writer| {
        let here = here(writer, &facts, &seat, None)?;
        let member = match holder(writer, &keys, &shown)? {
            Ok(member) => member,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(decided(writer, &here, &Attach { who: here.who.clone(), member, claimed_card: None })?
            .and_then(|of| of.bill.ok_or(Refusal::Gone)))
    });
    Ok(Entered::Attached { bill: Box::new(done.await??) })
}

/// Who sits at a till, unlocked: of several browsers the one that may sell, then the one last used.
async fn seat_at(http: &Arc<Http>, till: u16) -> Result<Seat, No> {
    let asked = http.clone();
    let found = http.app.read(move |db| {
        let (mut locked, mut seats) = (false, Vec::new());
        for (key, body) in drafts::drafts(db, SESSION)? {
            let (Ok(key), Ok(session)) = (<[u8; 16]>::try_from(key), minicbor::decode::<Session>(&body)) else { continue };
            if session.till != till {
                continue;
            }
            if is_locked(db, &asked, &key, &session)? {
                locked = true;
                continue;
            }
            let sells = staff::rights(db, session.staff)?.rights.contains(&Right::Sell);
            seats.push((sells, asked.seen.last_ms(&key), Seat { key, session }));
        }
        seats.sort_by_key(|(sells, last_ms, _)| (*sells, *last_ms));
        Ok(seats.pop().map(|(_, _, seat)| seat).ok_or_else(|| if locked { No::locked() } else { No::signed_out() }))
    });
    found.await?
}
