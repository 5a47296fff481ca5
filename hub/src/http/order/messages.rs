//! Writing to members.
use crate::http::ask::messages::{MessageBatch, meant, shown};
use crate::http::refused::No;
use crate::http::route::{Order, Scene, decide};
use crate::http::shown::member::{self, Member};
use crate::moment::Asking;
use serde::{Deserialize, Serialize};
use shared::base::{CommandId, MemberId};
use shared::desk::messages::choose::ChooseContact;
use shared::desk::messages::send::{AGAIN, SendMessages, job_id};
use shared::journal::Right;
use shared::messages::asked;
use shared::store::Writer;
use shared::store::jobs::{State, job};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct OfMessages {
    batch: MessageBatch,
}

fn of_messages(made: CommandId, scene: &Scene<'_>) -> Result<OfMessages, No> {
    let batch = asked::batch(scene.db, made)?.ok_or_else(|| No::not_found("batch"))?;
    Ok(OfMessages { batch: shown(scene.db, batch)? })
}

/// Sends a template to those whom a filter means and who may be written to.
#[derive(Deserialize, ToSchema)]
pub struct MessageSend {
    /// `sms` or `webhook`.
    channel: String,
    /// Code of the template.
    template: String,
    /// What stands after `?` in the address of the list of members.
    filter: String,
}

impl Order for MessageSend {
    const NAME: &'static str = "message_send";
    const RIGHT: Right = Right::Members;
    type Made = CommandId;
    type Answer = OfMessages;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<CommandId, No> {
        let meant = meant(writer, &self.filter, asking.now_ms)?;
        let (channel, template, filter) = (self.channel.clone(), self.template.clone(), self.filter.clone());
        decide(writer, &SendMessages { channel, template, meant, filter }, asking, 0)
    }

    fn shown(made: CommandId, scene: &Scene<'_>) -> Result<OfMessages, No> {
        of_messages(made, scene)
    }
}

/// Has a message sent again of which nobody knows whether it was sent. Whoever asks answers for a second one.
#[derive(Deserialize, ToSchema)]
pub struct MessageAgain {
    batch: CommandId,
    member: MemberId,
}

impl Order for MessageAgain {
    const NAME: &'static str = "message_again";
    const RIGHT: Right = Right::Members;
    type Made = CommandId;
    type Answer = OfMessages;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<CommandId, No> {
        let id = job_id(self.batch, self.member);
        let open = job(writer, id)?.filter(|job| matches!(job.state, State::Tried | State::Failed));
        let job = open.ok_or_else(|| No::not_found("message"))?;
        writer.mark_job(job.id, State::Waiting, AGAIN, asking.now_ms)?;
        Ok(self.batch)
    }

    fn shown(made: CommandId, scene: &Scene<'_>) -> Result<OfMessages, No> {
        of_messages(made, scene)
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OfContact {
    member: Member,
}

/// Notes whether a member wants messages.
#[derive(Deserialize, ToSchema)]
pub struct MemberContact {
    member: MemberId,
    /// `sms` or `webhook`.
    channel: String,
    wanted: bool,
}

impl Order for MemberContact {
    const NAME: &'static str = "member_contact";
    const RIGHT: Right = Right::Members;
    type Made = MemberId;
    type Answer = OfContact;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<MemberId, No> {
        let (member, channel, wanted) = (self.member, self.channel.clone(), self.wanted);
        decide(writer, &ChooseContact { member, channel, wanted }, asking, 0)?;
        Ok(member)
    }

    fn shown(made: MemberId, scene: &Scene<'_>) -> Result<OfContact, No> {
        Ok(OfContact { member: member::whole(scene, made)? })
    }
}
