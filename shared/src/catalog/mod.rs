//! What is sold and for how much: rows of product and category documents, and the questions a till asks of them.
pub mod category;
pub mod gift;
pub mod price;
pub mod product;
pub mod release;
pub mod release_prices;
pub mod search;

pub use category::{Category, categories};
pub use price::{MAIN_LIST, Price, price};
pub use product::{ByCode, Product, Why, find_by_code, in_category, product};
pub use search::search;
