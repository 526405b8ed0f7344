//! The server's status: a page for people, and one for Prometheus.

use std::fmt::Write as _;

use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use super::{Response, whole};
use crate::board::Row;

/// The page for people.
pub(super) fn page(rows: &[Row]) -> Response {
    let mut page = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>serve</title>\n\
         <h1>serve</h1>\n<table>\n<tr><th>process<th>generation<th>since<th>connections<th>open\
         <th>requests<th>failures\n",
    );
    for (number, row) in rows.iter().enumerate().filter(|(_, row)| row.pid != 0) {
        let Row {
            pid,
            generation,
            since,
            connections,
            open,
            requests,
            failures,
        } = row;
        let who = if number == 0 {
            "parent, and workers that are gone"
        } else {
            "worker"
        };
        let since = std::time::UNIX_EPOCH + std::time::Duration::from_secs(*since);
        let since = humantime::format_rfc3339_seconds(since);
        let _ = writeln!(
            page,
            "<tr><td>{pid} ({who})<td>{generation}<td>{since}<td>{connections}<td>{open}\
             <td>{requests}<td>{failures}"
        );
    }
    page.push_str("</table>\n");
    fresh(page, "text/html; charset=utf-8")
}

/// The page for Prometheus.
pub(super) fn metrics(rows: &[Row]) -> Response {
    let mut registry = Registry::with_prefix("serve");
    registry.register_collector(Box::new(Rows(rows.to_vec())));
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = prometheus_client::encoding::text::encode(&mut text, &registry);
    fresh(
        text,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
    )
}

#[derive(Debug)]
struct Rows(Vec<Row>);

impl Collector for Rows {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let sum = |field: fn(&Row) -> u64| self.0.iter().map(field).sum::<u64>();
        let workers = self.0.iter().skip(1).filter(|row| row.pid != 0).count();
        let generation = self.0.first().map_or(0, |row| row.generation);
        let mut say =
            |name, help, metric: &dyn EncodeAny| metric.encode_as(&mut encoder, name, help);
        say(
            "connections",
            "Connections accepted",
            &ConstCounter::new(sum(|row| row.connections)),
        )?;
        say(
            "requests",
            "Requests answered",
            &ConstCounter::new(sum(|row| row.requests)),
        )?;
        say(
            "failures",
            "Requests answered with 500 or more",
            &ConstCounter::new(sum(|row| row.failures)),
        )?;
        say(
            "open_connections",
            "Connections that are open",
            &ConstGauge::new(number(sum(|row| row.open))),
        )?;
        say(
            "workers",
            "Workers that run",
            &ConstGauge::new(number(workers as u64)),
        )?;
        say(
            "generation",
            "Starts and reloads so far",
            &ConstGauge::new(number(generation)),
        )
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// One metric, with its name and kind.
trait EncodeAny {
    fn encode_as(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        name: &str,
        help: &str,
    ) -> Result<(), std::fmt::Error>;
}

impl<M: EncodeMetric> EncodeAny for M {
    fn encode_as(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        name: &str,
        help: &str,
    ) -> Result<(), std::fmt::Error> {
        self.encode(encoder.encode_descriptor(name, help, None, self.metric_type())?)
    }
}

fn fresh(content: String, kind: &'static str) -> Response {
    let mut response = Response::new(whole(content));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
