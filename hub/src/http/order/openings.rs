//! Taking back what a file brought.
use crate::http::ask::house::{OpeningFile, opening_files};
use crate::http::refused::No;
use crate::http::route::{Order, Scene};
use crate::moment::Asking;
use serde::{Deserialize, Serialize};
use shared::base::CommandId;
use shared::desk::undo_import::reverse;
use shared::journal::Right;
use shared::members::opening::standing;
use shared::store::Writer;
use utoipa::ToSchema;

/// Openings taken back in one transaction; whoever asks goes on until none is left.
const AT_ONCE: u32 = 100;

/// Takes back the openings of a file, some at a time: what lies at head office goes, what lies at branches is called in, what was spent stays owed.
#[derive(Deserialize, ToSchema)]
pub struct UndoImport {
    batch: CommandId,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UndoneImport {
    /// How the file stands now; what is left to take back is `openings` less `reversed`.
    file: OpeningFile,
}

impl Order for UndoImport {
    const NAME: &'static str = "undo_import";
    const RIGHT: Right = Right::Import;
    type Made = CommandId;
    type Answer = UndoneImport;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<CommandId, No> {
        let moment = asking.moment(writer)?;
        for opening in standing(writer, self.batch, AT_ONCE)? {
            reverse(writer, opening, &moment)??;
        }
        Ok(self.batch)
    }

    fn shown(made: CommandId, scene: &Scene<'_>) -> Result<UndoneImport, No> {
        let found = opening_files(scene.db, u32::MAX)?.into_iter().find(|file| file.batch == made);
        found.map(|file| UndoneImport { file }).ok_or_else(|| No::not_found("opening"))
    }
}
