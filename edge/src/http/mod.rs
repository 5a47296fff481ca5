//! The edge's HTTP API. A route is a few lines: what is wanted, what answers. Rights are judged in one place, by the deciding command or by the
//! query's list of rights; there is no business rule here.
pub mod answer;
pub mod asked;
pub mod bill;
pub mod cards;
pub mod corrections;
pub mod coupons;
pub mod events;
pub mod gifts;
pub mod goods;
pub mod lan;
pub mod members;
pub mod packages;
pub mod pay;
pub mod readings;
pub mod receipts;
pub mod seat;
pub mod session;
pub mod shift;
pub mod status;
pub mod technician;
pub mod timed;

use crate::app::App;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use seat::Seen;
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What the routes share.
pub struct Http {
    pub app: Arc<App>,
    /// When each session was last used; forgotten at a restart, so that every session is locked then.
    pub seen: Seen,
    pub live: events::Live,
}

type Shared = State<Arc<Http>>;

#[derive(OpenApi)]
#[openapi(
    components(schemas(events::Event)),
    info(title = "Catena edge", description = "The till's API. Amounts are minor units, quantities thousandths, times UTC ms.")
)]
struct Description;

/// All routes of the API.
pub fn router(app: Arc<App>) -> Router {
    let live = events::Live::start(&app);
    let http = Arc::new(Http { app, seen: Seen::default(), live });
    tokio::spawn(readings::follow(http.clone()));
    let (router, api) = described().split_for_parts();
    router
        .route("/api/openapi.json", get(move || async move { Json(api) }))
        .route("/api/events", get(events::stream))
        .route("/healthz", get(|| async { "ok" }))
        .route("/metrics", get(status::metrics))
        .route(lan::AUTHORITY, get(lan::authority))
        .layer(from_fn(own_pages_only))
        .layer(from_fn_with_state(http.clone(), lan::paired_only))
        .with_state(http)
}

/// The description of the API, for the pages' types.
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().into_openapi()
}

fn described() -> OpenApiRouter<Arc<Http>> {
    OpenApiRouter::with_openapi(Description::openapi()).merge(selling()).merge(member_desk()).merge(behind_the_counter())
}

/// Bills, members, money.
fn selling() -> OpenApiRouter<Arc<Http>> {
    OpenApiRouter::new()
        .routes(routes!(session::till))
        .routes(routes!(lan::pair))
        .routes(routes!(session::sign_in))
        .routes(routes!(session::unlock))
        .routes(routes!(session::lock))
        .routes(routes!(session::sign_out))
        .routes(routes!(session::language))
        .routes(routes!(bill::bill))
        .routes(routes!(bill::held))
        .routes(routes!(bill::enter))
        .routes(routes!(bill::add))
        .routes(routes!(bill::open_item))
        .routes(routes!(bill::quantity))
        .routes(routes!(bill::remove))
        .routes(routes!(bill::line_discount))
        .routes(routes!(bill::bill_discount))
        .routes(routes!(bill::round_off))
        .routes(routes!(bill::who_serves))
        .routes(routes!(bill::sales_clerks))
        .routes(routes!(bill::void_bill))
        .routes(routes!(bill::hold))
        .routes(routes!(bill::recall))
        .routes(routes!(bill::attach))
        .routes(routes!(bill::detach))
        .routes(routes!(goods::search))
        .routes(routes!(goods::categories))
        .routes(routes!(goods::products))
        .routes(routes!(goods::members))
        .routes(routes!(goods::member))
        .routes(routes!(members::enrol))
        .routes(routes!(members::member_edit))
        .routes(routes!(members::member_pin))
        .routes(routes!(members::top_up))
        .routes(routes!(members::top_up_preview))
        .routes(routes!(pay::tender))
        .routes(routes!(pay::tender_remove))
        .routes(routes!(pay::top_up_pay))
        .routes(routes!(pay::swap))
        .routes(routes!(receipts::value))
        .routes(routes!(receipts::sales))
        .routes(routes!(receipts::one))
        .routes(routes!(receipts::refund))
        .routes(routes!(receipts::swap_preview))
        .routes(routes!(receipts::take_back))
        .routes(routes!(corrections::return_without))
        .routes(routes!(corrections::correct_tender))
        .routes(routes!(corrections::attach_after))
        .routes(routes!(corrections::change_clerks))
        .routes(routes!(corrections::reverse_top_up))
        .routes(routes!(corrections::adjust_points))
}

/// Cards, packages, gifts, rooms.
fn member_desk() -> OpenApiRouter<Arc<Http>> {
    OpenApiRouter::new()
        .routes(routes!(cards::card_preview))
        .routes(routes!(cards::card_report))
        .routes(routes!(cards::card_issue))
        .routes(routes!(cards::withdraw))
        .routes(routes!(cards::give_value))
        .routes(routes!(cards::adjust_value))
        .routes(routes!(cards::card_close))
        .routes(routes!(packages::package_desk))
        .routes(routes!(packages::package_sell))
        .routes(routes!(packages::uses_take))
        .routes(routes!(packages::uses_undo))
        .routes(routes!(packages::package_extend))
        .routes(routes!(packages::package_refund))
        .routes(routes!(coupons::coupons))
        .routes(routes!(coupons::coupon_put))
        .routes(routes!(coupons::coupon_off))
        .routes(routes!(gifts::gifts))
        .routes(routes!(gifts::gifts_take))
        .routes(routes!(gifts::redemption_cancel))
        .routes(routes!(timed::timed_board))
        .routes(routes!(timed::sitting_start))
        .routes(routes!(timed::sitting_pause))
        .routes(routes!(timed::sitting_stop))
        .routes(routes!(timed::sitting_cancel))
        .routes(routes!(timed::sitting_charge))
}

/// Slips, shifts, devices.
fn behind_the_counter() -> OpenApiRouter<Arc<Http>> {
    OpenApiRouter::new()
        .routes(routes!(receipts::reprint))
        .routes(routes!(receipts::print))
        .routes(routes!(receipts::shift_reprint))
        .routes(routes!(receipts::shift))
        .routes(routes!(receipts::open_drawer))
        .routes(routes!(receipts::set_clock))
        .routes(routes!(shift::shift))
        .routes(routes!(shift::open))
        .routes(routes!(shift::cash_move))
        .routes(routes!(shift::hand_in))
        .routes(routes!(shift::business_days))
        .routes(routes!(shift::day_close))
        .routes(routes!(shift::count))
        .routes(routes!(shift::close))
        .routes(routes!(status::status))
        .routes(routes!(status::calls))
        .routes(routes!(lan::tills))
        .routes(routes!(lan::pairing_code))
        .routes(routes!(lan::unpair))
        .routes(routes!(technician::ports))
        .routes(routes!(technician::devices))
        .routes(routes!(technician::bytes))
        .routes(routes!(technician::bind_device))
        .routes(routes!(technician::unbind_device))
        .routes(routes!(technician::test_print))
        .routes(routes!(technician::slips))
        .routes(routes!(technician::slip_print))
        .routes(routes!(technician::slip_drop))
}

/// A POST carries a header that no foreign page can send without asking first.
async fn own_pages_only(request: Request, next: Next) -> Response {
    let ours = request.headers().get("x-catena").is_some_and(|value| value == "1");
    if request.method() == Method::POST && !ours {
        return answer::No::plain(axum::http::StatusCode::FORBIDDEN, "csrf").into_response();
    }
    next.run(request).await
}
