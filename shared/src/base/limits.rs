//! Every bound of the house has a name and stands here. Bytes, counts and milliseconds as the names say.

/// Entries committed in one group; more does not help (store.md 2).
pub const GROUP_ENTRIES_MAX: usize = 1_000;
/// Of those that catch up, so that what happens now waits for no more than a tenth of a second.
pub const CATCH_UP_ENTRIES_MAX: usize = 600;
/// Works waiting for the clerk; beyond it the asker is told to wait.
pub const CLERK_QUEUE_MAX: usize = 4_096;
/// Bytes of one fact's body.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Parts (entries) one command may decide.
pub const PARTS_MAX: usize = 64;
/// Lines of one bill.
pub const BILL_LINES_MAX: usize = 200;
/// Tenders of one bill.
pub const BILL_TENDERS_MAX: usize = 16;
/// Sales clerks of one bill.
pub const BILL_SALES_CLERKS_MAX: usize = 4;
/// Bills held at one branch.
pub const BILLS_HELD_MAX: usize = 100;
/// Accounts one `Moved` carries (design 5).
pub const MOVED_ACCOUNTS_MAX: usize = 2_000;
/// Entries of one push, and of one page of a feed.
pub const PUSH_ENTRIES_MAX: usize = 1_000;
pub const PAGE_ENTRIES_MAX: usize = 1_000;
/// Bytes of one push before compression; of any exchange message after decompression.
pub const PUSH_BYTES_MAX: usize = 1024 * 1024;
pub const MESSAGE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Seqs reserved ahead in the lineage file (design 4).
pub const LINEAGE_BLOCK: u64 = 64;
/// Bytes of a mirror above which it is begun anew with what head office still lacks.
pub const MIRROR_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// A writer never stamps later than the last hub time it heard plus this.
pub const STAMP_AHEAD_MS_MAX: i64 = 45 * 24 * 3600 * 1000;
/// How long a till waits for a balance from elsewhere.
pub const ASK_WAIT_MS: i64 = 800;
/// What comes back later than `until` plus this stays at `Hq`.
pub const ASK_FORWARD_MS: i64 = 10_000;
/// Wrong PINs before a person is locked.
pub const PIN_TRIES_MAX: u32 = 5;
/// WAL bytes above which a checkpoint is forced.
pub const WAL_BYTES_MAX: i64 = 64 * 1024 * 1024;
/// Candidates a ranked search looks at (design 7).
pub const RANKED_MAX: usize = 200;
/// Principal and bonus that one clerk, and one branch, may give out in a business day, minor units: ¥50 000 and ¥200 000. A till refuses more; what
/// came in above it head office passes on only when it confirmed it (design 5, issue limits).
pub const ISSUED_CLERK_DAY_MINOR_MAX: i64 = 5_000_000;
pub const ISSUED_BRANCH_DAY_MINOR_MAX: i64 = 20_000_000;
/// Changes of one generation of a document, above which head office begins it anew (replication.md B: loading costs 2 ms a thousand).
pub const DOCUMENT_CHANGES_MAX: i64 = 500;
/// Entries that one `Erased` names.
pub const ERASED_ENTRIES_MAX: usize = 1_000;
/// Minutes an enrolment code is good for, and wrong tries before it is burnt.
pub const ENROL_CODE_MINUTES: i64 = 15;
pub const ENROL_TRIES_MAX: u32 = 5;

const _: () = assert!(BODY_BYTES_MAX <= PUSH_BYTES_MAX);
const _: () = assert!(PUSH_BYTES_MAX <= MESSAGE_BYTES_MAX);
const _: () = assert!(PUSH_ENTRIES_MAX <= GROUP_ENTRIES_MAX);
/// Counts of one drawer before its shift closes.
pub const DRAWER_COUNTS_MAX: usize = 9;
/// Faces of notes and coins in one count.
pub const DENOMINATIONS_MAX: usize = 20;
