//! The one box of the till: everything is keyed or scanned into it, and this is the written order in which it is read:
//! barcode, weighed code, PLU, receipt number, pay code, card, end of a phone number, name or pinyin.
//! Reads shapes only. Every meaning that a text can have comes back, in this order; the till looks them up, does what exactly one of them
//! leads to, and asks when several do. It never guesses. A pay code is never read as a card.
use super::codes::{InStore, Wallet, Weighed, all_digits, bank_card, checks, gtin_length, pay_code, weighed};
use super::receipt_number::{NotAReceiptNumber, ReceiptNumber};
use crate::base::{Quantity, text};

/// Characters of one scan; longer than any code, shorter than any mischief.
pub const SCAN_CHARS_MAX: usize = 128;

/// The chain's own formats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Formats {
    pub in_store: Vec<InStore>,
}

/// One way to read what was keyed. Texts are folded: half-width, lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// `*3`: the quantity of the last line.
    LastQuantity(Quantity),
    /// A code on goods: GTIN with the right check digit, or a code of the shop's own of another length.
    Barcode(String),
    Weighed(Weighed),
    /// The number of goods without a code, one to eight digits.
    Plu(u32),
    Receipt(ReceiptNumber),
    PayCode(Wallet, String),
    /// A card's number as a reader or a person gives it.
    Card(String),
    /// The last digits of a phone number, four or more, or all of it.
    PhoneEnd(String),
    /// A piece of a name or of its pinyin.
    Search(String),
}

/// What was keyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// `3*`: how many of the goods that follow; then only goods are meant. With no meanings, the goods are still to come.
    pub quantity: Option<Quantity>,
    pub meanings: Vec<Meaning>,
}

/// Why a text cannot be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScanRefusal {
    /// Only an Enter, as after a scanner that sends CR LF twice: to be passed over in silence.
    #[error("nothing was keyed")]
    Nothing,
    #[error("more than {SCAN_CHARS_MAX} characters")]
    TooLong,
    #[error("a quantity is above 0 and at most {}, with up to three decimals", Quantity::LINE_MAX)]
    BadQuantity,
    /// The label of a weighed good tells its own quantity.
    #[error("a weighed good takes no quantity")]
    QuantityOfWeighed,
    #[error("the check digit of the receipt number does not fit")]
    MistypedReceipt,
    /// A bank's card was swiped through the member reader; its number is kept nowhere.
    #[error("this is a bank card")]
    BankCard,
}

/// The scans in what a scanner sent at once; empty ones are left out.
pub fn scans(text: &str) -> Vec<&str> {
    text.split(['\r', '\n']).filter(|scan| !scan.trim().is_empty()).collect()
}

/// Reads what was keyed or scanned.
pub fn route(text: &str, formats: &Formats) -> Result<Entered, ScanRefusal> {
    if text.chars().count() > SCAN_CHARS_MAX {
        return Err(ScanRefusal::TooLong);
    }
    let folded = text::folded(text);
    if !folded.chars().any(char::is_alphanumeric) {
        return Err(ScanRefusal::Nothing);
    }
    let Some((count, code)) = folded.split_once('*') else {
        return Ok(Entered { quantity: None, meanings: meanings(&folded, formats)? });
    };
    match (count.trim(), code.trim()) {
        ("", count) => {
            let quantity = Quantity::keyed(count).ok_or(ScanRefusal::BadQuantity)?;
            Ok(Entered { quantity: None, meanings: vec![Meaning::LastQuantity(quantity)] })
        }
        (count, code) => {
            let quantity = Some(Quantity::keyed(count).ok_or(ScanRefusal::BadQuantity)?);
            let mut meanings = if code.is_empty() { Vec::new() } else { meanings(code, formats)? };
            meanings.retain(Meaning::goods);
            match meanings.iter().any(|meaning| matches!(meaning, Meaning::Weighed(_))) {
                true => Err(ScanRefusal::QuantityOfWeighed),
                false => Ok(Entered { quantity, meanings }),
            }
        }
    }
}

impl Meaning {
    /// Means goods, so that a quantity may stand before it.
    fn goods(&self) -> bool {
        matches!(self, Meaning::Barcode(_) | Meaning::Weighed(_) | Meaning::Plu(_) | Meaning::Search(_))
    }
}

/// All meanings of a folded text, in the written order.
fn meanings(code: &str, formats: &Formats) -> Result<Vec<Meaning>, ScanRefusal> {
    if let Some(track) = track(code) {
        return if bank_card(track) { Err(ScanRefusal::BankCard) } else { Ok(vec![Meaning::Card(track.into())]) };
    }
    let wallet = pay_code(code);
    let weighed = weighed(code, &formats.in_store);
    let mut out = Vec::new();
    if wallet.is_none() && weighed.is_none() && barcode(code) {
        out.push(Meaning::Barcode(code.into()));
    }
    out.extend(weighed.map(Meaning::Weighed));
    if all_digits(code) && code.len() <= 8 {
        out.extend(code.parse().ok().map(Meaning::Plu));
    }
    match code.parse::<ReceiptNumber>() {
        Ok(number) => out.push(Meaning::Receipt(number)),
        Err(NotAReceiptNumber::Check) => return Err(ScanRefusal::MistypedReceipt),
        Err(NotAReceiptNumber::Shape) => {}
    }
    out.extend(wallet.map(|wallet| Meaning::PayCode(wallet, code.into())));
    if wallet.is_none() && weighed.is_none() && card(code) {
        out.push(Meaning::Card(code.into()));
    }
    if let Some(phone) = text::normal_phone(code).filter(|phone| phone.len() <= 12).or_else(|| four_digits(code)) {
        out.push(Meaning::PhoneEnd(phone));
    }
    if code.chars().any(char::is_alphabetic) {
        out.push(Meaning::Search(code.into()));
    }
    Ok(out)
}

/// The number on a magnetic card as a keyboard wedge types it: on track 2, `;6001=…?`, with or without other tracks around it; else on the
/// only track there is, `%6001?`, `%B6001^…?` or `+6001?`.
fn track(code: &str) -> Option<&str> {
    let from = match code.split_once(';') {
        Some((_, from)) => from,
        None => code.strip_prefix(['%', '+']).map(|from| from.strip_prefix('b').unwrap_or(from))?,
    };
    let number = from.split_once('?')?.0.split(['=', '^']).next()?;
    all_digits(number).then_some(number)
}

/// GTIN with the right check digit; of other lengths any plain code with a digit in it.
fn barcode(code: &str) -> bool {
    match gtin_length(code) {
        true => checks(code),
        false => (4..=32).contains(&code.len()) && plain(code),
    }
}

/// Digits, hex, or the 3+5 form that some readers give (`111,27706`).
fn card(code: &str) -> bool {
    let three_five =
        code.split_once(',').is_some_and(|(three, five)| three.len() == 3 && five.len() == 5 && all_digits(three) && all_digits(five));
    three_five || (4..=20).contains(&code.len()) && plain(code)
}

/// ASCII letters, digits and dashes, with a digit among them, and not the shape of a receipt number.
fn plain(code: &str) -> bool {
    code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && code.bytes().any(|byte| byte.is_ascii_digit())
        && code.matches('-').count() < 5
}

fn four_digits(code: &str) -> Option<String> {
    (code.len() == 4 && all_digits(code)).then(|| code.to_string())
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
