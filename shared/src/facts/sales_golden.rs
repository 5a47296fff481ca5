//! Golden bytes and postings of sales: A1 of the trade, with and without sales clerks, and C2.
use super::*;
use crate::base::account::unbalanced;
use crate::journal::command::encoded;

pub const BRANCH: BranchId = BranchId([0xb0; 16]);
pub const MEMBER: MemberId = MemberId([0xe0; 16]);
pub const HERE: StreamId = StreamId([0x50; 16]);
pub const SALE: SaleId = SaleId([0x5a; 16]);

pub fn money_of(minor: i64) -> Money {
    Money::from_minor(minor)
}

pub fn occasion() -> Occasion {
    Occasion {
        branch: BRANCH,
        till: 1,
        shift: Some(ShiftId([0x51; 16])),
        day: 20261121,
        hour: 14,
        at_ms: 1_795_240_800_000,
        by: StaffId([0xca; 16]),
        allowed_by: None,
        clock_by_hand: false,
    }
}

fn line(no: u16, product: u32, quantity: i64, list: i64, gross: i64, rate: i64, rounding: i64) -> SoldLine {
    SoldLine {
        no,
        product: Some(ProductNo(product)),
        quantity: Quantity::from_thousandths(quantity),
        list_price: money_of(list),
        gross: money_of(gross),
        net: money_of(gross - rate - rounding),
        priced: Priced::Level,
        earns_points: true,
        price_discount: Money::ZERO,
        rate_discount: money_of(rate),
        bill_discount: Money::ZERO,
        rounding: money_of(rounding),
        rate: Some(Rate::from_bp(9_500)),
        cost: None,
        name: None,
        reason: None,
        converted: false,
    }
}

pub fn tenders() -> Vec<Paid> {
    let value = [(Unit::Value(BRANCH), 18_182), (Unit::Bonus(BRANCH), 1_818)];
    let parts = value.into_iter().map(|(unit, amount)| Part { unit: unit.key().into(), amount });
    let proven = Proven::NotAsked;
    vec![
        Paid { code: VALUE.into(), amount: money_of(20_000), bonus: money_of(1_818), handed: Money::ZERO, parts: parts.collect(), proven },
        Paid { code: CASH.into(), amount: money_of(14_060), bonus: Money::ZERO, handed: money_of(15_000), parts: vec![], proven },
    ]
}

/// A1 as it is sold.
pub fn a1() -> Sold {
    Sold {
        sale: SALE,
        at: occasion(),
        receipt_no: "003-1-1-261121-0042-7".into(),
        lines: vec![
            line(1, 11, 1_000, 16_800, 16_800, 840, 3),
            line(2, 12, 2_000, 6_980, 13_960, 698, 3),
            line(3, 13, 2_000, 2_550, 5_100, 255, 1),
        ],
        tenders: tenders(),
        subtotal: money_of(35_860),
        discount: money_of(1_793),
        rounding: money_of(7),
        due: money_of(34_060),
        change: money_of(940),
        rules: RULES,
        buyer: Some(Buyer {
            member: MEMBER,
            rate: Rate::from_bp(9_500),
            per: money_of(100),
            factor: Rate::from_bp(12_000),
            basis: money_of(32_242),
            principal_after: money_of(81_818),
            bonus_after: money_of(8_182),
            points: vec![
                Points { issuer: BRANCH, from: 0, until: 0, amount: 6 },
                Points { issuer: BRANCH, from: 20261128, until: 202712, amount: 380 },
            ],
            occasion: None,
        }),
        off_by_hand: None,
        sales_clerks: None,
    }
}

