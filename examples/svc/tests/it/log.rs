//! The log of a service: kept, put aside, read.

use std::fs;
use std::io::{BufRead, BufReader};

use crate::sandbox::{Sandbox, eventually, kill, lives, status_line};

/// Writes a line each few milliseconds, and says in a file how many there were.
const TALKER: &str =
    "i=0; while :; do i=$((i+1)); echo line $i; echo $i > count; sleep 0.002; done";

fn all_files(sandbox: &Sandbox) -> String {
    let list = sandbox
        .sh("ls registry.d/logs | grep -v index | grep log | sort -t. -k3nr")
        .out;
    let mut files: Vec<_> = list
        .lines()
        .filter(|name| !name.ends_with("losses"))
        .collect();
    files.sort_by_key(|name| {
        let number = name.rsplit('.').next().unwrap();
        std::cmp::Reverse(number.parse::<u32>().unwrap_or(0))
    });
    files
        .iter()
        .map(|name| sandbox.text(&format!("registry.d/logs/{name}")))
        .collect()
}

/// That the lines are those of the talker, each once and in its order.
#[track_caller]
fn check(text: &str, first: usize) {
    assert!(!text.contains('\0'));
    for (number, line) in text.lines().enumerate() {
        assert_eq!(line, format!("line {}", number + first));
    }
}

#[test]
fn what_a_service_writes_is_kept_unless_it_goes_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "echo out; echo err >&2; exit 3", &[]);
    sandbox.until("web", "dead");
    assert_eq!(sandbox.ok(&["logs", "web"]), "out\nerr\n");
    assert_eq!(sandbox.ok(&["logs", "--stderr", "web"]), "err\n");
    sandbox.ok(&["edit", "web", "-o", "/dev/null"]);
    sandbox.ok(&["start", "web"]);
    sandbox.until("web", "dead");
    let told = sandbox.fails(1, &["logs", "web"]);
    assert!(
        told.ends_with("`svc edit web --log` keeps what it writes"),
        "{told}"
    );
    sandbox.ok(&["edit", "web", "--log"]);
    assert_eq!(sandbox.ok(&["logs", "web"]), "out\nerr\n");
}

#[test]
fn what_has_no_end_is_kept_when_the_service_has_ended() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "printf 'no end'", &[]);
    sandbox.until("web", "ended");
    assert_eq!(sandbox.ok(&["logs", "web"]), "no end");
}

#[test]
fn a_full_file_is_followed_by_the_next_and_no_line_is_lost() {
    let sandbox = Sandbox::new();
    let shell = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line $i; done";
    sandbox.start("web", shell, &["--log-size", "20K", "--log-keep", "99"]);
    sandbox.until("web", "ended");
    let text = all_files(&sandbox);
    check(&text, 1);
    assert_eq!(text.lines().count(), 20000);
    let sizes = sandbox
        .sh("find registry.d/logs -name '*.log*' ! -name '*index' -size +20k")
        .out;
    assert_eq!(sizes, "");
    assert_eq!(sandbox.ok(&["logs", "web", "-n", "100000"]), text);
    assert_eq!(
        sandbox.ok(&["logs", "web", "-n", "5000"]).lines().count(),
        5000
    );
    // No more are kept than told.
    sandbox.ok(&["edit", "web", "--log-keep", "2"]);
    sandbox.ok(&["remove", "web"]);
    sandbox.start("web", shell, &["--log-size", "20K", "--log-keep", "2"]);
    sandbox.until("web", "ended");
    let text = all_files(&sandbox);
    check(&text, 20001 - text.lines().count());
    assert_eq!(
        sandbox
            .sh("ls registry.d/logs | grep -vE 'index|losses' | wc -l")
            .out,
        "3\n"
    );
}

