//! What it costs a service that `svc` keeps its output.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use super::svc::Svc;
use super::{Manager, PATIENCE};

use crate::process::run;
use crate::table::{Column, Table};

/// The hidden word that makes this program write and nothing else.
pub(crate) const WRITE: &str = "--write";

/// Megabytes, as many in a second.
const MEGABYTES: u32 = 1_000;
const PER_SECOND: u32 = 100;

pub(super) fn measure(root: &Path) -> Result<Table, String> {
    let columns = [
        Column::new("seconds", 3),
        Column::new("CPU of the service, s", 2),
        Column::new("CPU of the logger, s", 2),
    ];
    let mut table = Table::new(
        "capture",
        "A service that writes 1 GB, 100 MB in a second",
        &columns,
    );
    eprintln!("services: capture");
    let report = root.join("report");
    let [seconds, own] = into_a_file(root, &report)?;
    table.row("into a file of its own", [Some(seconds), Some(own), None]);
    let ([seconds, own], logger) = captured(root, &report)?;
    table.row("kept by svc", [Some(seconds), Some(own), Some(logger)]);
    Ok(table)
}

fn writer(report: &Path) -> Result<Command, String> {
    let mut command = Command::new(std::env::current_exe().map_err(|error| error.to_string())?);
    command.arg(WRITE).arg(report);
    Ok(command)
}

fn into_a_file(root: &Path, report: &Path) -> Result<[f64; 2], String> {
    let output = File::create(root.join("output")).map_err(|error| error.to_string())?;
    let status = writer(report)?.stdout(output).status();
    status.map_err(|error| error.to_string())?;
    let _ = fs::remove_file(root.join("output"));
    read(report).ok_or_else(|| "the writer reports nothing".to_owned())
}

fn captured(root: &Path, report: &Path) -> Result<([f64; 2], f64), String> {
    let _ = fs::remove_file(report);
    let svc = Svc::empty(root)?;
    let writer = writer(report)?;
    let mut add = svc.command(&["add", "writer", "--"]);
    run(add.arg(writer.get_program()).args(writer.get_args()))?;
    run(&mut svc.command(&["start", "writer"]))?;
    let logger = svc.processes("logger");
    let logger = *logger.first().ok_or("there is no logger")?;
    let start = Instant::now();
    while start.elapsed() < PATIENCE + PATIENCE {
        if let Some(times) = read(report) {
            return Ok((times, cpu(logger)?));
        }
        thread::sleep(Duration::from_millis(10));
    }
    Err("the writer did not end".into())
}

/// The seconds, and those of CPU, that the writer took.
fn read(report: &Path) -> Option<[f64; 2]> {
    let text = fs::read_to_string(report).ok()?;
    let mut numbers = text.strip_suffix('\n')?.split(' ').map(str::parse);
    Some([numbers.next()?.ok()?, numbers.next()?.ok()?])
}

/// The seconds of CPU that a process has taken.
fn cpu(pid: i32) -> Result<f64, String> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).map_err(|error| error.to_string())?;
    let times = threads.flatten().filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    Ok(times.sum::<f64>() / 1e9)
}

/// Writes lines at the rate of [`measure`], then its times into the file `report`. It stays for a
/// second, so that its logger does too.
pub(crate) fn write(report: &str) -> ExitCode {
    let written = write_lines().and_then(|seconds| {
        let own = i32::try_from(std::process::id()).unwrap_or_default();
        let own = cpu(own).unwrap_or_default();
        fs::write(report, format!("{seconds} {own}\n"))
    });
    thread::sleep(Duration::from_secs(1));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn write_lines() -> std::io::Result<f64> {
    let line = [&[b'x'; 99][..], b"\n"].concat();
    let megabyte = line.repeat(10_000);
    let mut output = std::io::stdout().lock();
    let start = Instant::now();
    for written in 0..MEGABYTES {
        let due = start + Duration::from_secs(1) * written / PER_SECOND;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        output.write_all(&megabyte)?;
    }
    output.flush()?;
    Ok(start.elapsed().as_secs_f64())
}
