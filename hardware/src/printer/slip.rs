//! What stands on a receipt, as a plain list of layout items. Knows no sale: others fill it.

use serde::{Deserialize, Serialize};

/// Dots of one column at 203 dpi (font A); a Chinese character takes two.
pub const COLUMN_DOTS: usize = 12;
/// Dots of one text line.
pub const LINE_DOTS: usize = 24;

/// One receipt, top to bottom.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    pub items: Vec<Item>,
}

/// One thing on a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "item", rename_all = "snake_case")]
pub enum Item {
    /// Text, wrapped to the paper. A line feed in it begins a new line; other control characters are dropped.
    Text {
        text: String,
        #[serde(default)]
        align: Align,
        #[serde(default)]
        size: Size,
        #[serde(default)]
        bold: bool,
    },
    /// Two to four cells side by side. A cell without width shares what the others leave.
    Row {
        cells: Vec<Cell>,
        #[serde(default)]
        bold: bool,
    },
    /// A line of this character across the paper, such as `-` or `=`.
    Rule { mark: char },
    /// QR code, model 2, medium correction, centred; module size 1..=16 dots.
    Qr { data: String, module_dots: u8 },
    /// EAN-13 from 13 digits. With a wrong check digit its digits are printed as text: a printer would alter or drop the symbol.
    Ean13 { digits: String },
    /// CODE128, ASCII, at most `CODE128_MAX` characters; else printed as text.
    Code128 { data: String },
    /// Empty lines.
    Feed { lines: u8 },
    /// Feeds to the cutter and cuts; without a cutter feeds to the tear bar. Ends a receipt.
    Cut,
    /// Opens the drawer by its pulse; nothing without a drawer.
    Drawer { pin: DrawerPin },
}

/// One cell of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub text: String,
    #[serde(default)]
    pub align: Align,
    /// Columns. A longer text makes the cell wider rather than losing digits; `None` shares the rest and wraps.
    #[serde(default)]
    pub width: Option<u8>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    #[default]
    Left,
    Centre,
    Right,
}

/// Multiples of the normal size, 1..=8 each way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    pub wide: u8,
    pub high: u8,
}

impl Default for Size {
    fn default() -> Self {
        Self::NORMAL
    }
}

impl Size {
    pub const NORMAL: Self = Self { wide: 1, high: 1 };
    pub const TALL: Self = Self { wide: 1, high: 2 };
    pub const DOUBLE: Self = Self { wide: 2, high: 2 };
}

/// Which wire of the printer's drawer socket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawerPin {
    #[default]
    Two,
    Five,
}

impl Slip {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds any item.
    pub fn add(&mut self, item: Item) -> &mut Self {
        self.items.push(item);
        self
    }

    /// A line of normal text on the left.
    pub fn line(&mut self, text: impl Into<String>) -> &mut Self {
        self.add(Item::Text { text: text.into(), align: Align::Left, size: Size::NORMAL, bold: false })
    }

    /// Centred bold text in this size.
    pub fn title(&mut self, text: impl Into<String>, size: Size) -> &mut Self {
        self.add(Item::Text { text: text.into(), align: Align::Centre, size, bold: true })
    }

    /// A label on the left and a figure on the right.
    pub fn pair(&mut self, left: impl Into<String>, right: impl Into<String>) -> &mut Self {
        let right = right.into();
        let width = Some(u8::try_from(super::columns::width(&right) + 1).unwrap_or(u8::MAX));
        self.row(vec![Cell::rest(left), Cell { text: right, align: Align::Right, width }])
    }

    pub fn row(&mut self, cells: Vec<Cell>) -> &mut Self {
        self.add(Item::Row { cells, bold: false })
    }

    pub fn rule(&mut self) -> &mut Self {
        self.add(Item::Rule { mark: '-' })
    }

    pub fn qr(&mut self, data: impl Into<String>, module_dots: u8) -> &mut Self {
        self.add(Item::Qr { data: data.into(), module_dots })
    }

    pub fn feed(&mut self, lines: u8) -> &mut Self {
        self.add(Item::Feed { lines })
    }

    pub fn cut(&mut self) -> &mut Self {
        self.add(Item::Cut)
    }

    pub fn drawer(&mut self) -> &mut Self {
        self.add(Item::Drawer { pin: DrawerPin::Two })
    }
}

impl Cell {
    /// Takes the columns that the others leave; wraps; on the left.
    pub fn rest(text: impl Into<String>) -> Self {
        Self { text: text.into(), align: Align::Left, width: None }
    }

    /// So many columns, on the right: figures.
    pub fn figure(text: impl Into<String>, width: u8) -> Self {
        Self { text: text.into(), align: Align::Right, width: Some(width) }
    }

    /// So many columns, on the left.
    pub fn label(text: impl Into<String>, width: u8) -> Self {
        Self { text: text.into(), align: Align::Left, width: Some(width) }
    }
}
