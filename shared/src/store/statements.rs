//! Statements in the store: newest wins; a changed one takes a position of its scope's feed, so that every reader's next page brings it.
use super::writer::Writer;
use crate::base::MemberId;
use crate::journal::command::encoded;
use crate::journal::{Fault, Read, Row};
use crate::ledger::statement;

/// Scope of what every branch needs; a branch's own scope is the bytes of its id.
pub const CHAIN: &[u8] = b"";

/// A figure told by another replica: newest wins, shown with its time, never folded, never decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Of its scope's feed, where it last changed.
    pub position: u64,
    pub topic: String,
    pub key: Vec<u8>,
    pub body: Vec<u8>,
    pub as_of_ms: i64,
}

impl Writer<'_> {
    /// At the hub: tells a figure to a scope, if it differs from what was told last.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn tell(&mut self, scope: &[u8], topic: &'static str, key: &[u8], body: &[u8], as_of_ms: i64) -> Result<(), Fault> {
        if self.told_already(scope, topic, key, body)? {
            return Ok(());
        }
        let position = self.take_positions(scope, 1)?;
        self.hold_statement(scope, topic, key, position, body, as_of_ms)?;
        self.note_scope(scope);
        self.touch(topic);
        Ok(())
    }

    fn told_already(&self, scope: &[u8], topic: &str, key: &[u8], body: &[u8]) -> Result<bool, Fault> {
        let sql = "select count(*) from statement where scope = ?1 and topic = ?2 and key = ?3 and body = ?4";
        Ok(self.number(sql, &[scope.into(), topic.into(), key.into(), body.into()])? > 0)
    }

    /// Keeps a statement as told.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn hold_statement(
        &mut self,
        scope: &[u8],
        topic: &str,
        key: &[u8],
        position: u64,
        body: &[u8],
        as_of_ms: i64,
    ) -> Result<(), Fault> {
        let sql = "insert into statement (scope, topic, key, position, as_of, body) values (?1, ?2, ?3, ?4, ?5, ?6)
                   on conflict (scope, topic, key) do update set position = excluded.position, as_of = excluded.as_of, body = excluded.body";
        self.execute(sql, &[scope.into(), topic.into(), key.into(), position.into(), as_of_ms.into(), body.into()]).map(|_| ())
    }

    /// At the hub: tells the balances of the members touched since this was last done.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn tell_balances(&mut self) -> Result<(), Fault> {
        let as_of_ms = self.appended.last().map_or(0, |head| head.stamp.ms());
        let members: Vec<MemberId> = std::mem::take(&mut self.members).into_iter().collect();
        if members.is_empty() {
            return Ok(());
        }
        // One that says the same as before keeps its place, and the position taken for it stays empty.
        let sql = "insert into statement (scope, topic, key, position, as_of, body) values (?1, ?2, ?3, ?4, ?5, ?6)
                   on conflict (scope, topic, key) do update set position = excluded.position, as_of = excluded.as_of, body = excluded.body
                   where statement.body <> excluded.body";
        let first = self.take_positions(CHAIN, members.len() as u64)?;
        let balances = statement::of_members(self, &members)?;
        let told = (first..).zip(members).zip(&balances);
        let told =
            told.map(|((position, member), lies)| Row(crate::row![CHAIN, statement::BALANCE, member, position, as_of_ms, encoded(lies)]));
        self.db.write_all(sql, &told.collect::<Vec<_>>())?;
        self.note_scope(CHAIN);
        self.touch(statement::BALANCE);
        Ok(())
    }
}

/// Statements of a scope after a position, at most `limit`.
///
/// # Errors
/// A fault of the store.
pub fn after(db: &dyn Read, scope: &[u8], position: u64, limit: usize) -> Result<Vec<Statement>, Fault> {
    // Which statements of this scope changed after this position?
    let sql = "select position, topic, key, body, as_of from statement where scope = ?1 and position > ?2 order by position limit ?3";
    let rows = db.rows(sql, &[scope.into(), position.into(), limit.into()])?;
    let read = |row: &Row| Statement {
        position: row.int(0) as u64,
        topic: row.text(1).into(),
        key: row.blob(2).to_vec(),
        body: row.blob(3).to_vec(),
        as_of_ms: row.int(4),
    };
    Ok(rows.iter().map(read).collect())
}
