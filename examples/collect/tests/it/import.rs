//! Configurations of Diamond, and what becomes of them.

use std::process::Command;

use super::sandbox::{PROGRAM, Sandbox, text};

const DIAMOND: &str = r#"
# A comment
[server]
handlers = diamond.handler.graphite.GraphiteHandler, diamond.handler.tsdb.TSDBHandler, diamond.handler.archive.ArchiveHandler
user =
pid_file = /run/diamond.pid

[handlers]
[[default]]
[[GraphiteHandler]]
host = "graphite.example"   # the new one
port = 2013
batch = 1
[[ArchiveHandler]]
log_file = '/var/log/metrics'
[[TSDBHandler]]
host = tsdb
port = 4242

[collectors]
[[default]]
hostname_method = fqdn_short
interval = 30
path_prefix = machines
[[CPUCollector]]
enabled = True
simple = true
[[NetworkCollector]]
enabled = yes
interfaces = eth, bond
byte_unit = bit
[[CPUCollector second]]
enabled = f
[[HttpCollector]]
enabled = maybe
req_urls = http://one/, http://two/
[[SmartCollector]]
enabled = True
"#;

#[test]
fn a_configuration_of_diamond_is_converted_and_what_can_not_be_is_said() {
    let sandbox = Sandbox::new();
    let file = sandbox.file("diamond.conf", DIAMOND);
    let output = sandbox.collect(&["import", file.to_str().unwrap()]);
    let converted = text(&output);
    let expected: toml::Table = toml::from_str(
        r#"
        [server]
        handlers = ["graphite", "archive"]
        [handlers.graphite]
        host = "graphite.example"
        port = 2013
        [handlers.archive]
        path = "/var/log/metrics"
        [collectors.default]
        hostname_method = "fqdn_short"
        interval = 30
        path_prefix = "machines"
        [collectors.cpu]
        enabled = true
        each = false
        [collectors.network]
        enabled = true
        interfaces = "^(?:eth|bond)"
        [collectors."cpu second"]
        enabled = false
        [collectors.http]
        urls = { url1 = "http://one/", url2 = "http://two/" }
        "#,
    )
    .unwrap();
    assert_eq!(toml::from_str::<toml::Table>(&converted).unwrap(), expected);
    let said = String::from_utf8(output.stderr).unwrap();
    let notes: Vec<_> = said
        .lines()
        .map(|line| line.trim_start_matches(&*format!("{}:", file.display())))
        .collect();
    assert_eq!(
        notes,
        [
            "4: there is no handler like `TSDBHandler`",
            "6: `pid_file` of [server] is an option of `run`, `-p`",
            "13: `batch` of [handlers GraphiteHandler] is not known here",
            "17: [handlers TSDBHandler] is a handler that is not known here",
            "31: `byte_unit` of [collectors NetworkCollector] is not known here",
            "35: `enabled` of [collectors HttpCollector] is neither true nor false: `maybe`",
            "38: [collectors SmartCollector] is a collector that is not known here",
        ]
    );
    // And what comes out can be used.
    sandbox.file("collect.toml", &converted);
    assert!(text(&sandbox.collect(&["check"])).ends_with(": 2 collectors, 2 handlers\n"));
}

#[test]
fn top_prints_tables_where_there_is_no_terminal() {
    let sandbox = Sandbox::new();
    let text = text(&sandbox.collect(&["top", "-n", "2", "-i", "0.01", "files"]));
    assert_eq!(text.matches("metric").count(), 2, "{text}");
    let max: Vec<_> = text
        .lines()
        .filter(|line| line.contains("files.max"))
        .collect();
    assert_eq!(max[0].split_whitespace().count(), 2);
    assert_eq!(max[1].split_whitespace().count(), 3);
}

#[test]
fn top_draws_in_a_terminal_and_leaves_it_as_it_was() {
    let script = Command::new("script").arg("--version").output();
    if script.is_err() {
        println!("skipped: there is no `script` to make a terminal");
        return;
    }
    let command = format!("{PROGRAM} -c /nonexistent top -n 2 -i 0.05 files");
    let output = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .output()
        .unwrap();
    let text = text(&output);
    let (enter, leave) = ("\x1b[?1049h", "\x1b[?1049l");
    assert!(
        text.contains(enter) && text.contains("files.assigned") && text.contains("; q ends"),
        "{text:?}"
    );
    assert!(
        text.rfind(leave).unwrap() > text.rfind("files.assigned").unwrap(),
        "{text:?}"
    );
}
