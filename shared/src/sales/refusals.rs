//! The refusals of the rules as the journal tells them to pages.
use super::discount::OverRight;
use super::payment::PaymentRefusal;
use super::receipt_number::NotAReceiptNumber;
use super::refund::RefundRefusal;
use super::scan::ScanRefusal;
use crate::base::Overflow;
use crate::journal::refusal::Elsewhere;
use crate::journal::{Refusal, Right};

fn unsound(field: &str, why: &str) -> Refusal {
    Refusal::NotSound { field: field.into(), why: why.into() }
}

impl From<Overflow> for Refusal {
    fn from(_: Overflow) -> Self {
        Refusal::BadAmount
    }
}

impl From<PaymentRefusal> for Refusal {
    fn from(refusal: PaymentRefusal) -> Self {
        match refusal {
            PaymentRefusal::NothingKeyed => Refusal::BadAmount,
            PaymentRefusal::NothingDue => Refusal::NothingDue,
            PaymentRefusal::OverDue { over, .. } => Refusal::OverDue { over: over.minor() },
            PaymentRefusal::NoMember => Refusal::NoMember,
            PaymentRefusal::NotEnoughHere { asked, usable, elsewhere } => Refusal::NotEnoughHere {
                wanted: asked.minor(),
                here: usable.minor(),
                elsewhere: elsewhere
                    .into_iter()
                    .map(|at| Elsewhere {
                        branch: String::new(),
                        name: at.place,
                        amount: at.amount.minor(),
                        reachable: at.unreachable_since_ms.is_none(),
                        since_ms: at.unreachable_since_ms,
                    })
                    .collect(),
            },
            PaymentRefusal::TooLarge(overflow) => overflow.into(),
        }
    }
}

/// Of a line; the command on the bill names its own right.
impl From<OverRight> for Refusal {
    fn from(over: OverRight) -> Self {
        let (limit, asked) = (Some(i64::from(over.lowest.bp())), Some(i64::from(over.asked.bp())));
        Refusal::NeedsOverride { right: Right::DiscountLine, limit, asked }
    }
}

impl From<RefundRefusal> for Refusal {
    fn from(refusal: RefundRefusal) -> Self {
        match refusal {
            RefundRefusal::NotReturnable { .. } => unsound("quantity", "not_returnable"),
            RefundRefusal::OverPaid { left } => Refusal::RefundChanged { amount: left.minor() },
            RefundRefusal::TooLarge(overflow) => overflow.into(),
        }
    }
}

impl From<NotAReceiptNumber> for Refusal {
    fn from(refusal: NotAReceiptNumber) -> Self {
        match refusal {
            NotAReceiptNumber::Shape => unsound("receipt_no", "shape"),
            NotAReceiptNumber::Check => Refusal::ReceiptTypo,
        }
    }
}

impl From<ScanRefusal> for Refusal {
    fn from(refusal: ScanRefusal) -> Self {
        match refusal {
            ScanRefusal::Nothing => unsound("text", "nothing"),
            ScanRefusal::TooLong => unsound("text", "too_long"),
            ScanRefusal::BadQuantity => unsound("quantity", "range"),
            ScanRefusal::QuantityOfWeighed => unsound("quantity", "weighed"),
            ScanRefusal::MistypedReceipt => Refusal::ReceiptTypo,
            ScanRefusal::BankCard => unsound("text", "bank_card"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Money, Rate};
    use crate::sales::payment;
    use rstest::rstest;

    fn money(minor: i64) -> Money {
        Money::from_minor(minor)
    }

    #[rstest]
    #[case::a7(PaymentRefusal::OverDue { due: money(9_348), over: money(652) }, Refusal::OverDue { over: 652 })]
    #[case::nothing_due(PaymentRefusal::NothingDue, Refusal::NothingDue)]
    #[case::too_large(PaymentRefusal::TooLarge(Overflow), Refusal::BadAmount)]
    fn payment_refusals(#[case] of_the_rule: PaymentRefusal, #[case] told: Refusal) {
        assert_eq!(Refusal::from(of_the_rule), told);
    }

    #[test]
    fn b11_says_where_the_rest_lies() {
        let hub = payment::Elsewhere { place: "总部".into(), amount: money(8_000), unreachable_since_ms: None };
        let refusal = PaymentRefusal::NotEnoughHere { asked: money(15_000), usable: money(12_000), elsewhere: vec![hub] };
        let elsewhere = vec![Elsewhere { branch: String::new(), name: "总部".into(), amount: 8_000, reachable: true, since_ms: None }];
        assert_eq!(Refusal::from(refusal), Refusal::NotEnoughHere { wanted: 15_000, here: 12_000, elsewhere });
    }

    #[test]
    fn a10_tells_both_rates() {
        let over = OverRight { lowest: Rate::from_bp(9_000), asked: Rate::from_bp(8_000), given: money(2_000) };
        assert_eq!(Refusal::from(over), Refusal::NeedsOverride { right: Right::DiscountLine, limit: Some(9_000), asked: Some(8_000) });
    }
}
