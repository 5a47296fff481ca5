//! The lists of the pages as files: what stands in which column, in both languages.
use shared::reports::report::Form;

/// How a cell is written.
#[derive(Clone, Copy)]
pub enum As {
    Text,
    Number(Form),
    /// A number whose sum means something.
    Sum(Form),
    /// The name of a thing.
    Name,
    /// The names or codes of a list.
    Many,
    /// A code that people have a word for.
    Word(&'static [Said]),
}

/// Something in Chinese and in English; of a word, what it is the word for comes first.
pub type Said = (&'static str, &'static str, &'static str);

/// Header in Chinese and English, where the cell stands in a row, how it is written.
pub type Column = (&'static str, &'static str, &'static str, As);

/// A list that is exported.
pub struct List {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// It holds phones: who takes it away says why, and that is noted.
    pub personal: bool,
    pub columns: &'static [Column],
}

use As::{Many, Name, Number, Sum, Text, Word};
use Form::{Count, Day, Money, Quantity, Time};

/// What a filter is called; what comes first is its name in an address.
pub const FILTERS: &[Said] = &[
    ("day", "营业日", "Business day"),
    ("from", "从", "From"),
    ("until", "到", "Until"),
    ("branch", "门店", "Branch"),
    ("member", "会员", "Member"),
    ("staff", "员工", "Person"),
    ("text", "查找", "Search"),
    ("category", "分类", "Category"),
    ("open", "只看未结案", "Open only"),
    ("kind", "类型", "Kind"),
    ("days", "天数", "Days"),
    ("level", "等级", "Level"),
    ("home", "开卡门店", "Home branch"),
    ("gender", "性别", "Gender"),
    ("value_from", "储值从（分）", "Stored value from (fen)"),
    ("value_until", "储值到（分）", "Stored value to (fen)"),
    ("points_from", "积分从", "Points from"),
    ("spent_from", "一年消费从（分）", "Spent in a year from (fen)"),
    ("seen_within", "几天内来过", "Here within days"),
    ("unseen_for", "几天没来", "Not here for days"),
    ("birthday_within", "几天内生日", "Birthday within days"),
];

const YES: &[Said] = &[("true", "是", "yes"), ("false", "", "")];
const SLIPS: &[Said] = &[("sale", "销售", "Sale"), ("return", "退货", "Return"), ("top_up", "充值", "Top-up")];
const LINKS: &[Said] = &[("up", "实时", "Live"), ("down", "断开", "Cut off"), ("never", "还没接入", "Never linked")];
const HIDDEN: &[Said] = &[("private", "对方不显号", "Number withheld"), ("out_of_area", "无法显号", "Out of area")];
const CLAIMED: &[Said] = &[("phone", "手机号", "Phone"), ("card", "卡号", "Card"), ("name", "姓名和生日", "Name and birthday")];
const PROGRESS: &[Said] = &[("open", "待处理", "Open"), ("owned", "处理中", "In hand"), ("closed", "已结案", "Closed")];

const CHANNELS: &[Said] = &[("sms", "短信", "SMS"), ("webhook", "其他渠道", "Other channel")];

pub const MESSAGES: List = List {
    name: "messages",
    zh: "消息",
    en: "Messages",
    personal: false,
    columns: &[
        ("时间", "Time", "at_ms", Number(Time)),
        ("模板", "Template", "template", Text),
        ("方式", "Channel", "channel", Word(CHANNELS)),
        ("发送人", "Sent by", "by", Text),
        ("内容", "Text", "text", Text),
        ("人数", "Members", "members", Sum(Count)),
        ("已发", "Sent", "sent", Sum(Count)),
        ("被拒", "Refused", "refused", Sum(Count)),
        ("不再发", "Not sent any more", "dropped", Sum(Count)),
        ("未完成", "Not ended", "open", Sum(Count)),
        ("条数", "Parts", "parts", Sum(Count)),
    ],
};

pub const SALES: List = List {
    name: "sales",
    zh: "销售明细",
    en: "Sales",
    personal: false,
    columns: &[
        ("时间", "Time", "at_ms", Number(Time)),
        ("门店", "Branch", "branch", Name),
        ("小票号", "Receipt no.", "receipt_no", Text),
        ("类型", "Kind", "kind", Word(SLIPS)),
        ("营业日", "Business day", "day", Number(Day)),
        ("收银机", "Till", "till", Text),
        ("收银员", "Cashier", "cashier", Name),
        ("会员", "Member", "member", Name),
        ("收款方式", "Paid by", "tenders", Many),
        ("应收", "Due", "due", Sum(Money)),
        ("件数", "Pieces", "pieces", Sum(Quantity)),
        ("积分", "Points", "points", Sum(Count)),
        ("已退", "Returned", "returned", Word(YES)),
    ],
};
pub const BRANCHES: List = List {
    name: "branches",
    zh: "门店",
    en: "Branches",
    personal: false,
    columns: &[
        ("编码", "Code", "code", Text),
        ("名称", "Name", "name", Text),
        ("英文名", "English name", "name_en", Text),
        ("地址", "Address", "address", Text),
        ("电话", "Phone", "phone", Text),
        ("连接", "Link", "link", Word(LINKS)),
        ("最近联系", "Last contact", "seen_ms", Number(Time)),
        ("未上传", "Unsent", "unsent", Number(Count)),
        ("价格版本", "Price list", "price_release", Number(Count)),
    ],
};
pub const MEMBERS: List = List {
    name: "members",
    zh: "会员",
    en: "Members",
    personal: true,
    columns: &[
        ("姓名", "Name", "name", Text),
        ("手机", "Phone", "phone", Text),
        ("卡号", "Cards", "cards", Many),
        ("等级", "Level", "level", Name),
        ("归属门店", "Home branch", "home", Name),
        ("最近到店", "Last visit", "last_visit_ms", Number(Time)),
    ],
};
pub const PRODUCTS: List = List {
    name: "products",
    zh: "商品与价格",
    en: "Products and prices",
    personal: false,
    columns: &[
        ("商品号", "Number", "number", Number(Count)),
        ("名称", "Name", "name", Text),
        ("英文名", "English name", "name_en", Text),
        ("条码", "Barcode", "code", Text),
        ("分类", "Category", "category", Text),
        ("单位", "Unit", "unit", Text),
        ("售价", "Price", "price", Number(Money)),
        ("会员价", "Member price", "member_price", Number(Money)),
        ("库存", "Stock", "stock", Number(Quantity)),
    ],
};
pub const CATEGORIES: List = List {
    name: "categories",
    zh: "分类",
    en: "Categories",
    personal: false,
    columns: &[
        ("编码", "Code", "code", Text),
        ("上级", "Parent", "parent", Text),
        ("名称", "Name", "name", Text),
        ("英文名", "English name", "name_en", Text),
    ],
};
pub const CALLS: List = List {
    name: "calls",
    zh: "来电",
    en: "Calls",
    personal: true,
    columns: &[
        ("时间", "Time", "at_ms", Number(Time)),
        ("门店", "Branch", "branch", Name),
        ("号码", "Number", "number", Text),
        ("隐藏", "Hidden", "hidden", Word(HIDDEN)),
        ("会员", "Members", "members", Many),
    ],
};
pub const CONFLICTS: List = List {
    name: "conflicts",
    zh: "资料冲突",
    en: "Conflicting edits",
    personal: false,
    columns: &[
        ("类型", "Kind", "kind", Text),
        ("名称", "Name", "title", Text),
        ("字段", "Field", "key_name", Name),
        ("现值", "Stands now", "candidates.0.value", Text),
        ("另值", "The other", "candidates.1.value", Text),
    ],
};
pub const CLAIMS: List = List {
    name: "claims",
    zh: "重复登记的会员",
    en: "Members registered twice",
    personal: true,
    columns: &[("类型", "Kind", "why", Word(CLAIMED)), ("号码", "Number", "number", Text), ("会员", "Members", "members", Many)],
};
pub const EXCEPTIONS: List = List {
    name: "exceptions",
    zh: "异常",
    en: "Exceptions",
    personal: false,
    columns: &[
        ("时间", "Time", "at_ms", Number(Time)),
        ("事项", "What", "what", Text),
        ("门店", "Branch", "branch", Name),
        ("会员", "Member", "member", Name),
        ("金额", "Amount", "amount", Number(Money)),
        ("说明", "Note", "note", Text),
        ("状态", "Progress", "progress", Word(PROGRESS)),
        ("负责人", "Owner", "owner", Name),
        ("结论", "Found", "found", Text),
    ],
};
pub const STAFF: List = List {
    name: "staff",
    zh: "员工",
    en: "Staff",
    personal: false,
    columns: &[
        ("工号", "Staff code", "code", Text),
        ("姓名", "Name", "name", Text),
        ("门店", "Branch", "branch", Name),
        ("角色", "Roles", "roles", Many),
        ("停用", "Disabled", "disabled", Word(YES)),
    ],
};
pub const ROLES: List = List {
    name: "roles",
    zh: "角色",
    en: "Roles",
    personal: false,
    columns: &[
        ("编码", "Code", "code", Text),
        ("名称", "Name", "name", Text),
        ("英文名", "English name", "name_en", Text),
        ("权限", "Rights", "rights", Many),
    ],
};
pub const LEVELS: List = List {
    name: "levels",
    zh: "等级",
    en: "Levels",
    personal: false,
    columns: &[
        ("编码", "Code", "code", Text),
        ("名称", "Name", "name", Text),
        ("英文名", "English name", "name_en", Text),
        ("次序", "Rank", "rank", Number(Count)),
        ("折后比例(bp)", "Rate that remains (bp)", "rate", Number(Count)),
        ("积分倍率(bp)", "Points factor (bp)", "points_factor", Number(Count)),
        ("门槛", "Threshold", "threshold", Number(Money)),
    ],
};
pub const SETTINGS: List = List {
    name: "settings",
    zh: "设置",
    en: "Settings",
    personal: false,
    columns: &[
        ("组", "Group", "group", Text),
        ("键", "Key", "key", Text),
        ("值", "Value", "value", Text),
        ("默认", "Default", "default", Text),
    ],
};