#[test]
fn no_line_is_lost_with_the_service_the_shim_or_an_idle_logger() {
    let sandbox = Sandbox::new();
    sandbox.start("web", TALKER, &[]);
    sandbox.until("web", "running");
    eventually("it talks", || {
        sandbox
            .text("count")
            .trim()
            .parse()
            .is_ok_and(|count: u32| count > 10)
    });
    // The shim starts the logger again. The logger waits for output when it is killed, because it takes the lines
    // with it that it has just read.
    let [logger] = sandbox.loggers()[..] else {
        panic!("one logger")
    };
    let main = sandbox.pid("web");
    kill(main, 19);
    eventually("the service is stopped", || {
        status_line(main, "State").starts_with('T')
    });
    eventually("the logger waits", || {
        status_line(logger, "State").starts_with('S')
    });
    kill(logger, 9);
    kill(main, 18);
    eventually("there is another one", || {
        sandbox
            .loggers()
            .first()
            .is_some_and(|other| *other != logger)
    });
    // And without its shim all goes on.
    let (shim, pid) = (sandbox.shim("web"), sandbox.pid("web"));
    kill(shim, 9);
    eventually("the shim is dead", || !lives(shim));
    let count = || sandbox.text("count").trim().parse::<usize>().unwrap_or(0);
    let before = count();
    eventually("it talks on", || count() > before + 50);
    assert!(lives(pid));
    kill(pid, 9);
    eventually("the logger has ended", || sandbox.loggers().is_empty());
    let text = all_files(&sandbox);
    check(&text, 1);
    assert!(
        text.lines().count() >= count(),
        "{} of {}",
        text.lines().count(),
        count()
    );
}

#[test]
fn a_log_that_was_moved_is_left_and_nothing_lost() {
    let sandbox = Sandbox::new();
    sandbox.start("web", TALKER, &[]);
    for round in 0..5 {
        eventually("it talks", || {
            sandbox.text("registry.d/logs/web.log").lines().count() > 10
        });
        sandbox.sh(&format!("mv registry.d/logs/web.log moved.{round}"));
        if round % 2 == 0 {
            sandbox.ok(&["logs", "--reopen", "web"]);
        }
    }
    sandbox.ok(&["stop", "web"]);
    let moved = sandbox.sh("cat moved.* registry.d/logs/web.log").out;
    check(&moved, 1);
    // It may be killed just when it has emptied the file.
    let count: usize = sandbox.text("count").trim().parse().unwrap_or(0);
    assert!(moved.lines().count() >= count);
}

#[test]
fn a_file_that_a_service_writes_by_itself_is_noted_when_it_was_moved() {
    let sandbox = Sandbox::new();
    sandbox.start(
        "web",
        "while :; do echo up; sleep 0.05; done",
        &["-o", "log"],
    );
    sandbox.until_lines("log", 1);
    assert_eq!(sandbox.run(&["logs", "web"]).err, "");
    for loss in ["mv log old", "rm log"] {
        sandbox.sh(loss);
        let ran = sandbox.run(&["logs", "web"]);
        let note = "note: `web` goes on with a file that was moved or removed: `svc restart web` gives it ";
        assert!(
            ran.err.starts_with(note) && ran.err.ends_with("/log again\n"),
            "{ran:?}"
        );
        sandbox.ok(&["restart", "web"]);
        sandbox.until_lines("log", 1);
        assert_eq!(sandbox.run(&["logs", "web"]).err, "");
    }
}

#[test]
fn several_are_interleaved_in_the_order_of_their_times() {
    let sandbox = Sandbox::new();
    let turn = |name: &str, first: &str| {
        format!("{first} for i in 1 2 3; do echo {name} $i; sleep 0.2; done; exec sleep 1000")
    };
    sandbox.start("a", &turn("a", ""), &[]);
    sandbox.start("b", &turn("b", "sleep 0.1;"), &[]);
    eventually("all is said", || {
        sandbox.ok(&["logs", "--all"]).lines().count() == 6
    });
    let told = sandbox.ok(&["logs", "b", "a"]);
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines[0], "a           | a 1");
    assert!(lines.contains(&"b           | b 3"), "{told}");
    let of =
        |name: &str| -> Vec<_> { lines.iter().filter(|line| line.starts_with(name)).collect() };
    assert_eq!((of("a").len(), of("b").len()), (3, 3));
    let stamped = sandbox.ok(&["logs", "--timestamps", "a", "b"]);
    let times: Vec<_> = stamped.lines().map(|line| &line[..24]).collect();
    assert!(times.is_sorted() && times[0].ends_with('Z'), "{stamped}");
}

