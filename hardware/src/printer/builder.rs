//! Receipt bytes, on top of crate `escpos` as byte builder, with the corrections it needs (each has a byte test below).
//!
//! Not used of it: `cash_drawer` (leaves out the pulse times), `real_time_status` (a byte too many), `reset` (is none),
//! `partial_cut` (asks for a full cut), its text encoder (one unknown character fails the whole text), QR model 1.

use super::slip::{Align, DrawerPin, Size};
use escpos::{
    driver::Driver,
    errors::{PrinterError, Result},
    printer::Printer,
    utils::{
        BarcodeFont, BarcodeHeight, BarcodeOption, BarcodePosition, BarcodeWidth, JustifyMode, Protocol, QRCodeCorrectionLevel,
        QRCodeModel, QRCodeOption,
    },
};
use std::{cell::RefCell, rc::Rc};

/// Drawer pulse: on for 25 × 2 ms, off for 250 × 2 ms.
const PULSE: [u8; 2] = [25, 250];

/// Catches the bytes that the crate would send.
#[derive(Clone, Default)]
struct Caught(Rc<RefCell<Vec<u8>>>);

impl Driver for Caught {
    fn name(&self) -> String {
        "bytes".to_owned()
    }

    fn write(&self, data: &[u8]) -> Result<()> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> Result<usize> {
        Err(PrinterError::Input("bytes are only written here".to_owned()))
    }

    fn flush(&self) -> Result<()> {
        Ok(())
    }
}

/// Collects the bytes of one job.
pub struct Builder {
    printer: Printer<Caught>,
    caught: Caught,
}

impl Default for Builder {
    fn default() -> Self {
        let caught = Caught::default();
        Self { printer: Printer::new(caught.clone(), Protocol::default(), None), caught }
    }
}

impl Builder {
    /// `ESC @`: all settings back, and an unfinished line of an earlier job gone.
    pub fn init(&mut self) -> &mut Self {
        self.with(|printer| printer.init())
    }

    /// `FS &`: two-byte characters. Printers with Chinese ROM start in it; said anyway.
    pub fn chinese(&mut self) -> &mut Self {
        self.raw(&[0x1C, 0x26])
    }

