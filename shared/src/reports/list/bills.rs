//! 消费明细, by bill: every sale of the days asked.
use crate::base::{BranchId, BusinessDay, CommandId, SaleId};
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::reports::names::{self, Names};
use crate::reports::report::Form::{Day, Money, Quantity, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};

pub static BILLS: Report = Report {
    name: "bills",
    zh: "消费明细（按单）",
    en: "Sales by bill",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("时间", "Time", Time),
        column("营业日", "Business day", Day),
        column("门店", "Branch", Text),
        column("小票号", "Receipt no.", Text),
        column("收银员", "Cashier", Text),
        column("会员", "Member", Text),
        summed("件数", "Pieces", Quantity),
        summed("应收", "Due", Money),
        column("收款方式", "Paid by", Text),
    ],
    query,
};

/// One slip of one kind, as reports list them.
pub struct Slip {
    pub id: CommandId,
    pub at_ms: i64,
    pub day: BusinessDay,
    pub branch: BranchId,
    pub receipt_no: String,
    pub cashier: String,
    pub member: Option<crate::base::MemberId>,
    pub member_name: String,
    pub pieces: i64,
    pub due: i64,
    pub stream: crate::base::StreamId,
}

/// The slips of a kind of the days asked, newest first.
///
/// # Errors
/// A fault of the store.
pub fn slips(db: &dyn Read, asked: &Asked, kind: crate::sales::receipts::Slip) -> Result<Vec<Slip>, Fault> {
    // Which slips of this kind has this branch in these days?
    let sql = "select r.id, r.at_ms, r.day, r.receipt_no, coalesce(s.name, ''), r.member, coalesce(m.name, ''), r.pieces, r.due, r.stream
               from receipt r left join staff s on s.staff = r.cashier left join member m on m.member = r.member
               where r.branch = ?1 and r.day >= ?2 and r.day <= ?3 and r.slip = ?4 order by r.at_ms desc, r.id limit ?5";
    let mut slips = Vec::new();
    for branch in asked.branches.iter().copied() {
        let values = [branch.into(), asked.from.0.into(), asked.until.0.into(), (kind as u8).into(), asked.rows_max.into()];
        slips.extend(db.rows(sql, &values)?.iter().map(|row| Slip {
            id: CommandId(row.raw(0)),
            at_ms: row.int(1),
            day: BusinessDay(row.int(2) as u32),
            branch,
            receipt_no: row.text(3).into(),
            cashier: row.text(4).into(),
            member: row.blob(5).try_into().ok().map(crate::base::MemberId),
            member_name: row.text(6).into(),
            pieces: row.int(7),
            due: row.int(8),
            stream: crate::base::StreamId(row.raw(9)),
        }));
    }
    slips.sort_by_key(|slip| std::cmp::Reverse((slip.at_ms, slip.id)));
    slips.truncate(asked.rows_max);
    Ok(slips)
}

/// The names of the tenders of a slip, with what each paid.
///
/// # Errors
/// A fault of the store.
pub fn paid_by(db: &dyn Read, names: &Names, id: CommandId) -> Result<Cell, Fault> {
    // How was this slip paid?
    let rows = db.rows("select code, amount from tender where id = ?1 order by no", &[id.into()])?;
    let yuan = |minor: i64| format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100);
    let said = |of: fn(&names::TenderSum) -> &String| {
        let one = |row: &crate::journal::Row| {
            let tender = names.tender(row.text(0), row.int(1));
            format!("{} {}", of(&tender), yuan(tender.amount))
        };
        rows.iter().map(one).collect::<Vec<_>>().join(" + ")
    };
    Ok(Cell::said(&said(|tender| &tender.name), &said(|tender| &tender.name_en)))
}

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let row = |slip: Slip| {
        let branch = names.branch(slip.branch);
        let branch = Cell::said(&branch.name, &branch.name_en);
        let paid = paid_by(db, &names, slip.id)?;
        let cells = cells![slip.at_ms, slip.day, branch, slip.receipt_no, slip.cashier, slip.member_name, slip.pieces, slip.due, paid];
        Ok(Row::opening(cells, Opens::slip(SaleId(slip.id.0))))
    };
    slips(db, asked, crate::sales::receipts::Slip::Sale)?.into_iter().map(row).collect()
}
