//! Offline allowance (design 5): head office lets some of what a member has rest at the branches that the member visits, so that these sell with the
//! link cut, and calls in what rests where nobody comes. A branch that is not heard is left alone: what lies there stays, and nothing goes there.
//! A load is weighed again when it is decided, and every move has the hour in its id: two processes, or one that starts again, move no account twice.
//! Refusals: Recovering.
use crate::base::ids::derived;
use crate::base::{AskId, BranchId, BusinessDay, CommandId, Holder, MemberId, StreamId};
use crate::branches::{self, HOUSE_ZONE};
use crate::documents::allowance::AllowanceSettings;
use crate::exchange::{asks, recovery};
use crate::facts::ledger::{Carried, Moved, Recalled, Wanted};
use crate::journal::command::encoded;
use crate::journal::{Actor, Command, Decided, Fault, Head, Moment, Read, Refusal, Right};
use crate::ledger::allowance::{ALLOW, Room, lack, spread, surplus};
use crate::ledger::{issued, moves, person};
use crate::members::visit;
use crate::settings;
use crate::store::Writer;
use crate::store::writer::Identity;
use crate::views::{Registry, Rows, Side};
use std::collections::{BTreeMap, BTreeSet};

/// Balances move at most once in so long.
pub const HOUR_MS: i64 = 3_600_000;
/// Less is not worth a move: 10.00, or ten points.
const VALUE_MIN: i64 = 1_000;
const POINTS_MIN: i64 = 10;
/// Balances of one move: with principal and bonus of some issuers each its body stays below the limit of a fact.
const LOAD_MAX: usize = 125;

/// Members whose balances changed by these entries; not by a move of this rule.
///
/// # Errors
/// A fault of the store.
pub fn concerned(db: &dyn Read, registry: &Registry, heads: &[Head]) -> Result<BTreeSet<MemberId>, Fault> {
    let mut members = BTreeSet::new();
    for head in heads.iter().filter(|head| head.by != Actor::Reaction(ALLOW)) {
        let Some(fact) = registry.fact(head.kind, head.version) else { continue };
        // What does this entry say?
        let sql = "select body from entry where stream = ?1 and seq = ?2 and erased = 0";
        let Some(row) = db.row(sql, &[head.stream.into(), head.seq.into()])? else { continue };
        let Ok(read) = (fact.fold)(row.blob(0), head, &mut Rows::new(Side::Hub)) else { continue };
        members.extend(read.postings.iter().filter_map(|posting| match posting.account.holder {
            Holder::Member(member) => Some(member),
            _ => None,
        }));
    }
    Ok(members)
}

/// Members behind one, in the order of their ids: everybody, some at a time.
///
/// # Errors
/// A fault of the store.
pub fn everybody(db: &dyn Read, after: Option<MemberId>, most: u64) -> Result<Vec<MemberId>, Fault> {
    let after = after.map_or(Vec::new(), |member| member.0.to_vec());
    // Who comes next?
    let rows = db.rows("select member from member where member > ?1 order by member limit ?2", &[after.into(), most.into()])?;
    Ok(rows.iter().map(|row| MemberId(row.raw(0))).collect())
}

/// What should move.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// What should lie at a place, where that is less: head office gives it.
    give: BTreeMap<StreamId, Vec<Wanted>>,
    /// To head office, with the place that gives.
    call_in: Vec<(StreamId, Wanted)>,
}

/// Where members' balances may rest now.
struct Ground {
    policy: AllowanceSettings,
    here: StreamId,
    /// The open place of each branch that is heard.
    places: BTreeMap<BranchId, StreamId>,
    /// The most value at branches of which head office says so.
    most: BTreeMap<BranchId, i64>,
    /// Visits from this month on count, yyyymm.
    since_month: u32,
}

