//! The rules of the chain; pure except `store`. Lower levels know nothing of higher ones:
//! base < facts, documents < journal, ledger, views < domains, exchange, store < desk, reports.
pub mod base;
pub mod branches;
pub mod calls;
pub mod catalog;
pub mod coupons;
pub mod desk;
pub mod documents;
pub mod exceptions;
pub mod exchange;
pub mod facts;
pub mod journal;
pub mod ledger;
pub mod members;
pub mod messages;
pub mod packages;
pub mod reports;
pub mod sales;
pub mod settings;
pub mod shifts;
pub mod staff;
pub mod store;
pub mod timed;
pub mod views;
