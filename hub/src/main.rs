//! Reads the command line, wires, waits.
use clap::{Parser, Subcommand};
use hub::app::now_ms;
use hub::control::{Order, give};
use hub::install::Install;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "hub", about = "Head office of a Catena chain", version)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Makes a new chain in a data folder and prints the first sign-in, once.
    Init {
        #[arg(long, env = "CATENA_HUB_DATA")]
        data: PathBuf,
        #[arg(long)]
        chain: String,
    },
    /// Serves the dashboard and the branches.
    Serve {
        #[arg(long, env = "CATENA_HUB_DATA")]
        data: PathBuf,
        #[arg(long, env = "CATENA_HUB_LISTEN", default_value = "127.0.0.1:7000")]
        listen: SocketAddr,
    },
    /// Prints a one-use code with which an edge enrols as a branch; good for 15 minutes.
    EnrolCode {
        #[arg(long, env = "CATENA_HUB_DATA")]
        data: PathBuf,
        /// Code or name of the branch.
        #[arg(long)]
        branch: String,
    },
    /// Drops every view, folds it again and compares. Not while the hub serves.
    Rebuild {
        #[arg(long, env = "CATENA_HUB_DATA")]
        data: PathBuf,
    },
}

type Done = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CATENA_LOG").unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = match Arguments::parse().what {
        What::Init { data, chain } => init(&data, &chain),
        What::Serve { data, listen } => hub::serve::serve(&data, listen),
        What::EnrolCode { data, branch } => order(&data, Order::EnrolCode { branch }),
        What::Rebuild { data } => rebuild(&data),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hub: {error}");
            ExitCode::FAILURE
        }
    }
}

fn init(data: &std::path::Path, chain: &str) -> Done {
    let mut store = Install::new(data).make(now_ms())?;
    let name = chain.to_owned();
    store.transaction(move |writer| writer.set_meta("chain", name.as_bytes()))?;
    println!("chain {chain} made in {}", data.display());
    Ok(())
}

fn order(data: &std::path::Path, order: Order) -> Done {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    println!("{}", runtime.block_on(give(data, order))?);
    Ok(())
}

fn rebuild(data: &std::path::Path) -> Done {
    let rebuilt = Install::new(data).open(now_ms())?.rebuild()?;
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
