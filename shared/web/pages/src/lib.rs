//! Answers a request for a page from embedded files. Reads no disk in release, knows no API and no session.

pub mod ending;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

/// Pages run their own scripts and talk to their own server only. Styles are made at run time by the kit, pictures may be inlined.
const CONTENT_SECURITY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Files under `assets/` carry a hash of their content in their name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "no-cache";

/// The file at `path`; `index.html` for an address inside the application; 404 for the API, for a file that is not there, and for
/// what is kept beside the pages (compressed twins, dotfiles).
pub fn answer<Dist: RustEmbed>(path: &str, headers: &HeaderMap) -> Response {
    let name = path.trim_start_matches('/');
    let last = name.rsplit('/').next().unwrap_or_default();
    let hidden = name.split('/').any(|part| part.starts_with('.')) || last.ends_with(".br") || last.ends_with(".gz");
    if name == "api" || name.starts_with("api/") || hidden {
        return StatusCode::NOT_FOUND.into_response();
    }
    let name = if last.contains('.') { name } else { "index.html" };
    match Dist::get(name) {
        Some(plain) => serve::<Dist>(name, plain, headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn serve<Dist: RustEmbed>(name: &str, plain: EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag: String = plain.metadata.sha256_hash()[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let cache = if name.starts_with("assets/") { FOR_EVER } else { ASK_EACH_TIME };
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|given| given.to_str().is_ok_and(|list| list.contains(&tag)));
    let response =
        Response::builder().header(header::ETAG, &tag).header(header::CACHE_CONTROL, cache).header(header::VARY, "accept-encoding");
    if known {
        return response.status(StatusCode::NOT_MODIFIED).body(Body::empty()).unwrap_or_default();
    }
    let response = response.header(header::CONTENT_TYPE, content_type(name)).header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    let response = match name.ends_with(".html") {
        true => response.header(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY).header(header::REFERRER_POLICY, "same-origin"),
        false => response,
    };
    let twin = ["br", "gzip"].into_iter().filter(|coding| accepts(headers, coding)).find_map(|coding| {
        let end = if coding == "br" { "br" } else { "gz" };
        Dist::get(&format!("{name}.{end}")).map(|file| (coding, file))
    });
    let (response, file) = match twin {
        Some((coding, file)) => (response.header(header::CONTENT_ENCODING, coding), file),
        None => (response, plain),
    };
    response.body(Body::from(file.data.into_owned())).unwrap_or_default()
}

/// Whether the browser takes this coding; one marked `q=0` it does not.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let offers = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    offers.flat_map(|list| list.split(',')).any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        parts.next() == Some(coding) && !parts.any(|weight| weight == "q=0" || weight == "q=0.0")
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use rstest::rstest;

    use super::*;

    #[derive(RustEmbed)]
    #[folder = "example"]
    struct Example;

    fn with(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[rstest]
    #[case::front("/", 200, "text/html; charset=utf-8", ASK_EACH_TIME)]
    #[case::inside("/members/mem_1", 200, "text/html; charset=utf-8", ASK_EACH_TIME)]
    #[case::asset("/assets/app-1a2b.js", 200, "text/javascript; charset=utf-8", FOR_EVER)]
    #[case::gone("/assets/app-0000.js", 404, "", "")]
    #[case::api("/api/bill", 404, "", "")]
    #[case::twin("/assets/app-1a2b.js.gz", 404, "", "")]
    #[case::dotfile("/.stamp", 404, "", "")]
    #[case::upwards("/../Cargo.toml", 404, "", "")]
    fn pages_and_only_pages(#[case] path: &str, #[case] status: u16, #[case] kind: &str, #[case] cache: &str) {
        let response = answer::<Example>(path, &HeaderMap::new());
        let field = |name| response.headers().get(name).map(|value| value.to_str().expect("ascii")).unwrap_or_default();
        assert_eq!((response.status().as_u16(), field(header::CONTENT_TYPE), field(header::CACHE_CONTROL)), (status, kind, cache));
    }

    #[rstest]
    #[case::both("br, gzip", Some("br"))]
    #[case::gzip("gzip, deflate", Some("gzip"))]
    #[case::refused("br;q=0, gzip", Some("gzip"))]
    #[case::none("identity", None)]
    fn the_smallest_twin_is_sent(#[case] accept: &'static str, #[case] coding: Option<&str>) {
        let response = answer::<Example>("/assets/app-1a2b.js", &with(header::ACCEPT_ENCODING, accept));
        assert_eq!(response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().expect("ascii")), coding);
    }

    #[test]
    fn an_unchanged_page_is_not_sent_again() {
        let first = answer::<Example>("/", &HeaderMap::new());
        let tag = first.headers().get(header::ETAG).expect("tagged").clone();
        let again = answer::<Example>("/", &HeaderMap::from_iter([(header::IF_NONE_MATCH, tag)]));
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }
}
