use super::*;
use crate::simulation::disk::lineage::LINEAGE;
use rstest::rstest;
use shared::base::guards::{self, Guard};

type Story = fn() -> Result<(), String>;

// Goal: the story ends well, and badly without its guard. Method: the guard is taken away on this thread.
#[rstest]
#[case::two_tills_one_balance(two_tills_one_balance, Guard::Balance)]
#[case::recall_races_a_sale(recall_races_a_sale, Guard::Balance)]
#[case::ask_torn_and_retried(ask_torn_and_retried, Guard::AskOnce)]
#[case::taken_back_at_two_branches(taken_back_at_two_branches, Guard::Balance)]
#[case::rolled_back_offline(rolled_back_offline, Guard::Lineage)]
#[case::cloned(cloned, Guard::Sequence)]
#[case::hub_rolled_back(hub_rolled_back, Guard::Recovery)]
fn a_story_needs_its_guard(#[case] story: Story, #[case] guard: Guard) {
    assert_eq!(story(), Ok(()));
    let without = guards::without(guard, || std::panic::catch_unwind(story).unwrap_or_else(|_| Err("panicked".into())));
    println!("without {guard:?}: {}", without.expect_err("the story ends well without its guard"));
}

/// Value loaded at one branch is spent at both while the link is cut: only where it lies.
fn two_tills_one_balance() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.load(A, 10_000)), "the top-up is refused")?;
    told.talk(A)?;
    told.talk(B)?;
    let (first, second, third) = (told.id(), told.id(), told.id());
    must(lacking(&told.spend(B, first, 8_000)), "it is spent where it does not lie")?;
    must(done(&told.spend(A, second, 8_000)), "it is refused where it lies")?;
    must(lacking(&told.spend(A, third, 8_000)), "it is spent twice")?;
    told.end()
}

/// The other branch asks; before the recall arrives the giver sells. It gives what is left, and nobody has it twice.
fn recall_races_a_sale() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.load(A, 10_000)), "the top-up is refused")?;
    told.talk(A)?;
    told.ask(B, Wanted::Value(member(MEMBER), 6_000));
    told.talk(B)?;
    let (here, there) = (told.id(), told.id());
    must(done(&told.spend(A, here, 7_000)), "the giver's own sale is refused")?;
    told.talk(A)?;
    told.talk(B)?;
    must(lacking(&told.spend(B, there, 6_000)), "the asker spends what the giver had spent")?;
    must(told.lies(A) >= 0 && told.lies(A) + told.lies(B) + told.lies(HUB) == 3_000, "value was made or lost")?;
    told.end()
}

/// The answer to an ask is lost, and the same ask comes again: it is granted once. What came back too late lies at head office.
fn ask_torn_and_retried() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.load(A, 10_000)), "the top-up is refused")?;
    told.talk(A)?;
    told.ask(B, Wanted::Value(member(MEMBER), 4_000));
    told.talk(B)?;
    told.world.time.pass(20_000);
    told.talk(A)?;
    must(told.lies(HUB) == 4_000, "what came back late does not lie at head office")?;
    told.ask(B, Wanted::Value(member(MEMBER), 1_500));
    let asked = told.world.links[B].asks.clone();
    told.talk(B)?;
    must(told.lies(B) == 1_500, "the ask is not answered")?;
    told.world.links[B].asks = asked;
    told.talk(B)?;
    must(told.lies(B) == 1_500, "one ask is granted twice")?;
    told.end()
}

/// A sale's right to be taken back goes to the branch that asks; the branch that sold cannot take it back as well.
fn taken_back_at_two_branches() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.load(A, 5_000)), "the top-up is refused")?;
    let id = told.id();
    must(done(&told.spend(A, id, 2_000)), "the sale is refused")?;
    let sold = told.sold(A, id).ok_or("the sale is not there")?;
    told.talk(A)?;
    must(lacking(&told.take_back(B, &sold)), "taken back where the right does not lie")?;
    told.ask(B, Wanted::Returnable(sold.sale));
    told.talk(B)?;
    told.talk(A)?;
    told.talk(B)?;
    must(done(&told.take_back(B, &sold)), "the right was fetched and the return is refused")?;
    must(lacking(&told.take_back(A, &sold)), "taken back at both branches")?;
    told.end()
}

/// An edge's database is put back while it is offline: it notices before it writes, and begins a new stream.
fn rolled_back_offline() -> Result<(), String> {
    let mut told = Told::new()?;
    let image = told.world.replicas[A].disk.image();
    for _ in 0..70 {
        must(done(&told.load(A, 100)), "the top-up is refused")?;
    }
    told.talk(A)?;
    let stream = told.world.replicas[A].stream();
    told.world.replicas[A].disk.restore_some(&image, |name| name != LINEAGE);
    told.world.replicas[A].store = None;
    let time = told.world.time;
    told.world.replicas[A].start(time).map_err(|fault| fault.to_string())?;
    must(told.world.replicas[A].stream() != stream, "it writes on in the stream that it has forgotten")?;
    must(told.lies(A) == 0, "value is spent again from a restored disk")
}

/// An edge is copied, hardware name and all, and both sell: both sides are booked, and the copy is told.
fn cloned() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.load(A, 9_000)), "the top-up is refused")?;
    told.talk(A)?;
    let time = told.world.time;
    let machine = told.world.replicas[A].machine.clone();
    let mut copy = told.world.replicas[A].copy(&machine, time);
    copy.start(time).map_err(|fault| fault.to_string())?;
    told.world.replicas.push(copy);
    told.world.links.push(Default::default());
    let (one, other) = (told.id(), told.id());
    must(done(&told.spend(A, one, 4_000)), "the first sale is refused")?;
    must(done(&told.spend(3, other, 3_000)), "the copy's sale is refused")?;
    told.talk(A)?;
    told.talk(3)?;
    must(told.world.replicas[3].stream() != told.world.replicas[A].stream(), "the copy goes on in the same stream")?;
    let hub = told.world.replicas[HUB].db().ok_or("the hub is down")?;
    let sql = "select count(*) from entry where kind = ?1 and folded = 1";
    must(hub.number(sql, &[Rung::KIND.into()]).map_err(|fault| fault.to_string())? == 2, "a sale of one side is missing")
}

/// The hub is put back to before it granted value to a branch that is offline now. It notices, and moves nothing from its old place
/// until both branches reported; then every balance is where it was.
fn hub_rolled_back() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.load(A, 10_000)), "the top-up is refused")?;
    told.talk(A)?;
    told.ask(B, Wanted::Value(member(MEMBER), 4_000));
    told.talk(B)?;
    told.world.time.pass(20_000);
    told.talk(A)?;
    let image = told.world.replicas[HUB].disk.image();
    told.ask(B, Wanted::Value(member(MEMBER), 4_000));
    told.talk(B)?;
    must(told.lies(B) == 4_000, "the grant did not arrive")?;
    told.world.replicas[HUB].disk.restore_some(&image, |name| name != LINEAGE);
    told.world.replicas[HUB].store = None;
    told.world.forget_checks(HUB);
    let time = told.world.time;
    told.world.replicas[HUB].start(time).map_err(|fault| fault.to_string())?;
    told.ask(A, Wanted::Value(member(MEMBER), 10_000));
    told.talk(A)?;
    must(told.lies(A) == 6_000, "the hub gives again what it had given")?;
    let id = told.id();
    must(done(&told.spend(B, id, 4_000)), "the branch cannot spend what it was given")?;
    told.talk(B)?;
    told.talk(A)?;
    told.end()
}
