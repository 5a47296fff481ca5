//! Settings, branches, levels and roles of the sample chain. The house rules are those of `docs/glossary.md`.

use super::{Branch, Table};

const NAMES: [(&str, &str, &str); 10] = [
    ("人民路店", "Renmin Road", "人民路 128 号"),
    ("中山店", "Zhongshan", "中山北路 66 号"),
    ("鼓楼店", "Drum Tower", "鼓楼大街 9 号"),
    ("江汉路店", "Jianghan Road", "江汉路 210 号"),
    ("五一广场店", "Wuyi Square", "五一大道 389 号"),
    ("春熙店", "Chunxi", "春熙路北段 17 号"),
    ("武林店", "Wulin", "武林路 301 号"),
    ("大雁塔店", "Dayan Pagoda", "雁塔南路 88 号"),
    ("观前街店", "Guanqian Street", "观前街 45 号"),
    ("解放碑店", "Jiefangbei", "民权路 23 号"),
];

/// The `at`-th branch, from 0.
pub fn branch(at: usize) -> Branch {
    let code = format!("{:03}", at + 1);
    match NAMES.get(at) {
        Some((name, name_en, _)) => Branch { code, name: (*name).into(), name_en: (*name_en).into() },
        None => Branch { name: format!("第{}门店", at + 1), name_en: format!("Branch {}", at + 1), code },
    }
}

pub fn branches(branches: &[Branch]) -> Table {
    let mut table =
        Table::new("branches.csv", &["code", "name", "name_en", "address", "phone", "zone_minutes", "cutoff_minutes", "price_list"]);
    for (at, branch) in branches.iter().enumerate() {
        let address = NAMES.get(at).map_or_else(|| format!("新街 {} 号", at + 1), |(_, _, address)| (*address).into());
        let phone = format!("0571-8800{:04}", 1_001 + at);
        table.add([
            branch.code.clone(),
            branch.name.clone(),
            branch.name_en.clone(),
            address,
            phone,
            "480".into(),
            "240".into(),
            "main".into(),
        ]);
    }
    table
}

pub fn settings() -> Table {
    let mut table = Table::new("settings.csv", &["group", "key", "value"]);
    for (group, key, value) in [
        ("till", "rounding", "jiao"),
        ("till", "lock_minutes", "10"),
        ("till", "slip_signature", "1"),
        ("till", "tender:wechat", "1|微信支付|WeChat Pay|other"),
        ("till", "tender:alipay", "2|支付宝|Alipay|other"),
        ("till", "tender:bank", "3|银行卡|Bank card|other"),
        ("value", "tier:50000", "2000"),
        ("value", "tier:100000", "10000"),
        ("value", "tier:300000", "40000"),
        ("value", "split", "proportional"),
        ("value", "proof", "signature"),
        ("value", "free_below_minor", "10000"),
        ("value", "cap_registered_minor", "500000"),
        ("points", "per_minor", "100"),
        ("points", "pending_days", "7"),
        ("points", "expiry_months", "12"),
        ("codes", "prefix:20", "weight"),
        ("codes", "prefix:21", "amount"),
    ] {
        table.add([group, key, value].map(String::from));
    }
    table
}

pub fn levels() -> Table {
    let mut table = Table::new("levels.csv", &["code", "name", "name_en", "rank", "discount_bp", "points_factor_bp", "threshold_minor"]);
    for row in [
        ["normal", "普通会员", "Member", "1", "10000", "10000", "0"],
        ["senior", "高级会员", "Senior", "2", "9800", "10000", "100000"],
        ["vip", "VIP", "VIP", "3", "9500", "12000", "500000"],
        ["supreme", "至尊VIP", "Supreme VIP", "4", "9000", "15000", "2000000"],
    ] {
        table.add(row.map(String::from));
    }
    table
}

const CASHIER: &str = "sell discount_line discount_bill open_item void_bill remove_line hold return reprint shift enrol top_up";
const MANAGER: &str =
    "return_without correct points price_override free_item open_drawer day_end cash_move withdraw see_takings see_phones set_clock allow";
const HEAD_OFFICE: &str = "see_takings see_phones members catalogue prices staff settings exceptions conflicts devices branches import";

pub fn roles() -> Table {
    let columns = ["code", "name", "name_en", "rights", "max_line_discount_bp", "max_bill_discount_bp", "max_refund_minor"];
    let mut table = Table::new("roles.csv", &columns);
    let rows = [
        ("cashier", "收银员", "Cashier", CASHIER.to_string(), ["9000", "9000", "20000"]),
        ("manager", "店长", "Store manager", format!("{CASHIER} {MANAGER}"), ["5000", "5000", "1000000"]),
        ("technician", "技术员", "Technician", "technician set_clock".into(), ["", "", ""]),
        ("hq", "总部经理", "HQ manager", HEAD_OFFICE.into(), ["", "", ""]),
    ];
    for (code, name, name_en, rights, [line, bill, refund]) in rows {
        table.add([code.into(), name.into(), name_en.into(), rights, line.into(), bill.into(), refund.into()]);
    }
    table
}
