//! The hub's HTTP API and pages.
use crate::app::App;
use std::sync::Arc;

/// All routes but those for edges.
pub fn router(app: Arc<App>) -> axum::Router {
    axum::Router::new().route("/healthz", axum::routing::get(|| async { "ok" })).with_state(app)
}

/// The description of the API as JSON.
///
/// # Errors
/// A description that cannot be written.
pub fn openapi() -> Result<String, Box<dyn std::error::Error>> {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    struct Described;
    Ok(Described::openapi().to_pretty_json()?)
}
