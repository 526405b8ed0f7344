//! Where options come from.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::server::{run, said, serve};

fn files(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    directory
}

/// The value of an option and who said so.
fn shown(path: &Path, words: &str, variables: &[(&str, &str)], option: &str) -> (String, String) {
    let mut command = serve(&format!("--show-config -c {} {words} echo", path.display()));
    let (code, out, errors) = said(command.envs(variables.iter().copied()).output().unwrap());
    assert_eq!(code, Some(0), "{errors}");
    let line = out
        .lines()
        .find(|line| line.split_whitespace().next() == Some(option))
        .unwrap();
    let words: Vec<_> = line.split_whitespace().collect();
    (words[1].to_owned(), words[2..].join(" "))
}

#[test]
fn a_flag_beats_the_environment_beats_a_file_beats_the_default() {
    let directory = files(&[("serve.toml", "workers = 2\nbacklog = 20")]);
    let file = directory.path().join("serve.toml");
    let said_by = |words, variables, option| shown(&file, words, variables, option);
    let own = |value: &str, source: &str| (value.to_owned(), source.to_owned());
    let variable = [("SERVE_WORKERS", "3")];
    assert_eq!(
        said_by("--workers 4", &variable, "workers"),
        own("4", "command line")
    );
    assert_eq!(said_by("", &variable, "workers"), own("3", "SERVE_WORKERS"));
    assert_eq!(
        said_by("", &[], "workers"),
        own("2", &file.display().to_string())
    );
    assert_eq!(
        said_by("", &[], "backlog"),
        own("20", &file.display().to_string())
    );
    assert_eq!(said_by("", &[], "max-clients"), own("1024", "default"));
}

#[test]
fn s1_a_directory_is_read_by_name_without_hidden_files_and_the_last_one_wins() {
    let directory = files(&[
        ("10.toml", "workers = 2\nbacklog = 1"),
        ("20.toml", "workers = 3"),
        (".30.toml", "workers = 4"),
        ("40.txt", "workers = 5"),
    ]);
    let last = directory.path().join("20.toml").display().to_string();
    assert_eq!(
        shown(directory.path(), "", &[], "workers"),
        ("3".to_owned(), last)
    );
    let first = directory.path().join("10.toml").display().to_string();
    assert_eq!(
        shown(directory.path(), "", &[], "backlog"),
        ("1".to_owned(), first)
    );
}

#[test]
fn s1_the_environment_may_name_the_file() {
    let directory = files(&[("serve.toml", "workers = 7")]);
    let mut command = serve("--show-config echo");
    command.env("SERVE_CONFIG", directory.path().join("serve.toml"));
    let (_, out, _) = said(command.output().unwrap());
    assert!(
        out.lines()
            .any(|line| line.starts_with("workers") && line.contains(" 7 ")),
        "{out}"
    );
}

#[test]
fn all_kinds_of_values_can_stand_in_a_file() {
    let text = "no-daemon = true\nruntime = 'poll'\ndrain-timeout = 0.5\nmax-clients = 5\nbind = '127.0.0.1:1'";
    let directory = files(&[("serve.toml", text)]);
    let value = |option| shown(directory.path(), "", &[], option).0;
    let options = [
        "no-daemon",
        "runtime",
        "drain-timeout",
        "max-clients",
        "bind",
    ];
    assert_eq!(
        options.map(value),
        ["true", "poll", "0.5", "5", "127.0.0.1:1"]
    );
}

#[test]
fn s1_what_is_wrong_in_a_file_is_told_in_one_line() {
    for (text, why) in [
        (
            "wrokers = 2",
            "there is no option `wrokers`, did you mean `workers`?",
        ),
        ("qqq = 2", "there is no option `qqq`"),
        ("config = 'x'", "there is no option `config`"),
        (
            "workers = 'many'",
            "`workers` can't be that: it is neither `auto` nor a number",
        ),
        (
            "max-clients = 0",
            "`max-clients` can't be that: 0 is not in 1..=4294967295",
        ),
        (
            "runtime = 'tokyo'",
            "`runtime` can't be that: there is no runtime `tokyo`, did you mean `tokio`? See --help-runtimes",
        ),
        ("uid = 'no-such-user'", "`uid` can't be that: "),
        ("workers = [1]", "`workers` is neither a text nor a number"),
        ("no-daemon = 1", "`no-daemon` is neither true nor false"),
        ("a = 1\nworkers = = 2", "line 2: "),
    ] {
        let directory = files(&[("serve.toml", text)]);
        let file = directory.path().join("serve.toml").display().to_string();
        let (code, _, errors) = run(&format!("-n --bind 127.0.0.1:0 -c {file} echo"));
        assert_eq!(code, Some(2), "{text}: {errors}");
        assert!(
            errors.starts_with(&format!("error: {file}: {why}")),
            "{text}: {errors}"
        );
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
    let (code, _, errors) = run("-n -c /no/such echo");
    assert_eq!(
        (code, &*errors),
        (Some(2), "error: /no/such: No such file or directory\n")
    );
}

#[test]
fn s2_what_is_no_address_is_told() {
    for (bind, why) in [
        ("127.0.0.1", "invalid socket address"),
        ("127.0.0.1:70000", ""),
        (":", ""),
        ("no.such.host.invalid:80", ""),
    ] {
        let (code, _, errors) = run(&format!("-n --bind {bind} echo"));
        assert_eq!(code, Some(1));
        assert!(
            errors.starts_with(&format!("error: `{bind}` is no address: ")) && errors.contains(why),
            "{errors}"
        );
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
}

#[test]
fn s3_a_test_loads_all_and_runs_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = serve("--test-config web .");
    let (code, out, _) = said(command.current_dir(&directory).output().unwrap());
    assert_eq!((code, &*out), (Some(0), "the configuration is right\n"));
    // Not even a log, or a pid file.
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);
    let (code, _, errors) = run("--test-config web /no/such");
    assert_eq!(
        (code, &*errors),
        (Some(1), "error: /no/such: No such file or directory\n")
    );
}

#[test]
fn values_that_can_not_be_are_wrong_usage() {
    for words in [
        "--workers many",
        "--workers -1",
        "--workers 100000",
        "--max-clients 0",
        "--backlog 0",
        "--umask 8",
        "--umask 1000",
        "--client-timeout -1",
        "--client-timeout nan",
        "--drain-timeout inf",
        "--uid no-such-user",
        "--gid no-such-group",
        "--syslog -l x",
        "--no-such-option",
    ] {
        let (code, _, errors) = run(&format!("-n {words} echo"));
        assert_eq!(code, Some(2), "{words}: {errors}");
    }
}
