//! A slip of the member desk: what was done to a card or a package, line by line, with a line for the member's signature.
use super::slip::{Paper, SlipLine};
use super::words::Word;
use super::{Copy, SlipHead, SlipMember};
use minicbor::{Decode, Encode};

/// What a slip of the member desk shows.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PaperSlip {
    #[n(0)]
    pub head: SlipHead,
    /// In the slip's language.
    #[n(1)]
    pub title: String,
    #[n(2)]
    pub lines: Vec<PaperLine>,
    #[n(3)]
    pub member: SlipMember,
    /// Cash moved: the drawer opens, once, with the first print.
    #[n(4)]
    pub kick: bool,
}

/// A word on the left, what it says on the right.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PaperLine {
    #[n(0)]
    pub label: String,
    #[n(1)]
    pub text: String,
}

impl PaperSlip {
    pub(super) fn lay_out(&self, paper: &mut Paper, copy: Option<&Copy>) {
        if self.kick && copy.is_none() {
            paper.add(SlipLine::Kick);
        }
        let language = self.head.language;
        self.head.lay_out(paper, None, copy);
        paper.title(&self.title);
        for line in &self.lines {
            paper.pair(&line.label, &line.text);
        }
        paper.rule();
        self.member.lay_out(paper, language);
        paper.signature(Word::MemberSigns.said(language)).rule();
        self.head.foot(paper);
        paper.cut();
    }
}
