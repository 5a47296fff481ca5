//! `cargo demo`: a hub and its branches on this machine, the real binaries on the sample chain, devices simulated behind ptys.
//! What it writes lies in one folder; a second start with the same folder goes on where the first was stopped.

mod plan;
mod process;

use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::ground::Ground;
use crate::sample::{self, Branch};
use crate::shell::line;
use plan::Plan;
use process::{Company, Process};

/// Name of the sample chain.
const CHAIN: &str = "示范连锁";

pub const USAGE: &str =
    "cargo demo [--branches N] [--data DIR] [--port P]   start a chain here: hub on P, branch i on P+i, its devices on P+100+i";

pub fn run(ground: &Ground, args: &[String]) -> Result<(), Failure> {
    let plan = Plan::from(ground, args)?;
    plan.ports_free()?;
    for app in ground.apps() {
        println!("pages of {}", app.folder());
        uibuild::ensure(&ground.root, app).map_err(Failure::Pages)?;
    }
    println!("binaries (the first release build takes some minutes)");
    line(&ground.root, "cargo", ["build", "--release", "-p", "hub", "-p", "edge", "-p", "hardware", "--bins"]).run()?;

    let mut company = Company::new()?;
    let started = start(ground, &plan, &mut company);
    let outcome = started.and_then(|()| {
        plan.tell()?;
        company.wait_for_the_end()
    });
    company.stop();
    outcome
}

fn start(ground: &Ground, plan: &Plan, company: &mut Company) -> Result<(), Failure> {
    let disk = |path: &Path, cause| Failure::Disk { path: path.to_path_buf(), cause };
    fs::create_dir_all(plan.logs()).map_err(|cause| disk(&plan.logs(), cause))?;
    let hub = ground.binary("release", "hub");
    let hub_data = plan.hub_data();
    if !plan.hub_sign_in().is_file() {
        fs::create_dir_all(&hub_data).map_err(|cause| disk(&hub_data, cause))?;
        let said = line(
            &plan.data,
            &hub.to_string_lossy(),
            ["init".as_ref(), "--data".as_ref(), hub_data.as_os_str(), "--chain".as_ref(), CHAIN.as_ref()],
        )
        .read()?;
        fs::write(plan.hub_sign_in(), said).map_err(|cause| disk(&plan.hub_sign_in(), cause))?;
    }
    if !plan.imported().is_file() {
        println!("sample chain");
        sample::write(&plan.sample(), &plan.branches)?;
        let args = ["import".as_ref(), "--data".as_ref(), hub_data.as_os_str(), plan.sample().into_os_string().as_os_str()]
            .map(|arg: &std::ffi::OsStr| arg.to_owned());
        let said = line(&plan.data, &hub.to_string_lossy(), args).read()?;
        fs::write(plan.imported(), &said).map_err(|cause| disk(&plan.imported(), cause))?;
        print!("{said}");
    }
    let serve = ["serve".into(), "--data".into(), hub_data.into_os_string(), "--listen".into(), plan.address(plan.port).into()];
    company.add(Process::start("hub", &hub, &serve, &plan.data, &plan.logs().join("hub.log"))?);
    company.until_healthy(plan.port)?;
    plan.branches.iter().enumerate().try_for_each(|(at, branch)| start_branch(ground, plan, company, at + 1, branch))
}

fn start_branch(ground: &Ground, plan: &Plan, company: &mut Company, number: usize, branch: &Branch) -> Result<(), Failure> {
    let disk = |path: &Path, cause| Failure::Disk { path: path.to_path_buf(), cause };
    let (edge, hub) = (ground.binary("release", "edge"), ground.binary("release", "hub"));
    let (data, devices, name) = (plan.edge_data(number), plan.devices(number), format!("branch-{number}"));
    for folder in [&data, &devices] {
        fs::create_dir_all(folder).map_err(|cause| disk(folder, cause))?;
    }
    println!("{} {}", branch.name, branch.name_en);
    let lab = ["--dir".into(), devices.into_os_string(), "--listen".into(), plan.address(plan.lab_port(number)).into()];
    let lab_log = plan.logs().join(format!("{name}-devices.log"));
    company.add(Process::start(&format!("{name} devices"), &ground.binary("release", "lab"), &lab, &plan.data, &lab_log)?);
    let ports = company.until_devices(&lab_log)?;

    if !plan.enrolled(number).is_file() {
        let hub_data = plan.hub_data();
        let said = line(
            &plan.data,
            &hub.to_string_lossy(),
            ["enrol-code".as_ref(), "--data".as_ref(), hub_data.as_os_str(), "--branch".as_ref(), branch.name.as_ref()],
        )
        .read()?;
        let code = plan::code_in(&said).ok_or_else(|| Failure::Unexpected { line: "hub enrol-code".into(), said: said.clone() })?;
        let (hub_url, code) = (format!("http://{}", plan.address(plan.port)), code.to_string());
        let args = ["enrol", "--data", &data.to_string_lossy(), "--hub", &hub_url, "--code", &code].map(String::from);
        line(&plan.data, &edge.to_string_lossy(), args).read()?;
        fs::write(plan.enrolled(number), "").map_err(|cause| disk(&plan.enrolled(number), cause))?;
    }
    let config = plan.edge_config(number);
    fs::write(&config, plan::config(&ports)).map_err(|cause| disk(&config, cause))?;
    let serve = ["serve".into(), "--data".into(), data.into_os_string(), "--listen".into(), plan.address(plan.edge_port(number)).into()];
    let log = plan.logs().join(format!("{name}.log"));
    company.add(Process::start(&name, &edge, &serve, &plan.data, &log)?);
    company.until_healthy(plan.edge_port(number))
}
