//! Goal: `docs/returns.md` is true. Method: each case's script is carried out through the till's commands in a fresh shop; the postings of its last
//! step are compared with the table below it.
use crate::coupons;
use crate::returns::{part, take_back};
use crate::shop::{HERE, MANAGER, MINUTE_MS, Shop};
use crate::swap::swap;
use shared::base::{Holder, Money, ProductNo, Purpose, Quantity, SaleId, StreamId, Unit};
use shared::coupons::Coupon;
use shared::desk::adjust_points::AdjustPoints;
use shared::desk::attach_after::AttachAfter;
use shared::desk::correct_tender::CorrectTender;
use shared::desk::registry::REGISTRY;
use shared::desk::return_without::{Piece, ReturnWithout};
use shared::facts::Fact;
use shared::facts::coupons::HOLDER;
use shared::facts::sales::{Sold, money_number};
use shared::journal::Read;
use shared::journal::command::encoded;
use shared::ledger::statement::Lies;
use shared::store::append;
use shared::views::{Rows, Side};
use std::collections::BTreeMap;

const PAGE: &str = include_str!("../../../docs/returns.md");
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// A title, its script, and its table as `account, unit` to change.
struct Case {
    title: String,
    script: Vec<String>,
    postings: BTreeMap<(String, String), String>,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for part in PAGE.split("\n## ").skip(1) {
        let Some((title, rest)) = part.split_once('\n') else { continue };
        let Some((_, rest)) = rest.split_once("```till\n") else { continue };
        let (script, table) = rest.split_once("```").expect("a script ends");
        let rows = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| account"));
        let cells = rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
        let postings = cells.map(|cells| ((cells[0].clone(), cells[1].clone()), cells[2].clone())).collect();
        cases.push(Case { title: title.into(), script: script.lines().map(str::to_owned).collect(), postings });
    }
    cases
}

/// `66.29` in fen.
fn fen(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
    whole.parse::<i64>().expect("yuan") * 100 + part.parse::<i64>().expect("fen")
}

/// A shop with what the script needs to remember.
struct Told {
    shop: Shop,
    /// Receipt numbers of sales, in order.
    sales: Vec<String>,
    cut_off: bool,
    /// What was given out.
    coupon: Option<Coupon>,
    /// The last entry before the present step.
    before: i64,
}

impl Told {
    fn step(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let shop = &mut self.shop;
        match words[..] {
            ["top", "up", card, principal, bonus] => shop.top_up(card, fen(principal), fen(bonus)),
            ["points", card, points] => {
                let member = shop.member(card);
                shop.beside = Some(MANAGER);
                let command = AdjustPoints { who: shop.who(), member, points: points.parse().expect("points"), reason: "手工".into() };
                shop.done(&command);
                shop.beside = None;
            }
            ["sell", ..] => self.sell(&words[1..]),
            ["next", "day", days] => {
                shop.close_shift();
                shop.now_ms += days.parse::<i64>().expect("days") * DAY_MS;
                shop.open_shift();
            }
            ["elsewhere", card, points] => {
                let (member, points) = (shop.member(card), points.parse().expect("points"));
                let lies = vec![Lies { place: StreamId([0x77; 16]), branch: None, value: 0, bonus: 0, points, uses: None }];
                let sql = "insert into statement (scope, topic, key, body, as_of, position) values (x'', 'balance', ?1, ?2, 1, 1)";
                shop.store.transaction(|writer| writer.execute(sql, &[member.into(), encoded(&lies).into()])).expect("told");
            }
            ["swap", picks, "gives", amount, "for", ..] => {
                let picks: Vec<(u16, i64)> = picks.split(',').map(counted).collect();
                self.swap(&picks, fen(amount), &words[5..]);
            }
            ["cut", "off"] => self.cut_off = true,
            ["return", "gives", amount] => self.give_back(None, &[], fen(amount)),
            ["return", picks, "gives", amount] if picks.contains('*') => {
                let picks: Vec<(u16, i64)> = picks.split(',').map(counted).collect();
                self.give_back(None, &picks, fen(amount));
            }
            ["return", sale, "gives", amount] => self.give_back(Some(sale.parse().expect("a sale")), &[], fen(amount)),
            ["correct", no, to] => {
                let receipt_no = self.sales[0].clone();
                let command = CorrectTender {
                    who: shop.who(),
                    receipt_no,
                    no: no.parse().expect("a tender"),
                    to: to.into(),
                    reason: "收错了".into(),
                };
                shop.done(&command);
            }
            ["coupon", card, off, least] => self.coupon = Some(coupons::of(shop, card, fen(off), fen(least))),
            ["attach", card] => {
                let (receipt_no, member) = (self.sales[0].clone(), shop.member(card));
                let command = AttachAfter { who: shop.who(), receipt_no, member, reason: "忘了带卡".into() };
                shop.done(&command);
            }
            ["without", goods, amount, tender] => {
                let (product, pieces): (u16, i64) = counted(goods);
                let quantity = Quantity::pieces(pieces).expect("few");
                let piece = Piece { product: ProductNo(product.into()), quantity, amount: Money::from_minor(fen(amount)) };
                let command = ReturnWithout { who: shop.who(), pieces: vec![piece], tender: tender.into(), reason: "没带小票".into() };
                shop.done(&command);
            }
            _ => panic!("no step: {line}"),
        }
    }

