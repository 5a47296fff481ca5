//! Goal: whatever a hub answers, an edge neither panics nor believes it, and goes on when the real one is back.
use crate::chain::Chain;
use axum::body::Bytes;
use axum::http::StatusCode;
use tokio::net::TcpListener;

/// A server that answers every exchange with the same bytes.
async fn liar(answer: Vec<u8>, status: StatusCode) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let router = axum::Router::new().fallback(move || {
        let answer = answer.clone();
        async move { (status, Bytes::from(answer)) }
    });
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_that_answers_garbage_changes_nothing() {
    let chain = Chain::new("foul", 1).await;
    let edge = &chain.branches[0].edge;
    Chain::until("the link is up", async || edge.uplink.state().up).await;
    let before = edge.read(|db| db.number("select count(*) from entry", &[])).await.expect("read");
    let bombs = [
        (Vec::new(), StatusCode::OK),
        (b"<html>login to the guest network</html>".to_vec(), StatusCode::OK),
        (vec![0xFF; 200_000], StatusCode::OK),
        (vec![0x9F; 64], StatusCode::OK),
        (b"bad gateway".to_vec(), StatusCode::BAD_GATEWAY),
    ];
    for (answer, status) in bombs {
        let data = chain.folder.join("edge1");
        let install = edge::install::Install::new(&data);
        let hub = edge::install::hub_key(&install.link().expect("enrolled")).expect("a key");
        let link = edge::install::Link { hub_url: liar(answer, status).await, ..install.link().expect("enrolled") };
        let line =
            edge::uplink::Line { link, hub, keys: install.keys().expect("keys"), clerk: edge.clerk.clone(), events: edge.events.clone() };
        let uplink = edge::uplink::Uplink::start(line);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert!(!uplink.state().up, "{status}");
    }
    let after = edge.read(|db| db.number("select count(*) from entry", &[])).await.expect("read");
    assert_eq!(before, after);
    assert!(edge.uplink.state().up, "the real line never noticed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_of_strangers_at_the_hub_are_refused_and_cost_nothing() {
    let chain = Chain::new("stranger", 1).await;
    // Each on a connection of its own: one that the hub hung up on is not used again.
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().expect("a client");
    let url = |path: &str| format!("http://{}{path}", chain.hub_address);
    let stranger = shared::exchange::sign::Keys::from_secret([77; 32]);
    let sealed = shared::exchange::wire::seal(
        shared::exchange::wire::REQUEST,
        &0_u8,
        hub::app::now_ms(),
        &stranger,
        &chain.hub.exchange.keys.public(),
    );
    let tries: [(&str, Vec<u8>, u16); 6] = [
        ("/exchange", Vec::new(), 400),
        ("/exchange", vec![0x9F; 1_000], 400),
        ("/exchange", vec![7; 9 * 1024 * 1024], 413),
        ("/exchange", sealed.clone(), 403),
        ("/exchange/live", sealed, 403),
        ("/enrol", vec![1, 2, 3], 400),
    ];
    for (path, body, status) in tries {
        let size = body.len();
        match client.post(url(path)).body(body).send().await {
            Ok(answer) => assert_eq!(answer.status().as_u16(), status, "{path} with {size} bytes"),
            // A hub that has read enough answers and hangs up; whoever is still sending may see only the latter.
            Err(error) => assert!(status == 413 && error.is_request(), "{path} with {size} bytes: {error}"),
        }
    }
    let devices = chain.hub.read(|db| db.number("select count(*) from device", &[])).await.expect("the hub goes on");
    assert_eq!(devices, 1, "nobody came in");
}
