//! Services that can't be started: the step, the path and the reason, in one line.

use std::os::unix::fs::chown;
use std::time::{Duration, Instant};

use crate::sandbox::{Ran, Sandbox};
use crate::users::{is_lonely_root, is_root};

/// Who is not root, where the tests are.
const NOBODY: u32 = 65534;

#[test]
fn a_missing_program_is_127() {
    let sandbox = Sandbox::new();
    let error = sandbox.fails_to_start(127, &["/no/such"]);
    assert_eq!(error, "error: x: exec /no/such: No such file or directory");
}

#[test]
fn a_failed_start_is_quick_and_can_be_repeated() {
    let sandbox = Sandbox::new();
    sandbox.fails_to_start(127, &["/no/such"]);
    let began = Instant::now();
    sandbox.fails(127, &["start", "x"]);
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_failed_start_is_shown_with_its_reason() {
    let sandbox = Sandbox::new();
    sandbox.fails_to_start(127, &["/no/such"]);
    let reason = "exec /no/such: No such file or directory";
    assert_eq!(sandbox.status("x")["detail"], reason);
    assert!(
        sandbox
            .ok(&["list"])
            .contains(&format!("failed ({reason})"))
    );
}

#[test]
fn a_failed_start_can_be_mended() {
    let sandbox = Sandbox::new();
    sandbox.fails_to_start(127, &["/no/such"]);
    sandbox.ok(&["edit", "x", "sleep 1000"]);
    sandbox.ok(&["start", "x"]);
    assert_eq!(sandbox.state("x"), "running");
}

#[test]
fn a_program_that_is_not_in_path_is_127() {
    let error = Sandbox::new().fails_to_start(127, &["nosuchprogram"]);
    assert!(
        error.contains("exec nosuchprogram: it is nowhere in PATH"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_no_program_is_126() {
    let sandbox = Sandbox::new();
    sandbox.sh("echo 'echo hi' > plain");
    let error = sandbox.fails_to_start(126, &["./plain"]);
    assert!(error.ends_with("/plain: Permission denied"), "{error}");
}

#[test]
fn a_script_without_an_interpreter_is_the_shells() {
    let sandbox = Sandbox::new();
    let script = sandbox.script("plain", "echo hello\n");
    sandbox.ok(&["add", "x", "-o", "log", &script]);
    sandbox.ok(&["start", "x"]);
    sandbox.until_written("log", "hello\n");
}

#[test]
fn a_missing_interpreter_is_named() {
    let sandbox = Sandbox::new();
    let script = sandbox.script("bad", "#!/no/sh -x\n");
    let error = sandbox.fails_to_start(127, &[&script]);
    let line = format!("exec {script}: its interpreter /no/sh: No such file or directory");
    assert_eq!(error, format!("error: x: {line}"));
}

#[test]
fn a_directory_is_126() {
    let error = Sandbox::new().fails_to_start(126, &["/tmp"]);
    assert_eq!(
        error,
        "error: x: exec /tmp: it is a directory: Permission denied"
    );
}

#[test]
fn a_missing_directory_to_run_in_is_named() {
    let error = Sandbox::new().fails_to_start(1, &["-w", "/none", "sleep 1"]);
    assert_eq!(error, "error: x: chdir /none: No such file or directory");
}

#[test]
fn a_file_to_run_in_is_refused() {
    let error = Sandbox::new().fails_to_start(1, &["-w", "/dev/null", "sleep 1"]);
    assert_eq!(error, "error: x: chdir /dev/null: Not a directory");
}

#[test]
fn a_missing_input_is_named() {
    let error = Sandbox::new().fails_to_start(1, &["-i", "/none", "sleep 1"]);
    assert_eq!(error, "error: x: stdin /none: No such file or directory");
}

#[test]
fn a_log_in_a_missing_directory_is_named() {
    let error = Sandbox::new().fails_to_start(1, &["-o", "/none/x", "sleep 1"]);
    assert_eq!(error, "error: x: stdout /none/x: No such file or directory");
    let error = Sandbox::new().fails_to_start(1, &["-e", "/none/x", "sleep 1"]);
    assert_eq!(error, "error: x: stderr /none/x: No such file or directory");
}

#[test]
fn a_log_that_is_a_directory_is_refused() {
    let error = Sandbox::new().fails_to_start(1, &["-o", "/tmp", "sleep 1"]);
    assert_eq!(error, "error: x: stdout /tmp: Is a directory");
}

#[test]
fn one_failure_is_none_of_the_others() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "bad", "/no/such"]);
    sandbox.ok(&["add", "good", "sleep 1000"]);
    let ran = sandbox.run(&["start", "--all"]);
    assert_eq!(ran.code, 127);
    assert!(ran.out.starts_with("good: started"), "{ran:?}");
    assert_eq!(sandbox.state("good"), "running");
}

#[test]
fn different_failures_are_1() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "absent", "/no/such"]);
    sandbox.ok(&["add", "barred", "/tmp"]);
    let ran = sandbox.run(&["start", "--all"]);
    assert_eq!((ran.code, ran.err.lines().count()), (1, 2), "{ran:?}");
}

#[test]
fn a_failed_fork_is_no_failed_program() {
    let sandbox = Sandbox::bare();
    // There is no limit to the processes of root.
    let user = if is_root() {
        chown(sandbox.path(""), Some(NOBODY), Some(NOBODY)).unwrap();
        format!("setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups")
    } else if is_lonely_root() {
        return eprintln!("skipped: there is nobody but root");
    } else {
        "env".to_owned()
    };
    let sh = |line: &str| -> Ran { sandbox.sh(&format!("{user} {line}")) };
    if sh("$SVC initialize").code != 0 || sh("prlimit true").code != 0 {
        return eprintln!("skipped: nobody can't run the program, or there is no prlimit");
    }
    sh("$SVC add x true");
    let ran = sh("prlimit --nproc=1 $SVC run x");
    let error = "error: x: fork: Resource temporarily unavailable\n";
    assert_eq!((ran.code, &*ran.err), (1, error));
}
