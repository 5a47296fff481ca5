//! What every simulated device is to the lab: bytes in, bytes out after a while. Pure: no port, no clock, no thread.

/// Bytes a device says, a while after its cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub after_ms: u64,
    pub bytes: Vec<u8>,
}

impl Said {
    pub fn now(bytes: impl Into<Vec<u8>>) -> Self {
        Self::after(0, bytes)
    }

    pub fn after(after_ms: u64, bytes: impl Into<Vec<u8>>) -> Self {
        Self { after_ms, bytes: bytes.into() }
    }
}

/// What came of bytes that a device heard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    pub said: Vec<Said>,
    /// The device lost its power: the line goes dead at once.
    pub dead: bool,
}

/// The other end of a driver's line, answering as the manual says.
pub trait Simulator: Send {
    fn hear(&mut self, bytes: &[u8]) -> Heard;
    /// Whether it takes bytes now; a full buffer holds the line.
    fn takes_more(&self) -> bool {
        true
    }
}
