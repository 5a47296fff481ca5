//! What pages get to see, and how it is gathered. No judgement.
pub mod branch;
pub mod call;
pub mod member;
pub mod product;
pub mod sale;

use serde::Serialize;
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T: ToSchema> {
    /// All there are.
    pub total: i64,
    pub rows: Vec<T>,
}

/// A whole list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rows<T: ToSchema> {
    pub rows: Vec<T>,
}

/// Something with a code and names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coded {
    pub code: String,
    pub name: String,
    pub name_en: String,
}

/// A name in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Named {
    pub name: String,
    pub name_en: String,
}
