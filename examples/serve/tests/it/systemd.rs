//! What systemd asks and hands down.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};

use rustix::process::Signal;

use crate::client::get;
use crate::server::{LIMIT, Server, serve, until};

#[test]
fn s19_systemd_is_told_of_the_start_of_reloads_and_of_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(LIMIT)).unwrap();
    let hear = || {
        let mut buffer = [0; 1024];
        let length = socket.recv(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    };
    let mut command = serve("-n --bind 127.0.0.1:0 --workers 1 echo");
    command.env("NOTIFY_SOCKET", &path);
    let mut server = Server::start_as(command);
    let heard = hear();
    assert!(
        heard.contains("READY=1") && heard.contains(&format!("MAINPID={}", server.id())),
        "{heard}"
    );
    for signal in [Signal::HUP, Signal::USR1] {
        server.signal(signal);
        let heard = hear();
        assert!(
            heard.contains("RELOADING=1") && heard.contains("MONOTONIC_USEC="),
            "{heard}"
        );
        assert!(hear().contains("READY=1"));
    }
    server.signal(Signal::TERM);
    assert!(hear().contains("STOPPING=1"));
    server.wait();
    // Nobody else has said anything.
    socket.set_nonblocking(true).unwrap();
    assert!(socket.recv(&mut [0; 1024]).is_err());
}

#[test]
fn s19_a_socket_that_systemd_hands_down_is_served_also_after_an_execution() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut command = Command::new("sh");
    let script = "exec 3<&0 0</dev/null; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$0\" \"$@\"";
    command.args([
        "-c",
        script,
        env!("CARGO_BIN_EXE_serve"),
        "-n",
        "--workers",
        "1",
        "echo",
    ]);
    command.stdin(Stdio::from(OwnedFd::from(listener)));
    let server = Server::start_as(command);
    assert_eq!(server.address, address);
    assert_eq!(get(address, "/").unwrap().status, 200);
    server.signal(Signal::USR1);
    server.line("ready, generation 2,");
    until("the old worker ends", || server.workers().len() == 1);
    assert_eq!(get(address, "/").unwrap().status, 200);
}
