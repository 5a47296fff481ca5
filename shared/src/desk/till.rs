//! What every command of a till is decided with beside the moment: the till's number, who stands there and how far their rights go.
use crate::base::{BranchId, BusinessDay, Money, Rate, StaffId, TillId};
use crate::facts::sales::Occasion;
use crate::journal::memory::kept;
use crate::journal::{Actor, Fault, Moment, Read, Refusal, Right};
use crate::sales::discount::within_right;
use crate::sales::receipt::words::Language;
use crate::sales::receipt_number::ReceiptNumber;
use crate::staff::Limits;

/// Who acts at which till. Not part of a command's content: a retry by another person is still the same command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    pub till: u16,
    pub staff: StaffId,
    /// The supervisor who stands beside and lends a wider right for this one command.
    pub allowed_by: Option<StaffId>,
    /// The person's own limits, and those with the supervisor's.
    pub own: Limits,
    pub limits: Limits,
    /// Rights of the person alone; the moment's are those of both.
    pub own_rights: Vec<Right>,
    /// The clock was set by hand since the last hub time.
    pub clock_by_hand: bool,
    /// Since when the hub is out of reach, UTC ms; 0 while it is heard.
    pub cut_off_since_ms: i64,
    /// Of pages and slips.
    pub language: Language,
}

/// The id of a till: 14 bytes of its branch and its number.
pub fn till_id(branch: BranchId, number: u16) -> TillId {
    let mut id = branch.0;
    id[14..].copy_from_slice(&number.to_be_bytes());
    TillId(id)
}

/// The number in a till's id.
pub fn till_number(till: TillId) -> u16 {
    u16::from_be_bytes([till.0[14], till.0[15]])
}

impl Who {
    /// Where, when and by whom, as facts carry it. The supervisor is named where `lent`: where the own right was not enough.
    pub fn occasion(&self, moment: &Moment, lent: bool) -> Occasion {
        Occasion {
            branch: moment.branch.unwrap_or(BranchId([0; 16])),
            till: self.till,
            shift: moment.shift,
            day: moment.day,
            hour: moment.hour,
            at_ms: moment.now_ms,
            by: match moment.by {
                Actor::Person(staff) => staff,
                _ => self.staff,
            },
            allowed_by: self.allowed_by.filter(|_| lent),
            clock_by_hand: self.clock_by_hand,
        }
    }

    /// Whether the right is the person's own; if not, somebody lent it.
    pub fn lent(&self, right: Right) -> bool {
        !self.own_rights.contains(&right)
    }
}

/// The numbers of a receipt that the till does not choose itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbering {
    pub branch: u16,
    pub install: u16,
    /// Last counter of this till and day.
    pub last: u32,
}

/// What a receipt number says of the install that made it.
#[derive(Clone, Copy)]
struct Install {
    branch: u16,
    install: u16,
}

impl Install {
    fn load(db: &dyn Read, branch: BranchId) -> Result<Install, Fault> {
        let code = crate::branches::branch(db, branch)?.map_or(String::new(), |branch| branch.code);
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let by_id = u16::from_be_bytes([branch.0[12], branch.0[13]]) % 9_000 + 1;
        let number = digits.parse().ok().filter(|number| (1..=9_999).contains(number)).unwrap_or(by_id);
        // How many installs has this branch had?
        let streams = db.number("select count(*) from stream where branch = ?1", &[branch.into()])?;
        let told = crate::store::writer::meta_number(db, "install")?;
        Ok(Install { branch: number, install: u16::try_from(told.max(streams)).unwrap_or(999).clamp(1, 999) })
    }
}

impl Numbering {
    /// Where the count of a till stands on a business day. The branch's number is the digits of its code; without any, a number that
    /// follows from its id. Installs are counted by the streams of the branch known here, or told at enrolment.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read, moment: &Moment, till: u16) -> Result<Numbering, Fault> {
        let branch = moment.branch.unwrap_or(BranchId([0; 16]));
        let Install { branch: number, install } = kept(db, branch.0, || Install::load(db, branch))?;
        // Up to where has this till counted today?
        let sql = "select max(counter) from receipt where branch = ?1 and day = ?2 and till = ?3 and stream = ?4";
        let last = db.number(sql, &[branch.into(), moment.day.into(), till.into(), moment.here.into()])?;
        Ok(Numbering { branch: number, install, last: u32::try_from(last).unwrap_or_default() })
    }

    /// The count with one number given already.
    #[must_use]
    pub fn after_one(self) -> Numbering {
        Numbering { last: self.last + 1, ..self }
    }

    /// The next number.
    pub fn next(&self, till: u16, day: u32) -> String {
        let till = u8::try_from(till).unwrap_or(99);
        ReceiptNumber { branch: self.branch, till, install: self.install, day: BusinessDay(day), counter: self.last + 1 }.to_string()
    }
}

/// The next receipt number of the moment's till.
///
/// # Errors
/// A fault of the store.
pub fn next_receipt(db: &dyn Read, moment: &Moment) -> Result<String, Fault> {
    let till = moment.till.map_or(1, till_number);
    Ok(Numbering::load(db, moment, till)?.next(till, moment.day))
}

/// May somebody go down to `after` from `before`? With what a supervisor lends; says whether it was needed.
///
/// # Errors
/// `NeedsOverride` with the rates that remain.
pub fn within(right: Right, who: &Who, before: Money, after: Money, own: Rate, lent: Rate) -> Result<bool, Refusal> {
    let judge = |limit: Rate| within_right(before, after, limit);
    if judge(own)?.is_ok() {
        return Ok(false);
    }
    match judge(lent)? {
        Ok(()) => Ok(who.allowed_by.is_some()),
        Err(over) => {
            Err(Refusal::NeedsOverride { right, limit: Some(i64::from(over.lowest.bp())), asked: Some(i64::from(over.asked.bp())) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tills_number_is_in_its_id() {
        let branch = BranchId([7; 16]);
        assert_eq!(till_number(till_id(branch, 3)), 3);
        assert_ne!(till_id(branch, 3), till_id(branch, 4));
    }
}
