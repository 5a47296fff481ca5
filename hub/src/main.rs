//! Reads the command line, wires, waits.
use clap::{Parser, Subcommand};
use hub::app::now_ms;
use hub::control::{Order, give};
use hub::install::Install;
use shared::exchange::verify::{Trusted, verify_copy};
use shared::store::Readers;
use shared::views::Side;
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
        /// A database of a PostgreSQL server instead of a file in the folder; the folder remembers it.
        #[arg(long, env = "CATENA_HUB_STORE")]
        store: Option<String>,
    },
    /// Serves the dashboard and the branches.
    Serve {
        #[arg(long, env = "CATENA_HUB_DATA")]
        data: PathBuf,
        #[arg(long, env = "CATENA_HUB_LISTEN", default_value = "127.0.0.1:7000")]
        listen: SocketAddr,
        /// A database of a PostgreSQL server instead of a file in the folder; the folder remembers it.
        #[arg(long, env = "CATENA_HUB_STORE")]
        store: Option<String>,
    },
    /// Moves head office from the file in a data folder to a database of a PostgreSQL server. Run again, it goes on where it ended.
    MigrateStore {
        #[arg(long)]
        from: PathBuf,
        /// `postgres://user:password@host/database`, empty, made with locale C.
        #[arg(long)]
        to: String,
    },
    /// Prints how a cluster spreads the tables.
    Schema {
        /// In the words of Citus.
        #[arg(long, required = true)]
        citus: bool,
    },
    /// Prints a one-use code with which an edge enrols as a branch; good for 15 minutes.
    EnrolCode {
        #[arg(long, env = "CATENA_HUB_DATA")]
        data: PathBuf,
        /// Code or name of the branch.
        #[arg(long)]
        branch: String,
    },
    /// Brings in CSV files, or folders of them; bad lines come back in `<name>.rejected.csv` beside the file.
    Import {
        #[arg(long, env = "CATENA_HUB_DATA")]
        data: PathBuf,
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Sets a new password for the sign-in of a person at head office and prints it, once.
    Password {
        #[arg(long, env = "CATENA_HUB_DATA")]
        data: PathBuf,
        /// The staff code.
        #[arg(long)]
        code: String,
    },
    /// Prints the description of the API.
    Openapi,
    /// Writes a copy of the database that can be restored; the hub may go on serving. Keys are not in it.
    Backup {
        #[arg(long, env = "CATENA_HUB_DATA")]
        data: PathBuf,
        /// The file to write; it must not be there.
        #[arg(long)]
        to: PathBuf,
    },
    /// Prints the public keys of this chain, with which anybody can check a copy of any of its databases.
    Keys {
        #[arg(long, env = "CATENA_HUB_DATA")]
        data: PathBuf,
    },
    /// Checks chains, signatures, sums and views of the database against public keys, in a copy; the hub may go on serving.
    Verify {
        #[arg(long, env = "CATENA_HUB_DATA")]
        data: PathBuf,
        /// Another database of a hub instead of the one in the data folder.
        #[arg(long)]
        database: Option<PathBuf>,
        /// Public keys, as `hub keys` prints them; without it those in this data folder.
        #[arg(long)]
        keys: Option<PathBuf>,
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
        What::Init { data, chain, store } => keep_store(&data, store).and_then(|()| init(&data, &chain)),
        What::Serve { data, listen, store } => keep_store(&data, store).and_then(|()| hub::serve::serve(&data, listen)),
        What::MigrateStore { from, to } => hub::migrate::migrate(&from, &to, &mut |line| println!("{line}")),
        What::Schema { citus: _ } => schema(),
        What::EnrolCode { data, branch } => order(&data, Order::EnrolCode { branch }),
        What::Import { data, files } => import(&data, &files),
        What::Password { data, code } => order(&data, Order::Password { code }),
        What::Openapi => hub::http::openapi().map(|text| println!("{text}")),
        What::Rebuild { data } => rebuild(&data),
        What::Keys { data } => keys(&data),
        What::Verify { data, database, keys } => verify(&data, database, keys.as_deref()),
        What::Backup { data, to } => backup(&data, &to),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hub: {error}");
            ExitCode::FAILURE
        }
    }
}

fn keep_store(data: &std::path::Path, address: Option<String>) -> Done {
    Ok(address.map_or(Ok(()), |address| Install::new(data).keep_store(&address))?)
}

fn schema() -> Done {
    let tables: Vec<_> = shared::desk::registry::REGISTRY.tables.iter().copied().filter(|table| table.kept_at(Side::Hub)).collect();
    shared::store::citus::statements(&tables).iter().for_each(|statement| println!("{statement}"));
    Ok(())
}

fn init(data: &std::path::Path, chain: &str) -> Done {
    let first = hub::init::init(data, chain)?;
    println!("chain {chain} made in {}", data.display());
    println!("The first sign-in at head office, shown this once; change the password after signing in.");
    println!("  code:     {}", first.code);
    println!("  password: {}", first.password);
    Ok(())
}

/// The running hub may work in another folder: files go to it by absolute path.
fn import(data: &std::path::Path, files: &[PathBuf]) -> Done {
    let absolute = |file: &PathBuf| file.canonicalize().map_err(|error| format!("{}: {error}", file.display()));
    order(data, Order::Import { paths: files.iter().map(absolute).collect::<Result<_, _>>()? })
}

fn order(data: &std::path::Path, order: Order) -> Done {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    println!("{}", runtime.block_on(give(data, order))?);
    Ok(())
}

fn rebuild(data: &std::path::Path) -> Done {
    let _lock = shared::store::lock::lock(data)?;
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

fn backup(data: &std::path::Path, to: &std::path::Path) -> Done {
    if to.exists() {
        return Err(format!("{} is there already", to.display()).into());
    }
    if shared::store::is_server(&Install::new(data).database()) {
        return Err("the store of this hub is a PostgreSQL database: `pg_dump` and the server's own backups keep it".into());
    }
    shared::store::backup::copy(&Install::new(data).database(), to)?;
    println!("{} written; hub.key and vault.key are not in it: keep them apart", to.display());
    Ok(())
}

fn trusted(data: &std::path::Path) -> Result<Trusted, Box<dyn std::error::Error>> {
    let install = Install::new(data);
    let hub = install.keys()?.public();
    Ok(Readers::of(&install.database()).read(|db| Trusted::named(db, hub))?)
}

fn keys(data: &std::path::Path) -> Done {
    print!("{}", trusted(data)?);
    Ok(())
}

fn verify(data: &std::path::Path, database: Option<PathBuf>, keys: Option<&std::path::Path>) -> Done {
    let trusted = match keys {
        Some(path) => Trusted::read(&std::fs::read_to_string(path)?).ok_or("the file of keys cannot be read; `hub keys` prints one")?,
        None => trusted(data)?,
    };
    let database = database.unwrap_or_else(|| Install::new(data).database());
    let scratch = data.join("verify.db");
    let mut progress = |entries: u64| eprint!("\r{entries} entries");
    let verified = verify_copy(&database, &scratch, &shared::desk::registry::REGISTRY, Side::Hub, &trusted, &mut progress)?;
    eprintln!();
    println!("{verified}");
    Ok(verified.verdict()?)
}
