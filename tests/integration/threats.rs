//! Goal: what `docs/threats.md` says that a branch never holds, and what no page may do at a till. Method: the files of a real edge that exchanged
//! with a real hub, and the head of its pages.
use crate::chain::Chain;
use crate::till::stocked;
use shared::base::vault::Verifier;
use shared::staff::by_code;
use shared::store::Priority;
use std::path::Path;
use tokio::net::TcpListener;

fn files(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        bytes.extend(if entry.is_dir() { files(&entry) } else { std::fs::read(&entry).unwrap_or_default() });
    }
    bytes
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_of_head_office_never_reaches_a_branch() {
    let chain = stocked("threat-password").await;
    let verifier = Verifier::new("correct horse battery 42", [7; 16]);
    let bytes = verifier.bytes().to_vec();
    let kept = chain.hub.write(Priority::Till, move |writer| {
        let person = by_code(writer, "9001")?.expect("the manager");
        hub::password::keep(writer, person.id, &verifier)
    });
    kept.await.expect("kept");
    // Something that comes later than the password is here: what could have come is here.
    chain.member(77, 100).await;
    let known = || chain.branches[0].edge.read(|db| Ok(shared::members::member(db, shared::base::MemberId([77; 16]))?.is_some()));
    Chain::until("the member", async || known().await.expect("read")).await;
    assert!(holds(&files(&chain.folder.join("hub")), &bytes), "head office has it");
    assert!(!holds(&files(&chain.folder.join("edge1")), &bytes), "the branch has not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_till_runs_its_own_scripts_only_and_is_framed_by_nobody() {
    let chain = Chain::new("threat-policy", 1).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let router = edge::serve::router(chain.branches[0].edge.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    for path in ["/", "/technician"] {
        let answer = reqwest::get(format!("http://{address}{path}")).await.expect("an answer");
        let policy = answer.headers().get("content-security-policy").expect("a policy").to_str().expect("ascii").to_owned();
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("script-src") && !policy.contains("unsafe-eval"), "scripts fall under default-src: {policy}");
    }
}
