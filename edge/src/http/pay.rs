//! Payment. The tender that covers the due completes the sale, under the bill's own id: a sale cannot be made twice.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command};
use super::bill::{OfBill, decided, number};
use super::receipts::Piece;
use super::seat::Here;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::base::{CommandId, Money};
use shared::desk::bill::Attached;
use shared::desk::bill::tender_remove::RemoveTender;
use shared::desk::check_out::Tender;
use shared::desk::prove;
use shared::desk::shown::bill::{Bill, open};
use shared::desk::shown::done::{Done, done};
use shared::desk::shown::sale;
use shared::desk::swap::Swap;
use shared::desk::top_up_pay::TopUpAndPay;
use shared::facts::ledger::Wanted;
use shared::facts::sales::{POINTS, Proven, VALUE};
use shared::journal::{Command as Decides, Fault, Moment, Refusal};
use shared::sales::back::Pick;
use shared::store::Writer;
use utoipa::ToSchema;

/// What proves the member.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Proof {
    Pin { pin: String },
    Signature,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TakeTender {
    pub code: String,
    #[schema(required)]
    pub amount: Option<Money>,
    pub due: Money,
    #[schema(required)]
    pub proof: Option<Proof>,
    #[schema(required)]
    pub pay_code: Option<String>,
}

/// Tops up, and pays the open bill of the same member with it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PayInAndPay {
    pub amount: Money,
    pub tender: String,
    #[schema(required)]
    pub tendered: Option<Money>,
    pub gift: Money,
    pub due: Money,
    #[schema(required)]
    pub proof: Option<Proof>,
}

/// Takes pieces of a sale back and pays the open bill with them.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SwapGoods {
    pub receipt_no: String,
    /// Empty: all that may still come back.
    #[serde(default)]
    pub picks: Vec<Piece>,
    pub reason: String,
    pub refund: Money,
    pub due: Money,
    /// By what the difference is paid; none where nothing is left to pay.
    #[schema(required)]
    pub tender: Option<String>,
    #[schema(required)]
    pub amount: Option<Money>,
    #[schema(required)]
    pub proof: Option<Proof>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OneTender {
    pub tender: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Tendered {
    #[schema(required)]
    pub bill: Option<Bill>,
    #[schema(required)]
    pub done: Option<Done>,
}

#[utoipa::path(post, path = "/api/commands/tender", request_body = Command<TakeTender>, responses((status = 200, body = Tendered)))]
pub async fn tender(State(http): Shared, asked: Asked<TakeTender>) -> Result<Answer, No> {
    let (member, proven) = http.proven(asked.seat.session.till, asked.body.proof.as_ref()).await?;
    let (code, amount, due) = (asked.body.code.clone(), asked.body.amount, asked.body.due);
    let work = {
        let (asked_id, devices) = (asked.id.0, http.app.devices.clone());
        let code = code.clone();
        move |writer: &mut Writer<'_>, here: &Here| {
            let command = Tender { who: here.who.clone(), code: code.clone(), amount, due, proven, asked: asked_id };
            let tendered = tendered(writer, here, &command)?;
            Ok(tendered.map(|tendered| Tendered { done: tendered.done.map(|done| devices.with_print(done)), ..tendered }))
        }
    };
    let first = http.carry_out(&asked, work.clone()).await;
    let Err(No::Refused(Refusal::NotEnoughHere { wanted, here, .. })) = &first else { return first };
    let Some(attached) = member else { return first };
    let short = wanted.saturating_sub(*here);
    let wanted = match code.as_str() {
        VALUE => Wanted::Value(attached.member, short),
        POINTS => Wanted::Points(attached.member, short),
        _ => return first,
    };
    // What lies elsewhere is asked for, as long as a customer waits; then the same command is decided again.
    http.app.uplink.ask(wanted).await;
    http.carry_out(&asked, work).await
}

