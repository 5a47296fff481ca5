//! The slip of a return.
use super::sale::items;
use super::slip::{Paper, SlipLine};
use super::words::Word;
use super::{Copy, SlipHead, SlipItem, SlipMember, SlipTender};
use crate::base::Money;
use minicbor::{Decode, Encode};

/// What a return's slip shows. The refund is the sum of `to`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ReturnSlip {
    #[n(0)]
    pub head: SlipHead,
    /// The receipt number of the sale; none for a return without receipt.
    #[n(1)]
    pub original_no: Option<String>,
    /// What came back; amounts are what the pieces had cost after all discounts (R9).
    #[n(2)]
    pub items: Vec<SlipItem>,
    #[n(3)]
    pub refund: Money,
    /// Where the money went, in the order of R10.
    #[n(4)]
    pub to: Vec<SlipTender>,
    /// Points that had been spent on the bill and came back.
    #[n(5)]
    pub points_back: i64,
    /// Points earned on the bill and taken back (R11).
    #[n(6)]
    pub points_taken: i64,
    /// Taken off the refund for points that were missing; already out of `refund`.
    #[n(7)]
    pub points_off: Money,
    /// Points that became a debt.
    #[n(8)]
    pub points_debt: i64,
    #[n(9)]
    pub reason: String,
    #[n(10)]
    pub member: Option<SlipMember>,
    /// Cash was given: the drawer opens, once, with the first print.
    #[n(11)]
    pub kick: bool,
}

/// What came back, on the slip of the sale that it was swapped for (换货).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ReturnPart {
    /// Of the return.
    #[n(0)]
    pub receipt_no: String,
    /// Of the sale that came back.
    #[n(1)]
    pub original_no: String,
    #[n(2)]
    pub items: Vec<SlipItem>,
    /// Where the money went; what is paid with it again stands among the tenders of the sale.
    #[n(3)]
    pub to: Vec<SlipTender>,
    #[n(4)]
    pub refund: Money,
    /// What the customer pays on top; what is given back below zero.
    #[n(5)]
    pub difference: Money,
}

impl ReturnPart {
    pub(super) fn lay_out(&self, paper: &mut Paper, head: &SlipHead) {
        let language = head.language;
        paper.title(Word::Swap.said(language));
        paper.left(&format!("{}: {}", Word::Return.said(language), self.receipt_no));
        paper.left(&format!("{}: {}", Word::OriginalNo.said(language), self.original_no)).rule();
        items(paper, head, &self.items);
        paper.rule().strong_pair(Word::Refund.said(language), &self.refund.with_sign());
        head.tenders(paper, &self.to);
        paper.rule();
    }

    pub(super) fn difference(&self, paper: &mut Paper, head: &SlipHead) {
        let back = self.difference.is_negative();
        let (word, amount) =
            if back { (Word::DifferenceBack, -self.difference.minor()) } else { (Word::DifferencePaid, self.difference.minor()) };
        paper.strong_pair(word.said(head.language), &Money::from_minor(amount).with_sign());
    }
}

impl ReturnSlip {
    pub(super) fn lay_out(&self, paper: &mut Paper, copy: Option<&Copy>) {
        if self.kick && copy.is_none() {
            paper.add(SlipLine::Kick);
        }
        let language = self.head.language;
        self.head.lay_out(paper, Some(Word::Return), copy);
        if let Some(number) = &self.original_no {
            paper.left(&format!("{}: {number}", Word::OriginalNo.said(language)));
        }
        paper.left(&format!("{}: {}", Word::Reason.said(language), self.reason)).rule();
        items(paper, &self.head, &self.items);
        paper.rule();
        if !self.points_off.is_zero() {
            paper.pair(Word::PointsOff.said(language), &format!("-{}", self.points_off));
        }
        paper.strong_pair(Word::Refund.said(language), &self.refund.with_sign());
        self.head.tenders(paper, &self.to);
        let points = [(Word::PointsBack, self.points_back), (Word::PointsTaken, self.points_taken), (Word::PointsDebt, self.points_debt)];
        for (word, points) in points.into_iter().filter(|(_, points)| *points != 0) {
            paper.pair(word.said(language), &points.to_string());
        }
        if let Some(member) = &self.member {
            paper.rule();
            member.lay_out(paper, language);
        }
        paper.signature(Word::MemberSigns.said(language)).rule();
        self.head.foot(paper);
        paper.cut();
    }
}
