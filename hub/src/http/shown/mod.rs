//! What pages get to see, and how it is gathered. No judgement.
pub mod branch;
pub mod call;
pub mod member;
pub mod product;
pub mod sale;

use serde::Serialize;
use std::borrow::Cow;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct List<T> {
    /// All there are.
    pub total: i64,
    pub rows: Vec<T>,
}

/// A whole list.
#[derive(Debug, Serialize)]
pub struct Rows<T> {
    pub rows: Vec<T>,
}

/// An object with rows of this kind.
fn of_rows<T: ToSchema>() -> ObjectBuilder {
    let rows = ArrayBuilder::new().items(Ref::from_schema_name(T::name()));
    ObjectBuilder::new().property("rows", rows).required("rows")
}

// Named after what they hold: two lists of different things are two shapes.
macro_rules! listed {
    ($list:ident, $end:literal, $schema:expr) => {
        impl<T: ToSchema> PartialSchema for $list<T> {
            fn schema() -> RefOr<Schema> {
                $schema.into()
            }
        }

        impl<T: ToSchema> ToSchema for $list<T> {
            fn name() -> Cow<'static, str> {
                format!("{}{}", T::name(), $end).into()
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                schemas.push((T::name().into(), T::schema()));
                T::schemas(schemas);
            }
        }
    };
}

listed!(List, "List", of_rows::<T>().property("total", ObjectBuilder::new().schema_type(Type::Integer)).required("total"));
listed!(Rows, "Rows", of_rows::<T>());

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

/// What pages are told: names of what to read again; sales, calls and imports come whole.
#[derive(ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(dead_code, reason = "describes what is sent; the events themselves are made where they happen")]
pub enum Event {
    Sale { sale: sale::SaleRow },
    Call { call: call::Call },
    Import { import: crate::http::imports::Import },
    Takings,
    Branches,
    Members,
    Messages,
    Catalog,
    Conflicts,
    Exceptions,
    Staff,
    Reset,
}