#[test]
fn lines_since_a_time_are_all_shown() {
    let sandbox = Sandbox::new();
    let shell = "for i in $(seq 20); do echo old; done; while [ ! -e go ]; do sleep 0.05; done; \
        for i in $(seq 20); do echo new; done; exec sleep 1000";
    sandbox.start("web", shell, &[]);
    let written = |lines| {
        eventually("it is written", || {
            sandbox.text("registry.d/logs/web.log").lines().count() == lines
        });
    };
    written(20);
    // `date` has whole seconds.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let between = sandbox.sh("date -u +'%Y-%m-%d %H:%M:%S'; touch go").out;
    written(40);
    let since = |time: &str| sandbox.ok(&["logs", "web", "--since", time]);
    assert_eq!(since(between.trim()), "new\n".repeat(20));
    assert_eq!(since("1h").lines().count(), 40);
    assert_eq!(since("2100-01-01 00:00:00"), "");
    let told = sandbox.usage(&["logs", "web", "--since", "yesterday"]);
    assert!(told.contains("a time is written `10m`"), "{told}");
}

#[test]
fn following_goes_on_over_the_ends_of_files() {
    let sandbox = Sandbox::new();
    let shell = "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo line $i; \
        [ $((i % 100)) = 0 ] && sleep 0.01; done; echo end; exec sleep 1000";
    sandbox.add("web", shell, &["--log-size", "2K", "--log-keep", "99"]);
    let mut follow = sandbox.command(&["logs", "-f", "-n", "10000", "web"]);
    let mut follow = follow.spawn().unwrap();
    sandbox.ok(&["start", "web"]);
    let lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    let lines: Vec<_> = lines
        .map(Result::unwrap)
        .take_while(|line| line != "end")
        .collect();
    follow.kill().unwrap();
    follow.wait().unwrap();
    check(&lines.join("\n"), 1);
    assert_eq!(lines.len(), 3000);
}

#[test]
fn a_full_disk_loses_lines_but_no_service() {
    let mut sandbox = Sandbox::new();
    let mount =
        "mkdir -p registry.d/logs && mount -t tmpfs -o size=64k,mode=700 none registry.d/logs";
    if !sandbox.mounts(mount) {
        return;
    }
    // The whole disk is full before the first file is.
    let shell = "i=0; while [ ! -e quiet ]; do i=$((i+1)); echo something that takes room; \
        [ $((i % 100)) = 0 ] && sleep 0.01; done; \
        while [ ! -e again ]; do sleep 0.01; done; echo back; exec sleep 1000";
    sandbox.start("web", shell, &[]);
    eventually("something is lost", || {
        let lost = &sandbox.status("web")["log_lost"]["bytes"];
        lost.as_u64().is_some_and(|bytes| bytes > 0)
    });
    assert_eq!(sandbox.state("web"), "running");
    let status = sandbox.run(&["status", "web"]).out;
    assert!(
        status.contains("could not be written: No space left on device"),
        "{status}"
    );
    // Room again, and it goes on by itself, and says what is missing.
    sandbox.sh("touch quiet; rm registry.d/logs/web.log; touch again");
    eventually("it is written again", || {
        let log = sandbox.sh("cat registry.d/logs/web.log").out;
        log.contains("bytes could not be written here") && log.ends_with("back\n")
    });
    eventually("nothing is lost now", || {
        sandbox.status("web")["log_lost"].is_null()
    });
    sandbox.ok(&["stop", "web"]);
    let _ = fs::remove_dir_all(sandbox.path("registry.d"));
}
