//! A receipt as a picture and as text, drawn from the received bytes alone: what a printer of that width would have printed.

use super::symbols;
use crate::printer::{
    columns::{char_width, width},
    glyphs::Glyphs,
    raster::Raster,
    slip::{COLUMN_DOTS, LINE_DOTS},
    token::{Token, Tokens},
};
use encoding_rs::GBK;

/// Dots from line to line.
const SPACING: usize = 30;
/// Longest picture: two metres of paper.
const HEIGHT_MAX: usize = 16_000;

/// Draws the bytes on paper of so many columns. Without a font only bars, codes and pictures are seen.
pub fn draw(bytes: &[u8], columns: u8, glyphs: Option<&Glyphs>) -> Raster {
    let mut paper = Paper {
        raster: Raster::new(usize::from(columns) * COLUMN_DOTS, 0),
        glyphs,
        top: 0,
        line: Vec::new(),
        style: Style::default(),
        symbol: Symbol::default(),
    };
    for (token, _) in Tokens::default().feed(bytes) {
        if paper.top > HEIGHT_MAX {
            break;
        }
        paper.take(token);
    }
    paper.end_line(false);
    paper.raster.grow(paper.top);
    paper.raster
}

/// The bytes as lines of text; codes and pictures in brackets.
pub fn text(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut stored = String::new();
    for (token, _) in Tokens::default().feed(bytes) {
        match token {
            Token::Text(character) => out.push_str(&GBK.decode_without_bom_handling(&character).0),
            Token::LineFeed => out.push('\n'),
            Token::Feed(lines) => out.push_str(&"\n".repeat(usize::from(lines))),
            Token::Raster { bytes_per_row, data } => {
                out.push_str(&format!("[picture {}×{}]\n", bytes_per_row * 8, data.len() / bytes_per_row))
            }
            Token::Barcode { data, .. } => out.push_str(&format!("[barcode {}]", String::from_utf8_lossy(&data))),
            Token::Symbol { function: 0x50, data } => stored = String::from_utf8_lossy(data.get(1..).unwrap_or(&[])).into_owned(),
            Token::Symbol { function: 0x51, .. } => out.push_str(&format!("[QR {stored}]")),
            Token::Drawer { .. } => out.push_str("[drawer]\n"),
            Token::Cut => out.push_str("[cut]\n"),
            _ => {}
        }
    }
    out
}

#[derive(Debug, Clone, Copy)]
struct Style {
    align: u8,
    bold: bool,
    wide: usize,
    high: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { align: 0, bold: false, wide: 1, high: 1 }
    }
}

/// Settings of codes, as they are after `ESC @`.
struct Symbol {
    module: usize,
    level: u8,
    stored: Vec<u8>,
    bar_height: usize,
    bar_width: usize,
    bar_text: u8,
}

impl Default for Symbol {
    fn default() -> Self {
        Self { module: 3, level: 0x30, stored: Vec::new(), bar_height: 162, bar_width: 3, bar_text: 0 }
    }
}

struct Paper<'a> {
    raster: Raster,
    glyphs: Option<&'a Glyphs>,
    top: usize,
    line: Vec<(char, Style)>,
    style: Style,
    symbol: Symbol,
}

