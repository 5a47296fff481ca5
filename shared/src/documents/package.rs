//! A kind of counted package (次卡). Written by HQ: what is sold, for how much, how long it holds, where it is good. What a member bought is a fact.

use super::{
    Fields, Flaw, Invalid,
    field::{self, Key, Shape, Writer},
};
use std::collections::{BTreeMap, BTreeSet};

/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;

pub const KEYS: &[Key] = &[
    Key::required("code", Shape::Form(|code| field::code(code, 16), 16)),
    Key::required("name", Shape::Text(40)),
    Key::new("name_en", Shape::Text(60)),
    Key::required("price_minor", Shape::Int(0, 1_000_000_000)),
    Key::new("days", Shape::Int(0, 36_500)),
    Key::many("uses:", item, Shape::Int(1, 10_000)),
    Key::many("gift:", item, Shape::Int(0, 10_000)),
    Key::many("service:", service, Shape::True),
    Key::many("daily:", item, Shape::True),
    Key::many("from:", item, Shape::Int(0, DAY_MINUTES)),
    Key::many("until:", item, Shape::Int(0, DAY_MINUTES)),
    Key::many("branch:", field::hex_id, Shape::True),
    Key::new("retired", Shape::Bool),
];

/// The number of an item, 1 to 99.
fn item(text: &str) -> bool {
    field::digits(text, 1, 2) && !text.starts_with('0')
}

/// An item and the number of a product: `1:15`.
fn service(text: &str) -> bool {
    text.split_once(':').is_some_and(|(of, product)| item(of) && field::digits(product, 1, 10) && product.parse::<u32>().is_ok())
}

/// What a package holds uses of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Numbers of products; of several, any counts.
    pub services: BTreeSet<u32>,
    /// Uses paid for; of a daily item its days.
    pub uses: i64,
    pub gift: i64,
    /// Good once a day.
    pub daily: bool,
    /// Minutes of the day between which it is good.
    pub from: i64,
    pub until: i64,
}

/// A kind of package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Package {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub price_minor: i64,
    /// Days it holds, that of the sale counted; 0: no end.
    pub days: i64,
    /// By their number.
    pub items: BTreeMap<u8, Item>,
    /// Ids of branches where it is good, in hex; none: everywhere.
    pub branches: BTreeSet<String>,
    /// Sold no more.
    pub retired: bool,
}

impl Package {
    pub fn from_fields(fields: &Fields) -> Self {
        let int = |head: &str, no: u8| field::int(fields, &format!("{head}:{no}"));
        let mut items: BTreeMap<u8, Item> = BTreeMap::new();
        for no in fields.keys().filter_map(|key| key.strip_prefix("uses:")?.parse::<u8>().ok()) {
            let daily = fields.contains_key(&format!("daily:{no}"));
            let (from, until) = (int("from", no).unwrap_or(0), int("until", no).unwrap_or(DAY_MINUTES));
            let (uses, gift) = (int("uses", no).unwrap_or(0), int("gift", no).unwrap_or(0));
            items.insert(no, Item { services: BTreeSet::new(), uses, gift, daily, from, until });
        }
        for (no, product) in field::tails(fields, "service:").filter_map(|tail| tail.split_once(':')) {
            let item = no.parse().ok().and_then(|no: u8| items.get_mut(&no));
            if let (Some(item), Ok(product)) = (item, product.parse()) {
                item.services.insert(product);
            }
        }
        Self {
            code: field::text(fields, "code"),
            name: field::text(fields, "name"),
            name_en: field::text(fields, "name_en"),
            price_minor: field::int(fields, "price_minor").unwrap_or(0),
            days: field::int(fields, "days").unwrap_or(0),
            items,
            branches: field::tails(fields, "branch:").map(str::to_owned).collect(),
            retired: field::yes(fields, "retired").unwrap_or(false),
        }
    }

    pub fn to_fields(&self) -> Fields {
        let mut fields = Writer::default()
            .text("code", &self.code)
            .text("name", &self.name)
            .text("name_en", &self.name_en)
            .int("price_minor", self.price_minor)
            .int("days", self.days)
            .tails("branch:", &self.branches)
            .fields();
        if self.retired {
            fields.insert("retired".into(), super::Scalar::Bool(true));
        }
        for (no, item) in &self.items {
            let numbers = [("uses", item.uses), ("gift", item.gift), ("from", item.from), ("until", item.until)];
            fields.extend(numbers.map(|(head, number)| (format!("{head}:{no}"), super::Scalar::Int(number))));
            fields.extend(item.services.iter().map(|product| (format!("service:{no}:{product}"), super::Scalar::Bool(true))));
            if item.daily {
                fields.insert(format!("daily:{no}"), super::Scalar::Bool(true));
            }
        }
        fields
    }

    pub fn validate(&self) -> Vec<Invalid> {
        let mut invalid = field::check(KEYS, &self.to_fields());
        if self.items.is_empty() {
            invalid.push(Flaw::Missing.of("uses:1"));
        }
        for (no, item) in &self.items {
            if item.services.is_empty() {
                invalid.push(Flaw::Missing.of(&format!("service:{no}")));
            }
            // A day takes its use: without an end there would be no day to count from.
            if item.daily && self.days == 0 {
                invalid.push(Flaw::Mismatch { other: "days" }.of(&format!("daily:{no}")));
            }
        }
        invalid
    }
}
