//! What proves that a member may spend: a card's number identifies, it proves nothing. Tries are counted in a draft and survive a restart (F7).
use crate::base::{Money, Overflow, limits::PIN_TRIES_MAX};

/// What a level of members must show before stored value is spent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Proof {
    None,
    /// The member's PIN on the till's keypad.
    #[default]
    Pin,
    /// A signature on the slip.
    Signature,
}

/// When no proof is asked (小额免密); none of the two is no such grace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Grace {
    /// Free up to this amount of one bill.
    pub per_bill: Money,
    /// Free up to this sum of one business day.
    pub per_day: Money,
}

/// The proof needed to spend `amount` after `free_today` was spent without proof on this business day.
pub fn needed(policy: Proof, grace: Grace, amount: Money, free_today: Money) -> Result<Proof, Overflow> {
    let free = amount <= grace.per_bill && amount.plus(free_today)? <= grace.per_day;
    Ok(if free { Proof::None } else { policy })
}

/// Wrong PINs in a row of one person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    pub wrong: u32,
}

/// What a keyed PIN leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Right,
    /// Wrong, with this many tries left; none left locks.
    Wrong {
        left: u32,
    },
    /// Locked before: even the right PIN is refused until a manager resets it.
    Locked,
}

impl Tries {
    pub fn locked(self) -> bool {
        self.wrong >= PIN_TRIES_MAX
    }

    /// What a PIN leads to, and the tries afterwards. A right one clears the count.
    pub fn keyed(self, matches: PinMatch) -> (Verdict, Tries) {
        match matches {
            _ if self.locked() => (Verdict::Locked, self),
            PinMatch::Right => (Verdict::Right, Tries::default()),
            PinMatch::Wrong => {
                let after = Tries { wrong: self.wrong + 1 };
                (Verdict::Wrong { left: PIN_TRIES_MAX - after.wrong }, after)
            }
        }
    }
}

/// Whether the keyed PIN fits the verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinMatch {
    Right,
    Wrong,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn f7_five_wrong_lock_and_the_sixth_right_is_refused() {
        let mut tries = Tries::default();
        for left in (0..5).rev() {
            let (verdict, after) = tries.keyed(PinMatch::Wrong);
            assert_eq!(verdict, Verdict::Wrong { left });
            tries = after;
        }
        assert!(tries.locked());
        assert_eq!(tries.keyed(PinMatch::Right), (Verdict::Locked, tries));
    }

    #[test]
    fn a_right_pin_clears_the_count() {
        assert_eq!(Tries { wrong: 4 }.keyed(PinMatch::Right), (Verdict::Right, Tries { wrong: 0 }));
    }

    #[rstest]
    #[case::within_both(5_000, 0, Proof::None)]
    #[case::above_the_bill(5_001, 0, Proof::Pin)]
    #[case::day_used_up(5_000, 5_001, Proof::Pin)]
    #[case::last_of_the_day(5_000, 5_000, Proof::None)]
    fn small_amounts_are_free(#[case] amount: i64, #[case] free_today: i64, #[case] wanted: Proof) {
        let grace = Grace { per_bill: Money::from_minor(5_000), per_day: Money::from_minor(10_000) };
        assert_eq!(needed(Proof::Pin, grace, Money::from_minor(amount), Money::from_minor(free_today)), Ok(wanted));
    }

    #[test]
    fn without_grace_every_amount_needs_its_proof() {
        assert_eq!(needed(Proof::Signature, Grace::default(), Money::from_minor(1), Money::ZERO), Ok(Proof::Signature));
    }
}
