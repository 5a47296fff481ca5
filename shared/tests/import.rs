//! Goal: files come in line by line, bad lines come back with a reason, a second run changes nothing, and what came in is found as the tills
//! ask for it. Method: a hub's store with the whole registry; lines as they stand in files.
mod house;

use house::{House, TODAY, vault};
use rstest::rstest;
use shared::base::{BranchId, BusinessDay, DocumentId, MemberId, Money, ProductNo, Rate};
use shared::desk::import::{Done, File, FileRefused, Kind, Line};
use shared::desk::prove::{self, Who};
use shared::documents::{Fields, Scalar};
use shared::journal::{Refusal, Right};
use shared::reports::stock;
use shared::views::{Rows, Side};
use shared::{branches, catalog, members, settings, staff};

/// Feeds one file; answers what became of each line, reasons in words.
fn import(house: &mut House, kind: Kind, text: &str) -> Vec<Result<Done, String>> {
    let mut rows = text.trim().lines().map(|line| line.trim().split(',').map(str::to_owned).collect::<Vec<_>>());
    let columns = rows.next().expect("a header");
    let file = File::new(kind, columns, vault()).expect("known columns");
    let lines: Vec<Line> = rows.zip(2..).map(|(cells, number)| Line { number, cells }).collect();
    let moment = house.moment();
    let done = house.store.transaction(|writer| file.take_in(writer, &lines, &moment)).expect("no fault");
    done.into_iter().map(|done| done.map_err(|reason| reason.text())).collect()
}

const FILES: [(Kind, &str); 9] = [
    (Kind::Settings, "group,key,value\nvalue,tier:50000,2000\npoints,expiry_months,12\ntill,tender:wechat,1|微信支付|WeChat Pay|other"),
    (Kind::Branches, "code,name,name_en\n001,人民路店,Renmin Road\n002,中山店,Zhongshan"),
    (Kind::Categories, "code,name,parent\n01,食品,\n0101,水,01"),
    (Kind::Levels, "code,name,rank,discount_bp,points_factor_bp,threshold_minor\nnormal,普通,1,10000,10000,0\nvip,VIP,3,9500,12000,500000"),
    (
        Kind::Roles,
        "code,name,rights,max_line_discount_bp,max_bill_discount_bp,max_refund_minor\ncashier,收银员,sell discount_line return,9000,,20000",
    ),
    (Kind::Staff, "code,name,branch,roles,pin\n1001,李雷,001,cashier,246810\n9001,韩梅,,,"),
    (
        Kind::Products,
        "number,name,category,unit,price,member_price,barcodes,plu,weighed,cost\n1,农夫山泉矿泉水,0101,瓶,2.50,2.30,6921168509256,,0,1.20\n2,红富士苹果,0101,kg,25.80,,,12345,1,",
    ),
    (
        Kind::Members,
        "name,phone,birthday,card,home,level,value,bonus,points,gender\n王小明,13800138000,19880521,6001,001,vip,818.18,81.82,386,m\n张三,138 0013 8001,00000229,,002,,,,,女",
    ),
    (Kind::Stock, "branch,product,quantity\n001,1,24\n001,2,12.5\n002,1,0"),
];

fn everything(house: &mut House) -> Vec<Result<Done, String>> {
    FILES.iter().flat_map(|(kind, text)| import(house, *kind, text)).collect()
}

#[test]
fn what_came_in_is_found_as_the_tills_ask_for_it() {
    let mut house = House::hub("import-found");
    assert!(everything(&mut house).iter().all(|done| matches!(done, Ok(Done::Changed { .. }))));
    let db = &house.store;
    let water = catalog::find_by_code(db, "6921168509256").expect("read");
    assert_eq!(water.iter().map(|found| found.product.number).collect::<Vec<_>>(), [ProductNo(1)]);
    let price = |day| catalog::price(db, "main", ProductNo(1), BusinessDay(day)).expect("read").map(|p| (p.price, p.member_price));
    assert_eq!(price(TODAY), Some((Money::from_minor(250), Some(Money::from_minor(230)))));
    assert_eq!(price(TODAY - 1), None, "it has no price before it came");
    for text in ["矿泉", "kqs", "nfsq", "nongfu", "69211", "12345"] {
        assert_eq!(catalog::search(db, text, 12).expect("read").len(), 1, "{text}");
    }
    assert_eq!(catalog::in_category(db, "01", 0, 10).expect("read").0, 2);
    let lei = staff::by_code(db, "1001").expect("read").expect("there");
    let rights = staff::rights(db, lei.id).expect("read");
    assert_eq!(rights.rights, [Right::Sell, Right::DiscountLine, Right::Return]);
    assert_eq!((rights.limits.line_discount, rights.limits.bill_discount), (Rate::from_bp(9_000), Rate::WHOLE));
    assert_eq!(rights.limits.refund, Some(Money::from_minor(20_000)));
    assert_eq!(prove::is_set_to(db, &vault(), Who::Staff(lei.id), "246810"), Ok(true));
    assert_eq!(settings::value(db).expect("read").tiers.get(&50_000), Some(&2_000));
    assert_eq!(branches::branches(db).expect("read").len(), 2);
    for (text, why) in
        [("8000", members::Why::Phone), ("6001", members::Why::Card), ("wxm", members::Why::Pinyin), ("王小", members::Why::Name)]
    {
        let hits = members::search(db, text, None, 12).expect("read");
        assert_eq!(hits.iter().map(|hit| (hit.member.name.as_str(), hit.why)).collect::<Vec<_>>(), [("王小明", why)], "{text}");
    }
    let lies = |branch: &str, product| {
        let branch = branches::by_code(db, branch).expect("read").expect("there");
        stock::at_branch(db, branch.id, ProductNo(product)).expect("read")
    };
    assert_eq!([lies("001", 1), lies("001", 2), lies("002", 1), lies("002", 2)], [24_000, 12_500, 0, 0]);
    let wang = members::by_card(db, "6001").expect("read")[0];
    assert_eq!(members::level(db, wang).expect("read").expect("a level").code, "vip");
    let purse = members::purse(db, wang, house::HUB, BusinessDay(TODAY)).expect("read");
    assert_eq!((purse.principal.minor(), purse.bonus.minor(), purse.points), (81_818, 8_182, 386));
}

