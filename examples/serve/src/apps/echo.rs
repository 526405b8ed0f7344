//! `serve echo`: answers with the request.

use std::fmt::Write as _;
use std::process::ExitCode;

use bytes::BytesMut;
use http_body_util::BodyExt as _;
use lazy_prop::command;

use super::{Application, Request, Response, text};
use crate::{Error, Server};

/// Answer each request with its own lines
#[command]
fn echo(#[command(flatten)] server: Server) -> Result<ExitCode, Error> {
    server.serve(|_| Ok(Echo))
}

struct Echo;

impl Application for Echo {
    async fn answer(&self, request: Request) -> Result<Response, Error> {
        let (head, body) = request.into_parts();
        let mut said = BytesMut::with_capacity(512);
        let _ = writeln!(
            said,
            "You said:\n{} {} {:?}",
            head.method, head.uri, head.version
        );
        for (name, value) in &head.headers {
            said.extend_from_slice(name.as_ref());
            said.extend_from_slice(b": ");
            said.extend_from_slice(value.as_bytes());
            said.extend_from_slice(b"\n");
        }
        said.extend_from_slice(b"\n");
        said.extend_from_slice(&body.collect().await?.to_bytes());
        Ok(text(said.freeze()))
    }
}
