//! The lab as a program: `lab --dir D [--listen 127.0.0.1:0] [--columns 48] [--no-cutter] [--one-way] [--tcp]`.
//!
//! Prints `READY <device> <path>` for each device and `LISTEN <address>`, then takes commands from its standard input.

use hardware::{
    lab::{Lab, Scene, http},
    printer::simulator::Model,
};
use std::{io, path::PathBuf, process::ExitCode, thread};
use tokio::{net::TcpListener, signal, sync::mpsc};

const USAGE: &str = "lab --dir DIR [--listen ADDRESS] [--columns 32|48] [--no-cutter] [--one-way] [--tcp]";

struct Options {
    dir: PathBuf,
    listen: String,
    scene: Scene,
}

fn options(mut words: impl Iterator<Item = String>) -> Option<Options> {
    let (mut dir, mut listen, mut model, mut printer_tcp) = (None, "127.0.0.1:0".to_owned(), Model::default(), false);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--dir" => dir = Some(PathBuf::from(words.next()?)),
            "--listen" => listen = words.next()?,
            "--columns" => model.columns = words.next()?.parse().ok().filter(|columns| matches!(columns, 32 | 42 | 48))?,
            "--no-cutter" => model.cutter = false,
            "--one-way" => model.answers = false,
            "--tcp" => printer_tcp = true,
            _ => return None,
        }
    }
    Some(Options { dir: dir?, listen, scene: Scene { printer: model, printer_tcp, ..Scene::default() } })
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(options) = options(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    match run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("lab: {fault}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> io::Result<()> {
    let lab = Lab::start(&options.dir, options.scene).await?;
    let listener = TcpListener::bind(&options.listen).await?;
    for line in lab.ready_lines() {
        println!("{line}");
    }
    println!("LISTEN {}", listener.local_addr()?);
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    tokio::select! {
        served = http::serve(lab.clone(), listener) => served,
        () = commands(&lab) => Ok(()),
        interrupted = signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

/// Lines of the standard input; when it ends the lab stays. Read by a thread of its own, which does not hold up the end.
async fn commands(lab: &Lab) {
    let (sender, mut lines) = mpsc::channel(1);
    thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    while let Some(line) = lines.recv().await {
        match lab.command(&line) {
            _ if line.trim().is_empty() => {}
            Ok(said) => println!("{said}"),
            Err(fault) => println!("{fault}"),
        }
    }
    std::future::pending().await
}
