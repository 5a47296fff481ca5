//! What the hub tells of balances elsewhere: shown with "as of", never folded, never decides.
use crate::base::{BranchId, Holder, MemberId, StreamId, Unit};
use crate::journal::refusal::Elsewhere;
use crate::journal::{Fault, Read};
use crate::ledger::balance;
use minicbor::{Decode, Encode};

/// Topic of a member's balances by place; the key is the member's id.
pub const BALANCE: &str = "balance";
/// Topic of a branch's link; the key is the branch's id.
pub const LINK: &str = "link";

/// What lies at one place.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Lies {
    #[n(0)]
    pub place: StreamId,
    /// None: head office.
    #[n(1)]
    pub branch: Option<BranchId>,
    /// Principal, minor units.
    #[n(2)]
    pub value: i64,
    #[n(3)]
    pub bonus: i64,
    /// Points of any date.
    #[n(4)]
    pub points: i64,
}

/// Whether the hub hears a branch.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Link {
    #[n(0)]
    pub up: bool,
    #[n(1)]
    pub since_ms: i64,
    /// As pages show it.
    #[n(2)]
    pub name: String,
}

/// A member's balances by place, for the statement; at the hub.
///
/// # Errors
/// A fault of the store.
pub fn of_member(db: &dyn Read, member: MemberId) -> Result<Vec<Lies>, Fault> {
    let mut places: Vec<Lies> = Vec::new();
    for (unit, place, amount) in balance::everywhere(db, Holder::Member(member))? {
        let at = match places.iter().position(|lies| lies.place == place) {
            Some(at) => at,
            None => {
                let branch = super::place::owner(db, place)?.branch();
                places.push(Lies { place, branch, value: 0, bonus: 0, points: 0 });
                places.len() - 1
            }
        };
        match unit {
            Unit::Value(_) => places[at].value += amount,
            Unit::Bonus(_) => places[at].bonus += amount,
            Unit::Points { .. } => places[at].points += amount,
            _ => {}
        }
    }
    places.retain(|lies| (lies.value, lies.bonus, lies.points) != (0, 0, 0));
    Ok(places)
}

/// What the hub last told of a member's balances at places other than `here`, and when.
///
/// # Errors
/// A fault of the store.
pub fn told(db: &dyn Read, member: MemberId, here: StreamId) -> Result<(Vec<Lies>, i64), Fault> {
    let sql = "select body, as_of from statement where scope = x'' and topic = 'balance' and key = ?1";
    let Some(row) = db.row(sql, &[member.into()])? else { return Ok((Vec::new(), 0)) };
    let mut places: Vec<Lies> = minicbor::decode(row.blob(0)).unwrap_or_default();
    places.retain(|lies| lies.place != here);
    Ok((places, row.int(1)))
}

/// The same in the words of a refusal: names of places, principal and bonus together, and since when each is out of reach.
/// `up`: this edge hears the hub; if not, everything elsewhere is out of reach since `down_since_ms`.
///
/// # Errors
/// A fault of the store.
pub fn elsewhere(db: &dyn Read, member: MemberId, here: StreamId, down_since_ms: i64) -> Result<Vec<Elsewhere>, Fault> {
    let (places, _) = told(db, member, here)?;
    let mut answer = Vec::with_capacity(places.len());
    for lies in places.iter().filter(|lies| lies.value + lies.bonus != 0) {
        let link = match lies.branch {
            Some(branch) => link(db, branch)?,
            None => None,
        };
        let away_ms = link.as_ref().filter(|link| !link.up).map_or(0, |link| link.since_ms);
        let since_ms = if down_since_ms > 0 { down_since_ms } else { away_ms };
        answer.push(Elsewhere {
            branch: lies.branch.map_or_else(|| "hq".into(), |branch| branch.to_string()),
            name: match lies.branch {
                Some(_) => link.map_or_else(String::new, |link| link.name),
                None => "总部".into(),
            },
            amount: lies.value + lies.bonus,
            reachable: since_ms == 0,
            since_ms: (since_ms > 0).then_some(since_ms),
        });
    }
    Ok(answer)
}

/// What was last told of a branch's link.
///
/// # Errors
/// A fault of the store.
pub fn link(db: &dyn Read, branch: BranchId) -> Result<Option<Link>, Fault> {
    let sql = "select body from statement where scope = x'' and topic = 'link' and key = ?1";
    Ok(db.row(sql, &[branch.into()])?.and_then(|row| minicbor::decode(row.blob(0)).ok()))
}
