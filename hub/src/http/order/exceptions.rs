//! Taking care of exceptions.
use crate::http::ask::exceptions::{Exception, shown};
use crate::http::refused::No;
use crate::http::route::{Order, Scene, decide};
use crate::moment::Asking;
use serde::{Deserialize, Serialize};
use shared::base::{CommandId, MemberId, StreamId};
use shared::exceptions::close::Close;
use shared::exceptions::own::Own;
use shared::exceptions::{Progress, find};
use shared::exchange::debts::{Collect, WriteOff, collect};
use shared::exchange::limits::{Confirm, confirm};
use shared::journal::{Moment, Read, Right};
use shared::store::Writer;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct OfException {
    exception: Exception,
}

fn of_exception(made: CommandId, scene: &Scene<'_>) -> Result<OfException, No> {
    let found = find(scene.db, made)?.ok_or_else(|| No::not_found("exception"))?;
    Ok(OfException { exception: shown(scene, &found)? })
}

/// Whoever sends it takes care of the exception.
#[derive(Deserialize, ToSchema)]
pub struct OwnException {
    exception: CommandId,
}

impl Order for OwnException {
    const NAME: &'static str = "own_exception";
    const RIGHT: Right = Right::Exceptions;
    type Made = CommandId;
    type Answer = OfException;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<CommandId, No> {
        decide(writer, &Own { exception: self.exception }, asking, 0)?;
        Ok(self.exception)
    }

    fn shown(made: CommandId, scene: &Scene<'_>) -> Result<OfException, No> {
        of_exception(made, scene)
    }
}

/// Head office knows of the credit above the limits: it counts like any other, and the exception is settled.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmIssues {
    exception: CommandId,
    note: String,
}

impl Order for ConfirmIssues {
    const NAME: &'static str = "confirm_issues";
    const RIGHT: Right = Right::Exceptions;
    type Made = CommandId;
    type Answer = OfException;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<CommandId, No> {
        let found = find(writer, self.exception)?.filter(|found| found.what == "issue_limit");
        let found = found.ok_or_else(|| No::not_found("exception"))?;
        decide(writer, &Close { exception: self.exception, note: self.note.clone() }, asking, 0)?;
        let moment = Moment { command: asking.part(1), ..asking.moment(writer)? };
        confirm(writer, &Confirm { stream: found.stream.unwrap_or(StreamId([0; 16])), seq: found.seq }, &moment)??;
        Ok(self.exception)
    }

    fn shown(made: CommandId, scene: &Scene<'_>) -> Result<OfException, No> {
        of_exception(made, scene)
    }
}

/// What a member owes at a place that was sealed, as the exception names them.
fn debt(db: &dyn Read, exception: CommandId) -> Result<(MemberId, StreamId), No> {
    let found = find(db, exception)?.filter(|found| found.what == "negative_balance" && found.progress != Progress::Closed);
    found.and_then(|found| found.member.zip(found.stream)).ok_or_else(|| No::not_found("exception"))
}

/// Head office takes what is owed from what the member has: at once what lies at head office, the rest when the branches have sent it.
#[derive(Deserialize, ToSchema)]
pub struct CollectDebt {
    exception: CommandId,
}

impl Order for CollectDebt {
    const NAME: &'static str = "collect_debt";
    const RIGHT: Right = Right::Exceptions;
    type Made = CommandId;
    type Answer = OfException;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<CommandId, No> {
        let (member, place) = debt(writer, self.exception)?;
        let moment = Moment { command: asking.part(0), ..asking.moment(writer)? };
        collect(writer, &Collect { member, place }, &moment)??;
        Ok(self.exception)
    }

    fn shown(made: CommandId, scene: &Scene<'_>) -> Result<OfException, No> {
        of_exception(made, scene)
    }
}

/// Head office bears what is owed, and the exception is settled.
#[derive(Deserialize, ToSchema)]
pub struct WriteOffDebt {
    exception: CommandId,
    note: String,
}

impl Order for WriteOffDebt {
    const NAME: &'static str = "write_off_debt";
    const RIGHT: Right = Right::Exceptions;
    type Made = CommandId;
    type Answer = OfException;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<CommandId, No> {
        let (member, place) = debt(writer, self.exception)?;
        decide(writer, &WriteOff { member, place, why: self.note.clone() }, asking, 0)?;
        decide(writer, &Close { exception: self.exception, note: self.note.clone() }, asking, 1)?;
        Ok(self.exception)
    }

    fn shown(made: CommandId, scene: &Scene<'_>) -> Result<OfException, No> {
        of_exception(made, scene)
    }
}

/// It is settled; the note says what was found.
#[derive(Deserialize, ToSchema)]
pub struct CloseException {
    exception: CommandId,
    note: String,
}

impl Order for CloseException {
    const NAME: &'static str = "close_exception";
    const RIGHT: Right = Right::Exceptions;
    type Made = CommandId;
    type Answer = OfException;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<CommandId, No> {
        decide(writer, &Close { exception: self.exception, note: self.note.clone() }, asking, 0)?;
        Ok(self.exception)
    }

    fn shown(made: CommandId, scene: &Scene<'_>) -> Result<OfException, No> {
        of_exception(made, scene)
    }
}
