//! The page with the services.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::sync::mpsc;
use std::thread;

use serde_json::Value;

use crate::sandbox::{PATIENCE, Sandbox, eventually, kill, signals};

/// A server of the page, which ends with the test.
struct Web {
    child: Child,
    address: String,
}

impl Web {
    fn start(sandbox: &Sandbox, options: &[&str]) -> Self {
        let args = [&["web", "--bind", "127.0.0.1:0"], options].concat();
        let mut child = sandbox.command(&args).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (found, address) = mpsc::channel();
        // It reads the rest too, which may be more than the pipe takes.
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let address = line.rsplit_once(" on ").map(|(_, address)| address);
                if let Some(address) = address.filter(|_| line.contains("ready, ")) {
                    let _ = found.send(address.to_owned());
                }
            }
        });
        // Made before the wait, so that a server which is never ready is ended too.
        let mut web = Self {
            child,
            address: String::new(),
        };
        web.address = address.recv_timeout(PATIENCE).expect("it is ready");
        web
    }

    /// Sends a request with these further lines. Gives the status, and all that came.
    fn ask(&self, request: &str, lines: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let host = &self.address;
        let text =
            format!("{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\r\n");
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer)
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.ask(&format!("GET {path}"), "")
    }

    /// With a token.
    fn post(&self, path: &str, token: &str) -> (u16, String) {
        let lines = format!("Authorization: Bearer {token}\r\nContent-Length: 0\r\n");
        self.ask(&format!("POST {path}"), &lines)
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        kill(i32::try_from(self.child.id()).unwrap(), 15);
        let _ = self.child.wait();
    }
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[test]
fn the_page_has_the_services_and_their_logs() {
    let sandbox = Sandbox::new();
    sandbox.start(
        "good",
        "echo 'said <b>'; echo bad >&2; exec sleep 1000",
        &[],
    );
    sandbox.ok(&["add", "idle", "--", "echo", "<script>"]);
    eventually("it has spoken", || {
        sandbox.run(&["logs", "good"]).out.lines().count() == 2
    });
    let web = Web::start(&sandbox, &[]);
    let (status, page) = web.get("/");
    assert_eq!(status, 200, "{page}");
    let pid = sandbox.pid("good").to_string();
    for text in [
        "<a href=\"/services/good\">",
        "running",
        &pid,
        "stopped",
        "&lt;script&gt;",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    // Nobody may act, so there is no button.
    assert!(!page.contains("<button>"), "{page}");
    assert!(
        page.to_lowercase()
            .contains("content-security-policy: default-src 'none'"),
        "{page}"
    );
    let (_, page) = web.get("/services/good");
    assert!(
        page.contains("said &lt;b&gt;") && page.contains("<span class=\"err\">bad"),
        "{page}"
    );
    let (_, page) = web.get("/services/idle");
    assert!(page.contains("<h2>Log</h2>"), "{page}");
    assert_eq!(web.get("/services/nosuch").0, 404);
    assert_eq!(web.get("/nosuch").0, 404);
    assert!(web.get("/refresh.js").1.contains("setInterval"));
}

#[test]
fn programs_get_json() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "echo said; exec sleep 1000", &[]);
    eventually("it has spoken", || {
        sandbox.run(&["logs", "x"]).out == "said\n"
    });
    let web = Web::start(&sandbox, &[]);
    let all: Value = serde_json::from_str(body(&web.get("/services").1)).unwrap();
    let listed: Value = serde_json::from_str(&sandbox.ok(&["list", "--json"])).unwrap();
    assert_eq!(all, listed);
    let (_, log) = web.get("/services/x/log");
    assert_eq!(body(&log), sandbox.ok(&["logs", "x", "--json"]));
}

#[test]
fn who_has_the_token_starts_and_stops_services() {
    let sandbox = Sandbox::new();
    sandbox.add("x", "exec sleep 1000", &[]);
    sandbox.ok(&["add", "bad", "/no/such"]);
    let web = Web::start(&sandbox, &["--token-file", "token"]);
    let token = sandbox.read("token").trim().to_owned();
    let (status, answer) = web.post("/services/x/start", &token);
    assert_eq!(status, 303, "{answer}");
    assert!(
        answer.to_lowercase().contains("location: /\r\n"),
        "{answer}"
    );
    assert_eq!(sandbox.state("x"), "running");
    let pid = sandbox.pid("x");
    assert_eq!(web.post("/services/x/restart", &token).0, 303);
    assert_ne!(sandbox.pid("x"), pid);
    let (_, page) = web.ask("GET /", &format!("Authorization: Bearer {token}\r\n"));
    assert!(
        page.contains("<form method=\"post\" action=\"/services/x/stop\">"),
        "{page}"
    );
    assert_eq!(web.post("/services/x/stop", &token).0, 303);
    assert_eq!(sandbox.state("x"), "stopped");
    // The reason is shown.
    let (status, page) = web.post("/services/bad/start", &token);
    assert_eq!(status, 409);
    assert!(
        page.contains("exec /no/such: No such file or directory"),
        "{page}"
    );
    assert_eq!(web.post("/services/x/destroy", &token).0, 404);
    // What it started outlives it.
    sandbox.ok(&["edit", "x", "--restart", "always"]);
    assert_eq!(web.post("/services/x/start", &token).0, 303);
    drop(web);
    assert_eq!(sandbox.state("x"), "running");
}

