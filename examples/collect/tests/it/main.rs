//! What `collect` does, seen from outside.

mod carbon;
mod collectors;
mod command_line;
mod config;
mod daemons;
mod handlers;
mod import;
mod live;
mod otlp;
mod outages;
mod peers;
mod sandbox;
mod troubles;
