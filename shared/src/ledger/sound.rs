//! What the hub checks of a fact before it believes it: who wrote it, that it sums to zero, and that it takes only from its own place.
use crate::base::account::unbalanced;
use crate::base::{Posting, StreamId, Unit};
use crate::facts::Writer;
use crate::views::Side;

/// Why a fact is kept but not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    #[error("a {0:?} does not write this kind of fact")]
    WrongWriter(Side),
    #[error("its postings of {0:?} do not sum to zero but to {1}")]
    Unbalanced(Unit, i64),
    #[error("it takes from a place that is not its own")]
    TakesElsewhere,
    #[error("it adds to a place that is neither its own nor head office's")]
    AddsElsewhere,
    #[error("it names accounts that cannot be read")]
    BadAccounts,
}

/// Checks a fact of an edge's stream. `is_hub` tells places of the hub, present and past: there an edge may give balances back to.
///
/// # Errors
/// What is wrong with it; it is then set aside.
pub fn of_edge(writer: Writer, postings: &[Posting], own: StreamId, is_hub: &dyn Fn(StreamId) -> bool) -> Result<(), Unsound> {
    if writer == Writer::Hub {
        return Err(Unsound::WrongWriter(Side::Edge));
    }
    if let Some((unit, rest)) = unbalanced(postings).first() {
        return Err(Unsound::Unbalanced(*unit, *rest));
    }
    for posting in postings.iter().filter(|posting| posting.account.place != own) {
        if posting.amount < 0 {
            return Err(Unsound::TakesElsewhere);
        }
        if !is_hub(posting.account.place) {
            return Err(Unsound::AddsElsewhere);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Account, BranchId, Holder, MemberId};
    use rstest::rstest;

    const OWN: StreamId = StreamId([1; 16]);
    const HUB: StreamId = StreamId([2; 16]);
    const OTHER: StreamId = StreamId([3; 16]);

    #[rstest]
    #[case::gives_back(Writer::Both, OWN, HUB, Ok(()))]
    #[case::steals(Writer::Both, OTHER, OWN, Err(Unsound::TakesElsewhere))]
    #[case::steals_from_the_hub(Writer::Both, HUB, OWN, Err(Unsound::TakesElsewhere))]
    #[case::gives_to_a_friend(Writer::Both, OWN, OTHER, Err(Unsound::AddsElsewhere))]
    #[case::plays_the_hub(Writer::Hub, OWN, HUB, Err(Unsound::WrongWriter(Side::Edge)))]
    fn an_edge_takes_only_from_its_own_place(
        #[case] writer: Writer,
        #[case] from: StreamId,
        #[case] to: StreamId,
        #[case] verdict: Result<(), Unsound>,
    ) {
        let (holder, unit) = (Holder::Member(MemberId([4; 16])), Unit::Value(BranchId([5; 16])));
        let posting = |place, amount| Posting { account: Account { holder, unit, place }, amount };
        assert_eq!(of_edge(writer, &[posting(from, -5), posting(to, 5)], OWN, &|place| place == HUB), verdict);
    }

    #[test]
    fn money_does_not_come_from_nowhere() {
        let account = Account { holder: Holder::Member(MemberId([4; 16])), unit: Unit::Value(BranchId([5; 16])), place: OWN };
        let verdict = of_edge(Writer::Edge, &[Posting { account, amount: 5 }], OWN, &|place| place == HUB);
        assert_eq!(verdict, Err(Unsound::Unbalanced(account.unit, 5)));
    }
}
