//! Notes whether a member wants messages. Refusals, in order: UnknownMember, NotSound (no such channel).
use crate::base::MemberId;
use crate::facts::messages::ContactChosen;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::members;
use crate::messages::CHANNELS;
use crate::messages::consent::wanted;

/// Notes what a member said.
#[derive(Debug, Clone)]
pub struct ChooseContact {
    pub member: MemberId,
    pub channel: String,
    pub wanted: bool,
}

impl Command for ChooseContact {
    type State = (bool, Option<bool>);
    const RIGHT: Option<Right> = Some(Right::Members);

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Self::State, Fault> {
        Ok((members::member(db, self.member)?.is_some(), wanted(db, self.member, &self.channel)?))
    }

    fn decide(&self, (known, said): &Self::State, moment: &Moment) -> Result<Decided, Refusal> {
        if !known {
            return Err(Refusal::UnknownMember);
        }
        if !CHANNELS.contains(&self.channel.as_str()) {
            return Err(Refusal::NotSound { field: "channel".into(), why: "unknown".into() });
        }
        if *said == Some(self.wanted) {
            return Ok(Decided::nothing());
        }
        let (member, channel, wanted) = (self.member, self.channel.clone(), self.wanted);
        Ok(Decided::nothing().fact(&ContactChosen { member, channel, wanted, at_ms: moment.now_ms }))
    }
}
