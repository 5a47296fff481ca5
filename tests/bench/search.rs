//! Finding a member at the counter, among as many as a branch, a chain and a large chain have. The rows are those that members' documents stand for.
use crate::chain::{BRANCH, Chain, run};
use crate::figures::{Figures, peak_mb, percentile};
use shared::base::{BranchId, BusinessDay, DocumentId, MemberId, StreamId, Unit};
use shared::desk::registry::REGISTRY;
use shared::documents::{Fields, Scalar};
use shared::ledger::balance::BALANCE;
use shared::members::filter::{self, Filter};
use shared::members::visit::MEMBER_VISIT;
use shared::members::{self, Why};
use shared::row;
use shared::store::{Opening, Readers, Store};
use shared::views::{Rows, Side};
use std::path::Path;
use std::time::Instant;

/// Sizes, and how many of them are at home at the branch that asks.
const SIZES: [(u32, u32); 3] = [(2_000, 1_000), (100_000, 2_000), (1_000_000, 5_000)];
const QUESTIONS: u32 = 1_000;
const SHOWN: usize = 12;
const SURNAMES: [char; 20] =
    ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '胡', '朱', '高', '林', '何', '郭', '马', '罗'];
const GIVEN: [char; 30] = [
    '伟', '芳', '娜', '敏', '静', '丽', '强', '磊', '军', '洋', '勇', '艳', '杰', '娟', '涛', '明', '超', '秀', '霞', '平', '刚', '桂',
    '英', '华', '玉', '兰', '建', '国', '晓', '红',
];

/// A number that looks like chance.
fn mixed(n: u32, salt: u32) -> usize {
    (n.wrapping_add(salt).wrapping_mul(2_654_435_761) ^ n.wrapping_mul(40_503)) as usize >> 3
}

fn name(n: u32) -> String {
    [SURNAMES[mixed(n, 1) % 20], GIVEN[mixed(n, 2) % 30], GIVEN[mixed(n, 3) % 30]].iter().collect()
}

fn phone(n: u32) -> String {
    format!("13{:09}", mixed(n, 4) as u64 * 7_919 % 1_000_000_000)
}

fn fields(n: u32, home: bool) -> Fields {
    let branch = if home { BRANCH } else { BranchId([0xC0 + (n % 16) as u8; 16]) };
    [
        ("name".to_owned(), Scalar::Text(name(n))),
        ("phone".to_owned(), Scalar::Text(phone(n))),
        ("home".to_owned(), Scalar::Text(members::member::home_field(branch))),
        ("gender".to_owned(), Scalar::Text(if mixed(n, 5).is_multiple_of(2) { "female" } else { "male" }.to_owned())),
        ("birthday".to_owned(), Scalar::Int(19_900_000 + (1 + mixed(n, 6) as i64 % 12) * 100 + 1 + mixed(n, 7) as i64 % 28)),
        (format!("card:{}", 6_000_000 + n), Scalar::Bool(true)),
    ]
    .into()
}

fn id(n: u32) -> [u8; 16] {
    let mut id = [7; 16];
    id[..4].copy_from_slice(&n.to_be_bytes());
    id
}

fn fill(store: &mut Store, from: u32, upto: u32, home_every: u32) {
    for start in (from..upto).step_by(20_000) {
        run(store, move |writer| {
            let mut rows = Rows::new(Side::Edge);
            for n in start..upto.min(start + 20_000) {
                members::member::project(DocumentId(id(n)), &fields(n, n % home_every == 0), &mut rows);
            }
            writer.put(rows)
        });
    }
}

pub fn measure(folder: &Path, figures: &mut Figures) {
    let path = folder.join("members.db");
    let opening = Opening { path: path.clone(), registry: &REGISTRY, side: Side::Edge, lineage: None };
    let mut store = Store::open(opening).expect("a store");
    let opened = Chain::opened(BRANCH, [9; 32]);
    run(&mut store, move |writer| writer.open_stream(StreamId([0xE0; 16]), &opened, crate::chain::NOW_MS));
    let mut there = 0;
    for (size, home) in SIZES {
        fill(&mut store, there, size, size / home);
        there = size;
        let readers = store.readers();
        Store::checkpoint(&path).expect("checkpointed");
        let (mut worst, mut said) = (0.0_f64, Vec::new());
        for (kind, question) in KINDS {
            // A till in use has the upper pages of the index in memory.
            (0..50).for_each(|n| _ = ask(&readers, kind, &question(mixed(n, 77) as u32 % size)));
            let mut times: Vec<f64> = (0..QUESTIONS).map(|n| ask(&readers, kind, &question(mixed(n, 9) as u32 % size))).collect();
            let (p50, p99) = (percentile(&mut times, 50.0), percentile(&mut times, 99.0));
            worst = worst.max(p99);
            said.push(format!("{kind} {p50:.2}/{p99:.2}"));
        }
        if size == SIZES[2].0 {
            worst_memory(&path, figures);
            filters(&mut store, size, figures);
        }
        let found = format!("worst p99 {worst:.2} ms; p50/p99 ms: {}", said.join(", "));
        figures.add(format!("find a member among {size}, home branch first, {SHOWN} shown"), found, "p99 ≤ 2 ms");
    }
}

