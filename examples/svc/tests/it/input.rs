//! What is typed: names, command lines, paths, options.

use crate::sandbox::{Sandbox, eventually};

#[test]
fn a_name_has_a_character() {
    let sandbox = Sandbox::new();
    let error = sandbox.usage(&["add", "", "sleep 1"]);
    assert!(
        error.ends_with("a name has at least one character"),
        "{error}"
    );
}

#[test]
fn a_name_is_no_path() {
    let sandbox = Sandbox::new();
    for name in ["../x", "a/b", "a b"] {
        let error = sandbox.usage(&["add", name, "sleep 1"]);
        assert!(error.contains("a name has letters, digits,"), "{error}");
    }
    let error = sandbox.usage(&["add", "..", "sleep 1"]);
    assert!(
        error.ends_with("starts with a letter or a digit"),
        "{error}"
    );
}

#[test]
fn a_name_is_one_line() {
    let error = Sandbox::new().run(&["add", "a\nb", "sleep 1"]);
    assert_eq!(error.code, 2);
    assert!(error.err.contains(r"and no '\n'"), "{error:?}");
}

#[test]
fn a_name_is_not_too_long_for_a_file() {
    let sandbox = Sandbox::new();
    let error = sandbox.usage(&["add", &"x".repeat(300), "sleep 1"]);
    assert!(error.ends_with("a name has at most 64 bytes"), "{error}");
    sandbox.ok(&["add", &"x".repeat(64), "sleep 1"]);
}

#[test]
fn a_name_is_no_option() {
    let sandbox = Sandbox::new();
    assert!(sandbox.ok(&["add", "--help"]).contains("Usage: svc add"));
    sandbox.usage(&["add", "-x", "sleep 1"]);
    assert_eq!(sandbox.ok(&["list", "--json"]), "[]\n");
}

#[test]
fn a_name_may_be_of_any_language() {
    let sandbox = Sandbox::new();
    sandbox.start("Öl-2", "exec sleep 1000", &[]);
    assert!(sandbox.ok(&["list"]).contains("Öl-2"));
    sandbox.ok(&["stop", "Öl-2"]);
}

#[test]
fn what_is_refused_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "sleep 1"]);
    let before = std::fs::read(sandbox.path("registry.db")).unwrap();
    sandbox.usage(&["add", "a/b", "sleep 1"]);
    sandbox.fails(2, &["add", "x"]);
    sandbox.fails(1, &["add", "web", "sleep 2"]);
    sandbox.fails(4, &["edit", "wbe", "sleep 2"]);
    assert_eq!(std::fs::read(sandbox.path("registry.db")).unwrap(), before);
}

#[test]
fn a_service_has_a_command() {
    let sandbox = Sandbox::new();
    let error = sandbox.fails(2, &["add", "x"]);
    assert!(error.starts_with("error: what is `x` to run?"), "{error}");
    let error = sandbox.fails(2, &["add", "x", ""]);
    assert_eq!(error, "error: that is no command line: it names no program");
    let error = sandbox.fails(2, &["add", "x", "echo 'a"]);
    assert!(error.ends_with("missing closing quote"), "{error}");
}

#[test]
fn a_name_is_taken_once() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "sleep 1"]);
    let error = sandbox.fails(1, &["add", "web", "sleep 2"]);
    assert_eq!(error, "error: there is a service `web` already");
}

#[test]
fn an_unknown_option_is_refused() {
    let error = Sandbox::new().usage(&["list", "--nosuch"]);
    assert_eq!(error, "error: unexpected argument '--nosuch' found");
}

#[test]
fn an_unknown_command_has_a_similar_one() {
    let ran = Sandbox::new().run(&["strat"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("a similar command exists: 'start'"),
        "{ran:?}"
    );
    assert!(ran.err.contains("Usage: svc"), "{ran:?}");
}

#[test]
fn no_command_gets_the_help() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&[]);
    let ran = crate::sandbox::Ran::of(&command.env_remove("SVC_DB").output().unwrap());
    assert_eq!((ran.code, &*ran.out), (2, ""));
    assert!(ran.err.contains("Exit codes:"), "{ran:?}");
}

