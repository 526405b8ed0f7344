//! What a service has of the world it was started in.

use crate::sandbox::{Ran, Sandbox, eventually};

/// The environment of a service that was added with these arguments, sorted.
fn environment(sandbox: &Sandbox, args: &[&str]) -> Vec<String> {
    let words = [&["add", "x", "-o", "log"], args, &["--", "env"]].concat();
    let mut add = sandbox.command(&words);
    let mut start = sandbox.command(&["start", "x"]);
    for command in [&mut add, &mut start] {
        command
            .env_clear()
            .env("SVC_DB", sandbox.path("registry.db"));
        command
            .env("HOME", "/home/x")
            .env("LANG", "C")
            .env("TZ", "UTC");
    }
    let add = Ran::of(&add.env("SECRET", "s").output().unwrap());
    assert_eq!(add.code, 0, "{add:?}");
    assert_eq!(Ran::of(&start.output().unwrap()).code, 0);
    sandbox.until("x", "ended");
    let mut lines: Vec<_> = sandbox.read("log").lines().map(str::to_owned).collect();
    // Where its state is differs each time.
    lines.retain(|line| !line.starts_with("SVC_STATE="));
    lines.sort();
    lines
}

#[test]
fn only_a_few_variables_reach_a_service() {
    let found = environment(&Sandbox::new(), &[]);
    assert_eq!(found, ["HOME=/home/x", "LANG=C", "SVC_NAME=x", "TZ=UTC"]);
}

#[test]
fn variables_can_be_given() {
    let found = environment(&Sandbox::new(), &["--env", "A=b=c", "--env", "LANG=de"]);
    let expected = ["A=b=c", "HOME=/home/x", "LANG=de", "SVC_NAME=x", "TZ=UTC"];
    assert_eq!(found, expected);
}

#[test]
fn the_whole_environment_can_be_kept() {
    let found = environment(&Sandbox::new(), &["--capture-env"]);
    assert!(found.contains(&"SECRET=s".to_owned()), "{found:?}");
}

#[test]
fn what_the_caller_has_no_more_is_gone_with_a_restart() {
    let sandbox = Sandbox::new();
    environment(&sandbox, &[]);
    let mut restart = sandbox.command(&["restart", "x"]);
    restart.env_remove("TZ").env("LANG", "de").status().unwrap();
    sandbox.until("x", "ended");
    let text = sandbox.read("log");
    let second: Vec<_> = text.lines().skip(5).collect();
    assert!(!second.iter().any(|line| line.starts_with("TZ=")), "{text}");
    assert!(second.contains(&"LANG=de"), "{text}");
}

#[test]
fn variables_can_be_taken_back() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "--env", "A=1", "--env", "B=2", "sleep 1"]);
    sandbox.ok(&["edit", "x", "--unset-env", "A", "--env", "C=3"]);
    assert_eq!(
        sandbox.status("x")["env"],
        serde_json::json!({"B": "2", "C": "3"})
    );
}

#[test]
fn what_is_kept_may_lack_a_variable() {
    let found = environment(&Sandbox::new(), &["--capture-env", "--unset-env", "SECRET"]);
    assert!(!found.contains(&"SECRET=s".to_owned()), "{found:?}");
}

#[test]
fn a_service_starts_from_a_directory_that_is_gone() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "sleep 1000"]);
    let ran = sandbox.sh("mkdir gone; cd gone; rmdir ../gone; $SVC start x && $SVC stop x");
    assert_eq!((ran.code, &*ran.err), (0, ""));
    let ran = sandbox.sh("mkdir gone; cd gone; rmdir ../gone; $SVC add y sleep");
    assert_eq!((ran.code, ran.err.lines().count()), (1, 1), "{ran:?}");
}

#[test]
fn an_environment_that_is_no_text_is_not_captured() {
    let sandbox = Sandbox::new();
    let ran = sandbox.sh(r#"BAD="$(printf '\377')" $SVC add x --capture-env sleep"#);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.err.ends_with("its environment must be UTF-8\n"),
        "{ran:?}"
    );
    assert_eq!(ran.err.lines().count(), 1);
}

#[test]
fn path_finds_the_program() {
    let sandbox = Sandbox::new();
    sandbox.script("hello", "#!/bin/sh\necho hello\n");
    let here = format!("PATH={}:/usr/bin:/bin", sandbox.path("").display());
    sandbox.ok(&["add", "x", "--env", &here, "-o", "log", "hello"]);
    sandbox.ok(&["start", "x"]);
    sandbox.until_written("log", "hello\n");
}

