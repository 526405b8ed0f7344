//! Applications: what answers the requests.
//!
//! An application is a type with one method, and a command that serves it; the command may stand
//! in any module, and in any crate that is linked in.
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

/// The content of a request or a response, as it comes.
pub type Body = Pin<Box<dyn hyper::body::Body<Data = Bytes, Error = io::Error>>>;

/// A request.
pub type Request = hyper::Request<Body>;

/// What is answered.
pub type Response = hyper::Response<Body>;

/// What answers requests. One thread calls it, in each worker.
pub trait Application: 'static {
    /// The answer to a request.
    ///
    /// # Errors
    /// What becomes "500 Internal Server Error", and a line in the log.
    #[allow(
        async_fn_in_trait,
        reason = "one thread runs all, so nothing need be `Send`"
    )]
    async fn answer(&self, request: Request) -> Result<Response, Error>;

    /// What else runs in a worker as long as it answers: started before, stopped after.
    fn services(&self) -> Vec<Box<dyn Service>> {
        vec![]
    }
}

/// Any application, for who does not care which.
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

/// A body of that content.
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

/// Nothing but a status, in words.
#[must_use]
pub fn status(status: StatusCode) -> Response {
    let mut response = text(format!("{status}\n"));
    *response.status_mut() = status;
    response
}
