//! What a text in the one box leads to: its meanings are looked up in the written order; exactly one is done, several are asked. Never guesses.
use super::priced::House;
use crate::base::{BranchId, MemberId, ProductNo, Quantity};
use crate::catalog::{self, Product};
use crate::desk::shown::Viewer;
use crate::desk::shown::goods::{self, Candidate, CandidateKind, CandidateWhy};
use crate::desk::shown::member;
use crate::journal::{Fault, Read, Refusal};
use crate::members::{self, Hit, Why};
use crate::sales::codes::{Wallet, Weighed, writings};
use crate::sales::scan::{Meaning, ScanRefusal, route};
use crate::sales::settings::formats;
use crate::settings;
use crate::staff;

/// Candidates shown at most.
pub const CANDIDATES_MAX: usize = 12;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    Goods {
        product: ProductNo,
        quantity: Option<Quantity>,
        label: Option<Weighed>,
    },
    /// `*3`.
    Last(Quantity),
    /// And the card that names them, if it names another member too.
    Member(MemberId, Option<String>),
    Receipt(String),
    /// The tender whose customer showed a pay code.
    PayCode(String),
    /// A staff code: somebody else signs in.
    Staff(String),
    /// Several; the page asks.
    Asks(Vec<Candidate>),
}

/// One thing a text may mean.
enum Meant {
    Goods(Box<Product>, Option<Weighed>, CandidateWhy),
    Member(Box<Hit>, CandidateWhy),
    Receipt(String),
}

impl Meant {
    fn choice(&self) -> String {
        match self {
            Meant::Goods(product, label, _) => format!("{}{}", if label.is_some() { "w" } else { "p" }, product.number.0),
            Meant::Member(hit, _) => hit.member.id.to_string(),
            Meant::Receipt(number) => number.clone(),
        }
    }

    fn by_card(&self) -> bool {
        matches!(self, Meant::Member(_, CandidateWhy::Card))
    }

    /// `claimed`: the card, if it names several members.
    fn reading(self, quantity: Option<Quantity>, claimed: Option<String>) -> Reading {
        match self {
            Meant::Goods(product, label, _) => Reading::Goods { product: product.number, quantity, label },
            Meant::Member(hit, _) => Reading::Member(hit.member.id, claimed),
            Meant::Receipt(number) => Reading::Receipt(number),
        }
    }

    fn shown(&self, db: &dyn Read, house: &House, viewer: &Viewer) -> Result<Candidate, Fault> {
        let choice = self.choice();
        Ok(match self {
            Meant::Goods(product, _, why) => {
                let product = Some(goods::product(db, product, house, viewer)?);
                Candidate { choice, kind: CandidateKind::Product, product, member: None, why: *why }
            }
            Meant::Member(hit, why) => {
                let member = Some(member::hit(db, hit)?);
                Candidate { choice, kind: CandidateKind::Member, product: None, member, why: *why }
            }
            Meant::Receipt(_) => {
                Candidate { choice, kind: CandidateKind::Receipt, product: None, member: None, why: CandidateWhy::Receipt }
            }
        })
    }
}

