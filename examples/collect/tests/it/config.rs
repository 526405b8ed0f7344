//! Layers of files, and mistakes with their lines.

use std::time::Duration;

use collect::config::Config;
use collect::source::Source;

use super::sandbox::{Sandbox, source, text};

#[test]
fn later_files_win() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "collect.toml",
        r#"
        [server]
        handlers = ["null"]
        collectors_config_path = "collectors"
        handlers_config_path = "handlers"
        [configs]
        path = "more"
        [collectors.default]
        interval = 10
        [collectors.cpu]
        path_prefix = "main"
        hostname = "main"
        path = "main"
        "#,
    );
    sandbox.file(
        "more/a.toml",
        "[collectors.cpu]\nhostname = 'a'\npath = 'a'\n",
    );
    sandbox.file(
        "more/b.toml",
        "[collectors.cpu]\npath = 'b'\n[collectors.memory]\nenabled = true\n",
    );
    sandbox.file("more/ignored.conf", "what is this");
    sandbox.file("collectors/cpu.toml", "enabled = true\npath = 'own'\n");
    sandbox.file("handlers/null.toml", "queue = 7\n");
    let config = Config::load(&sandbox.path("collect.toml")).unwrap();
    config.verify().unwrap();
    let names: Vec<_> = config
        .collectors
        .iter()
        .map(|section| section.name.as_str())
        .collect();
    assert_eq!(names, ["memory", "cpu"]);
    let cpu = Source::new(&config.collector("cpu")).unwrap_or_else(|faults| panic!("{faults:?}"));
    let settings = cpu.settings();
    assert_eq!(cpu.prefix().unwrap(), "main.a");
    assert_eq!(settings.path.as_deref(), Some("own"));
    assert!(settings.enabled);
    assert!((settings.interval.0 - 10.0).abs() < 1e-9);
    let files =
        Source::new(&config.collector("files")).unwrap_or_else(|faults| panic!("{faults:?}"));
    // Off by default, and the default section holds for it.
    assert!(!files.settings().enabled);
    assert!((files.settings().interval.0 - 10.0).abs() < 1e-9);
    assert_eq!(
        text(&sandbox.collect(&["check"]))
            .lines()
            .last()
            .unwrap()
            .split(": ")
            .last(),
        Some("2 collectors, 1 handlers")
    );
}

#[test]
fn every_mistake_has_its_line() {
    let sandbox = Sandbox::new();
    let main = r#"[server]
handlers = ["graphite", "nosuch"]
stop_limit = "x"
bogus = 1

[configs]
path = "more"

[collectors.cpu]
enabled = "yes"
intreval = 3
each = 7
allow = "("

[collectors.bad]
enabled = true

[collectors."ping db"]
targets = ["db"]

[collectors.memory]
allow = "a"
deny = "b"

[handlers.graphite]
prt = 3
timeout = -1

[other]
"#;
    sandbox.file("collect.toml", main);
    sandbox.file(
        "more/a.toml",
        "# a comment\n[collectors.loadavg]\ninterval = 0\n",
    );
    sandbox.file("more/b.toml", "\n\nx = [1\n");
    let mistakes = sandbox.mistakes();
    let found: Vec<_> = mistakes
        .lines()
        .map(|line| line.trim_start_matches("error: "))
        .collect();
    let lines: Vec<_> = found
        .iter()
        .map(|line| line.split(": ").next().unwrap())
        .collect();
    for expected in [
        "collect.toml:2",
        "collect.toml:3",
        "collect.toml:4",
        "collect.toml:10",
        "collect.toml:11",
        "collect.toml:12",
        "collect.toml:15",
        "collect.toml:18",
        "collect.toml:23",
        "collect.toml:26",
        "collect.toml:27",
        "collect.toml:29",
        "more/a.toml:3",
        "more/b.toml:3",
    ] {
        assert!(lines.contains(&expected), "{expected}: {mistakes}");
    }
    assert!(
        mistakes.contains("collect.toml:10: invalid type: string \"yes\", expected a boolean"),
        "{mistakes}"
    );
    assert!(
        mistakes.contains("there is no handler `nosuch`; there are archive, "),
        "{mistakes}"
    );
    assert!(
        mistakes.contains("more/a.toml:3: 0 s is not between"),
        "{mistakes}"
    );
}

