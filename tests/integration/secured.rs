//! Goal: the line from head office to its database server is nobody else's to read, and a server that cannot prove who it is gets nothing.
//! Method: a real server that takes TLS alone, with certificates made for the test; the real hub as the guide starts it.
use crate::binaries::{Serving, run};
use crate::server::{Server, psql};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::path::{Path, PathBuf};

/// An authority, and a certificate that it makes out for a host; PEM.
struct Authority {
    certificate: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("signed").pem();
        Authority { certificate, issuer: Issuer::new(params, key) }
    }

    fn vouches_for(&self, host: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![host.to_owned()]).expect("a name");
        (params.signed_by(&key, &self.issuer).expect("signed").pem(), key.serialize_pem())
    }
}

/// The same database over the network.
fn over(host: &str, port: u16, database: &str, query: &str) -> String {
    let name = database.rsplit('/').next().expect("a database");
    format!("postgres://catena@{host}:{port}/{name}{query}")
}

fn init(folder: &Path, address: &str) -> Result<String, String> {
    let _ = std::fs::remove_dir_all(folder);
    run("hub", &["init", "--data", folder.to_str().expect("utf-8"), "--chain", "示范连锁", "--store", address])
}

#[test]
fn the_line_to_a_server_is_secured_as_the_address_asks() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let (certificate, key) = ours.vouches_for("localhost");
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let Some(server) = Server::secured("secured", port, &certificate, &key) else { return };
    let folder = std::env::temp_dir().join(format!("catena-secured-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let root = |name: &str, text: &str| -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let (right, wrong) = (root("ours.crt", &ours.certificate), root("theirs.crt", &theirs.certificate));
    let checked = |root: &Path| format!("?sslmode=verify-full&sslrootcert={}", root.display());

    for (host, query, why) in [
        ("localhost", String::new(), "no encryption"),
        ("localhost", checked(&wrong), "its certificate is not signed by the authority in sslrootcert"),
        ("127.0.0.1", checked(&right), "its certificate is made out for another name than the one in the address"),
        ("localhost", checked(&folder.join("nowhere.crt")), "nowhere.crt"),
    ] {
        let refused = init(&folder.join("hub"), &over(host, port, &server.database(), &query)).expect_err(&query);
        assert!(refused.contains("the database server cannot be used: ") && refused.contains(why), "{query}: {refused}");
    }
    for query in ["?sslmode=require".to_owned(), checked(&right)] {
        let database = server.database();
        init(&folder.join("hub"), &over("localhost", port, &database, &query)).expect(&query);
        let serving = Serving::start("hub", &folder.join("hub"), "127.0.0.1:0");
        let seen = "select count(*) > 0 and bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid)
                    where datname = current_database() and pid <> pg_backend_pid()";
        assert_eq!(psql(&database, seen), "t", "{query}: every connection of the hub is secured");
        drop(serving);
    }
    let _ = std::fs::remove_dir_all(&folder);
}
