//! The lab: the devices of a branch, simulated behind real ptys, and driven by hand, by HTTP or by a test.
//!
//! An edge opens the links `reader`, `printer` and `modem` in the lab's folder as it opens hardware. What the printer printed
//! is known from the bytes it received, and from nothing else.

pub mod command;
pub mod http;
pub mod line;
pub mod memory;
pub mod picture;
pub mod png;
pub mod station;
pub mod symbols;

use crate::{
    caller_id::simulator::{Dialect, ModemSimulator, Ringing},
    printer::{
        glyphs::Glyphs,
        simulator::{Model, PrinterSimulator, Receipt},
    },
    reader::simulator::{ChipReader, ReaderSimulator},
    simulator::Said,
};
use line::{Faults, SAID_MAX, locked};
use serde::{Deserialize, Serialize};
use station::Station;
use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, sleep},
};

/// Silence between two rings of a line, and from the first ring to the caller's number.
const RING_EVERY: Duration = Duration::from_millis(5_000);
const NUMBER_AFTER: Duration = Duration::from_millis(500);

/// Which simulated devices stand there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scene {
    pub printer: Model,
    pub chips: ChipReader,
    pub modem: Dialect,
    /// The printer also listens on a TCP port of loopback, as one with a network socket does.
    pub printer_tcp: bool,
}

/// A simulated device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    Reader,
    Printer,
    Modem,
}

impl Which {
    pub const ALL: [Self; 3] = [Self::Reader, Self::Printer, Self::Modem];

    /// Also the name of its link.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Printer => "printer",
            Self::Modem => "modem",
        }
    }
}

/// State of one device for the page.
#[derive(Debug, Clone, Serialize)]
pub struct DeviceState {
    pub name: Which,
    /// What the edge opens.
    pub path: PathBuf,
    pub plugged: bool,
    pub faults: Faults,
    /// `paper_out`, `cover_open`, `cutter_stuck`.
    pub troubles: Vec<&'static str>,
}

#[derive(Debug)]
struct Inner {
    dir: PathBuf,
    reader: Station<ReaderSimulator>,
    printer: Station<PrinterSimulator>,
    modem: Station<ModemSimulator>,
    printer_tcp: Option<SocketAddr>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    call: Mutex<Option<JoinHandle<()>>>,
    glyphs: Option<Glyphs>,
}

/// A running lab. Clones drive the same devices; when the last is dropped, all plugs are pulled.
#[derive(Debug, Clone)]
pub struct Lab(Arc<Inner>);

