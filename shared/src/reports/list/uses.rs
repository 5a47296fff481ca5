//! 计次消费: uses that were taken of packages in the days asked, by service, member and who served; undone ones with their sign.
use super::bills::{Slip, slips};
use crate::base::{ProductNo, StaffId};
use crate::catalog;
use crate::cells;
use crate::facts::packages::{TakenUses, UsesTaken, UsesUndone};
use crate::journal::{Fault, Read, Right};
use crate::packages::sold::package;
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Day, Money, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};
use crate::reports::slips::fact;
use crate::staff;

pub static USES: Report = Report {
    name: "uses",
    zh: "计次消费",
    en: "Uses taken",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("时间", "Time", Time),
        column("营业日", "Business day", Day),
        column("门店", "Branch", Text),
        column("小票号", "Receipt no.", Text),
        column("会员", "Member", Text),
        column("服务", "Service", Text),
        column("套餐", "Package", Text),
        column("发卡门店", "Issuer", Text),
        summed("次数", "Uses", Count),
        summed("其中赠送", "Of it gifts", Count),
        summed("消耗金额", "Worth", Money),
        column("剩余次数", "Left there", Count),
        column("技师", "Served by", Text),
        column("说明", "Note", Text),
    ],
    query,
};

/// What a slip took or gave back.
struct Told {
    sign: i64,
    service: Option<ProductNo>,
    taken: Vec<TakenUses>,
    server: Option<StaffId>,
    note: Cell,
}

fn told(db: &dyn Read, slip: &Slip) -> Result<Option<Told>, Fault> {
    if let Some((taken, _)) = fact::<UsesTaken>(db, slip.id, slip.stream)? {
        let (service, server, taken) = (Some(taken.service), taken.server, taken.taken);
        return Ok(Some(Told { sign: 1, service, taken, server, note: Cell::None }));
    }
    let Some((undone, _)) = fact::<UsesUndone>(db, slip.id, slip.stream)? else { return Ok(None) };
    let note = Cell::said(&format!("撤销扣次：{}", undone.reason), &format!("Undone: {}", undone.reason));
    Ok(Some(Told { sign: -1, service: None, taken: undone.taken, server: None, note }))
}

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut rows = Vec::new();
    for slip in slips(db, asked, crate::sales::receipts::Slip::Paper)? {
        let Some(told) = told(db, &slip)? else { continue };
        let branch = names.branch(slip.branch);
        let service = told.service.map(|service| catalog::product::product(db, service)).transpose()?.flatten();
        let service = service.map_or(Cell::None, |product| Cell::said(&product.name, &product.name_en));
        let server = told.server.map(|id| staff::person(db, id)).transpose()?.flatten().map_or_else(String::new, |person| person.name);
        for uses in &told.taken {
            let issuer = names.branch(uses.issuer);
            let cells = cells![
                slip.at_ms,
                slip.day,
                Cell::said(&branch.name, &branch.name_en),
                slip.receipt_no.as_str(),
                slip.member_name.as_str(),
                service.clone(),
                package(db, uses.package)?.map_or_else(String::new, |package| package.name),
                Cell::said(&issuer.name, &issuer.name_en),
                told.sign * uses.uses,
                told.sign * uses.gift,
                told.sign * uses.worth.minor(),
                uses.left,
                server.as_str(),
                told.note.clone()
            ];
            rows.push(Row::opening(cells, Opens::slip(slip.id)));
        }
    }
    rows.truncate(asked.rows_max);
    Ok(rows)
}
