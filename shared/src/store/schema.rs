//! The core tables: what is not folded and therefore has migrations. View tables are made from their declarations.

/// Raised with each migration below.
pub const VERSION: i64 = 1 + STEPS.len() as i64;

/// Each brings the core tables from its version, 1 first, to the next.
const STEPS: [&str; 2] = [
    // What changed after a position is found without looking through every statement.
    "create index statement_position on statement (scope, position);",
    // Streams of a branch, and second sides of a stream, without looking through those of all branches.
    "create index stream_branch on stream (branch); create index stream_predecessor on stream (predecessor);",
];

/// The newest version.
pub const CORE: &str = "
create table meta (name text primary key, value blob not null) strict, without rowid;
create table stream (
    stream blob primary key, branch blob not null, seq integer not null, hash blob not null, stamp integer not null,
    device_key blob not null, predecessor blob not null, sealed integer not null, sealed_seq integer not null, heard_ms integer not null,
    acked integer not null, fork_seq integer not null
) strict, without rowid;
create index stream_branch on stream (branch);
create index stream_predecessor on stream (predecessor);
create table entry (
    stream blob not null, seq integer not null, stamp integer not null, by blob not null, command blob not null, part integer not null,
    kind integer not null, version integer not null, document blob not null, generation integer not null,
    body blob not null, salt blob not null, erased integer not null, asked integer not null, folded integer not null,
    primary key (stream, seq)
) strict, without rowid;
create unique index entry_command on entry (stream, command, part);
create index entry_document on entry (document, generation, stamp) where document <> x'';
create index entry_unfolded on entry (folded, stream, seq) where folded <> 1;
create table signature (
    stream blob not null, last integer not null, first integer not null, hash blob not null, signature blob not null,
    primary key (stream, last)
) strict, without rowid;
create table document (
    document blob primary key, kind integer not null, generation integer not null, saved blob not null
) strict, without rowid;
create table set_aside (stream blob not null, seq integer not null, reason text not null, primary key (stream, seq)) strict, without rowid;
create table feed (
    scope blob not null, position integer not null, stream blob not null, seq integer not null, primary key (scope, position)
) strict, without rowid;
create table feed_head (scope blob primary key, next integer not null) strict, without rowid;
create table cursor (scope blob primary key, epoch integer not null, position integer not null) strict, without rowid;
create table page (
    epoch integer not null, scope blob not null, upto integer not null, start integer not null, hash blob not null, entries blob not null,
    signature blob not null,
    primary key (epoch, scope, upto)
) strict, without rowid;
create table device (
    device_key blob primary key, branch blob not null, enrolled_ms integer not null, revoked integer not null
) strict, without rowid;
create table statement (
    scope blob not null, topic text not null, key blob not null, position integer not null, as_of integer not null, body blob not null,
    primary key (scope, topic, key)
) strict, without rowid;
create index statement_position on statement (scope, position);
create table job (
    id blob primary key, kind text not null, queue text not null, made_ms integer not null, state integer not null, tries integer not null,
    touched_ms integer not null, note text not null, body blob not null
) strict, without rowid;
create index job_waiting on job (kind, queue, state, made_ms) where state <> 2;
create table draft (kind text not null, id blob not null, body blob not null, primary key (kind, id)) strict, without rowid;
create table built (name text primary key, version integer not null) strict, without rowid;
";

/// Every core table with its primary key, whose columns come first; the tables that say what a store is come last.
pub const KEYS: [(&str, &[&str]); 14] = [
    ("stream", &["stream"]),
    ("entry", &["stream", "seq"]),
    ("signature", &["stream", "last"]),
    ("document", &["document"]),
    ("set_aside", &["stream", "seq"]),
    ("feed", &["scope", "position"]),
    ("feed_head", &["scope"]),
    ("cursor", &["scope"]),
    ("page", &["epoch", "scope", "upto"]),
    ("device", &["device_key"]),
    ("statement", &["scope", "topic", "key"]),
    ("job", &["id"]),
    ("draft", &["kind", "id"]),
    ("meta", &["name"]),
];

/// What brings the core tables of a version up to date; 0: there are none yet.
pub(super) fn steps(found: i64) -> Result<String, crate::journal::Fault> {
    match usize::try_from(found) {
        Ok(0) => Ok(CORE.into()),
        Ok(found) if found <= STEPS.len() + 1 => Ok(STEPS[found - 1..].concat()),
        _ => Err(newer(found)),
    }
}

/// A store whose core tables this version does not know.
fn newer(found: i64) -> crate::journal::Fault {
    crate::journal::Fault::Damaged(format!("written by a newer version (schema {found}, this one knows {VERSION})"))
}

/// `entry.folded`: its kind is not known yet, it is folded, it is set aside.
pub const UNKNOWN: i64 = 0;
pub const FOLDED: i64 = 1;
pub const ASIDE: i64 = 2;
/// A change that waits for others of its document, a fact that waits for those before it in its stream.
pub const WAITING: i64 = 3;
