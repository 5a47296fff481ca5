//! The kinds of document: who may write what, what is refused, and that a struct comes back from its fields.

use rstest::rstest;
use shared::documents::{
    Fields, Flaw, Kind, Scalar, Side, allowed,
    automerge::{
        gate::admit,
        merge::Document,
        rejected::{OperationFault, Rejected},
    },
    branch::Branch,
    category::Category,
    difference,
    level::Level,
    member::Member,
    product::{self, Product},
    role::Role,
    settings::{CodeSettings, Group, PointsSettings, Tender, TillSettings, ValueSettings},
    staff::Staff,
};
use std::collections::{BTreeMap, BTreeSet};

fn text(text: &str) -> Scalar {
    Scalar::Text(text.to_owned())
}

fn actor(number: u8) -> [u8; 16] {
    [number; 16]
}

const YES: Scalar = Scalar::Bool(true);
const NO: Scalar = Scalar::Bool(false);

#[rstest]
#[case::name(Kind::Member, Side::Branch, "name", Some(text("张三")), true)]
#[case::forty(Kind::Member, Side::Branch, "name", Some(text(&"三".repeat(40))), true)]
#[case::forty_one(Kind::Member, Side::Branch, "name", Some(text(&"三".repeat(41))), false)]
#[case::two_lines(Kind::Member, Side::Branch, "name", Some(text("a\nb")), false)]
#[case::name_as_number(Kind::Member, Side::Branch, "name", Some(Scalar::Int(1)), false)]
#[case::phone(Kind::Member, Side::Branch, "phone", Some(text("13800138000")), true)]
#[case::phone_abroad(Kind::Member, Side::Branch, "phone", Some(text("+8613800138000")), true)]
#[case::phone_letters(Kind::Member, Side::Branch, "phone", Some(text("138-0013")), false)]
#[case::card(Kind::Member, Side::Branch, "card:6001", Some(YES), true)]
#[case::card_unsaid(Kind::Member, Side::Branch, "card:6001", Some(NO), false)]
#[case::card_removed(Kind::Member, Side::Branch, "card:6001", None, true)]
#[case::card_empty(Kind::Member, Side::Branch, "card:", Some(YES), false)]
#[case::level_is_a_fact(Kind::Member, Side::Hq, "level", Some(text("gold")), false)]
#[case::unknown_removed(Kind::Member, Side::Hq, "level", None, false)]
#[case::birthday(Kind::Member, Side::Branch, "birthday", Some(Scalar::Int(20_000_229)), true)]
#[case::no_such_day(Kind::Member, Side::Branch, "birthday", Some(Scalar::Int(19_000_229)), false)]
#[case::without_year(Kind::Member, Side::Branch, "birthday", Some(Scalar::Int(229)), true)]
#[case::zero(Kind::Member, Side::Branch, "birthday", Some(Scalar::Int(0)), false)]
#[case::gender(Kind::Member, Side::Branch, "gender", Some(text("dog")), false)]
#[case::home(Kind::Member, Side::Branch, "home", Some(text("0123456789abcdef0123456789abcdef")), true)]
#[case::price_by_hq(Kind::Product, Side::Hq, "price:std:20260101", Some(Scalar::Int(1_990)), true)]
#[case::price_by_branch(Kind::Product, Side::Branch, "price:std:20260101", Some(Scalar::Int(1_990)), false)]
#[case::price_below_zero(Kind::Product, Side::Hq, "price:std:20260101", Some(Scalar::Int(-1)), false)]
#[case::price_no_day(Kind::Product, Side::Hq, "price:std:20261301", Some(Scalar::Int(1)), false)]
#[case::price_signed_day(Kind::Product, Side::Hq, "price:std:+2026101", Some(Scalar::Int(1)), false)]
#[case::price_no_list(Kind::Product, Side::Hq, "price::20260101", Some(Scalar::Int(1)), false)]
#[case::ean(Kind::Product, Side::Hq, "barcode:6901234567892", Some(YES), true)]
#[case::ean_check_digit(Kind::Product, Side::Hq, "barcode:6901234567890", Some(YES), false)]
#[case::ean_8(Kind::Product, Side::Hq, "barcode:96385074", Some(YES), true)]
#[case::own_code(Kind::Product, Side::Hq, "barcode:A17", Some(YES), true)]
#[case::number_zero(Kind::Product, Side::Hq, "number", Some(Scalar::Int(0)), false)]
#[case::right(Kind::Role, Side::Hq, "right:open_drawer", Some(YES), true)]
#[case::right_by_branch(Kind::Role, Side::Branch, "right:open_drawer", Some(YES), false)]
#[case::discount(Kind::Role, Side::Hq, "max_line_discount_bp", Some(Scalar::Int(10_001)), false)]
#[case::staff_role_is_a_fact(Kind::Staff, Side::Hq, "role", Some(text("cashier")), false)]
#[case::rounding(Kind::Settings, Side::Hq, "rounding", Some(text("jiao_half")), true)]
#[case::rounding_word(Kind::Settings, Side::Hq, "rounding", Some(text("up")), false)]
#[case::tender(Kind::Settings, Side::Hq, "tender:wechat", Some(text("1|微信支付|WeChat Pay|other")), true)]
#[case::tender_form(Kind::Settings, Side::Hq, "tender:wechat", Some(text("微信支付")), false)]
#[case::tier(Kind::Settings, Side::Hq, "tier:10000", Some(Scalar::Int(1_000)), true)]
#[case::tier_leading_zero(Kind::Settings, Side::Hq, "tier:010000", Some(Scalar::Int(1_000)), false)]
#[case::commission(Kind::Settings, Side::Hq, "commission:category.01@20261101", Some(Scalar::Int(300)), true)]
#[case::commission_form(Kind::Settings, Side::Hq, "commission:01@20261101", Some(Scalar::Int(300)), false)]
#[case::zone(Kind::Branch, Side::Hq, "zone_minutes", Some(Scalar::Int(10_000)), false)]
#[case::landline(Kind::Branch, Side::Hq, "phone", Some(text("0571-88886666")), true)]
#[case::category(Kind::Category, Side::Hq, "code", Some(text("010")), false)]
#[case::level(Kind::Level, Side::Hq, "discount_bp", Some(Scalar::Int(9_500)), true)]
fn who_may_write_what(#[case] kind: Kind, #[case] side: Side, #[case] key: &str, #[case] value: Option<Scalar>, #[case] may: bool) {
    assert_eq!(allowed(kind, side, key, value.as_ref()), may);
}

