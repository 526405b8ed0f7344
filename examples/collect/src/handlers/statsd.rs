//! Gauges for statsd.

use std::fmt::Write;
use std::net::UdpSocket;
use std::time::Instant;

use serde::Deserialize;

use crate::collector::Problem;
use crate::handler::Handler;
use crate::metric::Metric;
use crate::queue::Pieces;

crate::handler!(Statsd);

struct Statsd {
    settings: Settings,
    socket: Option<UdpSocket>,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    host: String,
    port: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            host: "localhost".into(),
            port: 8125,
        }
    }
}

/// The size of a packet that passes most networks whole.
const PACKET: usize = 1432;

impl Handler for Statsd {
    const NAME: &'static str = "statsd";
    const ABOUT: &'static str = "Sends gauges to statsd by UDP, which tells nobody what is lost.";
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self {
            settings,
            socket: None,
        }
    }

    fn send(&mut self, metrics: &Pieces, _: Instant) -> Result<(), Problem> {
        let sent = self.try_send(metrics);
        if sent.is_err() {
            // The next try looks the address up again.
            self.socket = None;
        }
        sent
    }
}

impl Statsd {
    fn try_send(&mut self, metrics: &Pieces) -> Result<(), Problem> {
        let Settings { host, port } = &self.settings;
        let socket = match &mut self.socket {
            Some(socket) => socket,
            empty => {
                let target =
                    std::net::ToSocketAddrs::to_socket_addrs(&(host.as_str(), *port))?.next();
                let target = target.ok_or_else(|| format!("{host} has no address"))?;
                let here = if target.is_ipv4() {
                    "0.0.0.0:0"
                } else {
                    "[::]:0"
                };
                let socket = UdpSocket::bind(here)?;
                socket.connect(target)?;
                empty.insert(socket)
            }
        };
        let mut packet = String::new();
        for metric in metrics.iter() {
            let line = gauge(metric);
            if !packet.is_empty() && packet.len() + line.len() > PACKET {
                socket
                    .send(packet.as_bytes())
                    .map_err(|error| format!("{host}:{port}: {error}"))?;
                packet.clear();
            }
            packet += &line;
        }
        socket
            .send(packet.as_bytes())
            .map_err(|error| format!("{host}:{port}: {error}"))?;
        Ok(())
    }
}

/// A gauge. A sign before the number would mean a relative change, so a gauge below zero is first
/// set to zero.
fn gauge(metric: Metric<'_>) -> String {
    let (path, value) = (metric.path().replace(':', "_"), metric.sample.value);
    let digits = usize::from(metric.sample.precision);
    let mut line = String::new();
    if value < 0.0 {
        let _ = writeln!(line, "{path}:0|g");
    }
    let _ = writeln!(line, "{path}:{value:.digits$}|g");
    line
}
