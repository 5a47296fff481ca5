//! Every slip on both papers and in both languages as a person would see it, and nothing wider than its paper whatever the names and amounts.
use super::shift::{CashAccount, ShiftEvents, TenderCount};
use super::slip::{Cell, NARROW, Size, WIDE, drawn};
use super::*;
use crate::base::text::display_width;
use crate::base::{Quantity, Zone};
use crate::sales::codes::WeightOrigin;
use crate::sales::price::Applied;
use proptest::prelude::*;
use rstest::rstest;

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

fn head(language: Language) -> SlipHead {
    let chinese = language == Language::Chinese;
    let said = |zh: &str, en: &str| if chinese { zh.to_string() } else { en.to_string() };
    SlipHead {
        language,
        chain: said("示范连锁", "Demo Chain"),
        branch: said("中山路店", "Zhongshan Road"),
        address: said("中山路 128 号", "128 Zhongshan Road"),
        telephone: "020-88886666".into(),
        receipt_no: "003-1-2-261121-0042-0".into(),
        time: "2026-11-21 14:05:09".into(),
        till: said("1 号机", "Till 1"),
        cashier: said("李芳 (1001)", "Li Fang (1001)"),
    }
}

fn item(name: &str, thousandths: i64, price: i64, amount: i64, applied: Applied, off: i64) -> SlipItem {
    let quantity = Quantity::from_thousandths(thousandths);
    SlipItem { name: name.into(), quantity, price: money(price), amount: money(amount), applied, off: money(off), weight: None }
}

fn member() -> SlipMember {
    SlipMember {
        name: "王小明".into(),
        phone: crate::base::text::masked_phone("13812348000"),
        level: "VIP".into(),
        level_rate: Rate::from_bp(9500),
        value: Some(ValueMoved {
            principal_before: money(100_000),
            bonus_before: money(10_000),
            principal_after: money(81_818),
            bonus_after: money(8_182),
        }),
        points: Some(PointsMoved { earned: 386, from: Some(BusinessDay(20261128)), usable: Some(1_240) }),
    }
}

fn tender(name: &str, minor: i64) -> SlipTender {
    SlipTender { name: name.into(), amount: money(minor), bonus: None }
}

fn stored(name: &str, minor: i64, bonus: i64) -> SlipTender {
    SlipTender { bonus: Some(money(bonus)), ..tender(name, minor) }
}

/// A1 of the trade.
fn a1(language: Language) -> Slip {
    let chinese = language == Language::Chinese;
    let names = if chinese { ["精华", "面膜", "毛巾"] } else { ["Essence", "Face mask", "Towel"] };
    let level = Applied::Level(Rate::from_bp(9500));
    let tenders = if chinese { ["储值", "现金"] } else { ["Stored value", "Cash"] };
    Slip::Sale(SaleSlip {
        head: head(language),
        items: vec![
            item(names[0], 1_000, 16_800, 16_800, level, 840),
            item(names[1], 2_000, 6_980, 13_960, level, 698),
            item(names[2], 2_000, 2_550, 5_100, level, 255),
        ],
        subtotal: money(35_860),
        discount: money(1_793),
        rounding: money(7),
        due: money(34_060),
        tenders: vec![stored(tenders[0], 20_000, 1_818), tender(tenders[1], 15_000)],
        change: money(940),
        member: Some(member()),
        signature: false,
        kick: true,
        greeting: if chinese { "谢谢惠顾".into() } else { "Thank you".into() },
        corrected: None,
        sales_clerks: None,
        top_up: None,
        returned: None,
    })
}

/// Rare characters, long names, eight-digit amounts, four-digit quantities.
fn awkward() -> Slip {
    let Slip::Sale(plain) = a1(Language::Chinese) else { unreachable!("a1 is a sale") };
    let weighed = SlipItem { weight: Some(WeightOrigin::Converted), ..item("散装苹果", 484, 2_580, 1_250, Applied::List, 0) };
    let long = "特级初榨橄榄油礼盒装 Extra Virgin Olive Oil 2x750ml 节日限定\n带换行";
    Slip::Sale(SaleSlip {
        items: vec![
            item("𠮷䶮㛃牌矿泉水", 9_999_000, 200, 1_999_800, Applied::Member, 100_000),
            item(long, 1_000, 39_900, 39_900, Applied::HandRate(Rate::from_bp(8_000)), 7_980),
            item("金条", 9_999_999, 1_234_567_890, 12_345_677_665_432, Applied::HandPrice, 1),
            weighed,
            item("赠品", 1_000, 500, 500, Applied::Free, 500),
            item("促销牙膏", 3_000, 1_290, 3_870, Applied::Promotion, 600),
        ],
        subtotal: money(1_234_567_890),
        rounding: money(-33),
        due: money(1_234_567_890),
        member: Some(SlipMember {
            name: "欧阳𠮷䶮·买买提".into(),
            level: "至尊VIP".into(),
            value: Some(ValueMoved {
                principal_before: money(1_234_567_890),
                bonus_before: money(123_456_789_012),
                principal_after: money(1_234_567_890),
                bonus_after: money(0),
            }),
            ..member()
        }),
        signature: true,
        ..plain
    })
}

