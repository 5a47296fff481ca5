//! Every queue, buffer, wait and retry of the devices, by name. Times in milliseconds unless the name says otherwise.

/// Wait before the first new attempt to open a port; doubles up to `BACK_OFF_MAX_MS`.
pub const BACK_OFF_MIN_MS: u64 = 500;
pub const BACK_OFF_MAX_MS: u64 = 10_000;
/// A conversation that lasted this long ended for a new reason: the next back-off starts small again.
pub const BACK_OFF_FORGET_MS: u64 = 20_000;
/// Longest wait for a port to open (a TCP connect to a printer that is switched off).
pub const OPEN_MS: u64 = 3_000;

/// Bytes taken from a port in one read.
pub const READ_MAX: usize = 1_024;
/// Pieces kept for the technician's page, each at most `TRACE_PIECE_MAX` bytes.
pub const TRACE_MAX: usize = 256;
pub const TRACE_PIECE_MAX: usize = 64;
/// Readings, calls and print jobs that may wait for their consumer.
pub const QUEUE_MAX: usize = 64;

/// Longest card frame: three tracks in one burst are shorter.
pub const FRAME_MAX: usize = 256;
/// A frame that stops this long is torn (hardware.md 3.2); also when a track without a line end counts as finished.
pub const FRAME_GAP_MS: u64 = 50;
/// The same card again within this time of its last sight is the same presentation.
pub const SAME_CARD_MS: u64 = 1_500;

/// Longest line of a modem; longer ones are noise.
pub const MODEM_LINE_MAX: usize = 256;
/// A call without a further RING for this long has ended.
pub const CALL_END_MS: u64 = 8_000;

/// Longest text of one slip item, in characters; the rest is dropped.
pub const TEXT_MAX: usize = 2_000;
/// Longest QR content in bytes (version 20 with medium correction fits a 58 mm paper).
pub const QR_MAX: usize = 600;
/// Longest CODE128 content that fits 58 mm at two dots a module.
pub const CODE128_MAX: usize = 14;
/// Rows sent in one raster command; cheap printers have small buffers.
pub const RASTER_ROWS_MAX: usize = 24;
/// Empty bytes sent to a printer whose last job may have been cut short: they fill up any command that was under way, so that it
/// does not swallow the next job.
pub const CLEAR_BYTES: usize = 2_048;
const _: () = assert!(CLEAR_BYTES > RASTER_ROWS_MAX * 72 && CLEAR_BYTES > QR_MAX);
/// Bytes of a print job.
pub const JOB_MAX: usize = 1 << 20;
/// Largest font file read for rare characters.
pub const FONT_BYTES_MAX: u64 = 64 << 20;
