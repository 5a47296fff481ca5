//! What head office finds wrong in what came in, and puts before a person. Nothing is refused and nothing is undone: what happened is booked.
//! Each rule answers for the entries it is given; `standing` looks through everything, once in the life of a hub, before [`super::noticed`] keeps
//! how far it looked.
use super::registry::REGISTRY;
use crate::base::{Account, BranchId, DocumentId, Holder, MemberId, StreamId, Unit};
use crate::documents::Kind;
use crate::exceptions;
use crate::exceptions::raise::Raise;
use crate::exchange::recovery::FORK;
use crate::exchange::salvage::courier_of;
use crate::facts::Fact;
use crate::facts::exceptions::ExceptionRaised;
use crate::facts::journal::{Conflicted, SetAside};
use crate::facts::ledger::IssuesHeld;
use crate::facts::openings::OpeningReversed;
use crate::facts::shifts::ShiftClosed;
use crate::journal::entry::CHANGE;
use crate::journal::{Fault, Head, Read};
use crate::ledger::{balance, issued};
use crate::members::search::{Claimed, Why, by_card, by_phone, claimed_twice};
use crate::members::{self};
use crate::settings;
use crate::store::writer::{StreamHead, stream_head};
use crate::views::registry::decoded;
use crate::views::{Rows, Side};

/// Rows that one look answers at most.
const LOOK_MAX: u32 = 200;

/// What was found about entries that just came in; what was raised before is left out.
///
/// # Errors
/// A fault of the store.
pub fn notices(db: &dyn Read, heads: &[Head], now_ms: i64) -> Result<Vec<Raise>, Fault> {
    let mut found = Vec::new();
    for heads in heads.chunk_by(|a, b| a.stream == b.stream) {
        let Some(stream) = stream_head(db, heads[0].stream)? else { continue };
        for head in heads {
            if head.kind == CHANGE | Kind::Member.number() {
                found.extend(claims(db, head, now_ms)?);
            }
            if head.kind == Conflicted::KIND {
                found.extend(late_edit(db, head, stream.branch, now_ms)?);
            }
        }
        match stream.branch {
            Some(_) => found.extend(of_branch(db, &stream, heads, now_ms)?),
            None => found.extend(of_hub(db, heads, now_ms)?),
        }
    }
    fresh(db, found)
}

/// What head office's own entries tell of.
fn of_hub(db: &dyn Read, heads: &[Head], now_ms: i64) -> Result<Vec<Raise>, Fault> {
    let mut found = Vec::new();
    for head in heads {
        match head.kind {
            IssuesHeld::KIND => found.extend(over_limit(db, head, now_ms)?),
            SetAside::KIND => found.extend(set_aside(db, head, now_ms)?),
            OpeningReversed::KIND => found.extend(opening_spent(db, head, now_ms)?),
            _ => {}
        }
    }
    Ok(found)
}

/// What is wrong in entries of one stream of a branch.
fn of_branch(db: &dyn Read, stream: &StreamHead, heads: &[Head], now_ms: i64) -> Result<Vec<Raise>, Fault> {
    // Which other streams has this branch?
    let sql = "select stream from stream where branch = ?1 and stream <> ?2 order by stream";
    let others = db.rows(sql, &[stream.branch.map_or([0; 16], |branch| branch.0).into(), stream.stream.into()])?;
    let others: Vec<StreamId> = others.iter().map(|row| StreamId(row.raw(0))).collect();
    let mut found = Vec::new();
    for head in heads {
        found.extend(overdrawn(db, head, now_ms)?);
        found.extend(late(stream, head, now_ms));
        found.extend(salvaged(db, stream, head, now_ms)?);
        found.extend(twice(db, stream, head, &others, now_ms)?);
        found.extend(cash_off(db, stream, head, now_ms)?);
    }
    Ok(found)
}

