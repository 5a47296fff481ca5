//! Facts of a till with figures by chance, for tests that fold every kind.
use super::*;

pub fn paid(chance: &mut Chance) -> Vec<sales::Paid> {
    let other = |code: &str, amount| sales::Paid {
        code: code.into(),
        amount,
        bonus: Money::ZERO,
        handed: Money::ZERO,
        parts: Vec::new(),
        proven: sales::Proven::NotAsked,
    };
    vec![other("cash", money(chance)), other("wechat", money(chance))]
}

pub fn sold(chance: &mut Chance, n: u32) -> sales::Sold {
    let line = sales::SoldLine {
        no: 1,
        product: Some(ProductNo(1 + chance.below(3) as u32)),
        quantity: Quantity::ONE,
        list_price: money(chance),
        gross: money(chance),
        net: money(chance),
        priced: sales::Priced::Level,
        earns_points: true,
        price_discount: Money::ZERO,
        rate_discount: money(chance),
        bill_discount: Money::ZERO,
        rounding: Money::ZERO,
        rate: None,
        cost: Some(money(chance)),
        name: None,
        reason: None,
        converted: false,
    };
    let buyer = sales::Buyer {
        member: MemberId(chance.few(0x11, 3)),
        rate: Rate::WHOLE,
        per: Money::from_minor(100),
        factor: Rate::WHOLE,
        basis: money(chance),
        principal_after: Money::ZERO,
        bonus_after: Money::ZERO,
        points: vec![sales::Points { issuer: BranchId(chance.few(0xB0, 2)), from: TODAY, until: 202_712, amount: chance.below(50) as i64 }],
        occasion: None,
    };
    sales::Sold {
        sale: SaleId(own(n)),
        at: occasion(chance),
        receipt_no: format!("R{n}"),
        lines: vec![line],
        tenders: paid(chance),
        subtotal: money(chance),
        discount: money(chance),
        rounding: Money::ZERO,
        due: money(chance),
        change: Money::ZERO,
        rules: sales::RULES,
        off_by_hand: None,
        sales_clerks: None,
        buyer: Some(buyer),
    }
}

pub fn topped_up(chance: &mut Chance, n: u32) -> members::ToppedUp {
    let at = occasion(chance);
    members::ToppedUp {
        member: MemberId(chance.few(0x11, 3)),
        branch: at.branch,
        till: TillId(chance.few(0x71, 2)),
        shift: at.shift.expect("it has one"),
        day: at.day,
        hour: at.hour,
        at_ms: at.at_ms,
        receipt: format!("T{n}"),
        clerk: at.by,
        tender: "cash".into(),
        money: 1,
        principal: 1 + chance.below(10_000) as i64,
        bonus: chance.below(100) as i64,
        tendered: 0,
        principal_after: 0,
        bonus_after: 0,
    }
}

pub fn returned(chance: &mut Chance, n: u32) -> sales::Returned {
    let line = sales::ReturnedLine { no: 1, product: Some(ProductNo(1)), quantity: Quantity::ONE, net: money(chance), cost: None };
    sales::Returned {
        sale: SaleId(own(n)),
        at: occasion(chance),
        receipt_no: format!("B{n}"),
        of_receipt_no: "R".into(),
        lines: vec![line],
        tenders: paid(chance),
        value: money(chance),
        paid_back: money(chance),
        reason: String::new(),
        member: None,
        points: Vec::new(),
        points_debt: 0,
        principal_after: Money::ZERO,
        bonus_after: Money::ZERO,
        basis: Money::from_minor(100),
        sold_at: BranchId([0xB0; 16]),
    }
}

pub fn closed(chance: &mut Chance, n: u32) -> shifts::ShiftClosed {
    shifts::ShiftClosed {
        shift: ShiftId(own(n)),
        at: occasion(chance),
        number: n,
        opened_ms: NOW_MS,
        expected: money(chance),
        counted: money(chance),
        note: String::new(),
        figures: Vec::new(),
        head_seq: 1,
        head_hash: [7; 32],
        hand_over: None,
    }
}

pub fn day_closed(chance: &mut Chance) -> days::DayClosed {
    days::DayClosed {
        day: TODAY + chance.below(3) as u32,
        at: occasion(chance),
        shifts: 2,
        opened_ms: NOW_MS,
        expected: money(chance),
        counted: money(chance),
        figures: Vec::new(),
        first_receipt: String::new(),
        last_receipt: String::new(),
        head_seq: 9,
        head_hash: [1; 32],
    }
}
