//! Slips of the chain as slips of a printer: line for line, nothing added but the size of a QR code's modules.
use hardware::printer::slip as paper;
use hardware::printer::{Profile, Slip};
use shared::desk::print::PrintJob;
use shared::sales::receipt::slip::{Align, NARROW, Size, SlipLine, WIDE};

/// Dots of one module of a QR code: a receipt number fits 58 mm and is read from a hand's distance.
const QR_MODULE_DOTS: u8 = 6;

/// The lines of a job for a printer; `kick`: may the drawer open?
pub fn of_job(job: &PrintJob, profile: &Profile, kick: bool) -> Slip {
    let columns = if usize::from(profile.columns) < WIDE { NARROW } else { WIDE };
    Slip { items: job.lines(columns).iter().filter(|line| kick || **line != SlipLine::Kick).map(item).collect() }
}

/// Whether there is anything to read on it: a kick alone is no slip.
pub fn is_slip(job: &PrintJob) -> bool {
    job.slip.is_some()
}

fn item(line: &SlipLine) -> paper::Item {
    match line {
        SlipLine::Text { text, align, size, bold } => {
            let size = match size {
                Size::Normal => paper::Size::NORMAL,
                Size::Double => paper::Size::DOUBLE,
            };
            paper::Item::Text { text: text.clone(), align: side(*align), size, bold: *bold }
        }
        SlipLine::Columns(cells) => {
            let cell = |cell: &shared::sales::receipt::slip::Cell| paper::Cell {
                text: cell.text.clone(),
                align: side(cell.align),
                width: u8::try_from(cell.width).ok(),
            };
            paper::Item::Row { cells: cells.iter().map(cell).collect(), bold: false }
        }
        SlipLine::Rule => paper::Item::Rule { mark: '-' },
        SlipLine::Qr(data) => paper::Item::Qr { data: data.clone(), module_dots: QR_MODULE_DOTS },
        SlipLine::Feed(lines) => paper::Item::Feed { lines: *lines },
        SlipLine::Cut => paper::Item::Cut,
        SlipLine::Kick => paper::Item::Drawer { pin: paper::DrawerPin::Two },
    }
}

fn side(align: Align) -> paper::Align {
    match align {
        Align::Left => paper::Align::Left,
        Align::Centre => paper::Align::Centre,
        Align::Right => paper::Align::Right,
    }
}
