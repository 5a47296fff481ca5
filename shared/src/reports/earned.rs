//! What people earned in the days asked (R18), fact by fact: on bills, top-ups, packages and uses. What comes back is taken back on the day on
//! which it comes, from whoever had earned it, also from a person who has left (G6). Rates are those of the day of the sale.
use super::report::Asked;
use super::slips::fact;
use crate::base::{BranchId, BusinessDay, CommandId, MemberId, Money, PackageId, Rate, SaleId, StaffId, StreamId};
use crate::catalog;
use crate::documents::commission::{CommissionSettings, Earning};
use crate::facts::cards::Withdrawn;
use crate::facts::packages::{PackageRefunded, PackageSold, UsesTaken, UsesUndone};
use crate::facts::returns::Returned;
use crate::facts::sales::Sold;
use crate::journal::{Fault, Read, Row};
use crate::sales::corrections::{corrected, reversed};
use crate::sales::receipts::Slip;
use crate::settings;
use crate::staff::commission::{newest_first, of_lines, part, split};
use std::collections::BTreeMap;

/// For what somebody earned, or gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    Sale,
    Return,
    TopUp,
    TopUpBack,
    Package,
    PackageBack,
    Use,
    UseBack,
    /// 手工费.
    Hand,
}

/// One person's part in one fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earned {
    pub at_ms: i64,
    pub day: BusinessDay,
    pub branch: BranchId,
    pub staff: StaffId,
    pub cause: Cause,
    /// The slip that it is of.
    pub slip: CommandId,
    pub receipt_no: String,
    /// 业绩: what it was reckoned on; below zero where it came back.
    pub base: i64,
    /// 提成; below zero: 扣回.
    pub amount: i64,
}

/// One slip of the days asked.
struct Of {
    id: CommandId,
    kind: Slip,
    stream: StreamId,
    branch: BranchId,
    day: BusinessDay,
    at_ms: i64,
    receipt_no: String,
    cashier: StaffId,
    member: Option<MemberId>,
    of: Option<SaleId>,
}

impl Of {
    fn earned(&self, staff: StaffId, cause: Cause, base: Money, amount: Money) -> Earned {
        let (at_ms, day, branch, receipt_no) = (self.at_ms, self.day, self.branch, self.receipt_no.clone());
        Earned { at_ms, day, branch, staff, cause, slip: self.id, receipt_no, base: base.minor(), amount: amount.minor() }
    }
}

/// The rules, and where goods stand in the tree.
struct Rules {
    settings: CommissionSettings,
    /// By number: code of the category.
    products: BTreeMap<u32, String>,
    /// By code: that of the one above.
    parents: BTreeMap<String, String>,
}

/// Everything that was earned and taken back, in the order in which it happened; nothing in a chain without rules.
///
/// # Errors
/// A fault of the store.
pub fn earned(db: &dyn Read, asked: &Asked) -> Result<Vec<Earned>, Fault> {
    let settings = settings::commission(db)?;
    if settings.rules.is_empty() {
        return Ok(Vec::new());
    }
    let rules = Rules::load(db, settings)?;
    // Which slips has this branch in these days?
    let sql = "select id, slip, stream, day, at_ms, receipt_no, cashier, member, of from receipt
               where branch = ?1 and day >= ?2 and day <= ?3 order by at_ms, id";
    let mut all = Vec::new();
    for branch in asked.branches.iter().copied() {
        for row in db.rows(sql, &[branch.into(), asked.from.0.into(), asked.until.0.into()])? {
            let of = Of {
                id: CommandId(row.raw(0)),
                kind: Slip::from_number(row.int(1)),
                stream: StreamId(row.raw(2)),
                branch,
                day: BusinessDay(row.int(3) as u32),
                at_ms: row.int(4),
                receipt_no: row.text(5).into(),
                cashier: StaffId(row.raw(6)),
                member: row.blob(7).try_into().ok().map(MemberId),
                of: row.blob(8).try_into().ok().map(SaleId),
            };
            all.extend(match of.kind {
                Slip::Sale => rules.sale(db, &of)?,
                Slip::Return => rules.back(db, &of)?,
                Slip::TopUp => rules.top_up(db, &of)?,
                Slip::Paper => rules.paper(db, &of)?,
            });
        }
    }
    all.retain(|earned| earned.amount != 0 || earned.base != 0);
    Ok(all)
}

