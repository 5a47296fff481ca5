//! Noting that a list with personal data leaves the house. Refusals, in order: NotSound (no reason).
use crate::facts::exports::Exported;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Characters of a reason.
const REASON_CHARS_MAX: usize = 200;
/// Characters of the filters that are kept.
const FILTERS_CHARS_MAX: usize = 400;

/// Whoever sends it takes the list away; the right is that of the list, and is asked where the list is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteExport {
    pub list: String,
    pub filters: String,
    pub rows: u32,
    pub phones: bool,
    pub reason: String,
}

/// A reason that says something, without the space around it.
///
/// # Errors
/// `NotSound`.
pub fn reason(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().nth(REASON_CHARS_MAX).is_some() {
        return Err(Refusal::NotSound { field: "reason".into(), why: format!("1 to {REASON_CHARS_MAX} characters") });
    }
    Ok(text.to_owned())
}

impl Command for NoteExport {
    type State = ();
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        encoded(&(self.list.as_str(), self.filters.as_str(), self.rows, self.phones, self.reason.as_str()))
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), moment: &Moment) -> Result<Decided, Refusal> {
        let filters = self.filters.chars().take(FILTERS_CHARS_MAX).collect();
        let reason = reason(&self.reason)?;
        let (list, rows, phones, at_ms) = (self.list.clone(), self.rows, self.phones, moment.now_ms);
        Ok(Decided::nothing().fact(&Exported { list, filters, rows, phones, reason, at_ms }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nothing("", None)]
    #[case::space("  ", None)]
    #[case::said(" 年审 ", Some("年审"))]
    fn a_reason_says_something(#[case] text: &str, #[case] wanted: Option<&str>) {
        assert_eq!(reason(text).ok().as_deref(), wanted);
        assert!(reason(&"长".repeat(201)).is_err());
        assert!(reason(&"长".repeat(200)).is_ok());
    }
}
