//! Staff and settings.
use super::{Wanted, sealed_pin};
use crate::http::Http;
use crate::http::ask::house::{Staff as Shown, shown};
use crate::http::ask::settings::{AskSettings, Setting};
use crate::http::refused::No;
use crate::http::route::{Ask, Order, Scene, decide};
use crate::http::session::{end_all, verifier};
use crate::http::shown::Rows;
use crate::moment::Asking;
use crate::password;
use serde::{Deserialize, Serialize};
use shared::base::vault::Verifier;
use shared::base::{BranchId, DocumentId, StaffId};
use shared::desk::prove::Who;
use shared::desk::write::Write;
use shared::desk::write::setting::WriteSetting;
use shared::desk::write::staff::Staff;
use shared::documents::settings::Group;
use shared::journal::{Read, Refusal, Right};
use shared::reports::names::Names;
use shared::staff;
use shared::staff::disable::Disable;
use shared::staff::give_roles::GiveRoles;
use shared::staff::rights::roles;
use shared::staff::set_pin::SetPin;
use shared::store::Writer;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct OfStaff {
    staff: Shown,
}

fn of_staff(made: StaffId, scene: &Scene<'_>) -> Result<OfStaff, No> {
    let person = known(scene.db, made)?;
    Ok(OfStaff { staff: shown(scene, &Names::load(scene.db)?, person)? })
}

fn known(db: &dyn Read, staff: StaffId) -> Result<staff::Person, No> {
    staff::person(db, staff)?.ok_or_else(|| Refusal::UnknownStaff.into())
}

/// Takes a person on, or changes what is known of one, with exactly these roles.
#[derive(Deserialize, ToSchema)]
pub struct StaffWrite {
    /// None: somebody new.
    #[schema(required)]
    staff: Option<StaffId>,
    code: String,
    name: String,
    /// None: head office.
    #[schema(required)]
    branch: Option<BranchId>,
    /// Codes.
    roles: Vec<String>,
}

impl Order for StaffWrite {
    const NAME: &'static str = "staff_write";
    const RIGHT: Right = Right::Staff;
    type Made = StaffId;
    type Answer = OfStaff;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<StaffId, No> {
        if let Some(staff) = self.staff {
            known(writer, staff)?;
        }
        let staff = self.staff.unwrap_or(StaffId(asking.command.0));
        let there = roles(writer)?;
        let role = |code: &String| there.iter().find(|role| role.code == *code).map(|role| role.id);
        let held: Option<Vec<DocumentId>> = self.roles.iter().map(role).collect();
        let held = held.ok_or_else(|| No::not_sound("roles", "not_there"))?;
        let wanted = Wanted::default().text("code", &self.code).text("name", &self.name).branch("branch", self.branch);
        decide(writer, &Write::<Staff>::new(Some(staff.into()), wanted.set, wanted.removed), asking, 0)?;
        decide(writer, &GiveRoles { staff, roles: held }, asking, 1)?;
        Ok(staff)
    }

    fn shown(made: StaffId, scene: &Scene<'_>) -> Result<OfStaff, No> {
        of_staff(made, scene)
    }
}

/// Sets a person's PIN for tills; also unlocks.
#[derive(Deserialize, ToSchema)]
pub struct StaffPin {
    staff: StaffId,
    /// Six digits.
    pin: String,
    #[serde(skip)]
    #[schema(ignore)]
    sealed: Vec<u8>,
}

impl Order for StaffPin {
    const NAME: &'static str = "staff_pin";
    const RIGHT: Right = Right::Staff;
    type Made = StaffId;
    type Answer = OfStaff;

    fn prepare(&mut self, http: &Http) -> Result<(), No> {
        self.sealed = sealed_pin(&http.app.vault, Who::Staff(self.staff), &self.pin)?;
        Ok(())
    }

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<StaffId, No> {
        decide(writer, &SetPin { staff: self.staff, sealed: self.sealed.clone() }, asking, 0)?;
        Ok(self.staff)
    }

    fn shown(made: StaffId, scene: &Scene<'_>) -> Result<OfStaff, No> {
        of_staff(made, scene)
    }
}

/// Sets a person's password for head office; whoever was signed in under the old one no longer is.
#[derive(Deserialize, ToSchema)]
pub struct StaffPassword {
    staff: StaffId,
    password: String,
    #[serde(skip)]
    #[schema(ignore)]
    verifier: Option<Verifier>,
}

impl Order for StaffPassword {
    const NAME: &'static str = "staff_password";
    const RIGHT: Right = Right::Staff;
    type Made = StaffId;
    type Answer = OfStaff;

    fn prepare(&mut self, _: &Http) -> Result<(), No> {
        self.verifier = Some(verifier(&self.password)?);
        Ok(())
    }

    fn write(&self, writer: &mut Writer<'_>, _: &Asking) -> Result<StaffId, No> {
        known(writer, self.staff)?;
        if let Some(verifier) = &self.verifier {
            password::keep(writer, self.staff, verifier)?;
            end_all(writer, self.staff, None)?;
        }
        Ok(self.staff)
    }

    fn shown(made: StaffId, scene: &Scene<'_>) -> Result<OfStaff, No> {
        of_staff(made, scene)
    }
}

/// Whether a person may sign in.
#[derive(Deserialize, ToSchema)]
pub struct StaffDisable {
    staff: StaffId,
    disabled: bool,
    reason: String,
}

impl Order for StaffDisable {
    const NAME: &'static str = "staff_disable";
    const RIGHT: Right = Right::Staff;
    type Made = StaffId;
    type Answer = OfStaff;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<StaffId, No> {
        let (staff, disabled, reason) = (self.staff, self.disabled, self.reason.clone());
        decide(writer, &Disable { staff, disabled, reason }, asking, 0)?;
        if disabled {
            end_all(writer, staff, None)?;
        }
        Ok(staff)
    }

    fn shown(made: StaffId, scene: &Scene<'_>) -> Result<OfStaff, No> {
        of_staff(made, scene)
    }
}

/// Sets one key of a group; none takes it away.
#[derive(Deserialize, ToSchema)]
pub struct SettingWrite {
    group: String,
    key: String,
    #[schema(required)]
    value: Option<String>,
}

impl Order for SettingWrite {
    const NAME: &'static str = "setting_write";
    const RIGHT: Right = Right::Settings;
    type Made = ();
    type Answer = Rows<Setting>;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<(), No> {
        let group = Group::ALL.into_iter().find(|group| group.name() == self.group);
        let group = group.ok_or_else(|| No::not_sound("group", "unknown"))?;
        let (key, value) = (self.key.clone(), self.value.clone().unwrap_or_default());
        decide(writer, &WriteSetting { group, key, value }, asking, 0).map(|_| ())
    }

    fn shown((): (), scene: &Scene<'_>) -> Result<Rows<Setting>, No> {
        AskSettings {}.answer(scene)
    }
}
