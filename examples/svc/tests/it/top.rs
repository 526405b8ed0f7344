//! The live view.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::sandbox::{Sandbox, eventually};

#[test]
fn without_a_terminal_the_table_is_printed_once() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    sandbox.ok(&["add", "idle", "sleep 1"]);
    let table = sandbox.ok(&["top"]);
    let web = table.lines().find(|line| line.contains("web")).unwrap();
    let cells: Vec<_> = web.split_whitespace().collect();
    assert_eq!(cells[..2], ["web", "running"], "{table}");
    assert_eq!(cells[2], sandbox.pid("web").to_string());
    let memory: f64 = cells[5].parse().unwrap();
    assert!(memory > 0.0 && cells[6] == "MB", "{table}");
    assert!(
        table.lines().any(|line| line.contains("stopped")),
        "{table}"
    );
}

/// The view on a terminal.
struct Terminal {
    child: Child,
    shown: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    fn start(sandbox: &Sandbox) -> Option<Self> {
        if Command::new("script").arg("--version").output().is_err() {
            eprintln!("skipped: no `script` to make a terminal");
            return None;
        }
        let mut script = sandbox.program("script");
        script.args(["-qec", "stty cols 100 rows 20; exec $SVC top", "/dev/null"]);
        script.env("TERM", "xterm").env("SHELL", "/bin/sh");
        let mut child = script.stdin(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        let shown = Arc::new(Mutex::new(vec![]));
        let filled = Arc::clone(&shown);
        std::thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(count @ 1..) = out.read(&mut part) {
                filled.lock().unwrap().extend(&part[..count]);
            }
        });
        Some(Self { child, shown })
    }

    fn press(&mut self, keys: &str) {
        let mut keyboard = self.child.stdin.as_ref().unwrap();
        keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until this is shown. The next wait begins after it.
    #[track_caller]
    fn until_shown(&self, text: &str) {
        eventually(&format!("{text:?} is shown"), || {
            let mut shown = self.shown.lock().unwrap();
            let mut parts = shown.windows(text.len());
            let found = parts.position(|part| part == text.as_bytes());
            if let Some(start) = found {
                shown.drain(..start + text.len());
            }
            found.is_some()
        });
    }
}

#[test]
fn keys_start_stop_and_follow_the_chosen_service() {
    let sandbox = Sandbox::new();
    sandbox.add("a", "exec sleep 1000", &[]);
    sandbox.add("b", "echo spoken; exec sleep 1000", &[]);
    let Some(mut terminal) = Terminal::start(&sandbox) else {
        return;
    };
    terminal.until_shown("q end");
    terminal.press("js");
    terminal.until_shown("b: started (pid");
    assert_eq!(
        (sandbox.state("a"), sandbox.state("b")),
        ("stopped".into(), "running".into())
    );
    let pid = sandbox.pid("b");
    terminal.press("r");
    terminal.until_shown("b: started (pid");
    assert_ne!(sandbox.pid("b"), pid);
    terminal.press("l");
    terminal.until_shown("Ctrl-C leads back");
    terminal.until_shown("spoken");
    terminal.press("\x03");
    terminal.until_shown("q end");
    terminal.press("t");
    terminal.until_shown("b: stopped");
    assert_eq!(sandbox.state("b"), "stopped");
    terminal.press("q");
    eventually("it has ended", || {
        terminal.child.try_wait().unwrap().is_some()
    });
}
