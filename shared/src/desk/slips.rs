//! From facts to slips. Whatever is printed follows from the fact and from names; a copy next year shows the same figures.
use super::bill::Bill;
use super::bill::priced::House;
use crate::base::{BusinessDay, MemberId, Money, PackageId, ProductNo, Rate, StaffId};
use crate::catalog;
use crate::facts::corrections::ReturnedWithout;
use crate::facts::members::ToppedUp;
use crate::facts::sales::{CASH, Occasion, POINTS, Paid, Priced, Proven, Returned, ReturnedLine, SalesClerk, Sold, VALUE};
use crate::journal::memory::kept;
use crate::journal::{Fault, Read};
use crate::members;
use crate::sales::back::points_back;
use crate::sales::codes::WeightOrigin;
use crate::sales::price::Applied;
use crate::sales::receipt::take_back::ReturnPart;
use crate::sales::receipt::top_up::TopUpPart;
use crate::sales::receipt::words::Language;
use crate::sales::receipt::{PointsMoved, ReturnSlip, SaleSlip, Slip, SlipHead, SlipItem, SlipMember, SlipTender, ValueMoved, time_said};
use crate::staff;
use std::collections::BTreeMap;

/// Names that a slip shows and facts do not carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    pub language: Language,
    pub chain: String,
    pub branch: String,
    pub address: String,
    pub telephone: String,
    pub zone_minutes: i32,
    pub cashier: String,
    pub tenders: BTreeMap<String, String>,
    pub products: BTreeMap<ProductNo, String>,
    pub member: Option<MemberName>,
    /// Name and masked phone of a second member: who receives.
    pub other: Option<(String, String)>,
    pub packages: BTreeMap<PackageId, String>,
    /// Of the sales clerks of a sale.
    pub sales_clerks: BTreeMap<StaffId, String>,
}

/// A member as a slip shows: phone masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberName {
    pub name: String,
    pub phone: String,
    pub level: String,
    /// Points usable on the day, as they lie here; none where that is no longer known: on copies.
    pub usable: Option<i64>,
}

/// The chain's name, told at enrolment.
///
/// # Errors
/// A fault of the store.
pub fn chain_name(db: &dyn Read) -> Result<String, Fault> {
    let name = crate::store::writer::meta(db, "chain")?.unwrap_or_default();
    Ok(String::from_utf8(name).unwrap_or_default())
}

/// Which of two names a language shows.
pub fn said(language: Language, name: &str, name_en: &str) -> String {
    match language {
        Language::English if !name_en.is_empty() => name_en.into(),
        _ => name.into(),
    }
}

