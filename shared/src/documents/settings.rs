//! The chain's settings, a document for each group. Written by HQ.

use super::allowance::AllowanceSettings;
use super::messages::{MessageSettings, Template};
use super::{
    Fields, Invalid, Scalar,
    field::{self, Key, Shape, Writer},
};
use crate::base::{BusinessDay, Weekday};
use std::collections::BTreeMap;

/// The groups; each is one document under a fixed id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    Till,
    Value,
    Points,
    Codes,
    Commission,
    Allowance,
    Segments,
    Messages,
}

impl Group {
    pub const ALL: [Self; 8] =
        [Self::Till, Self::Value, Self::Points, Self::Codes, Self::Commission, Self::Allowance, Self::Segments, Self::Messages];

    pub fn name(self) -> &'static str {
        match self {
            Self::Till => "till",
            Self::Value => "value",
            Self::Points => "points",
            Self::Codes => "codes",
            Self::Commission => "commission",
            Self::Allowance => "allowance",
            Self::Segments => "segments",
            Self::Messages => "messages",
        }
    }

    /// The id of the group's document, the same in every chain: the first 16 bytes of the BLAKE3 hash of the name.
    pub fn id(self) -> [u8; 16] {
        let mut id = [0; 16];
        id.copy_from_slice(&blake3::hash(self.name().as_bytes()).as_bytes()[..16]);
        id
    }

    /// The group of a line of `KEYS`, by its name.
    pub fn of(name: &str) -> Self {
        match name {
            "rounding"
            | "round_off_bill_minor"
            | "round_off_shift_minor"
            | "shift_difference_minor"
            | "lock_minutes"
            | "slip_signature"
            | "tender:" => Self::Till,
            "per_minor" | "pending_days" | "expiry_months" | "money_bp" | "birthday_bp" | "member_day:" | "level_window"
            | "level_months" | "level_by" => Self::Points,
            "prefix:" => Self::Codes,
            "commission:" => Self::Commission,
            "segment:" => Self::Segments,
            "message_signature"
            | "message_quiet_from"
            | "message_quiet_until"
            | "message_week_max"
            | "message_part_milli"
            | "message_consent"
            | "template:" => Self::Messages,
            "ahead" | "home_minor" | "visited_minor" | "home_points" | "visited_points" | "visited_branches" | "idle_days" | "branch:" => {
                Self::Allowance
            }
            _ => Self::Value,
        }
    }

    /// What holds where nobody set a key; a key that is not in it has no default.
    pub fn defaults(self) -> Fields {
        match self {
            Self::Till => TillSettings::default().to_fields(),
            Self::Value => ValueSettings::default().to_fields(),
            Self::Points => PointsSettings::default().to_fields(),
            Self::Codes | Self::Commission | Self::Segments => Fields::new(),
            Self::Allowance => AllowanceSettings::default().to_fields(),
            Self::Messages => MessageSettings::default().to_fields(),
        }
    }
}

const MINOR_MAX: i64 = 1_000_000_000_000;