#[test]
fn a_second_run_changes_nothing() {
    let mut house = House::hub("import-twice");
    everything(&mut house);
    let entries = |house: &House| shared::journal::Read::number(&house.store, "select count(*) from entry", &[]).expect("read");
    let before = entries(&house);
    let second = everything(&mut house);
    assert!(second.iter().all(|done| *done == Ok(Done::Unchanged)), "{second:?}");
    assert_eq!(entries(&house), before);
    assert_eq!(house.store.rebuild().expect("rebuilt").differing, []);
}

#[test]
fn bad_lines_come_back_with_their_reason() {
    let mut house = House::hub("import-bad");
    everything(&mut house);
    let goods = "number,name,category,unit,price,barcodes\n3,糖,0101,袋,3.505,\n4,盐,0199,袋,3.50,\n5,醋,0101,瓶,5.00,6921168509257\n6,油,0101,瓶,9.90,6921168509256\n,茶,0101,盒,8,\n7,米,0101,袋,30,";
    let reasons = [
        Err("price: 不是金额 (元, 最多两位小数) / is no amount (yuan, at most two places)".to_owned()),
        Err("category: 不存在 / is not there".to_owned()),
        Err("barcodes: 条码校验位不对 / has a wrong check digit".to_owned()),
        Err("barcodes: 已被使用 / is taken by another".to_owned()),
        Err("number: 没有填写 / is missing".to_owned()),
        Ok(Done::Changed { prices: 1 }),
    ];
    assert_eq!(import(&mut house, Kind::Products, goods), reasons);
    let people = "name,phone,card,level,value\n无名,,,,\n赵四,12,,,\n钱五,13800138000,,gold,\n孙六,13800138000,7001,,\n王小明,13800138000,6001,vip,900";
    let reasons = [
        "手机号和卡号至少填一个 / needs a phone or a card",
        "phone: 格式不对 / is malformed",
        "level: 不存在 / is not there",
        "phone: 已被使用 / is taken by another",
        "value: 期初已按其他数目入账 / was booked before with another amount",
    ];
    assert_eq!(import(&mut house, Kind::Members, people), reasons.map(|reason| Err(reason.to_owned())));
    let unknown = import(&mut house, Kind::Roles, "code,name,rights\nboss,老板,sell fly");
    assert_eq!(unknown, [Err("rights: 不认识 / is not known".to_owned())]);
    let shelves = "branch,product,quantity\n001,1,25\n009,1,5\n001,99,5\n001,,5\n001,2,-1\n002,2,1.2345\n002,2,";
    let reasons = [
        "quantity: 期初已按其他数目入账 / was booked before with another amount",
        "branch: 不存在 / is not there",
        "product: 不存在 / is not there",
        "product: 没有填写 / is missing",
        "quantity: 期初已按其他数目入账 / was booked before with another amount",
        "quantity: 不是数量 (最多三位小数) / is no quantity (at most three places)",
        "quantity: 没有填写 / is missing",
    ];
    assert_eq!(import(&mut house, Kind::Stock, shelves), reasons.map(|reason| Err(reason.to_owned())));
    let negative = import(&mut house, Kind::Stock, "branch,product,quantity\n002,2,-1");
    assert_eq!(negative, [Err("quantity: 不能为负 / may not be negative".to_owned())]);
    let wrong_group = import(&mut house, Kind::Settings, "group,key,value\ntill,per_minor,100\nmoon,a,b\nvalue,proof,dna");
    let reasons =
        ["key: 不认识 / is not known", "group: 不认识 / is not known", "value: 不在允许的取值内 / is none of the words it may be"];
    assert_eq!(wrong_group, reasons.map(|reason| Err(reason.to_owned())));
}

