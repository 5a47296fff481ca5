//! Goal: a sale is taken back once in the whole chain: at another branch too, never at two.
//! Method: two branches over real sockets; the right to take back lies where the sale was made and is asked for.
use crate::chain::{Chain, moment};
use crate::till::{Page, stock};
use serde_json::{Value, json};
use shared::desk::import::{File, Kind, Line};
use shared::journal::Read;
use shared::store::Priority;

/// A manager of the second branch.
async fn staff_of_the_second(chain: &Chain) {
    let columns = "code,name,branch,roles,pin".split(',').map(str::to_owned).collect();
    let file = File::new(Kind::Staff, columns, chain.hub.exchange.vault.clone()).expect("columns of this kind");
    let lines = [Line { number: 2, cells: "9002,周店长,B2,manager,555555".split(',').map(str::to_owned).collect() }];
    let now = hub::app::now_ms();
    let done = chain.hub.write(Priority::Live, move |writer| {
        let here = writer.identity()?.stream;
        file.take_in(writer, &lines, &moment([0x92; 16], here, now))
    });
    done.await.expect("written").into_iter().for_each(|line| {
        line.expect("a good line");
    });
    let edge = &chain.branches[1].edge;
    let there = async || edge.read(|db: &dyn Read| db.number("select count(*) from staff_pin", &[])).await.expect("read") == 6;
    Chain::until("the second branch has its people", there).await;
}

async fn sold(page: &mut Page) -> String {
    page.sign_in("9001", "333333").await;
    page.done("shift_open", json!({ "float": 10_000 })).await;
    page.enter("6901234567939").await;
    let paid = page.pay("wechat", Value::Null).await;
    paid["done"]["receipt_no"].as_str().expect("a receipt").to_owned()
}

async fn refund(page: &Page, receipt: &str) -> i64 {
    let (status, refund) = page.get(&format!("/api/sales/{receipt}/refund")).await;
    assert_eq!(status, 200, "{refund}");
    refund["amount"].as_i64().expect("an amount")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_comes_back_at_another_branch_and_then_at_neither() {
    let chain = Chain::new("returns", 2).await;
    stock(&chain).await;
    staff_of_the_second(&chain).await;
    let (mut first, mut second) = (Page::at(&chain, 0).await, Page::at(&chain, 1).await);
    let receipt = sold(&mut first).await;
    second.sign_in("9002", "555555").await;
    second.done("shift_open", json!({ "float": 10_000 })).await;
    let there = async || {
        let sql = "select count(*) from receipt";
        chain.hub.read(|db: &dyn Read| db.number(sql, &[])).await.expect("read") == 1
    };
    Chain::until("the sale is at head office", there).await;

    let (status, sale) = second.get(&format!("/api/sales/{receipt}")).await;
    assert_eq!(status, 200, "the sale comes with the right to take it back: {sale}");
    let amount = refund(&second, &receipt).await;
    second.done("take_back", json!({ "receipt_no": receipt, "reason": "不合适", "amount": amount })).await;

    // Back where it was sold, seconds later: the right is gone, wherever the news has got to.
    let (status, no) = first.command("take_back", json!({ "receipt_no": receipt, "reason": "再退一次", "amount": amount })).await;
    assert!(status >= 400, "{no}");
    let (status, no) = second.command("take_back", json!({ "receipt_no": receipt, "reason": "再退一次", "amount": amount })).await;
    assert!(status >= 400, "{no}");
    let returns = async || {
        let sql = "select count(*) from receipt where of <> x''";
        chain.hub.read(|db: &dyn Read| db.number(sql, &[])).await.expect("read")
    };
    Chain::until("one return is at head office", async || returns().await == 1).await;
}

/// Takes one piece of the first line back and says what it brought.
async fn one_piece(page: &mut Page, receipt: &str) -> i64 {
    let (status, refund) = page.get(&format!("/api/sales/{receipt}/refund?picks=1:1000")).await;
    assert_eq!(status, 200, "{refund}");
    let amount = refund["amount"].as_i64().expect("an amount");
    let picks = json!([{ "line": 1, "quantity": 1_000 }]);
    page.done("take_back", json!({ "receipt_no": receipt, "picks": picks, "reason": "不合适", "amount": amount })).await;
    amount
}

/// Goal: pieces of one bill come back at two branches in turn and add up to it, to the 分 (R9, R10). Method: three pieces with a discount that
/// leaves a rest, one back here, one there, the last here again: right and earlier returns travel with each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pieces_of_one_bill_come_back_at_two_branches_in_turn() {
    let chain = Chain::new("pieces", 2).await;
    stock(&chain).await;
    staff_of_the_second(&chain).await;
    let (mut first, mut second) = (Page::at(&chain, 0).await, Page::at(&chain, 1).await);
    first.sign_in("9001", "333333").await;
    first.done("shift_open", json!({ "float": 10_000 })).await;
    first.enter("3*6901234567939").await;
    first.done("bill_discount", json!({ "rate": null, "amount": 5_001, "reason": "试" })).await;
    let paid = first.pay("wechat", Value::Null).await;
    let (receipt, due) = (paid["done"]["receipt_no"].as_str().expect("a receipt").to_owned(), paid["done"]["due"].as_i64().expect("a due"));
    second.sign_in("9002", "555555").await;
    second.done("shift_open", json!({ "float": 10_000 })).await;

    let mut back = vec![one_piece(&mut first, &receipt).await];
    let slips = async |number: i64| {
        let all = async || chain.hub.read(|db: &dyn Read| db.number("select count(*) from receipt", &[])).await.expect("read") == number;
        Chain::until("head office has the slips", all).await;
    };
    slips(2).await;
    let (_, sale) = second.get(&format!("/api/sales/{receipt}")).await;
    let line = &sale["lines"][0];
    assert_eq!((&line["returned"], &line["returnable"]), (&json!(1_000), &json!(2_000)), "what came back there is known here: {sale}");
    back.push(one_piece(&mut second, &receipt).await);
    slips(3).await;
    back.push(one_piece(&mut first, &receipt).await);
    slips(4).await;
    assert_eq!(back.iter().sum::<i64>(), due, "{back:?}");
    assert_eq!(back, [due / 3, 2 * due / 3 - due / 3, due - 2 * due / 3]);
    let (status, no) = second.get(&format!("/api/sales/{receipt}/refund")).await;
    assert!(status >= 400, "nothing is left: {no}");
}