/// The keys of all groups; no two groups share one.
pub const KEYS: &[Key] = &[
    Key::new("rounding", Shape::Word(&["none", "jiao", "yuan", "jiao_half", "yuan_half"])),
    Key::new("round_off_bill_minor", Shape::Int(0, MINOR_MAX)),
    Key::new("round_off_shift_minor", Shape::Int(0, MINOR_MAX)),
    Key::new("shift_difference_minor", Shape::Int(1, MINOR_MAX)),
    Key::new("lock_minutes", Shape::Int(1, 480)),
    Key::new("slip_signature", Shape::Bool),
    Key::many("tender:", |code| field::code(code, 16), Shape::Form(|text| Tender::read(text).is_some(), 80)),
    Key::many("tier:", principal, Shape::Int(0, MINOR_MAX)),
    Key::new("gift", Shape::Word(&["highest_once", "repeated"])),
    Key::new("split", Shape::Word(&["proportional", "principal_first", "bonus_first"])),
    Key::new("bonus_cap_bp", Shape::Int(0, 10_000)),
    Key::new("proof", Shape::Word(&["none", "pin", "signature"])),
    Key::new("free_below_minor", Shape::Int(0, MINOR_MAX)),
    Key::new("cap_registered_minor", Shape::Int(0, MINOR_MAX)),
    Key::new("per_minor", Shape::Int(1, MINOR_MAX)),
    Key::new("pending_days", Shape::Int(0, 365)),
    Key::new("expiry_months", Shape::Int(0, 120)),
    Key::new("money_bp", Shape::Int(0, 10_000)),
    Key::new("birthday_bp", Shape::Int(10_000, 100_000)),
    Key::many("member_day:", |day| MemberDay::read(day).is_some(), Shape::Int(10_000, 100_000)),
    Key::new("level_window", Shape::Word(&["rolling", "year", "all"])),
    Key::new("level_months", Shape::Int(1, 120)),
    Key::new("level_by", Shape::Word(&["amount", "purchases", "either", "both"])),
    Key::many("commission:", |tail| super::commission::Rule::read(tail).is_some(), Shape::Int(0, 1_000_000)),
    // A name for members, and what is asked of them: what stands after `?` in the address of the list.
    Key::many("segment:", |name| field::line(name, 40).is_none() && !name.trim().is_empty(), Shape::Text(400)),
    Key::new("message_signature", Shape::Text(20)),
    Key::new("message_quiet_from", Shape::Int(0, 1_439)),
    Key::new("message_quiet_until", Shape::Int(0, 1_439)),
    Key::new("message_week_max", Shape::Int(0, 50)),
    Key::new("message_part_milli", Shape::Int(0, 10_000)),
    Key::new("message_consent", Shape::Bool),
    Key::many("template:", |code| field::code(code, 16), Shape::Form(|text| Template::read(text).is_some(), 460)),
    Key::new("ahead", Shape::Bool),
    Key::new("home_minor", Shape::Int(0, MINOR_MAX)),
    Key::new("visited_minor", Shape::Int(0, MINOR_MAX)),
    Key::new("home_points", Shape::Int(0, MINOR_MAX)),
    Key::new("visited_points", Shape::Int(0, MINOR_MAX)),
    Key::new("visited_branches", Shape::Int(0, 8)),
    Key::new("idle_days", Shape::Int(1, 365)),
    Key::many("branch:", |code| field::code(code, 8), Shape::Int(0, MINOR_MAX)),
    Key::many("prefix:", |prefix| field::digits(prefix, 2, 2), Shape::Word(&["amount", "weight"])),
];

fn principal(tail: &str) -> bool {
    field::digits(tail, 1, 12) && !tail.starts_with('0')
}

/// What the tills do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TillSettings {
    /// 抹零, the rounding of a bill: `none`, down to `jiao` or `yuan`, or to the nearest `jiao_half`, `yuan_half`.
    pub rounding: String,
    /// The most that a cashier may take off one bill by hand (抹零), in minor units.
    pub round_off_bill_minor: i64,
    /// The most of all bills of one shift.
    pub round_off_shift_minor: i64,
    /// From this 长款 or 短款 on a shift closes before a second person only, and head office is told (J8).
    pub shift_difference_minor: i64,
    /// A till without a touch for so long asks for the PIN.
    pub lock_minutes: i64,
    /// Slips that take stored value have a line for the member's signature.
    pub slip_signature: bool,
    /// Tenders beside cash and stored value, by code.
    pub tenders: BTreeMap<String, Tender>,
}

/// A way to pay that is recorded. Stored as `order|中文|English|kind`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tender {
    /// Place on the till's page, ascending.
    pub order: i64,
    pub name: String,
    pub name_en: String,
    /// What handles it; `other` is recorded only.
    pub kind: String,
}

impl Tender {
    /// None if the text has another form.
    pub fn read(text: &str) -> Option<Self> {
        let [order, name, name_en, kind] = text.split('|').collect::<Vec<_>>().try_into().ok()?;
        let sound = field::digits(order, 1, 3) && !name.is_empty() && !name_en.is_empty() && kind == "other";
        sound.then(|| order.parse().ok())?.map(|order| Self { order, name: name.into(), name_en: name_en.into(), kind: kind.into() })
    }

    pub fn write(&self) -> String {
        format!("{}|{}|{}|{}", self.order, self.name, self.name_en, self.kind)
    }
}

