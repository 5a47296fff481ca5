//! The ports of this machine, each under a name that stays: by the adapter's serial number, else by its USB socket.
//! Read from the kernel's files, without libudev.

use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// One port that a device may hang on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPort {
    /// What to write into the configuration.
    pub stable: PathBuf,
    /// What the kernel calls it today.
    pub device: PathBuf,
    pub kind: PortKind,
    /// What `stable` follows when cables move.
    pub bound_to: BoundTo,
    pub usb: Option<Usb>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortKind {
    Serial,
    UsbPrinter,
    /// A simulated line.
    Pty,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoundTo {
    /// The adapter, wherever it is plugged in.
    Adapter,
    /// The socket, whatever is plugged in: cheap adapters have no serial number and cannot be told apart.
    Socket,
    /// Nothing: the name may change at the next start.
    Name,
}

/// What a USB adapter says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usb {
    /// Four hex digits each.
    pub vendor: String,
    pub product: String,
    pub serial_number: Option<String>,
    pub maker: Option<String>,
    pub name: Option<String>,
}

/// All ports, in the order of their stable names. `extra` are folders of links to simulated lines.
pub fn list(extra: &[PathBuf]) -> Vec<FoundPort> {
    let known = serialport::available_ports().unwrap_or_default();
    let mut found: Vec<FoundPort> = known.into_iter().map(serial).collect();
    found.extend(usb_printers(Path::new("/dev/usb")));
    name_by_links(&mut found, Path::new("/dev/serial/by-id"), Path::new("/dev/serial/by-path"));
    found.extend(extra.iter().flat_map(|folder| ptys(folder)));
    found.sort_by(|left, right| left.stable.cmp(&right.stable));
    found
}

fn serial(port: serialport::SerialPortInfo) -> FoundPort {
    let device = PathBuf::from(port.port_name);
    let usb = match port.port_type {
        serialport::SerialPortType::UsbPort(usb) => Some(Usb {
            vendor: format!("{:04x}", usb.vid),
            product: format!("{:04x}", usb.pid),
            serial_number: usb.serial_number,
            maker: usb.manufacturer,
            name: usb.product,
        }),
        serialport::SerialPortType::PciPort | serialport::SerialPortType::BluetoothPort | serialport::SerialPortType::Unknown => None,
    };
    FoundPort { stable: device.clone(), device, kind: PortKind::Serial, bound_to: BoundTo::Name, usb }
}

/// Printer class files: `lp0`, `lp1`, …
fn usb_printers(folder: &Path) -> Vec<FoundPort> {
    let is_printer = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("lp"));
    let paths = entries(folder).into_iter().filter(is_printer);
    paths
        .map(|path| FoundPort { stable: path.clone(), device: path, kind: PortKind::UsbPrinter, bound_to: BoundTo::Name, usb: None })
        .collect()
}

/// Gives ports the names of udev's links. Two equal adapters without serial number share one link by id: then the socket counts.
fn name_by_links(found: &mut [FoundPort], by_id: &Path, by_path: &Path) {
    let (adapters, sockets) = (links(by_id), links(by_path));
    for port in found {
        let numbered = port.usb.as_ref().is_some_and(|usb| usb.serial_number.is_some());
        if let Some(link) = adapters.get(&port.device).filter(|_| numbered) {
            (port.stable, port.bound_to) = (link.clone(), BoundTo::Adapter);
        } else if let Some(link) = sockets.get(&port.device) {
            (port.stable, port.bound_to) = (link.clone(), BoundTo::Socket);
        }
    }
}

/// Links in a folder that lead to ptys.
fn ptys(folder: &Path) -> Vec<FoundPort> {
    let lines = links(folder).into_iter().filter(|(device, _)| device.starts_with("/dev/pts"));
    lines.map(|(device, stable)| FoundPort { stable, device, kind: PortKind::Pty, bound_to: BoundTo::Socket, usb: None }).collect()
}

/// Where each link of a folder leads, as target → link.
fn links(folder: &Path) -> BTreeMap<PathBuf, PathBuf> {
    let all = entries(folder).into_iter().filter(|path| path.is_symlink());
    all.filter_map(|link| Some((fs::canonicalize(&link).ok()?, link))).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::os::unix::fs::symlink;

    // An adapter with a serial number is known anywhere; one without by its socket; one without links by today's name only.
    #[rstest]
    #[case::numbered(Some("A1"), true, BoundTo::Adapter, "by-id/x")]
    #[case::cheap(None, true, BoundTo::Socket, "by-path/x")]
    #[case::no_links(Some("A1"), false, BoundTo::Name, "ttyUSB0")]
    fn stable_names(#[case] serial_number: Option<&str>, #[case] linked: bool, #[case] bound_to: BoundTo, #[case] stable: &str) {
        let root = std::env::temp_dir().join(format!("ports-{}-{stable}", std::process::id()).replace('/', "-"));
        let _old = fs::remove_dir_all(&root);
        for folder in ["by-id", "by-path"] {
            fs::create_dir_all(root.join(folder)).expect("a folder in the temporary folder");
        }
        let root = fs::canonicalize(root).expect("made just now");
        let device = root.join("ttyUSB0");
        fs::write(&device, "").expect("a file in the temporary folder");
        if linked {
            symlink(&device, root.join("by-id/x")).expect("a link");
            symlink(&device, root.join("by-path/x")).expect("a link");
        }
        let usb = Some(Usb { serial_number: serial_number.map(str::to_owned), ..Usb::default() });
        let mut found = [FoundPort { stable: device.clone(), device, kind: PortKind::Serial, bound_to: BoundTo::Name, usb }];
        name_by_links(&mut found, &root.join("by-id"), &root.join("by-path"));
        assert_eq!((found[0].bound_to, found[0].stable.clone()), (bound_to, root.join(stable)));
        fs::remove_dir_all(root).expect("removing what was made");
    }

    #[test]
    fn printers_are_listed() {
        let root = std::env::temp_dir().join(format!("printers-{}", std::process::id()));
        fs::create_dir_all(&root).expect("a folder");
        fs::write(root.join("lp0"), "").expect("a file");
        fs::write(root.join("hiddev0"), "").expect("a file");
        let found = usb_printers(&root);
        assert_eq!(
            found.iter().map(|port| (port.device.clone(), port.kind)).collect::<Vec<_>>(),
            [(root.join("lp0"), PortKind::UsbPrinter)]
        );
        fs::remove_dir_all(root).expect("removing what was made");
    }
}
