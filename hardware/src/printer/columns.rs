//! Columns of a receipt line: a Chinese character takes two, and so nothing is counted in characters or bytes here.

use super::slip::{Align, Cell};

/// Columns below which a shared cell goes to a line of its own.
const REST_MIN: usize = 4;

/// Columns of one character as a GBK printer draws it: all that is one byte is 1 wide, all else 2.
pub fn char_width(character: char) -> usize {
    usize::from(!character.is_ascii()) + 1
}

/// Columns of a text.
pub fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Breaks text into lines of at most `columns`, after a space if one is near the end, never inside a character.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for character in paragraph.chars() {
            let wide = char_width(character);
            if used + wide > columns && !line.is_empty() {
                let rest = carry(&mut line, columns, character);
                lines.push(std::mem::replace(&mut line, rest));
                used = width(&line);
                if character == ' ' {
                    continue;
                }
            }
            line.push(character);
            used += wide;
        }
        lines.push(line);
    }
    lines
}

/// Breaks text into as few lines as `wrap` does, all about as long: for what stands in the middle of the paper.
pub fn wrap_evenly(text: &str, columns: usize) -> Vec<String> {
    let count = wrap(text, columns).len();
    let narrowest = (2..=columns).find(|narrow| wrap(text, *narrow).len() <= count);
    wrap(text, narrowest.unwrap_or(columns))
}

/// Takes a broken ASCII word off the end of a full line, if that leaves at least half of the line.
fn carry(line: &mut String, columns: usize, next: char) -> String {
    if !next.is_ascii_graphic() {
        line.truncate(line.trim_end_matches(' ').len());
        return String::new();
    }
    let word = line
        .rfind(|character: char| !character.is_ascii_graphic())
        .map_or(0, |at| at + line[at..].chars().next().map_or(0, char::len_utf8));
    if word == line.len() || width(&line[..word]) * 2 < columns {
        return String::new();
    }
    let rest = line.split_off(word);
    line.truncate(line.trim_end_matches(' ').len());
    rest
}

/// Puts a text that fits into so many columns.
pub fn pad(text: &str, columns: usize, align: Align) -> String {
    let free = columns.saturating_sub(width(text));
    let left = match align {
        Align::Left => 0,
        Align::Centre => free / 2,
        Align::Right => free,
    };
    format!("{}{text}{}", " ".repeat(left), " ".repeat(free - left))
}

/// The lines of a row. Figures keep all their digits: a cell with a width grows when its text is longer, shared cells give way
/// and wrap, and go above the others when fewer than `REST_MIN` columns are left for them.
pub fn row(cells: &[Cell], columns: usize) -> Vec<String> {
    let fixed: Vec<Option<usize>> = (0..cells.len()).map(|at| cells[at].width.map(|least| fitted(cells, at, usize::from(least)))).collect();
    let taken: usize = fixed.iter().flatten().sum();
    let shared = fixed.iter().filter(|width| width.is_none()).count();
    if taken > columns || (shared > 0 && (columns - taken) / shared < REST_MIN) {
        return stacked(cells, columns);
    }
    let mut rest = columns - taken;
    let mut left = shared;
    let widths: Vec<usize> = fixed
        .iter()
        .map(|width| {
            width.unwrap_or_else(|| {
                let part = rest / left.max(1);
                rest -= part;
                left -= 1;
                part
            })
        })
        .collect();
    let block = |at: usize| match cells[at].width {
        Some(_) => vec![cells[at].text.clone()],
        None => wrap(&cells[at].text, widths[at].saturating_sub(trail(cells, at)).max(2)),
    };
    let blocks: Vec<Vec<String>> = (0..cells.len()).map(block).collect();
    let height = blocks.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|at| {
            let line: String = blocks
                .iter()
                .zip(cells)
                .zip(&widths)
                .map(|((block, cell), wide)| pad(block.get(at).map_or("", String::as_str), *wide, cell.align))
                .collect();
            line.trim_end().to_owned()
        })
        .collect()
}

/// The width of a cell: as asked where the text fits, else what the text needs not to run into its neighbours.
fn fitted(cells: &[Cell], at: usize, asked: usize) -> usize {
    let wide = width(&cells[at].text);
    let lead = usize::from(at > 0 && cells[at].align == Align::Right);
    if wide <= asked { asked } else { wide + lead + trail(cells, at) }
}

/// A free column on the right, where the next cell does not keep one on its left.
fn trail(cells: &[Cell], at: usize) -> usize {
    usize::from(cells.get(at + 1).is_some_and(|next| next.align != Align::Right))
}

