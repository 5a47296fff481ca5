//! What stands under a column, read as what it should be. Empty is not given.
use super::Reason;
use crate::desk::write::setting::yes;
use crate::documents::{Fields, Scalar};

/// The cells of one line.
pub(super) struct Cells<'a> {
    columns: &'a [String],
    cells: &'a [String],
}

impl<'a> Cells<'a> {
    pub fn new(columns: &'a [String], cells: &'a [String]) -> Cells<'a> {
        Cells { columns, cells }
    }

    /// The trimmed text under a column; none where it is empty or the column is not there.
    pub fn given(&self, column: &str) -> Option<&'a str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    pub fn needed(&self, column: &str) -> Result<&'a str, Reason> {
        self.given(column).ok_or_else(|| Reason::new(column, "missing"))
    }

    pub fn number(&self, column: &str) -> Result<Option<i64>, Reason> {
        self.read(column, "number", |cell| cell.parse().ok())
    }

    /// Yuan with at most two places, as minor units.
    pub fn money(&self, column: &str) -> Result<Option<i64>, Reason> {
        self.read(column, "money", minor)
    }

    pub fn yes(&self, column: &str) -> Result<Option<bool>, Reason> {
        self.read(column, "yes_or_no", yes)
    }

    /// Words divided by blanks.
    pub fn words(&self, column: &str) -> Vec<&'a str> {
        self.given(column).map_or_else(Vec::new, |cell| cell.split_whitespace().collect())
    }

    fn read<T>(&self, column: &str, why: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Reason> {
        self.given(column).map(|cell| read(cell).ok_or_else(|| Reason::new(column, why))).transpose()
    }

    /// Texts under these columns as fields of the same names.
    pub fn texts(&self, columns: &[&str]) -> Fields {
        let given = columns.iter().filter_map(|column| Some((*column, self.given(column)?)));
        given.map(|(column, text)| (column.to_owned(), Scalar::Text(text.to_owned()))).collect()
    }

    /// Adds whole numbers under these columns as fields of the same names.
    pub fn put_numbers(&self, columns: &[&str], fields: &mut Fields) -> Result<(), Reason> {
        for column in columns {
            if let Some(number) = self.number(column)? {
                fields.insert((*column).to_owned(), Scalar::Int(number));
            }
        }
        Ok(())
    }

    /// Adds yes and no under these columns as fields of the same names.
    pub fn put_yes(&self, columns: &[&str], fields: &mut Fields) -> Result<(), Reason> {
        for column in columns {
            if let Some(yes) = self.yes(column)? {
                fields.insert((*column).to_owned(), Scalar::Bool(yes));
            }
        }
        Ok(())
    }
}

/// `12.8` is 1280: digits, at most two places, no sign but a leading minus.
fn minor(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (yuan, places) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = |part: &str, most: usize| part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
    if yuan.is_empty() || !digits(yuan, 12) || !digits(places, 2) || (places.is_empty() && text.ends_with('.')) {
        return None;
    }
    let cents: i64 = format!("{places:0<2}").parse().ok()?;
    Some(sign * (yuan.parse::<i64>().ok()? * 100 + cents))
}

#[cfg(test)]
mod tests {
    use super::minor;
    use rstest::rstest;

    #[rstest]
    #[case("12.80", Some(1_280))]
    #[case("12.8", Some(1_280))]
    #[case("12", Some(1_200))]
    #[case("-0.05", Some(-5))]
    #[case("12.805", None)]
    #[case("12.", None)]
    #[case(".5", None)]
    #[case("1,200", None)]
    #[case("¥12", None)]
    fn yuan(#[case] text: &str, #[case] wanted: Option<i64>) {
        assert_eq!(minor(text), wanted);
    }
}
