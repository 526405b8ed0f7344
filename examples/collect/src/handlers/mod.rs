//! The handlers. Each registers itself: nothing else names them.

mod archive;
mod carbon;
mod graphite;
mod null;
mod otlp;
mod pickle;
mod prometheus;
mod statsd;
mod stdout;

use serde::Deserialize;

/// The settings of a handler that has none.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}
