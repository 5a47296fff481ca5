//! Golden bytes and postings of packages: D1, D2, D4, D6, D8 of the trade.
use super::*;
use crate::facts::sales::golden::{BRANCH, HERE, MEMBER, hex, money_of, occasion};
use crate::journal::command::encoded;

const PACKAGE: PackageId = PackageId([0xac; 16]);
const USE: CommandId = CommandId([0x0e; 16]);

/// D1.
fn sold() -> PackageSold {
    PackageSold {
        id: PACKAGE,
        at: occasion(),
        receipt_no: "R1".into(),
        member: MEMBER,
        kind: DocumentId([0xd0; 16]),
        name: "面部护理".into(),
        items: vec![PackageItem {
            services: vec![ProductNo(7)],
            paid: 10,
            gift: 2,
            price: money_of(98_000),
            list_price: money_of(12_800),
            daily: false,
            from_minute: 0,
            until_minute: 1_440,
        }],
        price: money_of(98_000),
        ends: 20261231,
        branches: vec![BRANCH],
        tender: "cash".into(),
        tendered: money_of(100_000),
    }
}

fn taken() -> TakenUses {
    TakenUses { package: PACKAGE, item: 0, uses: 4, gift: 0, worth: money_of(32_666), issuer: BRANCH, left: 8 }
}

fn check<F: Fact + PartialEq + std::fmt::Debug>(fact: &F, golden: &str, wanted: &[(Holder, Unit, i64)]) {
    let bytes = encoded(fact);
    assert_eq!(hex(&bytes), golden.trim(), "{}", F::NAME);
    assert_eq!(&minicbor::decode::<F>(&bytes).expect("its own bytes"), fact);
    let postings = fact.postings(HERE);
    assert_eq!(crate::base::account::unbalanced(&postings), [], "{}", F::NAME);
    let stored = postings.iter().filter(|posting| posting.account.holder.stored());
    let stored: Vec<_> = stored.map(|posting| (posting.account.holder, posting.account.unit, posting.amount)).collect();
    assert_eq!(stored, wanted, "{}", F::NAME);
}

#[test]
fn golden_bytes_and_postings() {
    let (member, drawer) = (Holder::Member(MEMBER), Holder::House(BRANCH, Purpose::Drawer));
    let (uses, undo) = (Unit::Uses(PACKAGE, 0), Unit::Right(SaleId(USE.0), 0));
    let held = Holder::House(BRANCH, Purpose::Returnable);
    let (at, receipt_no, cash) = (occasion(), "R2".to_owned(), "cash".to_owned());
    check(&sold(), include_str!("golden/package_sold.1.hex"), &[(drawer, Unit::Money(1), 98_000), (member, uses, 12)]);
    let used = UsesTaken {
        id: USE,
        at: at.clone(),
        receipt_no: receipt_no.clone(),
        member: MEMBER,
        service: ProductNo(7),
        taken: vec![taken()],
        server: Some(StaffId([0xca; 16])),
        asked_for: None,
    };
    check(&used, include_str!("golden/uses_taken.1.hex"), &[(member, uses, -4), (held, undo, 1)]);
    let asked_for = UsesTaken { asked_for: Some(true), ..used };
    check(&asked_for, include_str!("golden/uses_taken.1.asked_for.hex"), &[(member, uses, -4), (held, undo, 1)]);
    let undone = UsesUndone {
        of: USE,
        at: at.clone(),
        receipt_no: receipt_no.clone(),
        member: MEMBER,
        taken: vec![taken()],
        branch: BRANCH,
        reason: "认错人".into(),
    };
    check(&undone, include_str!("golden/uses_undone.1.hex"), &[(member, uses, 4), (held, undo, -1)]);
    let extended = PackageExtended {
        id: PACKAGE,
        at: at.clone(),
        receipt_no: receipt_no.clone(),
        member: MEMBER,
        ended: 20261231,
        ends: 20270630,
        fee: money_of(2_000),
        tender: cash.clone(),
        reason: "延期".into(),
    };
    check(&extended, include_str!("golden/package_extended.1.hex"), &[(drawer, Unit::Money(1), 2_000)]);
    let refunded = PackageRefunded {
        id: PACKAGE,
        at,
        receipt_no,
        member: MEMBER,
        items: vec![RefundedItem { item: 0, uses: 8, paid: money_of(58_800), income: money_of(6_534) }],
        paid: money_of(58_800),
        tender: cash,
        by_list_price: false,
        reason: "退次".into(),
    };
    check(&refunded, include_str!("golden/package_refunded.1.hex"), &[(drawer, Unit::Money(1), -58_800), (member, uses, -8)]);
}
