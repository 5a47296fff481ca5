//! Goal: a chain is made and filled as its people do it on the command line: one sign-in that works, good lines in, bad ones back in a file,
//! a second run changes nothing. Method: the orders of the command line on a data folder, without a running hub.
use hub::control::{Order, Reply, give};
use hub::install::Install;
use shared::journal::Read;
use std::path::{Path, PathBuf};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("catena-hub-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("in")).expect("a folder for the test");
        Folder(folder)
    }

    fn hub(&self) -> PathBuf {
        self.0.join("hub")
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join("in").join(name);
        std::fs::write(&path, text).expect("written");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn order(data: &Path, order: Order) -> Reply {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(give(data, order))
}

fn entries(data: &Path) -> i64 {
    let store = Install::new(data).open(0).expect("a store");
    store.number("select count(*) from entry", &[]).expect("read")
}

#[test]
fn files_go_in_bad_lines_come_back_and_a_second_run_changes_nothing() {
    let folder = Folder::new("import");
    let data = folder.hub();
    hub::init::init(&data, "样板连锁").expect("made");
    assert!(hub::init::init(&data, "again").is_err(), "a chain is not made over another");
    folder.write("products.csv", "\u{feff}number,name,category,unit,price\r\n1,农夫山泉,01,瓶,2.50\r\n2,苹果,09,kg,25.80\r\n");
    folder.write("branches.csv", "code,name\n001,人民路店\n");
    folder.write("categories.csv", "code,name\n01,食品\n");
    let import = || order(&data, Order::Import { paths: vec![folder.0.join("in")] });
    let said = import().expect("taken in");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "branches.csv: 1 lines, 1 changed, 0 unchanged, 0 rejected");
    assert_eq!(lines[2], "products.csv: 2 lines, 1 changed, 0 unchanged, 1 rejected");
    let rejected = std::fs::read_to_string(folder.0.join("in/products.rejected.csv")).expect("written");
    assert_eq!(rejected, "\u{feff}number,name,category,unit,price,line,reason\n2,苹果,09,kg,25.80,3,category: 不存在 / is not there\n");
    let before = entries(&data);
    assert!(import().expect("taken in").starts_with("branches.csv: 1 lines, 0 changed, 1 unchanged, 0 rejected"));
    assert_eq!(entries(&data), before);
    let code = order(&data, Order::EnrolCode { branch: "人民路店".into() }).expect("a code");
    assert!(code.len() >= 16, "{code}");
}

#[test]
fn a_file_that_is_none_is_named() {
    let folder = Folder::new("refused");
    hub::init::init(&folder.hub(), "样板连锁").expect("made");
    let give = |path: PathBuf| order(&folder.hub(), Order::Import { paths: vec![path] }).expect_err("refused");
    assert!(give(folder.write("goods.csv", "a\n")).contains("goods.csv"));
    assert!(give(folder.write("staff.csv", "code,name,roles,salary\n")).contains("unknown column: salary"));
    assert!(give(folder.write("roles.csv", "")).contains("empty"));
    assert!(give(folder.write("levels.csv", "code,name\n")).contains("missing column"));
    std::fs::write(folder.0.join("in/members.csv"), b"name\n\xff\xfe\n").expect("written");
    assert!(give(folder.0.join("in/members.csv")).contains("UTF-8"));
}

#[test]
fn a_new_password_is_set_for_somebody_who_is_there() {
    let folder = Folder::new("password");
    let first = hub::init::init(&folder.hub(), "样板连锁").expect("made");
    let made = order(&folder.hub(), Order::Password { code: first.code.into() }).expect("a password");
    assert_ne!(made, first.password);
    assert!(order(&folder.hub(), Order::Password { code: "nobody".into() }).is_err());
}
