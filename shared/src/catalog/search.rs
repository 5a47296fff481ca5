//! Goods by a part of their name, or by the first letters of its pinyin. A name is found from any of its characters on.
use super::product::{Product, product};
use crate::base::limits::RANKED_MAX;
use crate::base::{DocumentId, ProductNo, text};
use crate::documents;
use crate::journal::{Fault, Read};
use crate::views::Rows;
use crate::{row, table};
use std::collections::BTreeSet;

table! {
    /// Beginnings by which a product is found.
    19, PRODUCT_TOKEN, "product_token", Projected, Everywhere, Both, v 1, [token Text, document Blob], [number Int]
}

/// Characters of a token; longer texts find by their beginning.
const TOKEN_CHARS: usize = 12;
/// Tokens of one kind a product has at most.
const TOKENS_MAX: usize = 16;

/// The search tokens of a product.
pub fn project(document: DocumentId, product: &documents::product::Product, rows: &mut Rows) {
    let name = text::folded(&product.name);
    let spelling = text::spelling(&product.name);
    let mut tokens: BTreeSet<String> = BTreeSet::new();
    for whole in [name.as_str(), spelling.initials.as_str(), product.pinyin.as_str()] {
        tokens.extend(endings(whole));
    }
    tokens.insert(spelling.full.chars().take(2 * TOKEN_CHARS).collect());
    tokens.extend(text::folded(&product.name_en).split(' ').map(|word| word.chars().take(TOKEN_CHARS).collect()));
    for token in tokens.into_iter().filter(|token| !token.is_empty()) {
        rows.put(&PRODUCT_TOKEN, row![token, document, product.number]);
    }
}

fn endings(whole: &str) -> impl Iterator<Item = String> + '_ {
    whole.char_indices().take(TOKENS_MAX).map(|(at, _)| whole[at..].chars().take(TOKEN_CHARS).collect())
}

/// Products whose name, pinyin, English name, code or number begins with or contains the text; those whose name begins with it first.
///
/// # Errors
/// A fault of the store.
pub fn search(db: &dyn Read, wanted: &str, limit: usize) -> Result<Vec<Product>, Fault> {
    let wanted: String = text::folded(wanted).chars().take(2 * TOKEN_CHARS).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let short: String = if wanted.is_ascii() { wanted.clone() } else { wanted.chars().take(TOKEN_CHARS).collect() };
    // Which products are found under tokens that begin so?
    let by_token = "select distinct number from product_token where token >= ?1 and token < ?2 limit ?3";
    // Which products have codes that begin so?
    let by_code = "select distinct number from product_code where code >= ?1 and code < ?2 limit ?3";
    let mut numbers: BTreeSet<u32> = BTreeSet::new();
    for sql in [by_token, by_code] {
        let range = [short.as_str().into(), past(&short).into(), RANKED_MAX.into()];
        numbers.extend(db.rows(sql, &range)?.iter().map(|row| row.int(0) as u32));
    }
    let mut found = Vec::new();
    for number in numbers {
        found.extend(product(db, ProductNo(number))?.filter(|product| !product.retired));
    }
    let rank = |product: &Product| {
        let name = text::folded(&product.name);
        let initials = text::spelling(&product.name).initials;
        (!(name.starts_with(&wanted) || initials.starts_with(&wanted)), product.number)
    };
    found.sort_by_cached_key(rank);
    found.truncate(limit);
    Ok(found)
}

/// The first text after all that begin with this one.
pub(super) fn past(beginning: &str) -> String {
    format!("{beginning}\u{10ffff}")
}
