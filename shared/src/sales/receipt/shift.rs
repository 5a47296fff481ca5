//! The slip that closes a shift (Z): the five blocks of the trade, the ledger's head, two signatures.
use super::paper::PaperLine;
use super::slip::Paper;
use super::words::Word;
use super::{Copy, SlipHead};
use crate::base::{BusinessDay, Money};
use minicbor::{Decode, Encode};

/// What a shift's slip shows. `expected = float + sales + top-ups − refunds + in − out − handed in`, all in cash.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ShiftSlip {
    #[n(0)]
    pub head: SlipHead,
    #[n(1)]
    pub number: String,
    #[n(2)]
    pub business_day: BusinessDay,
    /// Local times.
    #[n(3)]
    pub opened: String,
    #[n(4)]
    pub closed: String,
    #[n(5)]
    pub cash: CashAccount,
    /// Sales by tenders other than cash and stored value, in the shop's order.
    #[n(6)]
    pub tenders: Vec<TenderCount>,
    #[n(7)]
    pub value_principal: Money,
    #[n(8)]
    pub value_bonus: Money,
    /// By tender, cash included; not sales.
    #[n(9)]
    pub top_ups: Vec<TenderCount>,
    /// 营业额: goods handed over, whatever they were paid with, less returns.
    #[n(10)]
    pub turnover: Money,
    /// 实收: money that came in, top-ups included, stored value not.
    #[n(11)]
    pub received: Money,
    #[n(12)]
    pub discounts: Money,
    #[n(13)]
    pub rounding: Money,
    /// Counts of what a manager looks at.
    #[n(14)]
    pub events: ShiftEvents,
    /// First and last receipt number of the shift; empty if there was none.
    #[n(15)]
    pub first_receipt: String,
    #[n(16)]
    pub last_receipt: String,
    /// Hash of the stream's newest entry, hex: whoever keeps the slip can prove what the books were.
    #[n(17)]
    pub head_hash: String,
    /// The part of `rounding` that was taken off by hand; none: nothing, or a slip of an earlier version.
    #[n(18)]
    pub off_by_hand: Option<Money>,
    /// None: a slip of an earlier version.
    #[n(19)]
    pub handed_over: Option<HandedOver>,
    /// The slip of a day (日结): how many shifts it had; none: of one shift.
    #[n(20)]
    pub day_of: Option<u32>,
}

/// Who handed what over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct HandedOver {
    /// Each count where there were several, and the notes and coins of the last one.
    #[n(0)]
    pub counting: Vec<PaperLine>,
    /// Held bills that whoever takes over goes on with.
    #[n(1)]
    pub held: Vec<PaperLine>,
    /// What each of several cashiers sold.
    #[n(2)]
    pub cashiers: Vec<PaperLine>,
    /// Whose shift it was, where another closed it.
    #[n(3)]
    pub closed_for: Option<String>,
    /// Who stood beside.
    #[n(4)]
    pub beside: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct CashAccount {
    #[n(0)]
    pub float: Money,
    #[n(1)]
    pub sales: Money,
    #[n(2)]
    pub top_ups: Money,
    #[n(3)]
    pub refunds: Money,
    #[n(4)]
    pub cash_in: Money,
    #[n(5)]
    pub cash_out: Money,
    #[n(6)]
    pub expected: Money,
    #[n(7)]
    pub counted: Money,
    /// Handed in on the way; none: nothing.
    #[n(8)]
    pub handed_in: Option<Money>,
}

/// A tender with its bills.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TenderCount {
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub bills: u32,
    #[n(2)]
    pub amount: Money,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct ShiftEvents {
    #[n(0)]
    pub gifts: u32,
    #[n(1)]
    pub voided_bills: u32,
    #[n(2)]
    pub removed_lines: u32,
    #[n(3)]
    pub refunds: u32,
    #[n(4)]
    pub drawer_openings: u32,
    #[n(5)]
    pub reprints: u32,
    #[n(6)]
    pub overrides: u32,
}