/// C2: a part of the bill paid by points of two months, the rest by WeChat.
pub fn c2() -> Sold {
    let month = |until| Unit::Points { issuer: BRANCH, from: 20251101, until };
    let parts = [(month(202612), 300), (month(202704), 4_000)];
    let parts = parts.into_iter().map(|(unit, amount)| Part { unit: unit.key().into(), amount });
    let paid = |code: &str, minor, parts| {
        let (amount, proven) = (money_of(minor), Proven::NotAsked);
        Paid { code: code.into(), amount, bonus: Money::ZERO, handed: Money::ZERO, parts, proven }
    };
    let earned = Points { issuer: BRANCH, from: 20261128, until: 202712, amount: 206 };
    let buyer = a1().buyer.map(|buyer| Buyer { basis: money_of(17_210), points: vec![earned], ..buyer });
    Sold {
        lines: vec![line(1, 11, 1_000, 15_800, 13_173, 0, 0), line(2, 15, 1_000, 10_000, 8_337, 0, 0)],
        tenders: vec![paid(POINTS, 4_300, parts.collect()), paid("wechat", 17_210, vec![])],
        subtotal: money_of(21_510),
        discount: Money::ZERO,
        rounding: Money::ZERO,
        due: money_of(21_510),
        change: Money::ZERO,
        buyer,
        ..a1()
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Amounts of what is stored of postings, as `holder unit amount`.
pub fn told(postings: &[Posting]) -> Vec<String> {
    assert_eq!(unbalanced(postings), []);
    let stored = postings.iter().filter(|posting| posting.account.holder.stored());
    assert!(postings.iter().all(|posting| posting.account.place == HERE));
    stored
        .map(|posting| {
            let holder = match posting.account.holder {
                Holder::Member(_) => "member".into(),
                Holder::Debt(_) => "debt".into(),
                Holder::House(_, purpose) => format!("{purpose:?}").to_lowercase(),
                other => format!("{other:?}"),
            };
            let unit = match posting.account.unit {
                Unit::Value(_) => "value".into(),
                Unit::Bonus(_) => "bonus".into(),
                Unit::Points { from, until, .. } => format!("points {from}-{until}"),
                Unit::Right(_, line) => format!("right {line}"),
                Unit::Goods(product) => format!("goods {}", product.0),
                Unit::Money(number) => format!("money {number}"),
                Unit::Uses(_, item) => format!("uses {item}"),
            };
            format!("{holder} {unit} {}", posting.amount)
        })
        .collect()
}

#[test]
fn sold_golden_bytes() {
    assert_eq!(hex(&encoded(&a1())), include_str!("golden/sold.1.hex").trim());
    assert_eq!(minicbor::decode::<Sold>(&encoded(&a1())).expect("its own bytes"), a1());
}

/// Nobody named and nothing taken off by hand leave no trace in the bytes; both together stand behind all else.
#[test]
fn sold_with_sales_clerks_golden_bytes() {
    let clerk = |byte, bp| SalesClerk { staff: StaffId([byte; 16]), share: Rate::from_bp(bp) };
    let sold = Sold { off_by_hand: Some(money_of(60)), sales_clerks: Some(vec![clerk(0xcb, 6_000), clerk(0xcc, 4_000)]), ..a1() };
    let [first, second] = ["cb", "cc"].map(|byte| byte.repeat(16));
    let wanted = format!("8e{}183c828250{first}1917708250{second}190fa0", &hex(&encoded(&a1()))[2..]);
    assert_eq!(hex(&encoded(&sold)), wanted);
    assert_eq!(minicbor::decode::<Sold>(&encoded(&sold)).expect("its own bytes"), sold);
    assert_eq!(told(&sold.postings(HERE)), told(&a1().postings(HERE)));
}

#[test]
fn what_a_sale_posts() {
    let wanted = [
        "returnable right 1 1000",
        "stock goods 11 -1000",
        "returnable right 2 2000",
        "stock goods 12 -2000",
        "returnable right 3 2000",
        "stock goods 13 -2000",
        "member value -18182",
        "member bonus -1818",
        "drawer money 1 14060",
        "debt points 0-0 6",
        "member points 20261128-202712 380",
    ];
    assert_eq!(told(&a1().postings(HERE)), wanted);
}

#[test]
fn points_money_golden_bytes() {
    assert_eq!(hex(&encoded(&c2())), include_str!("golden/sold.1.points.hex").trim());
    assert_eq!(minicbor::decode::<Sold>(&encoded(&c2())).expect("its own bytes"), c2());
}

#[test]
fn what_points_money_posts() {
    let sold = told(&c2().postings(HERE));
    let wanted = ["member points 20251101-202612 -300", "member points 20251101-202704 -4000", "drawer money 2 17210"];
    assert_eq!(sold[4..7], wanted);
}

#[test]
fn numbers_of_tenders_stand_for_ever() {
    let numbers = [CASH, "wechat", "alipay", "bank", "meituan"].map(money);
    assert_eq!(numbers[..4], [1, 2, 3, 4].map(Unit::Money));
    assert_eq!(numbers[4], Unit::Money(MEITUAN));
}

/// 16 + first byte of BLAKE3("meituan") mod 240.
const MEITUAN: u8 = 246;
