//! Where two people set one field at once: both values, who, where, when and based on what. A person settles it; that is itself a change.
use super::Rows;
use crate::base::DocumentId;
use crate::documents::automerge::merge::Conflict;
use crate::{row, table};

table! {
    /// One candidate of one conflicting key; `rank` 0 is the value that stands on every replica.
    2, CONFLICT, "conflict", Projected, First, Both, v 1,
    [document Blob, field Text, rank Int], [kind Int, value Text, stream Blob, seq Int, time_s Int, change Blob, before Text]
}

/// The rows of a document's conflicts.
pub fn put(document: DocumentId, kind: u16, conflicts: &[Conflict], rows: &mut Rows) {
    for conflict in conflicts {
        for (rank, candidate) in conflict.candidates.iter().enumerate() {
            let before = candidate.before.as_ref().map_or(String::new(), ToString::to_string);
            let values = row![
                document,
                conflict.key.as_str(),
                rank,
                kind,
                candidate.value.to_string(),
                candidate.actor,
                candidate.seq,
                candidate.time_s,
                candidate.change,
                before,
            ];
            rows.put(&CONFLICT, values);
        }
    }
}
