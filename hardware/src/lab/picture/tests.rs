//! What is drawn from bytes: read back by an independent reader of symbols (`zbarimg`), and as text.

use super::*;
use crate::{
    lab::png,
    printer::{
        Profile, Slip, render,
        slip::{Cell, Item, Size},
    },
};
use rstest::rstest;
use std::{
    fs,
    process::{Command, Stdio},
};

fn receipt() -> Slip {
    let mut slip = Slip::new();
    slip.drawer()
        .title("示范连锁·人民路店", Size::DOUBLE)
        .line("单号 R000123  收银员 李梅")
        .line("2026-11-21 19:06:05")
        .rule()
        .row(vec![Cell::rest("品名"), Cell::figure("数量", 6), Cell::figure("金额", 10)])
        .row(vec![Cell::rest("精华液 30ml"), Cell::figure("1", 6), Cell::figure("168.00", 10)])
        .row(vec![Cell::rest("特级初榨橄榄油礼盒装五百毫升"), Cell::figure("1234", 6), Cell::figure("12345678.90", 10)])
        .rule()
        .pair("应收", "￥340.60")
        .add(Item::Text { text: "找零 9.40".into(), align: crate::printer::slip::Align::Right, size: Size::DOUBLE, bold: true })
        .add(Item::Ean13 { digits: "6901234567892".into() })
        .add(Item::Code128 { data: "R000123{a}".into() })
        .qr("https://example.com/r/R000123", 6)
        .title("谢谢惠顾", Size::NORMAL)
        .cut();
    slip
}

// Text as the customer reads it, from the bytes alone.
#[test]
fn text_of_a_receipt() {
    let text = text(&render(&receipt(), &Profile { columns: 32, ..Profile::wide() }));
    assert!(text.starts_with("[drawer]\n示范连锁·\n人民路店\n单号 R000123  收银员 李梅\n"), "{text}");
    assert!(text.contains("精华液 30ml          1    168.00\n"), "{text}");
    assert!(text.contains("特级初榨橄榄油  1234 12345678.90\n礼盒装五百毫升\n"), "{text}");
    assert!(text.ends_with("[QR https://example.com/r/R000123]\n谢谢惠顾\n[cut]\n"), "{text}");
}

/// Runs the reader of symbols, installing it where that is allowed. None, said loudly, where it is not.
fn zbarimg(png: &std::path::Path) -> Option<String> {
    let run = || Command::new("zbarimg").args(["--quiet", "--nodbus"]).arg(png).stderr(Stdio::null()).output();
    let output = run().or_else(|_| {
        let install =
            Command::new("apt-get").args(["install", "-y", "-q", "zbar-tools"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        if install.is_ok_and(|status| status.success()) { run() } else { Err(std::io::ErrorKind::NotFound.into()) }
    });
    match output {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(_) => {
            eprintln!("SKIPPED: zbarimg is not installed and cannot be (package zbar-tools)");
            None
        }
    }
}

// The codes on the picture say what was printed, on both widths of paper.
#[rstest]
#[case::narrow(32)]
#[case::wide(48)]
fn codes_are_read_back(#[case] columns: u8) {
    let bytes = render(&receipt(), &Profile { columns, ..Profile::wide() });
    let png = png::encode(&draw(&bytes, columns, Glyphs::find(None).as_ref()));
    let path = std::env::temp_dir().join(format!("receipt-{}-{columns}.png", std::process::id()));
    fs::write(&path, png).expect("a file in the temporary folder");
    if let Some(read) = zbarimg(&path) {
        for line in ["QR-Code:https://example.com/r/R000123", "EAN-13:6901234567892", "CODE-128:R000123{a}"] {
            assert!(read.lines().any(|seen| seen == line), "{line} is missing in {read:?}");
        }
    }
    fs::remove_file(path).expect("removing what was made");
}

// Where things stand: full size, right edge, black bars; no font needed.
#[test]
fn geometry() {
    let mut slip = Slip::new();
    slip.add(Item::Ean13 { digits: "6901234567892".into() }).cut();
    let raster = draw(&render(&slip, &Profile::wide()), 48, None);
    assert_eq!(raster.width(), 576);
    let row: Vec<usize> = (0..576).filter(|x| raster.get(*x, 10)).collect();
    let (first, last) = (row.first().copied(), row.last().copied());
    assert_eq!(first.zip(last).map(|(first, last)| last - first + 1), Some(95 * 3));
    assert_eq!(first, Some((576 - 95 * 3) / 2));
}

#[test]
fn glyphs_stay_in_their_cells() {
    let Some(glyphs) = Glyphs::find(None).filter(|glyphs| glyphs.has('国')) else {
        return eprintln!("SKIPPED: no Chinese font on this machine (fonts-wqy-zenhei)");
    };
    let mut slip = Slip::new();
    slip.pair("国", "国W");
    let raster = draw(&render(&slip, &Profile::narrow()), 32, Some(&glyphs));
    let black = |from: usize, to: usize| (from..to).flat_map(|x| (0..24).map(move |y| (x, y))).filter(|(x, y)| raster.get(*x, *y)).count();
    assert!(black(0, 24) > 60 && black(348, 372) > 60 && black(372, 384) > 20);
    assert_eq!(black(26, 346), 0);
}

proptest::proptest! {
    // Any bytes are drawn without panic, and not beyond the longest picture.
    #[test]
    fn anything_is_drawn(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600)) {
        let raster = draw(&bytes, 32, None);
        proptest::prop_assert!(raster.height() < HEIGHT_MAX + 70_000);
        let _text = text(&bytes);
    }
}