/// Reads what was keyed; `choice` is what the page answered to the candidates of the same text.
///
/// # Errors
/// Outer: a fault of the store. Inner: UnknownCode, UnknownCard, CardBlocked, BadQuantity, NothingToMultiply, ReceiptTypo.
pub fn read(db: &dyn Read, text: &str, choice: Option<&str>, viewer: &Viewer) -> Result<Result<Reading, Refusal>, Fault> {
    let entered = match route(text, &formats(&settings::codes(db)?)) {
        Ok(entered) => entered,
        Err(ScanRefusal::BadQuantity | ScanRefusal::QuantityOfWeighed) => return Ok(Err(Refusal::BadQuantity { text: text.into() })),
        Err(ScanRefusal::MistypedReceipt) => return Ok(Err(Refusal::ReceiptTypo)),
        Err(ScanRefusal::Nothing | ScanRefusal::TooLong | ScanRefusal::BankCard) => {
            return Ok(Err(Refusal::UnknownCode { text: text.chars().take(40).collect() }));
        }
    };
    if let [Meaning::LastQuantity(quantity)] = entered.meanings[..] {
        return Ok(Ok(Reading::Last(quantity)));
    }
    if entered.meanings.is_empty() {
        return Ok(Err(Refusal::NothingToMultiply));
    }
    if let Some(wallet) =
        entered.meanings.iter().find_map(|meaning| if let Meaning::PayCode(wallet, _) = meaning { Some(*wallet) } else { None })
    {
        return Ok(Ok(Reading::PayCode(wallet_code(wallet).into())));
    }
    let mut meant = Vec::new();
    for meaning in &entered.meanings {
        match look_up(db, meaning, viewer.branch)? {
            Ok(found) => meant.extend(found),
            Err(refusal) if entered.meanings.len() == 1 => return Ok(Err(refusal)),
            Err(refusal @ (Refusal::CardBlocked { .. } | Refusal::CardDead { .. })) => return Ok(Err(refusal)),
            Err(_) => {}
        }
    }
    meant.retain(|one| entered.quantity.is_none() || matches!(one, Meant::Goods(..)));
    let mut seen = std::collections::BTreeSet::new();
    meant.retain(|one| seen.insert(one.choice()));
    if let Some(choice) = choice {
        let claimed = several(&meant);
        let chosen = meant.into_iter().find(|one| one.choice() == choice);
        let card = |one: &Meant| (claimed && one.by_card()).then(|| text.trim().to_owned());
        return Ok(chosen.map(|one| (card(&one), one)).map(|(card, one)| one.reading(entered.quantity, card)).ok_or(Refusal::Gone));
    }
    match meant.len() {
        0 => nothing(db, text, &entered.meanings),
        1 => Ok(meant.pop().map(|one| one.reading(entered.quantity, None)).ok_or(Refusal::Gone)),
        _ => {
            let house = House::load(db, viewer.branch)?;
            let shown = meant.iter().take(CANDIDATES_MAX).map(|one| one.shown(db, &house, viewer));
            Ok(Ok(Reading::Asks(shown.collect::<Result<_, _>>()?)))
        }
    }
}

/// Candidates of a text while it is keyed; nothing is done.
///
/// # Errors
/// A fault of the store.
pub fn ahead(db: &dyn Read, text: &str, viewer: &Viewer) -> Result<Vec<Candidate>, Fault> {
    let house = House::load(db, viewer.branch)?;
    let goods =
        catalog::search(db, text, CANDIDATES_MAX)?.into_iter().map(|product| Meant::Goods(Box::new(product), None, CandidateWhy::Name));
    let people = members::search(db, text, viewer.branch, CANDIDATES_MAX)?.into_iter().map(|hit| {
        let why = why(hit.why);
        Meant::Member(Box::new(hit), why)
    });
    goods.chain(people).take(CANDIDATES_MAX).map(|one| one.shown(db, &house, viewer)).collect()
}

/// The tender of a wallet's pay code.
fn wallet_code(wallet: Wallet) -> &'static str {
    match wallet {
        Wallet::WeChat => "wechat",
        Wallet::Alipay => "alipay",
    }
}

fn why(why: Why) -> CandidateWhy {
    match why {
        Why::Card => CandidateWhy::Card,
        Why::Phone => CandidateWhy::Phone,
        Why::Name | Why::Pinyin => CandidateWhy::Name,
    }
}

fn nothing(db: &dyn Read, text: &str, meanings: &[Meaning]) -> Result<Result<Reading, Refusal>, Fault> {
    if staff::by_code(db, text.trim())?.is_some_and(|person| !person.disabled) {
        return Ok(Ok(Reading::Staff(text.trim().into())));
    }
    let card = meanings.iter().find_map(|meaning| if let Meaning::Card(number) = meaning { Some(number) } else { None });
    let goods = meanings.iter().any(|meaning| matches!(meaning, Meaning::Barcode(_) | Meaning::Weighed(_) | Meaning::Plu(_)));
    Ok(Err(match card {
        Some(number) if !goods => Refusal::UnknownCard { number: number.clone() },
        _ => Refusal::UnknownCode { text: text.trim().chars().take(40).collect() },
    }))
}