/// Value, points and a last visit for everybody, as a year leaves them.
fn balances_and_visits(store: &mut Store, members: u32) {
    let place = StreamId([0xE0; 16]);
    for start in (0..members).step_by(20_000) {
        run(store, move |writer| {
            let mut rows = Rows::new(Side::Edge);
            for n in start..members.min(start + 20_000) {
                let (value, points) = (mixed(n, 10) as i64 % 100_000, mixed(n, 11) as i64 % 5_000);
                let lot = Unit::Points { issuer: BRANCH, from: 0, until: 0 };
                rows.put(&BALANCE, row![MemberId(id(n)), Unit::Value(BRANCH).key(), place, value]);
                rows.put(&BALANCE, row![MemberId(id(n)), lot.key(), place, points]);
                let at_ms = crate::chain::NOW_MS - mixed(n, 12) as i64 % 365 * 86_400_000;
                rows.put(&MEMBER_VISIT, row![MemberId(id(n)), at_ms, place, i64::from(n)]);
            }
            writer.put(rows)
        });
    }
}

/// Whom a filter means, counted, with the first page of 200 by name.
fn filters(store: &mut Store, members: u32, figures: &mut Figures) {
    balances_and_visits(store, members);
    let readers = store.readers();
    let home = Some(BranchId([0xC0; 16]));
    let female = Some("female".to_owned());
    for (what, filter) in [
        ("home branch", Filter { home, ..Filter::default() }),
        ("home branch, women, not here for 60 days", Filter { home, gender: female, unseen_for: Some(60), ..Filter::default() }),
        ("birthday within 17 days", Filter { birthday_within: Some(17), ..Filter::default() }),
        ("stored value from 950", Filter { value_from: Some(95_000), ..Filter::default() }),
    ] {
        let mut found = 0;
        let mut times: Vec<f64> = (0..5)
            .map(|_| {
                let start = Instant::now();
                let page = readers.read(|db| {
                    let people = filter::people(db, &filter, crate::chain::NOW_MS, BusinessDay(20_261_121))?;
                    found = people.len();
                    filter::page(db, &people, 0, 200)
                });
                assert_eq!(page.expect("read").len(), 200);
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        let said = format!("{found} found in {:.0} ms (median of 5)", percentile(&mut times, 50.0));
        figures.add(format!("members filtered among {members}, counted, and 200 by name: {what}"), said, "≤ 200 ms for 50 000");
    }
}

fn worst_memory(path: &Path, figures: &mut Figures) {
    let itself = std::env::current_exe().expect("a program");
    let said = std::process::Command::new(itself).arg("--memory").arg(path).output().expect("runs");
    let found = format!("{} MB at the highest", String::from_utf8_lossy(&said.stdout).trim());
    figures.add("memory of a process with the store of 1 000 000 members open, after 7 000 searches", found, "hub ≤ 500 MB");
}

/// Memory of a process that has the large chain's store open and was asked all questions; MB at its highest.
pub fn memory(path: &Path) {
    let store = Store::open(Opening { path: path.to_path_buf(), registry: &REGISTRY, side: Side::Edge, lineage: None }).expect("a store");
    let readers = store.readers();
    for (kind, question) in KINDS {
        for n in 0..QUESTIONS {
            ask(&readers, kind, &question(mixed(n, 9) as u32 % SIZES[2].0));
        }
    }
    println!("{}", peak_mb("self"));
}

/// Lays the rows of so many members into the store of a replica that may be running: how much memory it needs among them is measured there.
pub fn fill_store(path: &Path, members: u32) {
    let side = if path.ends_with("hub.db") { Side::Hub } else { Side::Edge };
    let mut store = Store::open(Opening { path: path.to_path_buf(), registry: &REGISTRY, side, lineage: None }).expect("a store");
    fill(&mut store, 0, members, members / 5_000 + 1);
}

type Question = fn(u32) -> String;
const KINDS: [(&str, Question); 7] = [
    ("phone end of 4", |n| phone(n)[7..].to_owned()),
    ("of 6", |n| phone(n)[5..].to_owned()),
    ("card", |n| (6_000_000 + n).to_string()),
    ("surname", |n| name(n).chars().take(1).collect()),
    ("name", name),
    ("initials", |n| shared::base::text::spelling(&name(n)).initials),
    ("pinyin", |n| shared::base::text::spelling(&name(n)).full.chars().take(6).collect()),
];

/// Milliseconds from the text to the members that a page shows.
fn ask(readers: &Readers, kind: &str, text: &str) -> f64 {
    let start = Instant::now();
    let hits = readers.read(|db| members::search(db, text, Some(BRANCH), SHOWN)).expect("read");
    let ms = start.elapsed().as_secs_f64() * 1e3;
    assert!(!hits.is_empty(), "{kind} {text} finds somebody");
    assert!(kind != "card" || hits[0].why == Why::Card, "{text} is a card");
    ms
}
