//! Issue limits at head office. What a till or a courier gave out above them is booked like all else; head office passes nothing of those members'
//! credit on, by no grant, recall or carrying, until it confirms. It stays where it lies, and nothing is lost meanwhile.
use super::asks::{self, HOLD_ISSUES};
use super::carry::carry_to_heir;
use super::salvage::OWNERS;
use crate::base::ids::derived;
use crate::base::limits::{ISSUED_BRANCH_DAY_MINOR_MAX, ISSUED_CLERK_DAY_MINOR_MAX};
use crate::base::{CommandId, MemberId, StreamId};
use crate::facts::ledger::{IssueHeld, IssuesConfirmed, IssuesHeld};
use crate::journal::command::encoded;
use crate::journal::{self, Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::issued;
use crate::store::Writer;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Issues of one fact, so that its body stays within bounds.
const ISSUES_MAX: usize = 500;

/// Holds what of this is above the limits.
struct Hold<'a> {
    stream: StreamId,
    issues: &'a [IssueHeld],
}

impl Command for Hold<'_> {
    type State = ();
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        Vec::new()
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        let held = self.issues.chunks(ISSUES_MAX).map(|some| IssuesHeld { stream: self.stream, issues: some.to_vec() });
        Ok(held.fold(Decided::nothing(), |decided, held| decided.fact(&held)))
    }
}

/// Looks at what entries just taken in gave out. `courier`: not their owner signed them, so that their days say nothing and all that was brought
/// of the stream counts together.
///
/// # Errors
/// A fault of the store.
pub fn hold(writer: &mut Writer<'_>, entries: &[journal::Entry], courier: bool, now_ms: i64) -> Result<(), Fault> {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(()) };
    // What did these entries give out?
    let sql = "select member, seq, day, amount, issuer, by from issued where stream = ?1 and seq >= ?2 and seq <= ?3 order by seq, member";
    let given = writer.rows(sql, &[first.stream.into(), first.seq.into(), last.seq.into()])?;
    let (mut issues, mut days) = (Vec::new(), BTreeMap::new());
    for row in &given {
        let issue = IssueHeld { member: MemberId(row.raw(0)), seq: row.int(1) as u64, day: row.int(2) as u32, amount: row.int(3) };
        let (issuer, by) = (row.blob(4), row.blob(5));
        let day = match days.entry((issuer.to_vec(), issue.day)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Day::before(writer, issuer, issue.day, first.stream, first.seq)?),
        };
        if day.above_with(by, issue.amount) || courier && brought(writer, first.stream, issue.seq)? {
            issues.push(issue);
        }
    }
    if issues.is_empty() {
        return Ok(());
    }
    let here = writer.identity()?.stream;
    let command = CommandId(derived("issues held", &[first.stream.bytes(), &first.seq.to_be_bytes(), &last.seq.to_be_bytes()]));
    let _ = writer.decide(&Hold { stream: first.stream, issues: &issues }, &asks::moment(command, HOLD_ISSUES, here, None, now_ms))?;
    Ok(())
}

/// What a branch gave out on a day, in all and by clerk, minor units.
#[derive(Default)]
struct Day {
    total: i64,
    by_clerk: BTreeMap<Vec<u8>, i64>,
}

impl Day {
    /// Before an entry of one of its streams.
    fn before(db: &dyn Read, issuer: &[u8], day: u32, stream: StreamId, seq: u64) -> Result<Day, Fault> {
        // How much did each clerk of this branch give out that day, but for what follows in this stream?
        let sql = "select by, cast(sum(amount) as bigint) from issued
                   where issuer = ?1 and day = ?2 and (stream <> ?3 or seq < ?4) group by by order by by";
        let rows = db.rows(sql, &[issuer.into(), day.into(), stream.into(), seq.into()])?;
        let by_clerk: BTreeMap<Vec<u8>, i64> = rows.iter().map(|row| (row.blob(0).to_vec(), row.int(1))).collect();
        Ok(Day { total: by_clerk.values().sum(), by_clerk })
    }

    /// Is it above a limit with this, too?
    fn above_with(&mut self, by: &[u8], amount: i64) -> bool {
        let clerk = self.by_clerk.entry(by.to_vec()).or_default();
        (self.total, *clerk) = (self.total + amount, *clerk + amount);
        self.total > ISSUED_BRANCH_DAY_MINOR_MAX || *clerk > ISSUED_CLERK_DAY_MINOR_MAX
    }
}

/// Is what couriers brought of a stream up to this entry more than a branch may give out in a day?
fn brought(db: &dyn Read, stream: StreamId, seq: u64) -> Result<bool, Fault> {
    // What lies behind the last entry that the owner signed?
    let sql = "select coalesce(cast(sum(amount) as bigint), 0) from issued where stream = ?1 and seq <= ?2 and seq >
               (select coalesce(max(last), 0) from signature where stream = ?1 and length(signature) <= ?3)";
    Ok(db.number(sql, &[stream.into(), seq.into(), OWNERS.into()])? > ISSUED_BRANCH_DAY_MINOR_MAX)
}

/// Head office confirms what waits in a stream of the day on which the entry at `seq` gave. Refusals, in order: NotAllowed, NotFound.
pub struct Confirm {
    pub stream: StreamId,
    pub seq: u64,
}

impl Command for Confirm {
    type State = Vec<IssueHeld>;
    const RIGHT: Option<Right> = Some(Right::Exceptions);

    fn content(&self) -> Vec<u8> {
        encoded(&(self.stream, self.seq))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Vec<IssueHeld>, Fault> {
        Ok(issued::waiting(db, self.stream, self.seq)?.0)
    }

    fn decide(&self, waiting: &Vec<IssueHeld>, _: &Moment) -> Result<Decided, Refusal> {
        if waiting.is_empty() {
            return Err(Refusal::NotFound { what: "issue".into() });
        }
        let confirmed = waiting.chunks(ISSUES_MAX).map(|some| IssuesConfirmed { stream: self.stream, issues: some.to_vec() });
        Ok(confirmed.fold(Decided::nothing(), |decided, confirmed| decided.fact(&confirmed)))
    }
}

/// Confirms, and carries on what waited at a sealed place.
///
/// # Errors
/// Outer: a fault of the store. Inner: nothing waits there, or the right is missing.
pub fn confirm(writer: &mut Writer<'_>, confirm: &Confirm, moment: &Moment) -> Result<Result<(), Refusal>, Fault> {
    if let Err(refusal) = writer.decide(confirm, moment)? {
        return Ok(Err(refusal));
    }
    let head = writer.stream(confirm.stream)?.filter(|head| head.sealed != 0);
    if let Some(branch) = head.and_then(|head| head.branch) {
        carry_to_heir(writer, confirm.stream, branch, moment.now_ms)?;
    }
    Ok(Ok(()))
}