impl Rules {
    fn load(db: &dyn Read, settings: CommissionSettings) -> Result<Rules, Fault> {
        // In which category is each product?
        let products = db.rows("select number, category from product", &[])?;
        let categories = catalog::category::categories(db)?;
        Ok(Rules {
            settings,
            products: products.iter().map(|row| (row.int(0) as u32, row.text(1).to_owned())).collect(),
            parents: categories.into_iter().map(|category| (category.code, category.parent)).collect(),
        })
    }

    /// Basis points of a line.
    fn rate(&self, product: Option<u32>, day: u32) -> i64 {
        let own = product.and_then(|product| self.products.get(&product)).filter(|code| !code.is_empty());
        // A tree has a root; the bound is for two that name each other.
        let above = |code: &String| self.parents.get(code).filter(|code| !code.is_empty()).cloned();
        let categories: Vec<String> = std::iter::successors(own.cloned(), above).take(10).collect();
        self.settings.of_line(product, &categories, day)
    }

    /// Who gets what of a sale of which so much came back, by line: base and commission.
    fn of_sale(&self, sold: &Sold, back: &BTreeMap<u16, i64>) -> Result<BTreeMap<StaffId, (Money, Money)>, Fault> {
        let left = |no: u16, net: Money| Money::from_minor(net.minor() - back.get(&no).copied().unwrap_or(0));
        let line =
            |line: &crate::facts::sales::SoldLine| (self.rate(line.product.map(|product| product.0), sold.at.day), left(line.no, line.net));
        let lines: Vec<(i64, Money)> = sold.lines.iter().map(line).collect();
        let people: Vec<(StaffId, Rate)> = match &sold.sales_clerks {
            Some(clerks) => clerks.iter().map(|clerk| (clerk.staff, clerk.share)).collect(),
            None => vec![(sold.at.by, Rate::WHOLE)],
        };
        let base = Money::sum(lines.iter().map(|(_, net)| *net)).and_then(|base| split(base, &people)).map_err(|_| range())?;
        let amount = of_lines(lines).and_then(|amount| split(amount, &people)).map_err(|_| range())?;
        Ok(base.into_iter().zip(amount).map(|((staff, base), (_, amount))| (staff, (base, amount))).collect())
    }

    fn sale(&self, db: &dyn Read, of: &Of) -> Result<Vec<Earned>, Fault> {
        let Some((sold, _)) = fact::<Sold>(db, of.id, of.stream)? else { return Ok(Vec::new()) };
        let (sold, _) = corrected(db, sold)?;
        let people = self.of_sale(&sold, &BTreeMap::new())?;
        Ok(people.into_iter().map(|(staff, (base, amount))| of.earned(staff, Cause::Sale, base, amount)).collect())
    }

    /// A return takes back what the sale earned with what had come back before it, less what it earns with this back as well.
    fn back(&self, db: &dyn Read, of: &Of) -> Result<Vec<Earned>, Fault> {
        let Some(sale) = of.of else { return Ok(Vec::new()) };
        let Some((sold, _)) = original::<Sold>(db, CommandId(sale.0))? else { return Ok(Vec::new()) };
        let (sold, _) = corrected(db, sold)?;
        // Which slips take this sale back, up to this one?
        let sql = "select id, stream from receipt where of = ?1 and (at_ms < ?2 or (at_ms = ?2 and id <= ?3)) order by at_ms, id";
        let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
        for row in db.rows(sql, &[sale.into(), of.at_ms.into(), of.id.into()])? {
            let Some((returned, _)) = fact::<Returned>(db, CommandId(row.raw(0)), StreamId(row.raw(1)))? else { continue };
            for line in &returned.lines {
                *after.entry(line.no).or_default() += line.net.minor();
                if CommandId(row.raw(0)) != of.id {
                    *before.entry(line.no).or_default() += line.net.minor();
                }
            }
        }
        let left = self.of_sale(&sold, &after)?;
        let less = |staff: &StaffId, (base, amount): (Money, Money)| {
            let (base_left, amount_left) = left.get(staff).copied().unwrap_or((Money::ZERO, Money::ZERO));
            of.earned(*staff, Cause::Return, gone(base, base_left), gone(amount, amount_left))
        };
        Ok(self.of_sale(&sold, &before)?.iter().map(|(staff, had)| less(staff, *had)).collect())
    }

