//! The written order of the one box, with the slips of scanners, keyboards and input methods.
use super::super::codes::Holds;
use super::*;
use crate::base::{BusinessDay, Money};
use proptest::prelude::*;
use rstest::rstest;

fn formats() -> Formats {
    let own = |prefix: &str, holds| InStore { prefix: prefix.into(), holds };
    Formats { in_store: vec![own("21", Holds::Amount), own("20", Holds::Weight), own("26", Holds::Amount)] }
}

/// The meanings in words, `quantity*` before them if one was keyed.
fn told(text: &str) -> Result<String, ScanRefusal> {
    let entered = route(text, &formats())?;
    let words: Vec<String> = entered
        .meanings
        .into_iter()
        .map(|meaning| match meaning {
            Meaning::LastQuantity(quantity) => format!("last {quantity}"),
            Meaning::Barcode(code) => format!("barcode {code}"),
            Meaning::Weighed(code) => format!("weighed {}", code.plu),
            Meaning::Plu(number) => format!("plu {number}"),
            Meaning::Receipt(number) => format!("receipt {number}"),
            Meaning::PayCode(Wallet::WeChat, _) => "wechat".into(),
            Meaning::PayCode(Wallet::Alipay, _) => "alipay".into(),
            Meaning::Card(number) => format!("card {number}"),
            Meaning::PhoneEnd(digits) => format!("phone {digits}"),
            Meaning::Search(words) => format!("search {words}"),
        })
        .collect();
    let quantity = entered.quantity.map(|quantity| format!("{quantity}*")).unwrap_or_default();
    Ok(format!("{quantity}{}", words.join(", ")))
}

#[rstest]
#[case::gtin("6901234567892", "barcode 6901234567892, card 6901234567892")]
#[case::gtin_misread("6901234567893", "card 6901234567893")]
#[case::a12_weighed("2112345012506", "weighed 12345")]
#[case::weighed_misread("2112345012507", "card 2112345012507")]
#[case::prefix_of_nobody("2912345012502", "barcode 2912345012502, card 2912345012502")]
#[case::plu("12", "plu 12")]
#[case::plu_card_or_phone("6001", "barcode 6001, plu 6001, card 6001, phone 6001")]
#[case::eight_digits_clash("12345670", "barcode 12345670, plu 12345670, card 12345670, phone 12345670")]
#[case::eight_digits_no_gtin("12345678", "plu 12345678, card 12345678, phone 12345678")]
#[case::ten_digit_card("0040856634", "barcode 0040856634, card 0040856634, phone 0040856634")]
#[case::three_five_card("111,27706", "card 111,27706")]
#[case::phone("138 1234 8000", "phone 13812348000")]
#[case::receipt("003-1-2-261121-0042-0", "receipt 003-1-2-261121-0042-0")]
#[case::wechat("134567890123456789", "wechat")]
#[case::alipay("2812345678901234", "alipay")]
#[case::alipay_or_weighed_of_18("261234501250007554", "weighed 12345, alipay")]
#[case::pinyin("kqs", "search kqs")]
#[case::name("矿泉水", "search 矿泉水")]
#[case::name_with_digits("可乐330ML", "search 可乐330ml")]
#[case::code_with_letters("AB-1234", "barcode ab-1234, card ab-1234, search ab-1234")]
#[case::track_2(";6001=99121011?", "card 6001")]
#[case::tracks_1_and_2("%B6001^WANG?;6001=9912?", "card 6001")]
#[case::track_1_alone("%B6001^WANG?", "card 6001")]
#[case::track_1_of_digits("%6001?", "card 6001")]
#[case::track_3_alone("+6001?", "card 6001")]
fn the_written_order(#[case] text: &str, #[case] wanted: &str) {
    assert_eq!(told(text).as_deref(), Ok(wanted));
}

