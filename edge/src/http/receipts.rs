//! Slips of the day, copies, returns, the drawer.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command, json};
use super::bill::{Nothing, Reason};
use super::seat::{Here, Seat};
use crate::devices::slips::{Order, Taken};
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use shared::base::{Money, Quantity, SaleId, ShiftId};
use shared::desk::open_drawer::OpenDrawer;
use shared::desk::print::job_of;
use shared::desk::reprint::{Of, Reprint};
use shared::desk::set_clock::SetClock;
use shared::desk::shown::done::{Done, PrintState, done, print_state};
use shared::desk::shown::sale::{self, RecentSale, Refund, Sale, Swap};
use shared::desk::shown::shift::{self as shown, Z};
use shared::desk::shown::value::{ValuePreview, preview};
use shared::desk::take_back::{self, TakeBack};
use shared::exchange::wire::{Question, SALE_OF_RECEIPT};
use shared::facts::ledger::Wanted;
use shared::journal::{Fault, Refusal, Right};
use shared::sales::back::Pick;
use shared::store::{Writer, jobs};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Serialize, ToSchema)]
pub struct Sales {
    pub sales: Vec<RecentSale>,
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct Amount {
    pub amount: Option<i64>,
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct Most {
    pub limit: Option<u32>,
}

/// Pieces of lines; left out: all that may still come back.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Pieces {
    /// `line:thousandths`, divided by commas: `2:1000,3:500`.
    pub picks: Option<String>,
}

/// Pieces of one line of a sale.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
pub struct Piece {
    /// Number of the line within the sale.
    pub line: u16,
    pub quantity: Quantity,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TakeSaleBack {
    pub receipt_no: String,
    /// None or empty: all that may still come back.
    #[serde(default)]
    pub picks: Vec<Piece>,
    pub reason: String,
    pub amount: Money,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OneReceipt {
    pub receipt_no: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ShiftOf {
    pub shift: ShiftId,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Clock {
    pub now_ms: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WasDone {
    pub done: Done,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CopyPrinted {
    pub copy: u32,
    pub print: PrintState,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Printed {
    pub print: PrintState,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ZOf {
    pub z: Z,
}

/// What stored value would take.
#[utoipa::path(get, path = "/api/value", params(Amount), responses((status = 200, body = ValuePreview)))]
pub async fn value(State(http): Shared, seat: Seat, Query(wanted): Query<Amount>) -> Result<Json<ValuePreview>, No> {
    let amount = wanted.amount.map(Money::from_minor);
    Ok(json(http.ask(&seat, &[Right::Sell], move |db, here| preview(db, amount, &here.viewer)).await?))
}

#[utoipa::path(get, path = "/api/sales", params(Most), responses((status = 200, body = Sales)))]
pub async fn sales(State(http): Shared, seat: Seat, Query(wanted): Query<Most>) -> Result<Json<Sales>, No> {
    let limit = wanted.limit.unwrap_or(50).min(200);
    let found = http.ask(&seat, &[Right::Sell], move |db, here| Ok(Ok(Sales { sales: sale::recent(db, &here.viewer, limit)? })));
    Ok(json(found.await?))
}

#[utoipa::path(get, path = "/api/sales/{receipt_no}", params(("receipt_no" = String, Path,)), responses((status = 200, body = Sale)))]
pub async fn one(State(http): Shared, seat: Seat, Path(receipt_no): Path<String>) -> Result<Json<Sale>, No> {
    http.fetch_sale(&receipt_no).await?;
    Ok(json(http.ask(&seat, &[Right::Sell], move |db, here| sale::sale(db, &receipt_no, &here.viewer)).await?))
}

/// What pieces of a sale would give back, tender by tender.
#[utoipa::path(get, path = "/api/sales/{receipt_no}/refund", params(("receipt_no" = String, Path,), Pieces), responses((status = 200, body = Refund)))]
pub async fn refund(
    State(http): Shared,
    seat: Seat,
    Path(receipt_no): Path<String>,
    Query(wanted): Query<Pieces>,
) -> Result<Json<Refund>, No> {
    let picks = picks(wanted.picks.as_deref().unwrap_or_default())?;
    http.fetch_right(&seat, &receipt_no).await?;
    http.fetch_points(&seat, &receipt_no, picks.clone()).await?;
    Ok(json(http.ask(&seat, &[Right::Sell], move |db, here| sale::refund(db, &receipt_no, &picks, &here.who, &here.moment)).await?))
}

/// What swapping pieces of a sale for the open bill would come to.
#[utoipa::path(get, path = "/api/sales/{receipt_no}/swap", params(("receipt_no" = String, Path,), Pieces), responses((status = 200, body = Swap)))]
pub async fn swap_preview(
    State(http): Shared,
    seat: Seat,
    Path(receipt_no): Path<String>,
    Query(wanted): Query<Pieces>,
) -> Result<Json<Swap>, No> {
    let picks = picks(wanted.picks.as_deref().unwrap_or_default())?;
    http.fetch_right(&seat, &receipt_no).await?;
    http.fetch_points(&seat, &receipt_no, picks.clone()).await?;
    Ok(json(http.ask(&seat, &[Right::Sell], move |db, here| sale::swap(db, &receipt_no, &picks, &here.who, &here.moment)).await?))
}

/// Reads `2:1000,3:500`.
fn picks(text: &str) -> Result<Vec<Pick>, No> {
    let read = |part: &str| {
        let (line, quantity) = part.split_once(':')?;
        Some(Pick { line: line.parse().ok()?, quantity: Quantity::from_thousandths(quantity.parse().ok()?) })
    };
    let parts = text.split(',').filter(|part| !part.is_empty());
    parts.map(|part| read(part).ok_or_else(|| Refusal::NotSound { field: "picks".into(), why: "form".into() }.into())).collect()
}

impl super::Http {
    /// A sale of another branch comes here with the right to take it back: head office knows which sale the number is, and asks for the right.
    async fn fetch_sale(&self, receipt_no: &str) -> Result<(), No> {
        let Ok(number) = sale::number(receipt_no) else { return Ok(()) };
        let key = number.as_bytes().to_vec();
        if self.app.read(move |db| shared::desk::find::by_number(db, &number)).await?.is_some() {
            return Ok(());
        }
        let question = Question { topic: SALE_OF_RECEIPT.into(), key: key.into() };
        let answer = self.app.uplink.question(question).await.and_then(|id| id.try_into().ok());
        if let Some(sale) = answer {
            self.app.uplink.ask(Wanted::Returnable(SaleId(sale))).await;
        }
        Ok(())
    }

    /// The right to take back that went to another branch is asked for before anything is reckoned.
    async fn fetch_right(&self, seat: &Seat, receipt_no: &str) -> Result<(), No> {
        let Ok(number) = sale::number(receipt_no) else { return Ok(()) };
        let missing = self.ask(seat, &[Right::Sell], move |db, here| Ok(Ok(take_back::right_elsewhere(db, &number, here.moment.here)?)));
        if let Some(sale) = missing.await? {
            self.app.uplink.ask(Wanted::Returnable(sale)).await;
        }
        Ok(())
    }

    /// Points that a return must take back and that lie elsewhere are asked for before the refund is reckoned (R11).
    async fn fetch_points(&self, seat: &Seat, receipt_no: &str, picks: Vec<Pick>) -> Result<(), No> {
        let Ok(number) = sale::number(receipt_no) else { return Ok(()) };
        let missing = self.ask(seat, &[Right::Sell], move |db, here| {
            let state = take_back::State::load(db, &number, &here.who, &here.moment)?;
            Ok(Ok(state.refund(&number, &picks).ok().and_then(|(sold, refund)| {
                let short = refund.recovery.off_refund.minor() + refund.recovery.debt;
                sold.buyer.as_ref().filter(|_| short > 0).map(|buyer| (buyer.member, short))
            })))
        });
        if let Some((member, short)) = missing.await? {
            self.app.uplink.ask(Wanted::Points(member, short)).await;
        }
        Ok(())
    }
}

#[utoipa::path(post, path = "/api/commands/take_back", request_body = Command<TakeSaleBack>, responses((status = 200, body = WasDone)))]
pub async fn take_back(State(http): Shared, asked: Asked<TakeSaleBack>) -> Result<Answer, No> {
    let receipt_no = sale::number(&asked.body.receipt_no)?;
    let (reason, amount) = (asked.body.reason.clone(), asked.body.amount);
    let picks: Vec<Pick> = asked.body.picks.iter().map(|piece| Pick { line: piece.line, quantity: piece.quantity }).collect();
    let (number, devices) = (receipt_no.clone(), http.app.devices.clone());
    let work = move |writer: &mut Writer<'_>, here: &Here| {
        let command =
            TakeBack { who: here.who.clone(), receipt_no: receipt_no.clone(), picks: picks.clone(), reason: reason.clone(), amount };
        Ok(match writer.decide(&command, &here.moment)? {
            Ok(_) => {
                done(writer, here.moment.command, &here.viewer)?.map(|done| WasDone { done: devices.with_print(done) }).ok_or(Refusal::Gone)
            }
            Err(refusal) => Err(refusal),
        })
    };
    let first = http.carry_out(&asked, work.clone()).await;
    let Err(No::Refused(Refusal::LiesElsewhere { .. })) = &first else { return first };
    let sale = http.app.read(move |db| Ok(shared::desk::find::by_number(db, &number)?.map(|receipt| receipt.id))).await?;
    let Some(sale) = sale else { return first };
    // The right to take back lies where it was sold: it is asked for, as long as a customer waits.
    http.app.uplink.ask(Wanted::Returnable(sale.into())).await;
    http.carry_out(&asked, work).await
}

/// Prints something again and says how the job stands.
fn reprinted(writer: &mut Writer<'_>, here: &Here, of: Of, first: bool) -> Result<Result<PrintState, Refusal>, Fault> {
    let command = Reprint { who: here.who.clone(), of, first };
    Ok(match writer.decide(&command, &here.moment)? {
        Ok(_) => Ok(print_state(writer, job_of(here.moment.command))?),
        Err(refusal) => Err(refusal),
    })
}

#[utoipa::path(post, path = "/api/commands/reprint", request_body = Command<OneReceipt>, responses((status = 200, body = CopyPrinted)))]
pub async fn reprint(State(http): Shared, asked: Asked<OneReceipt>) -> Result<Answer, No> {
    let receipt_no = sale::number(&asked.body.receipt_no)?;
    http.carry_out(&asked, move |writer, here| {
        let print = match reprinted(writer, here, Of::Receipt(receipt_no.clone()), false)? {
            Ok(print) => print,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let copy = shared::desk::find::by_number(writer, &receipt_no)?.map_or(0, |receipt| receipt.copies);
        Ok(Ok(CopyPrinted { copy, print }))
    })
    .await
}

/// The first print of a slip that was lost in a power cut or an empty roll; a copy, if it may have come out.
#[utoipa::path(post, path = "/api/commands/print", request_body = Command<OneReceipt>, responses((status = 200, body = Printed)))]
pub async fn print(State(http): Shared, asked: Asked<OneReceipt>) -> Result<Answer, No> {
    let receipt_no = sale::number(&asked.body.receipt_no)?;
    let order = Order::default();
    let (devices, filled) = (http.app.devices.clone(), order.clone());
    let answer = http.carry_out(&asked, move |writer, here| {
        let Some(receipt) = shared::desk::find::by_number(writer, &receipt_no)? else {
            // The command judges the right first, then says that there is no such slip.
            return Ok(reprinted(writer, here, Of::Receipt(receipt_no.clone()), true)?.map(|print| Printed { print }));
        };
        // The job that the decision wrote is the one that is printed, as long as it is open: a second one would be a second slip.
        let job = job_of(receipt.id);
        match devices.take(writer, job, &here.who, &here.moment)? {
            Ok(took) => {
                let print = print_state(writer, took.as_ref().map_or(job, Taken::job))?;
                filled.fill(took);
                Ok(Ok(Printed { print }))
            }
            Err(Refusal::Gone) => {
                let tried = jobs::job(writer, job)?.is_some_and(|job| job.tries > 0);
                Ok(reprinted(writer, here, Of::Receipt(receipt_no.clone()), !tried)?.map(|print| Printed { print }))
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    });
    let answer = answer.await?;
    http.app.devices.send(&order, http.app.devices.printer_of(Some(asked.seat.session.till)));
    Ok(answer)
}

#[utoipa::path(post, path = "/api/commands/shift_reprint", request_body = Command<ShiftOf>, responses((status = 200, body = Printed)))]
pub async fn shift_reprint(State(http): Shared, asked: Asked<ShiftOf>) -> Result<Answer, No> {
    let shift = asked.body.shift;
    http.carry_out(&asked, move |writer, here| Ok(reprinted(writer, here, Of::Shift(shift), false)?.map(|print| Printed { print }))).await
}

#[utoipa::path(get, path = "/api/shifts/{id}", params(("id" = String, Path,)), responses((status = 200, body = ZOf)))]
pub async fn shift(State(http): Shared, seat: Seat, Path(id): Path<String>) -> Result<Json<ZOf>, No> {
    let id: ShiftId = id.parse().map_err(|_| Refusal::NotFound { what: "shift".into() })?;
    let mine = seat.session.staff.to_string();
    let found = http.ask(&seat, &[Right::SeeTakings, Right::Shift], move |db, here| {
        let z = shown::z(db, id)?;
        // Whoever may not see takings sees the own Z, and does not learn of others.
        if !here.moment.may(Right::SeeTakings) && z.as_ref().is_none_or(|z| z.cashier.id != mine) {
            return Ok(Err(Refusal::NotAllowed { right: Right::SeeTakings }));
        }
        Ok(z.map(|z| ZOf { z }).ok_or(Refusal::NotFound { what: "shift".into() }))
    });
    Ok(json(found.await?))
}

#[utoipa::path(post, path = "/api/commands/open_drawer", request_body = Command<Reason>, responses((status = 200, body = Nothing)))]
pub async fn open_drawer(State(http): Shared, asked: Asked<Reason>) -> Result<Answer, No> {
    let reason = asked.body.reason.clone().unwrap_or_default();
    http.carry_out(&asked, move |writer, here| {
        let command = OpenDrawer { who: here.who.clone(), reason: reason.clone() };
        Ok(writer.decide(&command, &here.moment)?.map(|_| Nothing {}))
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/set_clock", request_body = Command<Clock>, responses((status = 200, body = Nothing)))]
pub async fn set_clock(State(http): Shared, asked: Asked<Clock>) -> Result<Answer, No> {
    let (wanted_ms, shown_ms) = (asked.body.now_ms, crate::app::now_ms());
    http.carry_out(&asked, move |writer, here| {
        let command = SetClock { who: here.who.clone(), now_ms: wanted_ms };
        if let Err(refusal) = writer.decide(&command, &here.moment)? {
            return Ok(Err(refusal));
        }
        shared::store::clock::set_by_hand(writer, shown_ms, wanted_ms)?;
        Ok(Ok(Nothing {}))
    })
    .await
}