/// Everything that stands wrong now and was not raised: balances below zero, credit above the limits, claims, what was set aside.
///
/// # Errors
/// A fault of the store.
pub fn standing(db: &dyn Read, now_ms: i64) -> Result<Vec<Raise>, Fault> {
    let mut found = Vec::new();
    // What was set aside?
    let rows = db.rows("select stream, seq, reason from set_aside order by stream, seq limit ?1", &[LOOK_MAX.into()])?;
    for row in &rows {
        found.push(aside(db, StreamId(row.raw(0)), row.int(1) as u64, row.text(2), now_ms)?);
    }
    // Which balances are below zero?
    let rows = db.rows(
        "select holder, unit, place, amount from balance where amount < 0 order by holder, unit, place limit ?1",
        &[LOOK_MAX.into()],
    )?;
    for row in &rows {
        let (Some(holder), Some(unit)) = (Holder::from_key(row.blob(0)), Unit::from_key(row.blob(1))) else { continue };
        let account = Account { holder, unit, place: StreamId(row.raw(2)) };
        if account.guarded() {
            found.push(below_zero(db, &account, row.int(3), now_ms)?);
        }
    }
    // In which streams does credit above the limits wait?
    let rows = db.rows("select distinct stream, seq from issue_state where rank = 1 order by stream, seq limit ?1", &[LOOK_MAX.into()])?;
    for row in &rows {
        found.extend(above(db, StreamId(row.raw(0)), row.int(1) as u64, now_ms)?);
    }
    found.extend(claimed_twice(db, LOOK_MAX)?.iter().map(|claim| claimed(claim, now_ms)));
    fresh(db, found)
}

fn fresh(db: &dyn Read, found: Vec<Raise>) -> Result<Vec<Raise>, Fault> {
    let mut fresh: Vec<Raise> = Vec::new();
    for raise in found {
        let known = fresh.iter().any(|other| other.command() == raise.command());
        if !known && exceptions::find(db, raise.command())?.is_none() {
            fresh.push(raise);
        }
    }
    Ok(fresh)
}

fn raise(what: &str, cause: Vec<u8>, at_ms: i64) -> Raise {
    let found =
        ExceptionRaised { what: what.into(), branch: None, member: None, stream: None, seq: 0, amount: 0, note: String::new(), at_ms };
    Raise { found, cause }
}

fn branch_of(db: &dyn Read, stream: StreamId) -> Result<Option<BranchId>, Fault> {
    Ok(stream_head(db, stream)?.and_then(|head| head.branch))
}

/// A guarded account that this entry took below zero: a copy of an install sold too, or one declared lost.
fn overdrawn(db: &dyn Read, head: &Head, now_ms: i64) -> Result<Vec<Raise>, Fault> {
    let Some(kind) = REGISTRY.fact(head.kind, head.version) else { return Ok(Vec::new()) };
    let Some(body) = body(db, head)? else { return Ok(Vec::new()) };
    let Ok(read) = (kind.fold)(&body, head, &mut Rows::new(Side::Hub)) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for posting in read.postings.iter().filter(|posting| posting.amount < 0 && posting.account.guarded()) {
        let amount = balance::amount(db, &posting.account)?;
        if amount < 0 {
            found.push(below_zero(db, &posting.account, amount, now_ms)?);
        }
    }
    Ok(found)
}

fn below_zero(db: &dyn Read, account: &Account, amount: i64, now_ms: i64) -> Result<Raise, Fault> {
    let cause = [&*account.holder.key(), &account.unit.key(), account.place.bytes()].concat();
    let mut raise = raise("negative_balance", cause, now_ms);
    raise.found.member = match account.holder {
        Holder::Member(member) | Holder::Debt(member) => Some(member),
        _ => None,
    };
    raise.found.branch = branch_of(db, account.place)?;
    raise.found.stream = Some(account.place);
    raise.found.amount = amount;
    raise.found.note = match account.unit {
        Unit::Value(_) => "value",
        Unit::Bonus(_) => "bonus",
        Unit::Points { .. } => "points",
        Unit::Right(..) => "returnable",
        Unit::Uses(..) => "uses",
        Unit::Goods(_) | Unit::Money(_) => "",
    }
    .into();
    Ok(raise)
}

fn body(db: &dyn Read, head: &Head) -> Result<Option<Vec<u8>>, Fault> {
    // What does this entry say, if it was not erased?
    let sql = "select body from entry where stream = ?1 and seq = ?2 and erased = 0";
    Ok(db.row(sql, &[head.stream.into(), head.seq.into()])?.map(|row| row.blob(0).to_vec()))
}

/// At an entry of a branch's stream.
fn raise_at(what: &str, cause: Vec<u8>, stream: &StreamHead, seq: u64, now_ms: i64) -> Raise {
    let mut raise = raise(what, cause, now_ms);
    (raise.found.branch, raise.found.stream, raise.found.seq) = (stream.branch, Some(stream.stream), seq);
    raise
}

