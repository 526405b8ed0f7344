//! The rights and the limits of a service.

use crate::sandbox::{Ran, Sandbox, eventually, status_line};
use crate::users;

/// The limit of a process with that title in `/proc/PID/limits`.
#[track_caller]
fn limit(pid: i32, title: &str) -> (String, String) {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix(title));
    let mut words = line
        .unwrap_or_else(|| panic!("no {title}"))
        .split_whitespace();
    let mut word = || words.next().unwrap().to_owned();
    (word(), word())
}

#[test]
fn a_service_has_its_umask_and_its_niceness() {
    let sandbox = Sandbox::new();
    let options = ["--umask", "027", "--nice", "7"];
    sandbox.start("web", "touch made; nice > said; exec sleep 1000", &options);
    sandbox.until_written("said", "7\n");
    let mode = sandbox.sh("stat -c %a made");
    assert_eq!(mode.out, "640\n");
    let status = sandbox.run(&["status", "web"]);
    for line in ["     umask  027\n", "      nice  7\n"] {
        assert!(status.out.contains(line), "{status:?}");
    }
    let status = sandbox.status("web");
    assert_eq!((&status["umask"], &status["nice"]), (&23.into(), &7.into()));
    sandbox.ok(&["edit", "web", "--unset-umask", "--unset-nice"]);
    sandbox.sh("rm made said; umask 077; $SVC restart web");
    sandbox.until_written("said", &sandbox.sh("nice").out);
    assert_eq!(sandbox.sh("stat -c %a made").out, "600\n");
}

#[test]
fn a_service_has_the_rights_of_its_user() {
    if !users::is_root() {
        return eprintln!("skipped: only root can give a service another user");
    }
    let sandbox = Sandbox::new();
    sandbox.sh("mkdir -m 777 open");
    let script = "id -u; id -g; id -G; echo $HOME $USER $LOGNAME; sleep 1000 & exec sleep 1000";
    let options = ["--user", "nobody:daemon", "-w", "open"];
    sandbox.start("web", script, &options);
    let entry = sandbox
        .sh("getent passwd nobody | cut -d: -f3,6 | tr : ' '")
        .out;
    let (uid, home) = entry.trim().split_once(' ').unwrap();
    let gid = sandbox.sh("getent group daemon | cut -d: -f3").out;
    let gid = gid.trim();
    let groups = sandbox.sh("id -G nobody").out;
    let said = || sandbox.ok(&["logs", "web"]);
    eventually("it has said who it is", || said().lines().count() == 4);
    let said = said();
    let said: Vec<_> = said.lines().collect();
    assert_eq!(&said[..2], [uid, gid]);
    assert!(
        said[2]
            .split(' ')
            .all(|one| one == gid || groups.trim().split(' ').any(|group| group == one))
    );
    assert_eq!(said[3], format!("{home} nobody nobody"));
    let pid = sandbox.pid("web");
    assert!(status_line(pid, "Uid").starts_with(uid));
    assert!(
        sandbox
            .ok(&["status", "web"])
            .contains("      user  nobody:daemon\n")
    );
    // It is stopped with all that it started.
    sandbox.ok(&["stop", "web"]);
    assert_eq!(sandbox.processes(), Vec::<i32>::new());
    sandbox.ok(&["edit", "web", "--unset-user"]);
    assert_eq!(sandbox.status("web")["user"], serde_json::Value::Null);
}

#[test]
fn a_service_of_another_user_reports_that_it_is_ready() {
    // Another user cannot run a program in the home of root.
    let python = "/usr/bin/python3";
    if !users::is_root() || !std::path::Path::new(python).exists() {
        return eprintln!("skipped: this needs root and {python}");
    }
    let sandbox = Sandbox::new();
    let program = "import os, socket, time\ns = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n\
        a = os.environ['NOTIFY_SOCKET']\ns.sendto(b'READY=1', '\\0' + a[1:] if a[0] == '@' else a)\ntime.sleep(1000)\n";
    let options = ["--user", "nobody", "-w", "/", "--ready", "notify"];
    let options = [
        &["add", "web"],
        &options[..],
        &["--", python, "-c", program],
    ]
    .concat();
    sandbox.ok(&options);
    sandbox.ok(&["start", "web"]);
}

fn sandbox_lacks_python() -> bool {
    Sandbox::bare().sh("python3 --version").code != 0
}

