//! How much of what a member has should lie at which place ahead of need (design 5, offline allowance). What no place should hold lies at head office,
//! which any branch that is linked reaches.

/// Number of the rule that moves it; `by` of its entries.
pub const ALLOW: u16 = 22;

/// What a place may hold: up to `first` before the next place gets anything, up to `most` once every place has that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    pub first: i64,
    pub most: i64,
}

/// What should lie at each place, in their order, of a total of which head office keeps the rest.
pub fn spread(total: i64, rooms: &[Room]) -> Vec<i64> {
    let mut left = total.max(0);
    let mut take = |most: i64| {
        let taken = most.clamp(0, left);
        left -= taken;
        taken
    };
    let first: Vec<i64> = rooms.iter().map(|room| take(room.first.min(room.most))).collect();
    first.iter().zip(rooms).map(|(first, room)| first + take(room.most - first)).collect()
}

/// What a place should give up; nothing while it holds less than half again of what it should, so that balances do not travel for every payment.
pub fn surplus(lies: i64, should: i64) -> i64 {
    let over = lies - should;
    if over > should / 2 { over } else { 0 }
}

/// What a place should get; nothing while it holds three quarters of what it should.
pub fn lack(lies: i64, should: i64) -> i64 {
    if lies < should - should / 4 { should - lies } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const HOME: Room = Room { first: 30_000, most: 100_000 };
    const VISITED: Room = Room { first: 30_000, most: 30_000 };

    #[rstest]
    #[case::little_stays_at_home(20_000, [20_000, 0, 0])]
    #[case::then_the_visited(70_000, [30_000, 30_000, 10_000])]
    #[case::then_home_again(140_000, [80_000, 30_000, 30_000])]
    #[case::the_rest_is_head_offices(500_000, [100_000, 30_000, 30_000])]
    #[case::nothing_of_a_debt(-5, [0, 0, 0])]
    fn home_first(#[case] total: i64, #[case] lies: [i64; 3]) {
        assert_eq!(spread(total, &[HOME, VISITED, VISITED]), lies);
    }

    #[rstest]
    #[case::all_of_it(100, 0, 100, 0)]
    #[case::within_half(149, 100, 0, 0)]
    #[case::beyond_half(151, 100, 51, 0)]
    #[case::three_quarters_are_enough(75, 100, 0, 0)]
    #[case::less_is_not(74, 100, 0, 26)]
    #[case::nothing_there(0, 1, 0, 1)]
    fn balances_rest(#[case] lies: i64, #[case] should: i64, #[case] over: i64, #[case] under: i64) {
        assert_eq!((surplus(lies, should), lack(lies, should)), (over, under));
    }

    proptest! {
        #[test]
        fn never_more_than_there_is_and_never_more_than_there_may_be(
            total in 0_i64..1_000_000,
            rooms in prop::collection::vec((0_i64..200_000, 0_i64..200_000), 0..6),
        ) {
            let rooms: Vec<Room> = rooms.into_iter().map(|(first, most)| Room { first, most }).collect();
            let lies = spread(total, &rooms);
            prop_assert!(lies.iter().sum::<i64>() <= total);
            prop_assert!(lies.iter().zip(&rooms).all(|(lies, room)| (0..=room.most).contains(lies)));
            // What was moved once does not want to move again.
            prop_assert!(lies.iter().all(|lies| surplus(*lies, *lies) == 0 && lack(*lies, *lies) == 0));
        }
    }
}
