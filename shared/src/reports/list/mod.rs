//! All reports, one file each. A new one is its file and its line in `REPORTS`.
mod absent;
mod bills;
mod birthdays;
mod cash;
mod commission;
mod conduct;
mod daily;
mod journal;
mod lines;
mod low_balance;
mod members;
mod packages;
mod points;
mod products;
mod redeemed;
mod returns;
mod summary;
mod timed;
mod top_ups;
mod uses;
mod value;

use super::report::Report;

/// In the order in which pages list them.
pub static REPORTS: &[&Report] = &[
    &daily::DAILY,
    &summary::SUMMARY,
    &bills::BILLS,
    &lines::LINES,
    &products::PRODUCTS,
    &returns::RETURNS,
    &top_ups::TOP_UPS,
    &packages::PACKAGES,
    &uses::USES,
    &redeemed::REDEEMED,
    &points::POINTS,
    &cash::CASH,
    &timed::TIMED,
    &value::VALUE,
    &commission::COMMISSION,
    &commission::COMMISSION_LINES,
    &members::MEMBERS,
    &birthdays::BIRTHDAYS,
    &absent::ABSENT,
    &low_balance::LOW_BALANCE,
    &conduct::CONDUCT,
    &journal::JOURNAL,
];

/// The report of a name.
pub fn report(name: &str) -> Option<&'static Report> {
    REPORTS.iter().copied().find(|report| report.name == name)
}

#[cfg(test)]
mod tests {
    use super::REPORTS;
    use std::collections::BTreeSet;

    #[test]
    fn every_report_has_a_name_of_its_own_and_columns_in_two_languages() {
        let names: BTreeSet<_> = REPORTS.iter().map(|report| report.name).collect();
        assert_eq!(names.len(), REPORTS.len());
        for report in REPORTS {
            assert!(!report.any.is_empty() && !report.columns.is_empty(), "{}", report.name);
            assert!(report.columns.iter().all(|column| !column.zh.is_empty() && !column.en.is_empty()), "{}", report.name);
        }
    }
}