impl Names {
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read, house: &House, language: Language, cashier: StaffId) -> Result<Names, Fault> {
        let branch = house.shop.as_ref();
        let person = kept(db, cashier.0, || staff::person(db, cashier))?;
        let mut tenders: BTreeMap<String, String> =
            house.till.tenders.iter().map(|(code, tender)| (code.clone(), said(language, &tender.name, &tender.name_en))).collect();
        tenders.insert(CASH.into(), said(language, "现金", "Cash"));
        tenders.insert(VALUE.into(), said(language, "储值", "Stored value"));
        tenders.insert(POINTS.into(), said(language, "积分抵现", "Points"));
        let shown = branch.map_or(String::new(), |branch| said(language, &branch.name, &branch.name_en));
        Ok(Names {
            language,
            chain: house.chain.clone(),
            branch: shown,
            address: branch.map_or(String::new(), |branch| branch.address.clone()),
            telephone: branch.map_or(String::new(), |branch| branch.phone.clone()),
            zone_minutes: house.zone.zone_minutes,
            cashier: person.map_or(String::new(), |person| format!("{} {}", person.name, person.code)),
            tenders,
            products: BTreeMap::new(),
            member: None,
            other: None,
            packages: BTreeMap::new(),
            sales_clerks: BTreeMap::new(),
        })
    }

    /// # Errors
    /// A fault of the store.
    pub fn with_member(mut self, db: &dyn Read, member: Option<MemberId>, usable: Option<i64>) -> Result<Names, Fault> {
        if let Some(member) = member {
            let called = members::member::called(db, member)?;
            let level = members::level(db, member)?;
            self.member = called.map(|(name, phone)| MemberName {
                name,
                phone: crate::base::text::masked_phone(&phone),
                level: level.map_or(String::new(), |level| said(self.language, &level.name, &level.name_en)),
                usable,
            });
        }
        Ok(self)
    }

    /// Names of what is on a bill: its goods, and its member as attached.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn of_bill(mut self, db: &dyn Read, bill: &Bill, usable: i64) -> Result<Names, Fault> {
        self = self.with_sales_clerks(db, bill.sales_clerks.as_ref())?;
        for line in &bill.lines {
            self.products.extend(line.product.map(|no| (no, said(self.language, &line.name, &line.name_en))));
        }
        let Some(attached) = &bill.member else { return Ok(self) };
        let Some(called) = &attached.called else { return self.with_member(db, Some(attached.member), Some(usable)) };
        let level = said(self.language, &called.level, &called.level_en);
        self.member = Some(MemberName { name: called.name.clone(), phone: called.phone.clone(), level, usable: Some(usable) });
        Ok(self)
    }

    /// # Errors
    /// A fault of the store.
    pub fn with_other(mut self, db: &dyn Read, other: MemberId) -> Result<Names, Fault> {
        let called = members::member::called(db, other)?;
        self.other = called.map(|(name, phone)| (members::masked_name(&name), crate::base::text::masked_phone(&phone)));
        Ok(self)
    }

    /// Names of the sales clerks of a sale or a bill.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn with_sales_clerks(mut self, db: &dyn Read, clerks: Option<&Vec<SalesClerk>>) -> Result<Names, Fault> {
        for clerk in clerks.into_iter().flatten() {
            let name = staff::person(db, clerk.staff)?.map_or(String::new(), |person| person.name);
            self.sales_clerks.insert(clerk.staff, name);
        }
        Ok(self)
    }

    /// `小周 60%, 小吴 40%`; one alone has no share behind the name.
    fn sales_clerks(&self, clerks: &[SalesClerk]) -> String {
        let name = |clerk: &SalesClerk| self.sales_clerks.get(&clerk.staff).cloned().unwrap_or_default();
        match clerks {
            [alone] => name(alone),
            several => several.iter().map(|clerk| format!("{} {}%", name(clerk), clerk.share.bp() / 100)).collect::<Vec<_>>().join(", "),
        }
    }

    /// Names of products, for slips that are made from facts alone.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn with_products(mut self, db: &dyn Read, products: impl Iterator<Item = ProductNo>) -> Result<Names, Fault> {
        for number in products {
            let product = catalog::product(db, number)?;
            let name = product.map_or_else(|| number.0.to_string(), |product| said(self.language, &product.name, &product.name_en));
            self.products.insert(number, name);
        }
        Ok(self)
    }

    pub fn head(&self, at: &Occasion, receipt_no: &str) -> SlipHead {
        SlipHead {
            language: self.language,
            chain: self.chain.clone(),
            branch: self.branch.clone(),
            address: self.address.clone(),
            telephone: self.telephone.clone(),
            receipt_no: receipt_no.into(),
            time: time_said(at.at_ms, self.zone_minutes),
            till: at.till.to_string(),
            cashier: self.cashier.clone(),
        }
    }

    fn product(&self, product: Option<ProductNo>, name: Option<&String>) -> String {
        let known = product.and_then(|product| self.products.get(&product));
        known.or(name).cloned().unwrap_or_default()
    }

    pub fn tender(&self, code: &str) -> String {
        self.tenders.get(code).cloned().unwrap_or_else(|| code.into())
    }
}

fn tender(paid: &Paid, names: &Names) -> SlipTender {
    let amount = if paid.code == CASH && !paid.handed.is_zero() { paid.handed } else { paid.amount };
    SlipTender { name: names.tender(&paid.code), amount, bonus: (paid.code == VALUE).then_some(paid.bonus) }
}

/// How the price came about, in the words of the rules.
pub fn applied(priced: Priced, rate: Option<Rate>) -> Applied {
    let rate = rate.unwrap_or(Rate::WHOLE);
    match priced {
        Priced::List => Applied::List,
        Priced::Level => Applied::Level(rate),
        Priced::Member => Applied::Member,
        Priced::Promotion => Applied::Promotion,
        Priced::HandPrice => Applied::HandPrice,
        Priced::HandRate => Applied::HandRate(rate),
        Priced::Free => Applied::Free,
    }
}