    fn top_up(&self, db: &dyn Read, of: &Of) -> Result<Vec<Earned>, Fault> {
        let Some(principal) = of.member.map(|member| principal(db, member, of.id)).transpose()?.flatten() else { return Ok(Vec::new()) };
        let amount = part(self.settings.of(&Earning::TopUp, of.day.0), principal).map_err(|_| range())?;
        let mut all = vec![of.earned(of.cashier, Cause::TopUp, principal, amount)];
        // Within its own shift, so on the same day.
        if reversed(db, of.id)? {
            all.push(of.earned(of.cashier, Cause::TopUpBack, gone(principal, Money::ZERO), gone(amount, Money::ZERO)));
        }
        Ok(all)
    }

    fn paper(&self, db: &dyn Read, of: &Of) -> Result<Vec<Earned>, Fault> {
        if let Some((sold, _)) = fact::<PackageSold>(db, of.id, of.stream)? {
            let amount = part(self.settings.of(&Earning::Package, of.day.0), sold.price).map_err(|_| range())?;
            return Ok(vec![of.earned(sold.at.by, Cause::Package, sold.price, amount)]);
        }
        if let Some((taken, _)) = fact::<UsesTaken>(db, of.id, of.stream)? {
            return self.used(of, &taken);
        }
        if let Some((undone, _)) = fact::<UsesUndone>(db, of.id, of.stream)? {
            let Some((taken, _)) = original::<UsesTaken>(db, undone.of)? else { return Ok(Vec::new()) };
            let back = |one: Earned| Earned { cause: Cause::UseBack, base: -one.base, amount: -one.amount, ..one };
            return Ok(self.used(of, &taken)?.into_iter().map(back).collect());
        }
        if let Some((refunded, _)) = fact::<PackageRefunded>(db, of.id, of.stream)? {
            return self.package_back(db, of, &refunded);
        }
        match fact::<Withdrawn>(db, of.id, of.stream)? {
            Some(_) => self.withdrawn(db, of),
            None => Ok(Vec::new()),
        }
    }

    /// Who served earns on what the uses are worth, and the hand fee of each use, gifts as well, with more for 点钟 (G3).
    fn used(&self, of: &Of, taken: &UsesTaken) -> Result<Vec<Earned>, Fault> {
        let (Some(server), day) = (taken.server, taken.at.day) else { return Ok(Vec::new()) };
        let worth = Money::sum(taken.taken.iter().map(|uses| uses.worth)).map_err(|_| range())?;
        let amount = part(self.settings.of(&Earning::Use, day), worth).map_err(|_| range())?;
        let uses: i64 = taken.taken.iter().map(|uses| uses.uses).sum();
        let more = if taken.asked_for == Some(true) { self.settings.of(&Earning::AskedFor, day) } else { 0 };
        let fee = Money::from_minor(self.settings.of(&Earning::Hand(taken.service.0), day).saturating_add(more).saturating_mul(uses));
        Ok(vec![of.earned(server, Cause::Use, worth, amount), of.earned(server, Cause::Hand, Money::ZERO, fee)])
    }

