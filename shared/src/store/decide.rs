//! A command under the clerk: known already, allowed, clock right, loaded, decided, guarded, appended. The one place where rights are checked.
use super::clock;
use super::writer::Writer;
use crate::base::limits::PARTS_MAX;
use crate::base::{CommandId, Posting};
use crate::journal::command::Decided;
use crate::journal::entry::Head;
use crate::journal::{Command, Fault, Moment, Part, Read, Refusal};
use crate::ledger::{balance, person};

/// What came of a command that was not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// These entries were appended; none for a command that only wrote drafts.
    Done(Vec<Head>),
    /// It was decided before: this is a retry.
    Already,
}

impl Writer<'_> {
    /// Decides a command and writes what comes of it.
    ///
    /// # Errors
    /// Outer: a fault of the store, nothing is written. Inner: the rule's no.
    pub fn decide<C: Command>(&mut self, command: &C, moment: &Moment) -> Result<Result<Outcome, Refusal>, Fault> {
        let decided = self.judge(command, moment)?;
        self.refused.extend(decided.as_ref().err().cloned());
        Ok(decided)
    }

    fn judge<C: Command>(&mut self, command: &C, moment: &Moment) -> Result<Result<Outcome, Refusal>, Fault> {
        let asked = digest(&command.content());
        if let Some(known) = self.asked_before(moment.command)? {
            return Ok(if known == asked { Ok(Outcome::Already) } else { Err(Refusal::CommandReused) });
        }
        if let Some(right) = C::RIGHT.filter(|right| !moment.may(*right)) {
            return Ok(Err(Refusal::NotAllowed { right }));
        }
        let last_ms = self.last_ms()?;
        if !C::ANY_CLOCK && clock::wrong(last_ms, moment.now_ms, moment.hub_ms).is_some() {
            return Ok(Err(Refusal::ClockWrong { now_ms: moment.now_ms, last_ms: last_ms.max(moment.hub_ms) }));
        }
        let state = command.load(self, moment)?;
        let decided = match command.decide(&state, moment) {
            Ok(decided) => decided,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.write_decided(decided, moment, asked, last_ms)
    }

    fn write_decided(
        &mut self,
        mut decided: Decided,
        moment: &Moment,
        asked: i64,
        last_ms: i64,
    ) -> Result<Result<Outcome, Refusal>, Fault> {
        assert!(decided.parts.len() <= PARTS_MAX, "a command decided {} entries", decided.parts.len());
        let mut postings: Vec<Vec<Posting>> = decided.parts.iter().map(|part| self.postings(part, moment)).collect();
        for drawn in person::drawn(self, postings.iter().flatten(), moment.here)? {
            decided = decided.fact(&drawn);
            postings.extend(decided.parts.last().map(|part| self.postings(part, moment)));
        }
        if let Err(refusal) = balance::guard(self, postings.iter().flatten(), moment.here)? {
            return Ok(Err(refusal));
        }
        let mut heads = Vec::with_capacity(decided.parts.len());
        for (number, (part, postings)) in (0..).zip(decided.parts.into_iter().zip(postings)) {
            heads.extend(self.append_part(part, postings, number, moment, asked)?.map(|appended| appended.head));
        }
        for job in &decided.jobs {
            self.add_job(job, moment.now_ms)?;
        }
        for draft in decided.drafts {
            self.set_draft(draft.kind, &draft.id, draft.body.as_deref())?;
            if let Some(value) = draft.value {
                self.memory.keep_draft(draft.kind, &draft.id, value.0);
            }
        }
        if !heads.is_empty() {
            self.set_meta("last_ms", &last_ms.max(moment.now_ms).to_be_bytes())?;
        }
        Ok(Ok(Outcome::Done(heads)))
    }

    fn postings(&self, part: &Part, moment: &Moment) -> Vec<Posting> {
        let Part::Fact { kind, version, fact: decided, .. } = part else { return Vec::new() };
        let fact =
            self.registry.fact(*kind, *version).unwrap_or_else(|| panic!("kind {kind} version {version} is decided but not registered"));
        let postings =
            (fact.postings)(&*decided.0, moment.here).unwrap_or_else(|| panic!("{} is registered under another kind", fact.name));
        assert_eq!(crate::base::account::unbalanced(&postings), [], "{} does not sum to zero", fact.name);
        postings
    }

    /// What was asked under this id on the own stream; the idempotency record, for ever.
    fn asked_before(&self, command: CommandId) -> Result<Option<i64>, Fault> {
        let stream = self.identity()?.stream;
        let sql = "select asked from entry where stream = ?1 and command = ?2 order by part limit 1";
        Ok(self.row(sql, &[stream.into(), command.into()])?.map(|row| row.int(0)))
    }
}

/// 63 bits that tell two contents under one id apart.
fn digest(content: &[u8]) -> i64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(&blake3::hash(content).as_bytes()[..8]);
    i64::from_be_bytes(eight) & i64::MAX
}