fn top_up() -> Slip {
    let value =
        ValueMoved { principal_before: money(0), bonus_before: money(0), principal_after: money(100_000), bonus_after: money(10_000) };
    Slip::TopUp(TopUpSlip {
        head: head(Language::Chinese),
        principal: money(100_000),
        bonus: money(10_000),
        tenders: vec![tender("现金", 100_000)],
        change: money(0),
        member: SlipMember { value: Some(value), points: None, ..member() },
        kick: true,
    })
}

/// A2 of the trade.
fn taken_back() -> Slip {
    let value = ValueMoved {
        principal_before: money(81_818),
        bonus_before: money(8_182),
        principal_after: money(87_844),
        bonus_after: money(8_785),
    };
    Slip::Return(ReturnSlip {
        head: head(Language::Chinese),
        original_no: Some("003-1-2-261121-0041-0".into()),
        items: vec![item("面膜", 1_000, 6_629, 6_629, Applied::List, 0)],
        refund: money(6_629),
        to: vec![stored("储值", 6_629, 603)],
        points_back: 0,
        points_taken: 72,
        points_off: money(0),
        points_debt: 0,
        reason: "不合适".into(),
        member: Some(SlipMember {
            value: Some(value),
            points: Some(PointsMoved { earned: 0, from: None, usable: Some(1_240) }),
            ..member()
        }),
        kick: false,
    })
}

fn shift(language: Language) -> Slip {
    let count = |zh: &str, en: &str, bills, minor| TenderCount {
        name: if language == Language::Chinese { zh.into() } else { en.into() },
        bills,
        amount: money(minor),
    };
    Slip::Shift(ShiftSlip {
        head: head(language),
        number: "20261121-1-2".into(),
        business_day: BusinessDay(20261121),
        opened: "2026-11-21 14:00:00".into(),
        closed: time_said(1_795_276_800_000 + 150 * 60_000, 480),
        cash: CashAccount {
            float: money(50_000),
            sales: money(214_060),
            top_ups: money(100_000),
            refunds: money(6_600),
            cash_in: money(0),
            cash_out: money(200_000),
            expected: money(157_460),
            counted: money(157_400),
            handed_in: None,
        },
        tenders: vec![count("微信支付", "WeChat Pay", 31, 412_030), count("银行卡", "Bank card", 2, 99_900)],
        value_principal: money(18_182),
        value_bonus: money(1_818),
        top_ups: vec![count("现金", "Cash", 1, 100_000)],
        turnover: money(739_390),
        received: money(819_390),
        discounts: money(1_793),
        rounding: money(7),
        events: ShiftEvents { gifts: 1, drawer_openings: 2, reprints: 1, ..ShiftEvents::default() },
        first_receipt: "003-1-2-261121-0001-0".into(),
        last_receipt: "003-1-2-261121-0042-0".into(),
        off_by_hand: None,
        handed_over: None,
        day_of: None,
        head_hash: "9f2c".repeat(16),
    })
}

fn copy() -> Copy {
    Copy { number: 1, by: "李芳 (1001)".into(), time: "2026-11-21 18:10:00".into() }
}

/// Panics if anything on the slip is wider than the paper.
fn assert_fits(lines: &[SlipLine], columns: usize) {
    for line in lines {
        match line {
            SlipLine::Text { text, size: Size::Double, .. } => assert!(2 * display_width(text) <= columns, "{text}"),
            SlipLine::Text { text, .. } => assert!(display_width(text) <= columns, "{text}"),
            SlipLine::Columns(cells) => {
                assert_eq!(cells.iter().map(|cell: &Cell| cell.width).sum::<usize>(), columns);
                assert!(cells.iter().all(|cell| display_width(&cell.text) <= cell.width), "{cells:?}");
            }
            SlipLine::Rule | SlipLine::Qr(_) | SlipLine::Feed(_) | SlipLine::Cut | SlipLine::Kick => {}
        }
    }
    for line in drawn(lines, columns).lines() {
        assert!(display_width(line) <= columns, "{line}");
    }
}

