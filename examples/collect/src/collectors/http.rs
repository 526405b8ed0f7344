//! The answers of web servers, and their times.

use std::collections::BTreeMap;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use lazy_prop::lazy;
use serde::Deserialize;
use ureq::Agent;

use crate::collector::{Collector, Problem, Run};
use crate::metric::part;

crate::collector!(Http);

#[lazy]
struct Http {
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The addresses, by their name in the metrics.
    urls: BTreeMap<String, String>,
    /// The user agent.
    #[serde(default = "agent")]
    user_agent: String,
}

fn agent() -> String {
    "collect".into()
}

#[lazy]
impl Http {
    /// The HTTP client. Each request has its own connection, so that the server is measured.
    #[lazy]
    fn agent(&self) -> &Agent {
        let config = Agent::config_builder()
            .user_agent(&self.settings.user_agent)
            .http_status_as_error(false)
            .max_idle_connections(0)
            .max_redirects(0)
            .max_redirects_will_error(false);
        config.build().into()
    }
}

impl Collector for Http {
    const NAME: &'static str = "http";
    const ABOUT: &'static str =
        "The status that web servers answer, its size, and in how many milliseconds.";
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self {
            settings,
            lazy: lazy_prop::Lazy::new(),
        }
    }

    fn verify(&self) -> Result<(), Problem> {
        for url in self.settings.urls.values() {
            crate::url::verify(url)?;
        }
        Ok(())
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let (agent, deadline) = (self.agent(), run.deadline);
        let answers = thread::scope(|scope| {
            let urls = self.settings.urls.values();
            let all: Vec<_> = urls
                .map(|url| scope.spawn(move || ask(agent, url, deadline)))
                .collect();
            all.into_iter()
                .map(|one| one.join().ok().flatten())
                .collect::<Vec<_>>()
        });
        for (name, answer) in self.settings.urls.keys().zip(answers) {
            let name = part(name);
            run.count(&format!("{name}.up"), answer.is_some().into());
            if let Some(answer) = answer {
                run.count(&format!("{name}.status"), answer.status.into());
                run.count(&format!("{name}.size"), answer.size);
                run.tell(&format!("{name}.ms"), answer.time.as_secs_f64() * 1e3, 3);
            }
        }
        Ok(())
    }
}

struct Answer {
    status: u16,
    size: u64,
    time: Duration,
}

/// Reads the whole answer, if it comes in time.
fn ask(agent: &Agent, url: &str, deadline: Instant) -> Option<Answer> {
    let start = Instant::now();
    let left = deadline.checked_duration_since(start)?;
    let request = agent.get(url).config().timeout_global(Some(left)).build();
    let answer = request.call().ok()?;
    let status = answer.status().as_u16();
    let size = io::copy(&mut answer.into_body().into_reader(), &mut io::sink()).ok()?;
    Some(Answer {
        status,
        size,
        time: start.elapsed(),
    })
}
