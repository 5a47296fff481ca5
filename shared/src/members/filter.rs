//! Members by what they are, have and do. Each condition is a question of its own that names people, and whom all of them name is meant. Who was
//! merged is asked for through who stands for them, with what all of them have.
use super::level::levels;
use crate::base::{BranchId, BusinessDay, DocumentId, MemberId};
use crate::journal::{Fault, Read, Value};
use std::collections::{BTreeMap, HashMap};

/// What members must fulfil; what is none asks nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub level: Option<DocumentId>,
    pub home: Option<BranchId>,
    /// `female`, `male`, `other`.
    pub gender: Option<String>,
    /// Principal and bonus together, at all places, minor units.
    pub value_from: Option<i64>,
    pub value_until: Option<i64>,
    /// Points of any date, at all places.
    pub points_from: Option<i64>,
    /// Points basis of purchases of the last 365 days, minor units.
    pub spent_from: Option<i64>,
    /// Here within so many days.
    pub seen_within: Option<u32>,
    /// Not here for so many days; also who never was.
    pub unseen_for: Option<u32>,
    /// A birthday today or within so many days after.
    pub birthday_within: Option<u32>,
}

/// Days of purchases that count.
const SPENT_DAYS: i64 = 365;
const DAY_MS: i64 = 86_400_000;
/// Results that are sorted by name one by one; more are found by walking all names.
const SORTED_MAX: usize = 5_000;
/// Names walked at once.
const WALK_ROWS: usize = 20_000;

/// People, each once, in the order of their ids.
type People = Vec<MemberId>;

/// Who is meant, by id.
///
/// # Errors
/// A fault of the store.
pub fn people(db: &dyn Read, filter: &Filter, now_ms: i64, today: BusinessDay) -> Result<People, Fault> {
    let asked = Asked { db, merged: merged(db)?, now_ms, today };
    let mut meant: Option<People> = None;
    let mut keep = |these: People| match &mut meant {
        None => meant = Some(these),
        Some(meant) => meant.retain(|one| these.binary_search(one).is_ok()),
    };
    if let Some(home) = filter.home {
        keep(asked.named(HOME, &[home.into()])?);
    }
    if let Some(level) = filter.level {
        keep(asked.of_level(level)?);
    }
    if let Some(gender) = &filter.gender {
        keep(asked.named(GENDER, &[gender.as_str().into()])?);
    }
    if let Some(days) = filter.birthday_within {
        keep(asked.born(days)?);
    }
    if let Some(days) = filter.seen_within {
        keep(asked.seen(days)?);
    }
    if let Some(days) = filter.unseen_for {
        keep(asked.all_but(&asked.seen(days)?)?);
    }
    if filter.value_from.is_some() || filter.value_until.is_some() {
        keep(asked.holding([1, 3], filter.value_from, filter.value_until)?);
    }
    if filter.points_from.is_some() {
        keep(asked.holding([3, 4], filter.points_from, None)?);
    }
    if let Some(least) = filter.spent_from {
        let sums = asked.sums(SPENT, &[today.plus_days(-SPENT_DAYS).0.into()])?;
        keep(asked.between(&sums, Some(least), None)?);
    }
    match meant {
        Some(meant) => Ok(meant),
        None => asked.everybody(),
    }
}

/// A stretch of them by name.
///
/// # Errors
/// A fault of the store.
pub fn page(db: &dyn Read, people: &[MemberId], offset: usize, limit: usize) -> Result<Vec<MemberId>, Fault> {
    if people.len() <= SORTED_MAX {
        let mut named = Vec::with_capacity(people.len());
        for member in people {
            let name = db.row(NAME, &[(*member).into()])?.map_or_else(String::new, |row| row.text(0).to_owned());
            named.push((name, *member));
        }
        named.sort();
        return Ok(named.into_iter().skip(offset).take(limit).map(|(_, member)| member).collect());
    }
    let (mut page, mut skip) = (Vec::with_capacity(limit), offset);
    let (mut name, mut last) = ("n".to_owned(), MemberId([0; 16]));
    while page.len() < limit {
        let rows = db.rows(WALK, &[name.as_str().into(), last.into(), WALK_ROWS.into()])?;
        let Some(end) = rows.last() else { break };
        (name, last) = (end.text(0).to_owned(), MemberId(end.raw(1)));
        for member in rows.iter().map(|row| MemberId(row.raw(1))).filter(|member| people.binary_search(member).is_ok()) {
            match skip {
                0 if page.len() < limit => page.push(member),
                0 => break,
                _ => skip -= 1,
            }
        }
    }
    Ok(page)
}

// Who is at home at this branch?
const HOME: &str = "select member from member where home = ?1";
// Who is of this gender?
const GENDER: &str = "select member from member where gender = ?1";
// Whose birthday (mmdd) is from one day of the year to another?
const BORN: &str = "select member from member where birthday <> 0 and birthday % 10000 >= ?1 and birthday % 10000 <= ?2";
// Who was here since?
const SEEN: &str = "select member from member_visit where at_ms >= ?1";
// Who was given this level, or reached it?
const GIVEN: &str = "select member from member_level where level = ?1 union select member from level_reached where level = ?1";
// What has each member, anywhere?
const HELD: &str =
    "select holder, cast(sum(amount) as bigint) from balance where unit >= ?1 and unit < ?2 and length(holder) = 16 group by holder";
