//! The servers: ours on each runtime, and the peers, with as many workers.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{WORKERS, clients};
use crate::process::pss;

/// The peers that pip has.
const PEERS: [&str; 2] = ["gunicorn==27.0.1", "twisted==26.10.0"];

#[derive(Clone, PartialEq)]
pub(super) enum Kind {
    /// Ours, on that runtime.
    Serve(&'static str),
    /// The same, built for debugging.
    Debug,
    Nginx,
    Gunicorn,
    Twistd,
}

impl Kind {
    pub(super) fn is_ours(&self) -> bool {
        matches!(self, Self::Serve(_) | Self::Debug)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serve(runtime) => write!(f, "serve, {runtime}"),
            Self::Debug => f.write_str("serve, tokio, debug build"),
            Self::Nginx => f.write_str("nginx"),
            Self::Gunicorn => f.write_str("gunicorn"),
            Self::Twistd => f.write_str("twistd web, one process"),
        }
    }
}

const OURS: [Kind; 4] = [
    Kind::Serve("tokio"),
    Kind::Serve("smol"),
    Kind::Serve("poll"),
    Kind::Serve("uring"),
];

pub(super) fn all() -> Vec<Kind> {
    [
        &OURS[..],
        &[Kind::Debug, Kind::Nginx, Kind::Gunicorn, Kind::Twistd],
    ]
    .concat()
}

/// twistd does not.
pub(super) fn that_reload() -> Vec<Kind> {
    [&OURS[..], &[Kind::Nginx, Kind::Gunicorn]].concat()
}

/// One that runs, until it is dropped.
pub(super) struct Server {
    pub(super) kind: Kind,
    pub(super) address: String,
    /// The milliseconds from its start to its first answer.
    pub(super) started: f64,
    /// Where its files are, if that is another one.
    files: String,
    processes: Vec<Child>,
}

impl Server {
    pub(super) fn start(kind: &Kind) -> Result<Self, String> {
        let root = root()?;
        let port = free_port()?;
        let mut command = command(kind, &root, port)?;
        let log = fs::File::create(root.join("log")).map_err(|error| error.to_string())?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        let mut processes = vec![];
        let begun = Instant::now();
        let spawned = command.spawn();
        processes.push(
            spawned.map_err(|error| format!("{}: {error}", command.get_program().display()))?,
        );
        let address = format!("127.0.0.1:{port}");
        let files = address.clone();
        let mut server = Self {
            kind: kind.clone(),
            address,
            started: 0.0,
            files,
            processes,
        };
        let path = if server.has("/echo") {
            "/echo"
        } else {
            "/file/1k.txt"
        };
        while clients::ask_once(&server.address, path).is_err() {
            if begun.elapsed() > Duration::from_secs(30) {
                let log = fs::read_to_string(root.join("log")).unwrap_or_default();
                return Err(format!("it does not answer: {log}"));
            }
            thread::sleep(Duration::from_millis(1));
        }
        server.started = begun.elapsed().as_secs_f64() * 1e3;
        // It is at rest when all workers are there.
        thread::sleep(Duration::from_millis(500));
        if kind.is_ours() {
            server.add_files(&root)?;
        }
        Ok(server)
    }

