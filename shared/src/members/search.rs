//! Finding a member at the counter: end of the phone, card, name, pinyin or its first letters; the home branch first. Who is at home here is
//! looked up by an index of its own, so that nobody is lost behind the many of other branches that are found under the same letters. At most
//! 200 candidates are ranked. Phones are kept reversed, so that "ends with" is a range.
use super::member::{Member, member};
use crate::base::limits::RANKED_MAX;
use crate::base::{BranchId, DocumentId, MemberId, text};
use crate::documents;
use crate::journal::{Fault, Read};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// What finds a member. A token begins with a letter for its kind: `c` card, `p` reversed phone, `n` name, `i` initials, `y` pinyin.
    32, MEMBER_TOKEN, "member_token", Projected, First, Both, v 2, [token Text, member Blob], [home Blob],
    index "member_token_home" on "home, token"
}

/// Digits of a phone's end from which a search begins.
pub const PHONE_END_MIN: usize = 3;

/// Why a member was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Card,
    Phone,
    Name,
    Pinyin,
}

/// One member found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub member: Member,
    pub why: Why,
}

/// The search tokens of a member.
pub(super) fn project(document: DocumentId, member: &documents::member::Member, home: Option<BranchId>, rows: &mut Rows) {
    let spelling = text::spelling(&member.name);
    let mut tokens: Vec<String> = member.cards.iter().map(|card| format!("c{card}")).collect();
    for (kind, token) in
        [('p', member.phone.chars().rev().collect()), ('n', text::folded(&member.name)), ('i', spelling.initials), ('y', spelling.full)]
    {
        if !token.is_empty() {
            tokens.push(format!("{kind}{token}"));
        }
    }
    let home = home.map_or(Vec::new(), |branch| branch.0.to_vec());
    for token in tokens {
        rows.put(&MEMBER_TOKEN, row![token, document, home.as_slice()]);
    }
}

/// The people who hold a card; more than one: it identifies nobody and spends nothing. Of members who are one person, who stands for them.
///
/// # Errors
/// A fault of the store.
pub fn by_card(db: &dyn Read, number: &str) -> Result<Vec<MemberId>, Fault> {
    people(db, claimed_card(db, number)?)
}

/// The people who have a phone number, digits as stored; more than one: the till asks which person.
///
/// # Errors
/// A fault of the store.
pub fn by_phone(db: &dyn Read, phone: &str) -> Result<Vec<MemberId>, Fault> {
    people(db, claimed_phone(db, phone)?)
}

/// The members whose own documents name a card.
///
/// # Errors
/// A fault of the store.
pub fn claimed_card(db: &dyn Read, number: &str) -> Result<Vec<MemberId>, Fault> {
    claims(db, &format!("c{number}"))
}

/// The members whose own documents name a phone.
///
/// # Errors
/// A fault of the store.
pub fn claimed_phone(db: &dyn Read, phone: &str) -> Result<Vec<MemberId>, Fault> {
    claims(db, &format!("p{}", phone.chars().rev().collect::<String>()))
}

fn people(db: &dyn Read, members: Vec<MemberId>) -> Result<Vec<MemberId>, Fault> {
    let mut people = Vec::with_capacity(members.len());
    for member in members {
        let survivor = person::survivor(db, member)?;
        if !people.contains(&survivor) {
            people.push(survivor);
        }
    }
    Ok(people)
}

fn claims(db: &dyn Read, token: &str) -> Result<Vec<MemberId>, Fault> {
    // Who claims this phone or card?
    let rows = db.rows("select member from member_token where token = ?1 order by member limit 20", &[token.into()])?;
    Ok(rows.iter().map(|row| MemberId(row.raw(0))).collect())
}

/// Members found by any kind of text, at most `limit`: whole card numbers first, then members of the home branch, then by name.
///
/// # Errors
/// A fault of the store.
pub fn search(db: &dyn Read, wanted: &str, home: Option<BranchId>, limit: usize) -> Result<Vec<Hit>, Fault> {
    let folded = text::folded(wanted);
    let compact: String = folded.chars().filter(|c| *c != ' ').collect();
    if compact.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<(MemberId, Why, bool)> = Vec::new();
    for (why, token, exact) in tokens(&folded, &compact) {
        let mut candidates = match home {
            Some(home) => at_home(db, &token, exact, home, limit.min(RANKED_MAX))?,
            None => Vec::new(),
        };
        // Those at home are found here once more.
        let room = (limit + candidates.len()).min(RANKED_MAX);
        candidates.extend(anywhere(db, &token, exact, home, room)?);
        for (id, at_home) in candidates {
            let id = person::survivor(db, id)?;
            if !found.iter().any(|(known, ..)| *known == id) {
                found.push((id, why, at_home));
            }
        }
    }
    found.sort_by_key(|(_, why, at_home)| (*why != Why::Card, !at_home, *why));
    let hits = found.into_iter().take(limit).map(|(id, why, _)| Ok(member(db, id)?.map(|member| Hit { member, why })));
    hits.filter_map(Result::transpose).collect()
}

