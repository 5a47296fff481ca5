//! Members as head office cares for them.
use super::{Wanted, sealed_pin};
use crate::http::Http;
use crate::http::ask::members::{AskMembers, AskSegments, Segment};
use crate::http::refused::No;
use crate::http::route::{self, Ask, Order, Scene, decide};
use crate::http::shown::Rows;
use crate::http::shown::member::{self, Gender, Member};
use crate::moment::Asking;
use serde::{Deserialize, Serialize};
use shared::base::{BranchId, MemberId, text};
use shared::desk::prove::Who;
use shared::desk::write::member::WriteMember;
use shared::desk::write::segment::KeepSegment;
use shared::desk::write::standing;
use shared::documents::field;
use shared::journal::{Refusal, Right};
use shared::ledger::person;
use shared::members;
use shared::members::block_card::BlockCard;
use shared::members::give_level::GiveLevel;
use shared::members::merge::Merge;
use shared::members::set_pin::SetPin;
use shared::members::unmerge::Unmerge;
use shared::store::Writer;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct OfMember {
    member: Member,
}

fn of_member(made: MemberId, scene: &Scene<'_>) -> Result<OfMember, No> {
    Ok(OfMember { member: member::whole(scene, made)? })
}

/// Enrols a member, or changes what is known of one.
#[derive(Deserialize, ToSchema)]
pub struct MemberEdit {
    /// None: a new one.
    #[schema(required)]
    member: Option<MemberId>,
    name: String,
    /// None, or a masked one: stays as it is.
    #[schema(required)]
    phone: Option<String>,
    /// yyyymmdd, or mmdd where the year is not known.
    #[schema(required)]
    birthday: Option<i64>,
    #[schema(required)]
    gender: Option<Gender>,
    note: String,
    #[schema(required)]
    home: Option<BranchId>,
    cards: Vec<String>,
    although_taken: bool,
}

impl Order for MemberEdit {
    const NAME: &'static str = "member_edit";
    const RIGHT: Right = Right::Members;
    type Made = MemberId;
    type Answer = OfMember;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<MemberId, No> {
        let member = self.member.unwrap_or(MemberId(asking.command.0));
        if self.member.is_some() && members::member(writer, member)?.is_none() {
            return Err(Refusal::UnknownMember.into());
        }
        let old = standing(writer, member.into())?;
        let phone = match self.phone.as_deref().filter(|phone| !phone.contains('*')) {
            None => field::text(&old, "phone"),
            Some(phone) => text::normal_phone(phone).unwrap_or_else(|| phone.to_owned()),
        };
        let mut cards: Vec<String> = self.cards.iter().map(|card| card.to_uppercase()).collect();
        // Cards of who was merged with this member are theirs.
        for other in person::of(writer, member)?.into_iter().filter(|other| *other != member) {
            let theirs = standing(writer, other.into())?;
            cards.retain(|card| !theirs.contains_key(&format!("card:{card}")));
        }
        let wanted = Wanted::default()
            .text("name", &self.name)
            .text("phone", &phone)
            .number("birthday", self.birthday)
            .text("gender", self.gender.map_or("", Gender::word))
            .text("note", &self.note)
            .branch("home", self.home)
            .only("card:", &cards, &old);
        let although_taken = self.although_taken;
        let write = WriteMember { member: Some(member), set: wanted.set, removed: wanted.removed, although_taken };
        decide(writer, &write, asking, 0)?;
        Ok(member)
    }

    fn shown(made: MemberId, scene: &Scene<'_>) -> Result<OfMember, No> {
        of_member(made, scene)
    }
}

/// These members are one person from now on; the survivor stands for all of them.
#[derive(Deserialize, ToSchema)]
pub struct MergeMembers {
    survivor: MemberId,
    members: Vec<MemberId>,
}

impl Order for MergeMembers {
    const NAME: &'static str = "merge_members";
    const RIGHT: Right = Right::Members;
    type Made = MemberId;
    type Answer = OfMember;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<MemberId, No> {
        decide(writer, &Merge { survivor: self.survivor, members: self.members.clone() }, asking, 0)?;
        Ok(self.survivor)
    }

    fn shown(made: MemberId, scene: &Scene<'_>) -> Result<OfMember, No> {
        of_member(made, scene)
    }
}

/// The member is a person of its own again.
#[derive(Deserialize, ToSchema)]
pub struct UnmergeMember {
    member: MemberId,
}

impl Order for UnmergeMember {
    const NAME: &'static str = "unmerge_member";
    const RIGHT: Right = Right::Members;
    type Made = MemberId;
    type Answer = OfMember;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<MemberId, No> {
        decide(writer, &Unmerge { member: self.member }, asking, 0)?;
        Ok(self.member)
    }

