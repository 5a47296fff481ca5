//! A slip becomes the bytes of one job. Pure: the profile brings its font along.
//!
//! Text goes as GBK. What GBK lacks is first replaced by its twin (`¥` by `￥`); a line with a character that then is still
//! missing goes as a picture if a font has it; else that character prints as `?` and `replaced` names it.

use super::{
    Profile,
    builder::Builder,
    columns::{self, char_width, pad, wrap, wrap_evenly},
    raster::Raster,
    slip::{Align, COLUMN_DOTS, Item, LINE_DOTS, Size, Slip},
};
use crate::limits::{CODE128_MAX, QR_MAX, TEXT_MAX};
use encoding_rs::GBK;
use std::collections::BTreeSet;

/// Free dots between two lines: pictures of lines keep the distance that text has.
const LEADING_DOTS: u8 = 6;

/// Lines fed on a printer without cutter, so that the last line passes the tear bar. A feed of this many ends a receipt.
pub const TEAR_LINES: u8 = 5;

/// The bytes of one job. The same slip and profile give the same bytes.
pub fn render(slip: &Slip, profile: &Profile) -> Vec<u8> {
    let mut builder = Builder::default();
    builder.init();
    if profile.chinese {
        builder.chinese();
    }
    for item in &slip.items {
        render_item(item, profile, &mut builder);
    }
    builder.bytes()
}

/// Characters of the slip that this printer will show as `?`.
pub fn replaced(slip: &Slip, profile: &Profile) -> BTreeSet<char> {
    let texts = slip.items.iter().flat_map(|item| match item {
        Item::Text { text, .. } => vec![text.as_str()],
        Item::Row { cells, .. } => cells.iter().map(|cell| cell.text.as_str()).collect(),
        _ => vec![],
    });
    texts.flat_map(|text| fold(text).chars().collect::<Vec<_>>()).filter(|character| lost(*character, profile)).collect()
}

fn render_item(item: &Item, profile: &Profile, builder: &mut Builder) {
    let columns = usize::from(profile.columns);
    match item {
        Item::Text { text, align, size, bold } => {
            let size = Size { wide: size.wide.clamp(1, 8), high: size.high.clamp(1, 8) };
            let wide = columns / usize::from(size.wide);
            let lines = if *align == Align::Centre { wrap_evenly(&fold(text), wide) } else { wrap(&fold(text), wide) };
            for line in lines {
                Line { text: &line, align: *align, size, bold: *bold }.render(profile, builder);
            }
        }
        Item::Row { cells, bold } => {
            let folded: Vec<_> = cells.iter().map(|cell| super::slip::Cell { text: fold(&cell.text), ..cell.clone() }).collect();
            for line in columns::row(&folded, columns) {
                Line { text: &line, align: Align::Left, size: Size::NORMAL, bold: *bold }.render(profile, builder);
            }
        }
        Item::Rule { mark } => {
            let line = mark.to_string().repeat(columns / char_width(*mark));
            Line { text: &fold(&line), align: Align::Left, size: Size::NORMAL, bold: false }.render(profile, builder);
        }
        Item::Qr { data, module_dots } if data.len() <= QR_MAX => {
            builder.align(Align::Centre).qr(data, *module_dots).line_feed().align(Align::Left);
        }
        Item::Ean13 { digits } if is_ean13(digits) => {
            builder.align(Align::Centre).ean13(digits).line_feed().align(Align::Left);
        }
        Item::Code128 { data }
            if !data.is_empty() && data.len() <= CODE128_MAX && data.chars().all(|c| c == ' ' || c.is_ascii_graphic()) =>
        {
            builder.align(Align::Centre).code128(data).line_feed().align(Align::Left);
        }
        Item::Qr { data: text, .. } | Item::Ean13 { digits: text } | Item::Code128 { data: text } => {
            for line in wrap(&fold(text), columns) {
                Line { text: &line, align: Align::Centre, size: Size::NORMAL, bold: false }.render(profile, builder);
            }
        }
        Item::Feed { lines } => {
            builder.feed(*lines);
        }
        Item::Cut if profile.cutter => {
            builder.cut();
        }
        Item::Cut => {
            builder.feed(TEAR_LINES);
        }
        Item::Drawer { pin } if profile.drawer => {
            builder.drawer(*pin);
        }
        Item::Drawer { .. } => {}
    }
}

