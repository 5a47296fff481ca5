//! `hub migrate-store`: head office moves from the database of its data folder to a PostgreSQL server. The old store is closed first, so nothing can
//! come into it any more; then everything is copied and compared; then the hub opens its next stream at the new place. Cut short, it goes on
//! where it ended when it is run again.
use crate::app::now_ms;
use crate::install::{Install, random};
use shared::base::StreamId;
use shared::base::ids::time_ordered;
use shared::exchange::leave::leave;
use shared::exchange::recovery::open_hub;
use shared::store::Store;
use shared::store::moving::moved_to;
use shared::store::writer::stream_head;
use std::path::{Path, PathBuf};

/// Moves the hub of a data folder; `say` is told what was done, a line at a time.
///
/// # Errors
/// A hub that serves; figures that differ; a database that is another hub's; file errors and faults of the stores.
pub fn migrate(folder: &Path, to: &str, say: &mut dyn FnMut(&str)) -> Result<(), Box<dyn std::error::Error>> {
    let _lock = shared::store::lock::lock(folder)?;
    let install = Install::new(folder);
    let key = install.keys()?.public();
    let file = folder.join("hub.db");
    let mut old = Store::open(shared::store::Opening {
        path: file.clone(),
        registry: &shared::desk::registry::REGISTRY,
        side: shared::views::Side::Hub,
        lineage: None,
    })?;
    let identity = old.identity().ok_or("there is no hub in this folder")?;
    match moved_to(&old)? {
        None => old.transaction(|writer| leave(writer, &without_password(to), now_ms()))?,
        Some(there) if there == without_password(to) => say("closed already; going on"),
        Some(there) => return Err(format!("this hub is on its way to {there}").into()),
    }
    let mut new = install.store_at(PathBuf::from(to))?;
    if new.identity().is_none() {
        new.take_over(&file, &mut |table, rows| say(&format!("{table}: {rows} rows")))?;
    }
    let there = new.identity().ok_or("nothing was copied")?;
    if there.stream == identity.stream {
        let (left, came) = (old.compared()?, new.compared()?);
        if let Some((table, _)) = left.iter().find(|(table, figure)| came.get(*table) != Some(figure)) {
            return Err(
                format!("{table} differs between the two; nothing was switched over: empty the new database and run this again").into()
            );
        }
        say(&format!("{} tables with {} rows are equal", left.len(), left.values().map(|(rows, _)| rows).sum::<u64>()));
        let fresh = StreamId(time_ordered(now_ms(), random()?));
        new.transaction(|writer| {
            open_hub(writer, fresh, &key, now_ms())?;
            writer.flush_feed()
        })?;
    } else if stream_head(&new, there.stream)?.is_none_or(|head| head.predecessor != Some(identity.stream)) {
        return Err("there is another hub in that database".into());
    }
    install.keep_store(to)?;
    say(&format!("head office is at {} now; {} stays as it was when it moved", without_password(to), file.display()));
    Ok(())
}

/// As it may be shown.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.into() };
    match rest.split_once('@') {
        Some((who, place)) => format!("{scheme}://{}@{place}", who.split(':').next().unwrap_or_default()),
        None => address.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn no_password_is_shown() {
        assert_eq!(without_password("postgres://catena:geheim@db.example/catena"), "postgres://catena@db.example/catena");
        assert_eq!(without_password("postgres://db.example/catena"), "postgres://db.example/catena");
    }
}