    fn shown(made: MemberId, scene: &Scene<'_>) -> Result<OfMember, No> {
        of_member(made, scene)
    }
}

/// Keeps a filter of members under a name, or forgets it.
#[derive(Deserialize, ToSchema)]
pub struct SegmentWrite {
    name: String,
    /// What stands after `?` in the address of the list; none: forgets it.
    #[schema(required)]
    asked: Option<String>,
}

impl Order for SegmentWrite {
    const NAME: &'static str = "segment_write";
    const RIGHT: Right = Right::Members;
    type Made = ();
    type Answer = Rows<Segment>;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<(), No> {
        let asked = self.asked.clone().unwrap_or_default();
        if !asked.is_empty() {
            // What nobody could ask is not kept.
            route::asked::<AskMembers>(&format!("/?{asked}"), None)?.filter(writer)?;
        }
        decide(writer, &KeepSegment { name: self.name.trim().to_owned(), asked }, asking, 0).map(|_| ())
    }

    fn shown((): (), scene: &Scene<'_>) -> Result<Rows<Segment>, No> {
        AskSegments {}.answer(scene)
    }
}

/// Gives a level.
#[derive(Deserialize, ToSchema)]
pub struct MemberLevel {
    member: MemberId,
    /// Code of the level.
    level: String,
    /// Last business day, yyyymmdd; none: no end.
    #[schema(required)]
    ends: Option<u32>,
}

impl Order for MemberLevel {
    const NAME: &'static str = "member_level";
    const RIGHT: Right = Right::Members;
    type Made = MemberId;
    type Answer = OfMember;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<MemberId, No> {
        let level = members::levels(writer)?.into_iter().find(|level| level.code == self.level);
        let level = level.ok_or_else(|| No::not_sound("level", "not_there"))?;
        decide(writer, &GiveLevel { member: self.member, level: level.id, ends: self.ends }, asking, 0)?;
        Ok(self.member)
    }

    fn shown(made: MemberId, scene: &Scene<'_>) -> Result<OfMember, No> {
        of_member(made, scene)
    }
}

/// Sets a member's PIN.
#[derive(Deserialize, ToSchema)]
pub struct MemberPin {
    member: MemberId,
    /// Six digits.
    pin: String,
    #[serde(skip)]
    #[schema(ignore)]
    sealed: Vec<u8>,
}

impl Order for MemberPin {
    const NAME: &'static str = "member_pin";
    const RIGHT: Right = Right::Members;
    type Made = MemberId;
    type Answer = OfMember;

    fn prepare(&mut self, http: &Http) -> Result<(), No> {
        self.sealed = sealed_pin(&http.app.vault, Who::Member(self.member), &self.pin)?;
        Ok(())
    }

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<MemberId, No> {
        decide(writer, &SetPin { member: self.member, sealed: self.sealed.clone(), proven: false }, asking, 0)?;
        Ok(self.member)
    }

    fn shown(made: MemberId, scene: &Scene<'_>) -> Result<OfMember, No> {
        of_member(made, scene)
    }
}

/// Whose card it is now; none if nobody's.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfCard {
    #[schema(required)]
    member: Option<Member>,
}

fn of_card(number: &str, scene: &Scene<'_>) -> Result<OfCard, No> {
    let holder = members::by_card(scene.db, number)?.into_iter().next();
    Ok(OfCard { member: holder.map(|holder| member::whole(scene, holder)).transpose()? })
}

fn block(writer: &mut Writer<'_>, asking: &Asking, number: &str, block: bool, reason: &str) -> Result<String, No> {
    let number = number.trim().to_uppercase();
    decide(writer, &BlockCard { number: number.clone(), block, reason: reason.trim().into() }, asking, 0)?;
    Ok(number)
}

/// A card buys nothing from now on.
#[derive(Deserialize, ToSchema)]
pub struct CardBlock {
    number: String,
    reason: String,
}

impl Order for CardBlock {
    const NAME: &'static str = "card_block";
    const RIGHT: Right = Right::Members;
    type Made = String;
    type Answer = OfCard;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<String, No> {
        block(writer, asking, &self.number, true, &self.reason)
    }

    fn shown(made: String, scene: &Scene<'_>) -> Result<OfCard, No> {
        of_card(&made, scene)
    }
}

/// A card is good again.
#[derive(Deserialize, ToSchema)]
pub struct CardUnblock {
    number: String,
}

impl Order for CardUnblock {
    const NAME: &'static str = "card_unblock";
    const RIGHT: Right = Right::Members;
    type Made = String;
    type Answer = OfCard;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<String, No> {
        block(writer, asking, &self.number, false, "")
    }

    fn shown(made: String, scene: &Scene<'_>) -> Result<OfCard, No> {
        of_card(&made, scene)
    }
}
