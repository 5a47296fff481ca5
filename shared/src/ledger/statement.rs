//! What the hub tells of balances elsewhere: shown with "as of", never folded, never decides.
use crate::base::guards::{Guard, on};
use crate::base::{BranchId, Holder, MemberId, PackageId, StreamId, Unit};
use crate::journal::refusal::Elsewhere;
use crate::journal::{Fault, Read};
use crate::ledger::{balance, person};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

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
    /// Uses of packages; none from a hub that did not tell them.
    #[n(5)]
    pub uses: Option<Vec<LyingUses>>,
}

/// Uses of one item of a package.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LyingUses {
    #[n(0)]
    pub package: PackageId,
    #[n(1)]
    pub item: u16,
    #[n(2)]
    pub uses: i64,
}

impl Lies {
    /// Nothing yet.
    pub fn at(place: StreamId, branch: Option<BranchId>) -> Lies {
        Lies { place, branch, value: 0, bonus: 0, points: 0, uses: None }
    }

    /// Adds what lies at a place to what is known of places.
    fn add(places: &mut Vec<Lies>, more: Lies) {
        let Some(at) = places.iter_mut().find(|lies| lies.place == more.place) else { return places.push(more) };
        (at.value, at.bonus, at.points) = (at.value + more.value, at.bonus + more.bonus, at.points + more.points);
        if let Some(uses) = more.uses {
            at.uses.get_or_insert_default().extend(uses);
        }
    }

    fn uses_of(&self, packages: &[PackageId]) -> i64 {
        let uses = self.uses.iter().flatten().filter(|uses| packages.contains(&uses.package));
        uses.map(|uses| uses.uses).sum()
    }
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

/// Each member's balances by place, for the statements; at the hub.
///
/// # Errors
/// A fault of the store.
pub fn of_members(db: &dyn Read, members: &[MemberId]) -> Result<Vec<Vec<Lies>>, Fault> {
    let holders = members.iter().map(|member| Holder::Member(*member));
    balance::everywhere_each(db, holders)?.into_iter().map(|balances| by_place(db, balances)).collect()
}

fn by_place(db: &dyn Read, balances: Vec<balance::Lying>) -> Result<Vec<Lies>, Fault> {
    let mut places: Vec<Lies> = Vec::new();
    for (unit, place, amount) in balances {
        let at = match places.iter().position(|lies| lies.place == place) {
            Some(at) => at,
            None => {
                let branch = super::place::owner(db, place)?.branch();
                places.push(Lies::at(place, branch));
                places.len() - 1
            }
        };
        match unit {
            Unit::Value(_) => places[at].value += amount,
            Unit::Bonus(_) => places[at].bonus += amount,
            Unit::Points { .. } => places[at].points += amount,
            Unit::Uses(package, item) => places[at].uses.get_or_insert_default().push(LyingUses { package, item, uses: amount }),
            _ => {}
        }
    }
    places.retain(|lies| (lies.value, lies.bonus, lies.points) != (0, 0, 0) || lies.uses.is_some());
    Ok(places)
}

/// What the hub last told of a person's balances at places other than `here`, and when.
///
/// # Errors
/// A fault of the store.
pub fn told(db: &dyn Read, member: MemberId, here: StreamId) -> Result<(Vec<Lies>, i64), Fault> {
    let sql = "select body, as_of from statement where scope = x'' and topic = 'balance' and key = ?1";
    let (mut places, mut as_of_ms): (Vec<Lies>, i64) = (Vec::new(), 0);
    for one in person::of(db, member)? {
        let Some(row) = db.row(sql, &[one.into()])? else { continue };
        let told: Vec<Lies> = minicbor::decode(row.blob(0)).unwrap_or_default();
        told.into_iter().filter(|lies| lies.place != here || !on(Guard::OwnPlace)).for_each(|lies| Lies::add(&mut places, lies));
        as_of_ms = as_of_ms.max(row.int(1));
    }
    Ok((places, as_of_ms))
}

/// The same in the words of a refusal: names of places, principal and bonus together, and since when each is out of reach.
/// `up`: this edge hears the hub; if not, everything elsewhere is out of reach since `down_since_ms`.
///
/// # Errors
/// A fault of the store.
pub fn elsewhere(db: &dyn Read, member: MemberId, here: StreamId, down_since_ms: i64) -> Result<Vec<Elsewhere>, Fault> {
    by_name(db, &told(db, member, here)?.0, down_since_ms, |lies| lies.value + lies.bonus)
}

/// Uses of packages elsewhere, in the words of a refusal.
///
/// # Errors
/// A fault of the store.
pub fn uses_elsewhere(
    db: &dyn Read,
    member: MemberId,
    here: StreamId,
    down_since_ms: i64,
    packages: &[PackageId],
) -> Result<Vec<Elsewhere>, Fault> {
    by_name(db, &told(db, member, here)?.0, down_since_ms, |lies| lies.uses_of(packages))
}

/// Uses of packages elsewhere, by package and item.
///
/// # Errors
/// A fault of the store.
pub fn uses(db: &dyn Read, member: MemberId, here: StreamId) -> Result<BTreeMap<(PackageId, u16), i64>, Fault> {
    let mut sums = BTreeMap::new();
    for lying in told(db, member, here)?.0.iter().flat_map(|lies| lies.uses.iter().flatten()) {
        *sums.entry((lying.package, lying.item)).or_default() += lying.uses;
    }
    Ok(sums)
}

fn by_name(db: &dyn Read, places: &[Lies], down_since_ms: i64, amount: impl Fn(&Lies) -> i64) -> Result<Vec<Elsewhere>, Fault> {
    let mut answer = Vec::with_capacity(places.len());
    for lies in places.iter().filter(|lies| amount(lies) != 0) {
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
            amount: amount(lies),
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
