//! Slips as data and as layout, for 32 and 48 columns. A slip's data is complete: a copy printed next year shows the same figures.
//! Layout knows no printer and no clock. Phone numbers come in masked.
pub mod hand_in;
pub mod paper;
pub mod sale;
pub mod shift;
pub mod slip;
pub mod take_back;
pub mod top_up;
pub mod words;

use crate::base::{BusinessDay, LocalTime, Money, Rate};
use minicbor::{Decode, Encode};
use slip::{Paper, SlipLine};
use words::{Language, Word, rate_said};

pub use hand_in::HandInSlip;
pub use paper::PaperSlip;
pub use sale::{SaleSlip, SlipItem};
pub use shift::ShiftSlip;
pub use take_back::ReturnSlip;
pub use top_up::TopUpSlip;

/// Any slip, as a print job keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Slip {
    #[n(0)]
    Sale(#[n(0)] SaleSlip),
    #[n(1)]
    TopUp(#[n(0)] TopUpSlip),
    #[n(2)]
    Return(#[n(0)] ReturnSlip),
    #[n(3)]
    Shift(#[n(0)] ShiftSlip),
    #[n(4)]
    Paper(#[n(0)] PaperSlip),
    #[n(5)]
    HandIn(#[n(0)] HandInSlip),
}

/// Where, when and by whom: the top of every slip.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SlipHead {
    #[n(0)]
    pub language: Language,
    #[n(1)]
    pub chain: String,
    #[n(2)]
    pub branch: String,
    /// Address and telephone of the branch; empty ones are left out.
    #[n(3)]
    pub address: String,
    #[n(4)]
    pub telephone: String,
    /// Printed, and the text of the QR code.
    #[n(5)]
    pub receipt_no: String,
    /// True local time `2026-11-22 02:30:00`, whatever the business day (J5).
    #[n(6)]
    pub time: String,
    #[n(7)]
    pub till: String,
    /// Name and staff code as the shop prints them.
    #[n(8)]
    pub cashier: String,
}

/// A tender on a slip: of cash what was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SlipTender {
    /// In the slip's language.
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub amount: Money,
    /// The part that is bonus; of stored value only.
    #[n(2)]
    pub bonus: Option<Money>,
}

/// The member as the slip shows: before and after, principal and bonus never as one sum.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SlipMember {
    #[n(0)]
    pub name: String,
    /// Masked: `138****8000`.
    #[n(1)]
    pub phone: String,
    #[n(2)]
    pub level: String,
    /// The whole if the level has no discount.
    #[n(3)]
    pub level_rate: Rate,
    /// As known here; none if the slip does not move stored value and shows none.
    #[n(4)]
    pub value: Option<ValueMoved>,
    #[n(5)]
    pub points: Option<PointsMoved>,
}

/// Stored value before and after, as known at this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct ValueMoved {
    #[n(0)]
    pub principal_before: Money,
    #[n(1)]
    pub bonus_before: Money,
    #[n(2)]
    pub principal_after: Money,
    #[n(3)]
    pub bonus_after: Money,
}

/// Points of this slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct PointsMoved {
    #[n(0)]
    pub earned: i64,
    /// The day from which the earned points count.
    #[n(1)]
    pub from: Option<BusinessDay>,
    /// Usable now, without the earned ones.
    #[n(2)]
    pub usable: Option<i64>,
}

/// 补打: who printed the slip again, when, and the how-manieth copy it is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Copy {
    /// Counted from 1.
    #[n(0)]
    pub number: u32,
    #[n(1)]
    pub by: String,
    /// Local time.
    #[n(2)]
    pub time: String,
}

impl Copy {
    /// The mark that no first print carries.
    pub fn lay_out(&self, paper: &mut Paper, language: Language) {
        let mark = match language {
            Language::Chinese => format!("补打 第{}次", self.number),
            Language::English => format!("COPY {}", self.number),
        };
        paper.title(&mark).pair(&format!("{}: {}", Word::CopyBy.said(language), self.by), &self.time);
    }
}

/// Lays a slip out on paper of so many columns. A copy is marked, and kicks no drawer.
pub fn laid_out(slip: &Slip, columns: usize, copy: Option<&Copy>) -> Vec<SlipLine> {
    let mut paper = Paper::new(columns);
    match slip {
        Slip::Sale(sale) => sale.lay_out(&mut paper, copy),
        Slip::TopUp(top_up) => top_up.lay_out(&mut paper, copy),
        Slip::Return(taken_back) => taken_back.lay_out(&mut paper, copy),
        Slip::Shift(shift) => shift.lay_out(&mut paper, copy),
        Slip::Paper(desk) => desk.lay_out(&mut paper, copy),
        Slip::HandIn(handed) => handed.lay_out(&mut paper, copy),
    }
    paper.finish()
}

