use super::*;
use rstest::rstest;
use rusqlite::{Connection, ErrorCode};

const WAL_FULL: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 12;";
const WAL_NORMAL: &str = "pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = 12;";
const WAL_OFF: &str = "pragma journal_mode = wal; pragma synchronous = off; pragma wal_autocheckpoint = 12;";
const ROLLBACK_EXTRA: &str = "pragma journal_mode = delete; pragma synchronous = extra;";

fn open(disk: &Disk, mode: &str) -> rusqlite::Result<Connection> {
    let db = Connection::open(disk.database("shop.db"))?;
    db.execute_batch(mode)?;
    db.execute_batch("create table if not exists sale (number integer primary key, body blob not null) strict")?;
    Ok(db)
}

/// Rings up sales, each in its own transaction, until the disk gives up; says how many were acknowledged.
fn sell(disk: &Disk, mode: &str, sales: i64) -> i64 {
    let Ok(db) = open(disk, mode) else { return 0 };
    let first = count(&db);
    let sold = (first + 1..=first + sales).take_while(|number| insert(&db, *number).is_ok()).count();
    first + sold as i64
}

fn insert(db: &Connection, number: i64) -> rusqlite::Result<usize> {
    db.execute("insert into sale values (?1, zeroblob(700 + ?1 % 3 * 900))", [number])
}

fn count(db: &Connection) -> i64 {
    db.query_row("select count(*) from sale", [], |row| row.get(0)).expect("counts")
}

/// What is there after the power came back: sales, or `None` when the database is damaged.
fn after_power(disk: &Disk, mode: &str) -> Option<i64> {
    disk.start();
    let db = open(disk, mode).ok()?;
    let sound: String = db.query_row("pragma integrity_check", [], |row| row.get(0)).ok()?;
    let (rows, last): (i64, Option<i64>) =
        db.query_row("select count(*), max(number) from sale", [], |row| Ok((row.get(0)?, row.get(1)?))).ok()?;
    (sound == "ok" && rows == last.unwrap_or(0)).then_some(rows)
}

// Goal: what SQLite acknowledged with synchronous = FULL is there after a power cut, whatever the disk forgot.
// Method: cut at every single step of a run with checkpoints, several ways of forgetting each.
#[rstest]
#[case::wal(WAL_FULL)]
#[case::rollback_journal(ROLLBACK_EXTRA)]
fn acknowledged_sales_survive_a_crash_at_any_step(#[case] mode: &str) {
    let whole = Disk::new(0);
    sell(&whole, mode, 12);
    assert!(whole.steps() > 60, "the run is too short to mean anything: {} steps", whole.steps());
    for step in 0..whole.steps() {
        for seed in 0..5 {
            let disk = Disk::new(seed * 1_000 + step);
            disk.crash_after(step);
            let acknowledged = sell(&disk, mode, 12);
            disk.crash();
            let kept = after_power(&disk, mode);
            assert!(
                kept.is_some_and(|kept| (acknowledged..=acknowledged + 1).contains(&kept)),
                "cut at step {step}, seed {seed}: {acknowledged} acknowledged, {kept:?} kept"
            );
        }
    }
}

// Goal: the disk bites: a weaker setting does lose what it acknowledged. Method: the same cuts, counted.
#[rstest]
#[case::off(WAL_OFF)]
#[case::normal(WAL_NORMAL)]
fn weaker_settings_lose_acknowledged_sales(#[case] mode: &str) {
    let lost = (0..60_u64).filter(|seed| {
        let disk = Disk::new(*seed);
        disk.crash_after(30 + seed);
        let acknowledged = sell(&disk, mode, 30);
        disk.crash();
        after_power(&disk, mode).is_none_or(|kept| kept < acknowledged)
    });
    assert!(lost.count() > 5, "the disk forgets too little to prove anything");
}

