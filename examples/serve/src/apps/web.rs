//! `serve web`: the files of a directory, and the server's status.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use http_body_util::BodyExt as _;
use hyper::StatusCode;
use hyper::header::{
    ETAG, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use hyper_staticfile::{Resolver, ResponseBuilder};
use lazy_prop::command;

use super::files::Root;
use super::{Application, Request, Response, status, whole};
use crate::board::Board;
use crate::{Error, Server};

/// Serve the files of a directory, the server's status at /status, and its metrics at /metrics
#[command]
fn web(
    #[command(flatten)] server: Server,
    /// The directory
    #[arg(default_value = ".")]
    directory: PathBuf,
) -> Result<ExitCode, Error> {
    server.serve(|server| Web::open(&directory, server.metrics()?))
}

struct Web {
    files: Resolver<Root>,
    board: Arc<Board>,
}

impl Web {
    fn open(directory: &Path, board: Arc<Board>) -> Result<Self, Error> {
        let files = Resolver::with_opener(Root::open(directory)?);
        Ok(Self { files, board })
    }
}

impl Application for Web {
    async fn answer(&self, mut request: Request) -> Result<Response, Error> {
        match request.uri().path() {
            "/status" => return Ok(status::page(&self.board.read()?)),
            "/metrics" => return Ok(status::metrics(&self.board.read()?)),
            _ => {}
        }
        let known = request.headers_mut().remove(IF_NONE_MATCH);
        if known.is_some() {
            // A tag is more precise than a time: RFC 9110, section 13.1.3.
            request.headers_mut().remove(IF_MODIFIED_SINCE);
        }
        let found = self.files.resolve_request(&request).await?;
        let response = ResponseBuilder::new().request(&request).build(found)?;
        if known.is_some_and(|known| is_known(&known, response.headers().get(ETAG))) {
            return Ok(unchanged(response.headers()));
        }
        Ok(response.map(|body| Box::pin(body.map_err(io::Error::other)) as _))
    }
}

/// Whether the client already has the content, by one of its tags.
fn is_known(known: &HeaderValue, tag: Option<&HeaderValue>) -> bool {
    let (Ok(known), Some(Ok(tag))) = (known.to_str(), tag.map(HeaderValue::to_str)) else {
        return false;
    };
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.trim() == "*" || known.split(',').any(|known| strong(known) == strong(tag))
}

fn unchanged(of: &HeaderMap) -> Response {
    let mut response = Response::new(whole(""));
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    for name in [ETAG, LAST_MODIFIED] {
        if let Some(value) = of.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}