#[rstest]
#[case::three_of_a_code("3*6901234567892", "3*barcode 6901234567892")]
#[case::full_width("３＊６９０１２３４５６７８９２", "3*barcode 6901234567892")]
#[case::times_sign("3×kqs", "3*search kqs")]
#[case::weight("0.755*12345", "0.755*barcode 12345, plu 12345")]
#[case::code_still_to_come("3*", "3*")]
#[case::last_line("*3", "last 3")]
#[case::last_line_in_full_width("＊３", "last 3")]
#[case::no_member_with_a_quantity("3*111,27706", "3*")]
fn quantities(#[case] text: &str, #[case] wanted: &str) {
    assert_eq!(told(text).as_deref(), Ok(wanted));
}

#[rstest]
#[case::cr_lf_twice("6901234567892\r\n\r\n")]
#[case::full_width("６９０１２３４５６７８９２")]
#[case::blanks("  6901234567892\t")]
fn slips_of_scanners_and_input_methods(#[case] text: &str) {
    assert_eq!(told(text), told("6901234567892"));
}

#[rstest]
#[case::enter("\r\n", ScanRefusal::Nothing)]
#[case::signs_only("+-*", ScanRefusal::Nothing)]
#[case::zero("0*6001", ScanRefusal::BadQuantity)]
#[case::negative("-3*6001", ScanRefusal::BadQuantity)]
#[case::too_many("10000*6001", ScanRefusal::BadQuantity)]
#[case::a_code_as_quantity("6901234567892*3", ScanRefusal::BadQuantity)]
#[case::last_zero("*0", ScanRefusal::BadQuantity)]
#[case::quantity_of_a_label("3*2112345012506", ScanRefusal::QuantityOfWeighed)]
#[case::receipt_mistyped("003-1-2-261121-0043-0", ScanRefusal::MistypedReceipt)]
#[case::bank_card(";4111111111111111=2512101?", ScanRefusal::BankCard)]
fn refused(#[case] text: &str, #[case] refusal: ScanRefusal) {
    assert_eq!(told(text), Err(refusal));
}

#[test]
fn too_long() {
    assert_eq!(told(&"1".repeat(SCAN_CHARS_MAX + 1)), Err(ScanRefusal::TooLong));
    assert_eq!(told(&"1".repeat(SCAN_CHARS_MAX)).as_deref(), Ok(""));
}

#[test]
fn two_scans_at_once_are_two() {
    assert_eq!(scans("6901234567892\r\n\r\n6001\n"), ["6901234567892", "6001"]);
}

#[test]
fn a_weighed_code_tells_amount_and_goods() {
    let entered = route("2112345012506", &formats()).expect("readable");
    let weighed = Weighed { plu: 12345, amount: Some(Money::from_minor(1250)), weight: None };
    assert_eq!(entered, Entered { quantity: None, meanings: vec![Meaning::Weighed(weighed)] });
}

proptest! {
    #[test]
    fn a_pay_code_is_never_a_card(code in "(1[0-5][0-9]{16})|((2[5-9]|30)[0-9]{14,22})") {
        let entered = route(&code, &formats()).expect("readable");
        prop_assert!(entered.meanings.iter().any(|meaning| matches!(meaning, Meaning::PayCode(..))));
        let unfit = |meaning: &Meaning| matches!(meaning, Meaning::Card(_) | Meaning::PhoneEnd(_) | Meaning::Barcode(_));
        prop_assert!(!entered.meanings.iter().any(unfit));
    }

    #[test]
    fn every_receipt_is_found_by_its_qr(branch in 1u16..=9_999, till in 1u8..=99, counter in 1u32..=99_999) {
        let number = ReceiptNumber { branch, till, install: 1, day: BusinessDay(20261121), counter };
        let entered = route(&number.to_string(), &formats()).expect("readable");
        prop_assert_eq!(entered.meanings, vec![Meaning::Receipt(number)]);
    }

    #[test]
    fn no_text_breaks_the_box(text in ".{0,140}") {
        let _ = route(&text, &formats());
    }
}