#[test]
fn kinds_keep_their_numbers() {
    assert_eq!(Kind::ALL.map(Kind::number), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(Kind::ALL.map(|kind| Kind::from_number(kind.number())), Kind::ALL.map(Some));
    assert_eq!(Kind::from_number(11), None);
    let ids = Group::ALL.map(Group::id);
    assert_eq!(BTreeSet::from(ids).len(), Group::ALL.len());
    assert_eq!(ids[0][..4], [26, 113, 145, 132]);
}

fn set(of: &[&str]) -> BTreeSet<String> {
    of.iter().map(|one| (*one).to_owned()).collect()
}

fn a_product() -> Product {
    Product {
        number: 17,
        name: "农夫山泉 550ml".to_owned(),
        category: "010203".to_owned(),
        unit: "瓶".to_owned(),
        barcodes: set(&["6901234567892", "A17"]),
        cost_minor: Some(110),
        prices: BTreeMap::from([(("std".to_owned(), 20_260_101), 200), (("std".to_owned(), 20_260_301), 250)]),
        member_prices: BTreeMap::from([(("std".to_owned(), 20_260_101), 180)]),
        retired: true,
        ..Product::default()
    }
}

fn a_member() -> Member {
    Member {
        name: "张三".to_owned(),
        phone: "13800138000".to_owned(),
        birthday: Some(1224),
        cards: set(&["6001", "6002"]),
        note: "对花生过敏".to_owned(),
        home: "0123456789abcdef0123456789abcdef".to_owned(),
        gender: "female".to_owned(),
    }
}

/// Every struct is what its fields say, is valid, and ignores keys of a later version.
#[test]
fn structs_come_back_from_their_fields() {
    macro_rules! comes_back {
        ($($kind:ident = $value:expr),+ $(,)?) => {$(
            let mut fields = $value.to_fields();
            assert_eq!($value.validate(), []);
            fields.insert("of_a_later_version".to_owned(), YES);
            assert_eq!($kind::from_fields(&fields), $value);
        )+};
    }
    let tender = Tender { order: 1, name: "微信支付".to_owned(), name_en: "WeChat Pay".to_owned(), kind: "other".to_owned() };
    comes_back! {
        Product = a_product(),
        Member = a_member(),
        Branch = Branch { code: "B01".into(), name: "人民路店".into(), phone: "0571-88886666".into(), zone_minutes: 420, ..Branch::default() },
        Category = Category { code: "0102".into(), name: "饮料".into(), parent: "01".into(), ..Category::default() },
        Level = Level { code: "gold".into(), name: "金卡".into(), rank: 2, discount_bp: 9_500, ..Level::default() },
        Role = Role { code: "cashier".into(), name: "收银员".into(), rights: set(&["sell", "top_up"]), ..Role::default() },
        Staff = Staff { code: "1001".into(), name: "李四".into(), branch: "0123456789abcdef0123456789abcdef".into() },
        TillSettings = TillSettings { rounding: "jiao".into(), tenders: BTreeMap::from([("wechat".into(), tender.clone())]), ..TillSettings::default() },
        ValueSettings = ValueSettings { tiers: BTreeMap::from([(10_000, 1_000)]), cap_registered_minor: Some(500_000), ..ValueSettings::default() },
        PointsSettings = PointsSettings { per_minor: 100, pending_days: 7, expiry_months: 12, money_bp: 2_000, ..PointsSettings::default() },
        CodeSettings = CodeSettings { prefixes: BTreeMap::from([("21".into(), "amount".into()), ("22".into(), "weight".into())]) },
    }
}

/// A line of an import is told everything that is wrong with it at once.
#[test]
fn an_invalid_struct_names_each_fault() {
    let product = Product { number: 0, barcodes: set(&["6901234567890"]), ..Product::default() };
    let faults: Vec<_> = product.validate().into_iter().map(|invalid| (invalid.key, invalid.flaw)).collect();
    let range = Flaw::Range { least: 1, most: i64::from(u32::MAX) };
    let expected = [("name", Flaw::Missing), ("barcode:6901234567890", Flaw::CheckDigit), ("number", range)];
    assert_eq!(faults, expected.map(|(key, flaw)| (key.to_owned(), flaw)));
    let stray = Category { code: "0102".into(), name: "饮料".into(), parent: "02".into(), ..Category::default() };
    assert_eq!(stray.validate(), [Flaw::Mismatch { other: "code" }.of("parent")]);
}

#[rstest]
#[case(20_251_231, None, None)]
#[case(20_260_101, Some(200), Some(180))]
#[case(20_260_228, Some(200), Some(180))]
#[case(20_260_301, Some(250), Some(180))]
fn a_price_holds_from_its_day_on(#[case] day: i64, #[case] price: Option<i64>, #[case] member_price: Option<i64>) {
    let product = a_product();
    assert_eq!((product.price("std", day), product.member_price("std", day)), (price, member_price));
    assert_eq!(product.price("other", day), None);
    assert!(allowed(Kind::Product, Side::Hq, &product::price_key("std", 20_260_301), Some(&Scalar::Int(1))));
    assert!(allowed(Kind::Product, Side::Hq, &product::member_price_key("std", 20_260_301), Some(&Scalar::Int(1))));
}

/// A till edits a member through the gate; what a branch may not write, the gate refuses, and nothing has changed.
#[test]
fn the_gate_asks_the_kind() {
    let branch = actor(1);
    let may = |key: &str, value: Option<&Scalar>| allowed(Kind::Member, Side::Branch, key, value);
    let mut document = Document::new();
    let (old, mut new) = (a_member(), a_member());
    let enrolled = document.changed(branch, 1, &old.to_fields(), &[]).expect("a new member is a change");
    admit(&mut document, &enrolled, &branch, &may).expect("a branch may enrol a member");
    new.phone = String::new();
    new.cards = set(&["6002", "6003"]);
    let (touched, removed) = difference(&old.to_fields(), &new.to_fields());
    assert_eq!((&touched, removed.len()), (&Fields::from([("card:6003".to_owned(), YES)]), 2));
    let edited = document.changed(branch, 2, &touched, &removed).expect("a change");
    admit(&mut document, &edited, &branch, &may).expect("a branch may edit a member");
    assert_eq!(Member::from_fields(&document.fields()), new);

    let before = document.heads();
    for (key, value) in [("level", text("gold")), ("phone", text("none"))] {
        let bad = document.changed(branch, 3, &Fields::from([(key.to_owned(), value)]), &[]).expect("a change");
        assert_eq!(admit(&mut document, &bad, &branch, &may), Err(Rejected::NotAllowed { key: key.to_owned() }));
    }
    let long = Fields::from([("note".to_owned(), text(&"长".repeat(2_000)))]);
    let bad = document.changed(branch, 3, &long, &[]).expect("a change");
    assert_eq!(admit(&mut document, &bad, &branch, &may), Err(Rejected::Operation { at: 0, why: OperationFault::Text }));
    assert_eq!(admit(&mut document, &edited, &actor(2), &may), Err(Rejected::WrongActor { actor: branch }));
    assert_eq!((document.heads(), Member::from_fields(&document.fields())), (before, new));
}
