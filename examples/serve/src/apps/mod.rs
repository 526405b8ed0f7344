//! Applications answer the requests.
//!
//! An application is a type with one method, and a command that serves it. The command may be in
//! any module, and in any linked crate.
//!
//! ```
//! use std::process::ExitCode;
//! use lazy_prop::command;
//! use serve::apps::{Application, Request, Response, text};
//! use serve::{Error, Server};
//!
//! struct Greeting(String);
//!
//! impl Application for Greeting {
//!     async fn answer(&self, _: Request) -> Result<Response, Error> {
//!         Ok(text(format!("Hello, {}!\n", self.0)))
//!     }
//! }
//!
//! /// Greet whoever asks.
//! #[command]
//! fn greet(
//!     #[command(flatten)] server: Server,
//!     /// Who is greeted.
//!     name: String,
//! ) -> Result<ExitCode, Error> {
//!     server.serve(|_| Ok(Greeting(name)))
//! }
//! ```

mod echo;
mod files;
mod proxy;
mod status;
mod web;

use std::io;
use std::pin::Pin;
use std::rc::Rc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderValue};

use crate::Error;
use crate::runtimes::Task;
use crate::services::Service;

/// The body of a request or a response, in frames.
pub type Body = Pin<Box<dyn hyper::body::Body<Data = Bytes, Error = io::Error>>>;

/// A request.
pub type Request = hyper::Request<Body>;

/// A response.
pub type Response = hyper::Response<Body>;

/// Answers requests. In each worker, one thread calls it.
pub trait Application: 'static {
    /// The response to a request.
    ///
    /// # Errors
    /// An error becomes "500 Internal Server Error" and a line in the log.
    #[allow(
        async_fn_in_trait,
        reason = "one thread runs all, so nothing need be `Send`"
    )]
    async fn answer(&self, request: Request) -> Result<Response, Error>;

    /// The services that run in a worker while it answers. They start before it and stop after it.
    fn services(&self) -> Vec<Box<dyn Service>> {
        vec![]
    }
}

/// An application of any type.
pub(crate) trait Answers {
    fn answer(self: Rc<Self>, request: Request) -> Task<'static, Result<Response, Error>>;
    fn services(&self) -> Vec<Box<dyn Service>>;
}

impl<A: Application> Answers for A {
    fn answer(self: Rc<Self>, request: Request) -> Task<'static, Result<Response, Error>> {
        Box::pin(async move { Application::answer(&*self, request).await })
    }

    fn services(&self) -> Vec<Box<dyn Service>> {
        Application::services(self)
    }
}

/// A body with that content.
pub fn whole(content: impl Into<Bytes>) -> Body {
    Box::pin(Full::new(content.into()).map_err(|never| match never {}))
}

/// A plain text.
#[must_use]
pub fn text(content: impl Into<Bytes>) -> Response {
    let mut response = Response::new(whole(content));
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}

/// A response that is only a status, in words.
#[must_use]
pub fn status(status: StatusCode) -> Response {
    let mut response = text(format!("{status}\n"));
    *response.status_mut() = status;
    response
}
