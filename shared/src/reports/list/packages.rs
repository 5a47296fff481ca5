//! 计次续费: packages that were sold, extended and paid back in the days asked. What they bring is received ahead and no turnover.
use super::bills::{Slip, paid_by, slips};
use crate::cells;
use crate::facts::packages::{PackageExtended, PackageRefunded, PackageSold};
use crate::journal::{Fault, Read, Right};
use crate::packages::sold::package;
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Day, Money, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};
use crate::reports::slips::fact;

pub static PACKAGES: Report = Report {
    name: "packages",
    zh: "计次续费",
    en: "Packages sold",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("时间", "Time", Time),
        column("营业日", "Business day", Day),
        column("门店", "Branch", Text),
        column("小票号", "Receipt no.", Text),
        column("会员", "Member", Text),
        column("事项", "What", Text),
        column("套餐", "Package", Text),
        summed("次数", "Uses", Count),
        summed("赠送次数", "Gift uses", Count),
        column("有效期至", "Valid until", Day),
        summed("金额", "Amount", Money),
        column("收款方式", "Paid by", Text),
        column("经手", "By", Text),
    ],
    query,
};

/// What a slip says of a package: word, name, uses, gift uses, last day, amount.
struct Told {
    what: Cell,
    name: String,
    uses: i64,
    gifts: i64,
    ends: u32,
    amount: i64,
}

fn told(db: &dyn Read, slip: &Slip) -> Result<Option<Told>, Fault> {
    let named = |id| Ok::<_, Fault>(package(db, id)?.map_or_else(String::new, |package| package.name));
    if let Some((sold, _)) = fact::<PackageSold>(db, slip.id, slip.stream)? {
        let (paid, gifts) = sold.items.iter().fold((0, 0), |(paid, gifts), item| (paid + item.paid, gifts + item.gift));
        let what = Cell::said("购买", "Sold");
        return Ok(Some(Told { what, name: sold.name, uses: paid, gifts, ends: sold.ends, amount: sold.price.minor() }));
    }
    if let Some((extended, _)) = fact::<PackageExtended>(db, slip.id, slip.stream)? {
        let (what, name) = (Cell::said("延期", "Extended"), named(extended.id)?);
        return Ok(Some(Told { what, name, uses: 0, gifts: 0, ends: extended.ends, amount: extended.fee.minor() }));
    }
    if let Some((refunded, _)) = fact::<PackageRefunded>(db, slip.id, slip.stream)? {
        let uses: i64 = refunded.items.iter().map(|item| item.uses).sum();
        let (what, name) = (Cell::said("退款", "Paid back"), named(refunded.id)?);
        return Ok(Some(Told { what, name, uses: -uses, gifts: 0, ends: 0, amount: -refunded.paid.minor() }));
    }
    Ok(None)
}

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut rows = Vec::new();
    for slip in slips(db, asked, crate::sales::receipts::Slip::Paper)? {
        let Some(told) = told(db, &slip)? else { continue };
        let branch = names.branch(slip.branch);
        let ends = if told.ends == 0 { Cell::None } else { Cell::Number(told.ends.into()) };
        let paid = paid_by(db, &names, slip.id)?;
        let cells = cells![
            slip.at_ms,
            slip.day,
            Cell::said(&branch.name, &branch.name_en),
            slip.receipt_no,
            slip.member_name,
            told.what,
            told.name,
            told.uses,
            told.gifts,
            ends,
            told.amount,
            paid,
            slip.cashier
        ];
        rows.push(Row::opening(cells, Opens::slip(slip.id)));
    }
    Ok(rows)
}
