//! The program, as its users start it. A test that begins with an id holds that row of `PEERS.md`.

mod client;
mod load;
mod server;

mod clients;
mod config;
mod daemons;
mod parent;
mod peers;
mod proxy;
mod readme;
mod reload;
mod runtimes;
mod services;
mod systemd;
mod users;
mod web;
