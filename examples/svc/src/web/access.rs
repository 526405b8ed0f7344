//! Who may see the page, and who may act.
//!
//! Without a token, everybody who reaches the address may read, and nobody may act. With one,
//! everybody needs it for both, as the password of a browser's dialog or as a bearer token.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hyper::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, ORIGIN};

use crate::error::Error;
use crate::show;

/// The least number of characters of a token.
const LEAST: usize = 16;

/// The rights of visitors.
pub(super) struct Access {
    token: Option<String>,
    /// Whether only this machine reaches the address.
    is_local: bool,
}

/// Why a request is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It has no token, or a wrong one.
    Token,
    /// There is no token, so nobody may act.
    ReadOnly,
    /// It is sent by the page of another site.
    Foreign,
}

impl Access {
    /// The rights at an address, with the token in a file.
    pub(super) fn of(bind: &str, file: Option<&Path>) -> Result<Self, Error> {
        let addresses = bind.to_socket_addrs();
        let mut addresses = addresses.map_err(|error| Error::Web(format!("{bind}: {error}")))?;
        let is_local = addresses.all(|address: SocketAddr| address.ip().is_loopback());
        let token = file.map(token).transpose()?;
        if token.is_none() && !is_local {
            let why = format!("{bind} is not an address of this machine alone: give a token too");
            return Err(Error::Web(why));
        }
        Ok(Self { token, is_local })
    }

    /// Whether visitors may act, if they have the token.
    pub(super) fn may_act(&self) -> bool {
        self.token.is_some()
    }

    /// Checks a request. `acts` is whether it changes something.
    pub(super) fn check(&self, headers: &HeaderMap, acts: bool) -> Result<(), Refusal> {
        let host = text(headers, HOST);
        // A foreign name that leads here lets its own page read ours.
        if self.token.is_none() && self.is_local && !host.is_some_and(is_loopback) {
            return Err(Refusal::Foreign);
        }
        let Some(token) = &self.token else {
            return if acts { Err(Refusal::ReadOnly) } else { Ok(()) };
        };
        if !given(headers).is_some_and(|given| is_same(&given, token)) {
            return Err(Refusal::Token);
        }
        // A browser sends the password with requests of other pages too, and says whose they are.
        let origin = text(headers, ORIGIN);
        let is_own = |origin: &str| origin.split_once("://").map(|(_, host)| host) == host;
        if acts && !origin.is_none_or(is_own) {
            return Err(Refusal::Foreign);
        }
        Ok(())
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The token that a request brings.
fn given(headers: &HeaderMap) -> Option<String> {
    let (scheme, value) = text(headers, AUTHORIZATION)?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(value.trim().to_owned());
    }
    let decoded = BASE64_STANDARD.decode(value.trim()).ok();
    let decoded = decoded.filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (_, password) = decoded.split_once(':')?;
    Some(password.to_owned())
}

/// Compares in a time that does not depend on where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let pairs = one.bytes().zip(other.bytes());
    one.len() == other.len() && pairs.fold(0, |all, (one, other)| all | (one ^ other)) == 0
}

/// Whether a `Host` names this machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => name,
        _ => host,
    };
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The token in a file, which is made if it is missing.
fn token(file: &Path) -> Result<String, Error> {
    let failed = |error| Error::file(file, error);
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => make(file).map_err(failed)?,
        text => text.map_err(failed)?,
    };
    let wrong = |why: &str| Error::Untrusted(file.to_owned(), why.to_owned());
    let mode = fs::metadata(file).map_err(failed)?.mode();
    if mode & 0o077 != 0 {
        return Err(wrong("others may read it: `chmod 600` it"));
    }
    let token = text.trim();
    let is_plain = token.chars().all(|c| c.is_ascii_graphic());
    if token.len() < LEAST || !is_plain {
        return Err(wrong("a token has at least 16 letters or digits"));
    }
    Ok(token.to_owned())
}

fn make(file: &Path) -> std::io::Result<String> {
    let mut random = [0; 24];
    rustix::rand::getrandom(&mut random, rustix::rand::GetRandomFlags::empty())?;
    let token = base64::prelude::BASE64_URL_SAFE.encode(random);
    let mut options = OpenOptions::new();
    let mut new = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    new.write_all(format!("{token}\n").as_bytes())?;
    show::note(&format!("the token is in {}", file.display()));
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(HeaderName, &str)]) -> HeaderMap {
        let pair = |(name, value): &(HeaderName, &str)| (name.clone(), value.parse().unwrap());
        list.iter().map(pair).collect()
    }

    fn access(token: Option<&str>) -> Access {
        Access {
            token: token.map(str::to_owned),
            is_local: true,
        }
    }

    #[test]
    fn without_a_token_everybody_reads_and_nobody_acts() {
        let access = access(None);
        for host in ["127.0.0.1:8090", "localhost", "[::1]:80"] {
            let headers = headers(&[(HOST, host)]);
            assert_eq!(access.check(&headers, false), Ok(()), "{host}");
            assert_eq!(
                access.check(&headers, true),
                Err(Refusal::ReadOnly),
                "{host}"
            );
        }
        for host in ["evil.example", "127.0.0.1.evil.example:8090"] {
            let headers = headers(&[(HOST, host)]);
            assert_eq!(
                access.check(&headers, false),
                Err(Refusal::Foreign),
                "{host}"
            );
        }
        assert_eq!(access.check(&headers(&[]), false), Err(Refusal::Foreign));
    }

    #[test]
    fn with_a_token_everybody_needs_it() {
        let access = access(Some("0123456789abcdef"));
        let basic = format!("Basic {}", BASE64_STANDARD.encode("me:0123456789abcdef"));
        for value in ["Bearer 0123456789abcdef", &basic] {
            let headers = headers(&[(HOST, "a"), (AUTHORIZATION, value)]);
            assert_eq!(access.check(&headers, true), Ok(()), "{value}");
        }
        for value in [
            "Bearer 0123456789abcdeg",
            "Bearer 0123456789abcde",
            "Basic ???",
            "x",
        ] {
            let headers = headers(&[(HOST, "a"), (AUTHORIZATION, value)]);
            assert_eq!(
                access.check(&headers, false),
                Err(Refusal::Token),
                "{value}"
            );
        }
        assert_eq!(
            access.check(&headers(&[(HOST, "a")]), false),
            Err(Refusal::Token)
        );
    }

    #[test]
    fn the_page_of_another_site_may_not_act() {
        let access = access(Some("0123456789abcdef"));
        let bearer = "Bearer 0123456789abcdef";
        let with = |origin| headers(&[(HOST, "a:1"), (AUTHORIZATION, bearer), (ORIGIN, origin)]);
        assert_eq!(access.check(&with("http://a:1"), true), Ok(()));
        for origin in ["http://b:1", "http://a", "null"] {
            assert_eq!(
                access.check(&with(origin), true),
                Err(Refusal::Foreign),
                "{origin}"
            );
        }
    }
}