    /// `11*1 12*2 member 6001 pay value 200.00 cash`
    fn sell(&mut self, words: &[&str]) {
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            match *word {
                "member" => self.shop.attach(words.next().expect("a card")),
                "coupon" => {
                    let coupon = self.coupon.as_ref().expect("given before");
                    let put = coupons::put(&self.shop, coupon);
                    self.shop.done(&put);
                }
                "pay" => break,
                goods => {
                    let (product, pieces) = counted(goods);
                    self.shop.add(product.into(), pieces);
                }
            }
        }
        while let Some(code) = words.next() {
            let amount = words.next_if(|word| word.starts_with(|first: char| first.is_ascii_digit())).map(|amount| fen(amount));
            if let Some(done) = self.shop.pay(code, amount) {
                self.sales.push(done.receipt_no);
            }
        }
    }

    /// Of the last sale, for `11*1 member 6001 pay wechat`; nothing behind `pay`: nothing is left to pay.
    fn swap(&mut self, picks: &[(u16, i64)], amount: i64, words: &[&str]) {
        let at = words.iter().position(|word| *word == "pay").expect("a tender or none");
        self.sell(&words[..=at]);
        let receipt_no = self.sales.last().expect("a sale").clone();
        let command = swap(&mut self.shop, &receipt_no, picks, amount, words.get(at + 1).copied());
        let moment = self.shop.paying();
        self.shop.decide_at(&command, &moment).expect("allowed");
    }

    /// Of the n-th sale, or the last.
    fn give_back(&mut self, nth: Option<usize>, picks: &[(u16, i64)], amount: i64) {
        let receipt = nth.map_or(self.sales.last(), |nth| self.sales.get(nth - 1)).expect("a sale").clone();
        let mut back = match picks.is_empty() {
            true => take_back(&self.shop, &receipt, amount),
            false => part(&self.shop, &receipt, picks, amount),
        };
        back.who.cut_off_since_ms = i64::from(self.cut_off);
        self.shop.done(&back);
    }

    /// What the last step posted, as the page says it.
    fn posted(&self) -> BTreeMap<(String, String), String> {
        let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
                   from entry where stream = ?1 and seq > ?2 order by seq";
        let rows = self.shop.store.rows(sql, &[HERE.into(), self.before.into()]).expect("read");
        let (mut postings, mut sold) = (Vec::new(), None);
        for entry in rows.iter().map(append::entry_of) {
            let fact = REGISTRY.fact(entry.kind, entry.version).expect("a known kind");
            let body = entry.body.bytes().expect("not erased");
            postings.extend((fact.fold)(body, &entry.head(), &mut Rows::new(Side::Edge)).expect("readable").postings);
            sold = sold.or((entry.kind == Sold::KIND).then(|| SaleId::from(entry.command)));
        }
        let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
        for posting in postings.iter().filter(|posting| posting.account.holder.stored()) {
            let account = match posting.account.holder {
                HOLDER => "coupon".to_owned(),
                Holder::Member(_) => "member".to_owned(),
                Holder::Debt(_) => "debt".to_owned(),
                Holder::House(_, purpose @ (Purpose::Drawer | Purpose::Stock | Purpose::Returnable)) => {
                    format!("{purpose:?}").to_lowercase()
                }
                other => panic!("{other:?}"),
            };
            let old = matches!((posting.account.unit, sold), (Unit::Right(of, _), Some(sold)) if of != sold);
            let unit =
                if account == "coupon" { "coupon".into() } else { unit(posting.account.unit) } + if old { " of the old bill" } else { "" };
            *sums.entry((account, unit)).or_default() += posting.amount;
        }
        sums.retain(|_, amount| *amount != 0);
        sums.into_iter().map(|((account, unit), amount)| ((account, unit.clone()), said(&unit, amount))).collect()
    }
}

/// `12*2` as number and count.
fn counted(text: &str) -> (u16, i64) {
    let (number, count) = text.split_once('*').expect("number*count");
    (number.parse().expect("a number"), count.parse().expect("a count"))
}

fn unit(unit: Unit) -> String {
    match unit {
        Unit::Value(_) => "value".into(),
        Unit::Bonus(_) => "bonus".into(),
        Unit::Points { until: 0, .. } => "points".into(),
        Unit::Points { until, .. } => format!("points {}-{:02}", until / 100, until % 100),
        Unit::Right(_, line) => format!("line {line}"),
        Unit::Goods(product) => format!("goods {}", product.0),
        Unit::Money(number) if number == money_number("cash") => "cash".into(),
        Unit::Money(number) if number == money_number("wechat") => "wechat".into(),
        other => format!("{other:?}"),
    }
}

/// Points as they are, pieces and money in units.
fn said(unit: &str, amount: i64) -> String {
    match unit.split(' ').next() {
        Some("points" | "coupon") => amount.to_string(),
        Some("line" | "goods") => Quantity::from_thousandths(amount).to_string(),
        _ => Money::from_minor(amount).to_string(),
    }
}

#[test]
fn every_case_of_the_page_posts_what_it_says() {
    let cases = cases();
    assert!(cases.len() >= 15, "{} cases are read", cases.len());
    for (at, case) in cases.iter().enumerate() {
        let mut told = Told { shop: Shop::new(&format!("case-{at}")), sales: Vec::new(), cut_off: false, coupon: None, before: 0 };
        told.shop.staff = MANAGER;
        for line in &case.script {
            told.before = told.shop.count("select max(seq) from entry where stream <> x'b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0'");
            told.step(line);
        }
        assert_eq!(told.posted(), case.postings, "{}", case.title);
    }
}
