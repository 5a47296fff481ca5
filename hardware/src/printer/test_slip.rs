//! The slip that a technician prints to see whether a printer fits its profile.

use super::{
    Barrier, Profile, Status,
    slip::{Cell, Item, Size, Slip},
};

/// Shows the paper's edges, Chinese, sizes, amounts, codes and cutter, and says what to look for. Opens no drawer.
pub fn test_slip(profile: &Profile, device: &str, time: &str) -> Slip {
    let columns = usize::from(profile.columns);
    let ruler: String = (1..=columns).map(|column| char::from(b'0' + (column % 10) as u8)).collect();
    let answers = match (profile.status, profile.barrier) {
        (Status::DleEot, Barrier::GsR) => "状态、完成应答 status and barrier",
        (Status::DleEot, Barrier::None) => "仅状态 status only",
        (Status::None, Barrier::GsR) => "仅完成应答 barrier only",
        (Status::None, Barrier::None) => "不应答 answers nothing",
    };
    let mut slip = Slip::new();
    slip.title("打印测试", Size::DOUBLE)
        .title("Test print", Size::NORMAL)
        .line(format!("设备 Device: {device}"))
        .line(format!("时间 Time: {time}"))
        .line(format!("每行 Columns: {columns}"))
        .line(format!("应答 Answers: {answers}"))
        .rule()
        .line(ruler)
        .line("上一行应正好到纸边。The line above ends at the paper's edge.")
        .row(vec![Cell::rest("品名 Item"), Cell::figure("数量", 6), Cell::figure("金额", 12)])
        .row(vec![Cell::rest("特级初榨橄榄油礼盒装"), Cell::figure("1234", 6), Cell::figure("12345678.90", 12)])
        .pair("全角符号 ￥ ％ 。", "￥0.01")
        .line("生僻字 Rare: 王𠮷 䶮 㛃")
        .add(Item::Text { text: "倍高 Tall".into(), align: super::slip::Align::Left, size: Size::TALL, bold: false })
        .add(Item::Text { text: "加粗 Bold".into(), align: super::slip::Align::Right, size: Size::NORMAL, bold: true })
        .add(Item::Ean13 { digits: "6901234567892".into() })
        .qr("CATENA-TEST", 6)
        .title("扫二维码应得 CATENA-TEST", Size::NORMAL)
        .feed(1)
        .cut();
    slip
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::{
        render,
        token::{Token, Tokens},
    };
    use rstest::rstest;

    // For each named profile: no unknown command, no drawer, ends as a receipt of that paper ends.
    #[rstest]
    fn prints_on_every_profile(#[values("80mm", "80mm_silent", "80mm_picture", "58mm", "58mm_status", "58mm_picture")] name: &str) {
        assert!(Profile::NAMES.contains(&name));
        let profile = Profile::named(name).expect("a known name");
        let tokens = Tokens::default().feed(&render(&test_slip(&profile, "printer", "2026-11-21 19:06"), &profile));
        assert!(tokens.iter().all(|(token, _)| !matches!(token, Token::Other | Token::Drawer { .. })));
        let last = tokens.last().map(|(token, _)| token.clone());
        assert_eq!(last, Some(if profile.cutter { Token::Cut } else { Token::Feed(crate::printer::render::TEAR_LINES) }));
    }
}
