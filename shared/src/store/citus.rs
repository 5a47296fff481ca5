//! How a cluster spreads the tables of a hub: the statements, from the same declarations, and the rules they must obey.
use crate::views::{Spread, Table, Type};

/// Core tables by the column that they are spread by; the rest are small and the same everywhere.
const CORE: [(&str, &str); 9] = [
    ("stream", "stream"),
    ("entry", "stream"),
    ("signature", "stream"),
    ("set_aside", "stream"),
    ("feed", "scope"),
    ("feed_head", "scope"),
    ("statement", "scope"),
    ("page", "scope"),
    ("document", "document"),
];
const EVERYWHERE: [&str; 7] = ["meta", "cursor", "device", "job", "draft", "built", "turn"];

/// Run once on the coordinator, on an empty database with the tables of a hub.
pub fn statements(tables: &[&Table]) -> Vec<String> {
    let spread = |name: &str, column: &str| format!("select create_distributed_table('{name}', '{column}');");
    let everywhere = |name: &str| format!("select create_reference_table('{name}');");
    let view = |table: &&Table| match table.spread {
        Spread::First => spread(table.name, table.key[0].name),
        Spread::Everywhere => everywhere(table.name),
    };
    let core = EVERYWHERE.iter().map(|name| everywhere(name)).chain(CORE.iter().map(|(name, column)| spread(name, column)));
    core.chain(tables.iter().map(view)).collect()
}

/// What of a declaration a cluster would refuse: first key columns are of one type, or rows that belong together do not lie together.
pub fn faults(tables: &[&Table]) -> Vec<String> {
    let spread = tables.iter().filter(|table| table.spread == Spread::First);
    let other = spread.filter(|table| table.key[0].kind != Type::Blob);
    other.map(|table| format!("{}: spread by {}, which is no blob", table.name, table.key[0].name)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::schema;
    use super::*;

    #[test]
    fn every_core_table_has_its_place_and_its_key_holds_the_column_it_is_spread_by() {
        let mut named: Vec<&str> = CORE.iter().map(|(name, _)| *name).chain(EVERYWHERE).collect();
        let mut there: Vec<&str> = schema::KEYS.iter().map(|(name, _)| *name).chain(["built", "turn"]).collect();
        named.sort_unstable();
        there.sort_unstable();
        assert_eq!(named, there);
        for (name, column) in CORE {
            let key = schema::KEYS.iter().find(|(table, _)| *table == name).map_or(&[][..], |(_, key)| key);
            assert!(key.contains(&column), "{name} is not unique on one shard by {column}");
        }
    }

    #[test]
    fn every_table_that_is_created_is_copied_and_its_key_stands_first() {
        let created = schema::CORE.split("create table ").skip(1);
        for text in created.filter(|text| !text.starts_with("built ")) {
            let (name, rest) = text.split_once(" (").expect("a table has columns");
            let (_, key) = schema::KEYS.iter().find(|(table, _)| *table == name.trim()).expect("it is named");
            let columns: Vec<&str> = rest.split(',').map(|column| column.trim().split(' ').next().unwrap_or_default()).collect();
            assert_eq!(&columns[..key.len()], *key, "{name}");
        }
        let words = ["trigger", "sequence", "serial", "identity", "default "];
        assert!(words.iter().all(|word| !schema::CORE.contains(word)), "no triggers, no sequences as order");
    }
}
