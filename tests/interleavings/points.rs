//! Points gone when the sale comes back: the product's own facts and its own return, between the stores of the other stories.
use super::*;
use shared::base::{Money, Quantity, Rate, ShiftId, StaffId};
use shared::desk::take_back;
use shared::desk::till::Who;
use shared::facts::sales::{Buyer, Occasion, Paid, Points, Priced, Proven, Sold, SoldLine};
use shared::journal::{Command, Decided, Fault, Moment, Read, Right};
use shared::sales::receipt::words::Language;
use shared::staff::Limits;

const NUMBER: &str = "0001-01-01-1121-0001-0";
const HUNDRED: Money = Money::from_minor(10_000);

/// A sale as a till rings it up.
struct Ring(Sold);

impl Command for Ring {
    type State = ();
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        self.0.sale.0.to_vec()
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&self.0))
    }
}

/// A sale brings points; the member fetches them at another branch, whose link is cut then; the sale comes back where it was made. The
/// points cannot be taken back there, so they are owed: what is left of a sale that came back is nothing.
pub fn points_gone_when_the_sale_comes_back() -> Result<(), String> {
    let mut told = Told::new()?;
    let sale = told.id();
    let sold = sold(sale, told.world.time.now_ms());
    must(done(&told.at_till(A, sale, Ring(sold))), "the sale is refused")?;
    told.talk(A)?;
    told.ask(B, Wanted::Points(member(MEMBER), 100));
    told.talk(B)?;
    told.talk(A)?;
    told.talk(B)?;
    told.talk(A)?;
    must(told.points(B)? == 100, "the points are not where they were fetched")?;
    let id = told.id();
    let back = take_back::TakeBack { who: who(), receipt_no: NUMBER.into(), picks: Vec::new(), reason: "unfit".into(), amount: HUNDRED };
    let said = told.at_till(A, id, back);
    must(done(&said), &format!("the return {said}"))?;
    told.talk(A)?;
    must(told.points(HUB)? == 0, "points are left of a sale that came back")?;
    told.end()
}

impl Told {
    /// A command of somebody with every right, in a shift.
    fn at_till<C: Command + Send + 'static>(&mut self, node: Node, id: CommandId, command: C) -> Said {
        let time = self.world.time;
        let Some(moment) = self.world.replicas[node].moment(id, time) else { return Said::Nothing(Fault::Stopped) };
        let moment = Moment { rights: Right::ALL.to_vec(), shift: Some(ShiftId([1; 16])), ..moment };
        match self.world.replicas[node].clerk(move |writer| writer.decide(&command, &moment)) {
            Ok(Ok(outcome)) => Said::Done(outcome),
            Ok(Err(refusal)) => Said::Refused(refusal),
            Err(fault) => Said::Nothing(fault),
        }
    }

    /// Points of the member less those owed: all that this replica knows of.
    fn points(&self, node: Node) -> Result<i64, String> {
        let db = self.world.replicas[node].db().ok_or("it does not run")?;
        let of = |holder| balance::everywhere(db, holder).map_err(|fault| fault.to_string());
        let all = [of(Holder::Member(member(MEMBER)))?, of(Holder::Debt(member(MEMBER)))?].concat();
        Ok(all.iter().filter(|(unit, ..)| matches!(unit, Unit::Points { .. })).map(|(_, _, amount)| amount).sum())
    }
}

fn who() -> Who {
    let limits = Limits { refund: None, ..Limits::NONE };
    Who {
        till: 1,
        staff: StaffId([7; 16]),
        allowed_by: None,
        own: limits,
        limits,
        own_rights: Right::ALL.to_vec(),
        clock_by_hand: false,
        cut_off_since_ms: 1,
        language: Language::Chinese,
    }
}

fn sold(sale: CommandId, at_ms: i64) -> Sold {
    let at = Occasion {
        branch: BranchId([1; 16]),
        till: 1,
        shift: Some(ShiftId([1; 16])),
        day: 20_261_121,
        hour: 9,
        at_ms,
        by: StaffId([7; 16]),
        allowed_by: None,
        clock_by_hand: false,
    };
    let line = SoldLine {
        no: 1,
        product: Some(ProductNo(1)),
        quantity: Quantity::from_thousandths(1_000),
        list_price: HUNDRED,
        gross: HUNDRED,
        net: HUNDRED,
        priced: Priced::List,
        earns_points: true,
        price_discount: Money::ZERO,
        rate_discount: Money::ZERO,
        bill_discount: Money::ZERO,
        rounding: Money::ZERO,
        rate: None,
        cost: None,
        name: None,
        reason: None,
        converted: false,
    };
    let cash =
        Paid { code: "cash".into(), amount: HUNDRED, bonus: Money::ZERO, handed: HUNDRED, parts: Vec::new(), proven: Proven::NotAsked };
    let points = Points { issuer: BranchId([1; 16]), from: 20_261_121, until: 202_712, amount: 100 };
    let buyer = Buyer {
        member: member(MEMBER),
        rate: Rate::WHOLE,
        per: Money::from_minor(100),
        factor: Rate::WHOLE,
        basis: HUNDRED,
        principal_after: Money::ZERO,
        bonus_after: Money::ZERO,
        points: vec![points],
        occasion: None,
    };
    Sold {
        sale: sale.into(),
        at,
        receipt_no: NUMBER.into(),
        lines: vec![line],
        tenders: vec![cash],
        subtotal: HUNDRED,
        discount: Money::ZERO,
        rounding: Money::ZERO,
        due: HUNDRED,
        change: Money::ZERO,
        off_by_hand: None,
        sales_clerks: None,
        rules: 1,
        buyer: Some(buyer),
    }
}