#[test]
fn too_few_words_are_refused() {
    let sandbox = Sandbox::new();
    for command in ["start", "stop", "restart", "remove", "logs", "run", "add"] {
        sandbox.usage(&[command]);
    }
}

#[test]
fn names_and_all_exclude_each_other() {
    Sandbox::new().usage(&["stop", "web", "--all"]);
}

#[test]
fn an_unknown_service_has_near_ones() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "sleep 1"]);
    for command in [
        "start", "stop", "restart", "remove", "status", "logs", "run", "edit",
    ] {
        let error = sandbox.fails(4, &[command, "wbe"]);
        assert_eq!(error, "error: there is no service `wbe`, but `web`");
    }
    let error = sandbox.fails(4, &["start", "nosuch"]);
    assert_eq!(error, "error: there is no service `nosuch`");
}

#[test]
fn numbers_are_checked() {
    let sandbox = Sandbox::new();
    for wrong in [
        "--restart-pause=-1",
        "--stop-pause=nan",
        "--stop-pause=1e300",
        "--restart-starts=-1",
        "--stop-signal=0",
        "--stop-signal=NOPE",
        "--restart=maybe",
        "--env=FOO",
        "--env==x",
    ] {
        sandbox.usage(&["add", "x", wrong, "sleep 1"]);
    }
}

#[test]
fn a_quoted_line_is_split_as_a_shell_does() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", r#"sh -c "echo 'a  b'" c\ d"#]);
    let command = &sandbox.status("x")["command"];
    assert_eq!(
        *command,
        serde_json::json!(["sh", "-c", "echo 'a  b'", "c d"])
    );
}

#[test]
fn words_are_taken_as_they_are() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "--", "printf", "%s\n", "-o", "a  b", "$HOME"]);
    let command = &sandbox.status("x")["command"];
    let words = serde_json::json!(["printf", "%s\n", "-o", "a  b", "$HOME"]);
    assert_eq!(*command, words);
}

#[test]
fn a_line_and_words_exclude_each_other() {
    Sandbox::new().usage(&["add", "x", "sleep 1", "--", "sleep", "2"]);
}

#[test]
fn paths_are_those_of_the_caller() {
    let sandbox = Sandbox::new();
    sandbox.sh("mkdir -p in/deep; echo hello > in/input");
    sandbox.sh("cd in/deep && $SVC add x -w .. -i ../input -o ../out cat");
    sandbox.ok(&["start", "x"]);
    sandbox.until_written("in/out", "hello\n");
    let home = std::fs::canonicalize(sandbox.path("in")).unwrap();
    let status = sandbox.status("x");
    for key in ["working_directory", "stdin", "stdout"] {
        let path = std::path::Path::new(status[key].as_str().unwrap());
        assert!(path.is_absolute(), "{status}");
        assert!(std::fs::canonicalize(path).unwrap().starts_with(&home));
    }
}

#[test]
fn a_service_runs_where_it_was_added() {
    let sandbox = Sandbox::new();
    sandbox.sh("mkdir in; cd in; $SVC add x -- sh -c 'pwd -P > here'");
    sandbox.ok(&["start", "x"]);
    let home = std::fs::canonicalize(sandbox.path("in")).unwrap();
    sandbox.until_written("in/here", &format!("{}\n", home.display()));
}

