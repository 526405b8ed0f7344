//! The rulebook of `#[command]`: each file in `ui/command` breaks one rule, its twin in
//! `ui/command/fixed` does what the message says.

use std::process::Command;

/// The compiler whose words the snapshots are.
const OWNER: &str = "rustc 1.95.";

#[test]
fn rulebook() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc)
        .arg("--version")
        .output()
        .unwrap()
        .stdout;
    let version = String::from_utf8_lossy(&version);
    if !version.starts_with(OWNER) || version.contains("nightly") || version.contains("beta") {
        println!("skipped: the snapshots belong to {OWNER}x, this is {version}");
        return;
    }
    let tests = trybuild::TestCases::new();
    tests.compile_fail("ui/command/*.rs");
    tests.pass("ui/command/fixed/*.rs");
}
