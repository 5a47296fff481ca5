//! The slip of cash handed in while a shift goes on: who gave how much to whom, two signatures.
use super::slip::{Paper, SlipLine};
use super::words::Word;
use super::{Copy, SlipHead};
use crate::base::Money;
use minicbor::{Decode, Encode};

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HandInSlip {
    #[n(0)]
    pub head: SlipHead,
    /// Of the till's shift.
    #[n(1)]
    pub number: String,
    #[n(2)]
    pub amount: Money,
    #[n(3)]
    pub note: String,
}

impl HandInSlip {
    pub(super) fn lay_out(&self, paper: &mut Paper, copy: Option<&Copy>) {
        if copy.is_none() {
            paper.add(SlipLine::Kick);
        }
        let language = self.head.language;
        self.head.lay_out(paper, Some(Word::HandInSlip), copy);
        paper.pair(Word::ShiftNo.said(language), &self.number);
        paper.strong_pair(Word::HandedIn.said(language), &self.amount.to_string());
        if !self.note.is_empty() {
            paper.pair(Word::Reason.said(language), &self.note);
        }
        paper.rule().signature(Word::HandsIn.said(language)).signature(Word::Receives.said(language)).cut();
    }
}
