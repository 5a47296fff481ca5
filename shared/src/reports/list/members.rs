//! 会员信息: the members of the branches asked, with what lies for them. Phones are masked without the right to see them.
use crate::base::{MemberId, text};
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::members::visit::last_visit_ms;
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Money, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};

pub static MEMBERS: Report = Report {
    name: "members",
    zh: "会员信息",
    en: "Members",
    any: &[Right::Members],
    personal: true,
    days: false,
    columns: &[
        column("姓名", "Name", Text),
        column("手机", "Phone", Text),
        column("卡号", "Cards", Text),
        column("生日", "Birthday", Text),
        column("归属门店", "Home branch", Text),
        summed("本金", "Principal", Money),
        summed("赠送金", "Bonus", Money),
        summed("积分", "Points", Count),
        column("最近到店", "Last visit", Time),
    ],
    query,
};

/// Members looked at by one question.
const CHUNK: u32 = 1_000;

/// One member as lists about members start from.
pub struct Known {
    pub id: MemberId,
    pub name: String,
    pub phone: String,
    pub birthday: i64,
    pub home: Option<crate::base::BranchId>,
}

/// All members whose home is among the branches asked, or nowhere; in the order of their ids. `take` says how many more are wanted.
///
/// # Errors
/// A fault of the store.
pub fn each(db: &dyn Read, asked: &Asked, mut take: impl FnMut(Known) -> Result<bool, Fault>) -> Result<(), Fault> {
    // Who are the next members?
    let sql = "select member, name, phone, birthday, home from member where member > ?1 order by member limit ?2";
    let mut last = MemberId([0; 16]);
    loop {
        let rows = db.rows(sql, &[last.into(), CHUNK.into()])?;
        for row in &rows {
            last = MemberId(row.raw(0));
            let home: Option<crate::base::BranchId> = row.blob(4).try_into().ok().map(crate::base::BranchId);
            if home.is_some_and(|home| !asked.branches.contains(&home)) {
                continue;
            }
            let phone = if asked.see_phones { row.text(2).to_owned() } else { text::masked_phone(row.text(2)) };
            if !take(Known { id: last, name: row.text(1).into(), phone, birthday: row.int(3), home })? {
                return Ok(());
            }
        }
        if rows.len() < CHUNK as usize {
            return Ok(());
        }
    }
}

/// Principal, bonus and points that lie for a member anywhere.
///
/// # Errors
/// A fault of the store.
pub fn holds(db: &dyn Read, member: MemberId) -> Result<[i64; 3], Fault> {
    // What lies for this member, by the tag of its unit?
    let sql = "select unit, amount from balance where holder = ?1 and amount <> 0";
    let mut held = [0; 3];
    for row in db.rows(sql, &[member.into()])? {
        if let Some(sum) = row.blob(0).first().and_then(|tag| held.get_mut(usize::from(*tag).wrapping_sub(1))) {
            *sum += row.int(1);
        }
    }
    Ok(held)
}

/// `11-21`, `1990-11-21`; empty where nobody said.
pub fn born(birthday: i64) -> String {
    let day = format!("{:02}-{:02}", birthday / 100 % 100, birthday % 100);
    match birthday {
        0 => String::new(),
        1..10_000 => day,
        _ => format!("{}-{day}", birthday / 10_000),
    }
}

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut rows = Vec::new();
    each(db, asked, |member| {
        // Which cards has this member?
        let cards = db.rows("select number from member_card where member = ?1 order by number", &[member.id.into()])?;
        let cards: Vec<&str> = cards.iter().map(|row| row.text(0)).collect();
        let home = member.home.map_or(Cell::None, |home| {
            let branch = names.branch(home);
            Cell::said(&branch.name, &branch.name_en)
        });
        let [principal, bonus, points] = holds(db, member.id)?;
        let (born, seen) = (born(member.birthday), last_visit_ms(db, member.id)?);
        let cells = cells![member.name, member.phone, cards.join(" "), born, home, principal, bonus, points, seen];
        rows.push(Row::opening(cells, Opens::member(member.id)));
        Ok(rows.len() < asked.rows_max)
    })?;
    Ok(rows)
}
