//! The rules of the chain; pure except `store`.
