//! What happens at a branch: a payment, a top-up.
use super::node::STAFF;
use shared::{
    base::{BranchId, Holder, MemberId, Money, Quantity, Rate, SaleId, ShiftId, TillId, Unit},
    facts::{
        ledger::{Carried, Wanted},
        members::ToppedUp,
        sales::{Buyer, Occasion, Paid, Part, Priced, Proven, RULES, Sold, SoldLine, VALUE},
    },
    journal::{Command, Decided, Fault, Moment, Read, Refusal, Right},
    ledger::moves,
};

/// Pays an amount of stored value.
pub struct Pay {
    pub member: MemberId,
    pub amount: i64,
}

impl Command for Pay {
    type State = Vec<(Holder, Unit, i64)>;
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        [self.member.bytes(), &self.amount.to_be_bytes()].concat()
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Self::State, Fault> {
        moves::lying(db, &Wanted::Value(self.member, self.amount), moment.here)
    }

    fn decide(&self, lying: &Self::State, moment: &Moment) -> Result<Decided, Refusal> {
        let here: i64 = lying.iter().map(|(.., amount)| amount).sum();
        if here < self.amount {
            return Err(Refusal::NotEnoughHere { wanted: self.amount, here, elsewhere: Vec::new() });
        }
        let parts = moves::share(&Wanted::Value(self.member, self.amount), lying);
        Ok(Decided::nothing().fact(&self.sold(&parts, moment)))
    }
}

impl Pay {
    fn sold(&self, parts: &[Carried], moment: &Moment) -> Sold {
        let amount = Money::from_minor(self.amount);
        let line = SoldLine {
            no: 1,
            product: None,
            quantity: Quantity::ONE,
            list_price: amount,
            gross: amount,
            net: amount,
            priced: Priced::List,
            earns_points: false,
            price_discount: Money::ZERO,
            rate_discount: Money::ZERO,
            bill_discount: Money::ZERO,
            rounding: Money::ZERO,
            rate: None,
            cost: None,
            name: Some("goods".into()),
            reason: None,
            converted: false,
        };
        let parts = parts.iter().map(|part| Part { unit: part.unit.clone(), amount: part.amount }).collect();
        let paid = Paid { code: VALUE.into(), amount, bonus: Money::ZERO, handed: Money::ZERO, parts, proven: Proven::NotAsked };
        let buyer = Buyer {
            member: self.member,
            rate: Rate::WHOLE,
            per: Money::ZERO,
            factor: Rate::WHOLE,
            basis: Money::ZERO,
            principal_after: Money::ZERO,
            bonus_after: Money::ZERO,
            points: Vec::new(),
            occasion: None,
        };
        Sold {
            sale: SaleId(moment.command.0),
            at: occasion(moment),
            receipt_no: moment.command.to_string(),
            lines: vec![line],
            tenders: vec![paid],
            subtotal: amount,
            discount: Money::ZERO,
            rounding: Money::ZERO,
            due: amount,
            change: Money::ZERO,
            rules: RULES,
            buyer: Some(buyer),
            off_by_hand: None,
            sales_clerks: None,
        }
    }
}

fn occasion(moment: &Moment) -> Occasion {
    Occasion {
        branch: moment.branch.unwrap_or(BranchId([0; 16])),
        till: 1,
        shift: None,
        day: moment.day,
        hour: moment.hour,
        at_ms: moment.now_ms,
        by: STAFF,
        allowed_by: None,
        clock_by_hand: false,
    }
}

/// Tops up, with a gift of a tenth.
pub struct TopUp {
    pub member: MemberId,
    pub principal: i64,
}

impl Command for TopUp {
    type State = ();
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        [self.member.bytes(), &self.principal.to_be_bytes()].concat()
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), moment: &Moment) -> Result<Decided, Refusal> {
        let at = occasion(moment);
        Ok(Decided::nothing().fact(&ToppedUp {
            member: self.member,
            branch: at.branch,
            till: TillId([1; 16]),
            shift: ShiftId([1; 16]),
            day: at.day,
            hour: at.hour,
            at_ms: at.at_ms,
            receipt: moment.command.to_string(),
            clerk: STAFF,
            tender: "wechat".into(),
            money: 2,
            principal: self.principal,
            bonus: self.principal / 10,
            tendered: self.principal,
            principal_after: 0,
            bonus_after: 0,
        }))
    }
}
