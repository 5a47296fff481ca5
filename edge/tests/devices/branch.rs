//! A branch in a folder of the test's own, on a real store and clerk, with simulated devices behind real ptys. It can be killed and started again.
use edge::app::App;
use edge::config::{Config, Device, Kind};
use edge::install::{Install, Link};
use edge::serve::wire;
use hardware::lab::{Lab, Scene, Which};
use shared::base::vault::Vault;
use shared::base::{BranchId, CommandId, JobId, Money, Rate, StaffId, StreamId};
use shared::desk::print::{PRINT, PrintJob, queue};
use shared::desk::till::Who;
use shared::facts::journal::Opened;
use shared::journal::command::encoded;
use shared::journal::{Actor, Fault, Job, Moment, Right};
use shared::sales::receipt::words::Language;
use shared::sales::receipt::{SaleSlip, Slip, SlipHead};
use shared::staff::Limits;
use shared::store::jobs::{self, Listed};
use shared::store::{Priority, Writer};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

pub const BRANCH: BranchId = BranchId([0xB0; 16]);
pub const CASHIER: StaffId = StaffId([0x50; 16]);
const STREAM: StreamId = StreamId([0xE0; 16]);
/// Longer than any wait of a driver that is not under test.
const SOON: Duration = Duration::from_secs(20);

pub struct Branch {
    pub folder: PathBuf,
    pub lab: Lab,
    pub devices: Vec<Device>,
    outside: Runtime,
    running: Option<Running>,
}

struct Running {
    runtime: Runtime,
    app: Arc<App>,
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

pub fn device(kind: Kind, name: &str, address: String) -> Device {
    Device { kind, name: name.into(), address, baud: None, profile: None, tills: vec![] }
}

impl Branch {
    /// An enrolled install with reader, printer and modem in its file; not started.
    pub fn new(name: &str) -> Branch {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = std::env::temp_dir().join(format!("catena-devices-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let install = Install::new(&folder);
        let device_key = install.keys().expect("a key").public();
        let opened = Opened { branch: Some(BRANCH), device_key, predecessor: None, predecessor_seq: 0, epoch: 0 };
        let mut store = install.store().expect("a store");
        store.transaction(|writer| writer.open_stream(STREAM, &opened, edge::app::now_ms())).expect("a stream opens");
        install.keep_vault(&Vault::new([7; 32])).expect("kept");
        // Nobody listens there: the link is down.
        let link = Link { hub_url: "http://127.0.0.1:9".into(), hub_key: "11".repeat(32), branch: BRANCH };
        install.keep_link(&link).expect("kept");
        let outside = runtime();
        let scene = Scene { printer_tcp: true, ..Scene::default() };
        let lab = outside.block_on(Lab::start(&folder.join("lab"), scene)).expect("the lab starts");
        let at = |which: Which| lab.path(which).display().to_string();
        let devices = vec![
            device(Kind::Reader, "读卡器", at(Which::Reader)),
            device(Kind::Printer, "小票打印机", at(Which::Printer)),
            device(Kind::CallerId, "来电显示", at(Which::Modem)),
        ];
        Branch { folder, lab, devices, outside, running: None }
    }

    pub fn started(name: &str) -> Branch {
        let mut branch = Branch::new(name);
        branch.start();
        branch
    }

    pub fn start(&mut self) {
        let runtime = runtime();
        let _entered = runtime.enter();
        let config = Config { till: Some(1), devices: self.devices.clone(), ..Config::default() };
        let app = wire(&self.folder, config).expect("the edge starts");
        drop(_entered);
        self.running = Some(Running { runtime, app });
    }

    /// A command of the lab, as a person types it.
    pub fn lab(&self, command: &str) {
        let _entered = self.outside.enter();
        self.lab.command(command).expect("understood");
    }

    /// Every task ends where it stands; what is durable stays.
    pub fn kill(&mut self) {
        let Running { runtime, app } = self.running.take().expect("it runs");
        runtime.shutdown_timeout(Duration::from_millis(200));
        app.clerk.stop();
    }

    pub fn app(&self) -> &Arc<App> {
        &self.running.as_ref().expect("it runs").app
    }

    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.running.as_ref().expect("it runs").runtime.block_on(future)
    }

    pub fn write<T: Send + 'static>(&self, work: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault> + Send + 'static) -> T {
        self.app().clerk.run(Priority::Till, work).expect("no fault")
    }

    /// A cash sale's slip is to be printed.
    pub fn slip(&self, number: u8) -> JobId {
        self.slip_of(1, number)
    }

    /// The same at a till.
    pub fn slip_of(&self, till: u16, number: u8) -> JobId {
        let (job, now) = (job(till, number), edge::app::now_ms());
        let id = job.id;
        self.write(move |writer| writer.add_job(&job, now));
        id
    }

