//! 收支明细: all money that came in and went out, by tender, with its cause: sales, returns, top-ups, cash moved by hand. Stored value is no money.
use crate::base::{BranchId, BusinessDay, CommandId};
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::reports::names::Names;
use crate::reports::report::Form::{Day, Money, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};
use crate::sales::receipts::Slip;

pub static CASH: Report = Report {
    name: "cash",
    zh: "收支明细",
    en: "Money in and out",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("时间", "Time", Time),
        column("营业日", "Business day", Day),
        column("门店", "Branch", Text),
        column("事项", "What", Text),
        column("小票号", "Receipt no.", Text),
        column("收款方式", "Tender", Text),
        summed("收入", "In", Money),
        summed("支出", "Out", Money),
        column("经手", "By", Text),
        column("说明", "Reason", Text),
    ],
    query,
};

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut rows = Vec::new();
    for branch in asked.branches.iter().copied() {
        rows.extend(slips(db, &names, asked, branch)?);
        rows.extend(by_hand(db, &names, asked, branch)?);
    }
    rows.sort_by_key(|(at_ms, _)| std::cmp::Reverse(*at_ms));
    Ok(rows.into_iter().map(|(_, row)| row).take(asked.rows_max).collect())
}

fn slips(db: &dyn Read, names: &Names, asked: &Asked, branch: BranchId) -> Result<Vec<(i64, Row)>, Fault> {
    // Which tenders brought or gave money at this branch in these days?
    let sql = "select r.id, r.at_ms, r.day, r.receipt_no, r.slip, t.code, t.amount, coalesce(s.name, '')
               from receipt r join tender t on t.id = r.id left join staff s on s.staff = r.cashier
               where r.branch = ?1 and r.day >= ?2 and r.day <= ?3 and t.code <> 'value' order by r.at_ms desc, r.id, t.no limit ?4";
    let of = names.branch(branch);
    let found = db.rows(sql, &[branch.into(), asked.from.0.into(), asked.until.0.into(), asked.rows_max.into()])?;
    let row = |row: &crate::journal::Row| {
        let slip = Slip::from_number(row.int(4));
        let what = match slip {
            Slip::Sale => Cell::said("销售", "Sale"),
            Slip::Return => Cell::said("退货", "Return"),
            Slip::TopUp => Cell::said("充值", "Top-up"),
            Slip::Paper => Cell::said("卡务", "Card desk"),
        };
        let (amount, tender) = (row.int(6), names.tender(row.text(5), 0));
        let (came, went) = match slip {
            Slip::Return => (0, amount),
            // The card desk pays out below zero.
            _ => (amount.max(0), amount.min(0).saturating_abs()),
        };
        let cells = cells![
            row.int(1),
            BusinessDay(row.int(2) as u32),
            Cell::said(&of.name, &of.name_en),
            what,
            row.text(3),
            Cell::said(&tender.name, &tender.name_en),
            came,
            went,
            row.text(7),
            ""
        ];
        (row.int(1), Row::opening(cells, Opens::slip(CommandId(row.raw(0)))))
    };
    Ok(found.iter().map(row).collect())
}

fn by_hand(db: &dyn Read, names: &Names, asked: &Asked, branch: BranchId) -> Result<Vec<(i64, Row)>, Fault> {
    // Which cash was moved by hand in the shifts of these days at this branch?
    let sql = "select c.at_ms, s.day, c.amount, c.reason, coalesce(p.name, '')
               from shift s join cash_move c on c.shift = s.shift left join staff p on p.staff = s.cashier
               where s.branch = ?1 and s.day >= ?2 and s.day <= ?3 order by c.at_ms desc, c.id limit ?4";
    let (of, cash) = (names.branch(branch), names.tender(crate::facts::sales::CASH, 0));
    let found = db.rows(sql, &[branch.into(), asked.from.0.into(), asked.until.0.into(), asked.rows_max.into()])?;
    let row = |row: &crate::journal::Row| {
        let amount = row.int(2);
        let cells = cells![
            row.int(0),
            BusinessDay(row.int(1) as u32),
            Cell::said(&of.name, &of.name_en),
            if amount < 0 { Cell::said("取出现金", "Cash out") } else { Cell::said("存入现金", "Cash in") },
            "",
            Cell::said(&cash.name, &cash.name_en),
            amount.max(0),
            (-amount).max(0),
            row.text(4),
            row.text(3)
        ];
        (row.int(0), Row::of(cells))
    };
    Ok(found.iter().map(row).collect())
}
