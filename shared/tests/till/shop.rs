//! One branch with its goods, people and members, as head office brought them in, and a clock that the test turns.
use shared::base::vault::Vault;
use shared::base::{BranchId, BusinessDay, CommandId, LocalTime, MemberId, Money, ProductNo, Quantity, StaffId, StreamId};
use shared::branches;
use shared::desk::bill::{self, Bill, add, attach};
use shared::desk::check_out::Tender;
use shared::desk::import::{File, Kind, Line};
use shared::desk::print::{PrintJob, job_of};
use shared::desk::registry::REGISTRY;
use shared::desk::shift;
use shared::desk::shown::{self, Viewer};
use shared::desk::till::{Who, till_id};
use shared::desk::top_up::TopUp;
use shared::facts::Fact;
use shared::facts::journal::Opened;
use shared::facts::sales::Proven;
use shared::journal::{Actor, Command, Fault, Moment, Read, Refusal, Right};
use shared::sales::receipt::slip::{SlipLine, drawn};
use shared::sales::receipt::words::Language;
use shared::staff;
use shared::store::{Opening, Outcome, Store, append, clock};
use shared::views::Side;
use std::path::PathBuf;

/// 2026-11-21 14:00 in China.
pub const AFTERNOON_MS: i64 = 1_795_240_800_000;
pub const MINUTE_MS: i64 = 60_000;

pub const CASHIER: &str = "1001";
pub const MANAGER: &str = "9001";

const HUB: StreamId = StreamId([0xb0; 16]);
pub const HERE: StreamId = StreamId([0x50; 16]);

const HOUSE: [(Kind, &str, &[&str]); 8] = [
    (
        Kind::Settings,
        "group,key,value",
        &[
            "till,rounding,jiao",
            "till,tender:wechat,1|微信支付|WeChat Pay|other",
            "value,tier:50000,2000",
            "value,tier:100000,10000",
            "points,pending_days,7",
            "points,expiry_months,12",
            "codes,prefix:20,weight",
            "codes,prefix:21,amount",
        ],
    ),
    (Kind::Branches, "code,name", &["B1,人民路店"]),
    (Kind::Categories, "code,name", &["01,杂货"]),
    (
        Kind::Levels,
        "code,name,rank,discount_bp,points_factor_bp,threshold_minor",
        &["normal,普通,0,10000,10000,0", "vip,VIP,2,9500,12000,500000"],
    ),
    (
        Kind::Roles,
        "code,name,rights,max_line_discount_bp,max_bill_discount_bp,max_refund_minor",
        &[
            "cashier,收银员,sell discount_line discount_bill hold open_item shift cash_move top_up return,9000,9500,10000",
            "manager,店长,sell discount_line discount_bill price_override free_item open_item void_bill remove_line hold return reprint \
             open_drawer shift day_end cash_move top_up return_without correct points see_takings set_clock allow,1000,1000,",
        ],
    ),
    (Kind::Staff, "code,name,branch,roles,pin", &["1001,小周,B1,cashier,", "1002,小吴,B1,cashier,", "9001,陈店长,B1,manager,"]),
    (
        Kind::Products,
        "number,name,category,unit,weighed,plu,barcodes,discountable,price,member_price,cost",
        &[
            "11,精华,01,瓶,0,,6901234567892,1,168.00,,100.00",
            "12,面膜,01,盒,0,,6901234567908,1,69.80,,30.00",
            "13,毛巾,01,条,0,,6901234567915,1,25.50,,10.00",
            "14,香烟,01,包,0,,6901234567922,0,50.00,,40.00",
            "15,茶杯,01,个,0,,6901234567939,1,100.00,,40.00",
            "16,会员茶,01,盒,0,,6901234567946,1,39.90,36.90,",
            "17,排骨,01,kg,1,12345,,1,25.80,,",
        ],
    ),
    (
        Kind::Members,
        "name,phone,card,home,level",
        &["王小明,13800138000,6001,B1,vip", "李雷,13900139000,6002,B1,normal", "韩梅,13900138000,,B1,normal"],
    ),
];

