//! 生日提醒: whose birthday falls on one of the days asked (R21).
use super::members::{Known, each, holds};
use crate::base::BusinessDay;
use crate::base::lunar::{Lunar, next_solar};
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::members::visit::last_visit_ms;
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Day, Money, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column};

pub static BIRTHDAYS: Report = Report {
    name: "birthdays",
    zh: "生日提醒",
    en: "Birthdays",
    any: &[Right::Members],
    personal: true,
    days: true,
    columns: &[
        column("生日", "Birthday", Day),
        column("农历", "Lunar date", Text),
        column("姓名", "Name", Text),
        column("手机", "Phone", Text),
        column("归属门店", "Home branch", Text),
        column("年龄", "Age", Count),
        column("储值本金", "Principal", Money),
        column("最近到店", "Last visit", Time),
    ],
    query,
};

/// The day of a birthday (yyyymmdd or mmdd) in the days asked, and the age then, 0 where the year is not known.
fn falls(birthday: i64, from: BusinessDay, until: BusinessDay) -> Option<(BusinessDay, i64)> {
    let mmdd = u32::try_from(birthday % 10_000).ok().filter(|mmdd| *mmdd != 0)?;
    let day = next_solar(mmdd, from).filter(|day| *day <= until)?;
    let year = birthday / 10_000;
    Some((day, if year == 0 { 0 } else { i64::from(day.year()) - year }))
}

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut found: Vec<(BusinessDay, i64, Known)> = Vec::new();
    each(db, asked, |member| {
        if let Some((day, age)) = falls(member.birthday, asked.from, asked.until) {
            found.push((day, age, member));
        }
        Ok(true)
    })?;
    found.sort_by(|a, b| (a.0, &a.2.name, a.2.id).cmp(&(b.0, &b.2.name, b.2.id)));
    found.truncate(asked.rows_max);
    let row = |(day, age, member): (BusinessDay, i64, Known)| {
        let home = member.home.map_or(Cell::None, |home| {
            let branch = names.branch(home);
            Cell::said(&branch.name, &branch.name_en)
        });
        let lunar = Lunar::of(day).map_or_else(String::new, |lunar| lunar.shown());
        let age = if age == 0 { Cell::None } else { Cell::Number(age) };
        let [principal, ..] = holds(db, member.id)?;
        let cells = cells![day, lunar, member.name, member.phone, home, age, principal, last_visit_ms(db, member.id)?];
        Ok(Row::opening(cells, Opens::member(member.id)))
    };
    found.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// H7 and H6: a list for seven days from 2026-11-21 reaches to 11-28.
    #[rstest]
    #[case::today(19_881_121, 20_261_121, 20_261_128, Some((20_261_121, 38)))]
    #[case::last_day(1128, 20_261_121, 20_261_128, Some((20_261_128, 0)))]
    #[case::a_day_late(1129, 20_261_121, 20_261_128, None)]
    #[case::yesterday(1120, 20_261_121, 20_261_128, None)]
    #[case::over_the_year(19_900_105, 20_261_228, 20_270_111, Some((20_270_105, 37)))]
    #[case::leap_day(229, 20_270_225, 20_270_228, Some((20_270_228, 0)))]
    #[case::nobody_said(0, 20_261_121, 20_261_128, None)]
    fn a_birthday_falls(#[case] born: i64, #[case] from: u32, #[case] until: u32, #[case] wanted: Option<(u32, i64)>) {
        let got = falls(born, BusinessDay(from), BusinessDay(until)).map(|(day, age)| (day.0, age));
        assert_eq!(got, wanted);
    }
}