/// An entry of the second history of one install, or of a stream that was sealed: its branch was declared lost or replaced and sold on.
fn late(stream: &StreamHead, head: &Head, now_ms: i64) -> Option<Raise> {
    let what = match stream.sealed {
        0 => return None,
        FORK => "fork",
        _ if head.seq > stream.sealed_seq => "late_entries",
        _ => return None,
    };
    Some(raise_at(what, stream.stream.0.to_vec(), stream, head.seq, now_ms))
}

/// An entry that a courier brought: its owner did not sign it.
fn salvaged(db: &dyn Read, stream: &StreamHead, head: &Head, now_ms: i64) -> Result<Option<Raise>, Fault> {
    // Who signed the stretch that holds this entry?
    let sql = "select signature from signature where stream = ?1 and last >= ?2 order by last limit 1";
    let signed = db.row(sql, &[head.stream.into(), head.seq.into()])?;
    let courier = signed.and_then(|row| courier_of(row.blob(0)));
    Ok(courier.map(|_| raise_at("salvaged", stream.stream.0.to_vec(), stream, head.seq, now_ms)))
}

/// One command in two streams of a branch: it was sent again after a restore and is booked in both.
fn twice(db: &dyn Read, stream: &StreamHead, head: &Head, others: &[StreamId], now_ms: i64) -> Result<Option<Raise>, Fault> {
    for other in others {
        // Does the command stand in that stream, too?
        let sql = "select seq from entry where stream = ?1 and command = ?2 and part = 0";
        if let Some(row) = db.row(sql, &[(*other).into(), head.command.into()])? {
            let at = StreamHead { stream: *other, ..stream.clone() };
            return Ok(Some(raise_at("command_twice", head.command.0.to_vec(), &at, row.int(0) as u64, now_ms)));
        }
    }
    Ok(None)
}

/// A drawer that was far over or short when its shift closed (J8).
fn cash_off(db: &dyn Read, stream: &StreamHead, head: &Head, now_ms: i64) -> Result<Option<Raise>, Fault> {
    if head.kind != ShiftClosed::KIND {
        return Ok(None);
    }
    let Some(closed) = body(db, head)?.and_then(|body| decoded::<ShiftClosed>(&body).ok()) else { return Ok(None) };
    if closed.over_short_minor().saturating_abs() < settings::till(db)?.shift_difference_minor {
        return Ok(None);
    }
    let mut raise = raise_at("cash_difference", closed.shift.0.to_vec(), stream, head.seq, now_ms);
    (raise.found.amount, raise.found.note) = (closed.over_short_minor(), format!("{} #{}", closed.at.day, closed.number));
    Ok(Some(raise))
}

/// Credit given out above the limits: head office passes nothing of it on until it confirms.
fn over_limit(db: &dyn Read, head: &Head, now_ms: i64) -> Result<Option<Raise>, Fault> {
    let Some(held) = body(db, head)?.and_then(|body| decoded::<IssuesHeld>(&body).ok()) else { return Ok(None) };
    held.issues.first().map_or(Ok(None), |issue| above(db, held.stream, issue.seq, now_ms))
}

/// An opening was taken back of which some is spent: of what the member owes, what lies nowhere any more.
fn opening_spent(db: &dyn Read, head: &Head, now_ms: i64) -> Result<Option<Raise>, Fault> {
    let Some(reversed) = body(db, head)?.and_then(|body| decoded::<OpeningReversed>(&body).ok()) else { return Ok(None) };
    let held = balance::everywhere(db, Holder::Member(reversed.member))?;
    let (mut money, mut others) = (0, false);
    for (holder, unit, owed) in
        reversed.accounts.iter().filter_map(|carried| carried.account().map(|(of, unit)| (of, unit, carried.amount)))
    {
        let lies: i64 = held.iter().filter(|(other, ..)| *other == unit).map(|(.., amount)| amount.max(&0)).sum();
        if matches!(holder, Holder::Debt(_)) && owed > lies {
            match unit {
                Unit::Value(_) | Unit::Bonus(_) => money += owed - lies,
                _ => others = true,
            }
        }
    }
    if money == 0 && !others {
        return Ok(None);
    }
    let mut raise = raise("opening_spent", reversed.opening.0.to_vec(), now_ms);
    (raise.found.member, raise.found.amount) = (Some(reversed.member), -money);
    raise.found.note = if others { "points, uses" } else { "" }.into();
    Ok(Some(raise))
}

