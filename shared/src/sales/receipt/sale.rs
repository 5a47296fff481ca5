//! The slip of a sale.
use super::slip::{Paper, SlipLine, WIDE};
use super::take_back::ReturnPart;
use super::top_up::TopUpPart;
use super::words::{Word, rate_said};
use super::{Copy, SlipHead, SlipMember, SlipTender};
use crate::base::{Money, Quantity};
use crate::sales::codes::WeightOrigin;
use crate::sales::price::Applied;
use minicbor::{Decode, Encode};

/// What a sale's slip shows. `subtotal − discount − rounding = due`; the lines' amounts add up to the subtotal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SaleSlip {
    #[n(0)]
    pub head: SlipHead,
    #[n(1)]
    pub items: Vec<SlipItem>,
    #[n(2)]
    pub subtotal: Money,
    #[n(3)]
    pub discount: Money,
    /// 抹零, always its own line; negative where rounded up.
    #[n(4)]
    pub rounding: Money,
    #[n(5)]
    pub due: Money,
    /// In the order keyed.
    #[n(6)]
    pub tenders: Vec<SlipTender>,
    #[n(7)]
    pub change: Money,
    #[n(8)]
    pub member: Option<SlipMember>,
    /// The member signs for the stored value (proof by signature).
    #[n(9)]
    pub signature: bool,
    /// Cash was taken or given: the drawer opens, once, with the first print.
    #[n(10)]
    pub kick: bool,
    /// What the shop wants to say at the end.
    #[n(11)]
    pub greeting: String,
    /// 改支付方式: how it was keyed and what it was, in the slip's language; none if it stands as keyed.
    #[n(12)]
    pub corrected: Option<String>,
    /// Who served the customer; none if nobody is named.
    #[n(13)]
    pub sales_clerks: Option<String>,
    /// What was topped up to pay it (充值并结账); none: nothing.
    #[n(14)]
    pub top_up: Option<TopUpPart>,
    /// What came back for it (换货); none: nothing.
    #[n(15)]
    pub returned: Option<ReturnPart>,
}

/// One line of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SlipItem {
    /// In the slip's language.
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub quantity: Quantity,
    /// Of one unit, before discounts.
    #[n(2)]
    pub price: Money,
    /// Before discounts; of a weighed label what the label says.
    #[n(3)]
    pub amount: Money,
    #[n(4)]
    pub applied: Applied,
    /// What the line's own price or rate took off; the level's discount is told with the member.
    #[n(5)]
    pub off: Money,
    #[n(6)]
    pub weight: Option<WeightOrigin>,
}

impl SaleSlip {
    pub(super) fn lay_out(&self, paper: &mut Paper, copy: Option<&Copy>) {
        if self.kick && copy.is_none() {
            paper.add(SlipLine::Kick);
        }
        self.head.lay_out(paper, None, copy);
        if let Some(clerks) = &self.sales_clerks {
            paper.left(&format!("{}: {clerks}", Word::SalesClerk.said(self.head.language)));
        }
        if let Some(top_up) = &self.top_up {
            top_up.lay_out(paper, &self.head);
        }
        if let Some(returned) = &self.returned {
            returned.lay_out(paper, &self.head);
        }
        items(paper, &self.head, &self.items);
        self.totals(paper);
        self.tendered(paper);
        if let Some(member) = &self.member {
            paper.rule();
            member.lay_out(paper, self.head.language);
        }
        if self.signature {
            paper.signature(Word::MemberSigns.said(self.head.language));
        }
        paper.rule();
        self.head.foot(paper);
        paper.centre(Word::Keep.said(self.head.language)).centre(&self.greeting).cut();
    }

    fn totals(&self, paper: &mut Paper) {
        let pieces = format!("{} {}", Word::Pieces.said(self.head.language), pieces(&self.items));
        paper.rule().pair(&format!("{}  {pieces}", Word::Subtotal.said(self.head.language)), &self.subtotal.to_string());
        for (word, off) in [(Word::Discount, self.discount), (Word::Rounding, self.rounding)] {
            if !off.is_zero() {
                paper.pair(word.said(self.head.language), &signed_off(off));
            }
        }
        paper.strong_pair(Word::Due.said(self.head.language), &self.due.with_sign());
    }

    fn tendered(&self, paper: &mut Paper) {
        self.head.tenders(paper, &self.tenders);
        if !self.change.is_zero() {
            self.head.amount(paper, Word::Change, self.change);
        }
        if let Some(returned) = &self.returned {
            returned.difference(paper, &self.head);
        }
        if let Some(corrected) = &self.corrected {
            paper.pair(Word::TenderCorrected.said(self.head.language), corrected);
        }
    }
}

/// Whole pieces; what is weighed or measured counts as one.
fn pieces(items: &[SlipItem]) -> i64 {
    let one = Quantity::ONE.thousandths();
    items.iter().map(|item| item.quantity.thousandths()).map(|count| if count % one == 0 { count / one } else { 1 }).sum()
}

/// What was taken off, with its sign: `-17.93`; rounding up shows as `+0.03`.
fn signed_off(off: Money) -> String {
    match off.is_negative() {
        true => format!("+{}", off.to_string().trim_start_matches('-')),
        false => format!("-{off}"),
    }
}

/// The lines: on wide paper name, quantity × price and amount side by side where they fit, else the name above the other two.
pub(super) fn items(paper: &mut Paper, head: &SlipHead, items: &[SlipItem]) {
    let [price_width, amount_width] = [15, 11];
    let wide = paper.columns() >= WIDE;
    let first = paper.columns().saturating_sub(price_width + amount_width);
    let [goods, quantity, amount] = [Word::Goods, Word::Quantity, Word::Amount].map(|word| word.said(head.language));
    if wide {
        paper.row(&[(goods, first), (quantity, price_width), (amount, amount_width)]);
    } else {
        paper.pair(&format!("{goods} / {quantity}"), amount);
    }
    paper.rule();
    for item in items {
        let times = format!("{} x {}", item.quantity, item.price);
        let amount = item.amount.to_string();
        let name = item.name.replace(char::is_control, " ");
        if !wide || !paper.row(&[(&name, first), (&times, price_width), (&amount, amount_width)]) {
            paper.left(&name).pair(&format!("  {times}"), &amount);
        }
        let notes = notes(item, head);
        if !notes.is_empty() {
            paper.left(&format!("  ({notes})"));
        }
    }
}

/// Why the line costs less than it says, and whether its weight was converted.
fn notes(item: &SlipItem, head: &SlipHead) -> String {
    let said = |word: Word| word.said(head.language).to_string();
    let why = match item.applied {
        Applied::List | Applied::Level(_) => None,
        Applied::Member => Some(said(Word::MemberPrice)),
        Applied::Promotion => Some(said(Word::PromotionPrice)),
        Applied::HandPrice => Some(said(Word::HandPrice)),
        Applied::HandRate(rate) => Some(rate_said(rate, head.language)),
        Applied::Free => Some(said(Word::Free)),
    };
    let off = why.map(|why| if item.off.is_zero() { why } else { format!("{why} {}", signed_off(item.off)) });
    let converted = (item.weight == Some(WeightOrigin::Converted)).then(|| said(Word::Converted));
    off.into_iter().chain(converted).collect::<Vec<_>>().join(", ")
}
