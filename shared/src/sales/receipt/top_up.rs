//! The slip of a top-up, with a line for the member's signature.
use super::slip::{Paper, SlipLine};
use super::words::Word;
use super::{Copy, SlipHead, SlipMember, SlipTender};
use crate::base::Money;
use minicbor::{Decode, Encode};

/// A top-up on the slip of the sale that it pays.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TopUpPart {
    /// Its own: what a reversal asks for.
    #[n(0)]
    pub receipt_no: String,
    #[n(1)]
    pub principal: Money,
    #[n(2)]
    pub bonus: Money,
    /// Of cash what was handed over.
    #[n(3)]
    pub tender: SlipTender,
    #[n(4)]
    pub change: Money,
    /// Before the sale took its due.
    #[n(5)]
    pub principal_after: Money,
    #[n(6)]
    pub bonus_after: Money,
}

impl TopUpPart {
    pub(super) fn lay_out(&self, paper: &mut Paper, head: &SlipHead) {
        let language = head.language;
        paper.left(&format!("{}: {}", Word::TopUp.said(language), self.receipt_no));
        paper.strong_pair(Word::ToppedUp.said(language), &self.principal.with_sign());
        if !self.bonus.is_zero() {
            head.amount(paper, Word::Gift, self.bonus);
        }
        paper.pair(&self.tender.name, &self.tender.amount.to_string());
        if !self.change.is_zero() {
            head.amount(paper, Word::Change, self.change);
        }
        head.amount(paper, Word::Invoiceable, self.principal);
        paper.pair(Word::StoredValue.said(language), &format!("{} + {}", self.principal_after, self.bonus_after)).rule();
    }
}

/// What a top-up's slip shows.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TopUpSlip {
    #[n(0)]
    pub head: SlipHead,
    #[n(1)]
    pub principal: Money,
    #[n(2)]
    pub bonus: Money,
    /// Of cash what was handed over.
    #[n(3)]
    pub tenders: Vec<SlipTender>,
    #[n(4)]
    pub change: Money,
    #[n(5)]
    pub member: SlipMember,
    /// Cash was taken: the drawer opens, once, with the first print.
    #[n(6)]
    pub kick: bool,
}

impl TopUpSlip {
    pub(super) fn lay_out(&self, paper: &mut Paper, copy: Option<&Copy>) {
        if self.kick && copy.is_none() {
            paper.add(SlipLine::Kick);
        }
        let language = self.head.language;
        self.head.lay_out(paper, Some(Word::TopUp), copy);
        paper.strong_pair(Word::ToppedUp.said(language), &self.principal.with_sign());
        if !self.bonus.is_zero() {
            self.head.amount(paper, Word::Gift, self.bonus);
        }
        self.head.tenders(paper, &self.tenders);
        if !self.change.is_zero() {
            self.head.amount(paper, Word::Change, self.change);
        }
        // What was paid, never the gift: an invoice for a prepaid card, without tax (trade.md M1).
        self.head.amount(paper, Word::Invoiceable, self.principal);
        paper.rule();
        self.member.lay_out(paper, language);
        paper.signature(Word::MemberSigns.said(language)).rule();
        self.head.foot(paper);
        paper.cut();
    }
}
