//! What a bill costs: rules R1 to R3 of the trade. Pure: the same bill gives the same amounts in every replica.
//! Every line has one price made by hand or by rule, never both, and of the rules the one that is best for the customer (R2, A11):
//! promotion or member price or level discount. Then come the discount on the whole bill, spend-and-save, coupon, 抹零.
//! The parts of every step sum to the step, and no line becomes negative.
use crate::base::{Money, Overflow, Quantity, Rate, Rounding};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One line of a bill, with the prices that were valid when it was keyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillLine {
    /// Above zero.
    pub quantity: Quantity,
    /// Price of one unit without any advantage; zero or more.
    pub list_price: Money,
    /// The amount that a scale printed on the label; it stands instead of list price × quantity.
    pub label_amount: Option<Money>,
    /// Price of one unit for members of any level.
    pub member_price: Option<Money>,
    /// Price of one unit in a promotion.
    pub promotion_price: Option<Money>,
    pub by_hand: ByHand,
    /// False for goods that take no discount of level, bill, promotion amount or coupon (tobacco).
    pub discountable: bool,
    /// False for goods that earn no points.
    pub earns_points: bool,
}

/// What a person decided about one line; whether the person may is judged elsewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode)]
#[serde(rename_all = "snake_case")]
pub enum ByHand {
    #[default]
    #[n(0)]
    Nothing,
    /// 改价: another price of one unit; no other price or level discount applies.
    #[n(1)]
    Price(#[n(0)] Money),
    /// 单品折扣: this rate of the list price instead of any other price or level discount. Above the whole it counts as the whole.
    #[n(2)]
    Rate(#[n(0)] Rate),
    /// 赠送: the line is given away.
    #[n(3)]
    Free,
}

/// What a person decided about the whole bill; it applies to the lines that take discounts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode)]
#[serde(rename_all = "snake_case")]
pub enum BillDiscount {
    #[default]
    #[n(0)]
    Nothing,
    /// 整单折扣: what is left after the lines' own prices × rate. Above the whole it counts as the whole.
    #[n(1)]
    Rate(#[n(0)] Rate),
    /// An amount off; at most what the lines come to.
    #[n(2)]
    Amount(#[n(0)] Money),
}

/// 抹零: to what the due is rounded when cash is among the tenders (R3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    None,
    /// 抹分, the house's default: down to the 角.
    #[default]
    JiaoDown,
    /// 抹角: down to the 元.
    YuanDown,
    /// 四舍五入到角.
    JiaoHalfUp,
    /// 四舍五入到元.
    YuanHalfUp,
}

/// 抹零 of a bill: the chain's mode, then what the cashier takes off by hand, at most what is left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundOff {
    pub mode: RoundingMode,
    /// Zero or more.
    pub by_hand: Money,
}

impl RoundOff {
    /// Of a bill without cash.
    pub const NONE: RoundOff = RoundOff { mode: RoundingMode::None, by_hand: Money::ZERO };
}

/// A bill as far as its price goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    pub lines: Vec<BillLine>,
    /// The discount of the attached member's level as it was when the member was attached (K6); none for a walk-in.
    pub level_rate: Option<Rate>,
    pub discount: BillDiscount,
    /// 满减: amount off, shared to the lines that take discounts; at most what they come to.
    pub spend_and_save: Money,
    /// Amount off by coupon, likewise.
    pub coupon: Money,
    /// It works only with cash among the tenders.
    pub round_off: RoundOff,
}

/// Which price or rate a line got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Applied {
    #[n(0)]
    List,
    #[n(1)]
    Level(#[n(0)] Rate),
    #[n(2)]
    Member,
    #[n(3)]
    Promotion,
    #[n(4)]
    HandPrice,
    #[n(5)]
    HandRate(#[n(0)] Rate),
    #[n(6)]
    Free,
}

/// A line with its price. `gross` less all discounts less `rounding` is `net`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedLine {
    pub applied: Applied,
    /// List price × quantity, or the higher price that was set by hand; zero or more.
    pub gross: Money,
    /// Off by another unit price (member, promotion, by hand) or because the line is free.
    pub price_discount: Money,
    /// Off by a rate: the level's or one set by hand.
    pub rate_discount: Money,
    /// Share of the discount on the whole bill.
    pub bill_discount: Money,
    /// Share of 满减.
    pub spend_and_save: Money,
    /// Share of the coupon.
    pub coupon: Money,
    /// Share of 抹零; negative where the bill was rounded up.
    pub rounding: Money,
    /// What the line brings in; what comes back when it is returned (R9).
    pub net: Money,
    pub earns_points: bool,
}

/// A bill with its price. `subtotal − discount − rounding = due = Σ net`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// In the order of the bill.
    pub lines: Vec<PricedLine>,
    /// 合计.
    pub subtotal: Money,
    /// 优惠: all discounts, without 抹零.
    pub discount: Money,
    /// 抹零; negative where rounded up.
    pub rounding: Money,
    /// The part of `rounding` that was taken off by hand.
    pub off_by_hand: Money,
    /// 应收.
    pub due: Money,
}