impl ShiftSlip {
    pub(super) fn lay_out(&self, paper: &mut Paper, copy: Option<&Copy>) {
        let language = self.head.language;
        let (title, number, closed) = match self.day_of {
            Some(_) => (Word::DayEnd, Word::Shifts, Word::DayEndAt),
            None => (Word::Shift, Word::ShiftNo, Word::Closed),
        };
        self.head.lay_out(paper, Some(title), copy);
        let day = self.business_day.to_string();
        for (word, text) in [(number, &self.number), (Word::BusinessDay, &day), (Word::Opened, &self.opened), (closed, &self.closed)] {
            paper.pair(word.said(language), text);
        }
        self.people(paper);
        paper.rule();
        self.cash_account(paper);
        self.block(paper, Word::Tenders, &self.tenders);
        paper.strong(Word::ValueUsed.said(language));
        self.head.amount(paper, Word::Principal, self.value_principal);
        self.head.amount(paper, Word::Bonus, self.value_bonus);
        paper.rule();
        self.block(paper, Word::TopUps, &self.top_ups);
        paper.strong_pair(Word::Turnover.said(language), &self.turnover.to_string());
        paper.strong_pair(Word::Received.said(language), &self.received.to_string()).rule();
        self.events(paper);
        for (word, text) in
            [(Word::FirstReceipt, &self.first_receipt), (Word::LastReceipt, &self.last_receipt), (Word::HeadHash, &self.head_hash)]
        {
            if !text.is_empty() {
                paper.left(&format!("{}: {text}", word.said(language)));
            }
        }
        match self.day_of {
            Some(_) => paper.signature(Word::StoreManager.said(language)),
            None => paper.signature(Word::HandsOver.said(language)).signature(Word::TakesOver.said(language)),
        };
        paper.cut();
    }

    fn cash_account(&self, paper: &mut Paper) {
        let (language, cash) = (self.head.language, &self.cash);
        paper.strong(Word::CashAccount.said(language));
        let rows = [
            (Word::Float, cash.float.to_string()),
            (Word::CashSales, cash.sales.to_string()),
            (Word::CashTopUps, cash.top_ups.to_string()),
            (Word::CashRefunds, minus(cash.refunds)),
            (Word::CashIn, cash.cash_in.to_string()),
            (Word::CashOut, minus(cash.cash_out)),
            (Word::Expected, cash.expected.to_string()),
            (Word::Counted, cash.counted.to_string()),
        ];
        for (word, amount) in rows {
            if let (Word::Expected, Some(handed)) = (word, cash.handed_in) {
                paper.pair(Word::HandedIn.said(language), &minus(handed));
            }
            paper.pair(word.said(language), &amount);
        }
        let over = cash.counted.minor().saturating_sub(cash.expected.minor());
        let word = if over < 0 { Word::Short } else { Word::Over };
        paper.strong_pair(word.said(language), &Money::from_minor(over.saturating_abs()).to_string()).rule();
        if let Some(over) = &self.handed_over {
            self.lines(paper, Word::Counting, &over.counting);
            self.lines(paper, Word::HandedOn, &over.held);
            self.lines(paper, Word::ByCashier, &over.cashiers);
        }
    }

    fn people(&self, paper: &mut Paper) {
        let Some(over) = &self.handed_over else { return };
        for (word, name) in [(Word::ClosedFor, &over.closed_for), (Word::Beside, &over.beside)] {
            if let Some(name) = name {
                paper.pair(word.said(self.head.language), name);
            }
        }
    }

    /// A block that is left out where it has no lines.
    fn lines(&self, paper: &mut Paper, title: Word, lines: &[PaperLine]) {
        if lines.is_empty() {
            return;
        }
        paper.strong(title.said(self.head.language));
        for line in lines {
            paper.pair(&line.label, &line.text);
        }
        paper.rule();
    }

    fn block(&self, paper: &mut Paper, title: Word, rows: &[TenderCount]) {
        paper.strong(title.said(self.head.language));
        for row in rows {
            paper.pair(&format!("{} {}{}", row.name, row.bills, self.bills()), &row.amount.to_string());
        }
        paper.rule();
    }

    fn bills(&self) -> String {
        format!(" {}", Word::Bills.said(self.head.language))
    }

    fn events(&self, paper: &mut Paper) {
        let language = self.head.language;
        paper.strong(Word::Events.said(language));
        self.head.amount(paper, Word::Discount, self.discounts);
        self.head.amount(paper, Word::Rounding, self.rounding);
        if let Some(off) = self.off_by_hand {
            self.head.amount(paper, Word::OffByHand, off);
        }
        let events = &self.events;
        for (word, count) in [
            (Word::Gifts, events.gifts),
            (Word::VoidedBills, events.voided_bills),
            (Word::RemovedLines, events.removed_lines),
            (Word::Refunds, events.refunds),
            (Word::DrawerOpenings, events.drawer_openings),
            (Word::Reprints, events.reprints),
            (Word::Overrides, events.overrides),
        ] {
            paper.pair(word.said(language), &count.to_string());
        }
        paper.rule();
    }
}

/// What goes out, with its sign; nothing is no minus nothing.
fn minus(amount: Money) -> String {
    if amount.is_zero() { amount.to_string() } else { format!("-{amount}") }
}
