//! What a member's document says.
use super::search;
use crate::base::{BranchId, DocumentId, MemberId};
use crate::documents::{self, Fields};
use crate::journal::{Fault, Read};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One member. `home` is empty where nobody said; `birthday` 0 likewise, mmdd without the year.
    30, MEMBER, "member", Projected, First, Both, v 2, [member Blob],
    [name Text, phone Text, birthday Int, gender Text, note Text, home Blob],
    index "member_home" on "home"
}

table! {
    /// The cards of a member.
    31, MEMBER_CARD, "member_card", Projected, First, Both, v 1, [member Blob, number Text], []
}

/// The rows of a member document.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    let member = documents::member::Member::from_fields(fields);
    let home = home(&member);
    for card in &member.cards {
        rows.put(&MEMBER_CARD, row![document, card.as_str()]);
    }
    search::project(document, &member, home, rows);
    let home = home.map_or(Vec::new(), |branch| branch.0.to_vec());
    let birthday = member.birthday.unwrap_or(0);
    rows.put(&MEMBER, row![document, member.name, member.phone, birthday, member.gender, member.note, home]);
}

/// The home branch that a document names.
pub fn home(member: &documents::member::Member) -> Option<BranchId> {
    format!("{}_{}", BranchId::PREFIX, member.home).parse().ok()
}

/// A branch as a member document names it.
pub fn home_field(branch: BranchId) -> String {
    branch.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: MemberId,
    pub name: String,
    pub phone: String,
    /// yyyymmdd, or mmdd where the year is not known.
    pub birthday: Option<i64>,
    /// `female`, `male`, `other` or empty.
    pub gender: String,
    pub note: String,
    pub home: Option<BranchId>,
    /// Numbers of all cards; also those of members merged with this one.
    pub cards: Vec<String>,
}

impl Member {
    /// Whether a day (yyyymmdd) is the birthday; who was born on February 29 has it on the 28th in other years (R21).
    pub fn has_birthday_on(&self, day: u32) -> bool {
        let Some(born) = self.birthday.map(|birthday| birthday % 10_000) else { return false };
        let (today, year) = (i64::from(day % 10_000), i64::from(day / 10_000));
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        today == born || (born == 229 && !leap && today == 228)
    }

    /// `11-21`.
    pub fn birthday_shown(&self) -> Option<String> {
        self.birthday.map(|birthday| format!("{:02}-{:02}", birthday / 100 % 100, birthday % 100))
    }
}

/// The member of an id.
///
/// # Errors
/// A fault of the store.
pub fn member(db: &dyn Read, id: MemberId) -> Result<Option<Member>, Fault> {
    // Who is this member?
    let sql = "select name, phone, birthday, gender, note, home from member where member = ?1";
    let Some(row) = db.row(sql, &[id.into()])? else { return Ok(None) };
    let mut cards = Vec::new();
    for one in person::of(db, id)? {
        // Which cards has this member?
        let rows = db.rows("select number from member_card where member = ?1 order by number", &[one.into()])?;
        cards.extend(rows.iter().map(|row| row.text(0).to_owned()));
    }
    Ok(Some(Member {
        id,
        name: row.text(0).into(),
        phone: row.text(1).into(),
        birthday: Some(row.int(2)).filter(|birthday| *birthday != 0),
        gender: row.text(3).into(),
        note: row.text(4).into(),
        home: row.blob(5).try_into().ok().map(BranchId),
        cards,
    }))
}

/// Name and phone of a member: all that a slip shows.
///
/// # Errors
/// A fault of the store.
pub fn called(db: &dyn Read, id: MemberId) -> Result<Option<(String, String)>, Fault> {
    // What is this member called?
    let row = db.row("select name, phone from member where member = ?1", &[id.into()])?;
    Ok(row.map(|row| (row.text(0).into(), row.text(1).into())))
}

/// How many people there are: who was merged into another does not count.
///
/// # Errors
/// A fault of the store.
pub fn count(db: &dyn Read) -> Result<i64, Fault> {
    db.number("select count(*) from member where member not in (select member from person where survivor <> member)", &[])
}

/// `王**`: what a till shows of a name before the person was chosen.
pub fn masked_name(name: &str) -> String {
    name.chars().next().map_or(String::new(), |surname| format!("{surname}**"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::same_day(Some(19_880_521), 20_260_521, true)]
    #[case::year_unknown(Some(521), 20_260_521, true)]
    #[case::another_day(Some(521), 20_260_522, false)]
    #[case::leap_day_in_a_leap_year(Some(229), 20_280_228, false)]
    #[case::leap_day_in_another(Some(229), 20_260_228, true)]
    #[case::nobody_said(None, 20_260_521, false)]
    fn birthdays(#[case] birthday: Option<i64>, #[case] day: u32, #[case] wanted: bool) {
        let member = Member {
            id: MemberId([1; 16]),
            name: "王小明".into(),
            phone: String::new(),
            birthday,
            gender: String::new(),
            note: String::new(),
            home: None,
            cards: vec![],
        };
        assert_eq!(member.has_birthday_on(day), wanted);
        assert_eq!(masked_name(&member.name), "王**");
    }
}