    /// Another one of ours, for an application is a command of its own.
    fn add_files(&mut self, root: &Path) -> Result<(), String> {
        let port = free_port()?;
        let mut command = ours(&self.kind, port)?;
        command
            .arg("web")
            .arg(root)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        self.processes
            .push(command.spawn().map_err(|error| error.to_string())?);
        self.files = format!("127.0.0.1:{port}");
        let begun = Instant::now();
        while clients::ask_once(&self.files, "/file/1k.txt").is_err() {
            if begun.elapsed() > Duration::from_secs(30) {
                return Err("its files are not served".into());
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Whether it serves that.
    pub(super) fn has(&self, path: &str) -> bool {
        match self.kind {
            Kind::Gunicorn => path == "/echo",
            Kind::Twistd => path != "/echo",
            _ => true,
        }
    }

    pub(super) fn url(&self, path: &str) -> String {
        let address = if path == "/echo" {
            &self.address
        } else {
            &self.files
        };
        format!("http://{address}{path}")
    }

    pub(super) fn id(&self) -> u32 {
        self.processes[0].id()
    }

    pub(super) fn workers(&self) -> Vec<u32> {
        let id = self.id();
        let list = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        list.split_whitespace()
            .filter_map(|id| id.parse().ok())
            .collect()
    }

    /// The memory of the parent, and of a worker if there is one, in MB. A page that several share counts in parts.
    pub(super) fn memory(&self) -> (f64, Option<f64>) {
        let megabytes = |id| pss(id) / 1e3;
        let workers: Vec<f64> = self.workers().into_iter().map(megabytes).collect();
        #[allow(clippy::cast_precision_loss, reason = "there are few")]
        let mean = workers.iter().sum::<f64>() / workers.len() as f64;
        let mean = Some(mean).filter(|mean| mean.is_finite());
        (megabytes(self.id()), mean)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for process in &mut self.processes {
            kill(process.id(), "-TERM");
            let _ = process.wait();
        }
    }
}

pub(super) fn kill(id: u32, signal: &str) {
    let _ = Command::new("kill")
        .args([signal, &id.to_string()])
        .status();
}

fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    Ok(listener
        .local_addr()
        .map_err(|error| error.to_string())?
        .port())
}

/// The directory of the files, and of all that the servers write.
fn root() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/benches/serve");
    let files = root.join("file");
    fs::create_dir_all(&files)
        .and_then(|()| fs::write(files.join("1k.txt"), [b'x'; 1024]))
        .and_then(|()| fs::write(root.join("app.py"), APP))
        .map_err(|error| format!("{}: {error}", root.display()))?;
    root.canonicalize().map_err(|error| error.to_string())
}

const APP: &str = "\
def app(environ, start_response):
    start_response('200 OK', [('Content-Length', '3')])
    return [b'ok\\n']
";

fn ours(kind: &Kind, port: u16) -> Result<Command, String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (runtime, profile) = match kind {
        Kind::Serve(runtime) => (*runtime, "release"),
        _ => ("tokio", "debug"),
    };
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--quiet", "-p", "serve", "--bin", "serve"])
        .current_dir(&workspace);
    if profile == "release" {
        build.arg("--release");
    }
    run(&mut build)?;
    let mut command = Command::new(workspace.join("target").join(profile).join("serve"));
    command.args(["-n", "-r", runtime, "--workers", &WORKERS.to_string()]);
    command.args(["--bind", &format!("127.0.0.1:{port}")]);
    Ok(command)
}

fn command(kind: &Kind, root: &Path, port: u16) -> Result<Command, String> {
    let mut command = match kind {
        Kind::Serve(_) | Kind::Debug => {
            let mut command = ours(kind, port)?;
            command.arg("echo");
            command
        }
        Kind::Nginx => {
            let file = root.join("nginx.conf");
            let text = nginx(root, port);
            fs::write(&file, text).map_err(|error| error.to_string())?;
            let mut command = Command::new("nginx");
            command.arg("-c").arg(file);
            command
        }
        Kind::Gunicorn => {
            let mut command = Command::new(python(root)?.join("gunicorn"));
            command.args([
                "--workers",
                &WORKERS.to_string(),
                "--worker-class",
                "gthread",
            ]);
            command.args([
                "--threads",
                "16",
                "--bind",
                &format!("127.0.0.1:{port}"),
                "app:app",
            ]);
            command
        }
        Kind::Twistd => {
            let mut command = Command::new(python(root)?.join("twistd"));
            command.args(["-n", "--pidfile=", "web", "--listen"]);
            command
                .arg(format!("tcp:{port}:interface=127.0.0.1"))
                .arg("--path")
                .arg(root);
            command
        }
    };
    command.current_dir(root);
    Ok(command)
}

fn nginx(root: &Path, port: u16) -> String {
    let root = root.display();
    format!(
        "worker_processes {WORKERS}; daemon off; pid {root}/nginx.pid; error_log {root}/nginx.log;\n\
         events {{ worker_connections 4096; }}\n\
         http {{ access_log off; client_body_temp_path {root}/nginx-body; \
         server {{ listen 127.0.0.1:{port} backlog=4096; root {root}; location = /echo {{ return 200 'ok\\n'; }} }} }}\n"
    )
}

/// The programs of a Python environment with the peers.
fn python(root: &Path) -> Result<PathBuf, String> {
    let programs = root.join("venv/bin");
    if !programs.join("twistd").exists() {
        run(Command::new("python3")
            .args(["-m", "venv"])
            .arg(root.join("venv")))?;
        run(Command::new(programs.join("pip"))
            .args(["install", "--quiet"])
            .args(PEERS))?;
    }
    Ok(programs)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{}: {}",
        command.get_program().display(),
        said.trim()
    ))
}
