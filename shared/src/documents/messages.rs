//! What is sent to members, and when.
use super::settings::KEYS;
use super::{Fields, Invalid, Scalar, field, field::Writer};
use std::collections::BTreeMap;

/// A text that is sent. Stored as `name|gateway|text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub name: String,
    /// Under what the gateway knows it; empty where it takes any text.
    pub gateway: String,
    /// With `{name}`, `{value}` and `{points}` where they belong.
    pub text: String,
}

/// What stands in braces in a template.
pub const VARIABLES: [&str; 3] = ["name", "value", "points"];

impl Template {
    /// None if the text has another form, or braces around another word.
    pub fn read(stored: &str) -> Option<Self> {
        let (name, rest) = stored.split_once('|')?;
        let (gateway, text) = rest.split_once('|')?;
        let known = |part: &str| part.split_once('}').is_some_and(|(word, _)| VARIABLES.contains(&word));
        let sound = !name.is_empty() && !text.trim().is_empty() && (gateway.is_empty() || field::code(gateway, 40));
        (sound && text.split('{').skip(1).all(known)).then(|| Self { name: name.into(), gateway: gateway.into(), text: text.into() })
    }

    pub fn write(&self) -> String {
        format!("{}|{}|{}", self.name, self.gateway, self.text)
    }
}

/// How members are written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageSettings {
    /// Before each text, in 【】; empty: none.
    pub signature: String,
    /// Minutes of head office's day between which nothing is sent; equal: there is no quiet time.
    pub quiet_from: i64,
    pub quiet_until: i64,
    /// Messages to one member in seven days; 0: as many as are asked for.
    pub week_max: i64,
    /// What a part of a short message costs, in 0.001 of the currency.
    pub part_milli: i64,
    /// Only who said yes is written to; otherwise who did not say no.
    pub needs_consent: bool,
    /// By code.
    pub templates: BTreeMap<String, Template>,
}

impl Default for MessageSettings {
    fn default() -> Self {
        Self::from_fields(&Fields::new())
    }
}

impl MessageSettings {
    pub fn from_fields(fields: &Fields) -> Self {
        let int = |key: &str, otherwise| field::int(fields, key).unwrap_or(otherwise);
        Self {
            signature: field::text(fields, "message_signature"),
            quiet_from: int("message_quiet_from", 21 * 60),
            quiet_until: int("message_quiet_until", 9 * 60),
            week_max: int("message_week_max", 2),
            part_milli: int("message_part_milli", 50),
            needs_consent: field::yes(fields, "message_consent").unwrap_or(true),
            templates: field::texts(fields, "template:")
                .filter_map(|(code, text)| Some((code.to_owned(), Template::read(text)?)))
                .collect(),
        }
    }

    pub fn to_fields(&self) -> Fields {
        let mut fields = Writer::default()
            .text("message_signature", &self.signature)
            .int("message_quiet_from", self.quiet_from)
            .int("message_quiet_until", self.quiet_until)
            .int("message_week_max", self.week_max)
            .int("message_part_milli", self.part_milli)
            .yes("message_consent", self.needs_consent)
            .fields();
        fields.extend(self.templates.iter().map(|(code, template)| (format!("template:{code}"), Scalar::Text(template.write()))));
        fields
    }

    pub fn validate(&self) -> Vec<Invalid> {
        field::check(KEYS, &self.to_fields())
    }

    /// Whether nothing is sent at this minute of the day.
    pub fn quiet_at(&self, minute: i64) -> bool {
        match self.quiet_from <= self.quiet_until {
            true => (self.quiet_from..self.quiet_until).contains(&minute),
            false => minute >= self.quiet_from || minute < self.quiet_until,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::whole("生日祝福|SMS_1|{name}，生日快乐", true)]
    #[case::any_text("通知||明天休息", true)]
    #[case::a_bar_in_the_text("通知||a|b", true)]
    #[case::no_name("|SMS_1|x", false)]
    #[case::no_text("通知|SMS_1| ", false)]
    #[case::no_bars("通知", false)]
    #[case::another_variable("通知||{phone}", false)]
    #[case::a_brace_that_stays_open("通知||{name", false)]
    fn templates(#[case] stored: &str, #[case] sound: bool) {
        let read = Template::read(stored);
        assert_eq!(read.is_some(), sound);
        assert!(read.is_none_or(|template| template.write() == stored));
    }

    #[rstest]
    #[case::late(22 * 60, true)]
    #[case::at_night(3 * 60, true)]
    #[case::last_quiet_minute(9 * 60 - 1, true)]
    #[case::nine(9 * 60, false)]
    #[case::last_minute(21 * 60 - 1, false)]
    #[case::nine_in_the_evening(21 * 60, true)]
    fn quiet_over_midnight(#[case] minute: i64, #[case] quiet: bool) {
        assert_eq!(MessageSettings::default().quiet_at(minute), quiet);
        let never = MessageSettings { quiet_from: 540, quiet_until: 540, ..MessageSettings::default() };
        assert!(!never.quiet_at(minute));
    }
}
