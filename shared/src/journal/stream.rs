//! Names of streams that say whose they are.
use crate::base::StreamId;
use crate::base::ids::derived;

/// The name of a stream of the hub with this key: eight fresh bytes and a mark, so that a hub that forgot one of its own streams knows it again.
pub fn hub_stream(fresh: StreamId, key: &[u8; 32]) -> StreamId {
    let mut name = fresh.0;
    let mark = derived("hub stream", &[key, &fresh.0[..8]]);
    name[8..].copy_from_slice(&mark[..8]);
    StreamId(name)
}

/// Does this name bear the mark of the hub with this key?
pub fn is_hub_stream(stream: StreamId, key: &[u8; 32]) -> bool {
    hub_stream(stream, key) == stream
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_knows_its_own_names() {
        let name = hub_stream(StreamId([7; 16]), &[1; 32]);
        assert!(is_hub_stream(name, &[1; 32]));
        assert!(!is_hub_stream(name, &[2; 32]) && !is_hub_stream(StreamId([7; 16]), &[1; 32]));
    }
}