// What did each member buy after this day?
const SPENT: &str = "select member, cast(sum(basis) as bigint) from spend where day > ?1 group by member";
// Who is there?
const ALL: &str = "select member from member";
// Who was merged, and who stands for them?
const MERGED: &str = "select member, survivor from person where survivor <> member";
// What is this member called?
const NAME: &str = "select name from member where member = ?1";
// Who comes after this one by name? Tokens of names begin with n.
const WALK: &str =
    "select token, member from member_token where (token, member) > (?1, ?2) and token < 'o' order by token, member limit ?3";

fn merged(db: &dyn Read) -> Result<HashMap<MemberId, MemberId>, Fault> {
    Ok(db.rows(MERGED, &[])?.iter().map(|row| (MemberId(row.raw(0)), MemberId(row.raw(1)))).collect())
}

struct Asked<'a> {
    db: &'a dyn Read,
    /// Who stands for those who were merged.
    merged: HashMap<MemberId, MemberId>,
    now_ms: i64,
    today: BusinessDay,
}

impl Asked<'_> {
    fn named(&self, sql: &'static str, values: &[Value]) -> Result<People, Fault> {
        let rows = self.db.rows(sql, values)?;
        Ok(self.each_once(rows.iter().map(|row| MemberId(row.raw(0)))))
    }

    fn each_once(&self, members: impl Iterator<Item = MemberId>) -> People {
        let mut people: People = members.map(|member| self.standing_for(member)).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    fn standing_for(&self, member: MemberId) -> MemberId {
        self.merged.get(&member).copied().unwrap_or(member)
    }

    fn everybody(&self) -> Result<People, Fault> {
        self.named(ALL, &[])
    }

    fn all_but(&self, these: &[MemberId]) -> Result<People, Fault> {
        let mut people = self.everybody()?;
        people.retain(|one| these.binary_search(one).is_err());
        Ok(people)
    }

    /// Whose best level it is; the lowest one has who has no other.
    fn of_level(&self, level: DocumentId) -> Result<People, Fault> {
        let levels = levels(self.db)?;
        let Some(at) = levels.iter().position(|one| one.id == level) else { return Ok(Vec::new()) };
        let mut higher = Vec::new();
        for one in &levels[at + 1..] {
            higher.extend(self.named(GIVEN, &[one.id.into()])?);
        }
        higher.sort_unstable();
        if at == 0 {
            return self.all_but(&higher);
        }
        let mut people = self.named(GIVEN, &[level.into()])?;
        people.retain(|one| higher.binary_search(one).is_err());
        Ok(people)
    }

    fn seen(&self, days: u32) -> Result<People, Fault> {
        self.named(SEEN, &[(self.now_ms - i64::from(days) * DAY_MS).into()])
    }

    /// Within a year, also over its turn.
    fn born(&self, days: u32) -> Result<People, Fault> {
        let mmdd = |days: u32| self.today.plus_days(i64::from(days)).0 % 10_000;
        let days = days.min(364);
        // Who was born on February 29 has the birthday on the 28th in other years (R21).
        let leaps = mmdd(days) == 228 && mmdd(days + 1) == 301;
        let (first, last) = (mmdd(0), mmdd(days) + u32::from(leaps));
        if first <= last {
            return self.named(BORN, &[first.into(), last.into()]);
        }
        let mut people = self.named(BORN, &[first.into(), 1231.into()])?;
        people.extend(self.named(BORN, &[101.into(), last.into()])?);
        people.sort_unstable();
        people.dedup();
        Ok(people)
    }

    /// By what lies in the units whose keys begin with bytes of a range.
    fn holding(&self, [first, end]: [u8; 2], least: Option<i64>, most: Option<i64>) -> Result<People, Fault> {
        let sums = self.sums(HELD, &[vec![first].into(), vec![end].into()])?;
        self.between(&sums, least, most)
    }

    fn sums(&self, sql: &'static str, values: &[Value]) -> Result<BTreeMap<MemberId, i64>, Fault> {
        let mut sums = BTreeMap::new();
        for row in self.db.rows(sql, values)? {
            *sums.entry(self.standing_for(MemberId(row.raw(0)))).or_default() += row.int(1);
        }
        Ok(sums)
    }

    /// Whose sum is in the bounds; who has none has 0.
    fn between(&self, sums: &BTreeMap<MemberId, i64>, least: Option<i64>, most: Option<i64>) -> Result<People, Fault> {
        let bounds = least.unwrap_or(i64::MIN)..=most.unwrap_or(i64::MAX);
        let of = |inside: bool| sums.iter().filter(move |(_, sum)| bounds.contains(sum) == inside).map(|(member, _)| *member);
        if least.unwrap_or(i64::MIN) <= 0 && most.unwrap_or(i64::MAX) >= 0 {
            return self.all_but(&of(false).collect::<People>());
        }
        Ok(of(true).collect())
    }
}
