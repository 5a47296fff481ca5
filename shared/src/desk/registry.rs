//! The one list: kinds of facts with every fold that reads them, kinds of documents with their projections, tables. Store and exchange receive
//! it as a value. Numbers of facts: journal 1–9, ledger 10–19, sales 20–39, members 40–59, shifts 60–69, staff 70–79, calls and devices 80–89,
//! catalogue 90–99, exceptions 100–109. Numbers of tables: core 1–9, documents and catalogue 10–29, members 30–49, sales 50–69, shifts 70–79,
//! calls and devices 80–89, reports 90–109, exceptions 110–119.
use crate::fact_kind;
use crate::facts::{journal, ledger};
use crate::ledger::balance;
use crate::views::{Registry, conflicts};

pub static REGISTRY: Registry = Registry {
    facts: &[
        fact_kind!(journal::Opened => []),
        fact_kind!(journal::Closed => []),
        fact_kind!(journal::Sealed => []),
        fact_kind!(journal::SetAside => []),
        fact_kind!(journal::Admitted => []),
        fact_kind!(journal::Introduced => []),
        fact_kind!(journal::Rebased => []),
        fact_kind!(ledger::Moved => []),
        fact_kind!(ledger::Recalled => []),
    ],
    documents: &[],
    tables: &[&balance::BALANCE, &conflicts::CONFLICT],
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