    fn package_back(&self, db: &dyn Read, of: &Of, refunded: &PackageRefunded) -> Result<Vec<Earned>, Fault> {
        let Some((seller, day, price)) = seller(db, refunded.id)? else { return Ok(Vec::new()) };
        // What of this package had been paid back before?
        let sql = "select coalesce(cast(sum(paid) as bigint), 0) from package_refund where package = ?1 and at_ms < ?2";
        let before = db.number(sql, &[refunded.id.into(), refunded.at.at_ms.into()])?;
        let bp = self.settings.of(&Earning::Package, day);
        let earns = |back: i64| part(bp, Money::from_minor((price - back).max(0))).map_err(|_| range());
        let amount = gone(earns(before)?, earns(before + refunded.paid.minor())?);
        Ok(vec![of.earned(seller, Cause::PackageBack, gone(refunded.paid, Money::ZERO), amount)])
    }

    /// B7: what a member draws takes back the commission on the newest top-ups, from whoever took them (G5).
    fn withdrawn(&self, db: &dyn Read, of: &Of) -> Result<Vec<Earned>, Fault> {
        let Some(member) = of.member else { return Ok(Vec::new()) };
        // What did this member pay in and draw, up to this slip?
        let sql = "select id, slip, stream, day, cashier from receipt
                   where member = ?1 and at_ms <= ?2 and slip in (3, 4) order by at_ms, id";
        let mut paid_in: Vec<((StaffId, u32), i64)> = Vec::new();
        for row in db.rows(sql, &[member.into(), of.at_ms.into()])? {
            let id = CommandId(row.raw(0));
            if Slip::from_number(row.int(1)) == Slip::TopUp {
                if !reversed(db, id)? {
                    let principal = principal(db, member, id)?.unwrap_or(Money::ZERO);
                    paid_in.push(((StaffId(row.raw(4)), row.int(3) as u32), principal.minor()));
                }
                continue;
            }
            let Some((drawn, _)) = fact::<Withdrawn>(db, id, StreamId(row.raw(2)))? else { continue };
            let taken = newest_first(&mut paid_in, drawn.parts.iter().map(|part| part.amount).sum());
            if id == of.id {
                return taken.into_iter().map(|((clerk, day), amount)| self.less_top_up(of, clerk, day, amount)).collect();
            }
        }
        Ok(Vec::new())
    }

    fn less_top_up(&self, of: &Of, clerk: StaffId, day: u32, amount: i64) -> Result<Earned, Fault> {
        let base = Money::from_minor(amount);
        let earned = part(self.settings.of(&Earning::TopUp, day), base).map_err(|_| range())?;
        Ok(of.earned(clerk, Cause::TopUpBack, gone(base, Money::ZERO), gone(earned, Money::ZERO)))
    }
}

/// What is left less what there was: below zero.
fn gone(had: Money, left: Money) -> Money {
    Money::from_minor(left.minor().saturating_sub(had.minor()))
}

fn range() -> Fault {
    Fault::Damaged("an amount out of range".into())
}

/// The fact behind a slip of any stream.
fn original<F: crate::facts::Fact>(db: &dyn Read, id: CommandId) -> Result<Option<(F, u64)>, Fault> {
    // In which stream is this slip?
    let stream = db.row("select stream from receipt where id = ?1", &[id.into()])?.map(|row| StreamId(row.raw(0)));
    stream.map_or(Ok(None), |stream| fact(db, id, stream))
}

fn principal(db: &dyn Read, member: MemberId, id: CommandId) -> Result<Option<Money>, Fault> {
    // How much did this top-up bring?
    let sql = "select principal from top_up where member = ?1 and top_up = ?2";
    Ok(db.row(sql, &[member.into(), id.into()])?.map(|row| Money::from_minor(row.int(0))))
}

/// Who sold a package, on which day, for how much.
fn seller(db: &dyn Read, package: PackageId) -> Result<Option<(StaffId, u32, i64)>, Fault> {
    // Who sold this package?
    let row = db.row("select seller, day, price from package where package = ?1", &[package.into()])?;
    Ok(row.map(|row: Row| (StaffId(row.raw(0)), row.int(1) as u32, row.int(2))))
}
