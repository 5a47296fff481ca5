//! 计时消费: sittings that ended in the days asked, with the clock's word beside an end that was set by hand.
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Day, Money, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};

pub static TIMED: Report = Report {
    name: "timed",
    zh: "计时消费",
    en: "Timed consumption",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("结台时间", "Ended", Time),
        column("营业日", "Business day", Day),
        column("门店", "Branch", Text),
        column("房台", "Seat", Text),
        column("开台时间", "Started", Time),
        column("会员", "Member", Text),
        column("收银员", "Cashier", Text),
        summed("分钟", "Minutes", Count),
        summed("免费分钟", "Free minutes", Count),
        summed("次卡分钟", "Package minutes", Count),
        summed("金额", "Amount", Money),
        column("按钟分钟", "By the clock", Count),
        column("按钟金额", "Amount by the clock", Money),
        column("说明", "Note", Text),
    ],
    query,
};

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    // Which sittings ended here on these days?
    let sql = "select x.at_ms, x.day, x.seat, x.started_ms, coalesce(m.name, ''), coalesce(s.name, ''), x.minutes, x.free, x.from_package,
                      x.amount, x.clock_minutes, x.clock_amount, x.cancelled, x.reason
               from sitting x left join member m on m.member = x.member left join staff s on s.staff = x.staff
               where x.branch = ?1 and x.day >= ?2 and x.day <= ?3 order by x.at_ms desc, x.id limit ?4";
    let mut rows = Vec::new();
    for branch in asked.branches.iter().copied() {
        let values = [branch.into(), asked.from.0.into(), asked.until.0.into(), asked.rows_max.into()];
        let name = names.branch(branch);
        rows.extend(db.rows(sql, &values)?.iter().map(|row| {
            let note = match (row.int(12) != 0, row.text(13)) {
                (true, reason) => Cell::said(&format!("取消：{reason}"), &format!("Given up: {reason}")),
                (false, reason) => Cell::from(reason),
            };
            let day = crate::base::BusinessDay(row.int(1) as u32);
            let branch = Cell::said(&name.name, &name.name_en);
            Row::opening(
                cells![
                    row.int(0),
                    day,
                    branch,
                    row.text(2),
                    row.int(3),
                    row.text(4),
                    row.text(5),
                    row.int(6),
                    row.int(7),
                    row.int(8),
                    row.int(9),
                    row.int(10),
                    row.int(11),
                    note
                ],
                Opens::default(),
            )
        }));
    }
    rows.truncate(asked.rows_max);
    Ok(rows)
}