/// The slip of a sale. `signs`: the member signs for stored value.
pub fn sale(sold: &Sold, names: &Names, signs: bool) -> Slip {
    let items = sold.lines.iter().map(|line| SlipItem {
        name: names.product(line.product, line.name.as_ref()),
        quantity: line.quantity,
        price: line.list_price,
        amount: line.gross,
        applied: applied(line.priced, line.rate),
        off: match line.priced {
            Priced::HandRate => line.rate_discount,
            _ => line.price_discount,
        },
        weight: line.converted.then_some(WeightOrigin::Converted),
    });
    let value = sold.tenders.iter().filter(|paid| paid.code == VALUE);
    let (taken, bonus) = value.fold((0, 0), |(taken, bonus), paid| (taken + paid.amount.minor(), bonus + paid.bonus.minor()));
    let member = sold.buyer.as_ref().zip(names.member.as_ref()).map(|(buyer, name)| {
        let plus = |after: Money, part: i64| Money::from_minor(after.minor().saturating_add(part));
        let spent: i64 = sold.tenders.iter().filter(|paid| paid.code == POINTS).flat_map(|paid| &paid.parts).map(|part| part.amount).sum();
        let earned: i64 = buyer.points.iter().map(|points| points.amount).sum();
        SlipMember {
            name: name.name.clone(),
            phone: name.phone.clone(),
            level: name.level.clone(),
            level_rate: buyer.rate,
            value: (taken != 0).then(|| ValueMoved {
                principal_before: plus(buyer.principal_after, taken - bonus),
                bonus_before: plus(buyer.bonus_after, bonus),
                principal_after: buyer.principal_after,
                bonus_after: buyer.bonus_after,
            }),
            points: Some(PointsMoved {
                earned,
                from: buyer.points.iter().find(|points| points.until != 0).map(|points| BusinessDay(points.from)),
                usable: name.usable.map(|usable| usable - spent),
            }),
        }
    });
    let cash = sold.tenders.iter().any(|paid| paid.code == CASH);
    let signature = signs || sold.tenders.iter().any(|paid| paid.proven == Proven::Signature);
    Slip::Sale(SaleSlip {
        head: names.head(&sold.at, &sold.receipt_no),
        items: items.collect(),
        subtotal: sold.subtotal,
        discount: sold.discount,
        rounding: sold.rounding,
        due: sold.due,
        tenders: sold.tenders.iter().map(|paid| tender(paid, names)).collect(),
        change: sold.change,
        member,
        signature: signature && taken > 0,
        kick: cash,
        greeting: String::new(),
        corrected: None,
        sales_clerks: sold.sales_clerks.as_ref().map(|clerks| names.sales_clerks(clerks)),
        top_up: None,
        returned: None,
    })
}

/// The slip of a sale with the top-up that it was decided with: one slip, both parts, one kick.
pub fn with_top_up(slip: Slip, topped: Option<&ToppedUp>, names: &Names) -> Slip {
    let (Slip::Sale(sale), Some(topped)) = (slip.clone(), topped) else { return slip };
    let money = Money::from_minor;
    let part = TopUpPart {
        receipt_no: topped.receipt.clone(),
        principal: money(topped.principal),
        bonus: money(topped.bonus),
        tender: SlipTender { name: names.tender(&topped.tender), amount: money(topped.tendered), bonus: None },
        change: money(topped.tendered.saturating_sub(topped.principal)),
        principal_after: money(topped.principal_after),
        bonus_after: money(topped.bonus_after),
    };
    Slip::Sale(SaleSlip { kick: sale.kick || topped.tender == CASH, top_up: Some(part), ..sale })
}

