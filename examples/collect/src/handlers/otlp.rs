//! OTLP over HTTP, for an OpenTelemetry collector.

use std::collections::BTreeMap;
use std::time::Instant;

use lazy_prop::lazy;
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_proto::tonic::metrics::v1::{
    Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use serde::Deserialize;
use ureq::Agent;

use crate::collector::Problem;
use crate::handler::Handler;
use crate::metric::shortened;
use crate::queue::Pieces;

crate::handler!(Otlp);

#[lazy]
struct Otlp {
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    url: String,
    /// Sent with each request, such as a token.
    headers: BTreeMap<String, String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: "http://localhost:4318/v1/metrics".into(),
            headers: BTreeMap::new(),
        }
    }
}

#[lazy]
impl Otlp {
    #[lazy]
    fn agent(&self) -> &Agent {
        let config = Agent::config_builder().http_status_as_error(false);
        config.user_agent("collect").build().into()
    }
}

impl Handler for Otlp {
    const NAME: &'static str = "otlp";
    const ABOUT: &'static str = "Sends gauges to an OpenTelemetry collector by OTLP over HTTP.";
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self {
            settings,
            lazy: lazy_prop::Lazy::new(),
        }
    }

    fn verify(&self) -> Result<(), Problem> {
        crate::url::verify(&self.settings.url)
    }

    fn send(&mut self, metrics: &Pieces, deadline: Instant) -> Result<(), Problem> {
        let Settings { url, headers } = &self.settings;
        let left = deadline.saturating_duration_since(Instant::now());
        let mut request = self.agent().post(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.header("content-type", "application/x-protobuf");
        let request = request.config().timeout_global(Some(left)).build();
        let body = message(metrics).encode_to_vec();
        let mut answer = request
            .send(&body[..])
            .map_err(|error| format!("{url}: {error}"))?;
        let status = answer.status();
        let content = answer.body_mut().read_to_vec().unwrap_or_default();
        match status.as_u16() {
            200..=299 => {
                report_rejected(url, &content);
                Ok(())
            }
            // The same metrics would be refused again, and OTLP forbids to repeat them.
            400 | 413 | 422 => {
                log::warn!("{url}: {status}, {} metrics are dropped", metrics.len());
                Ok(())
            }
            _ => Err(format!("{url}: {status}").into()),
        }
    }
}

/// A collector may take a part of the metrics. OTLP forbids to repeat the others.
fn report_rejected(url: &str, answer: &[u8]) {
    let answer = ExportMetricsServiceResponse::decode(answer).unwrap_or_default();
    if let Some(partial) = answer.partial_success
        && partial.rejected_data_points > 0
    {
        let (count, why) = (
            partial.rejected_data_points,
            shortened(&partial.error_message),
        );
        log::warn!("{url}: {count} metrics were rejected: {why}");
    }
}

/// A resource for each machine, which has a gauge for each name.
fn message(metrics: &Pieces) -> ExportMetricsServiceRequest {
    let mut machines: BTreeMap<&str, BTreeMap<&str, Vec<NumberDataPoint>>> = BTreeMap::new();
    for metric in metrics.iter() {
        let names = machines.entry(&metric.batch.host).or_default();
        let points = names.entry(&metric.sample.name).or_default();
        points.push(NumberDataPoint {
            time_unix_nano: metric.sample.time.saturating_mul(1_000_000_000),
            value: Some(Value::AsDouble(metric.sample.value)),
            ..NumberDataPoint::default()
        });
    }
    let resource_metrics = machines.into_iter().map(|(host, names)| ResourceMetrics {
        resource: Some(Resource {
            attributes: vec![attribute("host.name", host)],
            ..Resource::default()
        }),
        scope_metrics: vec![ScopeMetrics {
            scope: Some(InstrumentationScope {
                name: "collect".into(),
                version: env!("CARGO_PKG_VERSION").into(),
                ..InstrumentationScope::default()
            }),
            metrics: names.into_iter().map(gauge).collect(),
            ..ScopeMetrics::default()
        }],
        ..ResourceMetrics::default()
    });
    ExportMetricsServiceRequest {
        resource_metrics: resource_metrics.collect(),
    }
}

fn gauge((name, data_points): (&str, Vec<NumberDataPoint>)) -> Metric {
    Metric {
        name: name.into(),
        data: Some(Data::Gauge(Gauge { data_points })),
        ..Metric::default()
    }
}

fn attribute(key: &str, value: &str) -> KeyValue {
    KeyValue {
        key: key.into(),
        value: Some(AnyValue {
            value: Some(any_value::Value::StringValue(value.into())),
        }),
        ..KeyValue::default()
    }
}
