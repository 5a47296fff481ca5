//! Goal: a second medium holds what head office has not acknowledged, whatever happens to it or to the database. Method: a real edge store
//! and real files.
use super::chain::Chain;
use shared::exchange::mirror::{self, MirrorFile};
use std::path::{Path, PathBuf};

fn path(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("catena-mirror-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder.join("mirror")
}

fn held(path: &Path) -> Vec<u64> {
    mirror::read(path).expect("a mirror").iter().map(|mirrored| mirrored.entry.seq).collect()
}

#[test]
fn it_holds_what_head_office_lacks_and_is_begun_anew_at_a_start() {
    let (mut chain, path) = (Chain::new("mirror", 1), path("grows"));
    chain.edges[0].count(1, 300).expect("topped up");
    chain.edges[0].store.mirror_to(Box::new(MirrorFile::new(&path)));
    assert_eq!(held(&path), [1, 2], "what was there before");
    chain.edges[0].count(2, -50).expect("sold");
    assert_eq!(held(&path), [1, 2, 3], "before the sale was answered");
    chain.exchange(0);
    chain.edges[0].count(3, -50).expect("sold");
    chain.edges[0].store.mirror_to(Box::new(MirrorFile::new(&path)));
    assert_eq!(held(&path), [4], "head office has the others");
    let bytes = std::fs::read(&path).expect("read");
    std::fs::write(&path, &bytes[..bytes.len() - 3]).expect("torn");
    assert_eq!(held(&path), [0_u64; 0], "a torn end is no entry");
}

#[test]
fn a_medium_that_is_gone_stops_nothing_and_catches_up() {
    let (mut chain, path) = (Chain::new("mirror-gone", 1), path("gone"));
    let folder = path.parent().expect("a folder").to_path_buf();
    chain.edges[0].store.mirror_to(Box::new(MirrorFile::new(&path)));
    std::fs::remove_dir_all(&folder).expect("pulled");
    chain.edges[0].count(1, 300).expect("the till goes on");
    chain.edges[0].count(2, -50).expect("and on");
    std::fs::create_dir_all(&folder).expect("plugged in again");
    chain.edges[0].count(3, -50).expect("sold");
    assert_eq!(held(&path), [1, 2, 3, 4]);
}

#[test]
fn a_mirror_that_holds_more_than_a_database_that_was_put_back_is_kept() {
    let (mut chain, path) = (Chain::new("mirror-back", 1), path("back"));
    chain.edges[0].store.mirror_to(Box::new(MirrorFile::new(&path)));
    chain.edges[0].count(1, 300).expect("topped up");
    let image = chain.edges[0].image();
    chain.edges[0].count(2, -50).expect("sold");
    chain.restore_edge(0, &image);
    chain.edges[0].store.mirror_to(Box::new(MirrorFile::new(&path)));
    assert_eq!(held(&path), [1, 2], "of what the database has");
    assert_eq!(held(&path.with_extension("kept-1")), [1, 2, 3], "what it lost can be salvaged");
}
