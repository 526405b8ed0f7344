//! What `collect` does, seen from outside.

mod collectors;
mod command_line;
mod config;
mod live;
mod sandbox;