    pub fn job(&self, id: JobId) -> Listed {
        self.app().clerk.readers().read(|db| jobs::job(db, id)).expect("read").expect("the job is there")
    }

    pub fn print_state(&self, id: JobId) -> (String, Option<String>) {
        let devices = &self.app().devices;
        let print = self.app().clerk.readers().read(|db| devices.print_state(db, id)).expect("read");
        let state = serde_json::to_value(print.state).expect("json");
        (state.as_str().unwrap_or_default().to_owned(), print.what)
    }

    /// Slips that did not come out: state and what.
    pub fn slips(&self) -> Vec<(String, Option<String>)> {
        let devices = &self.app().devices;
        let slips = self.app().clerk.readers().read(|db| devices.slips(db)).expect("read");
        let state = |state| serde_json::to_value(state).expect("json").as_str().unwrap_or_default().to_owned();
        slips.into_iter().map(|slip| (state(slip.state), slip.what)).collect()
    }

    /// Whole receipts that carry this number.
    pub fn printed(&self, number: u8) -> usize {
        printed_by(&self.lab, number)
    }

    /// A second lab: its printer stands beside the first one.
    pub fn second_lab(&self) -> Lab {
        self.outside.block_on(Lab::start(&self.folder.join("lab2"), Scene::default())).expect("the lab starts")
    }

    /// A command of another lab.
    pub fn second(&self, lab: &Lab, command: &str) {
        let _entered = self.outside.enter();
        lab.command(command).expect("understood");
    }

    pub fn soon(&self, what: &str, mut is: impl FnMut() -> bool) {
        let deadline = Instant::now() + SOON;
        while !is() {
            assert!(Instant::now() < deadline, "not in time: {what}; {:?} {:?}", self.slips(), self.app().devices.states());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The printer works, as far as the edge knows.
    pub fn printer_ready(&self) {
        self.soon("the printer is ready", || self.state_of("printer") == ("ok".into(), None));
    }

    pub fn state_of(&self, kind: &str) -> (String, Option<String>) {
        let states = serde_json::to_value(self.app().devices.states()).expect("json");
        let one = states.as_array().expect("a list").iter().find(|one| one["kind"] == kind).expect("bound").clone();
        (one["state"].as_str().unwrap_or_default().into(), one["what"].as_str().map(str::to_owned))
    }
}

impl Drop for Branch {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.kill();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Whole receipts of a lab that carry this number.
pub fn printed_by(lab: &Lab, number: u8) -> usize {
    let wanted = receipt_no(number).into_bytes();
    lab.receipts_after(0).iter().filter(|receipt| holds(&receipt.bytes, &wanted)).count()
}

pub fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

pub fn receipt_no(number: u8) -> String {
    format!("001-1-1-20261121-{number:04}")
}

fn job(till: u16, number: u8) -> Job {
    let head = SlipHead {
        language: Language::Chinese,
        chain: "人民路店".into(),
        branch: String::new(),
        address: String::new(),
        telephone: String::new(),
        receipt_no: receipt_no(number),
        time: "2026-11-21 14:00:00".into(),
        till: "1".into(),
        cashier: "王芳 101".into(),
    };
    let due = Money::from_minor(940);
    let slip = Slip::Sale(SaleSlip {
        head,
        items: Vec::new(),
        subtotal: due,
        discount: Money::ZERO,
        rounding: Money::ZERO,
        due,
        tenders: Vec::new(),
        change: Money::ZERO,
        member: None,
        signature: false,
        kick: true,
        greeting: String::new(),
        corrected: None,
        sales_clerks: None,
        top_up: None,
        returned: None,
    });
    let body = PrintJob::new(CommandId([number; 16]), &receipt_no(number), slip, None);
    Job { id: JobId([number; 16]), kind: PRINT, queue: queue(till), body: encoded(&body) }
}

/// A cashier who may print copies.
pub fn who() -> Who {
    let limits = Limits { line_discount: Rate::WHOLE, bill_discount: Rate::WHOLE, refund: None };
    Who {
        till: 1,
        staff: CASHIER,
        allowed_by: None,
        own: limits,
        limits,
        own_rights: vec![Right::Sell, Right::Reprint],
        clock_by_hand: false,
        cut_off_since_ms: 0,
        language: Language::Chinese,
    }
}

pub fn moment(command: u8) -> Moment {
    Moment {
        command: CommandId([command; 16]),
        by: Actor::Person(CASHIER),
        rights: vec![Right::Sell, Right::Reprint],
        now_ms: edge::app::now_ms(),
        hub_ms: 0,
        branch: Some(BRANCH),
        here: STREAM,
        till: None,
        shift: None,
        day: 20_261_121,
        hour: 9,
        entropy: [command; 16],
    }
}
