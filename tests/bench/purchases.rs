//! What people buy: real histories from a file of lines `customer date items amount`, or made ones of the same shape.
use std::path::Path;

/// One visit of one customer.
#[derive(Debug, Clone, Copy)]
pub struct Purchase {
    pub customer: u64,
    pub items: u64,
    /// Minor units.
    pub amount: i64,
}

/// Made when there is no file: as many as the histories have.
const MADE: u64 = 69_659;
const CUSTOMERS: u64 = 23_570;
/// Lines of one bill at most.
const ITEMS_MAX: u64 = 20;

/// The purchases of a file, or made ones where none is named.
pub fn purchases(file: Option<&Path>) -> Vec<Purchase> {
    let Some(file) = file else { return (0..MADE).map(made).collect() };
    let text = std::fs::read_to_string(file).expect("a file of purchases");
    let found: Vec<Purchase> = text.lines().filter_map(read).collect();
    assert!(!found.is_empty(), "{} has no line `customer date items amount`", file.display());
    found
}

fn read(line: &str) -> Option<Purchase> {
    let [customer, _, items, amount] = line.split_whitespace().collect::<Vec<_>>()[..] else { return None };
    let (yuan, fen) = amount.split_once('.')?;
    let amount = yuan.parse::<i64>().ok()? * 100 + fen.parse::<i64>().ok()?;
    Some(Purchase { customer: customer.parse().ok()?, items: items.parse::<u64>().ok()?.clamp(1, ITEMS_MAX), amount: amount.max(1) })
}

/// Half of the customers come once, few come often; bills of one to three pieces, rarely more; some fourteen a piece.
fn made(n: u64) -> Purchase {
    let chance = n.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (a, b) = (chance >> 40, chance >> 20 & 0xFF_FFFF);
    let often = n.is_multiple_of(3);
    let customer = if often { a * a % (CUSTOMERS / 10) } else { a % CUSTOMERS };
    let items = 1 + u64::from(b.trailing_zeros()).min(ITEMS_MAX - 1);
    Purchase { customer, items, amount: (items * (800 + b % 1_300)) as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_others_left_out() {
        let bought = read(" 00002 19970112  5   77.00").expect("a purchase");
        assert_eq!((bought.customer, bought.items, bought.amount), (2, 5, 7_700));
        assert!(read("customer_id  date number_of_cds  dollar_value").is_none());
    }

    #[test]
    fn made_ones_look_like_a_shops() {
        let made = purchases(None);
        let items: u64 = made.iter().map(|one| one.items).sum();
        assert!((15..30).contains(&(items * 10 / made.len() as u64)), "about two pieces a bill");
        assert!(made.iter().all(|one| one.amount > 0 && one.customer < CUSTOMERS));
    }
}
