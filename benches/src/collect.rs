//! `collect` against Diamond and collectd: the same twelve collectors, and an outage of Graphite.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::process::{pss, run};
use crate::table::{Column, Table};

/// How long the CPU time of each is counted, in seconds, after a while to warm up.
const COUNTED: u64 = 30;
const WARM: u64 = 10;

/// How long Graphite is closed, in seconds.
const OUTAGE: u64 = 60;

const DIAMOND: &str = "diamond-next==5.0.0";

pub(crate) fn measure() -> Result<Vec<Table>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/benches/collect");
    let _ = fs::remove_dir_all(&root);
    let scripts = root.join("scripts");
    fs::create_dir_all(&scripts).map_err(|error| format!("{}: {error}", root.display()))?;
    let root = root.canonicalize().map_err(|error| error.to_string())?;
    script(&scripts)?;
    let web = web()?;
    let peers = [
        collect(&root, web),
        diamond(&root, web),
        collectd(&root, web),
    ];
    let columns = [
        Column::new("CPU, ms a second", 1),
        Column::new("memory (PSS), MB", 1),
        Column::new("metrics sent in a second", 0),
        Column::new("in a second of CPU", 0),
        Column::new("seconds lost of an outage of 60", 0),
    ];
    let mut table = Table::new("collect", "Twelve collectors, once a second", &columns);
    for peer in peers {
        match peer.and_then(|peer| Ok((peer.name, peer.measure()?))) {
            Ok((name, row)) => table.row(name, row),
            Err(problem) => eprintln!("skipped: {problem}"),
        }
    }
    Ok(vec![table])
}

/// What the `scripts` collectors run.
fn script(directory: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let file = directory.join("one.sh");
    let written = fs::write(&file, "#!/bin/sh\necho bench.one 1\n")
        .and_then(|()| fs::set_permissions(&file, fs::Permissions::from_mode(0o755)));
    written.map_err(|error| format!("{}: {error}", file.display()))
}

/// A page for the `http` collectors.
fn web() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    let port = listener
        .local_addr()
        .map_err(|error| error.to_string())?
        .port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut lines = BufReader::new(&client).lines().map_while(Result::ok);
                if lines.any(|line| line.is_empty()) {
                    let answer =
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
                    let _ = std::io::Write::write_all(&mut &client, answer.as_bytes());
                }
            });
        }
    });
    Ok(port)
}

/// A Graphite that keeps the seconds of one metric, and counts all.
#[derive(Default)]
struct Seen {
    lines: u64,
    seconds: BTreeSet<u64>,
}

struct Graphite {
    port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Graphite {
    /// One at a free port, that is closed.
    fn closed() -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let port = listener
            .local_addr()
            .map_err(|error| error.to_string())?
            .port();
        Ok(Self {
            port,
            seen: Arc::default(),
        })
    }

    /// One that keeps the seconds of this metric.
    fn new(marker: &'static str) -> Result<Self, String> {
        let graphite = Self::closed()?;
        graphite.open(marker, None)?;
        Ok(graphite)
    }

    /// Serves for so long, or for ever; then it refuses, and resets what is connected.
    fn open(&self, marker: &'static str, time: Option<Duration>) -> Result<(), String> {
        let listener =
            TcpListener::bind(("127.0.0.1", self.port)).map_err(|error| error.to_string())?;
        let end = time.map(|time| Instant::now() + time);
        listener
            .set_nonblocking(true)
            .map_err(|error| error.to_string())?;
        let seen = self.seen.clone();
        thread::spawn(move || {
            let is_over = move || end.is_some_and(|end| Instant::now() > end);
            while !is_over() {
                let Ok((client, _)) = listener.accept() else {
                    thread::sleep(Duration::from_millis(5));
                    continue;
                };
                let seen = seen.clone();
                thread::spawn(move || {
                    let _ = client.set_nonblocking(false);
                    let _ = client.set_read_timeout(Some(Duration::from_millis(100)));
                    read(&client, &seen, marker, is_over);
                });
            }
        });
        Ok(())
    }
}

fn read(
    client: &std::net::TcpStream,
    seen: &Mutex<Seen>,
    marker: &str,
    is_over: impl Fn() -> bool,
) {
    let mut reader = BufReader::with_capacity(1 << 18, client);
    let mut line = String::new();
    while !is_over() {
        match reader.read_line(&mut line) {
            Ok(0) => return,
            Ok(_) => {}
            // Nothing has come in a while.
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
            Err(_) => return,
        }
        let mut seen = seen
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        seen.lines += 1;
        if line.contains(marker)
            && let Some(Ok(second)) = line.trim_end().rsplit(' ').next().map(str::parse::<f64>)
        {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            seen.seconds.insert(second as u64);
        }
        line.clear();
    }
}