/// One printed line, already no wider than the paper.
struct Line<'a> {
    text: &'a str,
    align: Align,
    size: Size,
    bold: bool,
}

impl Line<'_> {
    fn render(&self, profile: &Profile, builder: &mut Builder) {
        if self.needs_picture(profile) {
            builder.raw(&self.picture(profile).commands()).feed_dots(LEADING_DOTS);
            return;
        }
        if self.align != Align::Left {
            builder.align(self.align);
        }
        if self.size != Size::NORMAL {
            builder.size(self.size);
        }
        if self.bold {
            builder.bold(true);
        }
        let known: String = self
            .text
            .chars()
            .map(|character| if rom_has(character, profile) { character.to_string() } else { stand_in(character, profile).to_owned() })
            .collect();
        builder.raw(&GBK.encode(&known).0).line_feed();
        if self.bold {
            builder.bold(false);
        }
        if self.size != Size::NORMAL {
            builder.size(Size::NORMAL);
        }
        if self.align != Align::Left {
            builder.align(Align::Left);
        }
    }

    /// A character that only the font has turns the whole line into a picture.
    fn needs_picture(&self, profile: &Profile) -> bool {
        self.text.chars().any(|character| !rom_has(character, profile) && !lost(character, profile))
    }

    fn picture(&self, profile: &Profile) -> Raster {
        let (wide, high) = (usize::from(self.size.wide), usize::from(self.size.high));
        let line = pad(self.text, usize::from(profile.columns) / wide, self.align);
        let mut raster = Raster::new(profile.dots(), LINE_DOTS * high);
        let mut column = 0;
        for character in line.chars() {
            let shown = if lost(character, profile) { '？' } else { character };
            if let Some(glyphs) = &profile.glyphs {
                for shift in 0..=usize::from(self.bold) {
                    glyphs.draw(&mut raster, shown, (column * COLUMN_DOTS * wide + shift, 0), (wide, high));
                }
            }
            column += char_width(character);
        }
        raster
    }
}

/// Whether the printer draws the character itself.
fn rom_has(character: char, profile: &Profile) -> bool {
    if character.is_ascii() {
        return true;
    }
    // `€` is one byte in this encoding, which two-byte mode would pair with its neighbour.
    profile.chinese && character != '€' && matches!(GBK.encode(character.encode_utf8(&mut [0; 4])), (bytes, _, false) if bytes.len() == 2)
}

/// What stands for a character that cannot be shown. As wide as it, so that the columns behind it stay where they are.
fn stand_in(character: char, profile: &Profile) -> &'static str {
    match char_width(character) {
        2 if profile.chinese => "？",
        2 => "??",
        _ => "?",
    }
}

/// Whether neither printer nor font draws it.
fn lost(character: char, profile: &Profile) -> bool {
    !rom_has(character, profile) && !profile.glyphs.as_ref().is_some_and(|glyphs| glyphs.has(character))
}

/// Brings text to what receipts can show: twins that GBK has, no control characters but the line feed, at most `TEXT_MAX`.
fn fold(text: &str) -> String {
    let tidy = text.chars().take(TEXT_MAX).filter(|character| *character == '\n' || !character.is_control());
    tidy.filter_map(|character| {
        Some(match character {
            '¥' => '￥',
            '\u{A0}' | '\u{2002}'..='\u{200A}' => ' ',
            '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' => return None,
            '‐' | '‑' | '−' => '-',
            '•' | '‧' => '·',
            '©' => 'c',
            other => other,
        })
    })
    .collect()
}

/// 13 digits whose last one is the check digit of the others.
pub fn is_ean13(digits: &str) -> bool {
    let values: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(10)).collect();
    let sum: u32 = values.iter().enumerate().map(|(at, value)| value * if at % 2 == 0 { 1 } else { 3 }).sum();
    values.len() == 13 && digits.len() == 13 && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
