//! One command as a page asks for it: a body with an id, who asks, and perhaps a supervisor beside. The same id with the same body is the same
//! command and gets the same answer; with another body it is refused.
use super::Http;
use super::answer::No;
use super::seat::{Here, Lent, Seat, here};
use crate::app::now_ms;
use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::base::CommandId;
use shared::desk::prove;
use shared::journal::{Fault, Read, Refusal, Right};
use shared::staff;
use shared::store::drafts::draft;
use shared::store::{Priority, Writer};
use std::sync::Arc;
use utoipa::ToSchema;

/// Draft kind of answers given, so that a retry reads the same.
const ANSWER: &str = "answer";
/// How long an answer without an entry is kept, ms.
const ANSWER_KEPT_MS: i64 = 3_600_000;
/// Bytes of one body.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// A supervisor on the spot, for this one command.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Override {
    pub code: String,
    pub pin: String,
}

/// A command's body: its id, an override, and what is wanted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Command<B> {
    /// 32 lower-case hex digits made by the page.
    pub id: String,
    #[serde(rename = "override", default)]
    pub over: Option<Override>,
    #[serde(flatten)]
    pub body: B,
}

/// A command on its way, with whoever asks.
pub struct Asked<B> {
    pub seat: Seat,
    pub id: CommandId,
    pub over: Option<Override>,
    pub body: B,
    digest: [u8; 16],
}

impl<B: DeserializeOwned> FromRequest<Arc<Http>> for Asked<B> {
    type Rejection = No;

    async fn from_request(request: Request, http: &Arc<Http>) -> Result<Asked<B>, No> {
        let (mut parts, body) = request.into_parts();
        let seat = Seat::from_request_parts(&mut parts, http).await?;
        let bytes = axum::body::to_bytes(body, BODY_BYTES_MAX).await.map_err(|error| No::bad_body(error.to_string()))?;
        let command: Command<B> = serde_json::from_slice(&bytes).map_err(|error| No::bad_body(error.to_string()))?;
        let id: CommandId = format!("cmd_{}", command.id).parse().map_err(|_| No::bad_body("id: 32 hex digits".into()))?;
        let digest = shared::base::ids::derived("asked", &[parts.uri.path().as_bytes(), &bytes]);
        Ok(Asked { seat, id, over: command.over, body: command.body, digest })
    }
}

/// A finished answer: its JSON.
pub struct Answer(Vec<u8>);

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        ([(axum::http::header::CONTENT_TYPE, "application/json")], self.0).into_response()
    }
}

impl Http {
    /// Lends the rights of the supervisor who keyed code and PIN.
    async fn lend(&self, over: Option<&Override>) -> Result<Option<Lent>, No> {
        let Some(Override { code, pin }) = over.cloned() else { return Ok(None) };
        let person = self.app.read(move |db| staff::by_code(db, &code)).await?.ok_or(Refusal::UnknownStaff)?;
        self.prove(prove::Who::Staff(person.id), pin).await?;
        let rights = self.app.read(move |db| staff::rights(db, person.id)).await?;
        match rights.rights.contains(&Right::Allow) {
            true => Ok(Some(Lent { staff: person.id, rights })),
            false => Err(Refusal::NotAllowed { right: Right::Allow }.into()),
        }
    }

    /// Compares a PIN off the clerk's thread and counts the try.
    ///
    /// # Errors
    /// Wrong, locked, or a fault of the store. Nobody without a PIN proves anything.
    pub async fn prove(&self, who: prove::Who, pin: String) -> Result<(), No> {
        let clerk = self.app.clerk.clone();
        let vault = self.app.vault.clone();
        let compared = tokio::task::spawn_blocking(move || clerk.readers().read(|db| prove::compared(db, &vault, who, &pin)));
        let compared = compared.await.unwrap_or(Err(Fault::Stopped))?;
        let Some(compared) = compared else {
            return Err(match who {
                prove::Who::Staff(_) => Refusal::WrongPin { tries_left: 0 }.into(),
                prove::Who::Member(_) => Refusal::WrongMemberPin { tries_left: 0 }.into(),
            });
        };
        Ok(self.app.write(Priority::Till, move |writer| prove::counted(writer, compared)).await??)
    }

    /// Carries a command out in one transaction and keeps its answer. `work` decides and renders; it may run twice, where a balance had to be
    /// fetched from elsewhere.
    ///
    /// # Errors
    /// The rule's no, or a fault of the store.
    pub async fn carry_out<B, T, W>(&self, asked: &Asked<B>, work: W) -> Result<Answer, No>
    where
        T: Serialize,
        W: Fn(&mut Writer<'_>, &Here) -> Result<Result<T, Refusal>, Fault> + Clone + Send + 'static,
    {
        let lent = self.lend(asked.over.as_ref()).await?;
        let without = lent.is_none();
        let facts = self.facts(asked.id)?;
        let (seat, id, digest) = (asked.seat.clone(), asked.id, asked.digest);
        let done = self.app.write(Priority::Till, move |writer| {
            if let Some(kept) = draft(writer, ANSWER, &id.0)? {
                return Ok(if kept[..16] == digest { Ok(kept[16..].to_vec()) } else { Err(Refusal::CommandReused) });
            }
            let here = here(writer, &facts, &seat, lent.as_ref())?;
            let done = match work(writer, &here)? {
                Ok(done) => done,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let json = serde_json::to_vec(&done).map_err(|error| Fault::Damaged(error.to_string()))?;
            writer.set_draft(ANSWER, &id.0, Some(&[&digest[..], &json].concat()))?;
            forget_old(writer)?;
            Ok(Ok(json))
        });
        done.await?.map(Answer).map_err(|refusal| beside(refusal, without).into())
    }

    /// Judges a command that changes no books, such as binding a device, as any other: by the person's rights and those that a supervisor lends.
    ///
    /// # Errors
    /// The right is missing, or a fault of the store; what the question refuses.
    pub async fn judge<B, T: Send + 'static>(
        &self,
        asked: &Asked<B>,
        any_of: &'static [Right],
        question: impl FnOnce(&dyn Read, &Here) -> Result<Result<T, Refusal>, Fault> + Send + 'static,
    ) -> Result<T, No> {
        let lent = self.lend(asked.over.as_ref()).await?;
        let without = lent.is_none();
        match self.ask_beside(&asked.seat, lent, any_of, question).await {
            Err(No::Refused(refusal)) => Err(beside(refusal, without).into()),
            answer => answer,
        }
    }
}

/// Somebody with the right may stand beside: the page asks for code and PIN.
fn beside(refusal: Refusal, without: bool) -> Refusal {
    match refusal {
        Refusal::NotAllowed { right } if without => Refusal::NeedsOverride { right, limit: None, asked: None },
        refusal => refusal,
    }
}

/// Answers are told apart by time through the ids that pages make: the first 48 bits are UTC ms.
fn forget_old(writer: &mut Writer<'_>) -> Result<(), Fault> {
    let mut before = [0; 16];
    before[..6].copy_from_slice(&(now_ms() - ANSWER_KEPT_MS).to_be_bytes()[2..]);
    writer.execute("delete from draft where kind = 'answer' and id < ?1", &[before.into()]).map(|_| ())
}

/// For queries.
pub fn json<T: Serialize>(value: T) -> Json<T> {
    Json(value)
}