impl Default for TillSettings {
    fn default() -> Self {
        Self::from_fields(&Fields::new())
    }
}

impl TillSettings {
    pub fn from_fields(fields: &Fields) -> Self {
        let tenders = field::texts(fields, "tender:").filter_map(|(code, text)| Some((code.to_owned(), Tender::read(text)?)));
        Self {
            rounding: word(fields, "rounding", "none"),
            round_off_bill_minor: field::int(fields, "round_off_bill_minor").unwrap_or(99),
            round_off_shift_minor: field::int(fields, "round_off_shift_minor").unwrap_or(1_000),
            shift_difference_minor: field::int(fields, "shift_difference_minor").unwrap_or(2_000),
            lock_minutes: field::int(fields, "lock_minutes").unwrap_or(10),
            slip_signature: field::yes(fields, "slip_signature").unwrap_or(false),
            tenders: tenders.collect(),
        }
    }

    pub fn to_fields(&self) -> Fields {
        let mut fields = Writer::default()
            .text("rounding", &self.rounding)
            .int("round_off_bill_minor", self.round_off_bill_minor)
            .int("round_off_shift_minor", self.round_off_shift_minor)
            .int("shift_difference_minor", self.shift_difference_minor)
            .int("lock_minutes", self.lock_minutes)
            .yes("slip_signature", self.slip_signature)
            .fields();
        fields.extend(self.tenders.iter().map(|(code, tender)| (format!("tender:{code}"), Scalar::Text(tender.write()))));
        fields
    }

    pub fn validate(&self) -> Vec<Invalid> {
        field::check(KEYS, &self.to_fields())
    }
}

/// Stored value: gifts at top-up, and how it is spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueSettings {
    /// Bonus by principal paid in at once, both in minor units.
    pub tiers: BTreeMap<i64, i64>,
    /// How the tiers count: `highest_once`, or `repeated` as often as they fit.
    pub gift: String,
    /// What a payment takes: `proportional`, `principal_first` or `bonus_first`.
    pub split: String,
    /// The greatest part of a bill that bonus may pay.
    pub bonus_cap_bp: i64,
    /// What proves a member: `none`, `pin` or `signature`.
    pub proof: String,
    /// Payments below need no proof.
    pub free_below_minor: i64,
    /// The most a registered member may hold; None for no limit.
    pub cap_registered_minor: Option<i64>,
}

impl Default for ValueSettings {
    fn default() -> Self {
        Self::from_fields(&Fields::new())
    }
}

impl ValueSettings {
    pub fn from_fields(fields: &Fields) -> Self {
        let tiers = field::ints(fields, "tier:").filter_map(|(principal, bonus)| Some((principal.parse().ok()?, bonus)));
        Self {
            tiers: tiers.collect(),
            gift: word(fields, "gift", "highest_once"),
            split: word(fields, "split", "proportional"),
            bonus_cap_bp: field::int(fields, "bonus_cap_bp").unwrap_or(10_000),
            proof: word(fields, "proof", "none"),
            free_below_minor: field::int(fields, "free_below_minor").unwrap_or(0),
            cap_registered_minor: field::int(fields, "cap_registered_minor"),
        }
    }

    pub fn to_fields(&self) -> Fields {
        Writer::default()
            .ints("tier:", self.tiers.iter().map(|(principal, bonus)| (principal.to_string(), *bonus)))
            .text("gift", &self.gift)
            .text("split", &self.split)
            .int("bonus_cap_bp", self.bonus_cap_bp)
            .text("proof", &self.proof)
            .int("free_below_minor", self.free_below_minor)
            .int("cap_registered_minor", self.cap_registered_minor)
            .fields()
    }

    pub fn validate(&self) -> Vec<Invalid> {
        field::check(KEYS, &self.to_fields())
    }
}

/// A day that comes again, of the month (`18`) or of the week (`wed`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberDay {
    /// 1 to 31; a month that is shorter goes without it.
    OfMonth(u32),
    OfWeek(Weekday),
}

impl MemberDay {
    /// None if the text names no day.
    pub fn read(text: &str) -> Option<Self> {
        let of_week = Weekday::ALL.into_iter().find(|day| day.name() == text).map(Self::OfWeek);
        let of_month = || text.parse().ok().filter(|day| (1..=31_u32).contains(day) && day.to_string() == text).map(Self::OfMonth);
        of_week.or_else(of_month)
    }