    /// Bytes as they are: encoded text, pictures.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.with(|printer| printer.custom(bytes))
    }

    /// Ends a line.
    pub fn line_feed(&mut self) -> &mut Self {
        self.raw(b"\n")
    }

    pub fn align(&mut self, align: Align) -> &mut Self {
        self.with(|printer| {
            printer.justify(match align {
                Align::Left => JustifyMode::LEFT,
                Align::Centre => JustifyMode::CENTER,
                Align::Right => JustifyMode::RIGHT,
            })
        })
    }

    pub fn bold(&mut self, on: bool) -> &mut Self {
        self.with(|printer| printer.bold(on))
    }

    /// Multiples outside 1..=8 are brought inside.
    pub fn size(&mut self, size: Size) -> &mut Self {
        self.with(|printer| printer.size(size.wide.clamp(1, 8), size.high.clamp(1, 8)))
    }

    pub fn feed(&mut self, lines: u8) -> &mut Self {
        self.with(|printer| printer.feeds(lines))
    }

    /// `ESC J n`: feeds so many dots.
    pub fn feed_dots(&mut self, dots: u8) -> &mut Self {
        self.raw(&[0x1B, 0x4A, dots])
    }

    /// Feeds to the cutter and leaves a point uncut, so that the receipt does not fall: `GS V 66 0`.
    pub fn cut(&mut self) -> &mut Self {
        self.raw(&[0x1D, 0x56, 0x42, 0x00])
    }

    /// `ESC p m t1 t2` with its pulse times.
    pub fn drawer(&mut self, pin: DrawerPin) -> &mut Self {
        let wire = match pin {
            DrawerPin::Two => 0,
            DrawerPin::Five => 1,
        };
        self.raw(&[0x1B, 0x70, wire, PULSE[0], PULSE[1]])
    }

    /// QR model 2, medium correction.
    pub fn qr(&mut self, data: &str, module_dots: u8) -> &mut Self {
        let option = QRCodeOption::new(QRCodeModel::Model2, module_dots.clamp(1, 15), QRCodeCorrectionLevel::M);
        self.with(|printer| printer.qrcode_option(data, option))
    }

    /// EAN-13 with its digits below. The caller has checked the check digit: the crate does not.
    pub fn ean13(&mut self, digits: &str) -> &mut Self {
        let option = BarcodeOption::new(BarcodeWidth::M, BarcodeHeight::S, BarcodeFont::A, BarcodePosition::Below);
        self.with(|printer| printer.ean13_option(digits, option))
    }

    /// CODE128 set B (`GS k 73`), which the crate lacks, with its text below.
    pub fn code128(&mut self, data: &str) -> &mut Self {
        // In set B a brace is said twice.
        let body = data.replace('{', "{{");
        let length = u8::try_from(body.len() + 2).unwrap_or(u8::MAX);
        self.raw(&[0x1D, 0x77, 2, 0x1D, 0x68, 80, 0x1D, 0x48, 2, 0x1D, 0x6B, 0x49, length, 0x7B, 0x42]).raw(body.as_bytes())
    }

    /// The bytes so far; the builder starts anew.
    pub fn bytes(&mut self) -> Vec<u8> {
        self.with(|printer| printer.print());
        std::mem::take(&mut *self.caught.0.borrow_mut())
    }

    fn with(&mut self, step: impl FnOnce(&mut Printer<Caught>) -> Result<&mut Printer<Caught>>) -> &mut Self {
        // All arguments were checked before; what the crate still refuses is left out, and said.
        if let Err(fault) = step(&mut self.printer) {
            tracing::error!(%fault, "receipt.bytes_refused");
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn built(step: impl FnOnce(&mut Builder) -> &mut Builder) -> Vec<u8> {
        let mut builder = Builder::default();
        step(&mut builder);
        builder.bytes()
    }

    // Each correction of the crate, byte by byte. The QR, the barcodes and the cut are what python-escpos 3.1 makes of the same.
    #[rstest]
    #[case::init(built(|b| b.init()), &[0x1B, 0x40])]
    #[case::chinese(built(|b| b.chinese()), &[0x1C, 0x26])]
    #[case::drawer_has_pulse_times(built(|b| b.drawer(DrawerPin::Two)), &[0x1B, 0x70, 0x00, 0x19, 0xFA])]
    #[case::other_wire(built(|b| b.drawer(DrawerPin::Five)), &[0x1B, 0x70, 0x01, 0x19, 0xFA])]
    #[case::partial_cut(built(|b| b.cut()), &[0x1D, 0x56, 0x42, 0x00])]
    #[case::size(built(|b| b.size(Size { wide: 2, high: 3 })), &[0x1D, 0x21, 0x12])]
    #[case::size_is_clamped(built(|b| b.size(Size { wide: 0, high: 99 })), &[0x1D, 0x21, 0x07])]
    #[case::centre(built(|b| b.align(Align::Centre)), &[0x1B, 0x61, 0x01])]
    #[case::bold(built(|b| b.bold(true)), &[0x1B, 0x45, 0x01])]
    #[case::feed(built(|b| b.feed(3)), &[0x1B, 0x64, 0x03])]
    #[case::qr_model_2(built(|b| b.qr("R1", 6)), &[
        0x1D, 0x28, 0x6B, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00,
        0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x43, 0x06,
        0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x45, 0x31,
        0x1D, 0x28, 0x6B, 0x05, 0x00, 0x31, 0x50, 0x30, 0x52, 0x31,
        0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x51, 0x30,
    ])]
    #[case::code128(built(|b| b.code128("A{1")), &[
        0x1D, 0x77, 2, 0x1D, 0x68, 80, 0x1D, 0x48, 2, 0x1D, 0x6B, 0x49, 6, 0x7B, 0x42, b'A', b'{', b'{', b'1',
    ])]
    fn corrected_bytes(#[case] bytes: Vec<u8>, #[case] expected: &[u8]) {
        assert_eq!(bytes, expected);
    }

    #[test]
    fn ean13_bytes() {
        let bytes = built(|b| b.ean13("6901234567892"));
        assert!(bytes.ends_with(b"\x1D\x6B\x026901234567892\x00"), "{bytes:02X?}");
        assert!(bytes.windows(3).any(|part| part == [0x1D, 0x48, 0x02]), "digits below");
    }
}