#[test]
fn a_service_that_the_page_starts_has_the_default_signals() {
    let sandbox = Sandbox::new();
    sandbox.add("x", "exec sleep 1000", &[]);
    let web = Web::start(&sandbox, &["--token-file", "token"]);
    let token = sandbox.read("token").trim().to_owned();
    assert_eq!(web.post("/services/x/start", &token).0, 303);
    for line in ["SigIgn", "SigBlk", "SigCgt"] {
        assert_eq!(signals(sandbox.pid("x"), line), 0, "{line}");
    }
}

#[test]
fn without_the_token_nothing_is_shown_or_done() {
    let sandbox = Sandbox::new();
    sandbox.add("secret", "exec sleep 1000", &[]);
    let web = Web::start(&sandbox, &["--token-file", "token"]);
    for path in [
        "/",
        "/services",
        "/services/secret",
        "/services/secret/log",
        "/refresh.js",
    ] {
        let (status, answer) = web.get(path);
        assert_eq!(status, 401, "{path}");
        assert!(
            answer.contains("Basic realm") && !answer.contains("secret"),
            "{answer}"
        );
    }
    assert_eq!(
        web.post("/services/secret/start", "0123456789abcdef0123").0,
        401
    );
    assert_eq!(sandbox.state("secret"), "stopped");
    // Another site's page, whose visitor has told the browser the token.
    let token = sandbox.read("token");
    let lines = format!(
        "Authorization: Bearer {}\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\n",
        token.trim()
    );
    assert_eq!(web.ask("POST /services/secret/start", &lines).0, 403);
    assert_eq!(sandbox.state("secret"), "stopped");
}

#[test]
fn a_page_without_a_token_is_read_only_and_of_this_machine() {
    let sandbox = Sandbox::new();
    sandbox.add("x", "exec sleep 1000", &[]);
    let web = Web::start(&sandbox, &[]);
    assert_eq!(web.post("/services/x/start", "").0, 403);
    assert_eq!(sandbox.state("x"), "stopped");
    let error = sandbox.fails(1, &["web", "--bind", "0.0.0.0:0"]);
    assert!(error.ends_with("give a token too"), "{error}");
}

#[test]
fn a_token_that_others_may_read_or_guess_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.sh("echo short > short; chmod 600 short; echo 0123456789abcdef > open; chmod 644 open");
    let error = sandbox.fails(1, &["web", "--token-file", "short"]);
    assert!(error.contains("at least 16"), "{error}");
    let error = sandbox.fails(1, &["web", "--token-file", "open"]);
    assert!(error.contains("others may read it"), "{error}");
}

/// What a browser makes of the page, and a picture of it in `SVC_SCREENSHOT`.
#[test]
fn a_browser_shows_the_page_and_refreshes_it() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "echo listening; exec sleep 1000", &[]);
    sandbox.start("broken", "exit 3", &[]);
    sandbox.until("broken", "dead");
    let web = Web::start(&sandbox, &[]);
    let mut browser = Command::new("chromium");
    browser.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--window-size=900,400",
    ]);
    browser.arg(format!(
        "--user-data-dir={}",
        sandbox.path("browser").display()
    ));
    browser.env("HOME", sandbox.path(""));
    if let Ok(picture) = std::env::var("SVC_SCREENSHOT") {
        browser.arg(format!("--screenshot={picture}"));
    }
    // The script refreshes after two seconds of the page's own time.
    browser.args(["--dump-dom", "--virtual-time-budget=5000"]);
    let Ok(output) = browser.arg(format!("http://{}/", web.address)).output() else {
        return eprintln!("skipped: there is no chromium");
    };
    let page = String::from_utf8_lossy(&output.stdout);
    assert!(page.contains(">running</span>"), "{output:?}");
    assert!(page.contains(">dead (exit 3)</span>"), "{page}");
    assert!(page.contains("<body data-refreshed="), "{page}");
}
