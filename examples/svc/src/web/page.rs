//! The pages. They need no script; with one they refresh themselves.

use maud::{DOCTYPE, Markup, html};

use crate::logs::Line;
use crate::look::Seen;
use crate::show::ago;

/// The style of all pages.
pub(super) const STYLE: &str = "\
body { font: 15px system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color: #222; background: #fff }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .35em .8em .35em 0; border-bottom: 1px solid #ddd; vertical-align: baseline }
code, pre { font: 13px ui-monospace, monospace }
pre { background: #f4f4f4; padding: 1em; overflow-x: auto }
form { display: inline }
.good { color: #176b2c } .bad { color: #b3261e; font-weight: 600 } .err { color: #b3261e }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #181818 } pre { background: #242424 } th, td { border-color: #444 }
  a { color: #8ab4f8 } .good { color: #7bd88f } .bad, .err { color: #ff8a80 }
}
";

/// Replaces the content every two seconds, unless somebody is in the middle of something.
pub(super) const SCRIPT: &str = "\
const address = new URL(location.pathname, location.origin);
setInterval(async () => {
  if (document.hidden || document.querySelector('main :focus, main form:active')) return;
  try {
    const answer = await fetch(address);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.querySelector('main').replaceWith(page.querySelector('main'));
    document.body.dataset.refreshed = new Date().toISOString();
  } catch { /* It comes back. */ }
}, 2000);
";

fn page(title: &str, content: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                link rel="stylesheet" href="/style.css";
                script src="/refresh.js" defer {}
            }
            body { main { (content) } }
        }
    };
    page.into_string()
}

/// All services.
pub(super) fn services(all: &[Seen], may_act: bool) -> String {
    let content = html! {
        h1 { "Services" }
        @if all.is_empty() { p { "There are none. " code { "svc add" } " adds one." } }
        @else {
            table {
                tr {
                    th { "Name" } th { "State" } th { "Pid" } th { "Since" } th { "Restarts" } th { "Command" }
                    @if may_act { th {} }
                }
                @for seen in all {
                    tr {
                        td { a href={ "/services/" (seen.service.name.as_str()) } { (seen.service.name.as_str()) } }
                        td { (state(seen)) }
                        td { (seen.pid.map(|pid| pid.to_string()).unwrap_or_default()) }
                        td { (seen.since.map(ago).unwrap_or_default()) }
                        td { (seen.restarts) }
                        td { code { (shell_words::join(&seen.service.command)) } }
                        @if may_act { td { (buttons(seen)) } }
                    }
                }
            }
        }
    };
    page("svc", &content)
}

/// One service, with the end of its log.
pub(super) fn service(seen: &Seen, log: Result<Vec<Line>, String>, may_act: bool) -> String {
    let name = seen.service.name.as_str();
    let content = html! {
        p { a href="/" { "All services" } }
        h1 { (name) }
        p { (state(seen)) @if let Some(pid) = seen.pid { ", pid " (pid) } " " @if may_act { (buttons(seen)) } }
        p { code { (shell_words::join(&seen.service.command)) } }
        h2 { "Log" }
        @match log {
            Err(why) => p { (why) },
            Ok(lines) => pre {
                @for line in lines { span.err[line.is_error()] { (String::from_utf8_lossy(&line.text)) } }
            },
        }
    };
    page(name, &content)
}

/// A page that says why something was not done.
pub(super) fn trouble(what: &str) -> String {
    let content = html! {
        p { a href="/" { "All services" } }
        pre { (what) }
    };
    page("svc", &content)
}

fn state(seen: &Seen) -> Markup {
    let condition = &seen.condition;
    let (good, bad) = (condition.is_running(), condition.is_trouble());
    html! { span.good[good && !bad].bad[bad] { (condition.to_string()) } }
}

fn buttons(seen: &Seen) -> Markup {
    let actions: &[&str] = if seen.condition.is_in_hand() {
        &["restart", "stop"]
    } else {
        &["start"]
    };
    let name = seen.service.name.as_str();
    html! {
        @for action in actions {
            form method="post" action={ "/services/" (name) "/" (action) } { button { (action) } } " "
        }
    }
}