#[rstest]
#[case::named("discount_line return", "9000,9500,10000", (9_000, 10_000, Some(10_000)))]
#[case::nothing_given("discount_line discount_bill return", ",,", (0, 0, None))]
#[case::nought_is_nought("discount_line return", "10000,10000,0", (10_000, 10_000, Some(0)))]
#[case::without_the_right("sell", ",,", (10_000, 10_000, Some(0)))]
fn an_empty_limit_of_a_role_is_none_where_it_has_the_right(
    #[case] rights: &str,
    #[case] limits: &str,
    #[case] wanted: (u32, u32, Option<i64>),
) {
    let mut house = House::hub(&format!("import-limits-{}-{}", rights.len(), limits.len()));
    let role = format!("code,name,rights,max_line_discount_bp,max_bill_discount_bp,max_refund_minor\nr,角色,{rights},{limits}");
    assert_eq!(import(&mut house, Kind::Roles, &role), [Ok(Done::Changed { prices: 0 })]);
    assert_eq!(import(&mut house, Kind::Staff, "code,name,roles\n1,李雷,r"), [Ok(Done::Changed { prices: 0 })]);
    let lei = staff::by_code(&house.store, "1").expect("read").expect("there").id;
    let limits = staff::rights(&house.store, lei).expect("read").limits;
    assert_eq!((limits.line_discount.bp(), limits.bill_discount.bp(), limits.refund.map(Money::minor)), wanted);
}

#[test]
fn a_file_with_other_columns_is_refused_whole() {
    let refused = |columns: &[&str]| File::new(Kind::Branches, columns.iter().map(|c| (*c).to_owned()).collect(), vault()).err();
    assert_eq!(refused(&["code", "name", "colour"]), Some(FileRefused::UnknownColumn("colour".into())));
    assert_eq!(refused(&["code"]), Some(FileRefused::MissingColumn("name".into())));
    assert_eq!(refused(&["code", "name", "code"]), Some(FileRefused::ColumnTwice("code".into())));
    assert_eq!(refused(&["name", "code"]), None);
}

#[test]
fn five_wrong_pins_lock_also_over_a_restart_and_a_new_pin_unlocks() {
    let mut house = House::hub("import-pins");
    everything(&mut house);
    let lei = staff::by_code(&house.store, "1001").expect("read").expect("there").id;
    let key = |house: &mut House, pin: &str| {
        let compared = prove::compared(&house.store, &vault(), Who::Staff(lei), pin).expect("read").expect("a PIN is set");
        house.store.transaction(|writer| prove::counted(writer, compared)).expect("no fault")
    };
    for left in (0..5).rev() {
        assert_eq!(key(&mut house, "000000"), Err(Refusal::WrongPin { tries_left: left }));
    }
    assert_eq!(key(&mut house, "246810"), Err(Refusal::PinLocked { code: "1001".into() }), "even the right one");
    assert_eq!(prove::locked(&house.store, Who::Staff(lei)), Ok(true));
    let sealed = prove::sealed(&vault(), Who::Staff(lei), "135791", [3; 40]);
    house.decide(&staff::set_pin::SetPin { staff: lei, sealed }).expect("HQ may");
    assert_eq!(key(&mut house, "135791"), Ok(()));
}

fn member(name: &str, phone: &str, home: u8) -> Fields {
    let home = members::member::home_field(BranchId([home; 16]));
    [("name", name), ("phone", phone), ("home", &home)].map(|(key, text)| (key.to_owned(), Scalar::Text(text.into()))).into()
}

/// Three hundred of another branch come first by their letters; who is at home here is found before them all the same.
#[rstest]
#[case::name("王", members::Why::Name)]
#[case::initials("w", members::Why::Pinyin)]
#[case::pinyin("wang", members::Why::Pinyin)]
#[case::phone_end("8000", members::Why::Phone)]
fn who_is_at_home_here_is_not_lost_behind_the_many(#[case] wanted: &str, #[case] why: members::Why) {
    let mut house = House::edge(&format!("at_home_{wanted}"));
    let written = house.store.transaction(|writer| {
        let mut rows = Rows::new(Side::Edge);
        for n in 0..300_u16 {
            let mut id = [1; 16];
            id[..2].copy_from_slice(&n.to_be_bytes());
            members::member::project(DocumentId(id), &member("王安", &format!("1350{n:03}8000"), 0xC0), &mut rows);
        }
        members::member::project(DocumentId([9; 16]), &member("王最后", "13999998000", 0xB0), &mut rows);
        writer.put(rows)
    });
    written.expect("rows");
    let hits = members::search(&house.store, wanted, Some(BranchId([0xB0; 16])), 12).expect("read");
    assert_eq!(hits.len(), 12, "and others after");
    assert_eq!((hits[0].member.id, hits[0].why), (MemberId([9; 16]), why));
    assert!(hits[1..].iter().all(|hit| hit.member.id != MemberId([9; 16])), "once");
}
