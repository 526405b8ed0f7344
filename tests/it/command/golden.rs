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
    let text = tried(name, program, Path::new("."), lines);
    is_as_before(name, &text);
}

/// Each line, with all that it prints in this directory.
fn tried(name: &str, program: &Path, directory: &Path, lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        let output = Command::new(program)
            .args(line.split_whitespace())
            .current_dir(directory)
            .env("XDG_CONFIG_HOME", "/nowhere")
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
    text
}

#[track_caller]
fn is_as_before(name: &str, text: &str) {
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

#[test]
fn golden_converter() {
    let lines = [
        "-h",
        "convert -h",
        "convert in out",
        "convert in out --json --format=x",
        "convert in out --json --scale 1",
        "convert in out --json --scale 1 300",
        "convert in out --json --scale x 1",
        "convert in out --json --limit 10QB",
        "convert in out --json --timeout 5parsecs",
        "convert in out --json --set a",
        "convert in out --json --set =1",
        "convert in out --json --set a=300",
        "convert in out --json --color=maybe",
        "convert /nowhere out --json",
        "convert - out --json --color=false --set a=1 --set b=2 --timeout 1h30m",
        "",
        "--all",
        "--al",
        "sttus --all",
        "branch",
        "branch tag",
        "branch tag mark",
        "branch tag mark remove",
        "branch tag mark remove x",
        "branch tag mrk",
        "--help=xml",
    ];
    let program = Path::new(env!("CARGO_BIN_EXE_converter"));
    golden("converter", program, &lines);
}

#[test]
fn golden_asker() {
    let lines = [
        "login -h",
        "login",
        "login --user-name=a --age=x --password=p",
        "login --user-name=a --age=3",
        "remove -h",
        "remove",
        "remove --yes",
        "start",
        "plot",
        "plot 1",
        "plot 1 x",
    ];
    golden("asker", Path::new(env!("CARGO_BIN_EXE_asker")), &lines);
}

#[test]
fn golden_configured() {
    let program = Path::new(env!("CARGO_BIN_EXE_configured"));
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("golden");
    let mut said = String::new();
    for (file, lines) in [
        (
            "level = 3\n",
            &["config show", "config path", "remote add x --shell=bash"][..],
        ),
        ("levl = 3\n", &["config show"]),
        ("level = 300\n", &["config path"]),
        ("level = [1, 2]\n", &["config path"]),
        ("color = 3\n", &["config path"]),
        ("[remote.add]\nshell = \"sh\"\n", &["remote add x"]),
        ("level = \n", &["remote add x"]),
    ] {
        let _ = std::fs::create_dir_all(&root);
        std::fs::write(root.join("configured.toml"), file).unwrap();
        let _ = writeln!(said, "# configured.toml:\n{file}");
        said += &tried("configured", program, &root, lines);
    }
    let said = said.replace(&*root.to_string_lossy(), "/project");
    is_as_before("configured", &said);
}