/// What floods a Graphite at a port.
type Flood = Box<dyn Fn(u16) -> Result<(f64, f64), String>>;

/// A collector to be measured.
struct Peer {
    name: &'static str,
    /// A metric that it sends every second.
    marker: &'static str,
    /// Starts it, for a Graphite at this port.
    start: Box<dyn Fn(u16) -> Result<Command, String>>,
    /// Floods a Graphite at this port, and says how many metrics in a second, and in one of CPU.
    flood: Option<Flood>,
}

/// It is killed at the end, with all that it has started.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        for pid in tree(self.0.id()) {
            let _ = run(Command::new("kill").args(["-9", &pid.to_string()]));
        }
        let _ = self.0.wait();
    }
}

impl Peer {
    fn measure(&self) -> Result<Vec<Option<f64>>, String> {
        eprintln!("collect: {}", self.name);
        let (cpu, memory) = self.cost()?;
        let (rate, of_cpu) = self.rate()?.unzip();
        let lost = self.lost()?;
        Ok(vec![Some(cpu), Some(memory), rate, of_cpu, Some(lost)])
    }

    fn start(&self, port: u16) -> Result<Started, String> {
        let mut command = (self.start)(port)?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(Started(
            command
                .spawn()
                .map_err(|error| format!("{}: {error}", self.name))?,
        ))
    }

    /// The milliseconds of CPU in a second, and the megabytes.
    fn cost(&self) -> Result<(f64, f64), String> {
        let graphite = Graphite::new(self.marker)?;
        let started = self.start(graphite.port)?;
        thread::sleep(Duration::from_secs(WARM));
        let pid = started.0.id();
        let before = ticks(pid);
        let start = Instant::now();
        thread::sleep(Duration::from_secs(COUNTED));
        let cpu = (ticks(pid) - before) * 10.0 / start.elapsed().as_secs_f64();
        let memory = tree(pid).into_iter().map(pss).sum::<f64>() / 1e3;
        let lines = graphite
            .seen
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .lines;
        if lines < COUNTED * 20 {
            return Err(format!("{} has sent {lines} metrics only", self.name));
        }
        Ok((cpu, memory))
    }

    fn rate(&self) -> Result<Option<(f64, f64)>, String> {
        let Some(flood) = &self.flood else {
            return Ok(None);
        };
        let graphite = Graphite::new(self.marker)?;
        flood(graphite.port).map(Some)
    }

    /// How many seconds of one metric never came.
    fn lost(&self) -> Result<f64, String> {
        let graphite = Graphite::closed()?;
        graphite.open(self.marker, Some(Duration::from_secs(WARM)))?;
        let _started = self.start(graphite.port)?;
        thread::sleep(Duration::from_secs(WARM + OUTAGE));
        graphite.open(self.marker, None)?;
        // Whoever waits longer and longer between tries needs a while.
        thread::sleep(Duration::from_secs(75));
        let seen = graphite
            .seen
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let (Some(first), Some(last)) = (seen.seconds.first(), seen.seconds.last()) else {
            return Err(format!("{} has sent nothing", self.name));
        };
        if last - first < OUTAGE {
            return Err(format!(
                "{} has sent for {} seconds only",
                self.name,
                last - first
            ));
        }
        #[expect(clippy::cast_precision_loss)]
        Ok((last - first + 1 - seen.seconds.len() as u64) as f64)
    }
}

/// A process, and all that come from it.
fn tree(root: u32) -> Vec<u32> {
    let mut all = vec![root];
    let mut next = 0;
    while let Some(pid) = all.get(next) {
        let tasks = fs::read_dir(format!("/proc/{pid}/task"))
            .into_iter()
            .flatten()
            .flatten();
        let children =
            tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
        let children: Vec<u32> = children
            .flat_map(|list| {
                list.split_whitespace()
                    .filter_map(|pid| pid.parse().ok())
                    .collect::<Vec<_>>()
            })
            .collect();
        all.extend(children);
        next += 1;
    }
    all
}

/// The CPU time of a process and of all that come from it, dead ones too, in ticks of 10 ms.
fn ticks(root: u32) -> f64 {
    let of = |pid: u32| -> Option<f64> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        Some(
            fields[11..15]
                .iter()
                .filter_map(|ticks| ticks.parse::<f64>().ok())
                .sum(),
        )
    };
    tree(root).into_iter().filter_map(of).sum()
}

