//! A real carbon, and what it has stored.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::daemons::Running;
use super::peers::{Manner, Peer, eventually, free_port};
use super::sandbox::Sandbox;

/// Debian's carbon; it is killed at the end.
struct Carbon {
    child: Child,
    lines: u16,
    pickles: u16,
}

impl Carbon {
    /// Nothing, if this machine has none.
    fn start(sandbox: &Sandbox) -> Option<Self> {
        let (lines, pickles, queries) = (free_port(), free_port(), free_port());
        let root = sandbox.path("carbon");
        let root = root.display();
        let config = sandbox.file(
            "carbon/carbon.conf",
            &format!(
                "[cache]\nSTORAGE_DIR = {root}\nCONF_DIR = {root}\nLOG_DIR = {root}/log\nPID_DIR = {root}\n\
                 LOCAL_DATA_DIR = {root}/whisper\nUSER =\nENABLE_LOGROTATION = False\n\
                 MAX_CREATES_PER_MINUTE = inf\nMAX_UPDATES_PER_SECOND = inf\nCACHE_WRITE_STRATEGY = naive\n\
                 LINE_RECEIVER_INTERFACE = 127.0.0.1\nLINE_RECEIVER_PORT = {lines}\n\
                 PICKLE_RECEIVER_INTERFACE = 127.0.0.1\nPICKLE_RECEIVER_PORT = {pickles}\n\
                 CACHE_QUERY_INTERFACE = 127.0.0.1\nCACHE_QUERY_PORT = {queries}\n",
            ),
        );
        sandbox.file(
            "carbon/storage-schemas.conf",
            "[all]\npattern = .*\nretentions = 1s:1h\n",
        );
        fs::create_dir_all(sandbox.path("carbon/log")).unwrap();
        let mut command = Command::new("carbon-cache");
        command
            .arg("--config")
            .arg(config)
            .args(["--nodaemon", "start"]);
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let carbon = Self {
            child,
            lines,
            pickles,
        };
        eventually("carbon listens", || {
            TcpStream::connect(("127.0.0.1", pickles)).is_ok()
        });
        Some(carbon)
    }
}

impl Drop for Carbon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The values that are stored of a metric, by their seconds.
fn stored(file: &Path) -> Vec<(u64, f64)> {
    let output = Command::new("whisper-fetch")
        .arg(file)
        .args(["--from", "0"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let pairs = text.lines().filter_map(|line| line.split_once('\t'));
    pairs
        .filter_map(|(time, value)| Some((time.parse().ok()?, value.parse().ok()?)))
        .collect()
}

#[test]
fn a_real_carbon_stores_all_across_an_outage() {
    let sandbox = Sandbox::new();
    let Some(carbon) = Carbon::start(&sandbox) else {
        println!("skipped: there is no carbon-cache, of Debian's graphite-carbon");
        return;
    };
    let (lines, pickles) = (
        Peer::new(Manner::Forwards(carbon.lines)),
        Peer::new(Manner::Forwards(carbon.pickles)),
    );
    // The second in which it ran is its value.
    sandbox.script("s/clock", "echo clock.a $(date +%s)");
    sandbox.file(
        "collect.toml",
        &format!(
            "[server]\nhandlers = ['graphite', 'pickle']\n\
             [handlers.default]\nretry = 0.1\nretry_max = 0.3\n\
             [handlers.graphite]\nport = {}\n[handlers.pickle]\nport = {}\n\
             [collectors.default]\nenabled = true\ninterval = 1\nhostname = 'one'\n\
             [collectors.scripts]\nscripts = '{}'\n[collectors.loadavg]\n[collectors.collect]\n",
            lines.port,
            pickles.port,
            sandbox.path("s").display(),
        ),
    );
    let running = Running::start(&sandbox, &[]);
    let whisper = |name: &str| sandbox.path("carbon/whisper/servers/one").join(name);
    let clock = || stored(&whisper("clock/a.wsp"));
    eventually("carbon stores", || {
        whisper("clock/a.wsp").exists() && clock().len() >= 2
    });
    lines.close();
    pickles.close();
    thread::sleep(Duration::from_secs(4));
    lines.open();
    pickles.open();
    eventually("the time of the outage is stored", || clock().len() >= 7);
    running.stop();
    let last = clock().len();
    eventually("all is stored", || clock().len() >= last);
    let times: Vec<u64> = clock().iter().map(|(time, _)| *time).collect();
    assert!(
        times.windows(2).all(|pair| pair[1] == pair[0] + 1),
        "{times:?}: {}",
        running.log()
    );
    for (time, value) in clock() {
        // A script may run late on a busy machine.
        let late = value - collect::collector::float(time);
        assert!((0.0..2.0).contains(&late), "{time}: {value}");
    }
    for name in [
        "loadavg/01.wsp",
        "collect/graphite/sent.wsp",
        "collect/pickle/dropped.wsp",
    ] {
        assert!(stored(&whisper(name)).len() >= 7, "{name}");
    }
}
