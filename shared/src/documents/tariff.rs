//! What time in a room or at a seat costs (计时项目), and which rooms there are. Written by HQ; a sitting keeps the tariff it began with.

use super::{
    Fields, Flaw, Invalid, Scalar,
    field::{self, Key, Shape, Writer},
};
use std::collections::BTreeMap;

/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;
const MINOR_MAX: i64 = 1_000_000_000;

pub const KEYS: &[Key] = &[
    Key::required("code", Shape::Form(|code| field::code(code, 16), 16)),
    Key::required("name", Shape::Text(40)),
    Key::new("name_en", Shape::Text(60)),
    Key::required("product", Shape::Int(1, 4_294_967_295)),
    Key::required("first_minutes", Shape::Int(1, DAY_MINUTES)),
    Key::required("first_minor", Shape::Int(0, MINOR_MAX)),
    Key::new("step_minutes", Shape::Int(0, DAY_MINUTES)),
    Key::new("step_minor", Shape::Int(0, MINOR_MAX)),
    Key::new("grace_minutes", Shape::Int(0, DAY_MINUTES)),
    Key::new("night_minor", Shape::Int(0, MINOR_MAX)),
    Key::new("night_from", Shape::Int(0, DAY_MINUTES)),
    Key::new("night_until", Shape::Int(0, DAY_MINUTES)),
    Key::new("cap_minor", Shape::Int(1, MINOR_MAX)),
    Key::many("free:", field::hex_id, Shape::Int(1, DAY_MINUTES)),
    Key::many("seat:", seat, Shape::Text(20)),
    Key::new("retired", Shape::Bool),
];

/// The branch and the code of a room: `0123…ef:A1`.
fn seat(text: &str) -> bool {
    text.split_once(':').is_some_and(|(branch, code)| field::hex_id(branch) && field::code(code, 8))
}

/// A tariff. Amounts in minor units, minutes whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tariff {
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// Number of the service that stands on the bill.
    pub product: i64,
    /// The first stretch, which is also the minimum.
    pub first_minutes: i64,
    pub first_minor: i64,
    /// Each started step after it; 0: the first stretch alone.
    pub step_minutes: i64,
    pub step_minor: i64,
    /// So much of a step may run before it is charged.
    pub grace_minutes: i64,
    /// Of a step that begins at night.
    pub night_minor: i64,
    /// Minutes of the local day; both 0: there is no night.
    pub night_from: i64,
    pub night_until: i64,
    /// At most so much for each 24 hours of running.
    pub cap_minor: Option<i64>,
    /// Minutes that are free for a level, by its id in hex.
    pub free: BTreeMap<String, i64>,
    /// Names of rooms and seats, by branch in hex and their code there.
    pub seats: BTreeMap<(String, String), String>,
    /// Nothing is started any more.
    pub retired: bool,
}

impl Tariff {
    pub fn from_fields(fields: &Fields) -> Self {
        let int = |key: &str| field::int(fields, key).unwrap_or(0);
        let seat = |(tail, name): (&str, &str)| {
            let (branch, code) = tail.split_once(':')?;
            Some(((branch.to_owned(), code.to_owned()), name.to_owned()))
        };
        Self {
            code: field::text(fields, "code"),
            name: field::text(fields, "name"),
            name_en: field::text(fields, "name_en"),
            product: int("product"),
            first_minutes: int("first_minutes"),
            first_minor: int("first_minor"),
            step_minutes: int("step_minutes"),
            step_minor: int("step_minor"),
            grace_minutes: int("grace_minutes"),
            night_minor: field::int(fields, "night_minor").unwrap_or(int("step_minor")),
            night_from: int("night_from"),
            night_until: int("night_until"),
            cap_minor: field::int(fields, "cap_minor"),
            free: field::ints(fields, "free:").map(|(level, minutes)| (level.to_owned(), minutes)).collect(),
            seats: field::texts(fields, "seat:").filter_map(seat).collect(),
            retired: field::yes(fields, "retired").unwrap_or(false),
        }
    }

    pub fn to_fields(&self) -> Fields {
        let mut fields = Writer::default()
            .text("code", &self.code)
            .text("name", &self.name)
            .text("name_en", &self.name_en)
            .int("product", self.product)
            .int("first_minutes", self.first_minutes)
            .int("first_minor", self.first_minor)
            .int("step_minutes", self.step_minutes)
            .int("step_minor", self.step_minor)
            .int("grace_minutes", self.grace_minutes)
            .int("night_minor", self.night_minor)
            .int("night_from", self.night_from)
            .int("night_until", self.night_until)
            .int("cap_minor", self.cap_minor)
            .ints("free:", self.free.iter().map(|(level, minutes)| (level.clone(), *minutes)))
            .fields();
        let seats = self.seats.iter();
        fields.extend(seats.map(|((branch, code), name)| (format!("seat:{branch}:{code}"), Scalar::Text(name.clone()))));
        if self.retired {
            fields.insert("retired".into(), Scalar::Bool(true));
        }
        fields
    }

    pub fn validate(&self) -> Vec<Invalid> {
        let mut invalid = field::check(KEYS, &self.to_fields());
        if self.grace_minutes > self.step_minutes {
            invalid.push(Flaw::Mismatch { other: "step_minutes" }.of("grace_minutes"));
        }
        invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// R17.
    fn house() -> Tariff {
        Tariff {
            code: "tea".into(),
            name: "茶室".into(),
            product: 9,
            first_minutes: 60,
            first_minor: 3_000,
            step_minutes: 30,
            step_minor: 1_200,
            grace_minutes: 5,
            night_minor: 800,
            night_from: 22 * 60,
            night_until: 6 * 60,
            cap_minor: Some(12_800),
            free: [("ab".repeat(16), 15)].into(),
            seats: [(("cd".repeat(16), "A1".to_owned()), "听雨".to_owned())].into(),
            ..Tariff::default()
        }
    }

    #[test]
    fn fields_and_back() {
        assert_eq!(Tariff::from_fields(&house().to_fields()), house());
    }

    #[rstest]
    #[case::house(|_: &mut Tariff| {}, &[])]
    #[case::without_steps_and_cap(|it: &mut Tariff| (it.step_minutes, it.grace_minutes, it.cap_minor) = (0, 0, None), &[])]
    #[case::no_service(|it: &mut Tariff| it.product = 0, &["product"])]
    #[case::grace_beyond_the_step(|it: &mut Tariff| it.grace_minutes = 31, &["grace_minutes"])]
    #[case::a_first_stretch_of_nothing(|it: &mut Tariff| it.first_minutes = 0, &["first_minutes"])]
    #[case::a_room_of_no_branch(|it: &mut Tariff| it.seats = [((String::new(), "A1".into()), "听雨".into())].into(), &["seat::A1"])]
    fn what_is_wrong_is_named(#[case] change: fn(&mut Tariff), #[case] wanted: &[&str]) {
        let mut tariff = house();
        change(&mut tariff);
        let invalid = tariff.validate();
        assert_eq!(invalid.iter().map(|invalid| invalid.key.as_str()).collect::<Vec<_>>(), wanted);
    }
}
