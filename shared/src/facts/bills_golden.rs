//! Golden bytes of what happens beside sales.
use super::*;
use crate::facts::sales::golden::{HERE, MEMBER, hex, money_of, occasion};
use crate::journal::command::encoded;

const BILL: SaleId = SaleId([0x5a; 16]);

fn check<F: Fact + PartialEq + std::fmt::Debug>(fact: &F, golden: &str) {
    let bytes = encoded(fact);
    assert_eq!(hex(&bytes), golden.trim(), "{}", F::NAME);
    assert_eq!(&minicbor::decode::<F>(&bytes).expect("its own bytes"), fact);
    assert_eq!(fact.postings(HERE), []);
}

#[test]
fn golden_bytes() {
    let (at, bill) = (occasion(), BILL);
    check(
        &BillVoided { bill, at: at.clone(), lines: 3, total: money_of(35_860), member: Some(MEMBER), reason: "客人走了".into() },
        include_str!("golden/bill_voided.1.hex"),
    );
    check(
        &LineRemoved {
            bill,
            at: at.clone(),
            line: 2,
            product: Some(ProductNo(12)),
            quantity: Quantity::from_thousandths(2_000),
            net: money_of(13_262),
        },
        include_str!("golden/line_removed.1.hex"),
    );
    let allowed = Occasion { allowed_by: Some(crate::base::StaffId([0xce; 16])), ..at.clone() };
    let (rate, given) = (Rate::from_bp(8_000), money_of(2_000));
    check(
        &Overridden { bill, at: allowed, what: Allowed::LineDiscount, line: Some(1), rate, given, reason: String::new() },
        include_str!("golden/overridden.1.hex"),
    );
    check(&DrawerOpened { at: at.clone(), reason: "换零钱".into() }, include_str!("golden/drawer_opened.1.hex"));
    let receipt_no = "003-1-1-261121-0042-7".into();
    check(&Reprinted { of: CommandId(BILL.0), at, receipt_no, copy: 1 }, include_str!("golden/reprinted.1.hex"));
}
