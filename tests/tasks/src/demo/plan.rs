//! Where everything of a demo lies and listens, and what is told to the person who started it.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

use crate::failure::Failure;
use crate::ground::Ground;
use crate::sample::{self, Branch};

const PORT: u16 = 8800;
const BRANCHES: usize = 2;
/// Ports of devices follow those of the branches at this distance.
const BRANCHES_MAX: usize = 99;

pub struct Plan {
    pub data: PathBuf,
    pub port: u16,
    pub branches: Vec<Branch>,
}

impl Plan {
    pub fn from(ground: &Ground, args: &[String]) -> Result<Self, Failure> {
        let (mut data, mut port, mut count) = (ground.root.join(".demo"), PORT, BRANCHES);
        let mut rest = args.iter();
        while let Some(name) = rest.next() {
            let value = rest.next().ok_or_else(|| Failure::Usage { what: format!("{name} needs a value") })?;
            let wrong = |_| Failure::Usage { what: format!("{name} {value} is no number") };
            match name.as_str() {
                "--data" => data = PathBuf::from(value),
                "--port" => port = value.parse().map_err(wrong)?,
                "--branches" => count = value.parse().map_err(wrong)?,
                _ => return Err(Failure::Usage { what: format!("{name} is not known") }),
            }
        }
        if count == 0 || count > BRANCHES_MAX || port > u16::MAX - 300 {
            return Err(Failure::Usage { what: format!("1 to {BRANCHES_MAX} branches, ports up to {}", u16::MAX - 300) });
        }
        let data = std::path::absolute(&data).map_err(|cause| Failure::Disk { path: data, cause })?;
        Ok(Self { data, port, branches: sample::branches(count) })
    }

    /// Fails with the first port that somebody else listens on.
    pub fn ports_free(&self) -> Result<(), Failure> {
        let numbers = 1..=self.branches.len();
        let ports = numbers.flat_map(|number| [self.edge_port(number), self.lab_port(number)]).chain([self.port]);
        for port in ports {
            TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, port)).map_err(|cause| Failure::PortTaken { port, cause })?;
        }
        Ok(())
    }

    pub fn address(&self, port: u16) -> String {
        format!("127.0.0.1:{port}")
    }

    pub fn edge_port(&self, number: usize) -> u16 {
        self.port + number as u16
    }

    pub fn lab_port(&self, number: usize) -> u16 {
        self.port + 100 + number as u16
    }

    pub fn hub_data(&self) -> PathBuf {
        self.data.join("hub")
    }

    /// What `hub init` said: it says the first sign-in once only.
    pub fn hub_sign_in(&self) -> PathBuf {
        self.data.join("hub-sign-in.txt")
    }

    pub fn sample(&self) -> PathBuf {
        self.data.join("sample")
    }

    /// Written when the import is done. It grows with the number of branches, so a larger second start imports again.
    pub fn imported(&self) -> PathBuf {
        self.data.join(format!("imported-{}.txt", self.branches.len()))
    }

    pub fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }

    pub fn edge_data(&self, number: usize) -> PathBuf {
        self.data.join(format!("branch-{number}"))
    }

    pub fn devices(&self, number: usize) -> PathBuf {
        self.data.join(format!("branch-{number}-devices"))
    }

    pub fn enrolled(&self, number: usize) -> PathBuf {
        self.data.join(format!("branch-{number}-enrolled"))
    }

    pub fn edge_config(&self, number: usize) -> PathBuf {
        self.edge_data(number).join("edge.toml")
    }

    /// Addresses, sign-ins, and `ready` as the last line.
    pub fn tell(&self) -> Result<(), Failure> {
        let staff = sample::sign_ins(&self.branches);
        let hub = fs::read_to_string(self.hub_sign_in()).unwrap_or_default();
        println!("\n总部 Head office    http://{}/", self.address(self.port));
        hub.trim().lines().for_each(|line| println!("    {line}"));
        for (number, branch) in (1..).zip(&self.branches) {
            println!("\n{} {}    http://{}/", branch.name, branch.name_en, self.address(self.edge_port(number)));
            println!(
                "    设备 devices: http://{}/  (刷卡 swipe 6001, 来电 ring 13800138000, 缺纸 paper out)",
                self.address(self.lab_port(number))
            );
            for person in staff.iter().filter(|person| person.branch == branch.code) {
                println!("    {:<10} 工号 staff {}  PIN {}  {}", person.role, person.code, person.pin, person.name);
            }
        }
        println!("\n日志 logs: {}    停止 stop: Ctrl-C\nready", self.logs().display());
        Ok(())
    }
}

/// The code in what `hub enrol-code` said: its longest word of digits, letters and dashes.
pub fn code_in(said: &str) -> Option<&str> {
    let plain = |word: &&str| word.len() >= 8 && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    said.split_whitespace().filter(plain).max_by_key(|word| word.len())
}

/// The branch's configuration: which port is which device. The lab names them as it pleases, the edge by its kinds.
pub fn config(ports: &[(String, String)]) -> String {
    let kinds = [("reader", "reader"), ("printer", "printer"), ("modem", "caller_id")];
    let device = |(device, path): &(String, String)| {
        let (_, kind) = kinds.iter().find(|(lab, _)| lab == device)?;
        Some(format!("\n[[device]]\nkind = \"{kind}\"\naddress = \"{path}\"\n"))
    };
    format!(
        "# Written by `cargo demo` at each start: the simulated devices of this branch.\n{}",
        ports.iter().filter_map(device).collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(args: &[&str]) -> Result<Plan, Failure> {
        Plan::from(&Ground::here(), &args.iter().map(|arg| arg.to_string()).collect::<Vec<_>>())
    }

    #[test]
    fn ports_follow_the_hub() {
        let plan = plan(&["--branches", "3", "--port", "9000"]).expect("a good plan");
        assert_eq!((plan.branches.len(), plan.edge_port(3), plan.lab_port(3)), (3, 9003, 9103));
    }

    #[test]
    fn devices_of_the_lab_become_devices_of_the_edge() {
        let ports = [("modem".to_string(), "/run/modem".to_string())];
        assert!(config(&ports).ends_with("\n[[device]]\nkind = \"caller_id\"\naddress = \"/run/modem\"\n"));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [&["--branches"][..], &["--branches", "0"], &["--branches", "many"], &["--port", "65535"], &["--speed", "1"]] {
            assert!(matches!(plan(bad), Err(Failure::Usage { .. })), "{bad:?}");
        }
    }

    #[test]
    fn the_code_is_found_in_a_sentence() {
        assert_eq!(code_in("code for 人民路店, 15 minutes:\n7K3M-92QX-AB4D-7H2P-9ZWE\n"), Some("7K3M-92QX-AB4D-7H2P-9ZWE"));
        assert_eq!(code_in("no code"), None);
    }
}
