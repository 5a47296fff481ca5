//! A page of a scope's feed: built and signed by the hub, applied by an edge with its cursor in one transaction.
use super::sign::{Keys, PublicKey, page_signature, page_signed};
use super::wire::{Cursor, Page, PageEntry, Proof, Told, WireEntry, entries_hash};
use crate::base::StreamId;
use crate::base::guards::{Guard, on};
use crate::base::limits::{PAGE_ENTRIES_MAX, PUSH_BYTES_MAX};
use crate::journal::{Entry, Fault, Read, Stamp};
use crate::store::append::entry_of;
use crate::store::stray::strayed_from;
use crate::store::{Writer, statements};

/// Why an edge does not apply a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotApplied {
    #[error("the hub's signature does not fit the page")]
    Signature,
    #[error("the page does not begin where this replica stands")]
    Elsewhere,
    #[error("an entry is malformed")]
    Malformed,
}

/// The last position given out in a scope.
///
/// # Errors
/// A fault of the store.
pub fn head(db: &dyn Read, scope: &[u8]) -> Result<u64, Fault> {
    Ok((db.number("select next from feed_head where scope = ?1", &[scope.into()])? as u64).saturating_sub(1))
}

/// The page after a position. Entries of the reader's own stream are left out: it has them.
///
/// # Errors
/// A fault of the store.
pub fn build(db: &dyn Read, keys: &Keys, epoch: u64, scope: &[u8], start: u64, reader: StreamId) -> Result<Page, Fault> {
    // What was listed in this scope after this position?
    let sql = "select e.stream, e.seq, e.stamp, e.by, e.command, e.part, e.kind, e.version, e.document, e.generation, e.body, e.salt, e.erased, f.position
               from feed f join entry e on e.stream = f.stream and e.seq = f.seq
               where f.scope = ?1 and f.position > ?2 order by f.position limit ?3";
    let rows = db.rows(sql, &[scope.into(), start.into(), (PAGE_ENTRIES_MAX + 1).into()])?;
    let told = statements::after(db, scope, start, PAGE_ENTRIES_MAX + 1)?;
    let mut upto = head(db, scope)?;
    let mut bytes = 0;
    for (i, row) in rows.iter().enumerate() {
        bytes += row.blob(10).len() + 96;
        if i == PAGE_ENTRIES_MAX || (i > 0 && bytes > PUSH_BYTES_MAX) {
            upto = upto.min(rows[i - 1].int(13) as u64);
            break;
        }
    }
    if told.len() > PAGE_ENTRIES_MAX {
        upto = upto.min(told[PAGE_ENTRIES_MAX - 1].position);
    }
    let entries: Vec<Entry> = rows.iter().filter(|row| row.int(13) as u64 <= upto && row.raw(0) != reader.0).map(entry_of).collect();
    let hash = entries_hash(&entries);
    let more = upto < head(db, scope)?;
    Ok(Page {
        scope: scope.to_vec().into(),
        epoch,
        start,
        upto,
        entries: entries
            .iter()
            .map(|entry| PageEntry { stream: entry.stream, seq: entry.seq, entry: WireEntry::of(entry, Stamp(0)) })
            .collect(),
        told: told.into_iter().filter(|told| told.position <= upto).map(of_statement).collect(),
        more,
        signature: page_signature(keys, epoch, scope, start, upto, &hash).into(),
    })
}

fn of_statement(statement: statements::Statement) -> Told {
    let statements::Statement { topic, key, body, as_of_ms, .. } = statement;
    Told { topic, key: key.into(), body: body.into(), as_of_ms }
}

/// The entries of a page, its signature checked.
///
/// # Errors
/// Nothing of it is believed.
pub fn read(page: &Page, hub: &PublicKey) -> Result<Vec<Entry>, NotApplied> {
    let entries = page.entries.iter().map(|one| one.entry.entry(one.stream, one.seq, Stamp(0)).ok_or(NotApplied::Malformed));
    let entries = entries.collect::<Result<Vec<Entry>, _>>()?;
    let hash = entries_hash(&entries);
    let signed = page_signed(hub, page.epoch, &page.scope, page.start, page.upto, &hash, &*page.signature);
    if signed { Ok(entries) } else { Err(NotApplied::Signature) }
}

