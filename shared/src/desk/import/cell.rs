//! What stands under a column, read as what it should be. Empty is not given.
use super::Reason;
use crate::base::Quantity;
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
        self.read(column, "money", |cell| decimal(cell, 2))
    }

    /// Pieces, kilograms, metres with at most three places, as thousandths.
    pub fn quantity(&self, column: &str) -> Result<Option<Quantity>, Reason> {
        self.read(column, "quantity", |cell| decimal(cell, 3).map(Quantity::from_thousandths))
    }

    pub fn yes(&self, column: &str) -> Result<Option<bool>, Reason> {
        self.read(column, "yes_or_no", yes)
    }

    /// Words divided by blanks.
    pub fn words(&self, column: &str) -> Vec<&'a str> {
        self.given(column).map_or_else(Vec::new, |cell| cell.split_whitespace().collect())
    }

    /// Counts divided by blanks.
    pub fn counts(&self, column: &str) -> Result<Vec<i64>, Reason> {
        self.words(column).into_iter().map(|word| word.parse().map_err(|_| Reason::new(column, "number"))).collect()
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

/// With two places `12.8` is 1280: digits, at most so many places, no sign but a leading minus.
fn decimal(text: &str, places: usize) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = |part: &str, most: usize| part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole, 12) || !digits(part, places) || (part.is_empty() && text.ends_with('.')) {
        return None;
    }
    let units: i64 = format!("{whole}{part:0<places$}").parse().ok()?;
    Some(sign * units)
}

#[cfg(test)]
mod tests {
    use super::decimal;
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
        assert_eq!(decimal(text, 2), wanted);
    }

    #[rstest]
    #[case("24", Some(24_000))]
    #[case("0.755", Some(755))]
    #[case("0.7555", None)]
    fn pieces(#[case] text: &str, #[case] wanted: Option<i64>) {
        assert_eq!(decimal(text, 3), wanted);
    }
}
