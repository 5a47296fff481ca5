//! `edge enrol`: a code from head office makes this machine a branch's install.
use crate::install::{Install, Link, NotUsable, random};
use shared::base::StreamId;
use shared::base::ids::time_ordered;
use shared::exchange::enrol::{Agreement, Apply, Code, Welcome};
use shared::facts::journal::Opened;
use shared::journal::command::encoded;

/// Why enrolment did not happen. Nothing is kept then.
#[derive(Debug, thiserror::Error)]
pub enum NotEnrolled {
    #[error(transparent)]
    Install(#[from] NotUsable),
    #[error("the code is mistyped: {0}")]
    Code(#[from] shared::exchange::wire::Unreadable),
    #[error("head office cannot be reached at {url}: {why}")]
    Unreachable { url: String, why: String },
    #[error(
        "head office does not know this code: it is used, older than 15 minutes, or voided by wrong tries; a box that was declared lost enrols in an empty folder"
    )]
    Refused,
    #[error("the answer is not from the head office that made this code")]
    Stranger,
    #[error("the store cannot be written: {0}")]
    Store(#[from] shared::journal::Fault),
}

/// Enrols this data folder at the hub. An install that is enrolled already, at the same hub, begins a new stream.
///
/// # Errors
/// See [`NotEnrolled`].
pub async fn enrol(install: &Install, hub_url: &str, code: &str, now_ms: i64) -> Result<Link, NotEnrolled> {
    let code: Code = code.parse()?;
    let keys = install.keys()?;
    let agreement = Agreement::from_secret(random()?);
    let apply = Apply::new(&code, &keys, agreement.public());
    let unreachable = |why: reqwest::Error| NotEnrolled::Unreachable { url: hub_url.into(), why: why.to_string() };
    let url = format!("{}/enrol", hub_url.trim_end_matches('/'));
    let answer = reqwest::Client::new().post(url).body(encoded(&apply)).send().await.map_err(unreachable)?;
    if !answer.status().is_success() {
        return Err(NotEnrolled::Refused);
    }
    let bytes = answer.bytes().await.map_err(unreachable)?;
    let welcome: Welcome = minicbor::decode(&bytes).map_err(|_| NotEnrolled::Stranger)?;
    let vault = welcome.check(&code, &keys.public(), &agreement).map_err(|_| NotEnrolled::Stranger)?;
    let mut store = install.store()?;
    let before = store.identity().map(|identity| identity.stream);
    let stream = StreamId(time_ordered(now_ms, random()?));
    let hub_key = *welcome.hub_key;
    store.transaction(|writer| {
        let predecessor_seq = before.map(|before| writer.stream(before)).transpose()?.flatten().map_or(0, |head| head.seq);
        let opened = Opened { branch: Some(welcome.branch), device_key: keys.public(), predecessor: before, predecessor_seq, epoch: 0 };
        writer.open_stream(stream, &opened, now_ms)?;
        writer.know_stream(welcome.hub_stream, None, &hub_key, None)?;
        writer.set_meta("chain", welcome.chain.as_bytes())?;
        writer.set_meta("install", &i64::from(welcome.installs).to_be_bytes())?;
        writer.set_meta("hub_ms", &welcome.hub_ms.to_be_bytes())
    })?;
    install.keep_vault(&vault)?;
    let hub_key = hub_key.iter().map(|byte| format!("{byte:02x}")).collect();
    let link = Link { hub_url: hub_url.trim_end_matches('/').into(), hub_key, branch: welcome.branch };
    install.keep_link(&link)?;
    Ok(link)
}