#[test]
fn paths_may_have_blanks_and_any_letters() {
    let sandbox = Sandbox::bare();
    let ran = sandbox.sh(
        "mkdir 'où est' && cd 'où est' && export SVC_DB=\"$PWD/die Dienste.db\" &&
        $SVC initialize && $SVC add x -o 'l o g' -- sh -c 'echo hi; exec sleep 1000' &&
        $SVC start x && $SVC list && $SVC stop x",
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(sandbox.read("où est/l o g"), "hi\n");
}

#[test]
fn paths_may_be_long() {
    let sandbox = Sandbox::bare();
    let deep = ["x".repeat(200), "y".repeat(200)].join("/");
    std::fs::create_dir_all(sandbox.path(&deep)).unwrap();
    let db = sandbox.path(&deep).join("registry.db");
    let db = db.to_str().unwrap();
    let name = "n".repeat(64);
    sandbox.ok(&["--db", db, "initialize"]);
    sandbox.ok(&["--db", db, "add", &name, "sleep 1000"]);
    sandbox.ok(&["--db", db, "start", &name]);
    sandbox.ok(&["--db", db, "stop", &name]);
}

#[test]
fn a_path_that_is_too_long_is_told() {
    let sandbox = Sandbox::bare();
    let db = ["x".repeat(200), "y".repeat(200), "z".repeat(200)].join("/");
    let error = sandbox.fails(1, &["--db", &db, "initialize"]);
    assert!(error.ends_with("z: File name too long"), "{error}");
}

#[test]
fn a_path_that_is_no_text_is_refused() {
    let sandbox = Sandbox::new();
    let ran = sandbox.sh(r#"$SVC add x -w "$(printf '/tmp/\377')" sleep"#);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.ends_with("paths of a service must be UTF-8\n"),
        "{ran:?}"
    );
}

#[test]
fn edit_changes_what_is_given_and_nothing_else() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "-o", "log", "--restart", "always", "sleep 1"]);
    let mut before = sandbox.status("x");
    let said = sandbox.ok(&["edit", "x", "--stop-signal", "int", "sleep 2"]);
    assert_eq!(said, "x: changed\n");
    before["command"] = serde_json::json!(["sleep", "2"]);
    before["stop"]["signal"] = 2.into();
    assert_eq!(sandbox.status("x"), before);
}

#[test]
fn edit_moves_errors_with_the_output_unless_they_go_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "-o", "log", "sleep 1"]);
    sandbox.ok(&["edit", "x", "-o", "new"]);
    let both = sandbox.status("x");
    assert_eq!(both["stderr"], both["stdout"]);
    sandbox.ok(&["edit", "x", "-e", "errors"]);
    let before = sandbox.status("x");
    sandbox.ok(&["edit", "x", "-o", "log"]);
    assert_eq!(sandbox.status("x")["stderr"], before["stderr"]);
}

#[test]
fn edit_changes_a_service_that_runs_when_it_is_restarted() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exec sleep 1000", &[]);
    let pid = sandbox.pid("x");
    sandbox.ok(&["edit", "x", "sleep 2000"]);
    let status = sandbox.status("x");
    assert_eq!(
        (&status["pid"], &status["is_changed"]),
        (&pid.into(), &true.into())
    );
    sandbox.ok(&["restart", "x"]);
    let command = std::fs::read(format!("/proc/{}/cmdline", sandbox.pid("x"))).unwrap();
    assert_eq!(command, b"sleep\x002000\0");
    assert_eq!(sandbox.status("x")["is_changed"], false);
}

#[test]
fn a_service_that_runs_is_not_removed() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exec sleep 1000", &[]);
    let error = sandbox.fails(1, &["remove", "x"]);
    assert_eq!(error, "error: `x` runs: stop it first");
    assert_eq!(sandbox.state("x"), "running");
}

#[test]
fn remove_stops_it_if_that_is_asked_for() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exec sleep 1000", &[]);
    let said = sandbox.ok(&["remove", "--stop", "x"]);
    assert_eq!(said, "x: stopped\nx: removed\n");
    eventually("nothing is left", || sandbox.processes().is_empty());
    sandbox.fails(4, &["status", "x"]);
}

#[test]
fn nothing_is_kept_of_what_a_removed_service_was() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &["--env", "PASSWORD=secret"]);
    let kept = || sandbox.sh("grep -r secret registry.d").out;
    assert_ne!(kept(), "");
    sandbox.ok(&["remove", "--stop", "web"]);
    let states = std::fs::read_dir(sandbox.path("registry.d/states")).unwrap();
    assert_eq!(states.count(), 0);
    assert_eq!(kept(), "");
}

#[test]
fn a_name_is_free_after_its_service_was_removed() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exit 3", &[]);
    sandbox.until("x", "dead");
    sandbox.ok(&["remove", "x"]);
    sandbox.ok(&["add", "x", "sleep 1"]);
    assert_eq!(sandbox.state("x"), "stopped");
}

#[test]
fn a_name_may_be_given_twice() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "sleep 1"]);
    assert_eq!(sandbox.ok(&["remove", "x", "x"]), "x: removed\n");
}
