use super::machines::{
    begun_anew_twice, cloned, edit_behind_a_lost_one, hub_rolled_back, known_only_by_what_came_back, lost_branch_and_a_hub_put_back,
    lost_branch_returns, old_disk_returns, put_back_together, sale_of_a_lost_history,
};
use super::points::points_gone_when_the_sale_comes_back;
use super::sides::{copy_put_back_and_answered_late, number_of_an_edit_given_again, sale_on_a_lost_side};
use super::*;
use rstest::rstest;
use shared::base::guards::{self, Guard};

type Story = fn() -> Result<(), String>;

// Goal: the story ends well, and badly without its guard. Method: the guard is taken away on this thread.
#[rstest]
#[case::two_tills_one_balance(two_tills_one_balance, Guard::Balance)]
#[case::ask_torn_and_retried(ask_torn_and_retried, Guard::AskOnce)]
#[case::recall_races_a_sale(recall_races_a_sale, Guard::Balance)]
#[case::recall_races_a_second_asker(recall_races_a_second_asker, Guard::Forward)]
#[case::taken_back_at_two_branches(taken_back_at_two_branches, Guard::Balance)]
#[case::points_gone_when_the_sale_comes_back(points_gone_when_the_sale_comes_back, Guard::PointsBack)]
#[case::old_disk_returns(old_disk_returns, Guard::Lineage)]
#[case::cloned(cloned, Guard::Sequence)]
#[case::hub_rolled_back(hub_rolled_back, Guard::Recovery)]
#[case::lost_branch_returns(lost_branch_returns, Guard::Sealed)]
#[case::lost_branch_and_a_hub_put_back(lost_branch_and_a_hub_put_back, Guard::LostHeld)]
#[case::put_back_together(put_back_together, Guard::Stray)]
#[case::edit_behind_a_lost_one(edit_behind_a_lost_one, Guard::Stray)]
#[case::known_only_by_what_came_back(known_only_by_what_came_back, Guard::Sequence)]
#[case::begun_anew_twice(begun_anew_twice, Guard::Generation)]
#[case::sale_of_a_lost_history(sale_of_a_lost_history, Guard::Released)]
#[case::copy_put_back_and_answered_late(copy_put_back_and_answered_late, Guard::SideOfSide)]
#[case::sale_on_a_lost_side(sale_on_a_lost_side, Guard::Nameless)]
#[case::number_of_an_edit_given_again(number_of_an_edit_given_again, Guard::Stray)]
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

/// Two branches ask for the same balance before the giver hears of either: what it has goes to the first that asked, what is left to the
/// second, each in the transaction that brought it, and together they have no more than lay there.
fn recall_races_a_second_asker() -> Result<(), String> {
    let mut told = Told::new()?;
    let second = told.open()?;
    must(done(&told.load(A, 10_000)), "the top-up is refused")?;
    told.talk(A)?;
    told.ask(B, Wanted::Value(member(MEMBER), 6_000));
    told.talk(B)?;
    told.ask(second, Wanted::Value(member(MEMBER), 6_000));
    told.talk(second)?;
    told.talk(A)?;
    told.talk(second)?;
    told.talk(B)?;
    let (more, one, other) = (told.id(), told.id(), told.id());
    must(lacking(&told.spend(second, more, 4_001)), "the second asker has what was given for the first")?;
    must(done(&told.spend(B, one, 6_000)), "the first asker lost it to the second")?;
    must(done(&told.spend(second, other, 4_000)), "the second asker has not what was left")?;
    must(told.lies(A) + told.lies(B) + told.lies(second) + told.lies(HUB) == 0, "value was made or lost")?;
    told.end()
}
