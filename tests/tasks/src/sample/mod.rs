//! A chain to try: goods, people and branches as CSV files, the same on every machine. They go in through `hub import`, like a
//! real chain's; nothing here knows the store. Columns and units: docs/operating/import.md.

mod chain;
mod goods;
mod people;
mod seed;

use std::fs;
use std::path::Path;

pub use people::SignIn;

use crate::failure::Failure;
use seed::Seed;

pub const MEMBERS: usize = 2_000;

/// One branch of the sample.
#[derive(Clone)]
pub struct Branch {
    pub code: String,
    pub name: String,
    pub name_en: String,
}

/// A table on its way to a file.
struct Table {
    file: &'static str,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(file: &'static str, columns: &[&str]) -> Self {
        Self { file, rows: vec![columns.iter().map(|column| column.to_string()).collect()] }
    }

    fn add<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(row.to_vec());
    }

    fn text(&self) -> String {
        let quoted = |field: &String| match field.contains(['"', ',', '\n', '\r']) {
            true => format!("\"{}\"", field.replace('"', "\"\"")),
            false => field.clone(),
        };
        self.rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n").collect()
    }
}

/// The branches of a sample of `count`.
pub fn branches(count: usize) -> Vec<Branch> {
    (0..count).map(chain::branch).collect()
}

/// Who works there, with the PINs that the files hold.
pub fn sign_ins(branches: &[Branch]) -> Vec<SignIn> {
    people::staff(branches)
}

/// Writes one file per kind into `folder`.
pub fn write(folder: &Path, branches: &[Branch]) -> Result<(), Failure> {
    let disk = |path: &Path, cause| Failure::Disk { path: path.to_path_buf(), cause };
    fs::create_dir_all(folder).map_err(|cause| disk(folder, cause))?;
    for table in tables(branches) {
        let path = folder.join(table.file);
        fs::write(&path, table.text()).map_err(|cause| disk(&path, cause))?;
    }
    Ok(())
}

fn tables(branches: &[Branch]) -> Vec<Table> {
    let (categories, products) = goods::tables();
    let stock = goods::stock(branches, &products, &mut Seed::new(42));
    vec![
        chain::settings(),
        chain::branches(branches),
        categories,
        chain::levels(),
        chain::roles(),
        people::staff_table(branches),
        products,
        people::members(branches, &mut Seed::new(6001)),
        stock,
    ]
}

/// 分 as people write them: 1280 is "12.80".
fn yuan(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn column(table: &Table, name: &str) -> Vec<String> {
        let at = table.rows[0].iter().position(|column| column == name).expect("the column is there");
        table.rows[1..].iter().map(|row| row[at].clone()).collect()
    }

    fn table(file: &str) -> Table {
        tables(&branches(2)).into_iter().find(|table| table.file == file).expect("the table is written")
    }

    /// Goal: what the demo promises. Method: count.
    #[test]
    fn the_sample_is_as_large_as_promised() {
        let goods = table("products.csv");
        assert!(goods.rows.len() > 320, "{} products", goods.rows.len() - 1);
        assert_eq!(table("members.csv").rows.len(), MEMBERS + 1);
        assert_eq!(table("levels.csv").rows.len(), 5);
        let depth: BTreeSet<usize> = column(&table("categories.csv"), "code").iter().map(String::len).collect();
        assert_eq!(depth, BTreeSet::from([2, 4, 6]));
        assert!(column(&goods, "weighed").iter().filter(|weighed| *weighed == "1").count() >= 15);
        assert!(column(&goods, "discountable").iter().filter(|free| *free == "0").count() >= 5);
    }

    /// Method: the sum of EAN-13 with weights 1 and 3, from the right, is a multiple of ten.
    #[test]
    fn every_barcode_is_a_valid_ean_13_and_used_once() {
        let lists = column(&table("products.csv"), "barcodes");
        let codes: Vec<&str> = lists.iter().flat_map(|list| list.split(' ')).filter(|code| !code.is_empty()).collect();
        for code in &codes {
            let digits: Vec<u32> = code.chars().filter_map(|digit| digit.to_digit(10)).collect();
            let sum: u32 = digits.iter().rev().enumerate().map(|(at, digit)| if at % 2 == 0 { *digit } else { digit * 3 }).sum();
            assert!(digits.len() == 13 && sum.is_multiple_of(10) && code.starts_with("69"), "{code}");
        }
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
    }

    #[test]
    fn names_refer_to_what_is_there() {
        let leaves: BTreeSet<String> = column(&table("categories.csv"), "code").into_iter().filter(|code| code.len() == 6).collect();
        assert!(column(&table("products.csv"), "category").iter().all(|code| leaves.contains(code)));
        let numbers: BTreeSet<String> = column(&table("products.csv"), "number").into_iter().collect();
        let stocked = column(&table("stock.csv"), "product");
        assert!(stocked.iter().all(|number| numbers.contains(number)));
        assert!(stocked.len() * 100 > numbers.len() * 2 * 95, "{} lines of stock for two branches", stocked.len());
        let levels: BTreeSet<String> = column(&table("levels.csv"), "code").into_iter().collect();
        let members = table("members.csv");
        assert!(column(&members, "level").iter().all(|code| levels.contains(code)));
        for unique in ["phone", "card"] {
            let given: Vec<String> = column(&members, unique).into_iter().filter(|text| !text.is_empty()).collect();
            assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), given.len(), "{unique}");
        }
        assert_eq!(members.rows[1][..4], ["王小明", "13800138000", "19880521", "6001"].map(String::from));
    }

    #[test]
    fn the_same_on_every_machine() {
        let once: Vec<String> = tables(&branches(3)).iter().map(Table::text).collect();
        assert_eq!(once, tables(&branches(3)).iter().map(Table::text).collect::<Vec<_>>());
        assert!(once.iter().all(|text| text.lines().count() > 1));
    }
}