/// The slip of a sale with the return that it was decided with (换货): what came back stands above what was bought.
pub fn with_returned(slip: Slip, returned: Option<&Returned>, names: &Names) -> Slip {
    let (Slip::Sale(sale), Some(returned)) = (slip.clone(), returned) else { return slip };
    let Slip::Return(back) = taken_back(returned, names) else { return slip };
    let kick = sale.kick || back.kick;
    let part = ReturnPart {
        receipt_no: returned.receipt_no.clone(),
        original_no: returned.of_receipt_no.clone(),
        items: back.items,
        to: back.to,
        refund: returned.paid_back,
        difference: Money::from_minor(sale.due.minor().saturating_sub(returned.paid_back.minor())),
    };
    Slip::Sale(SaleSlip { kick, returned: Some(part), ..sale })
}

/// The slip of a sale whose tenders may have been put right since they were keyed: one line says so.
pub fn sale_as_it_stands(keyed: &Sold, stands: &Sold, names: &Names, signs: bool) -> Slip {
    let differs = keyed.tenders.iter().zip(&stands.tenders).filter(|(keyed, stands)| keyed.code != stands.code);
    let told: Vec<String> =
        differs.map(|(keyed, stands)| format!("{} → {}", names.tender(&keyed.code), names.tender(&stands.code))).collect();
    match sale(stands, names, signs) {
        Slip::Sale(slip) => Slip::Sale(SaleSlip { corrected: (!told.is_empty()).then(|| told.join(", ")), ..slip }),
        other => other,
    }
}

/// The slip of a return without receipt.
pub fn returned_without(returned: &ReturnedWithout, names: &Names) -> Slip {
    let name = names.tenders.get(&returned.tender).cloned().unwrap_or_else(|| returned.tender.clone());
    Slip::Return(ReturnSlip {
        head: names.head(&returned.at, &returned.receipt_no),
        original_no: None,
        items: returned.lines.iter().map(|line| returned_item(line, names)).collect(),
        refund: returned.paid_back,
        to: vec![SlipTender { name, amount: returned.paid_back, bonus: None }],
        points_back: 0,
        points_taken: 0,
        points_off: Money::ZERO,
        points_debt: 0,
        reason: returned.reason.clone(),
        member: None,
        kick: returned.tender == CASH,
    })
}

fn returned_item(line: &ReturnedLine, names: &Names) -> SlipItem {
    SlipItem {
        name: names.product(line.product, None),
        quantity: line.quantity,
        price: Money::from_minor(line.net.minor().saturating_mul(1_000) / line.quantity.thousandths().max(1)),
        amount: line.net,
        applied: Applied::List,
        off: Money::ZERO,
        weight: None,
    }
}

/// The slip of a return.
pub fn taken_back(returned: &Returned, names: &Names) -> Slip {
    let value: i64 = returned.tenders.iter().filter(|paid| paid.code == VALUE).map(|paid| paid.amount.minor()).sum();
    let bonus: i64 = returned.tenders.iter().filter(|paid| paid.code == VALUE).map(|paid| paid.bonus.minor()).sum();
    let less = |after: Money, part: i64| Money::from_minor(after.minor().saturating_sub(part));
    let member = returned.member.and(names.member.as_ref()).map(|name| SlipMember {
        name: name.name.clone(),
        phone: name.phone.clone(),
        level: name.level.clone(),
        level_rate: Rate::WHOLE,
        value: (value > 0).then(|| ValueMoved {
            principal_before: less(returned.principal_after, value - bonus),
            bonus_before: less(returned.bonus_after, bonus),
            principal_after: returned.principal_after,
            bonus_after: returned.bonus_after,
        }),
        points: None,
    });
    Slip::Return(ReturnSlip {
        head: names.head(&returned.at, &returned.receipt_no),
        original_no: Some(returned.of_receipt_no.clone()),
        items: returned.lines.iter().map(|line| returned_item(line, names)).collect(),
        refund: returned.paid_back,
        to: returned.tenders.iter().map(|paid| tender(paid, names)).collect(),
        points_back: points_back(&returned.tenders).iter().map(|points| points.amount).sum(),
        points_taken: returned.points.iter().map(|points| points.amount).sum(),
        points_off: Money::from_minor(returned.value.minor().saturating_sub(returned.paid_back.minor())),
        points_debt: returned.points_debt,
        reason: returned.reason.clone(),
        member,
        kick: returned.tenders.iter().any(|paid| paid.code == CASH),
    })
}
