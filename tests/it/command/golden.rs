//! What programs print, as files in `golden`: one for each program, with each line that is tried.
//! On Unix alone, for elsewhere the system spells its errors otherwise.
//!
//! `SNAPSHOTS=overwrite cargo test -p tests --test command golden` writes them anew; read them then.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, str};

use snapbox::{Assert, Data};

/// Tries each line, and compares all that is printed with the file of the name.
#[track_caller]
fn golden(name: &str, program: &Path, lines: &[&str]) {
    let mut text = String::new();
    for line in lines {
        let output = Command::new(program)
            .args(line.split_whitespace())
            .env_remove("SERVICES")
            .env_remove("SERVICES_NICE")
            .env_remove("ASK_TEXT")
            .env("COLUMNS", "100")
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let _ = writeln!(
            text,
            "$ {name} {line}\n[exit code {}]",
            output.status.code().unwrap()
        );
        for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if !bytes.is_empty() {
                let _ = writeln!(text, "[{stream}]\n{}", str::from_utf8(bytes).unwrap());
            }
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("it/command/golden/{name}.txt"));
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(text, Data::read_from(&file, None).raw());
}

/// Builds an example with the profile that the tests have, and says where it is.
fn example(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let built = test.parent().and_then(Path::parent).unwrap();
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "-p", "examples", "--example", name]);
    cargo.arg("--target-dir").arg(built.parent().unwrap());
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    if built.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(cargo.status().unwrap().success(), "{name} does not build");
    built.join("examples").join(name)
}

#[test]
fn golden_programs() {
    let lines = [
        "",
        "-h",
        "--help",
        "--version",
        "start --help",
        "start -h",
        "tools --help",
        "tools check --help",
        "help tools check",
        "start",
        "start db --nice=x",
        "start db --nicee 1",
        "tools",
        "tools chek",
        "strat db",
        "nothing",
        "code 7",
        "code 300",
    ];
    golden(
        "services",
        Path::new(env!("CARGO_BIN_EXE_services")),
        &lines,
    );
}

#[test]
fn golden_example_services() {
    let lines = [
        "",
        "-h",
        "--help",
        "add -h",
        "add --help",
        "start --help",
        "stop -h",
        "list -h",
        "add",
        "add db --nothing",
        "lst",
        "nothing",
        "list --registry /nowhere.json",
    ];
    golden("example-services", &example("services"), &lines);
}

#[test]
fn golden_example_app() {
    let lines = [
        "",
        "-h",
        "--help",
        "--version",
        "longest -h",
        "find --help",
        "longest -n x --text y",
        "find --text y",
        "words",
        "wrods",
        "nothing",
        "words --text /nowhere",
        "name --text /nowhere",
    ];
    golden("example-app", &example("app"), &lines);
}
