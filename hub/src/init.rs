//! `hub init`: a new chain. Keys, the hub's stream, a role with every right of head office, and a first person who holds it.
use crate::app::now_ms;
use crate::install::{Install, NotUsable, random};
use crate::moment::Asking;
use crate::password;
use shared::base::vault::Verifier;
use shared::base::{CommandId, DocumentId, StaffId};
use shared::desk::write::Write;
use shared::desk::write::role::Role;
use shared::desk::write::staff::Staff;
use shared::documents::{Fields, Scalar};
use shared::journal::{Command, Fault, Right};
use shared::staff::give_roles::GiveRoles;
use shared::store::Writer;
use std::path::Path;

/// Staff code of the first person, and code of the role.
pub const FIRST: &str = "hq";
/// Characters of a chain's name.
const CHAIN_CHARS_MAX: usize = 40;

/// Head office's rights; those of tills are given by roles of the chain's own.
pub const RIGHTS: [Right; 12] = [
    Right::SeeTakings,
    Right::SeePhones,
    Right::Members,
    Right::Catalogue,
    Right::Prices,
    Right::Staff,
    Right::Settings,
    Right::Exceptions,
    Right::Conflicts,
    Right::Devices,
    Right::Branches,
    Right::Import,
];

/// The first sign-in; shown once, kept nowhere.
pub struct SignIn {
    pub code: &'static str,
    pub password: String,
}

/// Makes the chain.
///
/// # Errors
/// A folder with a chain in it; a name that is none; file errors; faults of the store.
pub fn init(data: &Path, chain: &str) -> Result<SignIn, Box<dyn std::error::Error>> {
    let chain = chain.trim();
    if chain.is_empty() || chain.chars().count() > CHAIN_CHARS_MAX {
        return Err(format!("a chain's name has 1 to {CHAIN_CHARS_MAX} characters").into());
    }
    let mut store = Install::new(data).make(now_ms())?;
    let password = password::made(random()?);
    let verifier = Verifier::new(&password, random()?);
    let commands = [Asking::machine()?, Asking::machine()?, Asking::machine()?];
    store.transaction(|writer| {
        writer.set_meta("chain", chain.as_bytes())?;
        let staff = first_person(writer, &commands)?;
        password::keep(writer, staff, &verifier)?;
        writer.flush_feed()
    })?;
    Ok(SignIn { code: FIRST, password })
}

fn first_person(writer: &mut Writer<'_>, [role, person, gives]: &[Asking; 3]) -> Result<StaffId, Fault> {
    let text = |text: &str| Scalar::Text(text.into());
    let mut fields: Fields =
        [("code", FIRST), ("name", "总部经理"), ("name_en", "HQ manager")].map(|(key, value)| (key.into(), text(value))).into();
    fields.extend(RIGHTS.map(|right| (format!("right:{}", right.name()), Scalar::Bool(true))));
    let hq = decide(writer, &Write::<Role>::new(None, fields, Vec::new()), role)?;
    let fields: Fields = [("code", FIRST), ("name", "总部")].map(|(key, value)| (key.into(), text(value))).into();
    let staff = StaffId(decide(writer, &Write::<Staff>::new(None, fields, Vec::new()), person)?.0);
    decide(writer, &GiveRoles { staff, roles: vec![DocumentId(hq.0)] }, gives)?;
    Ok(staff)
}

/// Decides a command of the house; its id is that of what it makes.
fn decide<C: Command>(writer: &mut Writer<'_>, command: &C, asking: &Asking) -> Result<CommandId, Fault> {
    let moment = asking.moment(writer)?;
    match writer.decide(command, &moment)? {
        Ok(_) => Ok(asking.command),
        Err(refusal) => Err(Fault::Damaged(format!("the first person was refused: {refusal}"))),
    }
}

impl From<NotUsable> for Fault {
    fn from(error: NotUsable) -> Fault {
        match error {
            NotUsable::Store(fault) => fault,
            other => Fault::Damaged(other.to_string()),
        }
    }
}
