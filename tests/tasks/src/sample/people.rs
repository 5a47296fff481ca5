//! Members and staff of the sample chain. All invented; phone numbers are shaped like real ones and belong to nobody we know.

use std::collections::BTreeSet;

use super::seed::Seed;
use super::{Branch, MEMBERS, Table, yuan};

const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高", "罗", "郑", "梁",
    "谢", "宋", "唐", "许", "韩", "邓", "冯", "曹", "彭", "曾", "肖", "田", "董", "潘", "袁", "蔡", "欧阳", "上官",
];
const WOMEN: [&str; 30] = [
    "芳", "丽", "敏", "静", "秀英", "娟", "艳", "秀兰", "桂英", "霞", "婷婷", "雪梅", "晓燕", "佳怡", "雨桐", "欣怡", "梓涵", "思琪",
    "慧敏", "丽华", "玉珍", "春梅", "海燕", "冬梅", "美玲", "淑贞", "若曦", "诗涵", "嘉琪", "琳",
];
const MEN: [&str; 30] = [
    "伟", "强", "磊", "军", "勇", "杰", "涛", "明", "超", "建国", "志强", "海涛", "俊杰", "浩然", "子轩", "宇航", "文博", "建华", "国强",
    "永刚", "晓东", "志明", "家豪", "天宇", "嘉伟", "立新", "卫东", "鹏飞", "博文", "凯",
];
const PREFIXES: [&str; 14] = ["135", "136", "137", "138", "139", "150", "151", "158", "159", "177", "186", "187", "188", "198"];
const CARD_FIRST: usize = 6001;

/// Somebody who may sign in, as the demo prints it.
#[derive(Clone)]
pub struct SignIn {
    pub code: String,
    pub name: String,
    /// Empty: head office.
    pub branch: String,
    pub role: &'static str,
    pub pin: String,
}

/// A manager, three cashiers and a technician for each branch; two people at head office.
pub fn staff(branches: &[Branch]) -> Vec<SignIn> {
    let mut seed = Seed::new(88);
    let mut staff = Vec::new();
    for (at, branch) in branches.iter().enumerate() {
        for (number, role) in [(1, "manager"), (2, "cashier"), (3, "cashier"), (4, "cashier"), (9, "technician")] {
            staff.push(person(&mut seed, format!("{}", 1_000 + at * 10 + number), &branch.code, role));
        }
    }
    staff.extend(["9001", "9002"].map(|code| person(&mut seed, code.into(), "", "hq")));
    staff
}

fn person(seed: &mut Seed, code: String, branch: &str, role: &'static str) -> SignIn {
    let (name, _) = name(seed);
    SignIn { code, name, branch: branch.into(), role, pin: format!("{:06}", seed.between(100_000, 1_000_000)) }
}

pub fn staff_table(branches: &[Branch]) -> Table {
    let mut table = Table::new("staff.csv", &["code", "name", "branch", "roles", "pin"]);
    for person in staff(branches) {
        table.add([person.code, person.name, person.branch, person.role.into(), person.pin]);
    }
    table
}

pub fn members(branches: &[Branch], seed: &mut Seed) -> Table {
    let mut table =
        Table::new("members.csv", &["name", "phone", "birthday", "card", "home", "level", "value", "bonus", "points", "gender"]);
    let mut phones = BTreeSet::from(["13800138000".to_string()]);
    let home = branches.first().map(|branch| branch.code.clone()).unwrap_or_default();
    let first = ["王小明", "13800138000", "19880521", "6001", &home, "vip", "1000.00", "100.00", "12860", "male"];
    table.add(first.map(String::from));
    for at in 1..MEMBERS {
        let (name, gender) = name(seed);
        let phone = fresh_phone(seed, &mut phones);
        let card = if seed.percent(90) { (CARD_FIRST + at).to_string() } else { String::new() };
        let home = seed.of(branches).code.clone();
        let level = level(seed);
        let (value, bonus) = value(seed);
        let points = if seed.percent(70) { seed.between(0, 24_000).to_string() } else { String::new() };
        table.add([name, phone, birthday(seed), card, home, level.into(), value, bonus, points, gender.into()]);
    }
    table
}

fn name(seed: &mut Seed) -> (String, &'static str) {
    let (gender, given) = if seed.percent(58) { ("female", seed.of(&WOMEN)) } else { ("male", seed.of(&MEN)) };
    (format!("{}{given}", seed.of(&SURNAMES)), gender)
}

fn fresh_phone(seed: &mut Seed, phones: &mut BTreeSet<String>) -> String {
    loop {
        let phone = format!("{}{:08}", seed.of(&PREFIXES), seed.between(0, 100_000_000));
        if phones.insert(phone.clone()) {
            return phone;
        }
    }
}

/// Most say the whole date, some not the year, some nothing.
fn birthday(seed: &mut Seed) -> String {
    let (year, month, day) = (seed.between(1948, 2009), seed.between(1, 13), seed.between(1, 29));
    match seed.between(0, 100) {
        0..84 => format!("{year}{month:02}{day:02}"),
        84..94 => format!("0000{month:02}{day:02}"),
        _ => String::new(),
    }
}

fn level(seed: &mut Seed) -> &'static str {
    match seed.between(0, 100) {
        0..70 => "normal",
        70..90 => "senior",
        90..98 => "vip",
        _ => "supreme",
    }
}

/// What is left of a few top-ups with their gifts; principal stays below the cap of a registered card (¥5,000).
fn value(seed: &mut Seed) -> (String, String) {
    if !seed.percent(55) {
        return (String::new(), String::new());
    }
    let principal = seed.between(500, 480_000) as i64;
    let bonus = if seed.percent(75) { principal * seed.between(2, 14) as i64 / 100 } else { 0 };
    (yuan(principal), yuan(bonus))
}
