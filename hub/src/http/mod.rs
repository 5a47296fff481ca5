//! The hub's HTTP API and pages.
use crate::app::App;
use std::sync::Arc;

/// All routes but those for edges.
pub fn router(app: Arc<App>) -> axum::Router {
    axum::Router::new().route("/healthz", axum::routing::get(|| async { "ok" })).with_state(app)
}
