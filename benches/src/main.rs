//! Measures what `lazy-prop` costs, beside what people would use instead.
//!
//! `cargo run --release -p benches -- all`, or one word for each table.

mod awaited;
mod callgrind;
mod chart;
mod collect;
mod commands;
mod compile;
mod hosts;
mod instructions;
mod memory;
mod nested;
mod peers;
mod precision;
mod process;
mod reads;
mod results;
mod serve;
mod services;
mod source;
mod subject;
mod table;
mod threads;
mod timer;

use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};

use subject::Work;
use table::Table;

const USAGE: &str = "\
usage: cargo run --release -p benches -- WORD

  instructions   of an accessor, against the same written by hand (needs valgrind)
  reads          and first reads, against what people would use instead
  threads        that read one host
  memory         of a property
  precision      of clearing: what methods of realistic hosts clear, and what of it needlessly
  compile        what a crate that uses the macro takes to build, and what its dependencies take
  commands       programs of them against clap's derive, and one of one against others
  services       kept by examples/svc, against supervisord, pm2 and pitchfork (needs python3 with venv and pip,
                 npm and cargo)
  services N     the same with N services, to try it: nothing is saved
  collect        by examples/collect, against Diamond and collectd (needs python3 with venv and pip,
                 and Debian's collectd-core)
  serve          examples/serve, against nginx, gunicorn and twistd (needs wrk, nginx, python3 with venv and pip)
  all            of these
  results        measures nothing: writes the page and the pictures once more

Each word prints its tables, saves them in benches/results as JSON, text and chart, and writes
benches/RESULTS.md and the pictures of the README.";

const WORDS: [&str; 10] = [
    "instructions",
    "reads",
    "threads",
    "memory",
    "precision",
    "compile",
    "commands",
    "services",
    "collect",
    "serve",
];

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [callgrind::WORK, id, part, times] => work(id, part, times),
        [services::WRITE, report, megabytes] => services::write(report, megabytes),
        ["services", count] => try_services(count),
        ["all"] => print_all(&WORDS),
        [word] if WORDS.contains(&word) => print_all(&[word]),
        ["results"] => print_all(&[]),
        ["--help" | "-h"] => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// Prints the tables for so many services, and saves nothing.
fn try_services(count: &str) -> ExitCode {
    let count = count.parse().ok().filter(|count| *count >= 10);
    let count = count.ok_or_else(|| "services: it is a number from 10 on".to_owned());
    match count.and_then(services::measure) {
        Ok(tables) => {
            for table in tables {
                println!("{}", table.markdown());
            }
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// Prints and saves all tables that can be measured. Fails if one cannot.
fn print_all(words: &[&str]) -> ExitCode {
    let machine = machine();
    if !words.is_empty() {
        println!("{machine}\n");
    }
    let mut code = ExitCode::SUCCESS;
    for word in words {
        let printed = tables(word)
            .and_then(|tables| tables.iter().try_for_each(|table| print(table, &machine)));
        if let Err(problem) = printed {
            eprintln!("skipped {word}: {problem}");
            code = ExitCode::FAILURE;
        }
    }
    if let Err(problem) = results::write(Path::new(env!("CARGO_MANIFEST_DIR"))) {
        eprintln!("{problem}");
        code = ExitCode::FAILURE;
    }
    code
}

fn tables(word: &str) -> Result<Vec<Table>, String> {
    match word {
        "instructions" => Ok(vec![instructions::measure()?]),
        "reads" => Ok(vec![reads::measure()?]),
        "threads" => Ok(vec![threads::measure()]),
        "memory" => Ok(vec![memory::measure()]),
        "precision" => Ok(vec![precision::measure()?]),
        "commands" => commands::measure(),
        "services" => services::measure(services::SERVICES),
        "collect" => collect::measure(),
        "serve" => serve::measure(),
        _ => compile::measure(),
    }
}

fn print(table: &Table, machine: &str) -> Result<(), String> {
    println!("{}", table.markdown());
    let results = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    let saved = table.save(&results, machine);
    saved.map_err(|error| format!("{}: {error}", results.display()))
}

/// The date, the processor and the compiler. A number means nothing without them.
fn machine() -> String {
    let said = |program: &str, argument: &str| {
        let output = Command::new(program).arg(argument).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let processor = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|info| {
            let line = info.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split(": ").nth(1)?.to_owned())
        });
    let cores = std::thread::available_parallelism()
        .ok()
        .map(|cores| format!("{cores} cores"));
    let parts = [
        said("date", "+%F"),
        processor,
        cores,
        said("rustc", "--version"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Does one piece of work this often and nothing else, for valgrind to count.
fn work(id: &str, part: &str, times: &str) -> ExitCode {
    match (find(id), times.parse()) {
        (Some(work), Ok(times)) => {
            callgrind::part(&work, part)(times);
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}

fn find(id: &str) -> Option<Work> {
    let subject = |name| reads::SUBJECTS.iter().find(|subject| subject.name == name);
    instructions::find(id).or_else(|| match id.split_once(": ")? {
        ("read", name) => Some(subject(name)?.read),
        (_, name) => subject(name)?.first,
    })
}
