//! A slip as a printer understands it, and the paper it is laid out on. Knows no printer: the edge maps these lines to its driver's one to one.
//! Every text fits its columns as GBK printers count them, so nothing is wrapped or cut a second time.
use crate::base::text::{char_width, display_width, split_at_width};

/// Columns of 58 mm and of 80 mm paper.
pub const NARROW: usize = 32;
pub const WIDE: usize = 48;

/// One thing on a slip, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlipLine {
    Text {
        text: String,
        align: Align,
        size: Size,
        bold: bool,
    },
    /// Cells side by side; their widths are at most the columns of the paper.
    Columns(Vec<Cell>),
    /// A line across the paper.
    Rule,
    Qr(String),
    /// Empty lines.
    Feed(u8),
    Cut,
    /// Opens the drawer.
    Kick,
}

/// One cell; its text is no wider than `width`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// Columns.
    pub width: usize,
    pub align: Align,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Normal,
    /// Twice as wide and as high; half as many columns.
    Double,
}

/// The paper while it is filled.
#[derive(Debug)]
pub struct Paper {
    columns: usize,
    lines: Vec<SlipLine>,
}

impl Paper {
    /// Paper of so many columns; fewer than 24 hold no amount beside a word and count as 24.
    pub fn new(columns: usize) -> Paper {
        Paper { columns: columns.max(24), lines: Vec::new() }
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn finish(self) -> Vec<SlipLine> {
        self.lines
    }

    pub fn add(&mut self, line: SlipLine) -> &mut Paper {
        self.lines.push(line);
        self
    }

    /// Text on the left, wrapped; an empty text is nothing.
    pub fn left(&mut self, text: &str) -> &mut Paper {
        self.text(text, Align::Left, Size::Normal, false)
    }

    pub fn centre(&mut self, text: &str) -> &mut Paper {
        self.text(text, Align::Centre, Size::Normal, false)
    }

    /// Bold and double, in the middle.
    pub fn title(&mut self, text: &str) -> &mut Paper {
        self.text(text, Align::Centre, Size::Double, true)
    }

    /// Bold on the left.
    pub fn strong(&mut self, text: &str) -> &mut Paper {
        self.text(text, Align::Left, Size::Normal, true)
    }

    fn text(&mut self, text: &str, align: Align, size: Size, bold: bool) -> &mut Paper {
        let columns = if size == Size::Double { self.columns / 2 } else { self.columns };
        for text in wrapped(text, columns) {
            self.lines.push(SlipLine::Text { text, align, size, bold });
        }
        self
    }

    /// Two texts, left and right; if they do not fit side by side, the right one goes below.
    pub fn pair(&mut self, left: &str, right: &str) -> &mut Paper {
        let (left, right) = (clean(left), clean(right));
        let right_width = display_width(&right);
        if display_width(&left) + 1 + right_width > self.columns {
            self.left(&left);
            for text in wrapped(&right, self.columns) {
                self.lines.push(SlipLine::Text { text, align: Align::Right, size: Size::Normal, bold: false });
            }
            return self;
        }
        self.add(SlipLine::Columns(vec![
            Cell { text: left, width: self.columns - right_width, align: Align::Left },
            Cell { text: right, width: right_width, align: Align::Right },
        ]))
    }

    /// A bold text on the left, an amount on the right: for what is looked at first.
    pub fn strong_pair(&mut self, left: &str, right: &str) -> &mut Paper {
        let gap = self.columns.saturating_sub(display_width(&clean(left)) + display_width(&clean(right))).max(1);
        self.strong(&format!("{}{}{}", clean(left), " ".repeat(gap), clean(right)))
    }

    /// Cells of given widths, the first left, the others right; says whether they fit. If not, nothing is added.
    pub fn row(&mut self, cells: &[(&str, usize)]) -> bool {
        let fits = cells.iter().enumerate().all(|(at, (text, width))| display_width(text) + usize::from(at > 0) <= *width);
        if fits && cells.iter().map(|(_, width)| width).sum::<usize>() <= self.columns {
            let align = |at| if at == 0 { Align::Left } else { Align::Right };
            let cell = |(at, (text, width)): (usize, &(&str, usize))| Cell { text: clean(text), width: *width, align: align(at) };
            self.lines.push(SlipLine::Columns(cells.iter().enumerate().map(cell).collect()));
        }
        fits
    }

    pub fn rule(&mut self) -> &mut Paper {
        self.add(SlipLine::Rule)
    }

    /// A label with a line to write on.
    pub fn signature(&mut self, label: &str) -> &mut Paper {
        let label = clean(label);
        let line = "_".repeat(self.columns.saturating_sub(display_width(&label) + 1).max(8));
        self.add(SlipLine::Feed(1)).left(&format!("{label} {line}"))
    }

    pub fn qr(&mut self, text: &str) -> &mut Paper {
        self.add(SlipLine::Qr(text.into()))
    }

    /// Feeds past the tear bar and cuts.
    pub fn cut(&mut self) -> &mut Paper {
        self.add(SlipLine::Feed(3)).add(SlipLine::Cut)
    }
}

/// The slip as plain text, one line of `columns` after another, as pages show it: `#` marks a QR code, `✂` a cut.
pub fn drawn(lines: &[SlipLine], columns: usize) -> String {
    let mut out = String::new();
    for line in lines {
        let text = match line {
            SlipLine::Text { text, align, size: Size::Normal, .. } => placed(text, columns, *align),
            SlipLine::Text { text, align, size: Size::Double, .. } => placed(&spread(text), columns, *align),
            SlipLine::Columns(cells) => cells.iter().map(|cell| placed(&cell.text, cell.width, cell.align)).collect(),
            SlipLine::Rule => "-".repeat(columns),
            SlipLine::Qr(text) => placed(&format!("# {text} #"), columns, Align::Centre),
            SlipLine::Feed(count) => "\n".repeat(usize::from(count.saturating_sub(1))),
            SlipLine::Cut => format!("✂{}", "-".repeat(columns.saturating_sub(2))),
            SlipLine::Kick => placed("[钱箱]", columns, Align::Right),
        };
        out.push_str(text.trim_end_matches(' '));
        out.push('\n');
    }
    out
}

/// Doubled text drawn in plain letters: a blank after each column it takes more.
fn spread(text: &str) -> String {
    text.chars().flat_map(|c| [Some(c), (char_width(c) > 0).then_some(' '), (char_width(c) > 1).then_some(' ')]).flatten().collect()
}

/// Text filled up to a width.
fn placed(text: &str, width: usize, align: Align) -> String {
    let room = width.saturating_sub(display_width(text));
    let before = match align {
        Align::Left => 0,
        Align::Centre => room / 2,
        Align::Right => room,
    };
    format!("{}{text}{}", " ".repeat(before), " ".repeat(room - before))
}

/// Without line feeds and other control characters: a name must not move the paper.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim_end().to_string()
}

