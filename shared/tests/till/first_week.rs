//! What the reports of points say of a day at the counter: gifts for points with their cost, points by cause; daily takings say when a day ended.
use crate::gifts;
use crate::shop::{HERE, MANAGER, Shop};
use shared::base::BusinessDay;
use shared::desk::adjust_points::AdjustPoints;
use shared::desk::shift::day::CloseDay;
use shared::journal::Read;
use shared::reports::list::report;
use shared::reports::report::{Asked, Cell, Row, totals};
use shared::store::{Store, append};

impl Shop {
    /// Head office takes in what the branch has, once.
    pub fn tell_hq(&mut self) {
        let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
                   from entry where stream = ?1 order by seq";
        let entries: Vec<_> = self.store.rows(sql, &[HERE.into()]).expect("read").iter().map(append::entry_of).collect();
        let branch = self.branch;
        let taken = self.hub.transaction(|writer| {
            writer.know_stream(HERE, Some(branch), &[9; 32], None)?;
            writer.take_in(&entries)
        });
        assert!(taken.expect("written").iter().all(|taken| *taken == append::Arrived::Folded));
    }
}

fn rows(shop: &Shop, name: &str) -> Vec<Row> {
    rows_at(&shop.store, shop, name)
}

fn rows_at(store: &Store, shop: &Shop, name: &str) -> Vec<Row> {
    let day = BusinessDay(20_261_121);
    let branches = vec![shop.branch];
    let asked = Asked { from: day, until: day, branches, see_phones: false, now_ms: shop.now_ms, rows_max: 100 };
    (report(name).expect("a report").query)(store, &asked).expect("read")
}

fn sums(shop: &Shop, name: &str) -> Vec<i64> {
    let report = report(name).expect("a report");
    let sums = totals(report.columns, &rows(shop, name));
    sums.iter().zip(report.columns).filter(|(_, column)| column.total).map(|(cell, _)| cell.number()).collect()
}

/// Two cups for 200 points and ¥10.00 beside, a towel for 350; the towel comes back (C4, C6).
#[test]
fn gifts_for_points_are_listed_with_their_cost_and_what_came_back() {
    let mut shop = gifts::shop("redeemed-report");
    gifts::points(&mut shop, gifts::C4);
    let cups = gifts::redeem(&shop, &[(15, 2)], 200, 1_000);
    shop.done(&cups);
    let towel = gifts::redeem(&shop, &[(13, 1)], 350, 0);
    shop.done(&towel);
    assert_eq!(sums(&shop, "redeemed"), [3_000, 550, 1_000, 9_000], "pieces, points, money, cost 2 × 40.00 + 10.00");
    let receipt_no = shop.last::<shared::facts::gifts::PointsRedeemed>().receipt_no;
    let cancel = gifts::cancel(&shop, &receipt_no);
    shop.done(&cancel);
    assert_eq!(sums(&shop, "redeemed"), [2_000, 200, 1_000, 8_000]);
    let rows = rows(&shop, "redeemed");
    let note = format!("撤销 {receipt_no}：不要了");
    assert!(rows.iter().any(|row| row.cells[11] == Cell::said(&note, &format!("Takes back {receipt_no}: 不要了"))), "{rows:?}");
    assert!(rows.iter().all(|row| row.cells[4] == Cell::from("王小明") && row.opens.is_some()));
}

/// 加减积分: by cause, those by hand on a line of their own; the sums are what the member's balance moved by.
#[test]
fn points_given_and_taken_by_cause() {
    let mut shop = gifts::shop("points-report");
    gifts::points(&mut shop, gifts::C4);
    let held = shop.count(crate::returns::POINTS);
    shop.add(15, 1);
    shop.attach("6001");
    shop.pay("cash", Some(10_000)).expect("paid");
    let earned = shop.count(crate::returns::POINTS) - held;
    let by_hand = AdjustPoints { who: shop.who(), member: shop.member("6001"), points: -50, reason: "多记".into() };
    shop.done(&by_hand);
    let towel = gifts::redeem(&shop, &[(13, 1)], 350, 0);
    shop.done(&towel);
    shop.tell_hq();
    let lines: Vec<(Cell, i64, i64)> = rows_at(&shop.hub, &shop, "points")
        .iter()
        .map(|row| (row.cells[2].clone(), row.cells[3].number(), row.cells[4].number()))
        .collect();
    for (zh, en, given, taken) in
        [("销售", "Sale", earned, 0), ("积分调整", "Points adjusted", 0, 50), ("积分兑换", "Points redeemed", 0, 350)]
    {
        assert!(lines.contains(&(Cell::said(zh, en), given, taken)), "{zh} {given} {taken} in {lines:?}");
    }
}

#[test]
fn daily_takings_say_when_the_day_ended_and_which_shifts_are_open() {
    let mut shop = Shop::new("daily-report");
    shop.add(15, 1);
    shop.pay("cash", Some(10_000)).expect("paid");
    let ends = |shop: &Shop| {
        let rows = rows(shop, "daily");
        (rows[0].cells[13].number(), rows[0].cells[14].number())
    };
    assert_eq!(ends(&shop), (0, 1));
    shop.close_shift();
    shop.staff = MANAGER;
    assert_eq!(ends(&shop), (0, 0));
    let end = CloseDay { who: shop.who(), day: 20_261_121 };
    shop.done(&end);
    assert_eq!(ends(&shop), (shop.now_ms, 0));
}
