//! The two generic handlers: a question is answered from the committed state, a command is written by the clerk and answered from what then
//! stands. Both are described for the pages from their own types.
use super::Http;
use super::refused::No;
use super::session::{self, Asker};
use crate::app::now_ms;
use crate::moment::Asking;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, RawPathParams, State};
use axum::http::{HeaderMap, Uri};
use axum::routing::{get, post};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::base::ids::{Raw, derived};
use shared::base::{BusinessDay, CommandId};
use shared::branches::HOUSE_ZONE;
use shared::journal::{Fault, Moment, Read, Right};
use shared::store::{Priority, Writer};
use std::sync::{Arc, Mutex, PoisonError};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, Type};
use utoipa::openapi::{ComponentsBuilder, Content, OpenApi, OpenApiBuilder, Ref, RefOr, Required, ResponseBuilder, Schema};
use utoipa::{IntoParams, ToSchema};

/// What a question may look at.
pub struct Scene<'a> {
    pub db: &'a dyn Read,
    pub rights: &'a [Right],
    pub http: &'a Http,
    pub now_ms: i64,
    /// Rows one answer may hold.
    pub rows_max: u32,
}

impl Scene<'_> {
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// Rows that this answer may hold of those wanted.
    pub fn rows(&self, wanted: u32) -> u32 {
        wanted.clamp(1, self.rows_max)
    }

    /// The business day at head office.
    pub fn today(&self) -> BusinessDay {
        BusinessDay::at(self.now_ms, HOUSE_ZONE)
    }
}

/// Rows of one answer; of an export.
pub const ROWS_MAX: u32 = 200;
pub const EXPORT_ROWS_MAX: u32 = 50_000;

/// A question. Its fields are what stands in the path and after `?`.
pub trait Ask: DeserializeOwned + IntoParams + Send + 'static {
    const PATH: &'static str;
    /// One of these is needed; empty: a session is enough.
    const ANY: &'static [Right];
    type Answer: Serialize + ToSchema + Send + 'static;

    /// # Errors
    /// What is not there; a fault of the store.
    fn answer(self, scene: &Scene<'_>) -> Result<Self::Answer, No>;
}

/// A command. Its fields are the body's, beside `id`.
pub trait Order: DeserializeOwned + ToSchema + Send + 'static {
    const NAME: &'static str;
    const RIGHT: Right;
    /// What was written, as far as the answer needs it.
    type Made: Send + 'static;
    type Answer: Serialize + ToSchema + Send + 'static;

    /// What is slow, before the clerk's turn.
    ///
    /// # Errors
    /// What is wrong with the body; a fault of the store.
    fn prepare(&mut self, _: &Http) -> Result<(), No> {
        Ok(())
    }

    /// Under the clerk. A no takes back all of it.
    ///
    /// # Errors
    /// The rule's no; a fault of the store.
    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<Self::Made, No>;

    /// # Errors
    /// A fault of the store.
    fn shown(made: Self::Made, scene: &Scene<'_>) -> Result<Self::Answer, No>;
}

/// Decides one of the commands that an order is made of; the `part`th, from 0, which has the order's own id.
///
/// # Errors
/// The rule's no; a fault of the store.
pub fn decide<C: shared::journal::Command>(writer: &mut Writer<'_>, command: &C, asking: &Asking, part: u8) -> Result<CommandId, No> {
    let moment = Moment { command: asking.part(part), ..asking.moment(writer)? };
    writer.decide(command, &moment)??;
    Ok(moment.command)
}

/// How a route is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

/// A route and who may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub verb: Verb,
    pub path: String,
    /// One of these is needed; empty: a session is enough.
    pub any: &'static [Right],
}

/// The routes so far, who may, and how they are described.
pub struct Table {
    pub router: Router<Arc<Http>>,
    pub declared: Vec<Declared>,
    pub described: OpenApi,
}

impl Table {
    pub fn new(described: OpenApi) -> Table {
        Table { router: Router::new(), declared: Vec::new(), described }
    }

    /// Adds a question.
    pub fn ask<A: Ask>(mut self) -> Table {
        let named = |parameter: &Parameter| A::PATH.contains(&format!("{{{}}}", parameter.name));
        let parameters = A::into_params(|| Some(ParameterIn::Query)).into_iter().map(|mut parameter| {
            if named(&parameter) {
                (parameter.parameter_in, parameter.required) = (ParameterIn::Path, Required::True);
            }
            parameter
        });
        let operation = OperationBuilder::new().parameters(Some(parameters)).response("200", self.answer::<A::Answer>());
        self.described.paths.add_path_operation(A::PATH, vec![HttpMethod::Get], operation);
        self.declared.push(Declared { verb: Verb::Get, path: A::PATH.into(), any: A::ANY });
        self.router = self.router.route(A::PATH, get(answer::<A>));
        self
    }

    /// Adds a command.
    pub fn order<O: Order>(mut self) -> Table {
        let path = format!("/api/commands/{}", O::NAME);
        let id = ObjectBuilder::new().property("id", ObjectBuilder::new().schema_type(Type::String)).required("id");
        let body = AllOfBuilder::new().item(id).item(self.component::<O>());
        let body = RequestBodyBuilder::new()
            .content("application/json", Content::new(Some(Schema::AllOf(body.build()))))
            .required(Some(Required::True));
        let operation = OperationBuilder::new().request_body(Some(body.build())).response("200", self.answer::<O::Answer>());
        self.described.paths.add_path_operation(&path, vec![HttpMethod::Post], operation);
        self.declared.push(Declared { verb: Verb::Post, path: path.clone(), any: const { &[O::RIGHT] } });
        self.router = self.router.route(&path, post(perform::<O>));
        self
    }

