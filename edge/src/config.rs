//! `edge.toml` in the data folder; every key may also come from the environment or a flag. `docs/operating` explains each.
use std::path::Path;

/// All of it optional: an edge runs without a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of this box's first till; slips say 几号机.
    pub till: Option<u16>,
    /// A file on a second medium that holds what head office lacks, written before each answer.
    pub mirror: Option<std::path::PathBuf>,
    #[serde(rename = "device")]
    pub devices: Vec<Device>,
}

/// A device bound to a stable path.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    pub kind: Kind,
    /// What people call it; empty: what it is.
    #[serde(default)]
    pub name: String,
    /// `/dev/serial/by-id/…`, `/dev/usb/lp0`, or `tcp:host:port`.
    pub address: String,
    /// Bits per second of a serial line; the kind's usual speed if absent.
    pub baud: Option<u32>,
    /// Of a printer: `80mm`, `58mm`.
    pub profile: Option<String>,
    /// Of a printer: the tills whose slips it prints. Slips of a till that no printer names go to the first printer.
    #[serde(default)]
    pub tills: Vec<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Reader,
    Printer,
    CallerId,
}

/// Why a config file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct Unusable {
    path: String,
    why: String,
}

impl Kind {
    /// As in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Reader => "reader",
            Kind::Printer => "printer",
            Kind::CallerId => "caller_id",
        }
    }
}

impl Config {
    /// The file in the data folder; defaults where there is none.
    ///
    /// # Errors
    /// A file that cannot be read or says something unknown, with the line.
    pub fn load(folder: &Path) -> Result<Config, Unusable> {
        let path = folder.join("edge.toml");
        let unusable = |why: String| Unusable { path: path.display().to_string(), why };
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| unusable(error.to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
            Err(error) => Err(unusable(error.to_string())),
        }
    }
}
