//! Facts of the member desk, for tests that fold every kind.
use shared::base::{CommandId, DocumentId, MemberId, Money, PackageId, ProductNo, Quantity, Rate, SaleId};
use shared::facts::cards::{CardIssued, Deposit, ValueAdjusted, ValueGiven, Withdrawn};
use shared::facts::corrections::{MemberAttached, PointsAdjusted, ReturnedWithout, SalesClerksChanged, TenderCorrected, TopUpReversed};
use shared::facts::coupons::{Coupon, CouponReturned, CouponSpent, CouponsIssued, Terms};
use shared::facts::gifts::{PointsRedeemed, RedeemedGift, RedemptionCancelled};
use shared::facts::messages::{ContactChosen, MessageEnded, MessagesAsked, Outcome};
use shared::facts::packages::{PackageExtended, PackageItem, PackageRefunded, PackageSold, RefundedItem, TakenUses, UsesTaken, UsesUndone};
use shared::facts::sales::{Buyer, Occasion, Points, ReturnedLine, SalesClerk};
use shared::facts::timed::{SittingCancelled, SittingStopped, Stretch, TimedTerms};

pub fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

pub fn issued(id: CommandId, at: Occasion, member: MemberId) -> CardIssued {
    let (fee, deposit) = (money(1_000), money(2_000));
    CardIssued { id, at, receipt_no: "C".into(), member, number: "6102".into(), instead_of: None, fee, deposit, tender: "cash".into() }
}

pub fn withdrawn(of: CommandId, at: Occasion, member: MemberId) -> Withdrawn {
    let deposits = vec![Deposit { of, branch: at.branch, amount: money(2_000) }];
    Withdrawn {
        at,
        receipt_no: "W".into(),
        member,
        parts: Vec::new(),
        forfeited: Vec::new(),
        deposits,
        tender: "cash".into(),
        paid_out: money(2_000),
        bonus: Money::ZERO,
        principal_after: Money::ZERO,
        bonus_after: Money::ZERO,
        reason: "退卡".into(),
        closed: true,
    }
}

pub fn given(at: Occasion, member: MemberId) -> ValueGiven {
    ValueGiven {
        at,
        receipt_no: "G".into(),
        member,
        to: MemberId([0x11; 16]),
        parts: Vec::new(),
        amount: Money::ZERO,
        principal_after: Money::ZERO,
        bonus_after: Money::ZERO,
        reason: "转赠".into(),
    }
}

pub fn adjusted(at: Occasion, member: MemberId) -> ValueAdjusted {
    let (given, taken, zero) = (Vec::new(), Vec::new(), Money::ZERO);
    ValueAdjusted { at, receipt_no: "A".into(), member, given, taken, principal_after: zero, bonus_after: zero, reason: "更正".into() }
}

pub fn package(id: PackageId, at: Occasion, member: MemberId) -> PackageSold {
    let item = PackageItem {
        services: vec![ProductNo(7)],
        paid: 10,
        gift: 2,
        price: money(98_000),
        list_price: money(12_800),
        daily: false,
        from_minute: 0,
        until_minute: 1_440,
    };
    PackageSold {
        id,
        at,
        receipt_no: "P".into(),
        member,
        kind: DocumentId([0xD0; 16]),
        name: "面部护理".into(),
        items: vec![item],
        price: money(98_000),
        ends: 20_261_231,
        branches: Vec::new(),
        tender: "cash".into(),
        tendered: money(98_000),
    }
}

fn uses(package: PackageId, at: &Occasion) -> Vec<TakenUses> {
    vec![TakenUses { package, item: 0, uses: 1, gift: 0, worth: money(8_166), issuer: at.branch, left: 11 }]
}

pub fn taken(id: CommandId, package: PackageId, at: Occasion, member: MemberId) -> UsesTaken {
    let taken = uses(package, &at);
    UsesTaken { id, at, receipt_no: "U".into(), member, service: ProductNo(7), taken, server: None, asked_for: None }
}