impl Lab {
    /// Starts the devices, with their links in `dir`. Needs a running runtime.
    pub async fn start(dir: &Path, scene: Scene) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let dir = fs::canonicalize(dir)?;
        let link = |which: Which| dir.join(which.name());
        let printer = Station::new(link(Which::Printer), PrinterSimulator::new(scene.printer));
        let reader = Station::new(link(Which::Reader), ReaderSimulator { chips: scene.chips });
        let modem = Station::new(link(Which::Modem), ModemSimulator::new(scene.modem));
        printer.plug()?;
        reader.plug()?;
        modem.plug()?;
        let mut tasks = Vec::new();
        let mut printer_tcp = None;
        if scene.printer_tcp {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            printer_tcp = Some(listener.local_addr()?);
            tasks.push(tokio::spawn(serve_tcp(listener, printer.simulator(), printer.line_faults())));
        }
        let glyphs = Glyphs::find(None);
        let (tasks, call) = (Mutex::new(tasks), Mutex::new(None));
        Ok(Self(Arc::new(Inner { dir, reader, printer, modem, printer_tcp, tasks, call, glyphs })))
    }

    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    /// What the edge opens for this device.
    pub fn path(&self, which: Which) -> PathBuf {
        self.0.dir.join(which.name())
    }

    /// Where the printer listens, if the scene has it so.
    pub fn printer_tcp(&self) -> Option<SocketAddr> {
        self.0.printer_tcp
    }

    /// One line `READY <device> <path>` for each device, so that a script needs no sleeps.
    pub fn ready_lines(&self) -> Vec<String> {
        let ptys = Which::ALL.iter().map(|which| format!("READY {} {}", which.name(), self.path(*which).display()));
        ptys.chain(self.0.printer_tcp.map(|address| format!("READY printer-tcp {address}"))).collect()
    }

    /// The font that pictures are drawn with.
    pub fn glyphs(&self) -> Option<&Glyphs> {
        self.0.glyphs.as_ref()
    }

    /// All devices as they are.
    pub fn devices(&self) -> Vec<DeviceState> {
        let state = |name, plugged, faults, troubles| DeviceState { name, path: self.path(name), plugged, faults, troubles };
        let (reader, printer, modem) = (&self.0.reader, &self.0.printer, &self.0.modem);
        let troubles = printer.look(|printer| {
            let all = [("paper_out", printer.paper_out()), ("cover_open", printer.cover_open()), ("cutter_stuck", printer.cutter_stuck())];
            all.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect()
        });
        vec![
            state(Which::Reader, reader.is_plugged(), reader.faults(), vec![]),
            state(Which::Printer, printer.is_plugged(), printer.faults(), troubles),
            state(Which::Modem, modem.is_plugged(), modem.faults(), vec![]),
        ]
    }

    /// Draws a stripe card with this number through.
    pub fn swipe(&self, number: &str) {
        self.0.reader.act(|reader| reader.swipe(number));
    }

    /// Lays a chip card on the reader for so long.
    pub fn present(&self, uid: [u8; 5], lies_ms: u64) {
        self.0.reader.act(|reader| reader.present(uid, lies_ms));
    }

    /// Draws a card through that reads wrong.
    pub fn misread(&self) {
        self.0.reader.act(|reader| reader.misread());
    }

    /// Line noise from a device.
    pub fn noise(&self, which: Which) {
        let noise = || vec![Said::now(line::NOISE)];
        match which {
            Which::Reader => self.0.reader.act(|_| noise()),
            Which::Printer => self.0.printer.act(|_| noise()),
            Which::Modem => self.0.modem.act(|_| noise()),
        }
    }

    /// Somebody rings so many times; an earlier call ends.
    pub fn ring(&self, who: Ringing, rings: u32) {
        let lab = Arc::downgrade(&self.0);
        let call = tokio::spawn(async move {
            for ring in 0..rings {
                if ring > 0 {
                    sleep(RING_EVERY - NUMBER_AFTER).await;
                }
                let Some(lab) = lab.upgrade() else { return };
                lab.modem.act(|modem| modem.ring());
                sleep(NUMBER_AFTER).await;
                lab.modem.act(|modem| modem.report(&who, ring));
            }
        });
        self.hang_up();
        *locked(&self.0.call) = Some(call);
    }

    /// The caller gives up.
    pub fn hang_up(&self) {
        if let Some(call) = locked(&self.0.call).take() {
            call.abort();
        }
    }

    pub fn set_paper_out(&self, out: bool) {
        self.0.printer.act(|printer| printer.set_paper_out(out));
    }

    /// The roll ends after so many more pieces of text.
    pub fn end_roll_in(&self, texts: usize) {
        self.0.printer.act(|printer| {
            printer.end_roll_in(texts);
            vec![]
        });
    }

    pub fn set_cover_open(&self, open: bool) {
        self.0.printer.act(|printer| printer.set_cover_open(open));
    }

    pub fn set_cutter_stuck(&self, stuck: bool) {
        self.0.printer.act(|printer| printer.set_cutter_stuck(stuck));
    }

    /// The printer's power goes after so many more bytes; `replug` brings it back.
    pub fn lose_power_in(&self, bytes: usize) {
        self.0.printer.act(|printer| {
            printer.lose_power_in(bytes);
            vec![]
        });
    }

    /// Makes the printer answer or be one-way.
    pub fn set_answers(&self, answers: bool) {
        self.0.printer.act(|printer| {
            printer.model.answers = answers;
            vec![]
        });
    }

    /// Lets the modem or the reader speak as another model.
    pub fn set_dialect(&self, dialect: Dialect) {
        self.0.modem.act(|modem| {
            modem.dialect = dialect;
            vec![]
        });
    }

    pub fn set_chips(&self, chips: ChipReader) {
        self.0.reader.act(|reader| {
            reader.chips = chips;
            vec![]
        });
    }

    /// Pulls a plug. What a printer had not printed is gone with its power.
    pub fn unplug(&self, which: Which) {
        match which {
            Which::Reader => self.0.reader.unplug(),
            Which::Printer => self.0.printer.unplug(),
            Which::Modem => self.0.modem.unplug(),
        }
    }

    /// Puts it back: a new pty under the same link.
    pub fn replug(&self, which: Which) -> io::Result<()> {
        match which {
            Which::Reader => self.0.reader.plug(),
            Which::Printer => self.0.printer.plug(),
            Which::Modem => self.0.modem.plug(),
        }
    }

    pub fn faults(&self, which: Which) -> Faults {
        match which {
            Which::Reader => self.0.reader.faults(),
            Which::Printer => self.0.printer.faults(),
            Which::Modem => self.0.modem.faults(),
        }
    }

    pub fn set_faults(&self, which: Which, faults: Faults) {
        match which {
            Which::Reader => self.0.reader.set_faults(faults),
            Which::Printer => self.0.printer.set_faults(faults),
            Which::Modem => self.0.modem.set_faults(faults),
        }
    }

    /// Receipts with a number above `number`, oldest first.
    pub fn receipts_after(&self, number: u64) -> Vec<Receipt> {
        self.0.printer.look(|printer| printer.receipts().filter(|receipt| receipt.number > number).cloned().collect())
    }

    /// One receipt by its number.
    pub fn receipt(&self, number: u64) -> Option<Receipt> {
        self.0.printer.look(|printer| printer.receipts().find(|receipt| receipt.number == number).cloned())
    }

    /// Waits until that receipt is out.
    pub async fn receipt_within(&self, number: u64, wait: Duration) -> Option<Receipt> {
        let deadline = Instant::now() + wait;
        loop {
            let receipt = self.receipt(number);
            if receipt.is_some() || Instant::now() >= deadline {
                return receipt;
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// How often the drawer was opened.
    pub fn drawer_pulses(&self) -> u64 {
        self.0.printer.look(PrinterSimulator::drawer_pulses)
    }

    /// The last bytes that the printer received, questions included.
    pub fn journal(&self) -> Vec<u8> {
        self.0.printer.look(PrinterSimulator::journal)
    }

    /// Columns of the printer's paper.
    pub fn columns(&self) -> u8 {
        self.0.printer.look(|printer| printer.model.columns)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        for task in locked(&self.tasks).drain(..).chain(locked(&self.call).take()) {
            task.abort();
        }
    }
}

/// One client at a time, as network printers do; the next one waits in the listener's queue.
async fn serve_tcp(listener: TcpListener, simulator: Arc<Mutex<dyn crate::simulator::Simulator>>, faults: Arc<Mutex<Faults>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (said, mut queue) = mpsc::channel(SAID_MAX);
        line::run(stream, simulator.clone(), faults.clone(), said, &mut queue).await;
    }
}

#[cfg(test)]
mod tests;