#[rstest]
#[case::a1_58mm("a1_32", a1(Language::Chinese), NARROW, None)]
#[case::a1_80mm("a1_48", a1(Language::Chinese), WIDE, None)]
#[case::a1_english_58mm("a1_english_32", a1(Language::English), NARROW, None)]
#[case::a1_english_80mm("a1_english_48", a1(Language::English), WIDE, None)]
#[case::a1_copy("a1_copy_32", a1(Language::Chinese), NARROW, Some(copy()))]
#[case::awkward_58mm("awkward_32", awkward(), NARROW, None)]
#[case::awkward_80mm("awkward_48", awkward(), WIDE, None)]
#[case::top_up_58mm("top_up_32", top_up(), NARROW, None)]
#[case::top_up_80mm("top_up_48", top_up(), WIDE, None)]
#[case::a2_58mm("a2_32", taken_back(), NARROW, None)]
#[case::a2_80mm("a2_48", taken_back(), WIDE, None)]
#[case::shift_58mm("shift_32", shift(Language::Chinese), NARROW, None)]
#[case::shift_80mm("shift_48", shift(Language::Chinese), WIDE, None)]
#[case::shift_english_58mm("shift_english_32", shift(Language::English), NARROW, None)]
fn slips(#[case] name: &str, #[case] slip: Slip, #[case] columns: usize, #[case] copy: Option<Copy>) {
    let lines = laid_out(&slip, columns, copy.as_ref());
    assert_fits(&lines, columns);
    insta::assert_snapshot!(name, drawn(&lines, columns));
    let kept = minicbor::to_vec(&slip).expect("a job keeps it as CBOR");
    assert_eq!(minicbor::decode::<Slip>(&kept).expect("read back"), slip);
}

// The bytes in which a print job keeps a slip.
#[test]
fn kept_in_these_bytes() {
    let bytes = minicbor::to_vec(top_up()).expect("cbor");
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let golden = "8201818789006ce7a4bae88c83e8bf9ee994816ce4b8ade5b1b1e8b7afe5ba9771e4b8ade5b1b1e8b7af2031323820e58fb76c3032302d3838383836\
                  363636753030332d312d322d3236313132312d303034322d3073323032362d31312d32312031343a30353a3039683120e58fb7e69cba6de69d8ee88a\
                  b3202831303031291a000186a0192710818266e78eb0e987911a000186a0008569e78e8be5b08fe6988e6b3133382a2a2a2a38303030635649501925\
                  1c8400001a000186a0192710f5";
    assert_eq!(hex, golden);
}

#[test]
fn k5_a_copy_kicks_no_drawer_and_says_so() {
    let kicks = |lines: &[SlipLine]| lines.iter().filter(|line| **line == SlipLine::Kick).count();
    let first = laid_out(&a1(Language::Chinese), NARROW, None);
    let copied = laid_out(&a1(Language::Chinese), NARROW, Some(&copy()));
    assert_eq!((kicks(&first), kicks(&copied)), (1, 0));
    let text = drawn(&copied, NARROW);
    assert!(text.contains("补打人: 李芳 (1001)"), "{text}");
}

#[test]
fn j6_the_same_slip_prints_the_same() {
    assert_eq!(laid_out(&shift(Language::Chinese), WIDE, None), laid_out(&shift(Language::Chinese), WIDE, None));
}

#[test]
fn j5_the_slip_shows_the_true_time_of_a_sale_after_midnight() {
    let china = Zone { zone_minutes: 480, cutoff_minutes: 240 };
    let half_past_two_ms = 1_795_276_800_000 + 150 * 60_000;
    assert_eq!(time_said(half_past_two_ms, china.zone_minutes), "2026-11-22 02:30:00");
    assert_eq!(BusinessDay::at(half_past_two_ms, china), BusinessDay(20261121));
}

#[test]
fn every_slip_carries_its_number_as_qr() {
    for slip in [a1(Language::Chinese), top_up(), taken_back()] {
        let lines = laid_out(&slip, NARROW, None);
        assert!(lines.contains(&SlipLine::Qr("003-1-2-261121-0042-0".into())));
        assert_eq!(lines.last(), Some(&SlipLine::Cut));
    }
}

proptest! {
    #[test]
    fn any_sale_fits_its_paper(
        names in prop::collection::vec(".{0,60}", 1..6), thousandths in 1i64..10_000_000, price in 0i64..10_000_000_000,
        off in -1_000i64..1_000_000_000, columns in prop::sample::select(vec![NARROW, 42, WIDE, 56]), signature: bool,
    ) {
        let Slip::Sale(plain) = a1(Language::English) else { unreachable!("a1 is a sale") };
        let applied = [Applied::List, Applied::Member, Applied::HandRate(Rate::from_bp(8_755)), Applied::Free, Applied::HandPrice];
        let items = names.iter().zip(applied.into_iter().cycle()).map(|(name, applied)| item(name, thousandths, price, price, applied, off)).collect();
        let slip = Slip::Sale(SaleSlip { items, due: money(price), change: money(price), rounding: money(off), signature, ..plain });
        assert_fits(&laid_out(&slip, columns, Some(&copy())), columns);
    }
}
