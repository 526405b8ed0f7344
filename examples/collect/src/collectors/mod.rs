//! The collectors. Each registers itself: nothing else names them.

mod cpu;
mod diskspace;
mod files;
mod http;
mod iostat;
mod itself;
mod loadavg;
mod memory;
mod network;
mod ping;
mod processes;
mod scripts;
mod sockets;
mod uptime;

use serde::Deserialize;

/// The settings of a collector that has none.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}
