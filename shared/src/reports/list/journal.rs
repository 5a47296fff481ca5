//! 操作日志: who did what, when and where, straight from the headers of the entries, newest first. Of what describes somebody or something also
//! the value before and after. Nobody can edit it: it is the books themselves.
use crate::base::{BranchId, DocumentId, StreamId, text};
use crate::branches::HOUSE_ZONE;
use crate::cells;
use crate::documents::Scalar;
use crate::documents::automerge::merge::Said;
use crate::journal::entry::{Actor, CHANGE};
use crate::journal::{Fault, Read, Right, Stamp};
use crate::ledger::allowance::ALLOW;
use crate::reports::names::Names;
use crate::reports::report::Form::{Text, Time};
use crate::reports::report::{Asked, Cell, Report, Row, column};
use crate::reports::told::{about, what};
use crate::store::documents::held;

pub static JOURNAL: Report = Report {
    name: "journal",
    zh: "操作日志",
    en: "Operation log",
    any: &[Right::Exceptions, Right::Staff],
    personal: true,
    days: true,
    columns: &[
        column("时间", "Time", Time),
        column("地点", "Where", Text),
        column("操作人", "Who", Text),
        column("事项", "What", Text),
        column("对象", "About", Text),
        column("原值", "Before", Text),
        column("新值", "After", Text),
        column("记录", "Entry", Text),
    ],
    query,
};

/// A stretch of a stream: its name, and the entries from a seq to before another.
struct Stretch {
    stream: StreamId,
    branch: Option<BranchId>,
    from: u64,
    until: u64,
}

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let whole_chain = names.branches().len() == asked.branches.len();
    let (from_ms, until_ms) = (asked.from.begins_ms(HOUSE_ZONE), asked.until.next().begins_ms(HOUSE_ZONE));
    let mut found = Vec::new();
    for stretch in stretches(db, asked, whole_chain, from_ms, until_ms)? {
        // What was written in this stretch, the newest first?
        let sql = "select seq, stamp, by, kind, version, document, body from entry
                   where stream = ?1 and seq >= ?2 and seq < ?3 order by seq desc limit ?4";
        let values = [stretch.stream.into(), stretch.from.into(), stretch.until.into(), asked.rows_max.into()];
        found.extend(db.rows(sql, &values)?.into_iter().map(|row| (Stamp(row.int(1)), stretch.branch, stretch.stream, row)));
    }
    found.sort_by_key(|(stamp, _, stream, _)| std::cmp::Reverse((*stamp, *stream)));
    found.truncate(asked.rows_max);
    let shown = |(stamp, branch, stream, row): (Stamp, Option<BranchId>, StreamId, crate::journal::Row)| {
        let place = branch.map_or(Cell::said("总部", "Head office"), |branch| {
            let name = names.branch(branch);
            Cell::said(&name.name, &name.name_en)
        });
        let kind = row.int(3) as u16;
        let document = <[u8; 16]>::try_from(row.blob(5)).ok().map(DocumentId);
        let (object, before, after) = match document {
            Some(document) if kind & CHANGE != 0 => described(db, document, row.blob(6), asked.see_phones)?,
            _ => (about(kind, row.int(4) as u8, row.blob(6)), String::new(), String::new()),
        };
        let entry = format!("{stream} #{}", row.int(0));
        Ok(Row::of(cells![stamp.ms(), place, person(db, row.blob(2))?, what(kind), object, before, after, entry]))
    };
    found.into_iter().map(shown).collect()
}

/// The streams of the branches asked, of the whole chain also head office's own, each with its entries of the time.
fn stretches(db: &dyn Read, asked: &Asked, whole_chain: bool, from_ms: i64, until_ms: i64) -> Result<Vec<Stretch>, Fault> {
    let mut of: Vec<(Vec<u8>, Option<BranchId>)> = asked.branches.iter().map(|branch| (branch.0.to_vec(), Some(*branch))).collect();
    if whole_chain {
        of.push((Vec::new(), None));
    }
    let mut stretches = Vec::new();
    for (key, branch) in of {
        // Which streams has this branch?
        for row in db.rows("select stream, seq from stream where branch = ?1", &[key.into()])? {
            let (stream, head) = (StreamId(row.raw(0)), row.int(1) as u64);
            let (from, until) = (first_since(db, stream, head, from_ms)?, first_since(db, stream, head, until_ms)?);
            if from < until {
                stretches.push(Stretch { stream, branch, from, until });
            }
        }
    }
    Ok(stretches)
}

/// The first entry of a stream stamped at or after a time; one past the head if there is none. Stamps of a stream only rise, so it is halved
/// and not read through.
fn first_since(db: &dyn Read, stream: StreamId, head: u64, at_ms: i64) -> Result<u64, Fault> {
    let (mut low, mut high) = (1, head + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        // When was this entry stamped?
        let row = db.row("select stamp from entry where stream = ?1 and seq = ?2", &[stream.into(), middle.into()])?;
        match row.is_some_and(|row| Stamp(row.int(0)).ms() >= at_ms) {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    Ok(low)
}

fn person(db: &dyn Read, key: &[u8]) -> Result<Cell, Fault> {
    Ok(match Actor::from_key(key) {
        Some(Actor::Person(staff)) => match crate::staff::person(db, staff)? {
            Some(person) => format!("{} {}", person.code, person.name).into(),
            None => staff.to_string().into(),
        },
        Some(Actor::Device(till)) => Cell::said(&format!("收银机 {till}"), &format!("till {till}")),
        Some(Actor::Reaction(ALLOW)) => Cell::said("系统：门店备用余额", "system: balances at branches"),
        Some(Actor::Reaction(rule)) => Cell::said(&format!("系统规则 {rule}"), &format!("rule {rule}")),
        Some(Actor::System) | None => Cell::said("系统", "system"),
    })
}

/// What a change is of, and the keys that it set, before and after.
fn described(db: &dyn Read, document: DocumentId, body: &[u8], see_phones: bool) -> Result<(Cell, String, String), Fault> {
    let Some(held) = held(db, document)? else { return Ok((document.to_string().into(), String::new(), String::new())) };
    let fields = held.document.fields();
    let text_of = |key: &str| match fields.get(key) {
        Some(Scalar::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let name = Some(text_of("name")).filter(|name| !name.is_empty()).unwrap_or_else(|| text_of("group"));
    let changes = held.document.said(body).unwrap_or_default();
    let list = |pick: fn(&Said) -> &Option<Scalar>, only_where_any: bool| {
        let there = changes.iter().filter(|said| !only_where_any || pick(said).is_some());
        let one = |said: &Said| format!("{} {}", said.key, value(&said.key, pick(said), see_phones));
        there.map(one).collect::<Vec<_>>().join("; ")
    };
    let (before, after) = (list(|said| &said.before, true), list(|said| &said.after, false));
    Ok((if name.is_empty() { document.to_string().into() } else { name.into() }, before, after))
}

fn value(key: &str, value: &Option<Scalar>, see_phones: bool) -> String {
    match value {
        Some(Scalar::Text(phone)) if key == "phone" && !see_phones => text::masked_phone(phone),
        Some(Scalar::Text(said)) => said.clone(),
        Some(Scalar::Int(number)) => number.to_string(),
        Some(Scalar::Bool(yes)) => yes.to_string(),
        None => "—".into(),
    }
}