/// Local time as slips carry it.
pub fn time_said(utc_ms: i64, zone_minutes: i32) -> String {
    LocalTime::at(utc_ms, zone_minutes).to_string()
}

impl SlipHead {
    /// Chain, branch, kind of slip, number, time, till and cashier.
    fn lay_out(&self, paper: &mut Paper, title: Option<Word>, copy: Option<&Copy>) {
        let language = self.language;
        paper.title(&self.chain).centre(&self.branch).centre(&self.address);
        if !self.telephone.is_empty() {
            paper.centre(&format!("{}: {}", Word::Telephone.said(language), self.telephone));
        }
        if let Some(title) = title {
            paper.title(title.said(language));
        }
        if let Some(copy) = copy {
            copy.lay_out(paper, language);
        }
        paper.rule();
        for (word, text) in
            [(Word::ReceiptNo, &self.receipt_no), (Word::Time, &self.time), (Word::Till, &self.till), (Word::Cashier, &self.cashier)]
        {
            // A shift, a day and cash handed in have no receipt number.
            if !text.is_empty() {
                paper.left(&format!("{}: {text}", word.said(language)));
            }
        }
        paper.rule();
    }

    /// A word and an amount on the right.
    fn amount(&self, paper: &mut Paper, word: Word, amount: Money) {
        paper.pair(word.said(self.language), &amount.to_string());
    }

    /// One line a tender; below stored value its principal and bonus.
    fn tenders(&self, paper: &mut Paper, tenders: &[SlipTender]) {
        for tender in tenders {
            paper.pair(&tender.name, &tender.amount.to_string());
            if let Some(bonus) = tender.bonus {
                let principal = Money::from_minor(tender.amount.minor().saturating_sub(bonus.minor()));
                let part = |word: Word, amount: Money| format!("{} {amount}", word.said(self.language));
                paper.pair(&format!("  {}", part(Word::Principal, principal)), &part(Word::Bonus, bonus));
            }
        }
    }

    /// QR code and the line below it.
    fn foot(&self, paper: &mut Paper) {
        paper.qr(&self.receipt_no).centre(&self.receipt_no);
    }
}

impl SlipMember {
    fn lay_out(&self, paper: &mut Paper, language: Language) {
        paper.pair(&format!("{}: {}", Word::Member.said(language), self.name), &self.phone);
        let rate = if self.level_rate < Rate::WHOLE { rate_said(self.level_rate, language) } else { String::new() };
        paper.pair(&format!("{}: {}", Word::Level.said(language), self.level), &rate);
        if let Some(value) = &self.value {
            value.lay_out(paper, language);
        }
        if let Some(points) = &self.points {
            if points.earned != 0 {
                let from = points.from.map(|day| format!(" ({} {})", Word::Pending.said(language), day.month_and_day()));
                paper.pair(Word::Earned.said(language), &format!("{}{}", points.earned, from.unwrap_or_default()));
            }
            if let Some(usable) = points.usable {
                paper.pair(Word::UsablePoints.said(language), &usable.to_string());
            }
        }
    }
}

impl ValueMoved {
    /// Three columns: what, principal, bonus; below each other if the amounts are too long for that.
    fn lay_out(&self, paper: &mut Paper, language: Language) {
        let columns = paper.columns();
        let width = (columns - 10) / 2;
        let head = [Word::StoredValue.said(language), Word::Principal.said(language), Word::Bonus.said(language)];
        let first = columns - 2 * width;
        if !paper.row(&[(head[0], first), (head[1], width), (head[2], width)]) {
            paper.left(head[0]);
            paper.row(&[("", first), (head[1], width), (head[2], width)]);
        }
        for (word, principal, bonus) in
            [(Word::Before, self.principal_before, self.bonus_before), (Word::After, self.principal_after, self.bonus_after)]
        {
            let (principal, bonus) = (principal.to_string(), bonus.to_string());
            let word = word.said(language);
            if !paper.row(&[(word, first), (&principal, width), (&bonus, width)]) {
                paper.pair(&format!("{word} {}", head[1]), &principal).pair(&format!("{word} {}", head[2]), &bonus);
            }
        }
    }
}

#[cfg(test)]
mod tests;
