//! The hub's HTTP API and pages. Each question and each command is one file's struct and one line in `table`; who may is declared there, checked
//! in `route`, and for commands once more where they are decided. No rule of the chain lives here.
mod answers;
mod ask;
mod events;
mod export;
mod imports;
mod order;
mod page;
mod refused;
mod route;
mod session;
mod shown;
mod table;

use crate::app::App;
use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use refused::No;
use serde_json::json;
use std::sync::Arc;
use tokio::sync::Semaphore;

pub use route::{Declared, Verb};

/// What the routes share.
pub struct Http {
    pub app: Arc<App>,
    /// Passwords compared at once: each takes a core for tens of milliseconds.
    passwords: Semaphore,
    answers: answers::Answers,
    imports: imports::Imports,
    live: events::Live,
}

/// All routes but those for edges.
pub fn router(app: Arc<App>) -> Router {
    let http = Arc::new(Http {
        app,
        passwords: Semaphore::new(2),
        answers: answers::Answers::default(),
        imports: imports::Imports::default(),
        live: events::Live::default(),
    });
    tokio::spawn(events::run(Arc::downgrade(&http)));
    let api = table::table()
        .router
        .route("/api/hub", get(page::hub))
        .route("/api/session/sign_in", post(page::sign_in))
        .route("/api/session/sign_out", post(page::sign_out))
        .route("/api/session/password", post(page::password))
        .route("/api/session/language", post(page::language))
        .route("/api/session/second/begin", post(page::second_begin))
        .route("/api/session/second/prove", post(page::second_prove))
        .route("/api/session/second/end", post(page::second_end))
        .route("/api/export/{list}", get(export::export))
        .route("/api/export", post(export::held))
        .route("/api/import/{job}", post(imports::start).layer(axum::extract::DefaultBodyLimit::max(imports::BODY_BYTES_MAX)))
        .route("/api/import/{job}/rejected.csv", get(imports::rejected))
        .route("/api/events", get(events::stream))
        .route("/api/openapi.json", get(|| async { axum::Json(table::described()) }))
        .layer(axum::middleware::from_fn(ours));
    Router::new()
        .merge(api)
        .route("/healthz", get(page::healthz))
        .route("/metrics", get(page::metrics))
        .fallback(hub_pages::page)
        .with_state(http)
}

/// A post comes from our own pages: another site's form or script cannot set this header.
async fn ours(request: Request, next: Next) -> Response {
    let said = request.headers().get("x-catena").is_some_and(|value| value == "1");
    if request.method() == Method::POST && !said {
        return No::here(StatusCode::FORBIDDEN, "csrf", json!({})).into_response();
    }
    next.run(request).await
}

/// Every question and command with the rights of which one is needed.
pub fn declared() -> Vec<Declared> {
    table::table().declared
}

/// The description of the API as JSON.
///
/// # Errors
/// A description that cannot be written.
pub fn openapi() -> Result<String, Box<dyn std::error::Error>> {
    Ok(table::described().to_pretty_json()?)
}
