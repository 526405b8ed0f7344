//! Applications that do what they should not, for the tests.

use std::cell::Cell;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use std::{fs, io};

use lazy_prop::command;
use serve::apps::{Application, Request, Response, text};
use serve::runtimes::{self, Task};
use serve::services::Service;
use serve::{Error, Server};

/// Do what the path says: /slow/SECONDS, /panic, /fail, /abort, /body, /large/BYTES
#[command]
fn act(#[command(flatten)] server: Server) -> Result<ExitCode, Error> {
    server.serve(|_| Ok(Act))
}

struct Act;

impl Application for Act {
    async fn answer(&self, request: Request) -> Result<Response, Error> {
        let path = request.uri().path().to_owned();
        let mut words = path.split('/').skip(1);
        let (verb, how) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        match verb {
            "slow" => {
                let seconds = how.parse().map_err(Error::other)?;
                log::info!("begins {path}");
                runtimes::current()
                    .sleep(Duration::from_secs_f64(seconds))
                    .await;
            }
            "panic" => panic!("as it was told"),
            "fail" => return Err(Error::other("as it was told")),
            "abort" => std::process::abort(),
            "large" => return Ok(text(vec![b'x'; how.parse().map_err(Error::other)?])),
            _ => {}
        }
        Ok(text(format!(
            "{} {:?}\n",
            std::process::id(),
            fs::read_link("/proc/self/fd/0")
        )))
    }
}

/// Have services, which write to a file when they start and stop
#[command]
fn services(
    #[command(flatten)] server: Server,
    file: PathBuf,
    /// Let the second one fail to start
    #[arg(long)]
    fail: bool,
) -> Result<ExitCode, Error> {
    server.serve(|_| Ok(Keeps { file, fail }))
}

struct Keeps {
    file: PathBuf,
    fail: bool,
}

impl Application for Keeps {
    async fn answer(&self, _: Request) -> Result<Response, Error> {
        Ok(text("kept\n"))
    }

    fn services(&self) -> Vec<Box<dyn Service>> {
        let noted = |name, fails| {
            let file = self.file.clone();
            Box::new(Noted { name, file, fails }) as Box<dyn Service>
        };
        vec![noted("first", false), noted("second", self.fail)]
    }
}

struct Noted {
    name: &'static str,
    file: PathBuf,
    fails: bool,
}

impl Noted {
    fn note(&self, what: &str) -> io::Result<()> {
        use std::io::Write as _;
        let mut file = fs::File::options()
            .append(true)
            .create(true)
            .open(&self.file)?;
        writeln!(file, "{} {what}", self.name)
    }
}

impl Service for Noted {
    fn name(&self) -> &str {
        self.name
    }

    fn start(&self) -> Task<'_, Result<(), Error>> {
        Box::pin(async {
            if self.fails {
                return Err(Error::other(format!("{} does not start", self.name)));
            }
            Ok(self.note("started")?)
        })
    }

    fn stop(&self) -> Task<'_> {
        Box::pin(async {
            let _ = self.note("stopped");
        })
    }
}

/// Choose a runtime of its own
#[command]
fn chooser(
    #[command(flatten)] server: Server,
    /// Only use one, without a choice
    #[arg(long)]
    uses: bool,
) -> Result<ExitCode, Error> {
    server.serve(|_| {
        if uses {
            drop(runtimes::current());
        } else {
            runtimes::install("poll")?;
        }
        Ok(Act)
    })
}

/// Panic in each worker, or in all but the first ones
#[command]
fn crash(
    #[command(flatten)] server: Server,
    /// As soon as this file is there
    when: PathBuf,
) -> Result<ExitCode, Error> {
    server.serve(|_| {
        Ok(Crash {
            when,
            told: Cell::new(false),
        })
    })
}

struct Crash {
    when: PathBuf,
    told: Cell<bool>,
}

impl Application for Crash {
    async fn answer(&self, _: Request) -> Result<Response, Error> {
        Ok(text("alive\n"))
    }

    fn services(&self) -> Vec<Box<dyn Service>> {
        assert!(
            !self.when.exists() || self.told.replace(true),
            "the file is there"
        );
        vec![]
    }
}

fn main() -> ExitCode {
    serve::main()
}
