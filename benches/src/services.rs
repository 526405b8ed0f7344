//! `svc` beside supervisord: starts, looks at, kills and stops many services.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::table::{Column, Table};
use crate::timer::median;

/// The number of services, and the command of each.
const SERVICES: u16 = 500;
const PROGRAM: &str = "sleep 100000";

/// The number of rounds. The medians count.
const ROUNDS: usize = 5;

const SUPERVISOR: &str = "supervisor==4.3.0";

/// The limit for something that should take milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn measure() -> Result<Table, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/benches/services");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).map_err(|error| format!("{}: {error}", root.display()))?;
    let columns = [
        Column::new("start 500, s", 2),
        Column::new("list 500, ms", 1),
        Column::new("status of one, ms", 1),
        Column::new("crash to running again, ms", 1),
        Column::new("memory for each (PSS), kB", 0),
        Column::new("stop 500, s", 2),
    ];
    let mut table = Table::new("services", "500 services that sleep", &columns);
    eprintln!("services: svc");
    table.row("svc", Svc::new(&root)?.measure()?);
    eprintln!("services: supervisord");
    match Supervisord::new(&root).and_then(|mut peer| peer.measure()) {
        Ok(row) => table.row("supervisord 4.3.0", row),
        Err(problem) => eprintln!("supervisord is skipped: {problem}"),
    }
    Ok(table)
}

type Row = Vec<Option<f64>>;

/// A service manager, at work.
trait Manager {
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
        let rounds: Result<Vec<[f64; 6]>, String> = (0..ROUNDS).map(|_| self.round()).collect();
        let rounds = rounds?;
        let column = |column: usize| Some(median(rounds.iter().map(|round| round[column])));
        Ok((0..6).map(column).collect())
    }

    fn round(&self) -> Result<[f64; 6], String> {
        let start = self.time(&["start", "all"])?;
        let running = self.services().len();
        if running != usize::from(SERVICES) {
            return Err(format!("{running} services run"));
        }
        // The first look warms up.
        self.time(self.list())?;
        let list = self.time(self.list())? * 1e3;
        let status = self.time(&["status", "s77"])? * 1e3;
        let memory = memory(&self.own()) / f64::from(SERVICES);
        let crash = self.crash()? * 1e3;
        let stop = self.time(&["stop", "all"])?;
        let left = self.services().len();
        if left != 0 {
            return Err(format!("{left} services were not stopped"));
        }
        Ok([start, list, status, crash, memory, stop])
    }

    /// The seconds from a service's death to its next process.
    fn crash(&self) -> Result<f64, String> {
        let before = self.services();
        let victim = before.first().ok_or("nothing runs")?;
        run(Command::new("kill").args(["-9", &victim.to_string()]))?;
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let now = self.services();
            if now.len() == usize::from(SERVICES) && !now.contains(victim) {
                return Ok(start.elapsed().as_secs_f64());
            }
        }
        Err("a killed service did not come back".into())
    }
}

struct Svc {
    program: PathBuf,
    registry: PathBuf,
}

impl Svc {
    fn new(root: &Path) -> Result<Self, String> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--release", "--quiet", "-p", "svc"]);
        run(build.current_dir(&workspace))?;
        let svc = Self {
            program: workspace.join("target/release/svc"),
            registry: root.join("registry.db"),
        };
        run(&mut svc.command(&["initialize"]))?;
        for number in 0..SERVICES {
            let name = format!("s{number}");
            // Without a pause, so that we measure only our own part.
            let always = ["--restart", "always", "--restart-pause", "0"];
            run(svc.command(&["add", &name, PROGRAM]).args(always))?;
        }
        Ok(svc)
    }

    fn states(&self) -> PathBuf {
        self.registry.with_extension("d").join("states")
    }

    /// The living processes that the states name under this key.
    fn processes(&self, key: &str) -> BTreeSet<i32> {
        let states = fs::read_dir(self.states()).into_iter().flatten().flatten();
        let states = states.filter(|state| state.path().extension().is_some_and(|it| it == "json"));
        let pids = states.filter_map(|state| {
            let state: serde_json::Value =
                serde_json::from_slice(&fs::read(state.path()).ok()?).ok()?;
            i32::try_from(state[key]["pid"].as_i64()?).ok()
        });
        pids.filter(|pid| lives(*pid)).collect()
    }
}