#[utoipa::path(post, path = "/api/commands/top_up_pay", request_body = Command<PayInAndPay>, responses((status = 200, body = Tendered)))]
pub async fn top_up_pay(State(http): Shared, asked: Asked<PayInAndPay>) -> Result<Answer, No> {
    let (_, proven) = http.proven(asked.seat.session.till, asked.body.proof.as_ref()).await?;
    let PayInAndPay { amount, tendered: notes, gift, due, .. } = asked.body;
    let (tender, asked_id, devices) = (asked.body.tender.clone(), asked.id.0, http.app.devices.clone());
    http.carry_out(&asked, move |writer, here| {
        let (who, tender) = (here.who.clone(), tender.clone());
        let command = TopUpAndPay { who, amount, tender, tendered: notes, gift, due, proven, asked: asked_id };
        let tendered = tendered(writer, here, &command)?;
        Ok(tendered.map(|tendered| Tendered { done: tendered.done.map(|done| devices.with_print(done)), ..tendered }))
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/swap", request_body = Command<SwapGoods>, responses((status = 200, body = Tendered)))]
pub async fn swap(State(http): Shared, asked: Asked<SwapGoods>) -> Result<Answer, No> {
    let receipt_no = sale::number(&asked.body.receipt_no)?;
    let (_, proven) = http.proven(asked.seat.session.till, asked.body.proof.as_ref()).await?;
    let picks: Vec<Pick> = asked.body.picks.iter().map(|piece| Pick { line: piece.line, quantity: piece.quantity }).collect();
    let SwapGoods { refund, due, amount, .. } = asked.body;
    let (reason, tender) = (asked.body.reason.clone(), asked.body.tender.clone());
    let (asked_id, devices) = (asked.id.0, http.app.devices.clone());
    http.carry_out(&asked, move |writer, here| {
        let (who, receipt_no, picks) = (here.who.clone(), receipt_no.clone(), picks.clone());
        let (reason, tender) = (reason.clone(), tender.clone());
        let command = Swap { who, receipt_no, picks, reason, refund, due, tender, amount, proven, asked: asked_id };
        let tendered = tendered(writer, here, &command)?;
        Ok(tendered.map(|tendered| Tendered { done: tendered.done.map(|done| devices.with_print(done)), ..tendered }))
    })
    .await
}

impl super::Http {
    /// The member of a till's open bill, and what proved them; a PIN is compared.
    async fn proven(&self, till: u16, proof: Option<&Proof>) -> Result<(Option<Attached>, Proven), No> {
        let member = self.app.read(move |db| Ok(shared::desk::bill::open(db, till)?.and_then(|bill| bill.member))).await?;
        let proven = match (proof, &member) {
            (Some(Proof::Pin { pin }), Some(attached)) => {
                self.prove(prove::Who::Member(attached.member), pin.clone()).await?;
                Proven::Pin
            }
            (Some(Proof::Signature), _) => Proven::Signature,
            _ => Proven::NotAsked,
        };
        Ok((member, proven))
    }
}

fn tendered<C: Decides>(writer: &mut Writer<'_>, here: &Here, command: &C) -> Result<Result<Tendered, Refusal>, Fault> {
    let bill = shared::desk::bill::open(writer, here.viewer.till)?;
    let sale = bill.map_or(here.moment.command, |bill| CommandId::from(bill.id));
    let moment = Moment { command: sale, ..here.moment.clone() };
    Ok(match writer.decide(command, &moment)? {
        Ok(_) => Ok(Tendered { bill: open(writer, &here.viewer)?, done: done(writer, sale, &here.viewer)? }),
        Err(refusal) => Err(refusal),
    })
}

#[utoipa::path(post, path = "/api/commands/tender_remove", request_body = Command<OneTender>, responses((status = 200, body = OfBill)))]
pub async fn tender_remove(State(http): Shared, asked: Asked<OneTender>) -> Result<Answer, No> {
    let tender = number(&asked.body.tender)?;
    http.carry_out(&asked, move |writer, here| decided(writer, here, &RemoveTender { who: here.who.clone(), tender })).await
}
