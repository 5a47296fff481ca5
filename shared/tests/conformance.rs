//! Goal: a hub on PostgreSQL is the hub on SQLite. Method: every statement of the sources is understood by the server; a transaction is whole or
//! nothing, also when the connection is lost; several processes on one database take turns. That all figures are equal, `laws` shows.
mod house;

use house::server::{Server, psql};
use house::{HUB, House};
use shared::desk::registry::REGISTRY;
use shared::journal::Fault;
use shared::store::{Clerk, Opening, Priority, Store, citus};
use shared::views::Side;
use std::path::{Path, PathBuf};

fn open(address: &str) -> Result<Store, Fault> {
    Store::open(Opening { path: PathBuf::from(address), registry: &REGISTRY, side: Side::Hub, lineage: None })
}

#[test]
fn a_transaction_is_whole_or_nothing_and_survives() {
    let Some(server) = Server::start("whole") else { return };
    let address = server.database();
    let mut house = House::hub_at(&address);
    let told: Result<(), Fault> = house.store.transaction(|writer| {
        writer.set_meta("half", b"done")?;
        Err(Fault::Busy)
    });
    assert_eq!(told, Err(Fault::Busy));
    house.store.transaction(|writer| writer.set_meta("whole", "整\0".as_bytes())).expect("written");
    let again = open(&address).expect("opens again");
    assert_eq!(again.identity().map(|identity| identity.stream), Some(HUB));
    let meta = |name: &str| shared::store::writer::meta(&again, name).expect("read");
    assert_eq!((meta("half"), meta("whole")), (None, Some("整\0".as_bytes().to_vec())));
}

#[test]
fn a_lost_connection_is_made_again_and_nothing_is_written_twice() {
    let Some(server) = Server::start("lost") else { return };
    let address = server.database();
    let mut house = House::hub_at(&address);
    let cut =
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    psql(&address, cut);
    house.store.transaction(|writer| writer.take_positions(b"chain", 1)).expect("connected again");
    let torn = house.store.transaction(|writer| {
        writer.take_positions(b"chain", 1)?;
        psql(&address, cut);
        writer.take_positions(b"chain", 1)
    });
    assert!(matches!(torn, Err(Fault::Busy | Fault::Server(_))), "{torn:?}");
    assert_eq!(house.store.transaction(|writer| writer.take_positions(b"chain", 1)).expect("connected again"), 2);
    assert_eq!(house.store.readers().read(|db| db.number("select next from feed_head", &[])), Ok(3));
}

/// Several processes number one feed, each with other work in between: every position is there once, and a reader sees them in order.
#[test]
fn writers_of_one_database_take_turns() {
    let Some(server) = Server::start("turns") else { return };
    let address = server.database();
    drop(House::hub_at(&address));
    const WRITERS: u64 = 8;
    const EACH: u64 = 40;
    let clerks: Vec<_> = (0..WRITERS).map(|_| Clerk::start(open(&address).expect("opens"), |_| ())).collect();
    std::thread::scope(|scope| {
        for (number, clerk) in clerks.iter().enumerate() {
            scope.spawn(move || {
                for turn in 0..EACH {
                    let position = clerk.run(Priority::Live, move |writer| {
                        // Read, then written: what is read must still be so when it is written.
                        let before = shared::store::writer::meta_number(writer, "counted")?;
                        writer.set_meta("counted", &(before + 1).to_be_bytes())?;
                        let position = writer.take_positions(b"chain", 1)?;
                        let sql = "insert into feed (scope, position, stream, seq) values (?1, ?2, ?3, ?4)";
                        writer.execute(sql, &[b"chain".as_slice().into(), position.into(), [number as u8; 16].into(), turn.into()])
                    });
                    assert_eq!(position, Ok(1));
                }
            });
        }
        scope.spawn(|| {
            let readers = shared::store::Readers::of(Path::new(&address));
            let mut seen = 0;
            while seen < (WRITERS * EACH) as i64 {
                let sql = "select count(*), coalesce(max(position), 0) from feed where position <= (select next from feed_head)";
                let row = readers.read(|db| db.row(sql, &[])).expect("read").expect("a row");
                assert_eq!(row.int(0), row.int(1), "a gap in the feed");
                seen = row.int(0);
                std::thread::yield_now();
            }
        });
    });
    clerks.iter().for_each(|clerk| clerk.stop());
    let counted = open(&address).and_then(|store| shared::store::writer::meta_number(&store, "counted"));
    assert_eq!(counted, Ok((WRITERS * EACH) as i64));
}

/// Every statement that stands in the sources as one literal.
fn statements() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut folders) = (Vec::new(), vec![root.join("src"), root.join("../hub/src")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("read").map(|entry| entry.expect("read").path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let text = std::fs::read_to_string(&entry).expect("a source");
            let literals = text.split('"').filter(|text| {
                let text = text.trim_start();
                ["select ", "insert into ", "update ", "delete from "].iter().any(|verb| text.starts_with(verb)) && !text.contains('{')
            });
            let whole = |literal: &str| literal.replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ");
            found.extend(literals.map(|literal| (entry.display().to_string(), whole(literal))));
        }
    }
    found
}

#[test]
fn every_statement_of_the_sources_is_understood_by_the_server() {
    let Some(server) = Server::start("statements") else { return };
    let address = server.database();
    drop(House::hub_at(&address));
    let edge = Opening { path: PathBuf::from(&address), registry: &REGISTRY, side: Side::Edge, lineage: None };
    drop(Store::open(edge).expect("the tables of an edge beside them"));
    let all = statements();
    assert!(all.len() > 150, "only {} statements were found", all.len());
    let lines =
        all.iter().enumerate().map(|(at, (_, sql))| format!("prepare s{at} as {};", sql.replace("x''", "''::bytea").replace('?', "$")));
    let refused = house::server::refused(&address, &lines.collect::<Vec<_>>().join("\n"));
    let named: Vec<String> = refused.iter().map(|(line, why)| format!("{}: {}\n  {why}", all[*line].0, all[*line].1)).collect();
    assert!(named.is_empty(), "{}", named.join("\n"));
}

/// The rules a cluster's tables obey, read off their declarations; what is against them is named here and in the operating guide.
#[test]
fn what_a_cluster_would_refuse_is_known() {
    let tables: Vec<_> = REGISTRY.tables.iter().copied().filter(|table| table.kept_at(Side::Hub)).collect();
    let known = ["card_state: spread by number, which is no blob", "member_token: spread by token, which is no blob"];
    let mut found = citus::faults(&tables);
    found.sort();
    assert_eq!(found, known);
    let statements = citus::statements(&tables);
    assert!(tables.iter().all(|table| statements.iter().any(|statement| statement.contains(&format!("'{}'", table.name)))));
}

#[test]
fn a_database_of_another_order_of_letters_is_refused() {
    let Some(server) = Server::start("letters") else { return };
    let address = server.database();
    psql(&address, &format!("create database other_{0} template template0 encoding 'SQL_ASCII' locale 'C'", std::process::id()));
    let (place, _) = address.rsplit_once('/').expect("an address");
    let other = open(&format!("{place}/other_{}", std::process::id()));
    assert!(matches!(other, Err(Fault::Damaged(why)) if why.contains("create database")), "the reason names what to do");
}