#[test]
fn who_is_not_root_may_not_give_another_user() {
    if !users::is_root() || Sandbox::bare().sh("setpriv --version").code != 0 {
        return eprintln!("skipped: this needs root and setpriv");
    }
    let sandbox = Sandbox::bare();
    std::os::unix::fs::chown(sandbox.path(""), Some(65534), Some(65534)).unwrap();
    let run = |args: &[&str]| {
        let mut command = sandbox.program("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        Ran::of(
            &command
                .arg(env!("CARGO_BIN_EXE_svc"))
                .args(args)
                .output()
                .unwrap(),
        )
    };
    assert_eq!(run(&["initialize"]).code, 0);
    assert_eq!(run(&["add", "web", "--user", "root", "sleep 1000"]).code, 0);
    let told = run(&["start", "web"]);
    assert_eq!(
        (told.code, &*told.err),
        (1, "error: web: user: only root can run it as root\n")
    );
    assert_eq!(
        run(&["edit", "web", "--unset-user", "--nice", "-5"]).code,
        0
    );
    let told = run(&["start", "web"]);
    assert_eq!(
        (told.code, &*told.err),
        (1, "error: web: nice: Permission denied\n")
    );
    assert_eq!(
        run(&["edit", "web", "--unset-nice", "--limit", "files=99999999"]).code,
        0
    );
    let told = run(&["start", "web"]);
    assert_eq!(
        (told.code, &*told.err),
        (
            1,
            "error: web: limit files=99999999: Operation not permitted\n"
        )
    );
    eventually("nothing of it is left", || sandbox.processes().is_empty());
}

#[test]
fn limits_of_each_process_hold() {
    let sandbox = Sandbox::new();
    let options = [
        "--limit",
        "files=77",
        "--limit",
        "cpu-time=60s",
        "--limit",
        "memory=512M",
    ];
    sandbox.start("web", "exec sleep 1000", &options);
    let pid = sandbox.pid("web");
    let both = |number: &str| (number.to_owned(), number.to_owned());
    assert_eq!(limit(pid, "Max open files"), both("77"));
    assert_eq!(
        limit(pid, "Max cpu time"),
        ("60".to_owned(), "65".to_owned())
    );
    let held = sandbox.status("web")["limits_held"].clone();
    assert_eq!(held["files"], "rlimit");
    if held["memory"] == "rlimit" {
        assert_eq!(limit(pid, "Max address space"), both("536870912"));
    }
    // The shim and the logger have no part in it.
    assert_ne!(limit(sandbox.shim("web"), "Max open files"), both("77"));
    let status = sandbox.ok(&["status", "web"]);
    assert!(
        status.contains("     limit  files=77, held for each process\n"),
        "{status}"
    );
    sandbox.ok(&[
        "edit",
        "web",
        "--unset-limit",
        "files",
        "--limit",
        "cpu-time=9",
    ]);
    sandbox.ok(&["restart", "web"]);
    let pid = sandbox.pid("web");
    assert_ne!(limit(pid, "Max open files"), both("77"));
    assert_eq!(limit(pid, "Max cpu time").0, "9");
}

#[test]
fn a_process_that_needs_more_memory_than_its_limit_fails() {
    if sandbox_lacks_python() {
        return eprintln!("skipped: there is no python3");
    }
    let sandbox = Sandbox::new();
    let program = "x = bytearray(1 << 30); print('got it')";
    sandbox.ok(&[
        "add",
        "big",
        "--limit",
        "memory=300M",
        "--",
        "python3",
        "-c",
        program,
    ]);
    sandbox.ok(&["start", "big"]);
    sandbox.until("big", "dead");
    let log = sandbox.ok(&["logs", "big"]);
    assert!(!log.contains("got it"), "{log}");
}

#[test]
fn a_limit_that_nothing_holds_is_said() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &["--limit", "cpu=50%"]);
    let held = sandbox.status("web")["limits_held"]["cpu"].clone();
    let status = sandbox.ok(&["status", "web"]);
    let said = match held.as_str().unwrap() {
        "cgroup" => "     limit  cpu=50%, held by a cgroup\n",
        "nothing" => "     limit  cpu=50%, not held: no cgroup can be made here\n",
        other => panic!("{other}"),
    };
    assert!(status.contains(said), "{status}");
}

#[test]
fn what_is_no_right_is_refused() {
    let sandbox = Sandbox::new();
    for (option, value, told) in [
        (
            "--user",
            "no-such-user",
            "there is no user \"no-such-user\"",
        ),
        ("--umask", "99", "a umask is an octal number such as 027"),
        ("--nice", "20", "20 is not in -20..=19"),
        (
            "--limit",
            "disk=1G",
            "it is `memory`, `processes`, `files`, `cpu` or `cpu-time`",
        ),
        ("--limit", "cpu=50", "a share of a CPU is written `cpu=50%`"),
        (
            "--unset-limit",
            "disk",
            "it is `memory`, `processes`, `files`, `cpu` or `cpu-time`",
        ),
    ] {
        let said = sandbox.usage(&["add", "web", option, value, "sleep 1"]);
        assert!(said.ends_with(told), "{said}");
    }
}
