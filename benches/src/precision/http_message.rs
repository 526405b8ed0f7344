//! An HTTP request, with what its head means.

use std::collections::BTreeMap;

use lazy_prop::lazy;

use super::{cases, ran, subject};

#[lazy]
#[derive(Clone)]
pub(super) struct HttpMessage {
    target: String,
    version: (u8, u8),
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    trailers: Vec<(String, String)>,
    received: usize,
}

#[lazy]
impl HttpMessage {
    fn get(target: &str) -> Self {
        Self {
            target: target.to_owned(),
            version: (1, 1),
            headers: Vec::new(),
            body: Vec::new(),
            trailers: Vec::new(),
            received: 0,
        }
    }

    #[lazy]
    fn path(&self) -> &str {
        ran("path");
        let path = self.target.split('?').next();
        path.unwrap_or_default().trim_end_matches('/').to_owned()
    }

    #[lazy]
    fn query(&self) -> &[(String, String)] {
        ran("query");
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    #[lazy]
    fn content_length(&self) -> Option<usize> {
        ran("content_length");
        self.header("content-length")?.parse().ok()
    }

    #[lazy]
    fn cookies(&self) -> &BTreeMap<String, String> {
        ran("cookies");
        let cookies = self.header("cookie").unwrap_or_default().split("; ");
        let cookies = cookies.filter_map(|cookie| cookie.split_once('='));
        cookies
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    #[lazy]
    fn keeps_alive(&self) -> bool {
        ran("keeps_alive");
        match self.header("connection") {
            Some(value) => value.eq_ignore_ascii_case("keep-alive"),
            None => self.version >= (1, 1),
        }
    }

    #[lazy]
    fn body_text(&self) -> Option<&str> {
        ran("body_text");
        String::from_utf8(self.body.clone()).ok()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn set_header(&mut self, name: &str, value: &str) {
        let mut headers = self.headers.iter_mut();
        match headers.find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, old)) => value.clone_into(old),
            None => self.headers.push((name.to_owned(), value.to_owned())),
        }
    }

    fn remove_header(&mut self, name: &str) -> bool {
        let before = self.headers.len();
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.len() < before
    }

    fn header_mut(&mut self, name: &str) -> Option<&mut String> {
        let mut headers = self.headers.iter_mut();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    fn set_body(&mut self, body: &str) {
        self.body = body.into();
        self.received = self.body.len();
    }

    fn push_chunk(&mut self, chunk: &[u8]) -> Result<(), String> {
        if let Some(length) = self.content_length()
            && self.body.len() + chunk.len() > length
        {
            return Err(format!("more than {length} bytes"));
        }
        self.received += chunk.len();
        self.body.extend_from_slice(chunk);
        Ok(())
    }

    fn set_query(&mut self, name: &str, value: &str) {
        let others = self.query().iter().filter(|(known, _)| known != name);
        let mut target = self.path().to_owned();
        let new = (name.to_owned(), value.to_owned());
        for (at, (name, value)) in others.chain([&new]).enumerate() {
            target.push(if at == 0 { '?' } else { '&' });
            target += name;
            target.push('=');
            target += value;
        }
        self.target = target;
    }

    fn downgrade(&mut self) {
        if self.version > (1, 0) {
            self.version = (1, 0);
        }
    }

    fn take_body(&mut self) -> Vec<u8> {
        self.received = 0;
        std::mem::take(&mut self.body)
    }

    fn add_trailer(&mut self, name: &str, value: &str) {
        if self.headers.iter().any(|(known, _)| known == "TE") || !self.keeps_alive() {
            return;
        }
        self.trailers.push((name.into(), value.into()));
    }

    fn redirect(&mut self, location: &str) {
        let Self {
            target,
            received,
            trailers,
            ..
        } = self;
        location.clone_into(target);
        *received = 0;
        trailers.clear();
    }

    fn is_complete(&mut self) -> bool {
        self.received = self.body.len();
        self.content_length()
            .is_none_or(|length| self.received == length)
    }
}

subject! { HttpMessage = {
        let mut message = HttpMessage::get("/list/?page=2&sort=name");
        message.set_header("Content-Length", "9");
        message.set_header("Cookie", "id=7; theme=dark");
        message.set_body("hello");
        message
    };
    path of [target],
    query of [target],
    content_length of [headers],
    cookies of [headers],
    keeps_alive of [headers, version],
    body_text of [body],
}

cases! { HttpMessage:
    set_header writes [headers] in |message| message.set_header("content-length", "12");
    set_new_header writes [headers] in |message| message.set_header("Connection", "close");
    remove_header writes [headers] in |message| assert!(message.remove_header("cookie"));
    header_mut writes [headers]
        in |message| message.header_mut("cookie").expect("is there").push_str("; a=b");
    set_body writes [body, received] in |message| message.set_body("other");
    push_chunk writes [received, body] in |message| message.push_chunk(b" you").expect("it fits");
    push_too_much writes [] in |message| { message.push_chunk(b"too long").unwrap_err(); };
    set_query writes [target] in |message| message.set_query("page", "3");
    downgrade writes [version] in HttpMessage::downgrade;
    take_body writes [received, body] in |message| { message.take_body(); };
    add_trailer writes [trailers] in |message| message.add_trailer("Digest", "x");
    redirect writes [target, received, trailers] in |message| message.redirect("/other");
    is_complete writes [received] in |message| assert!(!message.is_complete());
}
