//! Orders from the command line to the hub of a data folder: by the socket there while it serves, else on the store itself.
use crate::app::{App, now_ms};
use crate::install::random;
use crate::{import, password, second_factor};
use shared::base::vault::Verifier;
use shared::exchange::enrol::{Code, file};
use shared::store::Priority;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

/// What the command line wants.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    /// A one-use code with which an edge enrols as this branch (code or name).
    EnrolCode { branch: String },
    /// CSV files, or folders of them, by absolute path.
    Import { paths: Vec<PathBuf> },
    /// A new password for the sign-in of this staff code.
    Password { code: String },
}

/// A line for the person who asked, or why not.
pub type Reply = Result<String, String>;

/// The socket's file; taken away when dropped.
pub struct Socket(PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("hub.sock")
}

/// Takes orders as long as the hub serves.
///
/// # Errors
/// The socket cannot be made.
pub fn listen(app: Arc<App>) -> std::io::Result<Socket> {
    let path = path(&app.folder);
    // Left over from a killed process; a living one holds the store, and this one would not have come here.
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path)?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let app = app.clone();
            tokio::spawn(async move {
                if let Err(error) = converse(&app, stream).await {
                    tracing::warn!(%error, "control.broken");
                }
            });
        }
    });
    Ok(Socket(path))
}

async fn converse(app: &Arc<App>, stream: UnixStream) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    BufReader::new(read).read_line(&mut line).await?;
    let reply: Reply = match serde_json::from_str(&line) {
        Ok(order) => obey(app, order).await,
        Err(error) => Err(format!("not an order: {error}")),
    };
    write.write_all(&serde_json::to_vec(&reply)?).await
}

/// Gives an order to the hub of a data folder.
///
/// # Errors
/// Why it was not carried out.
pub async fn give(folder: &Path, order: Order) -> Reply {
    let Ok(mut stream) = UnixStream::connect(path(folder)).await else {
        let _lock = shared::store::lock::lock(folder).map_err(|error| error.to_string())?;
        let app = crate::serve::wired(folder).await?;
        let reply = obey(&app, order).await;
        let clerk = app.clerk.clone();
        tokio::task::spawn_blocking(move || clerk.stop()).await.map_err(|error| error.to_string())?;
        return reply;
    };
    let told = async {
        let mut line = serde_json::to_vec(&order)?;
        line.push(b'\n');
        stream.write_all(&line).await?;
        let mut reply = Vec::new();
        tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut reply).await?;
        Ok::<Reply, std::io::Error>(serde_json::from_slice(&reply)?)
    };
    told.await.map_err(|error| format!("the running hub did not answer: {error}"))?
}

/// Carries an order out.
///
/// # Errors
/// Why not, in words for the person who asked.
pub async fn obey(app: &Arc<App>, order: Order) -> Reply {
    match order {
        Order::EnrolCode { branch } => enrol_code(app, branch).await,
        Order::Import { paths } => import(app, paths).await,
        Order::Password { code } => password(app, code).await,
    }
}

/// Brings the files in; a line per file, with the rejected lines' file.
async fn import(app: &Arc<App>, paths: Vec<PathBuf>) -> Reply {
    let app = app.clone();
    let work = tokio::task::spawn_blocking(move || {
        let mut said = Vec::new();
        let done = import::files(&app.clerk, &app.vault, &paths, |line| said.push(line));
        match done {
            Ok(()) => Ok(said.join("\n")),
            Err(why) => {
                said.push(why.to_string());
                Err(said.join("\n"))
            }
        }
    });
    work.await.unwrap_or_else(|stopped| Err(stopped.to_string()))
}

async fn password(app: &App, code: String) -> Reply {
    let wanted = code.clone();
    let found = app.read(move |db| shared::staff::by_code(db, &wanted)).await.map_err(|fault| fault.to_string())?;
    let person = found.ok_or_else(|| format!("nobody has the code {code}"))?;
    let password = password::made(random().map_err(|error| error.to_string())?);
    let verifier = Verifier::new(&password, random().map_err(|error| error.to_string())?);
    let keep = app.write(Priority::Till, move |writer| {
        second_factor::end(writer, person.id).and_then(|()| password::keep(writer, person.id, &verifier))
    });
    keep.await.map_err(|fault| fault.to_string())?;
    Ok(password)
}

async fn enrol_code(app: &App, wanted: String) -> Reply {
    let found = app.read(move |db| shared::branches::by_code(db, &wanted));
    let branch = found.await.map_err(|fault| fault.to_string())?.ok_or("no branch has this code or name")?;
    let code = Code::new(random().map_err(|error| error.to_string())?, &app.exchange.keys.public());
    let now = now_ms();
    app.write(Priority::Till, move |writer| file(writer, &code, branch.id, now)).await.map_err(|fault| fault.to_string())?;
    Ok(code.to_string())
}