#[test]
fn streams_lead_to_the_logger_unless_they_are_given() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exec sleep 1000", &[]);
    let link = |stream: u8| {
        let file = std::fs::read_link(format!("/proc/{}/fd/{stream}", sandbox.pid("x"))).unwrap();
        file.to_str().unwrap().to_owned()
    };
    assert_eq!(link(0), "/dev/null");
    assert!(link(1).starts_with("pipe:") && link(2).starts_with("pipe:"));
    sandbox.ok(&["edit", "x", "-o", "/dev/null"]);
    sandbox.ok(&["restart", "x"]);
    assert_eq!((link(1), link(2)), ("/dev/null".into(), "/dev/null".into()));
    // Where there is nothing to read there is no logger.
    eventually("there is none", || sandbox.loggers().is_empty());
}

#[test]
fn a_service_has_no_other_descriptors() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exec sleep 1000", &[]);
    let fds = std::fs::read_dir(format!("/proc/{}/fd", sandbox.pid("x"))).unwrap();
    assert_eq!(fds.count(), 3);
}

#[test]
fn logs_are_appended_to() {
    let sandbox = Sandbox::new();
    sandbox.sh("echo before > log");
    sandbox.ok(&["add", "x", "-o", "log", "echo after"]);
    sandbox.ok(&["start", "x"]);
    sandbox.until_written("log", "before\nafter\n");
}

#[test]
fn both_streams_share_a_log() {
    let sandbox = Sandbox::new();
    sandbox.ok(&[
        "add",
        "x",
        "-o",
        "log",
        "--",
        "sh",
        "-c",
        "echo a; echo b >&2; echo c",
    ]);
    sandbox.ok(&["start", "x"]);
    sandbox.until_written("log", "a\nb\nc\n");
}

#[test]
fn the_umask_of_the_start_counts() {
    use std::os::unix::fs::PermissionsExt;
    for (umask, log, file) in [
        ("022", 0o644, 0o644),
        ("077", 0o600, 0o600),
        ("002", 0o644, 0o664),
    ] {
        let sandbox = Sandbox::new();
        sandbox.add("x", "umask > made; echo done", &["-o", "log"]);
        let ran = sandbox.sh(&format!("umask {umask}; $SVC start x"));
        assert_eq!((ran.code, &*ran.err), (0, ""));
        sandbox.until_written("log", "done\n");
        assert_eq!(sandbox.read("made"), format!("0{umask}\n"));
        for (name, mode) in [
            ("log", log),
            ("made", file),
            ("registry.d/states/x.json", 0o600),
        ] {
            let found = std::fs::metadata(sandbox.path(name)).unwrap();
            assert_eq!(found.permissions().mode() & 0o777, mode, "{umask} {name}");
        }
    }
}

#[test]
fn what_comes_back_with_the_machine_has_what_the_shell_gave() {
    let sandbox = Sandbox::new();
    sandbox.script("hello", "#!/bin/sh\numask >> log; exec sleep 1000\n");
    sandbox.ok(&["add", "x", "hello"]);
    let path = format!("{}:/usr/bin:/bin", sandbox.path("").display());
    let shell = format!("umask 027; PATH={path} exec $SVC start x");
    assert_eq!(sandbox.sh(&shell).code, 0);
    sandbox.until_lines("log", 1);
    // The machine goes down.
    for pid in sandbox.processes() {
        crate::sandbox::kill(pid, 9);
    }
    std::fs::write(sandbox.path("boot"), "another").unwrap();
    let db = sandbox.path("registry.db");
    let mut cron = std::process::Command::new(env!("CARGO_BIN_EXE_svc"));
    cron.env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", "/");
    cron.env("SVC_BOOT_ID", sandbox.path("boot"));
    cron.arg("--db")
        .arg(db)
        .args(["start", "--wanted"])
        .current_dir("/");
    let output = cron.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    sandbox.until_lines("log", 2);
    assert_eq!(sandbox.text("log"), "0027\n0027\n");
}

#[test]
fn a_shim_says_in_lists_of_processes_what_it_is() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    let line = std::fs::read(format!("/proc/{}/cmdline", sandbox.shim("web"))).unwrap();
    assert!(line.starts_with(b"svc shim web\0"), "{line:?}");
}

#[test]
fn a_file_of_variables_is_read_when_a_service_is_added() {
    let sandbox = Sandbox::new();
    let text = "# one\nexport A='1 #'\nB=2 # two\n\nC=\"a\\nb\"\n";
    std::fs::write(sandbox.path("vars"), text).unwrap();
    sandbox.ok(&["add", "x", "--env-file", "vars", "--env", "B=3", "true"]);
    std::fs::remove_file(sandbox.path("vars")).unwrap();
    let expected = serde_json::json!({"A": "1 #", "B": "3", "C": "a\nb"});
    assert_eq!(sandbox.status("x")["env"], expected);
    std::fs::write(sandbox.path("vars"), "A=1\nnonsense\n").unwrap();
    let told = sandbox.fails(1, &["edit", "x", "--env-file", "vars"]);
    assert_eq!(told, "error: vars: line 2: it is not `KEY=VALUE`");
    sandbox.fails(1, &["edit", "x", "--env-file", "missing"]);
    assert_eq!(sandbox.status("x")["env"], expected);
}
