//! The one list: kinds of facts with every fold that reads them, kinds of documents with their projections, tables. Store and exchange receive
//! it as a value. Numbers of facts: journal 1–9, ledger 10–19, sales 20–39, members and packages 40–59, shifts 60–69, staff 70–79, calls and devices 80–89,
//! catalogue 90–99, exceptions 100–109, stock 110–119, exports 120–129. Numbers of tables: core 1–9, documents and catalogue 10–29, members and packages 30–49, sales 50–69, shifts 70–79,
//! calls and devices 80–89, reports 90–109, exceptions 110–119.
use crate::documents::Kind;
use crate::fact_kind;
use crate::facts::{self, bills, cards, corrections, journal, ledger, openings};
use crate::ledger::{balance, issued, issuers, liability, person};
use crate::sales::{self, papers, receipts, spend, takings};
use crate::shifts::{drawer, figures};
use crate::views::{DocumentKind, Registry, conflicts, generations};
use crate::{branches, calls, catalog, exceptions, members, packages, settings, staff};

pub static REGISTRY: Registry = Registry {
    facts: &[
        fact_kind!(journal::Opened => []),
        fact_kind!(journal::Closed => []),
        fact_kind!(journal::Sealed => []),
        fact_kind!(journal::SetAside => []),
        fact_kind!(journal::Admitted => []),
        fact_kind!(journal::Introduced => []),
        fact_kind!(journal::Rebased => [generations::fold]),
        fact_kind!(journal::Conflicted => []),
        fact_kind!(journal::Erased => []),
        fact_kind!(ledger::Moved => []),
        fact_kind!(ledger::Recalled => []),
        fact_kind!(ledger::IssuesHeld => [issued::fold_held]),
        fact_kind!(ledger::IssuesConfirmed => [issued::fold_confirmed]),
        fact_kind!(ledger::DebtWrittenOff => []),
        fact_kind!(ledger::Drawn => []),
        fact_kind!(ledger::DebtPaid => []),
        fact_kind!(facts::sales::Sold => [receipts::sold, takings::sold, spend::sold, figures::sold, members::visit::fold_sold]),
        fact_kind!(facts::sales::Returned => [receipts::returned, takings::returned, spend::returned, figures::returned]),
        fact_kind!(bills::BillVoided => [figures::voided]),
        fact_kind!(bills::LineRemoved => [figures::line_removed]),
        fact_kind!(bills::Overridden => [figures::overridden]),
        fact_kind!(bills::DrawerOpened => [figures::drawer_opened]),
        fact_kind!(bills::Reprinted => [receipts::reprinted, figures::reprinted]),
        fact_kind!(corrections::TenderCorrected => [sales::corrections::tender, figures::tender_corrected]),
        fact_kind!(corrections::TopUpReversed => [sales::corrections::top_up, figures::top_up_reversed]),
        fact_kind!(corrections::ReturnedWithout => [sales::corrections::without, figures::returned_without]),
        fact_kind!(corrections::PointsAdjusted => []),
        fact_kind!(facts::shifts::ShiftOpened => [drawer::opened, figures::opened]),
        fact_kind!(facts::shifts::CashMoved => [drawer::moved, figures::moved]),
        fact_kind!(facts::shifts::ShiftClosed => [drawer::closed]),
        fact_kind!(facts::calls::CallRang => [calls::rang]),
        fact_kind!(facts::calls::CallIdentified => [calls::identified]),
        fact_kind!(facts::members::ToppedUp => [members::topped_up::fold, members::visit::fold_topped_up, receipts::topped_up, takings::topped_up, figures::topped_up]),
        fact_kind!(facts::members::LevelGiven => [members::level::fold]),
        fact_kind!(facts::members::CardBlocked => [members::blocked::fold_blocked]),
        fact_kind!(facts::members::CardUnblocked => [members::blocked::fold_unblocked]),
        fact_kind!(facts::members::MemberPinSet => [members::pin::fold]),
        fact_kind!(facts::members::Merged => [person::fold_merged]),
        fact_kind!(facts::members::Unmerged => [person::fold_unmerged]),
        fact_kind!(facts::members::OpeningBooked => [members::opening::fold]),
        fact_kind!(openings::PackageOpened => [members::opening::fold_package, packages::sold::fold_opened]),
        fact_kind!(openings::OpeningReversed => [members::opening::fold_reversed]),
        fact_kind!(cards::CardIssued => [members::deposit::fold_issued, papers::card_issued, figures::card_issued]),
        fact_kind!(cards::Withdrawn => [members::deposit::fold_withdrawn, papers::withdrawn, figures::withdrawn]),
        fact_kind!(cards::ValueGiven => [papers::value_given]),
        fact_kind!(cards::ValueAdjusted => [papers::value_adjusted]),
        fact_kind!(facts::packages::PackageSold => [packages::sold::fold_sold, papers::package_sold, figures::package_sold]),
        fact_kind!(facts::packages::UsesTaken => [packages::sold::fold_taken, papers::uses_taken]),
        fact_kind!(facts::packages::UsesUndone => [packages::sold::fold_undone, papers::uses_undone]),
        fact_kind!(facts::packages::PackageExtended => [packages::sold::fold_extended, papers::package_extended, figures::package_extended]),
        fact_kind!(facts::packages::PackageRefunded => [packages::sold::fold_refunded, papers::package_refunded, figures::package_refunded]),
        fact_kind!(facts::staff::RoleGiven => [staff::rights::fold_given]),
        fact_kind!(facts::staff::RoleTaken => [staff::rights::fold_taken]),
        fact_kind!(facts::staff::StaffDisabled => [staff::person::fold_disabled]),
        fact_kind!(facts::staff::StaffEnabled => [staff::person::fold_enabled]),
        fact_kind!(facts::staff::StaffPinSet => [staff::pin::fold]),
        fact_kind!(facts::catalog::PricesReleased => [catalog::release::fold]),
        fact_kind!(facts::exceptions::ExceptionRaised => [exceptions::fold_raised]),
        fact_kind!(facts::exceptions::ExceptionOwned => [exceptions::fold_owned]),
        fact_kind!(facts::exceptions::ExceptionClosed => [exceptions::fold_closed]),
        fact_kind!(facts::stock::StockOpened => []),
        fact_kind!(facts::exports::Exported => []),
    ],
    documents: &[
        DocumentKind { kind: Kind::Settings, project: settings::project },
        DocumentKind { kind: Kind::Branch, project: branches::project },
        DocumentKind { kind: Kind::Category, project: catalog::category::project },
        DocumentKind { kind: Kind::Product, project: catalog::product::project },
        DocumentKind { kind: Kind::Level, project: members::level::project },
        DocumentKind { kind: Kind::Role, project: staff::rights::project },
        DocumentKind { kind: Kind::Staff, project: staff::person::project },
        DocumentKind { kind: Kind::Member, project: members::member::project },
        DocumentKind { kind: Kind::Package, project: packages::kind::project },
    ],
    tables: &[
        &balance::BALANCE,
        &issuers::ISSUER,
        &issued::ISSUED,
        &issued::ISSUE_STATE,
        &liability::LIABILITY_DAY,
        &person::PERSON,
        &conflicts::CONFLICT,
        &generations::GENERATION,
        &catalog::product::PRODUCT,
        &catalog::product::PRODUCT_CODE,
        &catalog::price::PRICE,
        &catalog::category::CATEGORY,
        &branches::BRANCH,
        &staff::person::STAFF,
        &staff::rights::ROLE,
        &staff::rights::ROLE_RIGHT,
        &settings::SETTING,
        &catalog::search::PRODUCT_TOKEN,
        &staff::rights::STAFF_ROLE,
        &staff::person::STAFF_STATE,
        &staff::pin::STAFF_PIN,
        &catalog::release::PRICE_RELEASE,
        &members::member::MEMBER,
        &members::member::MEMBER_CARD,
        &members::search::MEMBER_TOKEN,
        &members::level::LEVEL,
        &members::level::MEMBER_LEVEL,
        &members::blocked::CARD_STATE,
        &members::pin::MEMBER_PIN,
        &members::opening::OPENING,
        &members::opening::OPENING_BATCH,
        &members::opening::OPENING_REVERSED,
        &members::topped_up::TOP_UP,
        &members::visit::MEMBER_VISIT,
        &members::deposit::DEPOSIT,
        &members::deposit::DEPOSIT_BACK,
        &packages::kind::PACKAGE_KIND,
        &packages::sold::PACKAGE,
        &packages::sold::PACKAGE_END,
        &packages::sold::USES_TAKEN,
        &packages::sold::USES_UNDONE,
        &packages::sold::PACKAGE_REFUND,
        &exceptions::EXCEPTION,
        &exceptions::EXCEPTION_STATE,
        &receipts::RECEIPT,
        &receipts::LINE,
        &receipts::TENDER,
        &receipts::COPY,
        &takings::TAKINGS_HOUR,
        &takings::TAKINGS_DAY,
        &takings::SOLD_MONTH,
        &spend::SPEND,
        &sales::corrections::TENDER_CORRECTION,
        &sales::corrections::TOP_UP_REVERSAL,
        &drawer::SHIFT,
        &drawer::SHIFT_END,
        &drawer::CASH_MOVE,
        &figures::SHIFT_SUM,
        &calls::CALL,
    ],
};

#[cfg(test)]
mod tests {
    use super::REGISTRY;
    use std::collections::BTreeSet;

    #[test]
    fn no_number_and_no_name_is_used_twice() {
        let kinds: BTreeSet<_> = REGISTRY.facts.iter().map(|fact| (fact.kind, fact.version)).collect();
        assert_eq!(kinds.len(), REGISTRY.facts.len());
        let tables: BTreeSet<_> = REGISTRY.tables.iter().map(|table| table.no).collect();
        let names: BTreeSet<_> = REGISTRY.tables.iter().map(|table| table.name).collect();
        assert_eq!((tables.len(), names.len()), (REGISTRY.tables.len(), REGISTRY.tables.len()));
        let documents: BTreeSet<_> = REGISTRY.documents.iter().map(|document| document.kind).collect();
        assert_eq!(documents.len(), REGISTRY.documents.len());
    }
}
