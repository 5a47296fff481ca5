//! Enrolling, PINs, topping up.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command, json};
use super::seat::Seat;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json as value;
use shared::base::{CommandId, MemberId, Money, text};
use shared::desk::bill::attach::Attach;
use shared::desk::enrol::Enrol;
use shared::desk::prove;
use shared::desk::shown::bill::{Bill, open};
use shared::desk::shown::done::{Done, done};
use shared::desk::shown::member::{MemberCard, card, hit};
use shared::desk::shown::value::{ValuePreview, with_top_up};
use shared::desk::top_up::{TopUp, preview};
use shared::desk::write::member::{EditMember, WriteMember};
use shared::documents::{Fields, Scalar};
use shared::journal::{Fault, Moment, Refusal, Right};
use shared::members::set_pin::SetPin;
use shared::members::{self, Hit, Why};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct NewMember {
    pub name: String,
    pub phone: String,
    #[schema(required)]
    pub birthday: Option<u32>,
    /// `f` or `m`.
    #[schema(required)]
    pub gender: Option<String>,
    #[schema(required)]
    pub card: Option<String>,
    #[schema(required)]
    pub pin: Option<String>,
    pub attach: bool,
    pub although_taken: bool,
}

/// What is put right in a member's data; nothing said leaves it as it is, an empty text takes it away.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MemberEdit {
    pub member: MemberId,
    #[schema(required)]
    pub name: Option<String>,
    #[schema(required)]
    pub phone: Option<String>,
    #[schema(required)]
    pub note: Option<String>,
    pub although_taken: bool,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MemberPin {
    pub member: MemberId,
    pub pin: String,
    #[schema(required)]
    pub old: Option<String>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PayIn {
    pub member: MemberId,
    pub amount: Money,
    pub tender: String,
    #[schema(required)]
    pub tendered: Option<Money>,
    pub gift: Money,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Enrolled {
    pub member: MemberCard,
    #[schema(required)]
    pub bill: Option<Bill>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OfMember {
    pub member: MemberCard,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PaidIn {
    pub done: Done,
    pub member: MemberCard,
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct Wanted {
    pub member: String,
    pub amount: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Tier {
    pub from: Money,
    pub bonus: Money,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct After {
    pub principal: Money,
    pub bonus: Money,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TopUpPreview {
    pub amount: Money,
    pub bonus: Money,
    #[schema(required)]
    pub tier: Option<Tier>,
    #[schema(required)]
    pub next: Option<Tier>,
    /// The greatest amount there is where the chain sets no limit.
    pub cap: Money,
    pub may_add: Money,
    pub after: After,
    /// What of it would pay the open bill at once; none where it is not this member's, or is not covered.
    #[schema(required)]
    pub pays: Option<ValuePreview>,
}

/// Shown where the chain sets no limit.
const NO_LIMIT: Money = Money::from_minor(1_000_000_000);

/// Six digits.
fn six_digits(pin: &str) -> Result<(), Refusal> {
    let sound = pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit());
    if sound { Ok(()) } else { Err(Refusal::BadPin) }
}

impl super::Http {
    /// A PIN sealed for a member; slow on purpose, off the async threads.
    async fn seal(&self, member: MemberId, pin: String) -> Result<Vec<u8>, No> {
        six_digits(&pin)?;
        let entropy: [u8; 40] = crate::install::random().map_err(|_| No::Fault(Fault::Stopped))?;
        let vault = self.app.vault.clone();
        let sealed = tokio::task::spawn_blocking(move || prove::sealed(&vault, prove::Who::Member(member), &pin, entropy));
        sealed.await.map_err(|_| No::Fault(Fault::Stopped))
    }
}

#[utoipa::path(post, path = "/api/commands/enrol", request_body = Command<NewMember>, responses((status = 200, body = Enrolled)))]
pub async fn enrol(State(http): Shared, asked: Asked<NewMember>) -> Result<Answer, No> {
    let member = MemberId::from(asked.id);
    let wanted = &asked.body;
    let sealed_pin = match wanted.pin.clone().filter(|pin| !pin.is_empty()) {
        Some(pin) => Some(http.seal(member, pin).await?),
        None => None,
    };
    let gender = match wanted.gender.as_deref() {
        Some("f") => "female",
        Some("m") => "male",
        _ => "",
    };
    let command = Enrol {
        name: wanted.name.clone(),
        phone: wanted.phone.clone(),
        birthday: wanted.birthday,
        gender: gender.into(),
        card: wanted.card.clone(),
        sealed_pin,
        although_taken: wanted.although_taken,
    };
    let attach = wanted.attach;
    let enrolled = http.carry_out(&asked, move |writer, here| {
        if let Err(refusal) = writer.decide(&command, &here.moment)? {
            return Ok(Err(refusal));
        }
        if attach {
            // A command of its own: one id is one command.
            let moment = Moment { command: CommandId(here.moment.fresh(1)), ..here.moment.clone() };
            if let Err(refusal) = writer.decide(&Attach { who: here.who.clone(), member, claimed_card: None }, &moment)? {
                return Ok(Err(refusal));
            }
        }
        let bill = open(writer, &here.viewer)?;
        Ok(card(writer, member, &here.viewer)?.map(|member| Enrolled { member, bill }).ok_or(Refusal::UnknownMember))
    });
    match enrolled.await {
        Err(No::Refused(Refusal::PhoneTaken { members })) => Err(taken(&http, members).await?),
        other => other,
    }
}

#[utoipa::path(post, path = "/api/commands/member_edit", request_body = Command<MemberEdit>, responses((status = 200, body = OfMember)))]
pub async fn member_edit(State(http): Shared, asked: Asked<MemberEdit>) -> Result<Answer, No> {
    let wanted = &asked.body;
    let member = wanted.member;
    let phone = wanted.phone.as_ref().map(|phone| text::normal_phone(phone).unwrap_or_else(|| phone.clone()));
    let (mut set, mut removed) = (Fields::new(), Vec::new());
    for (key, said) in [("name", wanted.name.clone()), ("phone", phone), ("note", wanted.note.clone())] {
        match said.as_deref().map(str::trim) {
            None => {}
            Some("") => removed.push(key.to_owned()),
            Some(said) => drop(set.insert(key.into(), Scalar::Text(said.into()))),
        }
    }
    let command = EditMember(WriteMember { member: Some(member), set, removed, although_taken: wanted.although_taken });
    let edited = http.carry_out(&asked, move |writer, here| {
        if let Err(refusal) = writer.decide(&command, &here.moment)? {
            return Ok(Err(refusal));
        }
        Ok(card(writer, member, &here.viewer)?.map(|member| OfMember { member }).ok_or(Refusal::UnknownMember))
    });
    match edited.await {
        Err(No::Refused(Refusal::PhoneTaken { members })) => Err(taken(&http, members).await?),
        other => other,
    }
}

/// The people who have the phone already, masked.
async fn taken(http: &super::Http, ids: Vec<String>) -> Result<No, No> {
    let hits = http.app.read(move |db| {
        let mut hits = Vec::new();
        for id in ids.iter().filter_map(|id| id.parse::<MemberId>().ok()) {
            if let Some(member) = members::member(db, id)? {
                hits.push(hit(db, &Hit { member, why: Why::Phone })?);
            }
        }
        Ok(hits)
    });
    Ok(No::Shell(StatusCode::CONFLICT, "phone_taken", value!({ "members": hits.await? })))
}

#[utoipa::path(post, path = "/api/commands/member_pin", request_body = Command<MemberPin>, responses((status = 200, body = OfMember)))]
pub async fn member_pin(State(http): Shared, asked: Asked<MemberPin>) -> Result<Answer, No> {
    let member = asked.body.member;
    let proven = match asked.body.old.clone() {
        Some(old) => {
            http.prove(prove::Who::Member(member), old).await?;
            true
        }
        None => false,
    };
    let sealed = http.seal(member, asked.body.pin.clone()).await?;
    http.carry_out(&asked, move |writer, here| {
        let command = SetPin { member, sealed: sealed.clone(), proven };
        if let Err(refusal) = writer.decide(&command, &here.moment)? {
            return Ok(Err(refusal));
        }
        Ok(card(writer, member, &here.viewer)?.map(|member| OfMember { member }).ok_or(Refusal::UnknownMember))
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/top_up", request_body = Command<PayIn>, responses((status = 200, body = PaidIn)))]
pub async fn top_up(State(http): Shared, asked: Asked<PayIn>) -> Result<Answer, No> {
    let PayIn { member, amount, tender, tendered, gift } = &asked.body;
    let (member, amount, tender, tendered, gift) = (*member, *amount, tender.clone(), *tendered, *gift);
    let devices = http.app.devices.clone();
    http.carry_out(&asked, move |writer, here| {
        let command = TopUp { who: here.who.clone(), member, amount, tender: tender.clone(), tendered, gift };
        if let Err(refusal) = writer.decide(&command, &here.moment)? {
            return Ok(Err(refusal));
        }
        let done = done(writer, here.moment.command, &here.viewer)?.map(|done| devices.with_print(done));
        let member = card(writer, member, &here.viewer)?;
        Ok(done.zip(member).map(|(done, member)| PaidIn { done, member }).ok_or(Refusal::UnknownMember))
    })
    .await
}

#[utoipa::path(get, path = "/api/top_up", params(Wanted), responses((status = 200, body = TopUpPreview)))]
pub async fn top_up_preview(State(http): Shared, seat: Seat, Query(wanted): Query<Wanted>) -> Result<Json<TopUpPreview>, No> {
    let member: MemberId = wanted.member.parse().map_err(|_| Refusal::UnknownMember)?;
    let amount = Money::from_minor(wanted.amount);
    let shown = http.ask(&seat, &[Right::TopUp], move |db, here| {
        let tier = |tier: members::gift::Tier| Tier { from: tier.from, bonus: tier.bonus };
        let shown = match preview(db, member, amount, &here.moment)? {
            Ok(shown) => shown,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(Ok(TopUpPreview {
            pays: with_top_up(db, member, &shown, &here.viewer)?,
            amount: shown.amount,
            bonus: shown.bonus,
            tier: shown.tier.map(tier),
            next: shown.next.map(tier),
            cap: shown.cap.unwrap_or(NO_LIMIT),
            may_add: shown.may_add.unwrap_or(NO_LIMIT),
            after: After { principal: shown.principal_after, bonus: shown.bonus_after },
        }))
    });
    Ok(json(shown.await?))
}
