//! How numbers of the base are described in the OpenAPI documents: as the integers that they are on the wire.

macro_rules! integer_schema {
    ($name:ident, $meaning:literal) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::Integer).description(Some($meaning)).into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}

pub(crate) use integer_schema;