/// Applies a page at an edge: entries, statements, cursor and the hub's signature, in the clerk's transaction. Answers the new entries.
///
/// # Errors
/// Outer: a fault of the store. Inner: nothing was applied.
pub fn apply(writer: &mut Writer<'_>, page: &Page, hub: &PublicKey) -> Result<Result<Vec<Entry>, NotApplied>, Fault> {
    let entries = match read(page, hub) {
        Ok(entries) => entries,
        Err(refused) => return Ok(Err(refused)),
    };
    let (epoch, position) = position(writer, &page.scope)?;
    let follows = page.epoch > epoch || page.epoch == epoch && page.start == position;
    if on(Guard::Cursor) && (!follows || page.upto < page.start) {
        return Ok(Err(NotApplied::Elsewhere));
    }
    if page.epoch > 1 {
        writer.make_room(&entries)?;
    }
    writer.take_in(&entries)?;
    for told in &page.told {
        writer.hold_statement(&page.scope, &told.topic, &told.key, page.upto, &told.body, told.as_of_ms)?;
    }
    if !page.told.is_empty() {
        writer.touch("statement");
    }
    set_cursor(writer, page)?;
    keep_proof(writer, page, &entries)?;
    Ok(Ok(entries))
}

/// Moves the cursor past a page.
///
/// # Errors
/// A fault of the store.
pub fn set_cursor(writer: &mut Writer<'_>, page: &Page) -> Result<(), Fault> {
    let sql = "insert into cursor (scope, epoch, position) values (?1, ?2, ?3)
               on conflict (scope) do update set epoch = excluded.epoch, position = excluded.position";
    writer.execute(sql, &[page.scope.as_slice().into(), page.epoch.into(), page.upto.into()]).map(|_| ())
}

/// Keeps the hub's signature with the keys of the page's entries, so that a hub that forgot them can be given them back. Of pages without
/// entries only the last is kept.
pub(super) fn keep_proof(writer: &mut Writer<'_>, page: &Page, entries: &[Entry]) -> Result<(), Fault> {
    if page.upto == page.start {
        return Ok(());
    }
    let keys: Vec<u8> = entries.iter().flat_map(|entry| [entry.stream.bytes(), &entry.seq.to_be_bytes()].concat()).collect();
    let (epoch, scope) = (page.epoch.into(), page.scope.as_slice().into());
    writer.execute("delete from page where epoch = ?1 and scope = ?2 and entries = x''", &[epoch, scope])?;
    let sql = "insert into page (epoch, scope, upto, start, hash, entries, signature) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               on conflict (epoch, scope, upto) do nothing";
    let values =
        crate::row![page.epoch, page.scope.as_slice(), page.upto, page.start, entries_hash(entries), keys, page.signature.to_vec()];
    writer.execute(sql, &values).map(|_| ())
}

/// Epoch and position up to which this replica has read a scope; zeros before the first page.
///
/// # Errors
/// A fault of the store.
pub fn position(db: &dyn Read, scope: &[u8]) -> Result<(u64, u64), Fault> {
    let row = db.row("select epoch, position from cursor where scope = ?1", &[scope.into()])?;
    Ok(row.map_or((0, 0), |row| (row.int(0) as u64, row.int(1) as u64)))
}

/// The same for the wire, with the hub's signature on the last page.
///
/// # Errors
/// A fault of the store.
pub fn cursor(db: &dyn Read, scope: &[u8]) -> Result<Cursor, Fault> {
    let (epoch, position) = position(db, scope)?;
    let sql = "select start, upto, hash, signature from page where epoch = ?1 and scope = ?2 order by upto desc limit 1";
    let proof = db.row(sql, &[epoch.into(), scope.into()])?.map(|row| Proof {
        start: row.int(0) as u64,
        upto: row.int(1) as u64,
        hash: row.hash(2).into(),
        signature: <[u8; 64]>::try_from(row.blob(3)).unwrap_or([0; 64]).into(),
    });
    Ok(Cursor { scope: scope.to_vec().into(), epoch, position, proof })
}

/// The entries whose keys a kept page lists.
///
/// # Errors
/// A fault of the store.
pub fn page_entries(db: &dyn Read, keys: &[u8]) -> Result<Vec<Entry>, Fault> {
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry where stream = ?1 and seq = ?2";
    let mut entries = Vec::with_capacity(keys.len() / 24);
    for key in keys.chunks_exact(24) {
        let mut seq = [0; 8];
        seq.copy_from_slice(&key[16..]);
        let held = db.row(sql, &[key[..16].into(), u64::from_be_bytes(seq).into()])?;
        let Some(entry) = held.as_ref().map(entry_of) else { continue };
        // The page was signed over the name that stood in it then.
        let stream = strayed_from(db, entry.stream)?.unwrap_or(entry.stream);
        entries.push(Entry { stream, ..entry });
    }
    Ok(entries)
}
