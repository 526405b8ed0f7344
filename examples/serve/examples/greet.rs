//! A fourth application: `greet -n greet World`.

use std::process::ExitCode;

use lazy_prop::command;
use serve::apps::{Application, Request, Response, text};
use serve::{Error, Server};

struct Greeting(String);

impl Application for Greeting {
    async fn answer(&self, _: Request) -> Result<Response, Error> {
        Ok(text(format!("Hello, {}!\n", self.0)))
    }
}

/// Greet whoever asks
#[command]
fn greet(#[command(flatten)] server: Server, name: String) -> Result<ExitCode, Error> {
    server.serve(|_| Ok(Greeting(name)))
}

fn main() -> ExitCode {
    serve::main()
}
