//! The rules of the chain; pure except `store`. Lower levels know nothing of higher ones:
//! base < facts, documents < journal, ledger, views < domains, exchange, store < desk, reports.
pub mod base;
pub mod documents;
pub mod members;
pub mod sales;
