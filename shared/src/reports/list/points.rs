//! 积分增减: points given and taken, by issuer, day and cause; those by hand are a line of their own. Sums of the postings, so that the table
//! of what is owed ties with it.
use crate::base::{BranchId, BusinessDay};
use crate::cells;
use crate::facts::members::HEAD_OFFICE;
use crate::journal::{Fault, Read, Right};
use crate::ledger::liability::{self, Owed};
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Day, Text};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};
use crate::reports::told::what;

pub static POINTS: Report = Report {
    name: "points",
    zh: "积分增减",
    en: "Points given and taken",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("营业日", "Business day", Day),
        column("发放门店", "Issuer", Text),
        column("事项", "Cause", Text),
        summed("增加", "Given", Count),
        summed("减少", "Taken", Count),
        summed("净增减", "Net", Count),
    ],
    query,
};

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let branches = asked.branches.iter().copied().map(|branch| {
        let name = names.branch(branch);
        (branch, Cell::said(&name.name, &name.name_en))
    });
    let issuers: Vec<(BranchId, Cell)> = branches.chain([(HEAD_OFFICE, Cell::said("总部", "Head office"))]).collect();
    let mut rows = Vec::new();
    for (issuer, name) in issuers {
        for day in liability::days(db, issuer, Owed::Points, asked.from, asked.until)? {
            for (kind, given, taken) in liability::moves(db, issuer, Owed::Points, day, day)? {
                let cells = cells![day, name.clone(), what(kind), given, taken, given - taken];
                rows.push((day, Row::opening(cells, Opens::report("bills", issuer, day, day))));
            }
        }
    }
    rows.sort_by_key(|(day, _): &(BusinessDay, Row)| std::cmp::Reverse(*day));
    Ok(rows.into_iter().map(|(_, row)| row).take(asked.rows_max).collect())
}