/// What a text may be, as tokens to look under.
fn tokens(folded: &str, compact: &str) -> Vec<(Why, String, bool)> {
    let mut tokens = vec![(Why::Card, format!("c{}", compact.to_uppercase()), true)];
    if compact.bytes().all(|byte| byte.is_ascii_digit()) {
        if compact.len() >= PHONE_END_MIN {
            tokens.push((Why::Phone, format!("p{}", compact.chars().rev().collect::<String>()), false));
        }
        return tokens;
    }
    if compact.is_ascii() {
        tokens.push((Why::Pinyin, format!("i{compact}"), false));
        tokens.push((Why::Pinyin, format!("y{compact}"), false));
    }
    tokens.push((Why::Name, format!("n{folded}"), false));
    tokens
}

/// A member, and whether the branch that asks is the home branch.
type Candidate = (MemberId, bool);

fn at_home(db: &dyn Read, token: &str, exact: bool, home: BranchId, room: usize) -> Result<Vec<Candidate>, Fault> {
    // Who of this branch is found under tokens that begin so?
    let sql = "select member from member_token where home = ?1 and token >= ?2 and token < ?3 order by token, member limit ?4";
    let rows = db.rows(sql, &[home.into(), token.into(), past(token, exact).into(), room.into()])?;
    Ok(rows.iter().map(|row| (MemberId(row.raw(0)), true)).collect())
}

fn anywhere(db: &dyn Read, token: &str, exact: bool, home: Option<BranchId>, room: usize) -> Result<Vec<Candidate>, Fault> {
    // Who is found under tokens that begin so?
    let sql = "select member, home from member_token where token >= ?1 and token < ?2 order by token, member limit ?3";
    let rows = db.rows(sql, &[token.into(), past(token, exact).into(), room.into()])?;
    let at_home = |bytes: &[u8]| home.is_some_and(|home| home.bytes() == bytes);
    Ok(rows.iter().map(|row| (MemberId(row.raw(0)), at_home(row.blob(1)))).collect())
}

/// The first text behind all tokens that are this one, or begin so.
fn past(token: &str, exact: bool) -> String {
    format!("{token}{}", if exact { '\u{1}' } else { '\u{10ffff}' })
}

/// A phone or card that two people hold, or a birthday that two of one name have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    pub why: Why,
    /// The phone's digits, the card's number, or the birthday, yyyymmdd.
    pub number: String,
    pub members: Vec<MemberId>,
}

/// Phones and cards held by two or more, for a person at head office. At most `limit`.
///
/// # Errors
/// A fault of the store.
pub fn claimed_twice(db: &dyn Read, limit: u32) -> Result<Vec<Claimed>, Fault> {
    // Which phones and cards are held by two or more?
    let sql = "select token from member_token where (token >= 'c' and token < 'd') or (token >= 'p' and token < 'q')
               group by token having count(*) > 1 order by token limit ?1";
    let rows = db.rows(sql, &[limit.into()])?;
    let claimed = |token: &str| {
        let (kind, rest) = token.split_at(1);
        let (why, number) = match kind {
            "c" => (Why::Card, rest.to_owned()),
            _ => (Why::Phone, rest.chars().rev().collect()),
        };
        Ok(Claimed { why, number, members: people(db, claims(db, token)?)? })
    };
    let all: Vec<Claimed> = rows.iter().map(|row| claimed(row.text(0))).collect::<Result<_, Fault>>()?;
    Ok(all.into_iter().filter(|claimed| claimed.members.len() > 1).collect())
}

/// Members of one name and birthday who are not known to be one person; `number` is the birthday.
///
/// # Errors
/// A fault of the store.
pub fn alike(db: &dyn Read, limit: u32) -> Result<Vec<Claimed>, Fault> {
    // Which names have two members born on the same day of the same year?
    let sql = "select name, birthday from member where birthday > 9999 group by name, birthday having count(*) > 1 order by name, birthday limit ?1";
    // Who has this name and birthday?
    let whose = "select t.member from member_token t join member m on m.member = t.member
                 where t.token = ?1 and m.name = ?2 and m.birthday = ?3 order by t.member limit 20";
    let mut all = Vec::new();
    for row in db.rows(sql, &[limit.into()])? {
        let (name, birthday) = (row.text(0), row.int(1));
        let found = db.rows(whose, &[format!("n{}", text::folded(name)).into(), name.into(), birthday.into()])?;
        let members = people(db, found.iter().map(|row| MemberId(row.raw(0))).collect())?;
        if members.len() > 1 {
            all.push(Claimed { why: Why::Name, number: birthday.to_string(), members });
        }
    }
    Ok(all)
}
