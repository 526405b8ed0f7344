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
use crate::timer::median;

/// The hidden word that makes this program write and nothing else.
pub(crate) const WRITE: &str = "--write";

/// Megabytes in a second.
const PER_SECOND: u32 = 100;

/// Rounds. The medians count.
const ROUNDS: usize = 3;

pub(super) fn measure(root: &Path, services: u16) -> Result<Table, String> {
    let columns = [
        Column::new("MB in a second", 1),
        Column::new("CPU of the service, % of a core", 1),
        Column::new("CPU of the logger, % of a core", 1),
    ];
    // A gigabyte in the whole measurement, and less in one that only tries it.
    let megabytes = u32::from(services) * 2;
    let title = format!("A service that writes {PER_SECOND} MB in a second, {megabytes} in all");
    let mut table = Table::new("capture", &title, &columns);
    let report = root.join("report");
    eprintln!("services: capture");
    let mut file = vec![];
    let mut log = vec![];
    for _ in 0..ROUNDS {
        file.push(into_a_file(root, &report, megabytes)?);
        log.push(captured(root, &report, megabytes)?);
    }
    let median_of =
        |rounds: &[Round], value: fn(&Round) -> f64| Some(median(rounds.iter().map(value)));
    let row = |rounds: &[Round]| {
        [
            median_of(rounds, |round| round.megabytes / round.seconds),
            median_of(rounds, |round| round.own * 100.0 / round.seconds),
        ]
    };
    let [rate, own] = row(&file);
    table.row("into a file of its own", [rate, own, None]);
    let [rate, own] = row(&log);
    let logger = median_of(&log, |round| round.logger * 100.0 / round.seconds);
    table.row("kept by svc", [rate, own, logger]);
    Ok(table)
}

/// The times of one round, in seconds.
struct Round {
    megabytes: f64,
    seconds: f64,
    /// Those of the service's CPU.
    own: f64,
    /// Those of the logger's CPU.
    logger: f64,
}

fn writer(report: &Path, megabytes: u32) -> Result<Command, String> {
    let _ = fs::remove_file(report);
    let mut command = Command::new(std::env::current_exe().map_err(|error| error.to_string())?);
    command.arg(WRITE).arg(report).arg(megabytes.to_string());
    Ok(command)
}

fn into_a_file(root: &Path, report: &Path, megabytes: u32) -> Result<Round, String> {
    let output = File::create(root.join("output")).map_err(|error| error.to_string())?;
    let status = writer(report, megabytes)?.stdout(output).status();
    status.map_err(|error| error.to_string())?;
    let _ = fs::remove_file(root.join("output"));
    let [seconds, own] = read(report).ok_or("the writer reports nothing")?;
    Ok(Round {
        megabytes: megabytes.into(),
        seconds,
        own,
        logger: 0.0,
    })
}

fn captured(root: &Path, report: &Path, megabytes: u32) -> Result<Round, String> {
    let svc = Svc::empty(root)?;
    let writer = writer(report, megabytes)?;
    let mut add = svc.command(&["add", "writer", "--"]);
    run(add.arg(writer.get_program()).args(writer.get_args()))?;
    run(&mut svc.command(&["start", "writer"]))?;
    let logger = svc.processes("logger");
    let logger = *logger.first().ok_or("there is no logger")?;
    let start = Instant::now();
    while start.elapsed() < PATIENCE + PATIENCE {
        if let Some([seconds, own]) = read(report) {
            return Ok(Round {
                megabytes: megabytes.into(),
                seconds,
                own,
                logger: cpu(logger)?,
            });
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
pub(crate) fn write(report: &str, megabytes: &str) -> ExitCode {
    let written = write_lines(megabytes.parse().unwrap_or(0)).and_then(|seconds| {
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

fn write_lines(megabytes: u32) -> std::io::Result<f64> {
    let line = [&[b'x'; 99][..], b"\n"].concat();
    let megabyte = line.repeat(10_000);
    let mut output = std::io::stdout().lock();
    let start = Instant::now();
    for written in 0..megabytes {
        let due = start + Duration::from_secs(1) * written / PER_SECOND;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        output.write_all(&megabyte)?;
    }
    output.flush()?;
    Ok(start.elapsed().as_secs_f64())
}
