//! Hosts' reports on their properties: counts (feature `stats`), spans and events (feature `tracing`).

#![cfg(test)]

mod counts;
mod spans;