pub fn undone(of: CommandId, package: PackageId, at: Occasion, member: MemberId) -> UsesUndone {
    let (taken, branch) = (uses(package, &at), at.branch);
    UsesUndone { of, at, receipt_no: "V".into(), member, taken, branch, reason: "认错人".into() }
}

pub fn extended(id: PackageId, at: Occasion, member: MemberId, ends: u32) -> PackageExtended {
    let (fee, tender) = (money(2_000), "cash".to_owned());
    PackageExtended { id, at, receipt_no: "E".into(), member, ended: 20_261_231, ends, fee, tender, reason: "延期".into() }
}

pub fn refunded(id: PackageId, at: Occasion, member: MemberId) -> PackageRefunded {
    let items = vec![RefundedItem { item: 0, uses: 8, paid: money(58_800), income: money(6_534) }];
    let (paid, tender) = (money(58_800), "cash".to_owned());
    PackageRefunded { id, at, receipt_no: "F".into(), member, items, paid, tender, by_list_price: false, reason: "退次".into() }
}

pub fn tender_corrected(sale: SaleId, at: Occasion, nth: u16) -> TenderCorrected {
    let (from, to) = if nth.is_multiple_of(2) { ("cash", "wechat") } else { ("wechat", "cash") };
    let (from, to, reason) = (from.into(), to.into(), "收错了".into());
    TenderCorrected { sale, at, receipt_no: "T".into(), nth, no: 1, from, to, amount: money(500), reason }
}

pub fn top_up_reversed(top_up: CommandId, at: Occasion, member: MemberId) -> TopUpReversed {
    let (principal, bonus, zero) = (money(1_000), money(100), Money::ZERO);
    let (receipt_no, tender, reason) = ("X".into(), "cash".into(), "充错卡".into());
    TopUpReversed { top_up, at, receipt_no, member, tender, principal, bonus, principal_after: zero, bonus_after: zero, reason }
}

pub fn returned_without(at: Occasion) -> ReturnedWithout {
    let line = ReturnedLine { no: 1, product: Some(ProductNo(7)), quantity: Quantity::ONE, net: money(6_980), cost: Some(money(3_000)) };
    let (receipt_no, tender, reason) = ("N".into(), "cash".into(), "没带小票".into());
    ReturnedWithout { at, receipt_no, lines: vec![line], tender, paid_back: money(6_980), reason }
}

pub fn points_adjusted(at: Occasion, member: MemberId) -> PointsAdjusted {
    let given = vec![Points { issuer: at.branch, from: at.day, until: 202_712, amount: 50 }];
    PointsAdjusted { member, at, given, taken: Vec::new(), reason: "补记".into() }
}

fn gift() -> RedeemedGift {
    RedeemedGift { product: ProductNo(7), quantity: Quantity::ONE, points: 350, money: money(500), cost: Some(money(1_000)) }
}

fn lots(at: &Occasion) -> Vec<Points> {
    vec![Points { issuer: at.branch, from: at.day, until: 202_712, amount: 350 }]
}

pub fn attached(sale: SaleId, at: Occasion, member: MemberId) -> MemberAttached {
    let (points, zero) = (lots(&at), Money::ZERO);
    let (rate, per, factor, basis) = (Rate::WHOLE, money(100), Rate::WHOLE, money(35_000));
    let buyer = Buyer { member, rate, per, factor, basis, principal_after: zero, bonus_after: zero, points, occasion: None };
    MemberAttached { sale, at, receipt_no: "M".into(), buyer, reason: "忘了扫卡".into() }
}

pub fn clerks_changed(sale: SaleId, at: Occasion) -> SalesClerksChanged {
    let after = vec![SalesClerk { staff: at.by, share: Rate::WHOLE }];
    SalesClerksChanged { sale, at, receipt_no: "L".into(), before: Vec::new(), after, reason: "选错了".into() }
}