fn collect(root: &Path, web: u16) -> Result<Peer, String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut build = Command::new(env!("CARGO"));
    build.args([
        "build",
        "--release",
        "--quiet",
        "-p",
        "collect",
        "--bins",
        "--examples",
    ]);
    run(build.current_dir(&workspace))?;
    let release = workspace.join("target/release");
    let (program, flood) = (release.join("collect"), release.join("examples/flood"));
    let root = root.to_owned();
    let start = move |port: u16| {
        let config = root.join("collect.toml");
        let mut text =
            format!("[server]\nhandlers = ['graphite']\n[handlers.graphite]\nport = {port}\n");
        text += "[collectors.default]\nenabled = true\ninterval = 1\n";
        for name in [
            "cpu",
            "memory",
            "loadavg",
            "diskspace",
            "iostat",
            "network",
            "sockets",
            "files",
            "uptime",
        ] {
            let _ = writeln!(text, "[collectors.{name}]");
        }
        let _ = writeln!(
            text,
            "[collectors.processes]\nnames = {{ init = '^init|^systemd', shells = 'sh$' }}"
        );
        let _ = writeln!(
            text,
            "[collectors.http]\nurls = {{ page = 'http://127.0.0.1:{web}/' }}"
        );
        let _ = writeln!(
            text,
            "[collectors.scripts]\nscripts = '{}'",
            root.join("scripts").display()
        );
        fs::write(&config, text).map_err(|error| error.to_string())?;
        let mut command = Command::new(&program);
        command.arg("-c").arg(config).args(["run", "-f"]);
        Ok(command)
    };
    let flood = move |port: u16| {
        let output = Command::new(&flood).arg(port.to_string()).output();
        let output = output.map_err(|error| format!("flood: {error}"))?;
        numbers(&output).ok_or_else(|| "flood: it failed".to_owned())
    };
    Ok(Peer {
        name: "collect",
        marker: ".loadavg.01 ",
        start: Box::new(start),
        flood: Some(Box::new(flood)),
    })
}

fn diamond(root: &Path, web: u16) -> Result<Peer, String> {
    let venv = root.join("diamond");
    run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let pip = |arguments: &[&str]| {
        run(Command::new(venv.join("bin/pip"))
            .args(["install", "--quiet"])
            .args(arguments))
    };
    pip(&[
        "distro",
        "setuptools<66",
        "wheel",
        "configobj",
        "psutil",
        "six",
    ])?;
    pip(&["--no-build-isolation", DIAMOND])?;
    let root = root.to_owned();
    let python = venv.join("bin/python");
    let start = move |port: u16| diamond_at(&root, &venv, web, port);
    let flood = move |port: u16| diamond_floods(&python, port);
    Ok(Peer {
        name: "Diamond 5.0.0",
        marker: ".loadavg.01 ",
        start: Box::new(start),
        flood: Some(Box::new(flood)),
    })
}

fn diamond_at(root: &Path, venv: &Path, web: u16, port: u16) -> Result<Command, String> {
    let config = root.join("diamond.conf");
    let (at, share) = (root.display(), venv.join("share/diamond"));
    let share = share.display();
    let mut text = format!(
        "[server]\nhandlers = diamond.handler.graphite.GraphiteHandler\npid_file = {at}/diamond.pid\n\
         collectors_path = {share}/collectors/\nhandlers_path = {share}/handlers/\n\
         collectors_config_path = {at}/none/\nhandlers_config_path = {at}/none/\ncollectors_load_delay = 0.1\n\
         [handlers]\nkeys = rotated_file\n[[handlersDefault]]\n[[GraphiteHandler]]\nhost = 127.0.0.1\nport = {port}\n\
         [collectors]\n[[collectorsDefault]]\ninterval = 1\nsplay = 0\nhostname = bench\n"
    );
    for class in [
        "CPU",
        "Memory",
        "LoadAverage",
        "DiskSpace",
        "DiskUsage",
        "Network",
        "Sockstat",
        "Filestat",
        "Uptime",
    ] {
        let _ = writeln!(text, "[[{class}Collector]]\nenabled = True");
    }
    let _ = writeln!(
        text,
        "[[ProcessResourcesCollector]]\nenabled = True\ninfo_keys = cpu_times, memory_info, num_threads\n[[[process]]]\n[[[[init]]]]\nname = ^init\n[[[[shells]]]]\nname = sh$"
    );
    let _ = writeln!(
        text,
        "[[HttpCollector]]\nenabled = True\nreq_url = http://127.0.0.1:{web}/,"
    );
    let _ = writeln!(
        text,
        "[[UserScriptsCollector]]\nenabled = True\nscripts_path = {at}/scripts"
    );
    text += "[loggers]\nkeys = root\n[formatters]\nkeys = default\n[logger_root]\nlevel = ERROR\nhandlers = rotated_file\n\
             [handler_rotated_file]\nclass = StreamHandler\nlevel = ERROR\nformatter = default\nargs = (sys.stderr,)\n\
             [formatter_default]\nformat = %(message)s\ndatefmt =\n";
    let _ = fs::create_dir_all(root.join("none"));
    fs::write(&config, text).map_err(|error| error.to_string())?;
    let mut command = Command::new(venv.join("bin/diamond"));
    command
        .arg("-c")
        .arg(config)
        .args(["-f", "--skip-pidfile", "--skip-change-user"]);
    Ok(command)
}

