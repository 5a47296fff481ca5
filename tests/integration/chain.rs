//! A hub that listens on loopback and branches enrolled at it; the link of each can really be cut.
use crate::wire::Wire;
use edge::app::App as Edge;
use hub::app::App as Hub;
use shared::base::{CommandId, MemberId, StaffId};
use shared::desk::write::Write;
use shared::desk::write::branch::Branch;
use shared::desk::write::member::WriteMember;
use shared::documents::{Fields, Scalar};
use shared::exchange::enrol::{Code, file};
use shared::journal::{Actor, Moment, Right};
use shared::members::book_opening::BookOpening;
use shared::store::Priority;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub struct Chain {
    pub folder: PathBuf,
    pub hub: Arc<Hub>,
    pub hub_address: SocketAddr,
    server: JoinHandle<()>,
    pub branches: Vec<Branched>,
}

/// One branch behind a wire that can be cut.
pub struct Branched {
    pub edge: Arc<Edge>,
    pub wire: Wire,
}

pub fn moment(command: [u8; 16], here: shared::base::StreamId, now_ms: i64) -> Moment {
    Moment {
        command: CommandId(command),
        by: Actor::Person(StaffId([1; 16])),
        rights: Right::ALL.to_vec(),
        now_ms,
        hub_ms: 0,
        branch: None,
        here,
        till: None,
        shift: None,
        day: 20_261_121,
        hour: 9,
        entropy: [9; 16],
    }
}

impl Chain {
    pub async fn new(name: &str, branches: usize) -> Chain {
        Chain::on(name, branches, None).await
    }

    /// The same with head office's store in a database of a server.
    pub async fn on(name: &str, branches: usize, store: Option<&str>) -> Chain {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = std::env::temp_dir().join(format!("catena-integration-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let data = folder.join("hub");
        let install = hub::install::Install::new(&data);
        store.iter().for_each(|address| install.keep_store(address).expect("kept"));
        let made = tokio::task::spawn_blocking(move || install.make(hub::app::now_ms()).map(drop));
        made.await.expect("made").expect("a hub is made");
        let hub = hub::serve::wired(&data).await.expect("the hub starts");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let hub_address = listener.local_addr().expect("bound");
        let router = hub::exchange::router(hub.exchange.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        let mut chain = Chain { folder, hub, hub_address, server, branches: Vec::new() };
        for n in 1..=branches {
            chain.add(n).await;
        }
        chain
    }

    async fn add(&mut self, n: usize) {
        let fields: Fields = [
            ("code", Scalar::Text(format!("B{n}"))),
            ("name", Scalar::Text(format!("第{n}店"))),
            ("zone_minutes", Scalar::Int(480)),
            ("cutoff_minutes", Scalar::Int(240)),
            ("price_list", Scalar::Text("main".into())),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        let code = Code::new([n as u8; 5], &self.hub.exchange.keys.public());
        let now = hub::app::now_ms();
        let made = self.hub.write(Priority::Till, move |writer| {
            let moment = moment([n as u8; 16], writer.identity()?.stream, now);
            let made = writer.decide(&Write::<Branch>::new(None, fields, Vec::new()), &moment)?;
            file(writer, &code, shared::base::BranchId([n as u8; 16]), now)?;
            Ok(made)
        });
        made.await.expect("written").expect("allowed");
        let wire = Wire::new(self.hub_address).await;
        let data = self.folder.join(format!("edge{n}"));
        let install = edge::install::Install::new(&data);
        let url = format!("http://{}", wire.address);
        edge::enrol::enrol(&install, &url, &code.to_string(), now).await.expect("enrolled");
        let edge = edge::serve::wire(&data, edge::config::Config::default()).expect("the edge starts");
        self.branches.push(Branched { edge, wire });
    }

    /// A member known to head office, with value that lies there.
    pub async fn member(&self, n: u8, value: i64) -> MemberId {
        let member = MemberId([n; 16]);
        let set: Fields =
            [("name".to_owned(), Scalar::Text("王小明".into())), ("phone".to_owned(), Scalar::Text(format!("13800138{n:03}")))].into();
        let now = hub::app::now_ms();
        let written = self.hub.write(Priority::Till, move |writer| {
            let here = writer.identity()?.stream;
            let write = WriteMember { member: Some(member), set, removed: Vec::new(), although_taken: false };
            let written = writer.decide(&write, &moment([n; 16], here, now))?;
            let opening = BookOpening { member, value, bonus: 0, points: 0, expiry_months: 0, batch: None };
            let command = BookOpening::command(member, 0);
            let booked = writer.decide(&opening, &moment(command.0, here, now))?;
            Ok(written.and(booked))
        });
        written.await.expect("written").expect("allowed");
        member
    }

    /// Waits until `holds`, at most ten seconds; says how long it took, in milliseconds.
    pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) -> f64 {
        let start = std::time::Instant::now();
        while !holds().await {
            assert!(start.elapsed().as_secs() < 10, "{what}: not within ten seconds");
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        start.elapsed().as_secs_f64() * 1000.0
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        self.server.abort();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
