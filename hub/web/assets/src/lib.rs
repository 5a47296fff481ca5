//! The dashboard's pages, embedded. Knows no API: what is not a page is answered with 404.

use axum::http::{HeaderMap, Uri};
use axum::response::Response;
pub use pages::ending;

#[derive(rust_embed::RustEmbed)]
#[folder = "../dist"]
struct Dist;

/// For `Router::fallback`: a file of the pages, or `index.html` for an address inside the application.
pub async fn page(uri: Uri, headers: HeaderMap) -> Response {
    pages::answer::<Dist>(uri.path(), &headers)
}
