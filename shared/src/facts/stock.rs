//! What lies on the shelves, where no sale tells it.
use super::{Fact, Writer, transfer};
use crate::base::{BranchId, Holder, Posting, ProductNo, Purpose, Quantity, StreamId, Unit};
use minicbor::{Decode, Encode};

/// Goods that a branch had before its first sale here, as a list said. Booked at head office under the branch's name; the branch gets them
/// by `Moved` once it has a place.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StockOpened {
    #[n(0)]
    pub branch: BranchId,
    #[n(1)]
    pub product: ProductNo,
    /// Not negative.
    #[n(2)]
    pub quantity: Quantity,
}

impl Fact for StockOpened {
    const KIND: u16 = 110;
    const NAME: &'static str = "stock_opened";
    const WRITER: Writer = Writer::Hub;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let shelf = Holder::House(self.branch, Purpose::Stock);
        transfer(Unit::Goods(self.product), Holder::Outside, shelf, self.quantity.thousandths(), here).into()
    }
}

#[cfg(test)]
mod golden {
    //! Released bytes and postings. A line here is never changed.
    use super::*;
    use crate::base::account::unbalanced;
    use crate::facts::hex;
    use crate::journal::command::encoded;

    #[test]
    fn bytes_and_postings() {
        let (branch, here) = (BranchId([0x22; 16]), StreamId([0x33; 16]));
        let opened = StockOpened { branch, product: ProductNo(7), quantity: Quantity::from_thousandths(12_500) };
        assert_eq!(hex(&encoded(&opened)), "835022222222222222222222222222222222071930d4");
        let postings = opened.postings(here);
        assert_eq!(unbalanced(&postings), []);
        let shelf = &postings[1];
        assert_eq!((shelf.account.holder, shelf.account.unit), (Holder::House(branch, Purpose::Stock), Unit::Goods(ProductNo(7))));
        assert_eq!((shelf.account.place, shelf.amount), (here, 12_500));
    }
}
