//! The slip of a return.
use super::sale::items;
use super::slip::{Paper, SlipLine};
use super::words::Word;
use super::{Copy, SlipHead, SlipItem, SlipMember, SlipTender};
use crate::base::Money;
use serde::{Deserialize, Serialize};

/// What a return's slip shows. The refund is the sum of `to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnSlip {
    pub head: SlipHead,
    /// The receipt number of the sale; none for a return without receipt.
    pub original_no: Option<String>,
    /// What came back; amounts are what the pieces had cost after all discounts (R9).
    pub items: Vec<SlipItem>,
    pub refund: Money,
    /// Where the money went, in the order of R10.
    pub to: Vec<SlipTender>,
    /// Points that had been spent on the bill and came back.
    pub points_back: i64,
    /// Points earned on the bill and taken back (R11).
    pub points_taken: i64,
    /// Taken off the refund for points that were missing; already out of `refund`.
    pub points_off: Money,
    /// Points that became a debt.
    pub points_debt: i64,
    pub reason: String,
    pub member: Option<SlipMember>,
    /// Cash was given: the drawer opens, once, with the first print.
    pub kick: bool,
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
