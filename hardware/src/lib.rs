//! Devices of a branch. Knows nothing of shops, ledgers or the store.
