//! Drives a serial card reader: frames, debounce, masking.

use super::{
    Card, CardReader, Reading,
    protocol::{Found, Frames, StripeRule},
};
use crate::{
    Device, Health, Meaning, Open, Trouble, Waiting,
    connection::{Conversation, Desk, Kept, Line},
    limits::{FRAME_GAP_MS, FRAME_MAX, QUEUE_MAX, SAME_CARD_MS},
    trace::Direction,
};
use std::{convert::Infallible, future::pending, sync::Arc, time::Duration};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};

/// Digits in a piece from which on it may be part of a bank card: a chip's frame has twelve.
const MASK_FROM: usize = 13;

/// A card reader. Dropping it ends the driver and frees the port.
#[derive(Debug)]
pub struct Reader {
    kept: Kept,
    readings: mpsc::Receiver<Reading>,
}

impl Reader {
    /// Starts the driver. Needs a running runtime.
    pub fn start(opener: Arc<dyn Open>, rule: StripeRule) -> Self {
        let (sender, readings) = mpsc::channel(QUEUE_MAX);
        let talk = Talk { rule, sender, last: None };
        Self { readings, kept: Kept::start(opener, talk) }
    }
}

impl Device for Reader {
    fn desk(&self) -> &Desk {
        &self.kept.desk
    }
}

impl CardReader for Reader {
    fn next(&mut self) -> Waiting<'_, Option<Reading>> {
        Box::pin(self.readings.recv())
    }
}

struct Talk {
    rule: StripeRule,
    sender: mpsc::Sender<Reading>,
    /// What was last seen, and when last.
    last: Option<(Found, Instant)>,
}

impl Conversation for Talk {
    async fn hold(&mut self, line: &mut Line, desk: &Desk) -> Result<Infallible, Trouble> {
        // A reader speaks only when a card comes: an open port is all that can be known.
        desk.tell(Health::Ok);
        let mut frames = Frames::new(self.rule.clone());
        let mut piece = Vec::new();
        loop {
            let gap = if frames.is_open() { Duration::from_millis(FRAME_GAP_MS) } else { Duration::MAX };
            match timeout(gap, line.read()).await {
                Ok(Err(trouble)) => return Err(trouble),
                Ok(Ok(bytes)) => self.hear(&bytes, &mut frames, &mut piece, desk),
                Err(_quiet) => {
                    if let Some(found) = frames.settle() {
                        self.found(found, &piece, desk);
                    }
                    piece.clear();
                }
            }
        }
    }

    async fn refuse(&mut self, _: Trouble) {
        pending().await
    }
}

impl Talk {
    fn hear(&mut self, bytes: &[u8], frames: &mut Frames, piece: &mut Vec<u8>, desk: &Desk) {
        for byte in bytes {
            if piece.len() < 2 * FRAME_MAX {
                piece.push(*byte);
            }
            for found in frames.feed(&[*byte]) {
                self.found(found, piece, desk);
                piece.clear();
            }
        }
        if !frames.is_open() {
            if piece.iter().any(|byte| !matches!(byte, b'\r' | b'\n' | 0x03)) {
                desk.trace.add(Direction::In, &masked(piece), Meaning::NoCard);
            }
            piece.clear();
        }
    }

    fn found(&mut self, found: Found, piece: &[u8], desk: &Desk) {
        let (shown, meaning) = match &found {
            Found::Chip(uid) => (piece.to_vec(), Meaning::Chip(Card::em4100(*uid).raw)),
            Found::Stripe(number) => (piece.to_vec(), Meaning::Stripe(number.clone())),
            Found::BankCard => (hidden(piece), Meaning::BankCard),
            Found::Unreadable => (masked(piece), Meaning::Unreadable),
        };
        let now = Instant::now();
        let again = matches!(&self.last, Some((last, at)) if *last == found && now - *at < Duration::from_millis(SAME_CARD_MS));
        desk.trace.add(Direction::In, &shown, if again { Meaning::SameCard } else { meaning });
        let reading = match &found {
            Found::Chip(uid) => Reading::Card(Card::em4100(*uid)),
            Found::Stripe(number) => Reading::Card(Card::stripe(number)),
            Found::BankCard => Reading::BankCard,
            Found::Unreadable => Reading::Unreadable,
        };
        self.last = Some((found, now));
        if !again && self.sender.try_send(reading).is_err() {
            desk.trace.warn(Meaning::CardDropped);
        }
    }
}

/// A piece as it may be shown: tracks 1 and 3 and long runs of digits might be a bank card's.
fn masked(piece: &[u8]) -> Vec<u8> {
    let foreign = piece.iter().any(|byte| matches!(byte, b'%' | b'+'));
    let digits = piece.iter().filter(|byte| byte.is_ascii_digit()).count();
    if foreign || digits >= MASK_FROM { hidden(piece) } else { piece.to_vec() }
}

fn hidden(piece: &[u8]) -> Vec<u8> {
    piece.iter().map(|byte| if byte.is_ascii_alphanumeric() { b'*' } else { *byte }).collect()
}

#[cfg(all(test, feature = "lab"))]
mod tests;
