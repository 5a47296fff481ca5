//! The open bill. Every command answers with the whole bill, after the fsync.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command, json};
use super::seat::{Here, Seat};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::base::{BusinessDay, MemberId, Money, ProductNo, Quantity, Rate, SaleId, StaffId};
use shared::desk::bill::reading::{Reading, claimed_card, read};
use shared::desk::bill::recall::{Prices, Recall};
use shared::desk::bill::{
    add, attach, bill_discount, hold, line_discount, quantity as amount, remove as removal, round_off as off, sales_clerks as clerks, void,
};
use shared::desk::shown::bill::{Bill, Held, held as all_held, open};
use shared::desk::shown::done::{Done, last};
use shared::desk::shown::goods::Candidate;
use shared::desk::shown::{Person, person};
use shared::facts::sales::SalesClerk;
use shared::journal::{Command as Decide, Fault, Refusal, Right};
use shared::sales::price::{BillDiscount, ByHand};
use shared::store::Writer;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct OfBill {
    #[schema(required)]
    pub bill: Option<Bill>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BillAndLast {
    #[schema(required)]
    pub bill: Option<Bill>,
    #[schema(required)]
    pub last: Option<Done>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HeldBills {
    pub held: Vec<Held>,
}

/// What a text in the one box led to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entered {
    Added { bill: Box<Bill>, line: String },
    Quantity { bill: Box<Bill>, line: String },
    Attached { bill: Box<Bill> },
    Candidates { text: String, candidates: Vec<Candidate> },
    Receipt { receipt_no: String },
    PayCode { tender: String, left: Money },
    Staff { code: String },
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Enter {
    pub text: String,
    #[schema(required)]
    pub choice: Option<String>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct AddGoods {
    pub product: ProductNo,
    #[schema(required)]
    pub quantity: Option<Quantity>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OpenItem {
    pub amount: Money,
    #[schema(required)]
    pub name: Option<String>,
    #[schema(required)]
    pub quantity: Option<Quantity>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct LineQuantity {
    pub line: String,
    pub quantity: Quantity,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OneLine {
    pub line: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct LineDiscount {
    pub line: String,
    #[schema(required)]
    pub rate: Option<Rate>,
    #[schema(required)]
    pub price: Option<Money>,
    pub free: bool,
    #[schema(required)]
    pub reason: Option<String>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct WholeDiscount {
    #[schema(required)]
    pub rate: Option<Rate>,
    #[schema(required)]
    pub amount: Option<Money>,
    #[schema(required)]
    pub reason: Option<String>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Reason {
    #[schema(required)]
    pub reason: Option<String>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Label {
    #[schema(required)]
    pub label: Option<String>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RecallHeld {
    pub held: SaleId,
    /// `held` or `new`.
    #[schema(required)]
    pub prices: Option<String>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OneMember {
    pub member: MemberId,
    /// What was typed to find them; none where nothing was.
    pub text: Option<String>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RoundOff {
    pub amount: Money,
}

/// A person by id, and the share that counts as theirs.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ClerkNamed {
    pub staff: StaffId,
    pub share: Rate,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ClerksNamed {
    pub clerks: Vec<ClerkNamed>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct People {
    pub people: Vec<Person>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Nothing {}

/// The number in `line_3`, `tender_3`.
pub fn number(id: &str) -> Result<u16, Refusal> {
    id.rsplit('_').next().and_then(|number| number.parse().ok()).ok_or(Refusal::Gone)
}

/// Decides and shows the bill as it stands afterwards.
pub fn decided<C: Decide>(writer: &mut Writer<'_>, here: &Here, command: &C) -> Result<Result<OfBill, Refusal>, Fault> {
    Ok(match writer.decide(command, &here.moment)? {
        Ok(_) => Ok(OfBill { bill: open(writer, &here.viewer)? }),
        Err(refusal) => Err(refusal),
    })
}

#[utoipa::path(get, path = "/api/bill", responses((status = 200, body = BillAndLast)))]
pub async fn bill(State(http): Shared, seat: Seat) -> Result<Json<BillAndLast>, No> {
    let devices = http.app.devices.clone();
    let shown = http.ask(&seat, &[Right::Sell], move |db, here| {
        let house = shared::desk::bill::priced::House::load(db, here.viewer.branch)?;
        let from_ms = BusinessDay(here.viewer.day).begins_ms(house.zone);
        Ok(Ok(BillAndLast { bill: open(db, &here.viewer)?, last: last(db, &here.viewer, from_ms)?.map(|done| devices.with_print(done)) }))
    });
    Ok(json(shown.await?))
}

#[utoipa::path(get, path = "/api/held", responses((status = 200, body = HeldBills)))]
pub async fn held(State(http): Shared, seat: Seat) -> Result<Json<HeldBills>, No> {
    let shown = http.ask(&seat, &[Right::Sell], |db, here| Ok(Ok(HeldBills { held: all_held(db, &here.viewer)? })));
    Ok(json(shown.await?))
}

#[utoipa::path(post, path = "/api/commands/enter", request_body = Command<Enter>, responses((status = 200, body = Entered)))]
pub async fn enter(State(http): Shared, asked: Asked<Enter>) -> Result<Answer, No> {
    let (text, choice) = (asked.body.text.clone(), asked.body.choice.clone());
    http.carry_out(&asked, move |writer, here| entered(writer, here, &text, choice.as_deref())).await
}

/// Does what a text means; the one place where the box's meanings become commands.
pub fn entered(writer: &mut Writer<'_>, here: &Here, text: &str, choice: Option<&str>) -> Result<Result<Entered, Refusal>, Fault> {
    if !here.moment.may(Right::Sell) {
        return Ok(Err(Refusal::NotAllowed { right: Right::Sell }));
    }
    let reading = match read(writer, text, choice, &here.viewer)? {
        Ok(reading) => reading,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let who = here.who.clone();
    let done = match reading {
        Reading::Goods { product, quantity, label } => decided(writer, here, &add::Add { who, product, quantity, label })?,
        Reading::Last(quantity) => decided(writer, here, &amount::SetQuantity { who, line: None, quantity })?,
        Reading::Member(member, ref claimed_card) => {
            decided(writer, here, &attach::Attach { who, member, claimed_card: claimed_card.clone() })?
        }
        Reading::Asks(candidates) => return Ok(Ok(Entered::Candidates { text: text.into(), candidates })),
        Reading::Receipt(receipt_no) => return Ok(Ok(Entered::Receipt { receipt_no })),
        Reading::Staff(code) => return Ok(Ok(Entered::Staff { code })),
        Reading::PayCode(tender) => {
            let left = open(writer, &here.viewer)?.map_or(Money::ZERO, |bill| bill.totals.left);
            return Ok(Ok(Entered::PayCode { tender, left }));
        }
    };
    let bill = match done {
        Ok(OfBill { bill: Some(bill) }) => Box::new(bill),
        Ok(OfBill { bill: None }) => return Ok(Err(Refusal::Gone)),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let line = bill.lines.last().map_or(String::new(), |line| line.id.clone());
    Ok(Ok(match reading {
        Reading::Last(_) => Entered::Quantity { bill, line },
        Reading::Member(..) => Entered::Attached { bill },
        _ => Entered::Added { bill, line },
    }))
}

#[utoipa::path(post, path = "/api/commands/add", request_body = Command<AddGoods>, responses((status = 200, body = OfBill)))]
pub async fn add(State(http): Shared, asked: Asked<AddGoods>) -> Result<Answer, No> {
    let (product, quantity) = (asked.body.product, asked.body.quantity);
    http.carry_out(&asked, move |writer, here| decided(writer, here, &add::Add { who: here.who.clone(), product, quantity, label: None }))
        .await
}

#[utoipa::path(post, path = "/api/commands/open_item", request_body = Command<OpenItem>, responses((status = 200, body = OfBill)))]
pub async fn open_item(State(http): Shared, asked: Asked<OpenItem>) -> Result<Answer, No> {
    let (amount, name, quantity) = (asked.body.amount, asked.body.name.clone().unwrap_or_default(), asked.body.quantity);
    http.carry_out(&asked, move |writer, here| {
        decided(writer, here, &add::AddOpen { who: here.who.clone(), amount, name: name.clone(), quantity })
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/quantity", request_body = Command<LineQuantity>, responses((status = 200, body = OfBill)))]
pub async fn quantity(State(http): Shared, asked: Asked<LineQuantity>) -> Result<Answer, No> {
    let (line, quantity) = (Some(number(&asked.body.line)?), asked.body.quantity);
    http.carry_out(&asked, move |writer, here| decided(writer, here, &amount::SetQuantity { who: here.who.clone(), line, quantity })).await
}

#[utoipa::path(post, path = "/api/commands/remove", request_body = Command<OneLine>, responses((status = 200, body = OfBill)))]
pub async fn remove(State(http): Shared, asked: Asked<OneLine>) -> Result<Answer, No> {
    let line = number(&asked.body.line)?;
    http.carry_out(&asked, move |writer, here| decided(writer, here, &removal::Remove { who: here.who.clone(), line })).await
}

#[utoipa::path(post, path = "/api/commands/line_discount", request_body = Command<LineDiscount>, responses((status = 200, body = OfBill)))]
pub async fn line_discount(State(http): Shared, asked: Asked<LineDiscount>) -> Result<Answer, No> {
    let line = number(&asked.body.line)?;
    let by_hand = match (asked.body.rate, asked.body.price, asked.body.free) {
        (None, None, false) => ByHand::Nothing,
        (Some(rate), None, false) => ByHand::Rate(rate),
        (None, Some(price), false) => ByHand::Price(price),
        (None, None, true) => ByHand::Free,
        _ => return Err(No::bad_body("one of rate, price, free".into())),
    };
    let reason = asked.body.reason.clone().unwrap_or_default();
    http.carry_out(&asked, move |writer, here| {
        decided(writer, here, &line_discount::DiscountLine { who: here.who.clone(), line, by_hand, reason: reason.clone() })
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/bill_discount", request_body = Command<WholeDiscount>, responses((status = 200, body = OfBill)))]
pub async fn bill_discount(State(http): Shared, asked: Asked<WholeDiscount>) -> Result<Answer, No> {
    let discount = match (asked.body.rate, asked.body.amount) {
        (None, None) => BillDiscount::Nothing,
        (Some(rate), None) => BillDiscount::Rate(rate),
        (None, Some(amount)) => BillDiscount::Amount(amount),
        _ => return Err(No::bad_body("one of rate, amount".into())),
    };
    let reason = asked.body.reason.clone().unwrap_or_default();
    http.carry_out(&asked, move |writer, here| {
        decided(writer, here, &bill_discount::DiscountBill { who: here.who.clone(), discount, reason: reason.clone() })
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/round_off", request_body = Command<RoundOff>, responses((status = 200, body = OfBill)))]
pub async fn round_off(State(http): Shared, asked: Asked<RoundOff>) -> Result<Answer, No> {
    let amount = asked.body.amount;
    http.carry_out(&asked, move |writer, here| decided(writer, here, &off::RoundOffBill { who: here.who.clone(), amount })).await
}

#[utoipa::path(get, path = "/api/sales_clerks", responses((status = 200, body = People)))]
pub async fn who_serves(State(http): Shared, seat: Seat) -> Result<Json<People>, No> {
    let found = http.ask(&seat, &[Right::Sell], |db, here| {
        let people = clerks::of_branch(db, here.viewer.branch)?;
        Ok(Ok(People { people: people.iter().map(|one| person(db, one.id)).collect::<Result<_, Fault>>()? }))
    });
    Ok(json(found.await?))
}

/// The clerks as the rules take them.
pub fn named(clerks: &[ClerkNamed]) -> Vec<SalesClerk> {
    clerks.iter().map(|named| SalesClerk { staff: named.staff, share: named.share }).collect()
}

#[utoipa::path(post, path = "/api/commands/sales_clerks", request_body = Command<ClerksNamed>, responses((status = 200, body = OfBill)))]
pub async fn sales_clerks(State(http): Shared, asked: Asked<ClerksNamed>) -> Result<Answer, No> {
    let named = named(&asked.body.clerks);
    http.carry_out(&asked, move |writer, here| {
        decided(writer, here, &clerks::NameSalesClerks { who: here.who.clone(), clerks: named.clone() })
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/void_bill", request_body = Command<Reason>, responses((status = 200, body = OfBill)))]
pub async fn void_bill(State(http): Shared, asked: Asked<Reason>) -> Result<Answer, No> {
    let reason = asked.body.reason.clone().unwrap_or_default();
    http.carry_out(&asked, move |writer, here| decided(writer, here, &void::Void { who: here.who.clone(), reason: reason.clone() })).await
}

#[utoipa::path(post, path = "/api/commands/hold", request_body = Command<Label>, responses((status = 200, body = OfBill)))]
pub async fn hold(State(http): Shared, asked: Asked<Label>) -> Result<Answer, No> {
    let label = asked.body.label.clone().unwrap_or_default();
    http.carry_out(&asked, move |writer, here| decided(writer, here, &hold::Hold { who: here.who.clone(), label: label.clone() })).await
}

#[utoipa::path(post, path = "/api/commands/recall", request_body = Command<RecallHeld>, responses((status = 200, body = OfBill)))]
pub async fn recall(State(http): Shared, asked: Asked<RecallHeld>) -> Result<Answer, No> {
    let held = asked.body.held;
    let prices = match asked.body.prices.as_deref() {
        None => None,
        Some("held") => Some(Prices::Held),
        Some(_) => Some(Prices::New),
    };
    http.carry_out(&asked, move |writer, here| decided(writer, here, &Recall { who: here.who.clone(), held, prices })).await
}

#[utoipa::path(post, path = "/api/commands/attach", request_body = Command<OneMember>, responses((status = 200, body = OfBill)))]
pub async fn attach(State(http): Shared, asked: Asked<OneMember>) -> Result<Answer, No> {
    let (member, text) = (asked.body.member, asked.body.text.clone().unwrap_or_default());
    http.carry_out(&asked, move |writer, here| {
        let claimed_card = claimed_card(writer, &text)?;
        decided(writer, here, &attach::Attach { who: here.who.clone(), member, claimed_card })
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/detach", request_body = Command<Nothing>, responses((status = 200, body = OfBill)))]
pub async fn detach(State(http): Shared, asked: Asked<Nothing>) -> Result<Answer, No> {
    http.carry_out(&asked, move |writer, here| decided(writer, here, &attach::Detach { who: here.who.clone() })).await
}
