//! Categories and products, read from `goods.txt`.

use super::seed::Seed;
use super::{Branch, Table, yuan};

const GOODS: &str = include_str!("goods.txt");

/// First PLU of weighed goods; five digits, as labels of scales print them.
const PLU_FIRST: usize = 10_001;
/// Every so many goods carry a second code, of an older packing.
const SECOND_CODE_EVERY: usize = 40;
/// Every so many goods of ¥10 and more have a member price, 5 % lower.
const MEMBER_PRICE_EVERY: usize = 3;
/// So many goods of a hundred are sold out at a branch.
const NO_STOCK_PERCENT: u64 = 2;

pub fn tables() -> (Table, Table) {
    let mut categories = Table::new("categories.csv", &["code", "name", "name_en", "parent"]);
    let columns = [
        "number",
        "name",
        "name_en",
        "category",
        "unit",
        "weighed",
        "plu",
        "barcodes",
        "discountable",
        "earns_points",
        "cost",
        "price",
        "member_price",
    ];
    let mut products = Table::new("products.csv", &columns);
    let (mut counts, mut brands) = ([0_usize; 3], Vec::new());
    for line in GOODS.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once("= ").filter(|_| line.starts_with('=')) {
            Some((marks, title)) => category(&mut categories, &mut counts, marks.len(), title),
            None => variants(&mut products, &code(&counts, 3), &mut brands, line),
        }
    }
    (categories, products)
}

fn category(categories: &mut Table, counts: &mut [usize; 3], level: usize, title: &str) {
    counts[level] += 1;
    counts[level + 1..].fill(0);
    let (name, name_en) = title.split_once(' ').unwrap_or((title, ""));
    categories.add([code(counts, level + 1), name.into(), name_en.into(), code(counts, level)]);
}

fn code(counts: &[usize; 3], levels: usize) -> String {
    counts[..levels].iter().map(|count| format!("{count:02}")).collect()
}

fn variants(products: &mut Table, category: &str, brands: &mut Vec<String>, line: &str) {
    let fields: Vec<&str> = line.split('|').collect();
    let [brand, name, name_en, unit, list] = fields[..] else { return };
    let (weighed, plain) = (brand.starts_with('*'), !brand.starts_with('!'));
    let certain_plu = brand.trim_start_matches('*').split_once(' ').map(|(plu, _)| plu.to_string());
    let brand = brand.trim_start_matches(|c: char| "*! ".contains(c) || c.is_ascii_digit());
    let company = brands.iter().position(|known| known == brand).unwrap_or_else(|| {
        brands.push(brand.into());
        brands.len() - 1
    });
    for variant in list.split(", ") {
        let parts: Vec<&str> = variant.split(':').collect();
        let [kind, kind_en, price, cost] = parts[..] else { continue };
        let number = products.rows.len();
        let plu = certain_plu.clone().unwrap_or_else(|| (PLU_FIRST + number).to_string());
        let full = if weighed { format!("{name} {kind}") } else { format!("{brand}{name} {kind}") };
        products.add([
            number.to_string(),
            full,
            format!("{name_en} {kind_en}"),
            category.into(),
            unit.into(),
            flag(weighed),
            if weighed { plu } else { String::new() },
            if weighed { String::new() } else { barcodes(company, number) },
            flag(plain),
            flag(plain),
            cost.into(),
            price.into(),
            if plain { member_price(number, minor(price)) } else { String::new() },
        ]);
    }
}

/// What lies on the shelves of each branch: of most goods enough for a while, of some nothing, as in any shop.
pub fn stock(branches: &[Branch], products: &Table, seed: &mut Seed) -> Table {
    let mut table = Table::new("stock.csv", &["branch", "product", "quantity"]);
    for branch in branches {
        for product in products.rows.iter().skip(1) {
            let (number, weighed) = (product[0].clone(), product[5] == "1");
            let pieces = seed.between(12, 240);
            let quantity = match weighed {
                true => format!("{}.{}", pieces / 4, seed.between(0, 10)),
                false => pieces.to_string(),
            };
            if !seed.percent(NO_STOCK_PERCENT) {
                table.add([branch.code.clone(), number, quantity]);
            }
        }
    }
    table
}

fn flag(is: bool) -> String {
    if is { "1".into() } else { "0".into() }
}

fn minor(price: &str) -> i64 {
    price.replace('.', "").parse().unwrap_or_default()
}

fn member_price(number: usize, price: i64) -> String {
    match price >= 1_000 && number.is_multiple_of(MEMBER_PRICE_EVERY) {
        true => yuan(price * 95 / 1_000 * 10),
        false => String::new(),
    }
}

fn barcodes(company: usize, number: usize) -> String {
    let first = ean_13(company, number);
    match number.is_multiple_of(SECOND_CODE_EVERY) {
        true => format!("{first} {}", ean_13(company, number + 50_000)),
        false => first,
    }
}

/// 690–699 (China), four digits of the maker, five of the article, check digit.
fn ean_13(company: usize, article: usize) -> String {
    let twelve = format!("69{}{:04}{article:05}", company % 10, 1_000 + company * 37);
    let sum: u32 = twelve
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit } else { digit * 3 })
        .sum();
    format!("{twelve}{}", (10 - sum % 10) % 10)
}
