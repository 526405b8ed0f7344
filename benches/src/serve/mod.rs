//! `examples/serve` beside nginx, gunicorn and twistd: throughput, memory, and what reloads lose.

mod clients;
mod servers;

use std::process::Command;
use std::time::{Duration, Instant};

use crate::table::{Column, Table};
use crate::timer::median;

use clients::Clients;
use servers::{Kind, Server};

/// How many processes answer, in each server.
pub(super) const WORKERS: usize = 2;

/// How many clients ask at once.
const CLIENTS: usize = 32;

/// How long each load lasts, and how often it is repeated. The medians count.
const SECONDS: u32 = 4;
const ROUNDS: usize = 3;

/// How many requests are asked over the reloads of a server, ours and others.
const REQUESTS: u64 = 1_000_000;
const PEER_REQUESTS: u64 = 100_000;
const RELOADS: u64 = 100;
const EXECUTIONS: u64 = 20;

/// The limit for something that should take milliseconds.
const PATIENCE: Duration = Duration::from_mins(1);

const LOAD: &str = "2 workers and 32 clients that keep their connections, on one machine";

pub(crate) fn measure() -> Result<Vec<Table>, String> {
    Ok(vec![losses(), load()?])
}

/// Runs every server that is here.
fn each(kinds: &[Kind], mut measure: impl FnMut(&mut Server) -> Result<(), String>) {
    for kind in kinds {
        eprintln!("serve: {kind}");
        if let Err(problem) = Server::start(kind).and_then(|mut server| measure(&mut server)) {
            eprintln!("{kind} is skipped: {problem}");
        }
    }
}

fn load() -> Result<Table, String> {
    let wrk = Command::new("wrk").arg("-v").output();
    wrk.map_err(|_| "it needs wrk, which Debian has".to_owned())?;
    let columns = [
        Column::new("echo, requests/s", 0),
        Column::new("p50, ms", 2),
        Column::new("p99, ms", 2),
        Column::new("1 KiB file, requests/s", 0),
        Column::new("p50 of it, ms", 2),
        Column::new("p99 of it, ms", 2),
        Column::new("start to first answer, ms", 0),
        Column::new("parent at rest (PSS), MB", 1),
        Column::new("worker at rest (PSS), MB", 1),
    ];
    let mut table = Table::new("serve-load", LOAD, &columns);
    each(&servers::all(), |server| {
        let starts = [server.started, Server::start(&server.kind)?.started];
        let mut row = vec![];
        let (parent, worker) = server.memory();
        for path in ["/echo", "/file/1k.txt"] {
            let speeds = if server.has(path) {
                let url = server.url(path);
                let rounds: Result<Vec<_>, _> = (0..ROUNDS).map(|_| wrk_on(&url)).collect();
                let rounds = rounds?;
                [0, 1, 2].map(|column| Some(median(rounds.iter().map(|round| round[column]))))
            } else {
                [None; 3]
            };
            row.extend(speeds);
        }
        row.extend([Some(median(starts.into_iter())), Some(parent), worker]);
        table.row(&server.kind.to_string(), row);
        Ok(())
    });
    Ok(table)
}

/// Requests a second, and the 50th and 99th percentile of their times in ms.
fn wrk_on(url: &str) -> Result<[f64; 3], String> {
    let clients = CLIENTS.to_string();
    let seconds = format!("{SECONDS}s");
    let output = Command::new("wrk")
        .args(["-t1", "-c", &clients, "-d", &seconds, "--latency", url])
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        return Err(format!("{url}: {text}"));
    }
    let word = |name: &str| {
        let line = text
            .lines()
            .map(str::trim)
            .find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)
    };
    let time = |name| {
        let (number, unit) = word(name)?.split_at(word(name)?.find(char::is_alphabetic)?);
        let scale = match unit {
            "us" => 1e-3,
            "ms" => 1.0,
            _ => 1e3,
        };
        Some(number.parse::<f64>().ok()? * scale)
    };
    let speed = word("Requests/sec:").and_then(|speed| speed.parse().ok());
    match (speed, time("50%"), time("99%")) {
        (Some(speed), Some(half), Some(most)) => Ok([speed, half, most]),
        _ => Err(format!("wrk said: {text}")),
    }
}

fn losses() -> Table {
    let columns = [
        Column::new("requests", 0),
        Column::new("reloads", 0),
        Column::new("executions", 0),
        Column::new("lost on new connections", 0),
        Column::new("lost on kept connections", 0),
        Column::new("HUP to the next generation, ms", 0),
    ];
    let title = "Requests lost over reloads, half of them each on a new connection";
    let mut table = Table::new("serve-losses", title, &columns);
    each(&servers::that_reload(), |server| {
        let is_ours = server.kind.is_ours();
        let requests = if is_ours { REQUESTS } else { PEER_REQUESTS };
        let executions = if is_ours { EXECUTIONS } else { 0 };
        let changes = RELOADS + executions;
        let clients = Clients::start(&server.address, "/echo", CLIENTS);
        let mut times = vec![];
        for change in 1..=changes {
            clients.wait_for(requests * change / (changes + 1));
            // One execution after each five reloads.
            let is_reload = !is_ours || change % 6 != 0;
            let time = next_generation(server, if is_reload { "-HUP" } else { "-USR1" })?;
            if is_reload {
                times.push(time);
            }
        }
        clients.wait_for(requests);
        let (asked, [on_new, on_kept]) = clients.stop();
        #[allow(
            clippy::cast_precision_loss,
            reason = "they are counts of at most millions"
        )]
        let number = |count: u64| Some(count as f64);
        let counts = [asked, RELOADS, executions, on_new, on_kept].map(number);
        table.row(
            &server.kind.to_string(),
            counts.into_iter().chain([Some(median(times.into_iter()))]),
        );
        Ok(())
    });
    table
}

/// Signals, and gives the milliseconds until there are as many new workers as before and one more
/// connection is answered.
fn next_generation(server: &Server, signal: &str) -> Result<f64, String> {
    let old = server.workers();
    let begun = Instant::now();
    servers::kill(server.id(), signal);
    let is_new = |worker: &&u32| !old.contains(worker);
    while server.workers().iter().filter(is_new).count() < WORKERS {
        if begun.elapsed() > PATIENCE {
            return Err(format!("{signal} has no effect"));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    clients::ask_once(&server.address, "/echo").map_err(|error| error.to_string())?;
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}
