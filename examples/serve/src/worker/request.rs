//! A request, from its head to the end of its response.

use std::cell::Cell;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::FutureExt as _;
use hyper::StatusCode;
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use hyper::header::{CONNECTION, HeaderValue};

use super::Worker;
use super::pulse::Pulse;
use crate::apps::{self, Body, Response};
use crate::runtimes::Task;

/// The other end of a request's connection; it is among the request's extensions.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

pub(super) fn answer(
    worker: Rc<Worker>,
    pulse: Rc<Pulse>,
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
) -> Task<'static, Result<Response, Infallible>> {
    pulse.asked();
    let end = End { worker, pulse };
    Box::pin(async move {
        let mut response = ask(&end, request, peer).await;
        end.worker.count(|row| {
            row.requests += 1;
            row.failures += u64::from(response.status().is_server_error());
        });
        if end.worker.is_leaving() {
            // So the client reconnects, to the next generation.
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        Ok(response.map(|body| Box::pin(Sent { body, _end: end }) as Body))
    })
}

/// The application's response, or an error response in its place.
async fn ask(end: &End, request: hyper::Request<Incoming>, peer: SocketAddr) -> Response {
    let limit = end.worker.options.max_body;
    if request.body().size_hint().lower() > limit {
        end.pulse.unread.set(true);
        return too_large();
    }
    let is_too_large = Rc::new(Cell::new(false));
    let line = format_line(&request);
    let mut request = request.map(|body| {
        Box::pin(Received {
            body,
            left: limit,
            is_too_large: Rc::clone(&is_too_large),
            pulse: Rc::clone(&end.pulse),
        }) as Body
    });
    request.extensions_mut().insert(Peer(peer));
    let application = Rc::clone(&end.worker.application);
    let answer = AssertUnwindSafe(application.answer(request))
        .catch_unwind()
        .await;
    if is_too_large.get() {
        return too_large();
    }
    match answer {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => failed(&line, &error),
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().copied();
            let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
            failed(
                &line,
                &format_args!("it panicked: {}", text.unwrap_or("with no text")),
            )
        }
    }
}

/// The name of a request in the log.
fn format_line<B>(request: &hyper::Request<B>) -> (hyper::Method, hyper::Uri) {
    (request.method().clone(), request.uri().clone())
}

fn failed((method, uri): &(hyper::Method, hyper::Uri), why: &dyn std::fmt::Display) -> Response {
    log::error!("{method} {uri}: {why}");
    apps::status(StatusCode::INTERNAL_SERVER_ERROR)
}

fn too_large() -> Response {
    let mut response = apps::status(StatusCode::PAYLOAD_TOO_LARGE);
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
    response
}

/// A request's body, with a limit on its size.
struct Received {
    body: Incoming,
    left: u64,
    is_too_large: Rc<Cell<bool>>,
    pulse: Rc<Pulse>,
}

impl hyper::body::Body for Received {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        let Some(frame) = ready!(self.pulse.note_body(polled)) else {
            return Poll::Ready(None);
        };
        let frame = frame.map_err(io::Error::other)?;
        let length = frame.data_ref().map_or(0, Bytes::len) as u64;
        if length > self.left {
            self.is_too_large.set(true);
            let error = io::Error::new(io::ErrorKind::FileTooLarge, "the body is too large");
            return Poll::Ready(Some(Err(error)));
        }
        self.left -= length;
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        if !self.body.is_end_stream() {
            self.pulse.unread.set(true);
        }
    }
}

/// A response's body. Its end is the end of the request.
struct Sent {
    body: Body,
    _end: End,
}

impl hyper::body::Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.body.as_mut().poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

struct End {
    worker: Rc<Worker>,
    pulse: Rc<Pulse>,
}

impl Drop for End {
    fn drop(&mut self) {
        self.pulse.answered();
    }
}
