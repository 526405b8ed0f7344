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
