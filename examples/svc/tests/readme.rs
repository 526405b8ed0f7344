//! The ten lines of the README, as a new user types them.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// The first block of shell in the README, without the installation.
fn lines() -> String {
    let text = include_str!("../README.md");
    let block = text
        .split("```")
        .find_map(|block| block.strip_prefix("sh\n"));
    let lines = block.unwrap().lines();
    let lines: Vec<_> = lines.filter(|line| !line.starts_with("cargo")).collect();
    assert_eq!(lines.len(), 9);
    lines.join("\n")
}

fn help(command: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_svc"));
    let output = program.args(command).arg("--help").output().unwrap();
    assert!(output.status.success(), "there is no command {command:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The options in a text: words that begin with `--`.
fn options(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter(|word| word.starts_with("--") && word.len() > 2)
}

#[test]
fn each_command_and_each_option_of_the_readme_exists() {
    let text = include_str!("../README.md");
    let text = text.replace("```", "");
    let codes: Vec<_> = text.split('`').skip(1).step_by(2).collect();
    let main = help(&[]);
    let lines = main.lines().filter_map(|line| line.strip_prefix("  "));
    let names = lines.filter_map(|line| line.split(' ').next());
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase());
    let all: String = names.filter(is_name).map(|name| help(&[name])).collect();
    let known: Vec<_> = options(&all).collect();
    let mut commands = 0;
    for code in codes {
        let Some(line) = code.strip_prefix("svc ") else {
            // Other programs have options too.
            if code.starts_with("--") {
                options(code).for_each(|option| assert!(known.contains(&option), "{code}"));
            }
            continue;
        };
        let line = line.split(" -- ").next().unwrap();
        let Some(name) = line.split(' ').next().filter(|name| !name.starts_with('-')) else {
            continue;
        };
        // The names of processes, not of commands.
        if ["shim", "log"].contains(&name) {
            continue;
        }
        let help = help(&[name]);
        let known: Vec<_> = options(&help).collect();
        options(line).for_each(|option| assert!(known.contains(&option), "{code}"));
        commands += 1;
    }
    assert!(commands > 30, "{commands}");
}

/// A port that nobody has, so that the test disturbs no server that is there.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn ten_lines_lead_to_a_service_that_comes_back() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    let home = TempDir::with_prefix("svc-readme-").unwrap();
    let port = free_port().to_string();
    let script = format!(
        "set -e; PATH=$SVC_BIN:$PATH\n{}",
        lines().replace("8000", &port)
    );
    let file = home.path().join("lines.sh");
    fs::write(&file, script).unwrap();
    // By a file, so that no process but the server has its command line.
    let output = Command::new("bash")
        .arg(file)
        .current_dir(&home)
        .env(
            "SVC_BIN",
            Path::new(env!("CARGO_BIN_EXE_svc")).parent().unwrap(),
        )
        .env("HOME", home.path())
        .env_remove("SVC_DB")
        .env_remove("XDG_STATE_HOME")
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let said = format!("{out}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert_eq!(out.matches("state  running").count(), 2, "{said}");
    assert!(out.contains("restarts  1"), "{said}");
    assert!(out.contains("Serving HTTP on"), "{said}");
    assert!(out.ends_with("web: stopped\n"), "{said}");
    assert!(TcpListener::bind(("0.0.0.0", port.parse().unwrap())).is_ok());
    let state = home
        .path()
        .join(".local/state/svc/registry.d/states/web.json");
    assert!(fs::read_to_string(state).unwrap().contains("stopped"));
}
