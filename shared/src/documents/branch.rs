//! A shop of the chain. Written by HQ.

use super::{
    Fields, Invalid,
    field::{self, Key, Shape, Writer},
};

pub const KEYS: &[Key] = &[
    Key::required("code", Shape::Form(|code| field::code(code, 8), 8)),
    Key::required("name", Shape::Text(40)),
    Key::new("name_en", Shape::Text(60)),
    Key::new("address", Shape::Text(100)),
    Key::new("phone", Shape::Form(phone, 20)),
    Key::new("zone_minutes", Shape::Int(-12 * 60, 14 * 60)),
    Key::new("cutoff_minutes", Shape::Int(0, 12 * 60)),
    Key::new("price_list", Shape::Form(|code| field::code(code, 16), 16)),
];

/// A shop of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Short code, on receipts and in reports.
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub address: String,
    pub phone: String,
    /// Minutes that local time is ahead of UTC.
    pub zone_minutes: i64,
    /// Minutes after midnight at which the business day ends.
    pub cutoff_minutes: i64,
    /// The price list its tills sell by; empty for the chain's own.
    pub price_list: String,
}

impl Default for Branch {
    fn default() -> Self {
        Self::from_fields(&Fields::new())
    }
}

impl Branch {
    pub fn from_fields(fields: &Fields) -> Self {
        Self {
            code: field::text(fields, "code"),
            name: field::text(fields, "name"),
            name_en: field::text(fields, "name_en"),
            address: field::text(fields, "address"),
            phone: field::text(fields, "phone"),
            zone_minutes: field::int(fields, "zone_minutes").unwrap_or(480),
            cutoff_minutes: field::int(fields, "cutoff_minutes").unwrap_or(240),
            price_list: field::text(fields, "price_list"),
        }
    }

    pub fn to_fields(&self) -> Fields {
        Writer::default()
            .text("code", &self.code)
            .text("name", &self.name)
            .text("name_en", &self.name_en)
            .text("address", &self.address)
            .text("phone", &self.phone)
            .int("zone_minutes", self.zone_minutes)
            .int("cutoff_minutes", self.cutoff_minutes)
            .text("price_list", &self.price_list)
            .fields()
    }

    pub fn validate(&self) -> Vec<Invalid> {
        field::check(KEYS, &self.to_fields())
    }
}

/// Landlines carry an area code: `0571-88886666`.
fn phone(text: &str) -> bool {
    let (first, last) = text.split_once('-').unwrap_or(("", text));
    field::digits(first, 0, 5) && field::digits(last, 5, 15)
}