/// What does not fit side by side: shared cells first, each on its own lines, then the others below, as far as they go.
fn stacked(cells: &[Cell], columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = cells.iter().filter(|cell| cell.width.is_none()).flat_map(|cell| wrap(&cell.text, columns)).collect();
    let mut line = String::new();
    for cell in cells.iter().filter(|cell| cell.width.is_some()) {
        let wide = usize::from(cell.width.unwrap_or(0)).max(width(&cell.text));
        if !line.is_empty() && width(&line) + wide + 1 > columns {
            lines.extend(wrap(&std::mem::take(&mut line), columns).iter().map(|line| pad(line, columns, Align::Right)));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&pad(&cell.text, wide.min(columns), cell.align));
    }
    lines.extend(wrap(&line, columns).iter().map(|line| pad(line, columns, Align::Right)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case::chinese("会员:张三", 9)]
    #[case::full_width_yen("￥12.50", 7)]
    #[case::ascii("12.50", 5)]
    fn widths(#[case] text: &str, #[case] columns: usize) {
        assert_eq!(width(text), columns);
    }

    // Goods line on 58 mm: name, quantity, amount; long names wrap under themselves, figures keep all digits.
    #[rstest]
    #[case::short("毛巾", "2", "51.00", &["毛巾                 2     51.00"])]
    #[case::long("特级初榨橄榄油礼盒装五百毫升", "1234", "12345678.90", &["特级初榨橄榄油", "礼盒装五百毫升"])]
    #[case::eight_digits("米", "1000", "99999999.99", &["米              1000 99999999.99"])]
    fn goods_line(#[case] name: &str, #[case] quantity: &str, #[case] amount: &str, #[case] expected: &[&str]) {
        let lines = row(&[Cell::rest(name), Cell::figure(quantity, 6), Cell::figure(amount, 10)], 32);
        assert!(lines.iter().all(|line| width(line) <= 32), "{lines:?}");
        assert!(lines[0].trim_end().ends_with(amount), "{lines:?}");
        if expected.len() == 1 {
            assert_eq!(lines, expected);
        } else {
            assert_eq!(lines.iter().map(|line| line.split(' ').next().unwrap_or("")).collect::<Vec<_>>(), expected);
        }
    }

    // Cells that fit stand exactly where they were put, also when they fill the paper.
    #[test]
    fn fitting_cells_stay() {
        let cells = [Cell::label("会员", 4), Cell::label("13******8000", 12), Cell::figure("1234567890123456", 16)];
        assert_eq!(row(&cells, 32), ["会员13******80001234567890123456"]);
    }

    #[rstest]
    #[case("abc def ghi", 7, &["abc def", "ghi"])]
    #[case("充值即送好礼详情见店内", 10, &["充值即送好", "礼详情见店", "内"])]
    #[case("a充值", 2, &["a", "充", "值"])]
    #[case("一\n二", 10, &["一", "二"])]
    #[case("", 10, &[""])]
    fn wraps(#[case] text: &str, #[case] columns: usize, #[case] lines: &[&str]) {
        assert_eq!(wrap(text, columns), lines);
    }

    #[rstest]
    #[case("示范连锁·人民路店", 16, &["示范连锁·", "人民路店"])]
    #[case("谢谢惠顾", 16, &["谢谢惠顾"])]
    #[case("", 16, &[""])]
    fn wraps_evenly(#[case] text: &str, #[case] columns: usize, #[case] lines: &[&str]) {
        assert_eq!(wrap_evenly(text, columns), lines);
    }

    proptest! {
        // No line is wider than the paper and no visible character is lost, whatever the text.
        #[test]
        fn nothing_is_lost(text in "[a-z0-9 .￥张三𠮷]{0,80}", columns in 2_usize..60) {
            let lines = wrap(&text, columns);
            prop_assert!(lines.iter().all(|line| width(line) <= columns));
            let seen = |text: &str| text.chars().filter(|character| *character != ' ').collect::<String>();
            prop_assert_eq!(seen(&lines.concat()), seen(&text));
        }

        #[test]
        fn rows_fit(
            cells in prop::collection::vec(("[0-9.张三]{0,20}", prop::option::of(0_u8..20)), 1..5),
            columns in prop::sample::select(vec![32_usize, 42, 48]),
        ) {
            let cells: Vec<Cell> = cells.into_iter().map(|(text, width)| Cell { text, align: Align::Right, width }).collect();
            let lines = row(&cells, columns);
            prop_assert!(lines.iter().all(|line| width(line) <= columns), "{:?}", lines);
            let count = |text: &str| text.chars().filter(|character| *character != ' ').count();
            prop_assert_eq!(lines.iter().map(|line| count(line)).sum::<usize>(), cells.iter().map(|cell| count(&cell.text)).sum::<usize>());
        }
    }
}