const COUPON: CommandId = CommandId([0xc0; 16]);

pub fn coupons(id: CommandId, member: MemberId) -> CouponsIssued {
    let (off, least) = (money(1_000), money(10_000));
    let terms = Terms { name: "券".into(), name_en: String::new(), off, least, from: 20_261_121, until: 20_261_231 };
    CouponsIssued { id, at_ms: 7, terms, coupons: vec![Coupon { id, member: Some(member), code: String::new() }], branch: None }
}

pub fn coupon_spent(sale: SaleId, at: Occasion) -> CouponSpent {
    CouponSpent { coupon: COUPON, sale, at, receipt_no: "S".into(), off: money(1_000) }
}

pub fn coupon_returned(sale: SaleId, at: Occasion) -> CouponReturned {
    CouponReturned { coupon: COUPON, sale, at, receipt_no: "R".into() }
}

pub fn redeemed(id: CommandId, at: Occasion, member: MemberId) -> PointsRedeemed {
    let taken = lots(&at);
    PointsRedeemed { id, at, receipt_no: "J".into(), member, gifts: vec![gift()], taken, money: money(500), tender: "cash".into() }
}

pub fn redemption_cancelled(of: CommandId, at: Occasion, member: MemberId) -> RedemptionCancelled {
    let (given, redeemed_at) = (lots(&at), at.branch);
    let (receipt_no, of_receipt_no, tender, reason) = ("K".into(), "J".into(), "cash".into(), "不要了".into());
    RedemptionCancelled {
        of,
        at,
        receipt_no,
        of_receipt_no,
        member,
        gifts: vec![gift()],
        given,
        money: money(500),
        tender,
        reason,
        redeemed_at,
    }
}

pub fn sitting(id: CommandId, at: Occasion, member: MemberId) -> SittingStopped {
    let terms = TimedTerms {
        first_minutes: 60,
        first: money(3_000),
        step_minutes: 30,
        step: money(1_200),
        grace_minutes: 5,
        night_step: money(800),
        night_from: 1_320,
        night_until: 360,
        cap: None,
    };
    SittingStopped {
        id: id.into(),
        tariff: DocumentId([0x7A; 16]),
        product: ProductNo(9),
        seat: "听雨".into(),
        member: Some(member),
        started_ms: at.at_ms,
        started_by: at.by,
        terms,
        stretches: vec![Stretch { from_ms: at.at_ms, ran_ms: 5_400_000 }],
        minutes: 90,
        free: 0,
        from_package: 0,
        amount: money(4_200),
        capped: false,
        by_clock: None,
        clock_jumped: false,
        reason: String::new(),
        at,
    }
}

pub fn given_up(id: CommandId, at: Occasion) -> SittingCancelled {
    let (tariff, product, started_ms) = (DocumentId([0x7A; 16]), ProductNo(9), at.at_ms);
    SittingCancelled {
        id: id.into(),
        at,
        tariff,
        product,
        seat: "听雨".into(),
        member: None,
        started_ms,
        minutes: 4,
        reason: "开错台".into(),
    }
}

pub fn written_to(batch: CommandId, member: MemberId) -> MessagesAsked {
    let (channel, template, gateway, text, filter) = ("sms".into(), "wish".into(), String::new(), "{name}".into(), String::new());
    MessagesAsked { batch, at_ms: 5, channel, template, gateway, text, filter, members: vec![member], part: 0 }
}

pub fn heard(batch: CommandId, member: MemberId, at_ms: i64) -> MessageEnded {
    MessageEnded { batch, member, at_ms, outcome: Outcome::Sent, parts: 1, note: String::new() }
}

pub fn agreed(member: MemberId, wanted: bool) -> ContactChosen {
    ContactChosen { member, channel: "sms".into(), wanted, at_ms: 5 }
}