#[test]
fn a_killed_process_loses_nothing_and_its_handles_are_dead() {
    let disk = Disk::new(1);
    let db = open(&disk, WAL_OFF).expect("opens");
    insert(&db, 1).expect("sells");
    disk.kill();
    assert!(insert(&db, 2).is_err());
    drop(db);
    assert_eq!(sell(&disk, WAL_OFF, 1), 2);
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    let disk = Disk::new(1);
    let db = open(&disk, WAL_FULL).expect("opens");
    insert(&db, 1).expect("sells");
    disk.limit(Some(disk.used() + 600));
    let refused = insert(&db, 2).expect_err("there is no room");
    assert_eq!(refused.sqlite_error_code(), Some(ErrorCode::DiskFull));
    disk.limit(None);
    insert(&db, 2).expect("there is room again");
    drop(db);
    disk.crash();
    assert_eq!(after_power(&disk, WAL_FULL), Some(2));
}

#[rstest]
#[case::write(Operation::Write)]
#[case::sync(Operation::Sync)]
fn a_broken_disk_is_said_and_acknowledged_sales_stay(#[case] on: Operation) {
    let disk = Disk::new(1);
    let db = open(&disk, WAL_FULL).expect("opens");
    insert(&db, 1).expect("sells");
    disk.fail(Fault { on, after: 0, times: 1 });
    let refused = insert(&db, 2).expect_err("the medium failed");
    assert_eq!(refused.sqlite_error_code(), Some(ErrorCode::SystemIoFailure));
    insert(&db, 3).expect("it works again");
    drop(db);
    disk.crash();
    disk.start();
    let db = open(&disk, WAL_FULL).expect("opens");
    assert_eq!(count(&db), 2);
}

#[test]
fn a_clone_goes_its_own_way_and_a_restored_disk_is_the_old_one() {
    let disk = Disk::new(1);
    assert_eq!(sell(&disk, WAL_FULL, 3), 3);
    let image = disk.image();
    let clone = Disk::cloned(&image, 2);
    assert_eq!(sell(&clone, WAL_FULL, 2), 5);
    assert_eq!(sell(&disk, WAL_FULL, 4), 7);
    disk.restore(&image);
    assert_eq!(sell(&disk, WAL_FULL, 1), 4);
    assert_eq!(sell(&clone, WAL_FULL, 1), 6);
}

#[test]
fn a_backup_taken_while_the_database_is_open_is_whole() {
    let disk = Disk::new(1);
    let db = open(&disk, WAL_FULL).expect("opens");
    insert(&db, 1).expect("sells");
    let image = disk.image();
    insert(&db, 2).expect("sells");
    assert_eq!(after_power(&Disk::cloned(&image, 3), WAL_FULL), Some(1));
}

#[test]
fn small_files_are_the_old_or_the_new_and_stay_when_only_the_database_is_put_back() {
    let disk = Disk::new(1);
    disk.replace("lineage", b"one").expect("writes");
    let image = disk.image();
    disk.replace("lineage", b"two").expect("writes");
    disk.restore_some(&image, |name| name.starts_with("shop.db"));
    assert_eq!(disk.read("lineage"), Ok(b"two".to_vec()));
    assert_eq!(Disk::cloned(&image.clone().without(|name| name == "lineage"), 5).read("lineage"), Err(Trouble::Missing));
    disk.crash();
    assert_eq!(disk.read("lineage"), Err(Trouble::Off));
}

// Goal: two connections of one machine share WAL mode's memory and exclude each other. Method: reader, writer, second writer.
#[test]
fn connections_see_each_other_and_exclude_each_other() {
    let disk = Disk::new(1);
    let one = open(&disk, WAL_FULL).expect("opens");
    let two = open(&disk, WAL_FULL).expect("opens");
    two.busy_timeout(std::time::Duration::ZERO).expect("sets");
    one.execute_batch("begin immediate").expect("begins");
    insert(&one, 1).expect("sells");
    assert_eq!(count(&two), 0);
    assert_eq!(insert(&two, 2).expect_err("one writer at a time").sqlite_error_code(), Some(ErrorCode::DatabaseBusy));
    one.execute_batch("commit").expect("commits");
    assert_eq!(count(&two), 1);
    insert(&two, 2).expect("sells");
    assert_eq!(count(&one), 2);
}

#[test]
fn a_crash_is_a_function_of_the_seed() {
    let run = |seed| {
        let disk = Disk::new(seed);
        sell(&disk, WAL_OFF, 9);
        disk.crash();
        after_power(&disk, WAL_OFF)
    };
    for seed in 0..20 {
        assert_eq!(run(seed), run(seed), "seed {seed}");
    }
}
