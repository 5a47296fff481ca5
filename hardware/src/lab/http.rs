//! The lab by HTTP on loopback, with a page of buttons and printed receipts.

use super::{
    DeviceState, Lab,
    command::{Command, CommandFault},
    picture, png,
};
use crate::printer::simulator::{Ending, Receipt};
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use std::io;
use tokio::net::TcpListener;

/// Receipts in one answer of the list.
const RECEIPTS_MAX: usize = 500;

/// A receipt in the list.
#[derive(Debug, Serialize)]
pub struct ReceiptRow {
    /// From 1, without gaps, in the order of printing.
    pub number: u64,
    /// `whole`, `torn` (the next job began inside it) or `power_loss`.
    pub ending: &'static str,
    /// The received bytes, two hex digits each.
    pub hex: String,
    pub text: String,
}

impl From<Receipt> for ReceiptRow {
    fn from(receipt: Receipt) -> Self {
        let ending = match receipt.ending {
            Ending::Whole => "whole",
            Ending::Torn => "torn",
            Ending::PowerLoss => "power_loss",
        };
        let hex = receipt.bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        Self { number: receipt.number, ending, hex, text: picture::text(&receipt.bytes) }
    }
}

/// Serves until the task is dropped. The listener should be bound to loopback: there is no sign-in.
pub async fn serve(lab: Lab, listener: TcpListener) -> io::Result<()> {
    axum::serve(listener, routes(lab)).await
}

/// All routes.
pub fn routes(lab: Lab) -> Router {
    Router::new()
        .route("/", get(async || Html(include_str!("page.html"))))
        .route("/devices", get(devices))
        .route("/receipts", get(receipts))
        .route("/receipts/{file}", get(receipt))
        .route("/bytes", get(bytes))
        .route("/command", post(command))
        .route("/{verb}", post(verb))
        .route("/{verb}/{what}", post(verb_what))
        .route("/{verb}/{what}/{much}", post(verb_what_much))
        .with_state(lab)
}

async fn devices(State(lab): State<Lab>) -> Json<Vec<DeviceState>> {
    Json(lab.devices())
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

/// Receipts above `?after=`, oldest first, at most `RECEIPTS_MAX`.
async fn receipts(State(lab): State<Lab>, Query(After { after }): Query<After>) -> Json<Vec<ReceiptRow>> {
    Json(lab.receipts_after(after).into_iter().take(RECEIPTS_MAX).map(ReceiptRow::from).collect())
}

/// `7.png`, `7.txt` or `7.bin`.
async fn receipt(State(lab): State<Lab>, Path(file): Path<String>) -> Response {
    let Some((number, kind)) = file.split_once('.') else { return StatusCode::NOT_FOUND.into_response() };
    let Some(receipt) = number.parse().ok().and_then(|number| lab.receipt(number)) else { return StatusCode::NOT_FOUND.into_response() };
    match kind {
        "png" => {
            let columns = lab.columns();
            let drawn = tokio::task::spawn_blocking(move || png::encode(&picture::draw(&receipt.bytes, columns, lab.glyphs()))).await;
            drawn.map_or_else(
                |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
                |png| ([(header::CONTENT_TYPE, "image/png")], png).into_response(),
            )
        }
        "txt" => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], picture::text(&receipt.bytes)).into_response(),
        "bin" => ([(header::CONTENT_TYPE, "application/octet-stream")], receipt.bytes).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn bytes(State(lab): State<Lab>) -> Response {
    ([(header::CONTENT_TYPE, "application/octet-stream")], lab.journal()).into_response()
}

/// A command line as body.
async fn command(State(lab): State<Lab>, line: String) -> Response {
    answer(lab.command(&line))
}

/// `POST /swipe/6001` is the command `swipe 6001`, and so on.
async fn verb(lab: State<Lab>, Path(verb): Path<String>) -> Response {
    said(&lab, &[&verb])
}

async fn verb_what(lab: State<Lab>, Path((verb, what)): Path<(String, String)>) -> Response {
    said(&lab, &[&verb, &what])
}

async fn verb_what_much(lab: State<Lab>, Path((verb, what, much)): Path<(String, String, String)>) -> Response {
    said(&lab, &[&verb, &what, &much])
}

fn said(lab: &Lab, words: &[&str]) -> Response {
    answer(Command::parse(&words.join(" ")).and_then(|command| lab.run(command)))
}

fn answer(done: Result<String, CommandFault>) -> Response {
    match done {
        Ok(text) => text.into_response(),
        Err(fault @ CommandFault::Unknown(_)) => (StatusCode::BAD_REQUEST, fault.to_string()).into_response(),
        Err(fault @ CommandFault::NoReceipt(_)) => (StatusCode::NOT_FOUND, fault.to_string()).into_response(),
        Err(fault @ CommandFault::Io(_)) => (StatusCode::INTERNAL_SERVER_ERROR, fault.to_string()).into_response(),
    }
}