impl Ground {
    fn load(db: &dyn Read, heard: &BTreeSet<BranchId>, now_ms: i64) -> Result<Ground, Fault> {
        let here = Identity::load(db)?.ok_or_else(|| Fault::Damaged("no stream is open here".into()))?.stream;
        // Which place is the newest open one of each branch?
        let open = "select branch, stream from stream s where sealed = 0 and branch <> x'' and fork_seq = 0
                    and not exists (select 1 from stream n where n.branch = s.branch and n.fork_seq = 0 and n.stream > s.stream) order by branch";
        let places = db.rows(open, &[])?.iter().map(|row| (BranchId(row.raw(0)), StreamId(row.raw(1)))).collect::<BTreeMap<_, _>>();
        let places = places.into_iter().filter(|(branch, _)| heard.contains(branch)).collect();
        let policy = settings::allowance(db)?;
        let since_month = BusinessDay(today(now_ms)).plus_days(-policy.idle_days).0 / 100;
        let named = branches::branches(db)?.into_iter().filter_map(|branch| Some((branch.id, *policy.branches.get(&branch.code)?)));
        Ok(Ground { most: named.collect(), policy, here, places, since_month })
    }

    /// Branches at which balances of this member may rest, the most visited first; of who was nowhere lately, the home branch.
    fn of(&self, db: &dyn Read, member: MemberId) -> Result<Vec<BranchId>, Fault> {
        let visited = visit::branches_since(db, member, self.since_month)?;
        if visited.is_empty() {
            // Which branch does this member call home?
            let home = db.row("select home from member where member = ?1", &[member.into()])?;
            return Ok(home.and_then(|row| row.blob(0).try_into().ok().map(BranchId)).into_iter().collect());
        }
        let most = 1 + usize::try_from(self.policy.visited_branches).unwrap_or(0);
        Ok(visited.into_iter().map(|(branch, _)| branch).take(most).collect())
    }

    fn room(&self, branch: BranchId, is_home: bool, wanted: &Wanted) -> Room {
        let policy = &self.policy;
        let (home, visited, most) = match wanted {
            Wanted::Value(..) => (policy.home_minor, policy.visited_minor, self.most.get(&branch).copied()),
            _ => (policy.home_points, policy.visited_points, None),
        };
        let most = most.unwrap_or(i64::MAX);
        if is_home { Room { first: visited, most: home.min(most) } } else { Room { first: visited, most: visited.min(most) } }
    }

    /// What of one kind should move of a member.
    fn add(&self, db: &dyn Read, wanted: impl Fn(i64) -> Wanted, least: i64, rests: &[BranchId], steps: &mut Steps) -> Result<(), Fault> {
        let lies = moves::by_place(db, &wanted(0))?;
        let lying = |place: StreamId| lies.get(&place).copied().unwrap_or(0);
        let total = lying(self.here) + self.places.values().map(|place| lying(*place)).sum::<i64>();
        let rooms = rests.iter().enumerate().map(|(at, branch)| (branch, self.room(*branch, at == 0, &wanted(0))));
        let rests = rooms.filter_map(|(branch, room)| Some((*self.places.get(branch)?, room)));
        let (order, rooms): (Vec<StreamId>, Vec<Room>) = rests.unzip();
        let should: BTreeMap<StreamId, i64> = order.iter().copied().zip(spread(total, &rooms)).collect();
        // What is lacking somewhere is worth a move from wherever there is more than should be.
        let lacking: i64 = should.iter().map(|(place, should)| lack(lying(*place), *should)).filter(|lacking| *lacking >= least).sum();
        let short = lacking > lying(self.here);
        for place in self.places.values() {
            let should_lie = should.get(place).copied().unwrap_or(0);
            let over = if short { lying(*place) - should_lie } else { surplus(lying(*place), should_lie) };
            if over > 0 && (over >= least || !should.contains_key(place)) {
                steps.call_in.push((*place, wanted(over)));
            }
        }
        let mut left = lying(self.here);
        for place in order {
            let given = lack(lying(place), should[&place]).min(left);
            if given >= least {
                left -= given;
                steps.give.entry(place).or_default().push(wanted(lying(place) + given));
            }
        }
        Ok(())
    }
}

