//! A connection, from its first byte to its last.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use hyper::rt::{Read as _, ReadBuf, Write as _};
use hyper::server::conn::http1;
use hyper::service::service_fn;

use super::pulse::{Felt, Pulse};
use super::{Worker, request};

/// How long to read and discard data, so that the client can read the last response. If a
/// connection closes with unread data, the system discards what was sent.
const LINGER: Duration = Duration::from_secs(1);

pub(super) async fn serve(
    worker: &Rc<Worker>,
    stream: Box<dyn crate::runtimes::Stream>,
    peer: SocketAddr,
) {
    let pulse = Rc::new(Pulse::new());
    let service =
        service_fn(|request| request::answer(Rc::clone(worker), Rc::clone(&pulse), request, peer));
    let stream = Felt::new(stream, Rc::clone(&pulse));
    let mut connection = http1::Builder::new()
        .half_close(true)
        .serve_connection(stream, service);
    loop {
        let left = worker.left.listen();
        let now = Instant::now();
        let end = pulse.end(worker);
        if end.is_some_and(|end| end <= now) {
            return;
        }
        // A phase that begins meanwhile may have an earlier limit.
        let tick = Pulse::tick(worker);
        let rest = end.map_or(tick, |end| (end - now).min(tick));
        let work = poll_fn(|cx| connection.poll_without_shutdown(cx));
        let wait = select(worker.runtime.sleep(rest), left);
        match select(work, wait).await {
            Either::Left((Ok(()), _)) => break,
            Either::Left((Err(_), _)) => return,
            Either::Right(_) => {}
        }
    }
    let mut stream = connection.into_parts().io;
    let is_closed = poll_fn(|cx| Pin::new(&mut stream).poll_shutdown(cx)).await;
    if is_closed.is_ok() && (pulse.unread.get() || worker.is_leaving()) {
        select(Box::pin(read_to_end(stream)), worker.runtime.sleep(LINGER)).await;
    }
}

async fn read_to_end(mut stream: Felt) {
    let mut chunk = [0; 4096];
    loop {
        let mut buffer = ReadBuf::new(&mut chunk);
        let read = poll_fn(|cx| Pin::new(&mut stream).poll_read(cx, buffer.unfilled())).await;
        if read.is_err() || buffer.filled().is_empty() {
            return;
        }
    }
}