/// Prices a bill, rounding its due by `round_off`: the bill's own if cash is among the tenders, else `RoundOff::NONE` (R3).
pub fn price(bill: &Bill, round_off: RoundOff) -> Result<Priced, Overflow> {
    let mut lines = bill.lines.iter().map(|line| line_price(line, bill.level_rate)).collect::<Result<Vec<_>, _>>()?;
    apply_rates(&mut lines)?;
    let takes: Vec<bool> = bill.lines.iter().map(|line| line.discountable).collect();
    let sum = sum_of(&lines, &takes)?;
    let off = match bill.discount {
        BillDiscount::Nothing => Money::ZERO,
        BillDiscount::Rate(rate) => sum.minus(sum.share(rate.min(Rate::WHOLE), Rounding::HalfUp)?)?,
        BillDiscount::Amount(amount) => amount,
    };
    take_off(&mut lines, &takes, off, |line| &mut line.bill_discount)?;
    take_off(&mut lines, &takes, bill.spend_and_save, |line| &mut line.spend_and_save)?;
    take_off(&mut lines, &takes, bill.coupon, |line| &mut line.coupon)?;

    let subtotal = Money::sum(lines.iter().map(|line| line.gross))?;
    let total = Money::sum(lines.iter().map(|line| line.net))?;
    let by_mode = rounded(total, round_off.mode)?;
    let off_by_hand = round_off.by_hand.clamp(Money::ZERO, by_mode);
    let due = by_mode.minus(off_by_hand)?;
    let weights: Vec<Money> = lines.iter().map(|line| line.net).collect();
    let off = total.minus(due)?;
    for (line, part) in lines.iter_mut().zip(off.split_by_largest_remainder(&weights)) {
        (line.rounding, line.net) = (part, line.net.minus(part)?);
    }
    Ok(Priced { subtotal, discount: subtotal.minus(total)?, rounding: off, off_by_hand, due, lines })
}

/// The due under a mode of 抹零 (A5).
pub fn rounded(total: Money, mode: RoundingMode) -> Result<Money, Overflow> {
    let (step, up_from) = match mode {
        RoundingMode::None => return Ok(total),
        RoundingMode::JiaoDown => (10, 10),
        RoundingMode::YuanDown => (100, 100),
        RoundingMode::JiaoHalfUp => (10, 5),
        RoundingMode::YuanHalfUp => (100, 50),
    };
    let rest = total.minor().rem_euclid(step);
    let down = total.minus(Money::from_minor(rest))?;
    if rest >= up_from { down.plus(Money::from_minor(step)) } else { Ok(down) }
}