/// One for all that waits of a day of a stream; what comes after that was confirmed is another.
fn above(db: &dyn Read, stream: StreamId, seq: u64, now_ms: i64) -> Result<Option<Raise>, Fault> {
    let (waiting, confirmed) = issued::waiting(db, stream, seq)?;
    let Some(first) = waiting.first() else { return Ok(None) };
    let mut raise = raise("issue_limit", [stream.bytes(), &first.day.to_be_bytes()[..], &confirmed.to_be_bytes()].concat(), now_ms);
    raise.found.branch = branch_of(db, stream)?;
    raise.found.member = waiting.iter().all(|other| other.member == first.member).then_some(first.member);
    (raise.found.stream, raise.found.seq) = (Some(stream), first.seq);
    raise.found.amount = waiting.iter().map(|issue| issue.amount).sum();
    raise.found.note = first.day.to_string();
    Ok(Some(raise))
}

/// An edit that came late for a document that began anew, and something else stands there: head office may take it over by hand.
fn late_edit(db: &dyn Read, head: &Head, branch: Option<BranchId>, now_ms: i64) -> Result<Option<Raise>, Fault> {
    let Some(late) = body(db, head)?.and_then(|body| decoded::<Conflicted>(&body).ok()) else { return Ok(None) };
    let mut raise = raise("late_edit", [head.stream.bytes(), &head.seq.to_be_bytes()].concat(), now_ms);
    raise.found.member = (late.kind == Kind::Member.number()).then_some(MemberId::from(late.document));
    (raise.found.branch, raise.found.stream, raise.found.seq, raise.found.note) = (branch, Some(head.stream), head.seq, late.key);
    Ok(Some(raise))
}

/// A phone or card of this member that somebody else has, too.
fn claims(db: &dyn Read, head: &Head, now_ms: i64) -> Result<Vec<Raise>, Fault> {
    // Which document does this change?
    let sql = "select document from entry where stream = ?1 and seq = ?2";
    let Some(document) = db.row(sql, &[head.stream.into(), head.seq.into()])?.map(|row| DocumentId(row.raw(0))) else {
        return Ok(Vec::new());
    };
    let Some(member) = members::member(db, MemberId::from(document))? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let cards = member.cards.iter().map(|card| (Why::Card, card));
    for (why, number) in cards.chain(Some((Why::Phone, &member.phone)).filter(|(_, phone)| !phone.is_empty())) {
        let holders = if why == Why::Card { by_card(db, number)? } else { by_phone(db, number)? };
        if holders.len() > 1 {
            found.push(claimed(&Claimed { why, number: number.clone(), members: holders }, now_ms));
        }
    }
    Ok(found)
}

/// Only the end of the number is told: the page of claims has the rest, for whoever may see it.
fn claimed(claim: &Claimed, now_ms: i64) -> Raise {
    let kind = if claim.why == Why::Card { "card" } else { "phone" };
    let mut raise = raise("claimed_twice", [kind.as_bytes(), claim.number.as_bytes()].concat(), now_ms);
    let digits: Vec<char> = claim.number.chars().collect();
    let end: String = digits[digits.len().saturating_sub(4)..].iter().collect();
    (raise.found.member, raise.found.note) = (claim.members.first().copied(), format!("{kind} …{end}"));
    raise
}

/// What was kept but not believed.
fn set_aside(db: &dyn Read, head: &Head, now_ms: i64) -> Result<Option<Raise>, Fault> {
    let said = body(db, head)?.and_then(|body| decoded::<SetAside>(&body).ok());
    said.map(|said| aside(db, said.stream, said.seq, &said.reason, now_ms)).transpose()
}

fn aside(db: &dyn Read, stream: StreamId, seq: u64, reason: &str, now_ms: i64) -> Result<Raise, Fault> {
    let mut raise = raise("set_aside", [stream.bytes(), &seq.to_be_bytes()].concat(), now_ms);
    (raise.found.branch, raise.found.stream, raise.found.seq) = (branch_of(db, stream)?, Some(stream), seq);
    raise.found.note = reason.chars().take(200).collect();
    Ok(raise)
}
