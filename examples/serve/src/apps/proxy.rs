//! `serve proxy`: forwards requests to another server.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

use futures_util::future::{Either, select};
use http_body_util::BodyExt as _;
use hyper::StatusCode;
use hyper::Uri;
use hyper::client::conn::http1;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use lazy_prop::command;

use super::{Application, Body, Request, Response, status};
use crate::runtimes;
use crate::seconds::Seconds;
use crate::worker::Peer;
use crate::{Error, Server};

/// Forward requests to another server
#[command]
fn proxy(
    #[command(flatten)] server: Server,
    /// The other server, as http://HOST:PORT
    #[arg(value_name = "URL")]
    upstream: Uri,
    /// How long a connection may take
    #[arg(long, default_value = "5", value_name = "SECONDS")]
    connect_timeout: Seconds,
    /// How long the other server may take to start its response
    #[arg(long, default_value = "60", value_name = "SECONDS")]
    answer_timeout: Seconds,
) -> Result<ExitCode, Error> {
    server.serve(|_| {
        Ok(Proxy {
            upstream: Upstream::find(&upstream)?,
            connect_timeout: connect_timeout.0,
            answer_timeout: answer_timeout.0,
        })
    })
}

struct Proxy {
    upstream: Upstream,
    connect_timeout: Duration,
    answer_timeout: Duration,
}

/// The other server. Its address is looked up once, before there are workers. A reload looks it up
/// again.
struct Upstream {
    host: HeaderValue,
    address: SocketAddr,
}

impl Upstream {
    fn find(url: &Uri) -> Result<Self, Error> {
        let wrong = |why: &str| Error::Upstream(url.to_string(), why.to_owned());
        if url.scheme_str() != Some("http") {
            return Err(wrong("it does not begin with http://"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() {
            return Err(wrong("it has a path"));
        }
        let authority = url.authority().ok_or_else(|| wrong("it has no host"))?;
        let host = authority.host().trim_matches(['[', ']']);
        let found = (host, authority.port_u16().unwrap_or(80)).to_socket_addrs();
        let first = found.map_err(|error| wrong(&crate::reason(&error)))?.next();
        Ok(Self {
            host: HeaderValue::from_str(authority.as_str()).map_err(|_| wrong("it has no host"))?,
            address: first.ok_or_else(|| wrong("it has no address"))?,
        })
    }
}

impl Application for Proxy {
    async fn answer(&self, request: Request) -> Result<Response, Error> {
        match self.forward(request).await {
            Ok(response) => Ok(response),
            Err((code, reason)) => {
                log::warn!("{}: {reason}", self.upstream.address);
                Ok(status(code))
            }
        }
    }
}

type Refusal = (StatusCode, String);

impl Proxy {
    async fn forward(&self, mut request: Request) -> Result<Response, Refusal> {
        let bad = |error: &dyn ToString| (StatusCode::BAD_GATEWAY, error.to_string());
        let runtime = runtimes::current();
        let connecting = runtime.connect(self.upstream.address);
        let stream = in_time(self.connect_timeout, connecting).await;
        let stream = stream.ok_or_else(late)?.map_err(|error| bad(&error))?;
        let (mut sender, connection) = http1::handshake::<_, Body>(stream)
            .await
            .map_err(|error| bad(&error))?;
        runtime.spawn(Box::pin(async {
            // The caller gets the error from the sender.
            let _ = connection.await;
        }));

        self.address(&mut request);
        let answer = in_time(self.answer_timeout, sender.send_request(request)).await;
        let mut response = answer.ok_or_else(late)?.map_err(|error| bad(&error))?;
        keep_to_end(response.headers_mut());
        // The connection lives as long as the body.
        Ok(response.map(|body| Box::pin(body.map_err(io::Error::other)) as _))
    }

    /// Rewrites a request for the other server.
    fn address(&self, request: &mut Request) {
        let path = request.uri().path_and_query().cloned();
        *request.uri_mut() = path.map_or_else(|| Uri::from_static("/"), Uri::from);
        *request.version_mut() = hyper::Version::HTTP_11;
        let peer = request
            .extensions()
            .get::<Peer>()
            .map(|peer| peer.0.ip().to_string());
        let headers = request.headers_mut();
        keep_to_end(headers);
        if let Some(host) = headers.insert(header::HOST, self.upstream.host.clone()) {
            headers.entry("x-forwarded-host").or_insert(host);
        }
        if let Some(peer) = peer.and_then(|peer| HeaderValue::try_from(peer).ok()) {
            headers.append("x-forwarded-for", peer);
        }
    }
}

fn late() -> Refusal {
    (StatusCode::GATEWAY_TIMEOUT, "no answer in time".to_owned())
}

/// Removes the headers that are meant only for the other end of a connection: RFC 9110, section
/// 7.6.1.
fn keep_to_end(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|names| names.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let always = [
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    for name in named.iter().map(HeaderName::as_str).chain(always) {
        headers.remove(name);
    }
}

/// The result of the future, if it comes in time.
async fn in_time<F: Future>(time: Duration, future: F) -> Option<F::Output> {
    let sleep = runtimes::current().sleep(time);
    match select(pin!(future), sleep).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}
