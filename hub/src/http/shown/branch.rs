//! A branch: who it is, whether it is heard, what it told of itself.
use crate::http::Http;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::base::StreamId;
use shared::branches::Branch as Known;
use shared::exchange::recovery;
use shared::journal::{Fault, Read};
use shared::reports::installs::{self, Install as Newest};
use shared::reports::names::BranchRef;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Branch {
    #[serde(flatten)]
    pub branch: BranchRef,
    pub address: String,
    pub phone: String,
    pub zone_minutes: i32,
    pub cutoff_minutes: i32,
    pub price_list: String,
    pub link: LinkState,
    /// The last exchange, UTC ms; 0 never.
    pub seen_ms: i64,
    /// How old its newest entry was when it was last heard; none if nothing was.
    #[schema(required)]
    pub lag_ms: Option<i64>,
    /// Entries that it told of and that have not come.
    #[schema(required)]
    pub unsent: Option<i64>,
    pub heard_seq: u64,
    pub devices: Vec<Device>,
    #[schema(required)]
    pub devices_as_of_ms: Option<i64>,
    /// What its tills show.
    #[schema(required)]
    pub price_release: Option<i64>,
    #[schema(required)]
    pub open_shifts: Option<i64>,
    #[schema(required)]
    pub install: Option<Install>,
    /// The hub recovers, and this branch has not given back what it holds.
    pub owes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    Up,
    Down,
    Never,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Install {
    pub stream: StreamId,
    pub sealed: bool,
    pub entries: u64,
}

/// A device as the branch told of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Device {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub state: DeviceState,
    #[schema(required)]
    pub what: Option<String>,
    pub since_ms: i64,
}

/// How a device is; a word that this hub does not know counts as `off`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    Ok,
    Trying,
    Failed,
    #[default]
    Off,
}

/// A live link that said nothing for so long is no link, whatever the socket says.
const SILENT_MS: i64 = 60_000;

/// One branch.
///
/// # Errors
/// A fault of the store.
pub fn shown(db: &dyn Read, http: &Http, known: &Known, now_ms: i64) -> Result<Branch, Fault> {
    let install = installs::install(db, known.id)?;
    let devices = installs::told(db, known.id, "devices")?;
    let unsent = installs::told(db, known.id, "unsent")?;
    let told: Option<Value> = unsent.as_ref().and_then(|told| serde_json::from_slice(&told.body).ok());
    let number = |key: &str| told.as_ref()?.get(key)?.as_i64();
    let up = http.app.exchange.linked().contains(&known.id);
    Ok(Branch {
        branch: BranchRef { id: known.id, code: known.code.clone(), name: known.name.clone(), name_en: known.name_en.clone() },
        address: known.address.clone(),
        phone: known.phone.clone(),
        zone_minutes: known.zone.zone_minutes,
        cutoff_minutes: known.zone.cutoff_minutes,
        price_list: known.price_list.clone(),
        link: link(install.as_ref(), up, now_ms),
        seen_ms: install.as_ref().map_or(0, |install| install.heard_ms),
        lag_ms: install.as_ref().and_then(lag_ms),
        unsent: missing(told.as_ref(), install.as_ref()).or_else(|| number("unsent")),
        heard_seq: install.as_ref().map_or(0, |install| install.entries),
        devices: devices.as_ref().map_or_else(Vec::new, |told| listed(&told.body)),
        devices_as_of_ms: devices.map(|told| told.as_of_ms),
        price_release: number("price_release"),
        open_shifts: install.as_ref().map(|_| installs::open_shifts(db, known.id)).transpose()?,
        install: install.map(|install| Install { stream: install.stream, sealed: install.sealed, entries: install.entries }),
        owes: recovery::outstanding(db)?.contains(&known.id),
    })
}

fn link(install: Option<&Newest>, up: bool, now_ms: i64) -> LinkState {
    match install {
        None => LinkState::Never,
        Some(install) if install.heard_ms == 0 => LinkState::Never,
        Some(install) if up && now_ms - install.heard_ms < SILENT_MS => LinkState::Up,
        Some(_) => LinkState::Down,
    }
}

/// Entries up to the head that a branch told which are not here: what it told as unsent may have come since.
fn missing(told: Option<&Value>, install: Option<&Newest>) -> Option<i64> {
    let (told, install) = (told?, install?);
    let same = told.get("stream")?.as_str()? == install.stream.to_string();
    let head = told.get("head")?.as_u64()?;
    same.then_some(head.saturating_sub(install.entries) as i64)
}

/// How long ago its newest entry was made when the branch was last heard.
fn lag_ms(install: &Newest) -> Option<i64> {
    (install.newest_ms > 0 && install.heard_ms > 0).then(|| (install.heard_ms - install.newest_ms).max(0))
}

/// The list of devices in what a branch told: an array, or an object that holds one. What has no id is left out.
fn listed(body: &[u8]) -> Vec<Device> {
    let told: Value = serde_json::from_slice(body).unwrap_or_default();
    let list = told.as_array().or_else(|| told.get("devices")?.as_array()).cloned().unwrap_or_default();
    let text = |device: &Value, key: &str| device.get(key).and_then(Value::as_str).map(str::to_owned);
    let shown = |device: &Value| {
        Some(Device {
            id: text(device, "id")?,
            kind: text(device, "kind").unwrap_or_default(),
            name: text(device, "name").unwrap_or_default(),
            state: device.get("state").and_then(|state| DeviceState::deserialize(state).ok()).unwrap_or_default(),
            what: text(device, "what"),
            since_ms: device.get("since_ms").and_then(Value::as_i64).unwrap_or(0),
        })
    };
    list.iter().filter_map(shown).collect()
}
