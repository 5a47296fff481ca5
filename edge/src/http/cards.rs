//! The card desk: cards lost, replaced and closed; value taken off, given to a friend, put right.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command, json};
use super::members::{OfMember, PaidIn};
use super::seat::{Here, Seat};
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use shared::base::{MemberId, Money, SaleId};
use shared::desk::card::{adjust::AdjustValue, close, close::CloseCard, give::GiveValue, issue::IssueCard, withdraw::Withdraw};
use shared::desk::shown::done::done;
use shared::desk::shown::member::card;
use shared::facts::ledger::Wanted;
use shared::journal::{self, Fault, Refusal, Right};
use shared::members::gift::forfeited;
use shared::members::report_card::ReportCard;
use shared::store::Writer;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CardReport {
    pub member: MemberId,
    /// Its last digits.
    pub card: String,
    /// Reported lost; otherwise lifted.
    pub lost: bool,
    pub reason: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CardIssue {
    pub member: MemberId,
    pub number: String,
    /// Last digits of the card that it replaces.
    #[schema(required)]
    pub instead_of: Option<String>,
    pub fee: Money,
    pub deposit: Money,
    pub tender: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TakeOff {
    pub member: MemberId,
    pub amount: Money,
    pub tender: String,
    pub forfeit: Money,
    pub reason: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GiveAway {
    pub member: MemberId,
    pub to: MemberId,
    pub amount: Money,
    pub reason: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PutRight {
    pub member: MemberId,
    /// To add; below zero to take.
    pub principal: Money,
    pub bonus: Money,
    pub reason: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CardClose {
    pub member: MemberId,
    pub tender: String,
    pub paid_out: Money,
    pub reason: String,
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct Off {
    pub member: String,
    pub amount: i64,
}

/// What taking an amount off a card forfeits, and what closing it would pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardPreview {
    pub principal: Money,
    pub bonus: Money,
    pub forfeit: Money,
    pub deposits: Money,
    pub closing: Money,
}

#[utoipa::path(get, path = "/api/card", params(Off), responses((status = 200, body = CardPreview)))]
pub async fn card_preview(State(http): Shared, seat: Seat, Query(wanted): Query<Off>) -> Result<Json<CardPreview>, No> {
    let member: MemberId = wanted.member.parse().map_err(|_| Refusal::UnknownMember)?;
    let amount = Money::from_minor(wanted.amount);
    let shown = http.ask(&seat, &[Right::Enrol, Right::Withdraw], move |db, here| {
        let state = close::state(db, &here.who, member, &here.moment)?;
        Ok(shown(&state, amount))
    });
    Ok(json(shown.await?))
}

fn shown(state: &close::State, amount: Money) -> Result<CardPreview, Refusal> {
    let (purse, closing) = (&state.counter.purse, state.paid_out()?);
    Ok(CardPreview {
        principal: purse.principal,
        bonus: purse.bonus,
        forfeit: forfeited(purse.principal, purse.bonus, amount.min(purse.principal))?,
        deposits: closing.minus(purse.principal)?,
        closing,
    })
}

#[utoipa::path(post, path = "/api/commands/card_report", request_body = Command<CardReport>, responses((status = 200, body = OfMember)))]
pub async fn card_report(State(http): Shared, asked: Asked<CardReport>) -> Result<Answer, No> {
    let CardReport { member, card: number, lost, reason } = &asked.body;
    let member = *member;
    let command = ReportCard { member, card: number.clone(), lost: *lost, reason: reason.clone() };
    http.carry_out(&asked, move |writer, here| {
        if let Err(refusal) = writer.decide(&command, &here.moment)? {
            return Ok(Err(refusal));
        }
        Ok(card(writer, member, &here.viewer)?.map(|member| OfMember { member }).ok_or(Refusal::UnknownMember))
    })
    .await
}

impl super::Http {
    /// Decides what gives a slip; what lies elsewhere is fetched, and the same command decided again.
    pub(super) async fn at_desk<B, C, M>(&self, asked: &Asked<B>, member: MemberId, make: M) -> Result<Answer, No>
    where
        C: journal::Command,
        M: Fn(&Here) -> C + Clone + Send + 'static,
    {
        let devices = self.app.devices.clone();
        let work = move |writer: &mut Writer<'_>, here: &Here| -> Result<Result<PaidIn, Refusal>, Fault> {
            if let Err(refusal) = writer.decide(&make(here), &here.moment)? {
                return Ok(Err(refusal));
            }
            let done = done(writer, here.moment.command, &here.viewer)?.map(|done| devices.with_print(done));
            let member = card(writer, member, &here.viewer)?;
            Ok(done.zip(member).map(|(done, member)| PaidIn { done, member }).ok_or(Refusal::UnknownMember))
        };
        let first = self.carry_out(asked, work.clone()).await;
        match &first {
            Err(No::Refused(Refusal::NotEnoughHere { wanted, here, elsewhere })) => {
                let told: i64 = elsewhere.iter().map(|place| place.amount).sum();
                self.app.uplink.ask(Wanted::Value(member, told.max(wanted.saturating_sub(*here)))).await;
            }
            Err(No::Refused(Refusal::LiesElsewhere { .. })) => {
                let held = self.app.read(move |db| shared::members::deposit::deposits(db, member)).await?;
                for deposit in held {
                    self.app.uplink.ask(Wanted::Returnable(SaleId::from(deposit.of))).await;
                }
            }
            Err(No::Refused(Refusal::NotEnoughUses { packages, .. })) => {
                for package in packages {
                    self.app.uplink.ask(Wanted::Uses(member, *package)).await;
                }
            }
            _ => return first,
        }
        self.carry_out(asked, work).await
    }
}

#[utoipa::path(post, path = "/api/commands/card_issue", request_body = Command<CardIssue>, responses((status = 200, body = PaidIn)))]
pub async fn card_issue(State(http): Shared, asked: Asked<CardIssue>) -> Result<Answer, No> {
    let CardIssue { member, number, instead_of, fee, deposit, tender } = &asked.body;
    let (member, number, instead_of, fee, deposit, tender) = (*member, number.clone(), instead_of.clone(), *fee, *deposit, tender.clone());
    let make = move |here: &Here| IssueCard {
        who: here.who.clone(),
        member,
        number: number.clone(),
        instead_of: instead_of.clone(),
        fee,
        deposit,
        tender: tender.clone(),
    };
    http.at_desk(&asked, member, make).await
}

#[utoipa::path(post, path = "/api/commands/withdraw", request_body = Command<TakeOff>, responses((status = 200, body = PaidIn)))]
pub async fn withdraw(State(http): Shared, asked: Asked<TakeOff>) -> Result<Answer, No> {
    let TakeOff { member, amount, tender, forfeit, reason } = &asked.body;
    let (member, amount, tender, forfeit, reason) = (*member, *amount, tender.clone(), *forfeit, reason.clone());
    let make =
        move |here: &Here| Withdraw { who: here.who.clone(), member, amount, tender: tender.clone(), forfeit, reason: reason.clone() };
    http.at_desk(&asked, member, make).await
}

#[utoipa::path(post, path = "/api/commands/give_value", request_body = Command<GiveAway>, responses((status = 200, body = PaidIn)))]
pub async fn give_value(State(http): Shared, asked: Asked<GiveAway>) -> Result<Answer, No> {
    let GiveAway { member, to, amount, reason } = &asked.body;
    let (member, to, amount, reason) = (*member, *to, *amount, reason.clone());
    let make = move |here: &Here| GiveValue { who: here.who.clone(), member, to, amount, reason: reason.clone() };
    http.at_desk(&asked, member, make).await
}

#[utoipa::path(post, path = "/api/commands/adjust_value", request_body = Command<PutRight>, responses((status = 200, body = PaidIn)))]
pub async fn adjust_value(State(http): Shared, asked: Asked<PutRight>) -> Result<Answer, No> {
    let PutRight { member, principal, bonus, reason } = &asked.body;
    let (member, principal, bonus, reason) = (*member, *principal, *bonus, reason.clone());
    let make = move |here: &Here| AdjustValue { who: here.who.clone(), member, principal, bonus, reason: reason.clone() };
    http.at_desk(&asked, member, make).await
}

#[utoipa::path(post, path = "/api/commands/card_close", request_body = Command<CardClose>, responses((status = 200, body = PaidIn)))]
pub async fn card_close(State(http): Shared, asked: Asked<CardClose>) -> Result<Answer, No> {
    let CardClose { member, tender, paid_out, reason } = &asked.body;
    let (member, tender, paid_out, reason) = (*member, tender.clone(), *paid_out, reason.clone());
    let make = move |here: &Here| CloseCard { who: here.who.clone(), member, tender: tender.clone(), paid_out, reason: reason.clone() };
    http.at_desk(&asked, member, make).await
}
