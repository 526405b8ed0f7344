//! `serve web`.

use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use crate::client::{Connection, ask};
use crate::server::{Server, until};

fn site() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("root");
    fs::create_dir_all(root.join("sub")).unwrap();
    fs::write(root.join("index.html"), "<p>index").unwrap();
    fs::write(root.join("sub/index.html"), "<p>sub").unwrap();
    fs::write(root.join("digits.txt"), "0123456789").unwrap();
    fs::write(root.join("a b.txt"), "blank").unwrap();
    fs::write(directory.path().join("secret.txt"), "secret").unwrap();
    symlink("../secret.txt", root.join("out.txt")).unwrap();
    symlink("digits.txt", root.join("in.txt")).unwrap();
    directory
}

fn serve(site: &TempDir) -> Server {
    Server::start(&format!(
        "--workers 1 web {}",
        site.path().join("root").display()
    ))
}

fn with(server: &Server, path: &str, headers: &str) -> crate::client::Answer {
    let text = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\n");
    ask(server.address, &text).unwrap()
}

#[test]
fn files_have_types_and_directories_an_index() {
    let site = site();
    let server = serve(&site);
    let answer = server.get("/");
    assert_eq!((answer.status, &*answer.text()), (200, "<p>index"));
    assert_eq!(answer.header("content-type"), Some("text/html"));
    let answer = server.get("/digits.txt?x");
    assert_eq!((answer.status, &*answer.text()), (200, "0123456789"));
    assert_eq!(answer.header("content-type"), Some("text/plain"));
    assert_eq!(server.get("/a%20b.txt").text(), "blank");
    assert_eq!(server.get("/in.txt").text(), "0123456789");
    let answer = server.get("/sub");
    assert!(matches!(answer.status, 301 | 302 | 307 | 308));
    assert_eq!(answer.header("location"), Some("/sub/"));
    assert_eq!(server.get("/sub/").text(), "<p>sub");
    assert_eq!(server.get("/none").status, 404);
}

#[test]
fn ranges_are_answered_in_part() {
    let site = site();
    let server = serve(&site);
    let answer = with(&server, "/digits.txt", "Range: bytes=2-4\r\n");
    assert_eq!((answer.status, &*answer.text()), (206, "234"));
    assert_eq!(answer.header("content-range"), Some("bytes 2-4/10"));
    assert_eq!(
        with(&server, "/digits.txt", "Range: bytes=-3\r\n").text(),
        "789"
    );
    assert_eq!(
        with(&server, "/digits.txt", "Range: bytes=20-\r\n").status,
        416
    );
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let site = site();
    let server = serve(&site);
    let first = server.get("/digits.txt");
    let date = first.header("last-modified").unwrap();
    let answer = with(
        &server,
        "/digits.txt",
        &format!("If-Modified-Since: {date}\r\n"),
    );
    assert_eq!((answer.status, answer.body.len()), (304, 0));
    let tag = first.header("etag").unwrap();
    let answer = with(&server, "/digits.txt", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(answer.status, 304);
    let old = "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n";
    assert_eq!(with(&server, "/digits.txt", old).status, 200);
}

#[test]
fn there_is_no_way_out_of_the_root() {
    let site = site();
    let server = serve(&site);
    let ways = [
        "/../secret.txt",
        "/sub/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/out.txt",
        "//secret.txt",
        "/sub/%2e%2e/%2e%2e/secret.txt",
        "/\\..\\secret.txt",
        "/..%00/secret.txt",
        "/etc/passwd",
        "//etc/passwd",
    ];
    for way in ways {
        let answer = server.get(way);
        assert!(
            matches!(answer.status, 400 | 403 | 404),
            "{way}: {answer:?}"
        );
        assert!(!answer.text().contains("secret\n"), "{way}");
    }
}

#[test]
fn other_methods_are_refused_and_heads_have_no_body() {
    let site = site();
    let server = serve(&site);
    let close = "HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let answer = ask(server.address, &format!("POST /digits.txt {close}")).unwrap();
    assert!(matches!(answer.status, 400 | 405), "{answer:?}");
    let mut connection = Connection::new(server.address).unwrap();
    connection
        .send("HEAD /digits.txt HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    let answer = connection.answer(false).unwrap();
    assert_eq!(
        (answer.status, answer.header("content-length")),
        (200, Some("10"))
    );
    assert_eq!(connection.get("/digits.txt").unwrap().text(), "0123456789");
}

#[test]
fn a_pipe_in_the_directory_keeps_nobody_waiting() {
    let site = site();
    let pipe = site.path().join("root/pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::from_bits_truncate(0o644)).unwrap();
    let server = serve(&site);
    assert!(matches!(server.get("/pipe").status, 403 | 404));
}

#[test]
fn the_status_page_and_the_metrics_count_over_all_workers_and_reloads() {
    let site = site();
    let server = Server::start(&format!(
        "--workers 2 web {}",
        site.path().join("root").display()
    ));
    for _ in 0..10 {
        assert_eq!(server.get("/digits.txt").status, 200);
    }
    let count = |name: &str| {
        let text = server.get("/metrics").text();
        let line = text.lines().find_map(|line| {
            line.strip_prefix(name)?
                .strip_prefix(' ')
                .map(str::to_owned)
        });
        line.unwrap_or_else(|| panic!("no {name} in {text}"))
            .parse::<u64>()
            .unwrap()
    };
    until("ten requests are counted", || {
        count("serve_requests_total") >= 10
    });
    assert_eq!((count("serve_workers"), count("serve_generation")), (2, 1));
    server.reload(2);
    let before = count("serve_requests_total");
    until("the old workers end", || count("serve_workers") == 2);
    assert!(count("serve_requests_total") >= before.max(10));
    assert_eq!(count("serve_generation"), 2);
    assert!(server.get("/metrics").text().ends_with("# EOF\n"));
    let page = server.get("/status");
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    for worker in server.workers() {
        assert!(
            page.text().contains(&format!("<td>{worker} (worker)")),
            "{}",
            page.text()
        );
    }
}
