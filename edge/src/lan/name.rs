//! The box's name on the shop's network, told by multicast DNS (RFC 6762, 6763): a till opens `https://catena-rm01.local:7443` without knowing an
//! address, also after the router gave out new ones.
use mdns_sd::{IfKind, ServiceDaemon, ServiceInfo};
use std::net::SocketAddr;

/// What browsers of services look for.
const SERVICE: &str = "_https._tcp.local.";
/// Characters of one label of a name (RFC 1035 2.3.4).
const LABEL_MAX: usize = 63;

/// The name of a branch's box: of the branch's code, in letters, digits and hyphens.
pub fn host(branch_code: &str) -> String {
    let label: String = branch_code.to_ascii_lowercase().chars().filter(|char| char.is_ascii_alphanumeric() || *char == '-').collect();
    let label = format!("catena-{label}");
    let label = label[..label.len().min(LABEL_MAX)].trim_end_matches('-');
    format!("{label}.local")
}

/// Tells the name until it is dropped.
pub struct Told(ServiceDaemon);

/// Answers who asks for the name, on the networks that the box is listening on. `title` is what a list of services shows.
///
/// # Errors
/// No socket for multicast DNS.
pub fn tell(host: &str, title: &str, listening: SocketAddr) -> Result<Told, mdns_sd::Error> {
    let daemon = ServiceDaemon::new()?;
    let any: &[std::net::IpAddr] = &[];
    let properties: &[(&str, &str)] = &[("path", "/")];
    let name = format!("{host}.");
    let info = match listening.ip() {
        ip if ip.is_unspecified() => {
            daemon.disable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])?;
            ServiceInfo::new(SERVICE, title, &name, any, listening.port(), properties)?.enable_addr_auto()
        }
        ip => {
            daemon.disable_interface(IfKind::All)?;
            daemon.enable_interface(IfKind::Addr(ip))?;
            ServiceInfo::new(SERVICE, title, &name, ip, listening.port(), properties)?
        }
    };
    daemon.register(info)?;
    Ok(Told(daemon))
}

impl Drop for Told {
    fn drop(&mut self) {
        // Tells the network that the name is gone; nobody waits for it.
        let _ = self.0.shutdown();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("RM01", "catena-rm01.local")]
    #[case("人民路-2", "catena--2.local")]
    #[case("人民路", "catena.local")]
    #[case("", "catena.local")]
    fn a_name_is_made_of_what_a_name_may_hold(#[case] code: &str, #[case] name: &str) {
        assert_eq!(host(code), name);
    }

    #[test]
    fn a_name_is_no_longer_than_a_label() {
        assert_eq!(host(&"a".repeat(200)).len(), LABEL_MAX + ".local".len());
    }
}
