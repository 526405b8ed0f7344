//! `svc` beside supervisord, pm2 and pitchfork: starts, looks at, kills and stops many services.

mod capture;
mod pitchfork;
mod pm2;
mod supervisord;
mod svc;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

pub(crate) use capture::{WRITE, write};

use self::pitchfork::Pitchfork;
use self::pm2::Pm2;
use self::supervisord::Supervisord;
use self::svc::Svc;

use crate::process::{pss, run};
use crate::table::{Column, Table};
use crate::timer::median;

/// The number of services.
pub(crate) const SERVICES: u16 = 500;

/// The command of each.
const PROGRAM: &str = "sleep 100000";

/// The limit for something that should take milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn measure(services: u16) -> Result<Vec<Table>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/benches/services");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).map_err(|error| format!("{}: {error}", root.display()))?;
    let start = format!("start {services}, s");
    let list = format!("list {services}, ms");
    let stop = format!("stop {services}, s");
    let columns = [
        Column::new(&start, 2),
        Column::new(&list, 1),
        Column::new("status of one, ms", 1),
        Column::new("crash to running again, ms", 1),
        Column::new("memory for each (PSS), kB", 0),
        Column::new(&stop, 2),
    ];
    let title = format!("{services} services that sleep");
    let mut table = Table::new("services", &title, &columns);
    eprintln!("services: svc");
    table.row("svc", Svc::new(&root, services)?.measure()?);
    eprintln!("services: svc, without logs");
    let quiet = Svc::without_logs(&root, services)?.measure()?;
    table.row("svc, without logs", quiet);
    eprintln!("services: supervisord");
    let row = Supervisord::new(&root, services).and_then(|mut peer| peer.measure());
    peer(&mut table, "supervisord 4.3.0", row);
    eprintln!("services: pm2");
    let row = Pm2::new(&root, services).and_then(|mut peer| peer.measure());
    peer(&mut table, "pm2 7.0.1", row);
    eprintln!("services: pitchfork");
    let row = Pitchfork::new(&root, services).and_then(|mut peer| peer.measure());
    peer(
        &mut table,
        &format!("pitchfork {}", pitchfork::VERSION),
        row,
    );
    Ok(vec![table, capture::measure(&root, services)?])
}

fn peer(table: &mut Table, name: &str, row: Result<Row, String>) {
    match row {
        Ok(row) => table.row(name, row),
        Err(problem) => eprintln!("{name} is skipped: {problem}"),
    }
}

type Row = Vec<Option<f64>>;

/// A service manager, at work.
trait Manager {
    /// The number of rounds. The medians count.
    const ROUNDS: usize = 5;

    /// The number of services.
    fn count(&self) -> u16;
    fn command(&self, args: &[&str]) -> Command;
    fn list(&self) -> &'static [&'static str];
    /// Its own processes.
    fn own(&self) -> Vec<i32>;
    /// The processes of the services.
    fn services(&self) -> BTreeSet<i32>;

    /// The seconds that a command takes.
    fn time(&self, args: &[&str]) -> Result<f64, String> {
        let start = Instant::now();
        run(&mut self.command(args))?;
        Ok(start.elapsed().as_secs_f64())
    }

    fn measure(&mut self) -> Result<Row, String> {
        let rounds: Result<Vec<[f64; 6]>, String> =
            (0..Self::ROUNDS).map(|_| self.round()).collect();
        let rounds = rounds?;
        let column = |column: usize| Some(median(rounds.iter().map(|round| round[column])));
        Ok((0..6).map(column).collect())
    }

    fn round(&self) -> Result<[f64; 6], String> {
        let start = self.time(&["start", "all"])?;
        let running = self.services().len();
        if running != usize::from(self.count()) {
            return Err(format!("{running} services run"));
        }
        // The first look warms up.
        self.time(self.list())?;
        let list = self.time(self.list())? * 1e3;
        let status = self.time(&["status", "s7"])? * 1e3;
        let memory: f64 = self
            .own()
            .into_iter()
            .map(|pid| pss(pid.cast_unsigned()))
            .sum();
        let crash = self.crash()? * 1e3;
        let stop = self.time(&["stop", "all"])?;
        let left = self.services().len();
        if left != 0 {
            return Err(format!("{left} services were not stopped"));
        }
        Ok([
            start,
            list,
            status,
            crash,
            memory / f64::from(self.count()),
            stop,
        ])
    }

    /// The seconds from a service's death to its next process.
    fn crash(&self) -> Result<f64, String> {
        let before = self.services();
        let victim = before.first().ok_or("nothing runs")?;
        run(Command::new("kill").args(["-9", &victim.to_string()]))?;
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let now = self.services();
            if now.len() == usize::from(self.count()) && !now.contains(victim) {
                return Ok(start.elapsed().as_secs_f64());
            }
        }
        Err("a killed service did not come back".into())
    }
}

/// The living children of all threads of a process.
fn children(pid: u32) -> BTreeSet<i32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task"));
    let lists = threads
        .into_iter()
        .flatten()
        .flatten()
        .map(|thread| fs::read_to_string(thread.path().join("children")).unwrap_or_default());
    let pids = lists.collect::<String>();
    let pids = pids.split(' ').filter_map(|pid| pid.parse().ok());
    pids.filter(|pid| lives(*pid)).collect()
}

/// Whether a process still runs. A zombie does not.
fn lives(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat
        .rsplit_once(") ")
        .map(|(_, fields)| fields.as_bytes()[0]);
    state.is_some_and(|state| state != b'Z')
}
