//! Goal: what happens at a branch is at the hub by push; a cut link stops nothing and is made up for; a wrong or used code enrols nobody.
use crate::chain::{Chain, moment};
use shared::calls::ring::Ring;
use shared::journal::Read;
use shared::store::Priority;

async fn ring(chain: &Chain, branch: usize, id: u8, number: &str) {
    let edge = &chain.branches[branch].edge;
    let (ring, now) = (Ring { branch: edge.link.branch, number: Some(number.into()), hidden: None, line: "1".into() }, edge::app::now_ms());
    let rang = edge.write(Priority::Till, move |writer| {
        let moment = moment([id; 16], writer.identity()?.stream, now);
        writer.decide(&ring, &moment)
    });
    rang.await.expect("written").expect("allowed");
}

async fn calls(chain: &Chain, branch: usize) -> i64 {
    let id = chain.branches[branch].edge.link.branch;
    let sql = "select count(*) from entry e join stream s on s.stream = e.stream where s.branch = ?1 and e.kind between 80 and 89";
    chain.hub.read(move |db: &dyn Read| db.number(sql, &[id.into()])).await.expect("read")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_at_the_hub_within_a_second_and_a_cut_link_is_made_up_for() {
    let chain = Chain::new("live", 2).await;
    let mut slowest = 0.0_f64;
    for n in 1..=20_u8 {
        ring(&chain, 0, n, "13800138000").await;
        slowest = slowest.max(Chain::until("a call is at the hub", async || calls(&chain, 0).await == i64::from(n)).await);
    }
    println!("slowest of 20 calls: {slowest:.0} ms");
    assert!(slowest < 1_000.0, "{slowest} ms");
    chain.branches[1].wire.cut();
    for n in 31..=40_u8 {
        ring(&chain, 1, n, "13900139000").await;
    }
    assert_eq!(calls(&chain, 1).await, 0, "the link is cut");
    Chain::until("the edge notices", async || !chain.branches[1].edge.uplink.state().up).await;
    chain.branches[1].wire.mend();
    Chain::until("all is made up for", async || calls(&chain, 1).await == 10).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_head_office_writes_is_at_every_branch_by_push() {
    let chain = Chain::new("down", 2).await;
    for branch in &chain.branches {
        let edge = branch.edge.clone();
        let all = async || edge.read(|db| Ok(shared::branches::branches(db)?.len())).await.expect("read") == 2;
        Chain::until("both branches are known at each", all).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_enrols_once_and_a_stranger_never() {
    let chain = Chain::new("codes", 1).await;
    let code = shared::exchange::enrol::Code::new([1; 5], &chain.hub.exchange.keys.public());
    let url = format!("http://{}", chain.hub_address);
    let install = edge::install::Install::new(&chain.folder.join("second"));
    let again = edge::enrol::enrol(&install, &url, &code.to_string(), edge::app::now_ms()).await;
    assert!(matches!(again, Err(edge::enrol::NotEnrolled::Refused)), "{again:?}");
    assert!(install.link().is_err(), "nothing is kept");
    let devices = chain.hub.read(|db: &dyn Read| db.number("select count(*) from device", &[])).await.expect("read");
    assert_eq!(devices, 1);
}
