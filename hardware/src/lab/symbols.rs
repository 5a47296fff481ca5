//! QR codes and barcodes as dots, from the data a printer was sent.

use crate::printer::raster::Raster;
use qrcodegen::{QrCode, QrCodeEcc};

/// White modules around a QR code.
const QUIET: usize = 4;

/// A QR code of these bytes; `level` is the printer's `0`–`3` for L, M, Q, H. None if they are too many.
pub fn qr(data: &[u8], level: u8, module: usize) -> Option<Raster> {
    let level = match level {
        0x30 => QrCodeEcc::Low,
        0x32 => QrCodeEcc::Quartile,
        0x33 => QrCodeEcc::High,
        _ => QrCodeEcc::Medium,
    };
    let code = QrCode::encode_binary(data, level).ok()?;
    let size = code.size() as usize;
    let mut raster = Raster::new((size + 2 * QUIET) * module, (size + 2 * QUIET) * module);
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x as i32, y as i32)) {
            raster.fill((x + QUIET) * module, (y + QUIET) * module, module, module);
        }
    }
    Some(raster)
}

/// Bars of `GS k` system 67 (EAN-13) or 73 (CODE128); `true` is black. None for what a printer would not print.
pub fn bars(system: u8, data: &[u8]) -> Option<Vec<bool>> {
    match system {
        67 => ean13(data),
        73 => code128(data),
        _ => None,
    }
}

const EAN_LEFT: [&str; 10] = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];
/// Which of the left digits are written in the mirrored right code, by the first digit.
const EAN_PARITY: [&str; 10] = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"];

fn ean13(data: &[u8]) -> Option<Vec<bool>> {
    let digits: Vec<usize> = data.iter().map(|digit| (*digit as char).to_digit(10).map(|value| value as usize)).collect::<Option<_>>()?;
    if digits.len() != 13 {
        return None;
    }
    let bits = |code: &str| code.chars().map(|bit| bit == '1').collect::<Vec<_>>();
    let right = |digit: usize| bits(EAN_LEFT[digit]).into_iter().map(|bit| !bit).collect::<Vec<_>>();
    let mut out = bits("101");
    for (digit, parity) in digits[1..7].iter().zip(EAN_PARITY[digits[0]].chars()) {
        match parity {
            'L' => out.extend(bits(EAN_LEFT[*digit])),
            _ => out.extend(right(*digit).into_iter().rev()),
        }
    }
    out.extend(bits("01010"));
    out.extend(digits[7..].iter().flat_map(|digit| right(*digit)));
    out.extend(bits("101"));
    Some(out)
}

/// Widths of bars and spaces of the 107 values of CODE128.
const CODE128: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312", "231212", "112232",
    "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122",
    "321221", "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311",
    "211313", "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113",
    "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422",
    "121124", "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111",
    "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141", "214121",
    "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412",
    "211214", "211232", "2331112",
];
const START_B: usize = 104;
const STOP: usize = 106;

/// `{B` and text, where `{{` is a brace: the one set that our receipts use.
fn code128(data: &[u8]) -> Option<Vec<bool>> {
    let text = String::from_utf8(data.strip_prefix(b"{B")?.to_vec()).ok()?.replace("{{", "{");
    let values: Vec<usize> =
        text.bytes().map(|byte| usize::from(byte).checked_sub(32).filter(|value| *value < 95)).collect::<Option<_>>()?;
    let sum = START_B + values.iter().enumerate().map(|(at, value)| (at + 1) * value).sum::<usize>();
    let all = [START_B].into_iter().chain(values).chain([sum % 103, STOP]);
    let widths = all.flat_map(|value| CODE128[value].chars().filter_map(|width| width.to_digit(10)));
    Some(widths.enumerate().flat_map(|(at, width)| std::iter::repeat_n(at % 2 == 0, width as usize)).collect())
}
