//! Why a line stays out, in Chinese and English, for whoever mends the file.
use crate::journal::Refusal;

/// The column, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub column: String,
    pub why: String,
}

impl Reason {
    pub fn new(column: &str, why: &str) -> Reason {
        Reason { column: column.into(), why: why.into() }
    }

    /// The reason in a refusal.
    pub fn of(refusal: &Refusal) -> Reason {
        match refusal {
            Refusal::NotSound { field, why } => Reason::new(column(field), why),
            Refusal::NotFound { what } => Reason::new(what, "not_there"),
            Refusal::PhoneTaken { .. } => Reason::new("phone", "taken"),
            Refusal::CardTaken { .. } => Reason::new("card", "taken"),
            Refusal::CommandReused => Reason::new("value", "booked_before"),
            Refusal::BadAmount => Reason::new("value", "negative"),
            other => Reason { column: String::new(), why: format!("{other:?}") },
        }
    }

    /// `card: 已被使用 / taken by another`.
    pub fn text(&self) -> String {
        let said = SAID.iter().find(|(why, ..)| *why == self.why);
        let (zh, en) = said.map_or((self.why.as_str(), self.why.as_str()), |(_, zh, en)| (*zh, *en));
        match self.column.is_empty() {
            true => format!("{zh} / {en}"),
            false => format!("{}: {zh} / {en}", self.column),
        }
    }
}

/// The column that gives a key of a document.
fn column(key: &str) -> &str {
    match key.split_once(':').map_or(key, |(head, _)| head) {
        "barcode" => "barcodes",
        "price" => "price",
        "member_price" => "member_price",
        "right" => "rights",
        "card" => "card",
        "cost_minor" => "cost",
        head => head,
    }
}

const SAID: [(&str, &str, &str); 20] = [
    ("missing", "没有填写", "is missing"),
    ("unknown", "不认识", "is not known"),
    ("type", "应是另一类型的值", "has another type of value"),
    ("too_long", "太长", "is too long"),
    ("unprintable", "含有不能打印的字符", "holds characters that cannot be printed"),
    ("form", "格式不对", "is malformed"),
    ("word", "不在允许的取值内", "is none of the words it may be"),
    ("range", "超出范围", "is out of range"),
    ("mismatch", "与其他列不符", "does not fit another column"),
    ("taken", "已被使用", "is taken by another"),
    ("not_there", "不存在", "is not there"),
    ("number", "不是数字", "is no number"),
    ("money", "不是金额 (元, 最多两位小数)", "is no amount (yuan, at most two places)"),
    ("quantity", "不是数量 (最多三位小数)", "is no quantity (at most three places)"),
    ("yes_or_no", "应为 1 或 0", "must be 1 or 0"),
    ("check_digit", "条码校验位不对", "has a wrong check digit"),
    ("pin", "应为 6 位数字", "must have 6 digits"),
    ("phone_or_card", "手机号和卡号至少填一个", "needs a phone or a card"),
    ("booked_before", "期初已按其他数目入账", "was booked before with another amount"),
    ("negative", "不能为负", "may not be negative"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_said_in_both_languages() {
        let taken = Refusal::NotSound { field: "barcode:6901".into(), why: "taken".into() };
        assert_eq!(Reason::of(&taken).text(), "barcodes: 已被使用 / is taken by another");
        assert_eq!(Reason::new("", "phone_or_card").text(), "手机号和卡号至少填一个 / needs a phone or a card");
        assert_eq!(Reason::of(&Refusal::CommandReused).text(), "value: 期初已按其他数目入账 / was booked before with another amount");
    }
}
