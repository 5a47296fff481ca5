//! Reads config, wires, waits.
use clap::{Parser, Subcommand};
use edge::app::now_ms;
use edge::install::Install;
use shared::exchange::verify::{Trusted, verify_copy};
use shared::views::Side;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "edge", about = "A branch of a Catena chain: its tills, devices and replica", version)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Makes this data folder an install of a branch, with a code from head office.
    Enrol {
        #[arg(long, env = "CATENA_EDGE_DATA")]
        data: PathBuf,
        #[arg(long, env = "CATENA_EDGE_HUB")]
        hub: String,
        #[arg(long)]
        code: String,
    },
    /// Serves the tills of the branch.
    Serve {
        #[arg(long, env = "CATENA_EDGE_DATA")]
        data: PathBuf,
        /// Of the box's own till, on loopback.
        #[arg(long, env = "CATENA_EDGE_LISTEN", default_value = "127.0.0.1:7001")]
        listen: SocketAddr,
        /// Of tills on the shop's network, over TLS, paired by a technician: `0.0.0.0:7443`. Without it there are none.
        #[arg(long, env = "CATENA_EDGE_LAN")]
        lan: Option<SocketAddr>,
    },
    /// Prints the description of the API, from which the pages' types are made.
    Openapi,
    /// Checks chains, signatures, sums and views of the database against public keys, in a copy; the edge may go on serving.
    Verify {
        #[arg(long, env = "CATENA_EDGE_DATA")]
        data: PathBuf,
        /// Another database of this chain's edges instead of the one in the data folder.
        #[arg(long)]
        database: Option<PathBuf>,
        /// Public keys, as `hub keys` prints them; without it the install's own and its hub's.
        #[arg(long)]
        keys: Option<PathBuf>,
    },
    /// Writes a copy of the database to salvage from; the edge may go on serving. Keys are not in it.
    Backup {
        #[arg(long, env = "CATENA_EDGE_DATA")]
        data: PathBuf,
        /// The file to write; it must not be there.
        #[arg(long)]
        to: PathBuf,
    },
    /// Brings head office what it lacks of the box that this one replaced. The edge may go on serving.
    Salvage {
        #[arg(long, env = "CATENA_EDGE_DATA")]
        data: PathBuf,
        /// The old data folder, a backup of its database, or its mirror.
        #[arg(long)]
        from: PathBuf,
    },
    /// Drops every view, folds it again and compares. Not while the edge serves.
    Rebuild {
        #[arg(long, env = "CATENA_EDGE_DATA")]
        data: PathBuf,
    },
}

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CATENA_LOG").unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let done = match Arguments::parse().what {
        What::Enrol { data, hub, code } => enrol(&data, &hub, &code),
        What::Serve { data, listen, lan } => edge::serve::serve(&data, listen, lan),
        What::Openapi => openapi(),
        What::Rebuild { data } => rebuild(&data),
        What::Verify { data, database, keys } => verify(&data, database, keys.as_deref()),
        What::Backup { data, to } => backup(&data, &to),
        What::Salvage { data, from } => salvage(&data, &from),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("edge: {error}");
            ExitCode::FAILURE
        }
    }
}

type Done = Result<(), Box<dyn std::error::Error>>;

fn enrol(data: &std::path::Path, hub: &str, code: &str) -> Done {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let link = runtime.block_on(edge::enrol::enrol(&Install::new(data), hub, code, now_ms()))?;
    println!("enrolled as {} at {}", link.branch, link.hub_url);
    Ok(())
}

fn openapi() -> Done {
    println!("{}", edge::http::openapi().to_pretty_json()?);
    Ok(())
}

fn rebuild(data: &std::path::Path) -> Done {
    let _lock = shared::store::lock::lock(data)?;
    let rebuilt = Install::new(data).store()?.rebuild()?;
    println!("{} entries folded, {} documents projected", rebuilt.entries, rebuilt.documents);
    for (table, before, after) in &rebuilt.differing {
        println!("{table} differed: {before} rows before, {after} after");
    }
    if rebuilt.differing.is_empty() {
        println!("every view is equal");
        return Ok(());
    }
    Err("some views differed; they are right now".into())
}

fn verify(data: &std::path::Path, database: Option<PathBuf>, keys: Option<&std::path::Path>) -> Done {
    let install = Install::new(data);
    let trusted = match keys {
        Some(path) => Trusted::read(&std::fs::read_to_string(path)?).ok_or("the file of keys cannot be read; `hub keys` prints one")?,
        None => {
            let hub = edge::install::hub_key(&install.link()?).ok_or("the hub's key in link.json cannot be read")?;
            Trusted { hub, devices: vec![install.keys()?.public()] }
        }
    };
    let database = database.unwrap_or_else(|| install.database());
    let scratch = data.join("verify.db");
    let mut progress = |entries: u64| eprint!("\r{entries} entries");
    let verified = verify_copy(&database, &scratch, &shared::desk::registry::REGISTRY, Side::Edge, &trusted, &mut progress)?;
    eprintln!();
    println!("{verified}");
    Ok(verified.verdict()?)
}

fn backup(data: &std::path::Path, to: &std::path::Path) -> Done {
    if to.exists() {
        return Err(format!("{} is there already", to.display()).into());
    }
    shared::store::backup::copy(&Install::new(data).database(), to)?;
    println!("{} written: to salvage from, not to sell from", to.display());
    Ok(())
}

fn salvage(data: &std::path::Path, from: &std::path::Path) -> Done {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let salvaged = runtime.block_on(edge::salvage::salvage(&Install::new(data), from))?;
    for brought in &salvaged.streams {
        let brought_now = brought.upto.saturating_sub(brought.known);
        println!("{}: {brought_now} entries brought, head office has all up to {}", brought.stream, brought.upto);
        if brought.unreadable > 0 {
            println!("{}: {} entries behind that cannot be read", brought.stream, brought.unreadable);
        }
    }
    match salvaged.carried {
        true => println!("nothing is missing: the old box is sealed, its balances come to this one"),
        false => println!("now seal the old box at head office: Branches, Seal this machine, Replaced by a new one"),
    }
    Ok(())
}