/// The line's own price, before rates. `Applied` tells the rate that is still to come.
fn line_price(line: &BillLine, level: Option<Rate>) -> Result<PricedLine, Overflow> {
    let list = match line.label_amount {
        Some(amount) => amount,
        None => line.quantity.times(line.list_price)?,
    };
    let (applied, value) = match line.by_hand {
        ByHand::Free => (Applied::Free, Money::ZERO),
        ByHand::Price(price) => (Applied::HandPrice, line.quantity.times(price)?),
        ByHand::Rate(rate) => (Applied::HandRate(rate.min(Rate::WHOLE)), list),
        ByHand::Nothing => best_by_rule(line, level, list)?,
    };
    let gross = list.max(value);
    Ok(PricedLine {
        applied,
        gross,
        price_discount: gross.minus(value)?,
        rate_discount: Money::ZERO,
        bill_discount: Money::ZERO,
        spend_and_save: Money::ZERO,
        coupon: Money::ZERO,
        rounding: Money::ZERO,
        net: value,
        earns_points: line.earns_points,
    })
}

/// The lower of promotion and member price; a line that carries a promotion takes no level discount, one with a member price takes
/// whichever of the two is lower (R2, A11).
fn best_by_rule(line: &BillLine, level: Option<Rate>, list: Money) -> Result<(Applied, Money), Overflow> {
    let at = |price: Money| match line.label_amount {
        Some(amount) => amount.scaled(price.minor(), line.list_price.minor(), Rounding::HalfUp),
        None => line.quantity.times(price),
    };
    let special = |price: Option<Money>| price.filter(|price| *price < line.list_price);
    let member_price = special(line.member_price.filter(|_| level.is_some()));
    if let Some(price) = special(line.promotion_price).filter(|price| member_price.is_none_or(|member| *price <= member)) {
        return Ok((Applied::Promotion, at(price)?));
    }
    let rate = level.map(|rate| rate.min(Rate::WHOLE)).filter(|rate| line.discountable && *rate < Rate::WHOLE);
    if let Some(price) = member_price {
        let value = at(price)?;
        let by_level = rate.map(|rate| list.share(rate, Rounding::HalfUp)).transpose()?;
        if by_level.is_none_or(|by_level| value <= by_level) {
            return Ok((Applied::Member, value));
        }
    }
    Ok((rate.map_or(Applied::List, Applied::Level), list))
}

/// R1: each rate once on the sum of all lines with this rate, shared to the lines.
fn apply_rates(lines: &mut [PricedLine]) -> Result<(), Overflow> {
    let mut groups: BTreeMap<Rate, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        if let Applied::Level(rate) | Applied::HandRate(rate) = line.applied {
            groups.entry(rate).or_default().push(at);
        }
    }
    for (rate, members) in groups {
        let values: Vec<Money> = members.iter().map(|&at| lines[at].net).collect();
        let left = Money::sum(values.iter().copied())?.share(rate, Rounding::HalfUp)?;
        for (&at, part) in members.iter().zip(left.split_by_largest_remainder(&values)) {
            lines[at].rate_discount = lines[at].net.minus(part)?;
            lines[at].net = part;
        }
    }
    Ok(())
}

/// Takes an amount, at most all there is, off the lines that take discounts, in the ratio of their nets.
fn take_off(
    lines: &mut [PricedLine],
    takes: &[bool],
    amount: Money,
    column: impl Fn(&mut PricedLine) -> &mut Money,
) -> Result<(), Overflow> {
    let amount = amount.clamp(Money::ZERO, sum_of(lines, takes)?);
    let weights: Vec<Money> = lines.iter().zip(takes).map(|(line, takes)| if *takes { line.net } else { Money::ZERO }).collect();
    for (line, part) in lines.iter_mut().zip(amount.split_by_largest_remainder(&weights)) {
        *column(line) = part;
        line.net = line.net.minus(part)?;
    }
    Ok(())
}

/// What the lines that take discounts come to.
fn sum_of(lines: &[PricedLine], takes: &[bool]) -> Result<Money, Overflow> {
    Money::sum(lines.iter().zip(takes).filter(|(_, takes)| **takes).map(|(line, _)| line.net))
}

#[cfg(test)]
#[path = "price_tests.rs"]
pub(crate) mod tests;