/// Its handler alone, with batches of the size that is best for it.
fn diamond_floods(python: &Path, port: u16) -> Result<(f64, f64), String> {
    let script = format!(
        "import time\nfrom diamond.handler.graphite import GraphiteHandler\nfrom diamond.metric import Metric\n\
         from configobj import ConfigObj\nconfig = ConfigObj({{'host': '127.0.0.1', 'port': {port}, 'batch': 5000}})\n\
         handler = GraphiteHandler(config)\n\
         metrics = [Metric('servers.h.cpu.cpu%d.user' % n, n / 7.0, timestamp=1700000000, host='h') for n in range(20000)]\n\
         start, cpu = time.time(), time.process_time()\nfor round in range(15):\n    for metric in metrics: handler.process(metric)\n\
         handler.flush()\nprint(300000 / (time.time() - start), 300000 / (time.process_time() - cpu))\n"
    );
    let output = Command::new(python)
        .args(["-c", &script])
        .output()
        .map_err(|error| error.to_string())?;
    numbers(&output).ok_or_else(|| {
        format!(
            "Diamond's handler: {}",
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

/// The first two numbers of an output.
fn numbers(output: &std::process::Output) -> Option<(f64, f64)> {
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().filter_map(|word| word.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

fn collectd(root: &Path, web: u16) -> Result<Peer, String> {
    run(Command::new("collectd").arg("-h"))
        .map_err(|_| "there is no collectd, of Debian's collectd-core".to_owned())?;
    let root: PathBuf = root.to_owned();
    let start = move |port: u16| {
        let config = root.join("collectd.conf");
        let at = root.display();
        let mut text = format!(
            "Hostname bench\nInterval 1\nBaseDir \"{at}\"\nPIDFile \"{at}/collectd.pid\"\nTypesDB \"/usr/share/collectd/types.db\"\n"
        );
        for plugin in [
            "cpu",
            "memory",
            "load",
            "df",
            "disk",
            "interface",
            "tcpconns",
            "fhcount",
            "uptime",
            "processes",
            "curl",
            "exec",
            "write_graphite",
        ] {
            let _ = writeln!(text, "LoadPlugin {plugin}");
        }
        let _ = write!(
            text,
            "<Plugin processes>\nProcessMatch \"init\" \"^init\"\nProcessMatch \"shells\" \"sh$\"\n</Plugin>\n\
             <Plugin curl>\n<Page page>\nURL \"http://127.0.0.1:{web}/\"\nMeasureResponseTime true\nMeasureResponseCode true\n</Page>\n</Plugin>\n\
             <Plugin exec>\nExec \"nobody\" \"{at}/put.sh\"\n</Plugin>\n\
             <Plugin write_graphite>\n<Node one>\nHost \"127.0.0.1\"\nPort \"{port}\"\nProtocol \"tcp\"\nReconnectInterval 0\nLogSendErrors false\n</Node>\n</Plugin>\n"
        );
        // Its way with scripts: they stay, and repeat themselves.
        let put = "#!/bin/sh\nwhile sleep 1; do echo 'PUTVAL bench/exec-one/gauge-one interval=1 N:1'; done\n";
        fs::write(root.join("put.sh"), put).map_err(|error| error.to_string())?;
        run(Command::new("chmod").arg("755").arg(root.join("put.sh")))?;
        fs::write(&config, text).map_err(|error| error.to_string())?;
        let mut command = Command::new("collectd");
        command.arg("-f").arg("-C").arg(config);
        Ok(command)
    };
    Ok(Peer {
        name: "collectd 5.12",
        marker: ".load.load.shortterm ",
        start: Box::new(start),
        flood: None,
    })
}