impl Paper<'_> {
    fn take(&mut self, token: Token) {
        match token {
            Token::Init => (self.style, self.symbol) = (Style::default(), Symbol::default()),
            Token::Text(bytes) => self.write(&bytes),
            Token::LineFeed => self.end_line(true),
            Token::Feed(lines) => {
                self.end_line(false);
                self.top += SPACING * usize::from(lines);
            }
            Token::FeedDots(dots) => {
                self.end_line(false);
                self.top += usize::from(dots);
            }
            Token::Align(n) => self.style.align = n,
            Token::Bold(on) => self.style.bold = on,
            Token::Size(n) => (self.style.wide, self.style.high) = (usize::from(n >> 4) + 1, usize::from(n & 0x0F) + 1),
            Token::Raster { bytes_per_row, data } => {
                self.end_line(false);
                self.stamp_bytes(bytes_per_row, &data);
            }
            Token::BarcodeHeight(n) => self.symbol.bar_height = usize::from(n),
            Token::BarcodeWidth(n) => self.symbol.bar_width = usize::from(n.clamp(1, 6)),
            Token::BarcodeText(n) => self.symbol.bar_text = n,
            Token::Barcode { system, data } => self.barcode(system, &data),
            Token::Symbol { function, data } => self.code(function, &data),
            Token::Cut => {
                self.end_line(false);
                self.top += 2 * SPACING;
            }
            Token::BarcodeFont(_)
            | Token::Chinese(_)
            | Token::Drawer { .. }
            | Token::AskStatus(_)
            | Token::AskBarrier(_)
            | Token::AutoStatus(_)
            | Token::Other => {}
        }
    }

    /// Adds a character; a full line breaks as printers break it.
    fn write(&mut self, bytes: &[u8]) {
        for character in GBK.decode_without_bom_handling(bytes).0.chars() {
            let used: usize = self.line.iter().map(|(character, style)| char_width(*character) * style.wide).sum();
            if (used + char_width(character) * self.style.wide) * COLUMN_DOTS > self.raster.width() {
                self.end_line(true);
            }
            self.line.push((character, self.style));
        }
    }

    fn end_line(&mut self, feed: bool) {
        let line = std::mem::take(&mut self.line);
        let high = line.iter().map(|(_, style)| style.high).max().unwrap_or(0);
        if high == 0 {
            self.top += if feed { SPACING } else { 0 };
            return;
        }
        self.raster.grow(self.top + LINE_DOTS * high);
        let dots: usize = line.iter().map(|(character, style)| char_width(*character) * style.wide * COLUMN_DOTS).sum();
        let mut left = self.indent(dots, line[0].1.align);
        for (character, style) in line {
            // Characters of a line stand on one foot.
            let top = self.top + LINE_DOTS * (high - style.high);
            if let Some(glyphs) = self.glyphs {
                for shift in 0..=usize::from(style.bold) {
                    glyphs.draw(&mut self.raster, character, (left + shift, top), (style.wide, style.high));
                }
            }
            left += char_width(character) * style.wide * COLUMN_DOTS;
        }
        self.top += LINE_DOTS * high + (SPACING - LINE_DOTS);
    }

    fn indent(&self, dots: usize, align: u8) -> usize {
        let free = self.raster.width().saturating_sub(dots);
        match align {
            1 => free / 2,
            2 => free,
            _ => 0,
        }
    }

    fn stamp_bytes(&mut self, bytes_per_row: usize, data: &[u8]) {
        let rows = data.len() / bytes_per_row;
        self.raster.grow(self.top + rows);
        let left = self.indent(bytes_per_row * 8, self.style.align);
        for (y, row) in data.chunks(bytes_per_row).enumerate() {
            for (x, byte) in row.iter().enumerate() {
                for bit in (0..8).filter(|bit| byte & (0x80 >> bit) != 0) {
                    self.raster.set(left + x * 8 + bit, self.top + y);
                }
            }
        }
        self.top += rows;
    }

    fn code(&mut self, function: u8, data: &[u8]) {
        match (function, data) {
            (0x43, [module, ..]) => self.symbol.module = usize::from(*module).clamp(1, 16),
            (0x45, [level, ..]) => self.symbol.level = *level,
            (0x50, [0x30, stored @ ..]) => self.symbol.stored = stored.to_vec(),
            (0x51, _) => {
                self.end_line(false);
                // A code wider than the paper is not printed.
                if let Some(code) = symbols::qr(&self.symbol.stored, self.symbol.level, self.symbol.module)
                    .filter(|code| code.width() <= self.raster.width())
                {
                    let rows = code.bytes().to_vec();
                    self.stamp_bytes(code.stride(), &rows);
                }
            }
            _ => {}
        }
    }

    fn barcode(&mut self, system: u8, data: &[u8]) {
        self.end_line(false);
        let Some(bars) = symbols::bars(system, data) else { return };
        let dots = bars.len() * self.symbol.bar_width;
        if dots > self.raster.width() {
            return;
        }
        self.raster.grow(self.top + self.symbol.bar_height);
        let left = self.indent(dots, self.style.align);
        for (at, _) in bars.iter().enumerate().filter(|(_, black)| **black) {
            self.raster.fill(left + at * self.symbol.bar_width, self.top, self.symbol.bar_width, self.symbol.bar_height);
        }
        self.top += self.symbol.bar_height;
        if self.symbol.bar_text & 2 != 0 {
            let shown = String::from_utf8_lossy(data.strip_prefix(b"{B").unwrap_or(data)).replace("{{", "{");
            let style = Style { align: 0, bold: false, wide: 1, high: 1 };
            let pad = (left + dots / 2).saturating_sub(width(&shown) * COLUMN_DOTS / 2) / COLUMN_DOTS;
            self.line = std::iter::repeat_n(' ', pad).chain(shown.chars()).map(|character| (character, style)).collect();
            self.end_line(false);
        }
    }
}

#[cfg(test)]
mod tests;
