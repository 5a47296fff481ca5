//! A list as a spreadsheet (.xlsx): what it is of, who exported it when and under which filters, then the rows with their types (money and
//! quantities as numbers, days and times as dates) and the sums below. Texts are written as texts: none is ever taken for a formula.
use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError};
use shared::base::LocalTime;
use shared::branches::HOUSE_ZONE;
use shared::reports::report::Form;

/// A cell in its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    Empty,
    Text(String),
    /// In the form of its column.
    Number(i64, Form),
}

/// A column's head, and whether its sum stands below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub title: String,
    pub total: bool,
}

/// A list with all that its file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The chain and the list.
    pub title: String,
    /// Name and value: filters, who, when, why.
    pub stated: Vec<(String, String)>,
    pub heads: Vec<Head>,
    pub rows: Vec<Vec<Written>>,
    /// What the row of sums is called.
    pub total: String,
}

/// Characters of one cell.
const TEXT_MAX: usize = 32_000;
/// Width of a column, in characters.
const WIDTH_MIN: usize = 8;
const WIDTH_MAX: usize = 48;
/// Rows by which the width of a column is judged.
const JUDGED_ROWS: usize = 200;
/// The row of sums adds what a filter leaves to see.
const SUM_OF_VISIBLE: u32 = 109;

fn format(form: Form) -> Format {
    Format::new().set_num_format(match form {
        Form::Text => "@",
        Form::Money => "\"￥\"#,##0.00;[Red]-\"￥\"#,##0.00",
        Form::Quantity => "#,##0.###",
        Form::Count => "#,##0",
        Form::Day => "yyyy-mm-dd",
        Form::Time => "yyyy-mm-dd hh:mm:ss",
    })
}

/// What a spreadsheet holds for a number of this form; none for a day or time that is none.
fn value(number: i64, form: Form) -> Option<f64> {
    match form {
        Form::Money => Some(number as f64 / 100.0),
        Form::Quantity => Some(number as f64 / 1000.0),
        Form::Count | Form::Text => Some(number as f64),
        Form::Day => serial(u32::try_from(number).ok()?),
        Form::Time if number == 0 => None,
        Form::Time => {
            let at = LocalTime::at(number, HOUSE_ZONE.zone_minutes);
            let seconds = u32::from(at.hour) * 3600 + u32::from(at.minute) * 60 + u32::from(at.second);
            Some(serial(at.day.0)? + f64::from(seconds) / 86_400.0)
        }
    }
}

/// Days since the last of 1899, as spreadsheets count them.
fn serial(yyyymmdd: u32) -> Option<f64> {
    let day = NaiveDate::from_ymd_opt(i32::try_from(yyyymmdd / 10_000).ok()?, yyyymmdd / 100 % 100, yyyymmdd % 100)?;
    let first = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    Some(f64::from(day.num_days_from_ce() - first.num_days_from_ce()))
}

/// Chinese characters are as wide as two others.
fn width(text: &str) -> usize {
    text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum()
}

fn shown_width(cell: &Written) -> usize {
    match cell {
        Written::Empty => 0,
        Written::Text(text) => width(text),
        Written::Number(_, Form::Time) => 19,
        Written::Number(_, Form::Day) => 10,
        Written::Number(number, _) => number.to_string().len() + 5,
    }
}

/// The bytes of the file.
///
/// # Errors
/// More rows or columns than a sheet can hold.
pub fn bytes(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.write_string_with_format(0, 0, &sheet.title, &Format::new().set_bold().set_font_size(14))?;
    for (row, (name, said)) in (1_u32..).zip(&sheet.stated) {
        page.write_string_with_format(row, 0, name, &Format::new().set_font_color("#666666"))?;
        page.write_string(row, 1, clipped(said))?;
    }
    let head = sheet.stated.len() as u32 + 2;
    let bold = Format::new().set_bold().set_background_color("#EEF2F6").set_border_bottom(FormatBorder::Thin);
    for (column, of) in (0_u16..).zip(&sheet.heads) {
        page.write_string_with_format(head, column, &of.title, &bold)?;
        let cells = sheet.rows.iter().take(JUDGED_ROWS).filter_map(|row| row.get(usize::from(column)));
        let widest = cells.map(shown_width).chain([width(&of.title) + 3]).max().unwrap_or(0);
        page.set_column_width(column, widest.clamp(WIDTH_MIN, WIDTH_MAX) as f64)?;
    }
    let formats = [Form::Text, Form::Money, Form::Quantity, Form::Count, Form::Day, Form::Time].map(|form| (form, format(form)));
    let of = |form: Form| formats.iter().find(|(known, _)| *known == form).map(|(_, format)| format);
    for (row, cells) in (head + 1..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Written::Empty => {}
                Written::Text(text) => drop(page.write_string(row, column, clipped(text))?),
                Written::Number(number, form) => {
                    if let (Some(value), Some(format)) = (value(*number, *form), of(*form)) {
                        page.write_number_with_format(row, column, value, format)?;
                    }
                }
            }
        }
    }
    let last = head + sheet.rows.len() as u32;
    if !sheet.heads.is_empty() {
        page.autofilter(head, 0, last, sheet.heads.len() as u16 - 1)?;
    }
    page.set_freeze_panes(head + 1, 0)?;
    if !sheet.rows.is_empty() && sheet.heads.iter().any(|head| head.total) {
        sums(page, sheet, head, last)?;
    }
    // Who exported it stands on every printed page.
    let footer: Vec<&str> = sheet.stated.iter().map(|(_, said)| said.as_str()).collect();
    page.set_footer(clipped(&footer.join("  ").replace('&', "&&")).chars().take(200).collect::<String>());
    book.save_to_buffer()
}

/// The row of sums: formulas, with what they come to.
fn sums(page: &mut Worksheet, sheet: &Sheet, head: u32, last: u32) -> Result<(), XlsxError> {
    let row = last + 1;
    for (column, of) in (0_u16..).zip(&sheet.heads) {
        let cells = || sheet.rows.iter().filter_map(|row| row.get(usize::from(column)));
        let form = cells().find_map(|cell| if let Written::Number(_, form) = cell { Some(*form) } else { None }).unwrap_or(Form::Count);
        let line = format(form).set_bold().set_border_top(FormatBorder::Thin);
        if of.total {
            let sum: i64 = cells().map(|cell| if let Written::Number(number, _) = cell { *number } else { 0 }).sum();
            let name = rust_xlsxwriter::utility::column_number_to_name(column);
            let formula = Formula::new(format!("=SUBTOTAL({SUM_OF_VISIBLE},{name}{}:{name}{})", head + 2, last + 1));
            let result = value(sum, form).unwrap_or(0.0);
            page.write_formula_with_format(row, column, formula.set_result(result.to_string()), &line)?;
        } else if column == 0 {
            page.write_string_with_format(row, 0, &sheet.total, &line.set_align(FormatAlign::Left))?;
        } else {
            page.write_blank(row, column, &line)?;
        }
    }
    Ok(())
}

fn clipped(text: &str) -> String {
    text.chars().take(TEXT_MAX).collect()
}