impl Manager for Svc {
    fn command(&self, args: &[&str]) -> Command {
        let args = args
            .iter()
            .map(|arg| if *arg == "all" { "--all" } else { arg });
        let mut command = Command::new(&self.program);
        command.args(args).env("SVC_DB", &self.registry);
        command
    }

    fn list(&self) -> &'static [&'static str] {
        &["list"]
    }

    fn own(&self) -> Vec<i32> {
        self.processes("shim").into_iter().collect()
    }

    fn services(&self) -> BTreeSet<i32> {
        self.processes("process")
    }
}

struct Supervisord {
    control: PathBuf,
    config: PathBuf,
    daemon: Child,
}

impl Supervisord {
    fn new(root: &Path) -> Result<Self, String> {
        let venv = root.join("venv");
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        let pip = venv.join("bin/pip");
        run(Command::new(pip).args(["install", "--quiet", SUPERVISOR, "setuptools<80"]))?;
        let config = root.join("supervisord.conf");
        fs::write(&config, configuration(root)).map_err(|error| error.to_string())?;
        let mut daemon = Command::new(venv.join("bin/supervisord"));
        daemon.arg("--nodaemon").arg("-c").arg(&config);
        daemon.stdout(Stdio::null()).stderr(Stdio::null());
        let daemon = daemon
            .spawn()
            .map_err(|error| format!("supervisord: {error}"))?;
        let control = venv.join("bin/supervisorctl");
        let peer = Self {
            control,
            config,
            daemon,
        };
        let start = Instant::now();
        while !root.join("supervisor.sock").exists() {
            if start.elapsed() > PATIENCE {
                return Err("supervisord does not answer".into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(peer)
    }
}

fn configuration(root: &Path) -> String {
    let root = root.display();
    let mut text = format!(
        "[unix_http_server]\nfile={root}/supervisor.sock\n\
         [supervisord]\nlogfile={root}/supervisord.log\npidfile={root}/supervisord.pid\nminfds=4096\n\
         [rpcinterface:supervisor]\n\
         supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n\
         [supervisorctl]\nserverurl=unix://{root}/supervisor.sock\n"
    );
    for number in 0..SERVICES {
        let _ = write!(
            text,
            "[program:s{number}]\ncommand={PROGRAM}\nautostart=false\nautorestart=true\n\
             startsecs=0\nstdout_logfile=/dev/null\nstderr_logfile=/dev/null\n"
        );
    }
    text
}

impl Manager for Supervisord {
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.control);
        command.arg("-c").arg(&self.config).args(args);
        command
    }

    fn list(&self) -> &'static [&'static str] {
        &["status"]
    }

    fn own(&self) -> Vec<i32> {
        vec![self.daemon.id().cast_signed()]
    }

    fn services(&self) -> BTreeSet<i32> {
        let pid = self.daemon.id();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let children = children.unwrap_or_default();
        let pids = children.split(' ').filter_map(|pid| pid.parse().ok());
        pids.filter(|pid| lives(*pid)).collect()
    }
}

impl Drop for Supervisord {
    fn drop(&mut self) {
        let _ = run(&mut self.command(&["shutdown"]));
        let _ = self.daemon.wait();
    }
}

impl Drop for Svc {
    fn drop(&mut self) {
        let _ = run(&mut self.command(&["stop", "all"]));
    }
}

/// The memory of these processes in kB. A page that several share counts in parts.
fn memory(pids: &[i32]) -> f64 {
    let pss = |pid: &i32| -> Option<f64> {
        let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    };
    pids.iter().filter_map(pss).sum()
}

/// Whether a process still runs. A zombie does not.
fn lives(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat
        .rsplit_once(") ")
        .map(|(_, fields)| fields.as_bytes()[0]);
    state.is_some_and(|state| state != b'Z')
}

pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let last = said.lines().last().unwrap_or_default();
    Err(format!("{}: {last}", command.get_program().display()))
}
