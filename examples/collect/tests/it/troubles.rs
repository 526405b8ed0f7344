//! Collectors that hang, panic, print rubbish, print without end, or leave something behind.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use collect::collector::{Collector, Machine, Problem, Run};
use collect::outlet::Outlet;
use collect::rounds::Rounds;
use serde::Deserialize;

use super::daemons::Running;
use super::handlers::prepared;
use super::peers::{Manner, Peer, eventually};
use super::sandbox::{Sandbox, source};

/// The processes that have this text in their command line, as the kernel describes them.
fn processes(marker: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let has_marker = |path: &Path| {
        fs::read(path.join("cmdline"))
            .is_ok_and(|line| String::from_utf8_lossy(&line).contains(marker))
    };
    let ours = entries
        .map(|entry| entry.path())
        .filter(|path| has_marker(path));
    ours.filter_map(|path| fs::read_to_string(path.join("stat")).ok())
        .collect()
}

#[test]
fn bad_scripts_are_killed_with_all_they_started_and_good_ones_go_on() {
    let sandbox = Sandbox::new();
    let peer = Peer::new(Manner::Reads);
    // A number of seconds that nobody else sleeps.
    let marker = format!("9{}.77", std::process::id());
    sandbox.script(
        "s/counts",
        "n=$(cat $0.n); echo $((n + 1)) >$0.n; echo good $n",
    );
    sandbox.file("s/counts.n", "0");
    sandbox.script(
        "s/hangs",
        &format!("echo before 1; sleep {marker} & sleep {marker}"),
    );
    sandbox.script(
        "s/forks",
        &format!("setsid sleep {marker} & (sleep {marker} &) ; echo forked 1"),
    );
    sandbox.script(
        "s/junk",
        "echo this is no metric; head -c 300 /dev/urandom; echo; echo kept 1",
    );
    sandbox.script("s/endless", "exec yes endless 1");
    sandbox.script("s/fails", "echo partly 1; exit 3");
    sandbox.script("s/broken", "#").metadata().unwrap();
    sandbox.file("s/broken", "#!/no/such/interpreter\n");
    sandbox.file(
        "collect.toml",
        &format!(
            "[server]\nhandlers = ['graphite']\n[handlers.graphite]\nport = {}\n\
             [collectors.scripts]\nenabled = true\ninterval = 1.5\nscripts = '{}'\noutput_limit = 20000\n\
             [collectors.loadavg]\nenabled = true\ninterval = 0.25\nallow = '01'\n",
            peer.port,
            sandbox.path("s").display(),
        ),
    );
    let daemon = Running::start(&sandbox, &[]);
    eventually("three windows", || {
        peer.values("servers.good").len() + peer.values(".good").len() >= 3
    });
    daemon.stop();
    let counted = peer.values(".good");
    assert_eq!(counted, (0..counted.len() as u64).collect::<Vec<_>>());
    assert!(peer.values(".kept").len() >= 3);
    assert!(peer.values(".partly").len() >= 3);
    assert!(peer.values(".forked").len() >= 3);
    // What was written before the end counts, and is cut at the limit.
    assert!(peer.values(".before").len() >= 3);
    let endless = peer.values(".endless").len() / counted.len();
    assert!((500..=20_000 / 10).contains(&endless), "{endless}");
    // Others are not delayed.
    assert!(
        peer.lines()
            .iter()
            .filter(|line| line.contains("loadavg.01"))
            .count()
            >= 6
    );
    assert_eq!(processes(&marker), [""; 0], "{}", daemon.log());
    let log = daemon.log();
    for (line, script) in [
        ("killed, for its time was over", "hangs"),
        ("killed, for it wrote more than 20000 bytes", "endless"),
        ("exit status: 3", "fails"),
        ("lines are no metrics", "junk"),
        ("No such file or directory", "broken"),
    ] {
        let lines: Vec<_> = log
            .lines()
            .filter(|found| found.contains(&format!("/s/{script}: ")))
            .collect();
        assert_eq!(lines.len(), 1, "{script}: {log}");
        assert!(lines[0].contains(line), "{}", lines[0]);
    }
}

/// A collector of this test's, found as all others are.
struct Moody {
    runs: u64,
}

collect::collector!(Moody);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl Collector for Moody {
    const NAME: &'static str = "moody";
    const ABOUT: &'static str = "Panics, fails and hangs in turn.";
    type Settings = Nothing;

    fn new(_: Nothing) -> Self {
        Self { runs: 0 }
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        self.runs += 1;
        run.count("runs", self.runs);
        match self.runs % 4 {
            1 => panic!("a bad mood"),
            2 => Err("no mood".into()),
            3 => {
                thread::sleep(Duration::from_millis(450));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[test]
fn a_collector_that_panics_fails_and_hangs_goes_on_and_delays_no_other() {
    let peer = Peer::new(Manner::Reads);
    let outlet = Arc::new(Outlet::default());
    let second = Duration::from_secs(1);
    outlet
        .set(
            vec![prepared("graphite", &format!("port = {}", peer.port))],
            second,
            second,
        )
        .unwrap();
    let machine = Arc::new(Machine::at("/proc"));
    let start = |name: &str, section: &str| {
        let source = source(
            name,
            &format!("interval = 0.1\nhostname_method = 'none'\n{section}"),
        );
        Rounds::start(source, machine.clone(), outlet.clone(), second).unwrap()
    };
    let all = [start("moody", ""), start("loadavg", "allow = '01'")];
    eventually("it has gone on", || peer.values("moody.runs").len() >= 9);
    let runs = peer.values("moody.runs");
    assert_eq!(runs, (1..=runs.len() as u64).collect::<Vec<_>>());
    let others = peer
        .lines()
        .iter()
        .filter(|line| line.contains("loadavg.01"))
        .count();
    assert!(others >= runs.len(), "{others} of {}", runs.len());
    all.iter().for_each(Rounds::stop);
    let end = Instant::now();
    eventually("all have ended", || all.iter().all(Rounds::is_finished));
    assert!(end.elapsed() < Duration::from_secs(20));
    outlet.stop(Instant::now() + second);
}
