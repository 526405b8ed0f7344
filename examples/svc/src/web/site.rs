//! The answers to requests.

use std::process::Output;
use std::thread;

use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, StatusCode};
use serve::apps::{Application, Request, Response, whole};

use super::access::{Access, Refusal};
use super::page;
use crate::error::Error;
use crate::identity::Host;
use crate::json;
use crate::logs::{self, Wanted};
use crate::look::Seen;
use crate::name::Name;
use crate::own::Own;
use crate::paths::Paths;
use crate::registry::Registry;
use crate::service::Service;
use crate::stray::Strays;

/// The number of lines of a log.
const LINES: usize = 200;

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";

/// The services of a registry, as pages.
pub(super) struct Site {
    pub(super) paths: Paths,
    pub(super) own: Own,
    pub(super) access: Access,
}

impl Application for Site {
    async fn answer(&self, request: Request) -> Result<Response, serve::Error> {
        let acts = !matches!(*request.method(), Method::GET | Method::HEAD);
        if let Err(refusal) = self.access.check(request.headers(), acts) {
            return Ok(refused(&refusal));
        }
        let path = request.uri().path().trim_matches('/').to_owned();
        let parts: Vec<_> = path.split('/').collect();
        let answer = match (request.method(), &parts[..]) {
            (&Method::POST, ["services", name, action @ ("start" | "stop" | "restart")]) => {
                self.act(name, action).await
            }
            _ if acts => Err(Error::Web("there is no such action".to_owned())),
            (_, [""]) => self.page(),
            (_, ["services"]) => self.list(),
            (_, ["services", name]) => self.service(name),
            (_, ["services", name, "log"]) => self.log(name),
            (_, ["style.css"]) => Ok(response("text/css", page::STYLE)),
            (_, ["refresh.js"]) => Ok(response("text/javascript", page::SCRIPT)),
            _ => Err(Error::Web("there is no such page".to_owned())),
        };
        Ok(answer.unwrap_or_else(|error| failed(&error)))
    }
}

impl Site {
    fn page(&self) -> Result<Response, Error> {
        let page = page::services(&self.all()?, self.access.may_act());
        Ok(response(HTML, page))
    }

    fn list(&self) -> Result<Response, Error> {
        Ok(response(JSON, json::list(&self.all()?)?))
    }

    fn service(&self, name: &str) -> Result<Response, Error> {
        let service = self.named(name)?;
        let log = logs::tail(&service, &self.paths, &Wanted::last(LINES));
        let log = log.map_err(|error| error.to_string());
        let page = page::service(&self.look(service)?, log, self.access.may_act());
        Ok(response(HTML, page))
    }

    fn log(&self, name: &str) -> Result<Response, Error> {
        let service = self.named(name)?;
        let lines = logs::tail(&service, &self.paths, &Wanted::last(LINES))?;
        let lines = lines.iter().map(|line| logs::as_json(&service.name, line));
        let lines: Vec<Vec<u8>> = lines.collect::<Result<_, _>>()?;
        Ok(response("application/jsonl", lines.concat()))
    }

    /// Runs a command of this program, in a thread that waits for it.
    async fn act(&self, name: &str, action: &str) -> Result<Response, Error> {
        let service = self.named(name)?;
        let (own, action) = (self.own.clone(), action.to_owned());
        let (sender, ended) = async_channel::bounded(1);
        thread::spawn(move || {
            let _ = sender.send_blocking(own.run(&action, service.name.as_str()));
        });
        let output = ended.recv().await.unwrap_or_else(|_| Ok(unknown()));
        let output = output.map_err(|error| Error::Web(error.to_string()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Ok(with_status(
                StatusCode::CONFLICT,
                page::trouble(said.trim()),
            ));
        }
        let mut response = with_status(StatusCode::SEE_OTHER, String::new());
        set(&mut response, LOCATION, "/");
        Ok(response)
    }

    fn all(&self) -> Result<Vec<Seen>, Error> {
        let services = Registry::open(&self.paths)?.services()?;
        services
            .into_iter()
            .map(|service| self.look(service))
            .collect()
    }

    fn look(&self, service: Service) -> Result<Seen, Error> {
        Seen::of(
            service,
            &self.paths,
            &Host::this()?,
            &Strays::of(&self.paths),
        )
    }

    fn named(&self, name: &str) -> Result<Service, Error> {
        let name: Name = name
            .parse()
            .map_err(|_| Error::Web("there is no such service".to_owned()))?;
        Registry::open(&self.paths)?.service(&name)
    }
}

/// The output of a command of which nothing is known.
fn unknown() -> Output {
    use std::os::unix::process::ExitStatusExt;
    Output {
        status: std::process::ExitStatus::from_raw(1 << 8),
        stdout: vec![],
        stderr: b"the command was lost".to_vec(),
    }
}

fn refused(refusal: &Refusal) -> Response {
    let (status, why) = match refusal {
        Refusal::Token => (StatusCode::UNAUTHORIZED, "the token is missing or wrong"),
        Refusal::ReadOnly => (
            StatusCode::FORBIDDEN,
            "this page is read-only: `svc web` was started without a token",
        ),
        Refusal::Foreign => (StatusCode::FORBIDDEN, "the request comes from another site"),
    };
    let mut response = with_status(status, page::trouble(why));
    if *refusal == Refusal::Token {
        set(
            &mut response,
            WWW_AUTHENTICATE,
            "Basic realm=\"svc\", charset=\"UTF-8\"",
        );
    }
    response
}

fn failed(error: &Error) -> Response {
    let status = match error {
        Error::Unknown(..) | Error::Web(_) => StatusCode::NOT_FOUND,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    with_status(status, page::trouble(&error.to_string()))
}

fn with_status(status: StatusCode, page: String) -> Response {
    let mut response = response(HTML, page);
    *response.status_mut() = status;
    response
}

fn response(kind: &'static str, content: impl Into<Vec<u8>>) -> Response {
    let mut response = Response::new(whole(content.into()));
    set(&mut response, CONTENT_TYPE, kind);
    set(&mut response, CACHE_CONTROL, "no-store");
    set(&mut response, X_CONTENT_TYPE_OPTIONS, "nosniff");
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
        form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    set(&mut response, CONTENT_SECURITY_POLICY, policy);
    response
}

fn set(response: &mut Response, name: HeaderName, value: &'static str) {
    response
        .headers_mut()
        .insert(name, HeaderValue::from_static(value));
}