/// Lines no wider than `columns`, broken at a blank where there is one.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let text = clean(text);
    let (mut rest, mut lines) = (text.as_str(), Vec::new());
    while !rest.is_empty() {
        let (head, tail) = split_at_width(rest, columns.max(2));
        let blank = head.rfind(' ').filter(|at| !tail.is_empty() && !tail.starts_with(' ') && *at > 0);
        let (head, tail) = blank.map_or((head, tail), |at| rest.split_at(at));
        lines.push(head.trim_end().to_string());
        rest = tail.trim_start();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("矿泉水", 4, &["矿泉", "水"])]
    #[case("sparkling water", 10, &["sparkling", "water"])]
    #[case("abcdefgh", 3, &["abc", "def", "gh"])]
    #[case("a\nb", 10, &["a b"])]
    #[case("水a水", 3, &["水a", "水"])]
    #[case("", 10, &[])]
    fn wraps(#[case] text: &str, #[case] columns: usize, #[case] wanted: &[&str]) {
        assert_eq!(wrapped(text, columns), wanted);
    }

    #[test]
    fn a_pair_too_wide_for_one_line_takes_two() {
        let mut paper = Paper::new(NARROW);
        paper.pair("9999.999 x 12345678.90 很长的说明文字", "123456789012.34");
        let lines = paper.finish();
        assert!(!lines.iter().any(|line| matches!(line, SlipLine::Columns(_))));
        assert!(drawn(&lines, NARROW).lines().all(|line| display_width(line) <= NARROW));
        assert!(drawn(&lines, NARROW).ends_with(" 123456789012.34\n"), "the amount stands right: {}", drawn(&lines, NARROW));
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_the_paper(left in ".{0,80}", right in ".{0,40}", columns in 20usize..60) {
            let mut paper = Paper::new(columns);
            paper.left(&left).title(&right).pair(&left, &right).signature("签名");
            let (columns, lines) = (paper.columns(), paper.finish());
            for line in &lines {
                match line {
                    SlipLine::Text { text, size: Size::Double, .. } => prop_assert!(display_width(text) * 2 <= columns),
                    SlipLine::Text { text, .. } => prop_assert!(display_width(text) <= columns),
                    SlipLine::Columns(cells) => {
                        prop_assert!(cells.iter().all(|cell| display_width(&cell.text) <= cell.width));
                        prop_assert_eq!(cells.iter().map(|cell| cell.width).sum::<usize>(), columns);
                    }
                    _ => {}
                }
            }
        }
    }
}
