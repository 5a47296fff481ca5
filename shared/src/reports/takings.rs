//! What a business day brought. 营业额 is what goods brought, however it was paid; 实收 is money that came in, top-ups included; 充值 is what
//! members paid in ahead; 储值余额 is what is still owed to them.
use crate::base::{BranchId, BusinessDay};
use crate::journal::{Fault, Read};

/// Figures of a day; amounts in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Figures {
    /// 营业额: sales less returns.
    pub turnover: i64,
    /// 实收: money in, without stored value.
    pub received: i64,
    /// 充值.
    pub top_ups: i64,
    pub top_up_bonus: i64,
    /// Principal spent.
    pub value_spent: i64,
    pub bonus_spent: i64,
    pub discounts: i64,
    /// 抹零, as an amount taken off.
    pub rounding: i64,
    /// Paid back for goods that came back.
    pub returns: i64,
    /// Sales.
    pub bills: i64,
    /// Thousandths.
    pub pieces: i64,
    /// Sales with a member.
    pub members: i64,
}

/// One hour of a branch's clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Hour {
    /// 0 to 23.
    pub hour: u8,
    pub turnover: i64,
    pub received: i64,
    pub top_ups: i64,
    pub bills: i64,
}

/// Stored value, minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct StoredValue {
    pub principal: i64,
    pub bonus: i64,
}

impl Figures {
    /// Both together.
    pub fn plus(self, other: Figures) -> Figures {
        Figures {
            turnover: self.turnover + other.turnover,
            received: self.received + other.received,
            top_ups: self.top_ups + other.top_ups,
            top_up_bonus: self.top_up_bonus + other.top_up_bonus,
            value_spent: self.value_spent + other.value_spent,
            bonus_spent: self.bonus_spent + other.bonus_spent,
            discounts: self.discounts + other.discounts,
            rounding: self.rounding + other.rounding,
            returns: self.returns + other.returns,
            bills: self.bills + other.bills,
            pieces: self.pieces + other.pieces,
            members: self.members + other.members,
        }
    }
}

/// A branch's figures of a business day; zeros where nothing happened.
///
/// # Errors
/// A fault of the store.
pub fn day(db: &dyn Read, branch: BranchId, day: BusinessDay) -> Result<Figures, Fault> {
    // What did this business day bring at this branch?
    let sql = "select turnover, received, top_ups, bonus_given, principal_spent, bonus_spent, discount, rounding, paid_back, bills
               from takings_day where branch = ?1 and day = ?2";
    let Some(row) = db.row(sql, &[branch.into(), day.0.into()])? else { return Ok(Figures::default()) };
    // How many pieces went over the counter that day, and how often did a member buy?
    let sql = "select coalesce(cast(sum(pieces) as bigint), 0), coalesce(cast(sum(case when member <> x'' then 1 else 0 end) as bigint), 0)
               from receipt where branch = ?1 and day = ?2 and slip = 1";
    let sold = db.row(sql, &[branch.into(), day.0.into()])?;
    let (pieces, members) = sold.map_or((0, 0), |row| (row.int(0), row.int(1)));
    Ok(Figures {
        turnover: row.int(0),
        received: row.int(1),
        top_ups: row.int(2),
        top_up_bonus: row.int(3),
        value_spent: row.int(4),
        bonus_spent: row.int(5),
        discounts: row.int(6),
        rounding: row.int(7),
        returns: row.int(8),
        bills: row.int(9),
        pieces,
        members,
    })
}

/// The 24 hours of a business day at a branch, from midnight.
///
/// # Errors
/// A fault of the store.
pub fn hours(db: &dyn Read, branch: BranchId, day: BusinessDay) -> Result<Vec<Hour>, Fault> {
    // What did each hour of this business day bring at this branch?
    let sql = "select hour, turnover, received, top_ups, bills from takings_hour where branch = ?1 and day = ?2 order by hour";
    let mut hours: Vec<Hour> = (0..24).map(|hour| Hour { hour, ..Hour::default() }).collect();
    for row in db.rows(sql, &[branch.into(), day.0.into()])? {
        if let Some(hour) = usize::try_from(row.int(0)).ok().and_then(|hour| hours.get_mut(hour)) {
            *hour = Hour { hour: hour.hour, turnover: row.int(1), received: row.int(2), top_ups: row.int(3), bills: row.int(4) };
        }
    }
    Ok(hours)
}

/// What each tender brought in a business day at a branch, less what it paid back; by code.
///
/// # Errors
/// A fault of the store.
pub fn tenders(db: &dyn Read, branch: BranchId, day: BusinessDay) -> Result<Vec<(String, i64)>, Fault> {
    // What did each tender bring on this business day at this branch?
    let sql = "select t.code, cast(sum(case when r.slip = 2 then -t.amount else t.amount end) as bigint)
               from receipt r join tender t on t.id = r.id where r.branch = ?1 and r.day = ?2 group by t.code order by t.code";
    let rows = db.rows(sql, &[branch.into(), day.0.into()])?;
    Ok(rows.iter().map(|row| (row.text(0).to_owned(), row.int(1))).collect())
}

/// 储值余额: what lies for all members at all places now.
///
/// # Errors
/// A fault of the store.
pub fn value_of_members(db: &dyn Read) -> Result<StoredValue, Fault> {
    // What lies for members in units that begin so? A member's key is 16 bytes, every other holder's is not.
    let sql = "select coalesce(cast(sum(amount) as bigint), 0) from balance where unit >= ?1 and unit < ?2 and length(holder) = 16";
    let lying = |tag: u8| db.number(sql, &[vec![tag].into(), vec![tag + 1].into()]);
    Ok(StoredValue { principal: lying(1)?, bonus: lying(2)? })
}