fn look_up(db: &dyn Read, meaning: &Meaning, home: Option<BranchId>) -> Result<Result<Vec<Meant>, Refusal>, Fault> {
    Ok(Ok(match meaning {
        Meaning::Barcode(code) => goods_of(db, &[code.clone(), code.to_uppercase()], Some(catalog::Why::Barcode), None)?,
        Meaning::Weighed(label) => goods_of(db, &[format!("{:05}", label.plu), label.plu.to_string()], None, Some(*label))?,
        Meaning::Plu(plu) => goods_of(db, &[plu.to_string(), format!("{plu:05}")], Some(catalog::Why::Plu), None)?,
        Meaning::Receipt(number) => vec![Meant::Receipt(number.to_string())],
        Meaning::Card(number) => return card(db, &number.to_uppercase()),
        Meaning::PhoneEnd(phone) => {
            let hits = members::search(db, phone, home, CANDIDATES_MAX)?.into_iter().filter(|hit| hit.why == Why::Phone);
            hits.map(|hit| Meant::Member(Box::new(hit), CandidateWhy::Phone)).collect()
        }
        Meaning::Search(text) => {
            let goods = catalog::search(db, text, CANDIDATES_MAX)?.into_iter();
            let people = members::search(db, text, home, CANDIDATES_MAX)?.into_iter();
            goods
                .map(|product| Meant::Goods(Box::new(product), None, CandidateWhy::Name))
                .chain(people.map(|hit| {
                    let why = why(hit.why);
                    Meant::Member(Box::new(hit), why)
                }))
                .collect()
        }
        Meaning::LastQuantity(_) | Meaning::PayCode(..) => Vec::new(),
    }))
}

fn goods_of(db: &dyn Read, codes: &[String], named: Option<catalog::Why>, label: Option<Weighed>) -> Result<Vec<Meant>, Fault> {
    let mut meant = Vec::new();
    for code in codes {
        for found in catalog::find_by_code(db, code)? {
            if named.is_some_and(|named| named != found.why) {
                continue;
            }
            let why = match (label.is_some(), found.why) {
                (true, _) => CandidateWhy::Weighed,
                (false, catalog::Why::Barcode) => CandidateWhy::Barcode,
                (false, catalog::Why::Plu) => CandidateWhy::Plu,
            };
            meant.push(Meant::Goods(Box::new(found.product), label, why));
        }
    }
    Ok(meant)
}

/// What was typed to find a member, if it is a card that names several: whoever is chosen by it spends nothing (design 6).
///
/// # Errors
/// A fault of the store.
pub fn claimed_card(db: &dyn Read, text: &str) -> Result<Option<String>, Fault> {
    let found = card(db, &text.trim().to_uppercase())?.unwrap_or_default();
    Ok(several(&found).then(|| text.trim().to_owned()))
}

fn several(meant: &[Meant]) -> bool {
    meant.iter().filter(|one| one.by_card()).count() > 1
}

/// A card names one member, by the number as it stands or as another reader writes the same chip; several: the till asks.
fn card(db: &dyn Read, number: &str) -> Result<Result<Vec<Meant>, Refusal>, Fault> {
    let found = card_as_written(db, number)?;
    if !matches!(found, Err(Refusal::UnknownCard { .. })) {
        return Ok(found);
    }
    let mut meant = Vec::new();
    for written in writings(number) {
        match card_as_written(db, &written)? {
            Ok(found) => meant.extend(found),
            Err(Refusal::UnknownCard { .. }) => {}
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    Ok(if meant.is_empty() { found } else { Ok(meant) })
}

/// Blocked a card buys nothing; of one that two people claim the till asks which person it is (design 6).
fn card_as_written(db: &dyn Read, number: &str) -> Result<Result<Vec<Meant>, Refusal>, Fault> {
    if let Some(blocked) = members::blocked(db, number)? {
        if members::blocked::is_dead(&blocked) {
            return Ok(Err(Refusal::CardDead { number: number.into(), why: blocked.reason }));
        }
        return Ok(Err(Refusal::CardBlocked { number: number.into(), since_ms: blocked.since_ms }));
    }
    let mut meant = Vec::new();
    for holder in members::by_card(db, number)? {
        let member = members::member(db, holder)?;
        meant.extend(member.map(|member| Meant::Member(Box::new(Hit { member, why: Why::Card }), CandidateWhy::Card)));
    }
    Ok(if meant.is_empty() { Err(Refusal::UnknownCard { number: number.into() }) } else { Ok(meant) })
}

/// The one member whose card has any of these numbers: a reader knows that it read a card, and every way to write its number. `shown`: how
/// the card itself writes it.
///
/// # Errors
/// Outer: a fault of the store. Inner: CardBlocked, CardClaimedTwice, UnknownCard.
pub fn holder(db: &dyn Read, keys: &[String], shown: &str) -> Result<Result<MemberId, Refusal>, Fault> {
    for key in keys {
        match card_as_written(db, &key.to_uppercase())? {
            Ok(found) => match &found[..] {
                [Meant::Member(hit, _)] => return Ok(Ok(hit.member.id)),
                [] => {}
                _ => return Ok(Err(Refusal::CardClaimedTwice { number: shown.into() })),
            },
            Err(Refusal::UnknownCard { .. }) => {}
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    Ok(Err(Refusal::UnknownCard { number: shown.into() }))
}
