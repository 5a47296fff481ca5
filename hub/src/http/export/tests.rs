//! Cells in their types, and a written file read back by another hand.
use super::sheet::{Head, Sheet, Written, bytes};
use super::*;
use calamine::{Data, Reader, Xlsx};
use rstest::rstest;
use serde_json::json;
use shared::reports::report::Form::{Count, Day, Money, Quantity, Time};
use std::io::Cursor;

const YES: &[lists::Said] = &[("true", "是", "yes"), ("false", "", "")];

#[rstest]
#[case(json!(-1250), As::Number(Money), Written::Number(-1250, Money))]
#[case(json!(0), As::Sum(Money), Written::Number(0, Money))]
#[case(json!(0), As::Number(Time), Written::Empty)]
#[case(json!(null), As::Number(Money), Written::Empty)]
#[case(json!("=HYPERLINK(1)"), As::Text, Written::Text("=HYPERLINK(1)".into()))]
#[case(json!([{"name": "王小明"}, {"name": "@李"}]), As::Many, Written::Text("王小明 @李".into()))]
#[case(json!(["6001", "6002"]), As::Many, Written::Text("6001 6002".into()))]
#[case(json!({"name": "中山店", "name_en": "Zhongshan"}), As::Name, Written::Text("中山店".into()))]
#[case(json!("other"), As::Word(YES), Written::Text("other".into()))]
#[case(json!(true), As::Word(YES), Written::Text("是".into()))]
#[case(json!(false), As::Word(YES), Written::Empty)]
fn cells(#[case] value: Value, #[case] how: As, #[case] wanted: Written) {
    assert_eq!(cell(&value, how, Language::Zh), wanted);
}

#[rstest]
#[case(json!({"name": "中山店", "name_en": "Zhongshan"}), As::Name, "Zhongshan")]
#[case(json!({"name": "王小明", "name_en": ""}), As::Name, "王小明")]
#[case(json!(true), As::Word(YES), "yes")]
fn cells_in_english(#[case] value: Value, #[case] how: As, #[case] wanted: &str) {
    assert_eq!(cell(&value, how, Language::En), Written::Text(wanted.into()));
}

#[test]
fn another_reader_finds_types_sums_and_filters() {
    let heads = ["店", "应收", "件数", "积分", "营业日", "时间"].map(|title| Head { title: title.into(), total: title == "应收" });
    let row = |due: i64| {
        vec![
            Written::Text("=1+1".into()),
            Written::Number(due, Money),
            Written::Number(1_500, Quantity),
            Written::Number(386, Count),
            Written::Number(20_261_121, Day),
            // 2026-11-21 14:00 in China.
            Written::Number(1_795_240_800_000, Time),
        ]
    };
    let sheet = Sheet {
        title: "样板连锁 · 销售明细".into(),
        stated: vec![("营业日".into(), "2026-11-21".into()), ("导出".into(), "我".into())],
        heads: heads.to_vec(),
        rows: vec![row(34_060), row(-6_629)],
        total: "合计".into(),
    };
    let bytes = bytes(&sheet).expect("a file");
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let name = book.sheet_names().first().expect("a sheet").clone();
    let page = book.worksheet_range(&name).expect("cells");
    let at = |row, column| page.get_value((row, column)).cloned().unwrap_or_default();
    let number = |cell: Data| match cell {
        Data::Float(number) => number,
        Data::DateTime(at) => at.as_f64(),
        other => panic!("{other:?} is no number"),
    };
    assert_eq!(at(0, 0), Data::String("样板连锁 · 销售明细".into()));
    assert_eq!((at(1, 0), at(1, 1)), (Data::String("营业日".into()), Data::String("2026-11-21".into())));
    assert_eq!(at(4, 1), Data::String("应收".into()));
    assert_eq!(at(5, 0), Data::String("=1+1".into()), "a text and no formula");
    assert_eq!((number(at(5, 1)), number(at(6, 1))), (340.6, -66.29));
    assert_eq!((number(at(5, 2)), number(at(5, 3))), (1.5, 386.0));
    // 46 347 days after 1899-12-30 is 2026-11-21.
    assert!(matches!(at(5, 4), Data::DateTime(_)) && matches!(at(5, 5), Data::DateTime(_)));
    assert_eq!(number(at(5, 4)), 46_347.0);
    assert!((number(at(5, 5)) - 46_347.0 - 14.0 / 24.0).abs() < 1e-9);
    assert_eq!(at(7, 0), Data::String("合计".into()));
    assert_eq!(number(at(7, 1)), 274.31);
    let formula = book.worksheet_formula(&name).expect("formulas");
    assert_eq!(formula.get_value((7, 1)).map(String::as_str), Some("SUBTOTAL(109,B6:B7)"));
}
