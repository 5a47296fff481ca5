//! Goal: opening stock and prices of a list reach the branch that they are for: goods are no longer marked, and the bar shows the release.
//! Method: files as `hub import` takes them in, at a hub whose reactions run; what the till's own API then says.
use crate::chain::Chain;
use crate::till::{Page, stocked};
use hub::import::{As, Progress, Sheet};
use hub::moment::Asking;
use serde_json::{Value, json};
use shared::desk::import::Kind;

/// Brings a file in as the command line does.
async fn import(chain: &Chain, kind: Kind, text: &str) -> Progress {
    let (clerk, vault, bytes) = (chain.hub.clerk.clone(), chain.hub.vault.clone(), text.as_bytes().to_vec());
    let taken = tokio::task::spawn_blocking(move || {
        Sheet::read(kind, &bytes).expect("a file of its kind").take_in(
            &clerk,
            &vault,
            As::new(false).expect("random bytes"),
            &Asking::machine,
            |_| {},
        )
    });
    taken.await.expect("no panic").expect("taken in").0
}

async fn marks(page: &mut Page, code: &str) -> Value {
    let entered = page.enter(code).await;
    let lines = entered["bill"]["lines"].as_array().expect("lines").clone();
    lines.last().expect("a line")["marks"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_stock_lies_at_the_branch_once_it_is_there() {
    let chain = stocked("opening-stock").await;
    let mut page = Page::new(&chain).await;
    page.sign_in("1001", "111111").await;
    page.done("shift_open", json!({ "float": 50_000 })).await;
    assert_eq!(marks(&mut page, "6901234567892").await, json!(["negative_stock"]), "nothing was brought in yet");
    let delivering = tokio::spawn(hub::reactions::deliver(chain.hub.clone()));
    let list = "branch,product,quantity\nB1,11,2\nB1,12,24\n";
    let progress = import(&chain, Kind::Stock, list).await;
    assert_eq!((progress.changed, progress.rejected), (2, 0));
    let delivered = async || {
        let (_, goods) = page.get("/api/products?text=6901234567892").await;
        goods["products"][0]["stock"] == json!(2_000)
    };
    Chain::until("the goods lie at the branch", delivered).await;
    assert_eq!(marks(&mut page, "6901234567892").await, json!([]), "two pieces of two");
    assert_eq!(marks(&mut page, "6901234567892").await, json!(["negative_stock"]), "three pieces of two");
    // The same list again books nothing, and what was delivered is not delivered again.
    let again = import(&chain, Kind::Stock, list).await;
    assert_eq!((again.changed, again.unchanged), (0, 2));
    let everywhere = chain.hub.read(|db| shared::reports::stock::at_branch(db, branch(db)?, shared::base::ProductNo(12)));
    assert_eq!(everywhere.await.expect("read"), 24_000);
    delivering.abort();
}

fn branch(db: &dyn shared::journal::Read) -> Result<shared::base::BranchId, shared::journal::Fault> {
    Ok(shared::branches::by_code(db, "B1")?.expect("a branch").id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_prices_is_one_release() {
    let chain = stocked("release").await;
    let mut page = Page::new(&chain).await;
    page.sign_in("1001", "111111").await;
    let list = |price: &str| format!("number,name,category,unit,price\n11,精华,01,瓶,{price}\n12,面膜,01,盒,69.80\n");
    import(&chain, Kind::Products, &list("168.00")).await;
    let release = async |page: &Page| page.get("/api/status").await.1["price_release"].clone();
    assert_eq!(release(&page).await, 0, "no price differs");
    for (price, number) in [("170.00", 1), ("172.00", 2)] {
        import(&chain, Kind::Products, &list(price)).await;
        Chain::until("the till shows the release", async || release(&page).await == number).await;
    }
}
