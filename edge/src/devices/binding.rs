//! Which device hangs where: what `edge.toml` names, and over it what was bound on the device page. Bindings of the page are drafts, so they
//! survive restarts; a device of the file that was unbound stays unbound until it is bound again.
use crate::config::{self, Kind};
use hardware::PortAddress;
use shared::base::DeviceId;
use shared::base::ids::derived;
use shared::journal::{Fault, Read};
use shared::store::drafts;
use std::path::PathBuf;

/// Draft kind.
pub const DEVICE: &str = "device";

/// A device and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub id: DeviceId,
    pub device: config::Device,
}

/// What a draft holds; `device` none: unbound although the file names it.
#[derive(serde::Serialize, serde::Deserialize)]
struct Kept {
    device: Option<config::Device>,
}

/// An address that names no port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such address")]
pub struct BadAddress;

impl Binding {
    /// A device of the file: its id follows from kind and name, where it has none from kind and address, so that it keeps its page binding
    /// when the file is written again.
    pub fn of_file(device: config::Device) -> Binding {
        let kind = format!("{:?}", device.kind);
        let name = if device.name.is_empty() { &device.address } else { &device.name };
        Binding { id: DeviceId(derived("device", &[kind.as_bytes(), name.as_bytes()])), device }
    }

    /// Its name, else the code of its kind.
    pub fn called(&self) -> String {
        match self.device.name.as_str() {
            "" => self.device.kind.code().into(),
            name => name.into(),
        }
    }

    /// What drivers open.
    ///
    /// # Errors
    /// `BadAddress`.
    pub fn port(&self) -> Result<PortAddress, BadAddress> {
        let mut port: PortAddress = self.device.address.trim().parse().map_err(|_| BadAddress)?;
        if let (PortAddress::Serial { line, .. }, Some(baud)) = (&mut port, self.device.baud) {
            line.baud = baud;
        }
        Ok(port)
    }

    /// The device file, as it was bound.
    pub fn path(&self) -> Option<PathBuf> {
        match self.port().ok()? {
            PortAddress::Serial { path, .. } | PortAddress::Usb { path } => Some(path),
            PortAddress::Tcp { .. } => None,
        }
    }

    /// What two devices cannot share: the file behind all links, or the address.
    pub fn place(&self) -> Option<String> {
        Some(match self.port().ok()? {
            PortAddress::Serial { path, .. } | PortAddress::Usb { path } => {
                std::fs::canonicalize(&path).unwrap_or(path).display().to_string()
            }
            PortAddress::Tcp { address } => address,
        })
    }

    /// What is left of it beside a printer that names some of its tills; none if that changes nothing.
    pub fn without_tills_of(&self, printer: &Binding) -> Option<Binding> {
        let mut left = self.clone();
        left.device.tills.retain(|till| !printer.device.tills.contains(till));
        (self.id != printer.id && left != *self).then_some(left)
    }

    /// The bytes of its draft.
    pub fn kept(&self) -> Vec<u8> {
        bytes(&Kept { device: Some(self.device.clone()) })
    }

    /// The bytes of the draft that unbinds a device of the file.
    pub fn gone() -> Vec<u8> {
        bytes(&Kept { device: None })
    }
}

fn bytes(kept: &Kept) -> Vec<u8> {
    // Texts and numbers only: writing them as JSON cannot fail.
    serde_json::to_vec(kept).unwrap_or_default()
}

/// All bindings: those of the file in its order, then those of the page in the order they were made.
///
/// # Errors
/// A fault of the store; `Damaged` if a draft cannot be read.
pub fn load(db: &dyn Read, file: &[config::Device]) -> Result<Vec<Binding>, Fault> {
    let mut bindings: Vec<Binding> = file.iter().cloned().map(Binding::of_file).collect();
    for (id, body) in drafts::drafts(db, DEVICE)? {
        let damaged = |why: String| Fault::Damaged(format!("a device's binding cannot be read: {why}"));
        let id = DeviceId(id.try_into().map_err(|_| damaged("its id".into()))?);
        let kept: Kept = serde_json::from_slice(&body).map_err(|error| damaged(error.to_string()))?;
        let at = bindings.iter().position(|binding| binding.id == id);
        match (at, kept.device) {
            (Some(at), Some(device)) => bindings[at].device = device,
            (Some(at), None) => drop(bindings.remove(at)),
            (None, Some(device)) => bindings.push(Binding { id, device }),
            (None, None) => {}
        }
    }
    Ok(bindings)
}

/// Profiles that a device of this kind may have, the usual one first.
pub fn profiles(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Printer => &hardware::printer::Profile::NAMES,
        Kind::Reader => &["card"],
        Kind::CallerId => &["modem"],
    }
}

/// Speeds of serial lines, the usual one first.
pub fn bauds(kind: Kind) -> &'static [u32] {
    match kind {
        Kind::Printer => &[9_600, 19_200, 38_400, 57_600, 115_200, 4_800],
        Kind::Reader => &[9_600, 19_200, 38_400, 115_200, 4_800, 2_400],
        Kind::CallerId => &[9_600, 19_200, 38_400, 57_600, 115_200, 1_200],
    }
}