    pub fn write(self) -> String {
        match self {
            Self::OfMonth(day) => day.to_string(),
            Self::OfWeek(day) => day.name().to_owned(),
        }
    }

    pub fn is(self, day: BusinessDay) -> bool {
        match self {
            Self::OfMonth(of_month) => day.day_of_month() == of_month,
            Self::OfWeek(weekday) => day.weekday() == weekday,
        }
    }
}

/// How points are earned and how long they last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsSettings {
    /// Minor units spent for one point.
    pub per_minor: i64,
    /// Days until points can be spent.
    pub pending_days: i64,
    /// Months until points no longer count; 0 for never.
    pub expiry_months: i64,
    /// The greatest part of a bill that points may pay (R12); 0: none.
    pub money_bp: i64,
    /// What a member's points are multiplied by on the birthday (R8): 20 000 for twice, 10 000 for nothing more.
    pub birthday_bp: i64,
    /// 会员日: what everybody's points are multiplied by on such a day (R8).
    pub member_days: BTreeMap<MemberDay, i64>,
    /// Which purchases count for a level (R14): those of the last `level_months` (`rolling`), of the calendar `year`, or `all`.
    pub level_window: String,
    pub level_months: i64,
    /// What they must reach: the `amount` of a level, its number of `purchases`, `either`, or `both`.
    pub level_by: String,
}

impl Default for PointsSettings {
    fn default() -> Self {
        Self::from_fields(&Fields::new())
    }
}

impl PointsSettings {
    pub fn from_fields(fields: &Fields) -> Self {
        Self {
            per_minor: field::int(fields, "per_minor").unwrap_or(100),
            pending_days: field::int(fields, "pending_days").unwrap_or(0),
            expiry_months: field::int(fields, "expiry_months").unwrap_or(0),
            money_bp: field::int(fields, "money_bp").unwrap_or(2_000),
            birthday_bp: field::int(fields, "birthday_bp").unwrap_or(10_000),
            member_days: field::ints(fields, "member_day:").filter_map(|(day, bp)| Some((MemberDay::read(day)?, bp))).collect(),
            level_window: word(fields, "level_window", "rolling"),
            level_months: field::int(fields, "level_months").unwrap_or(12),
            level_by: word(fields, "level_by", "amount"),
        }
    }

    pub fn to_fields(&self) -> Fields {
        let mut fields = Writer::default()
            .int("per_minor", self.per_minor)
            .int("pending_days", self.pending_days)
            .int("expiry_months", self.expiry_months)
            .int("money_bp", self.money_bp)
            .int("birthday_bp", self.birthday_bp)
            .text("level_window", &self.level_window)
            .int("level_months", self.level_months)
            .text("level_by", &self.level_by)
            .fields();
        fields.extend(self.member_days.iter().map(|(day, bp)| (format!("member_day:{}", day.write()), Scalar::Int(*bp))));
        fields
    }

    pub fn validate(&self) -> Vec<Invalid> {
        field::check(KEYS, &self.to_fields())
    }
}

/// In-store EAN-13 codes that carry an amount or a weight, by their first two digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeSettings {
    /// Prefix to `amount` or `weight`.
    pub prefixes: BTreeMap<String, String>,
}

impl CodeSettings {
    pub fn from_fields(fields: &Fields) -> Self {
        let prefixes = field::texts(fields, "prefix:").map(|(prefix, holds)| (prefix.to_owned(), holds.to_owned()));
        Self { prefixes: prefixes.collect() }
    }

    pub fn to_fields(&self) -> Fields {
        let prefixes = self.prefixes.iter();
        prefixes.map(|(prefix, holds)| (format!("prefix:{prefix}"), Scalar::Text(holds.clone()))).collect()
    }

    pub fn validate(&self) -> Vec<Invalid> {
        field::check(KEYS, &self.to_fields())
    }
}

fn word(fields: &Fields, key: &str, otherwise: &str) -> String {
    let word = field::text(fields, key);
    if word.is_empty() { otherwise.to_owned() } else { word }
}