/// What should move of these members' balances, as head office knows it. A person of several members is asked for once.
///
/// # Errors
/// A fault of the store.
pub fn steps(db: &dyn Read, members: &BTreeSet<MemberId>, heard: &BTreeSet<BranchId>, now_ms: i64) -> Result<Steps, Fault> {
    let ground = Ground::load(db, heard, now_ms)?;
    let (mut steps, mut people) = (Steps::default(), BTreeSet::new());
    for member in members.iter().filter(|_| ground.policy.ahead) {
        let member = person::survivor(db, *member)?;
        if !people.insert(member) {
            continue;
        }
        let rests = ground.of(db, member)?;
        ground.add(db, |points| Wanted::Points(member, points), POINTS_MIN, &rests, &mut steps)?;
        if !issued::held(db, member)? {
            ground.add(db, |amount| Wanted::Value(member, amount), VALUE_MIN, &rests, &mut steps)?;
        }
    }
    Ok(steps)
}

/// Fills a place up to what should lie there, from what lies at head office when it is decided.
struct Give {
    to: StreamId,
    should: Vec<Wanted>,
}

impl Command for Give {
    type State = (Vec<Carried>, bool);
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(&(self.to, &self.should))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Self::State, Fault> {
        let mut accounts = Vec::new();
        for should in &self.should {
            let lies = moves::by_place(db, should)?.get(&self.to).copied().unwrap_or(0);
            let lacking = match should {
                Wanted::Value(member, should) => Wanted::Value(*member, lack(lies, *should)),
                Wanted::Points(member, should) => Wanted::Points(*member, lack(lies, *should)),
                Wanted::Returnable(_) | Wanted::Uses(..) => continue,
            };
            accounts.extend(moves::share(&lacking, &moves::lying(db, &lacking, moment.here)?));
        }
        Ok((accounts, !recovery::outstanding(db)?.is_empty()))
    }

    fn decide(&self, (accounts, recovering): &Self::State, _: &Moment) -> Result<Decided, Refusal> {
        match (accounts.is_empty(), *recovering) {
            (true, _) => Ok(Decided::nothing()),
            (_, true) => Err(Refusal::Recovering),
            _ => Ok(Decided::nothing().fact(&Moved { to: self.to, accounts: accounts.clone(), ask: None, sealed_from: None, more: false })),
        }
    }
}

/// Asks a place to give back. Its id is the asking's.
struct CallIn {
    from: StreamId,
    wanted: Wanted,
    until_ms: i64,
}

impl Command for CallIn {
    type State = bool;
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(&(self.from, &self.wanted, self.until_ms))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<bool, Fault> {
        Ok(!recovery::outstanding(db)?.is_empty())
    }

    fn decide(&self, recovering: &bool, moment: &Moment) -> Result<Decided, Refusal> {
        if *recovering {
            return Err(Refusal::Recovering);
        }
        let ask = AskId(moment.command.0);
        let (asker, giver, wanted, until_ms) = (moment.here, self.from, self.wanted.clone(), self.until_ms);
        Ok(Decided::nothing().fact(&Recalled { ask, asker, giver, wanted, until_ms }))
    }
}

/// Moves, at most once an hour each. What is refused (a hub that recovers, an hour in which this was done) waits for the next.
///
/// # Errors
/// A fault of the store.
pub fn walk(writer: &mut Writer<'_>, steps: Steps, now_ms: i64) -> Result<(), Fault> {
    let here = writer.identity()?.stream;
    let hour = now_ms / HOUR_MS;
    for (to, should) in steps.give {
        for some in should.chunks(LOAD_MAX) {
            let command = CommandId(derived("allowance", &[to.bytes(), &hour.to_be_bytes(), &encoded(&some.first())]));
            let _ = writer.decide(&Give { to, should: some.to_vec() }, &asks::moment(command, ALLOW, here, None, now_ms))?;
        }
    }
    for (from, wanted) in steps.call_in {
        let (Wanted::Value(member, _) | Wanted::Points(member, _)) = wanted else { continue };
        let unit = [u8::from(matches!(wanted, Wanted::Value(..)))];
        let command = CommandId(derived("call in", &[from.bytes(), member.bytes(), &unit, &hour.to_be_bytes()]));
        let call_in = CallIn { from, wanted, until_ms: (hour + 1) * HOUR_MS };
        let _ = writer.decide(&call_in, &asks::moment(command, ALLOW, here, None, now_ms))?;
    }
    Ok(())
}

/// The day at whose turn everybody is looked at, for what rests where nobody comes any more.
pub fn today(now_ms: i64) -> u32 {
    BusinessDay::at(now_ms, HOUSE_ZONE).0
}