pub struct Shop {
    pub hub: Store,
    pub store: Store,
    folder: PathBuf,
    pub branch: BranchId,
    pub now_ms: i64,
    pub till: u16,
    pub staff: &'static str,
    /// Stands beside, for the next commands.
    pub beside: Option<&'static str>,
    /// 0: the link is up.
    pub cut_off_since_ms: i64,
    count: u32,
    /// The last command decided.
    last: CommandId,
}

fn open(folder: &std::path::Path, side: Side) -> Store {
    let path = folder.join(format!("{side:?}.db"));
    Store::open(Opening { path, registry: &REGISTRY, side, lineage: None }).expect("a store opens")
}

impl Shop {
    /// Stocked, and with an open shift at till 1.
    pub fn new(name: &str) -> Shop {
        let folder = std::env::temp_dir().join(format!("catena-till-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        let (mut hub, mut store) = (open(&folder, Side::Hub), open(&folder, Side::Edge));
        let opened = |branch| Opened { branch, device_key: [9; 32], predecessor: None, predecessor_seq: 0, epoch: 1 };
        hub.transaction(|writer| writer.open_stream(HUB, &opened(None), AFTERNOON_MS)).expect("the hub's stream");
        for (kind, columns, lines) in HOUSE {
            import(&mut hub, kind, columns, lines, 20_261_121);
        }
        let branch = branches::by_code(&hub, "B1").expect("read").expect("the branch").id;
        store
            .transaction(|writer| {
                writer.know_stream(HUB, None, &[9; 32], None)?;
                writer.open_stream(HERE, &opened(Some(branch)), AFTERNOON_MS)
            })
            .expect("the branch's stream");
        let (staff, till, now_ms) = (CASHIER, 1, AFTERNOON_MS);
        let (beside, cut_off_since_ms, count, last) = (None, 0, 0, CommandId([0; 16]));
        let mut shop = Shop { hub, store, folder, branch, now_ms, till, staff, beside, cut_off_since_ms, count, last };
        shop.pull();
        shop.open_shift();
        shop
    }

    /// Brings a file in at head office and here.
    pub fn import(&mut self, kind: Kind, columns: &str, lines: &[&str], day: u32) {
        import(&mut self.hub, kind, columns, lines, day);
        self.pull();
    }

    /// Head office decides, and the branch hears of it.
    pub fn hq<C: Command>(&mut self, command: &C) -> Result<Outcome, Refusal> {
        let moment = Moment { here: HUB, branch: None, rights: Right::ALL.to_vec(), ..self.moment() };
        let decided = self.hub.transaction(|writer| writer.decide(command, &moment)).expect("no fault");
        self.pull();
        decided
    }

    /// Takes in what head office has and the branch lacks.
    fn pull(&mut self) {
        let held = self.store.number("select max(seq) from entry where stream = ?1", &[HUB.into()]).expect("read");
        let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
                   from entry where stream = ?1 and seq > ?2 order by seq";
        let rows = self.hub.rows(sql, &[HUB.into(), held.into()]).expect("read");
        let entries: Vec<_> = rows.iter().map(append::entry_of).collect();
        let taken = self.store.transaction(|writer| writer.take_in(&entries)).expect("written");
        assert!(taken.iter().all(|taken| *taken == append::Arrived::Folded), "{taken:?}");
    }

    pub fn open_shift(&mut self) {
        let open = shift::open::OpenShift { who: self.who(), float: Money::from_minor(50_000) };
        self.done(&open);
    }

    pub fn person(&self, code: &str) -> StaffId {
        staff::by_code(&self.store, code).expect("read").expect("a person").id
    }

    pub fn who(&self) -> Who {
        let staff = self.person(self.staff);
        let own = staff::rights(&self.store, staff).expect("read");
        let mut limits = own.limits;
        let beside = self.beside.map(|code| self.person(code));
        if let Some(lent) = beside.map(|id| staff::rights(&self.store, id).expect("read")) {
            limits = lent.limits;
        }
        Who {
            till: self.till,
            staff,
            allowed_by: beside,
            own: own.limits,
            limits,
            own_rights: own.rights,
            clock_by_hand: clock::by_hand(&self.store).expect("read"),
            cut_off_since_ms: self.cut_off_since_ms,
            language: Language::Chinese,
        }
    }

    pub fn moment(&mut self) -> Moment {
        self.count += 1;
        let who = self.who();
        let mut rights: Vec<Right> = who.own_rights.clone();
        if let Some(beside) = who.allowed_by {
            rights.extend(staff::rights(&self.store, beside).expect("read").rights);
        }
        let zone = branches::HOUSE_ZONE;
        let shift = shift::current(&self.store, self.branch, self.till, HERE).expect("read");
        Moment {
            command: CommandId(shared::base::ids::derived("test", &[&self.count.to_be_bytes()])),
            by: Actor::Person(who.staff),
            rights,
            now_ms: self.now_ms,
            hub_ms: 0,
            branch: Some(self.branch),
            here: HERE,
            till: Some(till_id(self.branch, self.till)),
            shift: shift.map(|shift| shift.shift),
            day: shift.map_or_else(|| self.day().0, |shift| shift.day),
            hour: LocalTime::at(self.now_ms, zone.zone_minutes).hour,
            entropy: [7; 16],
        }
    }

    pub fn decide<C: Command>(&mut self, command: &C) -> Result<Outcome, Refusal> {
        let moment = self.moment();
        self.decide_at(command, &moment)
    }

    pub fn decide_at<C: Command>(&mut self, command: &C, moment: &Moment) -> Result<Outcome, Refusal> {
        self.last = moment.command;
        self.store.transaction(|writer| writer.decide(command, moment)).expect("no fault")
    }

    pub fn done<C: Command>(&mut self, command: &C) {
        self.decide(command).expect("allowed");
    }

    pub fn refused<C: Command>(&mut self, command: &C) -> Refusal {
        self.decide(command).expect_err("refused")
    }

    /// Runs a decision and then fails, as a power cut before the commit would.
    pub fn torn<C: Command>(&mut self, command: &C, moment: &Moment) {
        let torn = self.store.transaction(|writer| {
            writer.decide(command, moment)?.expect("allowed");
            Err::<(), _>(Fault::Busy)
        });
        assert_eq!(torn, Err(Fault::Busy));
    }

    pub fn restart(&mut self) {
        self.store = open(&self.folder, Side::Edge);
    }

    pub fn viewer(&mut self) -> Viewer {
        let moment = self.moment();
        Viewer { here: HERE, branch: Some(self.branch), till: self.till, day: moment.day, cut_off_since_ms: self.cut_off_since_ms }
    }

    pub fn member(&self, card: &str) -> MemberId {
        shared::members::by_card(&self.store, card).expect("read")[0]
    }

    pub fn attach(&mut self, card: &str) {
        let attach = attach::Attach { who: self.who(), member: self.member(card), claimed_card: None };
        self.done(&attach);
    }

    pub fn add(&mut self, product: u32, pieces: i64) {
        let quantity = Some(Quantity::pieces(pieces).expect("a small number"));
        let add = add::Add { who: self.who(), product: ProductNo(product), quantity, label: None };
        self.done(&add);
    }

    /// Goods without a code.
    pub fn amount(&mut self, minor: i64) {
        let add = add::AddOpen { who: self.who(), amount: Money::from_minor(minor), name: String::new(), quantity: None };
        self.done(&add);
    }

    pub fn bill(&self) -> Option<Bill> {
        bill::open(&self.store, self.till).expect("read")
    }

    pub fn shown(&mut self) -> shown::bill::Bill {
        let viewer = self.viewer();
        shown::bill::open(&self.store, &viewer).expect("read").expect("a bill is open")
    }

    pub fn top_up(&mut self, card: &str, amount: i64, gift: i64) {
        let [amount, gift] = [amount, gift].map(Money::from_minor);
        let (who, member) = (self.who(), self.member(card));
        let command = TopUp { who, member, amount, tender: "cash".into(), tendered: None, gift };
        self.done(&command);
    }

    /// Principal and bonus that lie here.
    pub fn value(&self, card: &str) -> (i64, i64) {
        let day = BusinessDay::at(self.now_ms, branches::HOUSE_ZONE);
        let purse = shared::members::purse(&self.store, self.member(card), HERE, day).expect("read");
        (purse.principal.minor(), purse.bonus.minor())
    }

    pub fn tender(&mut self, code: &str, amount: Option<i64>) -> Tender {
        let totals = self.shown().totals;
        let due = if code == "cash" { totals.due_cash } else { totals.due };
        let amount = amount.map(Money::from_minor);
        Tender { who: self.who(), code: code.into(), amount, due, proven: Proven::NotAsked, asked: [0; 16] }
    }

    /// The moment under which the open bill is paid: its id is the command.
    pub fn paying(&mut self) -> Moment {
        let sale = self.bill().expect("a bill is open").id;
        Moment { command: CommandId::from(sale), ..self.moment() }
    }

    pub fn try_pay(&mut self, code: &str, amount: Option<i64>) -> Result<Outcome, Refusal> {
        let tender = self.tender(code, amount);
        let moment = self.paying();
        self.decide_at(&tender, &moment)
    }

    /// Pays; what was finished, if the due is covered.
    pub fn pay(&mut self, code: &str, amount: Option<i64>) -> Option<shown::done::Done> {
        let sale = CommandId::from(self.bill().expect("a bill is open").id);
        self.try_pay(code, amount).expect("allowed");
        let viewer = self.viewer();
        shown::done::done(&self.store, sale, &viewer).expect("read")
    }

    pub fn goods_of_a1(&mut self) {
        self.add(11, 1);
        self.add(12, 2);
        self.add(13, 2);
        self.attach("6001");
    }

    /// The print job of the last decision, for wide paper.
    fn printed(&self) -> Vec<SlipLine> {
        let row = self.store.row("select body from job where id = ?1", &[job_of(self.last).into()]);
        PrintJob::read(row.expect("read").expect("a job").blob(0)).expect("a print job").lines(48)
    }

    /// What it would put on the paper.
    pub fn slip(&self) -> String {
        drawn(&self.printed(), 48)
    }

    /// Whether it would open the drawer.
    pub fn kicks(&self) -> bool {
        self.printed().contains(&SlipLine::Kick)
    }

    /// The last fact of its kind.
    pub fn last<F: Fact>(&self) -> F {
        let row = self.store.row("select body from entry where kind = ?1 order by stamp desc, part desc limit 1", &[F::KIND.into()]);
        minicbor::decode(row.expect("read").expect("one happened").blob(0)).expect("a fact of this kind")
    }

    pub fn store_rows(&self, sql: &'static str) -> Vec<i64> {
        self.store.rows(sql, &[]).expect("read").iter().map(|row| row.int(0)).collect()
    }

    pub fn count(&self, sql: &'static str) -> i64 {
        self.store.number(sql, &[]).expect("read")
    }
}

fn import(hub: &mut Store, kind: Kind, columns: &str, lines: &[&str], day: u32) {
    let vault = Vault::new([3; 32]);
    let file = File::new(kind, columns.split(',').map(str::to_owned).collect(), vault).expect("columns of this kind");
    let cells = |line: &&str| line.split(',').map(str::to_owned).collect();
    let lines: Vec<Line> = (2..).zip(lines).map(|(number, line)| Line { number, cells: cells(line) }).collect();
    let seq = hub.number("select max(seq) from entry", &[]).expect("read");
    let moment = Moment {
        command: CommandId(shared::base::ids::derived("import", &[&seq.to_be_bytes()])),
        by: Actor::System,
        rights: Right::ALL.to_vec(),
        now_ms: AFTERNOON_MS - 86_400_000,
        hub_ms: 0,
        branch: None,
        here: HUB,
        till: None,
        shift: None,
        day,
        hour: 9,
        entropy: [8; 16],
    };
    let done = hub.transaction(|writer| file.take_in(writer, &lines, &moment)).expect("written");
    for (line, done) in lines.iter().zip(done) {
        done.unwrap_or_else(|reason| panic!("{:?}: {}", line.cells, reason.text()));
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
