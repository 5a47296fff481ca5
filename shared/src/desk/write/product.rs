//! A product, named by its number. Its category must be there, and no other product may have its codes.
use super::{Subject, absent, taken};
use crate::base::{DocumentId, ProductNo};
use crate::catalog;
use crate::documents::{Fields, Kind, field};
use crate::journal::{Fault, Read, Refusal, Right};

#[derive(Debug, Clone)]
pub enum Product {}

impl Subject for Product {
    const KIND: Kind = Kind::Product;
    const RIGHT: Right = Right::Catalogue;

    fn find(db: &dyn Read, fields: &Fields) -> Result<Option<DocumentId>, Fault> {
        let number = field::int(fields, "number").and_then(|number| u32::try_from(number).ok());
        let Some(number) = number else { return Ok(None) };
        Ok(catalog::product(db, ProductNo(number))?.map(|product| product.document))
    }

    fn wrong(db: &dyn Read, own: DocumentId, fields: &Fields) -> Result<Option<Refusal>, Fault> {
        if Self::find(db, fields)?.is_some_and(|found| found != own) {
            return Ok(Some(taken("number")));
        }
        let category = field::text(fields, "category");
        if !category.is_empty() && catalog::category::by_code(db, &category)?.is_none() {
            return Ok(Some(absent("category")));
        }
        for (code, key) in codes(fields) {
            if catalog::find_by_code(db, &code)?.iter().any(|found| found.product.document != own) {
                return Ok(Some(taken(&key)));
            }
        }
        Ok(None)
    }
}

/// Codes that name the product, each with the key that gives it.
fn codes(fields: &Fields) -> Vec<(String, String)> {
    let barcodes = field::tails(fields, "barcode:").map(|code| (code.to_owned(), format!("barcode:{code}")));
    let plu = Some(field::text(fields, "plu")).filter(|plu| !plu.is_empty()).map(|plu| (plu, "plu".to_owned()));
    barcodes.chain(plu).collect()
}
