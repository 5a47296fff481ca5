//! Settling fields that two people set at once.
use crate::http::refused::No;
use crate::http::route::{Order, Scene, decide};
use crate::moment::Asking;
use serde::{Deserialize, Serialize};
use shared::base::DocumentId;
use shared::desk::settle_conflict::SettleConflict as Settle;
use shared::journal::Right;
use shared::reports::conflicts;
use shared::store::Writer;
use utoipa::ToSchema;

/// The value of this rank shall stand everywhere; 0 is the one that stands already.
#[derive(Deserialize, ToSchema)]
pub struct SettleConflict {
    document: DocumentId,
    key: String,
    rank: i64,
}

/// Fields still in conflict.
#[derive(Debug, Serialize, ToSchema)]
pub struct Left {
    conflicts: i64,
}

impl Order for SettleConflict {
    const NAME: &'static str = "settle_conflict";
    const RIGHT: Right = Right::Conflicts;
    type Made = ();
    type Answer = Left;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<(), No> {
        let settle = Settle { document: self.document, key: self.key.clone(), rank: self.rank };
        decide(writer, &settle, asking, 0).map(|_| ())
    }

    fn shown((): (), scene: &Scene<'_>) -> Result<Left, No> {
        Ok(Left { conflicts: conflicts::count(scene.db)? })
    }
}
