//! Reading for a decision or a page: ordinary SQL beside the code that asks, in the subset that SQLite and PostgreSQL share.
use crate::base::Bytes;
use crate::base::ids::Raw;

/// One cell. There are no nulls and no floats.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    Int(i64),
    Text(Box<str>),
    Blob(Bytes),
}

/// The world's no: retried by whoever owns the deadline, logged once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the disk is full; free some space, nothing was written")]
    DiskFull,
    #[error("the disk answers with an error ({0}); nothing was written")]
    Disk(String),
    #[error("the database server cannot be used: {0}")]
    Server(String),
    #[error("the store is busy; try again")]
    Busy,
    #[error("the store is damaged or not ours: {0}")]
    Damaged(String),
    #[error("the store is stopping")]
    Stopped,
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

/// Something that answers SQL: the clerk's own transaction, or a pooled reader.
pub trait Read {
    /// All rows of a statement with numbered parameters (`?1`).
    ///
    /// # Errors
    /// A fault of the store; a statement that does not fit the schema is a bug and is reported as `Damaged`.
    fn rows(&self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Fault>;

    /// The rows of one statement with one parameter, a key, for each of many keys; a server is asked once.
    ///
    /// # Errors
    /// As `rows`.
    fn rows_each(&self, sql: &'static str, keys: &[Value]) -> Result<Vec<Vec<Row>>, Fault> {
        keys.iter().map(|key| self.rows(sql, std::slice::from_ref(key))).collect()
    }

    /// What the writer keeps in mind; other readers keep nothing.
    fn memory(&self) -> Option<&super::memory::Memory> {
        None
    }

    /// The first row, if any.
    fn row(&self, sql: &'static str, parameters: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.rows(sql, parameters)?.into_iter().next())
    }

    /// The first cell of the first row as a number; 0 where there is none.
    fn number(&self, sql: &'static str, parameters: &[Value]) -> Result<i64, Fault> {
        Ok(self.row(sql, parameters)?.map_or(0, |row| row.int(0)))
    }
}

impl Row {
    /// A number; 0 where the cell is none.
    pub fn int(&self, i: usize) -> i64 {
        match self.0.get(i) {
            Some(Value::Int(n)) => *n,
            _ => 0,
        }
    }

    /// A text; empty where the cell is none.
    pub fn text(&self, i: usize) -> &str {
        match self.0.get(i) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// Bytes; empty where the cell holds none.
    pub fn blob(&self, i: usize) -> &[u8] {
        match self.0.get(i) {
            Some(Value::Blob(bytes)) => bytes,
            _ => &[],
        }
    }

    /// The 16 bytes of an id; zeros where the cell holds none.
    pub fn raw(&self, i: usize) -> Raw {
        self.blob(i).try_into().unwrap_or_default()
    }

    /// The 32 bytes of a hash or key; zeros where the cell holds none.
    pub fn hash(&self, i: usize) -> [u8; 32] {
        self.blob(i).try_into().unwrap_or_default()
    }
}

macro_rules! from_number {
    ($($t:ty),*) => {$(
        impl From<$t> for Value {
            fn from(n: $t) -> Value {
                Value::Int(n as i64)
            }
        }
    )*};
}
from_number!(i64, u64, i32, u32, u16, u8, bool, usize);

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text.into())
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Value {
        Value::Blob(bytes.into())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        Value::Blob(bytes.into())
    }
}

impl From<Bytes> for Value {
    fn from(bytes: Bytes) -> Value {
        Value::Blob(bytes)
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Value {
        Value::Blob(bytes.into())
    }
}

macro_rules! from_id {
    ($($id:ident),*) => {$(
        impl From<crate::base::$id> for Value {
            fn from(id: crate::base::$id) -> Value {
                Value::Blob(id.0.into())
            }
        }
    )*};
}
from_id!(
    AskId, BranchId, CallId, CommandId, DocumentId, JobId, MemberId, PackageId, SaleId, ShiftId, SittingId, StaffId, StreamId, TillId,
    TransferId
);
