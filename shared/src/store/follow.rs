//! What other processes of one hub wrote, for whoever listens here: asked of the tables a few times a second, because nothing that a process
//! tells another may be lost with it.
use super::clerk::Committed;
use super::figures::Figures;
use super::readers::Readers;
use crate::base::StreamId;
use crate::journal::{Fault, Head, Read};
use std::collections::BTreeMap;

/// Entries told of one stream at once; whoever listens reads tables, not this.
const HEADS_MAX: u64 = 500;

/// How far another process is known to be.
#[derive(Default)]
pub(super) struct Follow {
    /// The counter of turns, and how many of them were this process's own.
    turn: i64,
    own: u64,
    streams: BTreeMap<StreamId, u64>,
    feeds: BTreeMap<Vec<u8>, i64>,
    begun: bool,
}

impl Follow {
    /// What is new since the last call; nothing if only this process wrote.
    pub fn news(&mut self, readers: &Readers, figures: &Figures) -> Result<Option<Committed>, Fault> {
        readers.read(|db| {
            let turn = db.number("select n from turn where name = 'write'", &[])?;
            let own = figures.committed();
            let others = turn - self.turn > (own - self.own) as i64;
            (self.turn, self.own) = (turn, own);
            if !others && self.begun {
                return Ok(None);
            }
            let committed =
                Committed { heads: self.heads(db)?, touched: vec!["statement", "recovery", "session"], scopes: self.scopes(db)? };
            Ok(std::mem::replace(&mut self.begun, true).then_some(committed))
        })
    }

    fn heads(&mut self, db: &dyn Read) -> Result<Vec<Head>, Fault> {
        let mut heads = Vec::new();
        for row in db.rows("select stream, seq from stream", &[])? {
            let (stream, seq) = (StreamId(row.raw(0)), row.int(1) as u64);
            let known = self.streams.insert(stream, seq).unwrap_or(0);
            if self.begun && seq > known {
                let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
                           from entry where stream = ?1 and seq > ?2 order by seq";
                let first = known.max(seq.saturating_sub(HEADS_MAX));
                heads.extend(db.rows(sql, &[stream.into(), first.into()])?.iter().map(|row| super::append::entry_of(row).head()));
            }
        }
        Ok(heads)
    }

    fn scopes(&mut self, db: &dyn Read) -> Result<Vec<Vec<u8>>, Fault> {
        let rows = db.rows("select scope, next from feed_head", &[])?;
        let grew = rows.iter().filter(|row| self.feeds.insert(row.blob(0).to_vec(), row.int(1)) != Some(row.int(1)));
        Ok(grew.map(|row| row.blob(0).to_vec()).collect())
    }
}
