//! 员工业绩/提成: what each person brought and earned in the days asked, what was taken back of it, and behind it every single slip (R18).
use crate::base::{BranchId, StaffId};
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::reports::earned::{Cause, Earned, earned};
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Day, Money, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};
use crate::staff;
use std::collections::BTreeMap;

pub static COMMISSION: Report = Report {
    name: "commission",
    zh: "员工业绩与提成",
    en: "Commission by person",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("门店", "Branch", Text),
        column("员工", "Person", Text),
        column("状态", "State", Text),
        summed("笔数", "Slips", Count),
        summed("现金业绩", "Sales credit", Money),
        summed("消耗业绩", "Service credit", Money),
        summed("提成", "Commission", Money),
        summed("手工费", "Hand fees", Money),
        summed("扣回", "Claw-back", Money),
        summed("应发", "To be paid", Money),
    ],
    query,
};

pub static COMMISSION_LINES: Report = Report {
    name: "commission_lines",
    zh: "提成明细",
    en: "Commission by slip",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("时间", "Time", Time),
        column("营业日", "Business day", Day),
        column("门店", "Branch", Text),
        column("员工", "Person", Text),
        column("事项", "What", Text),
        column("小票号", "Receipt no.", Text),
        summed("业绩", "Credit", Money),
        summed("提成", "Commission", Money),
    ],
    query: lines,
};

#[derive(Default)]
struct Sums {
    slips: i64,
    sold: i64,
    served: i64,
    commission: i64,
    hand: i64,
    back: i64,
}

impl Sums {
    fn add(&mut self, one: &Earned) {
        match one.cause {
            Cause::Use | Cause::UseBack => self.served += one.base,
            _ => self.sold += one.base,
        }
        match one.cause {
            Cause::Hand => self.hand += one.amount,
            Cause::Sale | Cause::TopUp | Cause::Package | Cause::Use => {
                (self.commission, self.slips) = (self.commission + one.amount, self.slips + 1)
            }
            Cause::Return | Cause::TopUpBack | Cause::PackageBack | Cause::UseBack => self.back += one.amount,
        }
    }
}

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut people: BTreeMap<(BranchId, StaffId), Sums> = BTreeMap::new();
    for one in earned(db, asked)? {
        people.entry((one.branch, one.staff)).or_default().add(&one);
    }
    let row = |((branch, staff), sums): ((BranchId, StaffId), Sums)| {
        let name = names.branch(branch);
        // What is owed to, or by, somebody who left stands on their own account (G6).
        let state = match staff::person(db, staff)?.is_some_and(|person| person.disabled) {
            true => Cell::said("已离职", "left"),
            false => Cell::None,
        };
        let cells = cells![
            Cell::said(&name.name, &name.name_en),
            person(db, staff)?,
            state,
            sums.slips,
            sums.sold,
            sums.served,
            sums.commission,
            sums.hand,
            sums.back,
            sums.commission + sums.hand + sums.back
        ];
        Ok(Row::opening(cells, Opens::report("commission_lines", branch, asked.from, asked.until)))
    };
    people.into_iter().take(asked.rows_max).map(row).collect()
}

fn lines(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut all = earned(db, asked)?;
    all.sort_by_key(|one| std::cmp::Reverse((one.at_ms, one.slip)));
    all.truncate(asked.rows_max);
    let row = |one: Earned| {
        let name = names.branch(one.branch);
        let (base, amount) = (one.base, one.amount);
        let cells = cells![
            one.at_ms,
            one.day,
            Cell::said(&name.name, &name.name_en),
            person(db, one.staff)?,
            what(one.cause),
            one.receipt_no,
            base,
            amount
        ];
        Ok(Row::opening(cells, Opens::slip(one.slip)))
    };
    all.into_iter().map(row).collect()
}

fn person(db: &dyn Read, staff: StaffId) -> Result<String, Fault> {
    Ok(staff::person(db, staff)?.map_or_else(|| staff.to_string(), |person| format!("{} {}", person.code, person.name)))
}

fn what(cause: Cause) -> Cell {
    let (zh, en) = match cause {
        Cause::Sale => ("销售", "Sale"),
        Cause::Return => ("退货扣回", "Return"),
        Cause::TopUp => ("充值", "Top-up"),
        Cause::TopUpBack => ("取款、冲正扣回", "Value paid out"),
        Cause::Package => ("计次续费", "Package sold"),
        Cause::PackageBack => ("套餐退款扣回", "Package paid back"),
        Cause::Use => ("消耗", "Service"),
        Cause::UseBack => ("撤销扣次扣回", "Use undone"),
        Cause::Hand => ("手工费", "Hand fee"),
    };
    Cell::said(zh, en)
}