    /// Describes a type under its name.
    pub fn component<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let mut schemas = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut schemas);
        let components = self.described.components.get_or_insert_with(|| ComponentsBuilder::new().build());
        components.schemas.extend(schemas);
        Ref::from_schema_name(T::name()).into()
    }

    fn answer<T: ToSchema>(&mut self) -> utoipa::openapi::Response {
        let content = Content::new(Some(self.component::<T>()));
        ResponseBuilder::new().description("").content("application/json", content).build()
    }
}

/// An empty description.
pub fn description() -> OpenApi {
    let info = utoipa::openapi::InfoBuilder::new().title("hub").version(env!("CARGO_PKG_VERSION")).build();
    OpenApiBuilder::new().info(info).build()
}

async fn answer<A: Ask>(
    State(http): State<Arc<Http>>,
    headers: HeaderMap,
    path: RawPathParams,
    uri: Uri,
) -> Result<axum::Json<A::Answer>, No> {
    let asker = session::asker(&http, &headers).await?;
    asker.needs(A::ANY)?;
    let asked: A = read(&path, uri.query().unwrap_or_default())?;
    let answered = asked_of(http, asker, asked, ROWS_MAX).await?;
    Ok(axum::Json(answered))
}

/// Answers a question of somebody who may ask it.
///
/// # Errors
/// That of the answer.
pub async fn asked_of<A: Ask>(http: Arc<Http>, asker: Asker, asked: A, rows_max: u32) -> Result<A::Answer, No> {
    let app = http.app.clone();
    app.read(move |db| Ok(asked.answer(&Scene { db, rights: &asker.rights, http: &http, now_ms: now_ms(), rows_max }))).await?
}

/// A question from its path and what stands after `?`.
fn read<A: Ask>(path: &RawPathParams, query: &str) -> Result<A, No> {
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    let mut all = String::from("/?");
    for (name, value) in path {
        if !plain(value) {
            return Err(No::not_found(name));
        }
        all.push_str(&format!("{name}={value}&"));
    }
    asked(&format!("{all}{query}"), path.into_iter().next().map(|(name, _)| name))
}

/// A question from an address; `named`: what the path names.
///
/// # Errors
/// `not_found` for what the path names, `not_sound` for the rest.
pub fn asked<A: Ask>(address: &str, named: Option<&str>) -> Result<A, No> {
    let uri: Uri = address.parse().map_err(|_| No::not_sound("query", "form"))?;
    Query::<A>::try_from_uri(&uri).map(|query| query.0).map_err(|error| match named {
        Some(named) => No::not_found(named),
        None => No::not_sound("query", &error.to_string()),
    })
}

async fn perform<O: Order>(State(http): State<Arc<Http>>, headers: HeaderMap, body: Bytes) -> Result<axum::Json<serde_json::Value>, No> {
    let asker = session::asker(&http, &headers).await?;
    asker.needs(&[O::RIGHT])?;
    let said: Said<O> = serde_json::from_slice(&body).map_err(|error| No::not_sound("body", &error.to_string()))?;
    let command = format!("{}_{}", CommandId::PREFIX, said.id).parse().map_err(|_| No::not_sound("id", "form"))?;
    let asked = digest(&[asker.person.id.bytes(), O::NAME.as_bytes(), &body]);
    if let Some(answer) = http.answers.before(command, &asked)? {
        return Ok(axum::Json(answer));
    }
    let asking = Asking::person(command, asker.person.id, asker.rights_for_commands())?;
    let made = write(http.clone(), said.what, asking).await?;
    let app = http.app.clone();
    let scene = http.clone();
    let shown =
        app.read(move |db| Ok(O::shown(made, &Scene { db, rights: &asker.rights, http: &scene, now_ms: now_ms(), rows_max: ROWS_MAX })));
    let answer = serde_json::to_value(shown.await??).map_err(|error| Fault::Damaged(error.to_string()))?;
    http.answers.keep(command, asked, answer.clone());
    Ok(axum::Json(answer))
}

#[derive(serde::Deserialize)]
struct Said<O> {
    id: String,
    #[serde(flatten)]
    what: O,
}

/// Prepares and writes. The clerk takes back what fails with a fault only, so a refusal leaves by the side.
async fn write<O: Order>(http: Arc<Http>, mut what: O, asking: Asking) -> Result<O::Made, No> {
    let app = http.app.clone();
    let prepared = tokio::task::spawn_blocking(move || what.prepare(&http).map(|()| what));
    let what = prepared.await.map_err(|_| Fault::Stopped)??;
    let refused: Arc<Mutex<Option<No>>> = Arc::default();
    let side = refused.clone();
    let written = app.write(Priority::Till, move |writer| {
        what.write(writer, &asking).map_err(|no| match no {
            No::Fault(fault) => fault,
            no => {
                *side.lock().unwrap_or_else(PoisonError::into_inner) = Some(no);
                Fault::Stopped
            }
        })
    });
    written.await.map_err(|fault| refused.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or(No::Fault(fault)))
}

/// Tells two bodies apart.
fn digest(parts: &[&[u8]]) -> Raw {
    derived("asked", parts)
}
