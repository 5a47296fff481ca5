//! Intake by several processes of a hub at one PostgreSQL server at once, each busy with a branch of its own.
use crate::chain::{self, Chain};
use crate::figures::Figures;
use crate::history::{History, sample};
use crate::house::Server;
use crate::sale;
use shared::base::BranchId;
use shared::desk::registry::REGISTRY;
use shared::exchange::hub::Asked;
use shared::exchange::wire::Request;
use shared::journal::command::encoded;
use shared::store::{Opening, Store};
use shared::views::Side;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

const BATCH: usize = 200;
/// Bytes before the requests in a process's file: its branch's device and the branch.
const HEAD: usize = 48;

/// `processes` of a hub take in `entries` together.
pub fn measure(folder: &Path, figures: &mut Figures, entries: usize, processes: u16) {
    let Some(server) = Server::start("processes") else { return };
    std::fs::create_dir_all(folder).expect("a folder to measure in");
    let address = server.database();
    let mut chain = Chain::at(folder, Path::new(&address), 500, 500);
    chain.pull(&mut Figures::default());
    sale::measure(&mut chain, folder, &mut Figures::default(), 10);
    let (sample, batches) = (sample(&chain), entries / usize::from(processes) / BATCH);
    let mut busy: Vec<Child> = (0..processes)
        .map(|n| {
            let mut branch = History::branch(&sample, n, Vec::new());
            chain.enrol(&branch.keys.public(), branch.branch);
            let stream = branch.stream;
            let mut request = |_| Request { stream, pushes: vec![branch.push(&chain, BATCH)], cursors: Vec::new(), ..chain.request() };
            let requests: Vec<Request> = (0..batches).map(&mut request).collect();
            let file = folder.join(format!("branch-{n}"));
            let bytes = [branch.keys.public().as_slice(), branch.branch.bytes(), &encoded(&requests)].concat();
            std::fs::write(&file, bytes).expect("written");
            let itself = std::env::current_exe().expect("a program");
            let mut process = Command::new(itself);
            process.arg("--intake").args([Path::new(&address), &file]).stdin(Stdio::piped()).stdout(Stdio::piped());
            process.spawn().expect("starts")
        })
        .collect();
    for process in &mut busy {
        let said = process.stdout.as_mut().expect("piped");
        BufReader::new(said).read_line(&mut String::new()).expect("ready");
    }
    let start = Instant::now();
    for process in &mut busy {
        process.stdin.take().expect("piped").write_all(b"go\n").expect("told");
    }
    for mut process in busy {
        assert!(process.wait().expect("ends").success(), "it took everything in");
    }
    let rate = (usize::from(processes) * batches * BATCH) as f64 / start.elapsed().as_secs_f64();
    let what = format!("intake on PostgreSQL, {processes} processes at one server, a branch each: batches of {BATCH}");
    figures.add(what, format!("{rate:.0} entries/s"), "≥ 8 000 entries/s for four");
}

/// One of these processes: takes in what a file holds, when it is told to.
pub fn intake(address: &Path, file: &Path) {
    let bytes = std::fs::read(file).expect("a file");
    let (head, requests) = bytes.split_at(HEAD);
    let (device, branch) = (head[..32].try_into().expect("a key"), BranchId(head[32..].try_into().expect("an id")));
    let requests: Vec<Request> = minicbor::decode(requests).expect("requests");
    let asked: Vec<Asked> = requests.into_iter().map(|request| Asked { device, branch, request: request.into() }).collect();
    let opening = Opening { path: address.to_path_buf(), registry: &REGISTRY, side: Side::Hub, lineage: None };
    let mut hub = Store::open(opening).expect("the hub's store");
    println!("ready");
    std::io::stdin().read_line(&mut String::new()).expect("told");
    let mut folded = None;
    for (n, one) in asked.iter().enumerate() {
        let stretches = folded.take().unwrap_or_else(|| one.stretches(&REGISTRY));
        folded = std::thread::scope(|scope| {
            let beside = asked.get(n + 1).map(|next| scope.spawn(|| next.stretches(&REGISTRY)));
            let response = chain::take(&mut hub, one, stretches);
            let last = one.request.pushes[0].first + BATCH as u64 - 1;
            assert_eq!(response.streams.first().map(|state| state.acked), Some(last), "all of it is held");
            beside.map(|beside| beside.join().expect("no panic"))
        });
    }
}