#[test]
fn what_is_missing_is_said() {
    let sandbox = Sandbox::new();
    let output = sandbox.collect(&["check"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("can't read the configuration"), "{said}");
    sandbox.file("collect.toml", "[collectors.cpu]\n");
    assert!(
        sandbox
            .mistakes()
            .contains("the section `[server]` is missing")
    );
    sandbox.file("collect.toml", "[server]\n");
    assert!(
        sandbox
            .mistakes()
            .contains("collect.toml:1: `handlers` names no handler")
    );
    sandbox.file(
        "collect.toml",
        "[server]\nhandlers = ['null']\n[configs]\npath = 'nosuch'\n",
    );
    let said = sandbox.mistakes();
    assert!(
        said.contains("collect.toml:3: ") && said.contains("nosuch: No such file"),
        "{said}"
    );
}

#[test]
fn paths_have_the_parts_that_are_asked_for() {
    let prefix = |section: &str| source("cpu", section).prefix().unwrap().to_owned();
    assert_eq!(prefix("hostname = 'web1'"), "servers.web1");
    assert_eq!(prefix("hostname = 'web1'\npath_prefix = ''"), "web1");
    assert_eq!(
        prefix("hostname = 'web1'\npath_suffix = 'x'"),
        "servers.web1.x"
    );
    assert_eq!(prefix("hostname_method = 'none'"), "servers");
    assert_eq!(prefix("hostname_method = 'none'\npath_prefix = ''"), "");
    assert_eq!(
        prefix("hostname_method = 'shell'\nhostname = 'echo from.shell'"),
        "servers.from.shell"
    );
    let node = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    assert_eq!(
        prefix("hostname_method = 'fqdn'"),
        format!("servers.{}", node.replace('.', "_"))
    );
    let failed = source("cpu", "hostname_method = 'shell'\nhostname = 'false'");
    assert!(
        failed
            .prefix()
            .unwrap_err()
            .to_string()
            .contains("tells no name of the machine")
    );
}

#[test]
fn a_reload_clears_what_follows_from_the_settings_and_nothing_else() {
    let section = |text: &str| {
        let sandbox = Sandbox::new();
        let text = format!("[server]\nhandlers = ['null']\n[collectors.cpu]\n{text}");
        Config::load(&sandbox.file("collect.toml", &text))
            .unwrap()
            .collector("cpu")
    };
    let mut source = source("cpu", "hostname = 'a'");
    assert_eq!(
        (source.host().unwrap(), source.prefix().unwrap()),
        ("a", "servers.a")
    );
    // The same settings: what was made of them is kept.
    source
        .reload(&section("# from another line\n\nhostname = 'a'"))
        .unwrap_or_else(|faults| panic!("{faults:?}"));
    assert!(source.computed().contains(&"prefix"));
    source
        .reload(&section("hostname = 'b'\nsplay = 0.0"))
        .unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(source.computed(), [""; 0]);
    assert_eq!(
        (source.host().unwrap(), source.prefix().unwrap()),
        ("b", "servers.b")
    );
    assert_eq!(source.splay(), Duration::ZERO);
    // A mistake changes nothing.
    assert!(source.reload(&section("hostname = 7")).is_err());
    assert_eq!(source.host().unwrap(), "b");
}

#[test]
fn only_what_is_allowed_counts() {
    use collect::collector::{Machine, Moment};
    let names = |section: &str| {
        let batch = source("loadavg", section)
            .run(&Machine::at("/proc"), Moment::now(), &mut vec![])
            .unwrap();
        batch
            .samples
            .iter()
            .map(|sample| sample.name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("allow = '0[15]$'"), ["loadavg.01", "loadavg.05"]);
    assert_eq!(names("deny = 'processes|05'"), ["loadavg.01", "loadavg.15"]);
    assert_eq!(
        names("allow = '01'\npath = 'load.average'"),
        ["load.average.01"]
    );
    assert_eq!(names("allow = '01'\npath = '.'"), ["01"]);
}
