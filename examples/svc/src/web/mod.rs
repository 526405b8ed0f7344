//! A page with the services, their logs and buttons: an application of `serve`.

mod access;
mod page;
mod site;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command, FromArgMatches, ValueHint};
use serve::Server;

use self::access::Access;
use self::site::Site;
use crate::error::Error;
use crate::own::Own;
use crate::paths::Paths;

/// The options of `web`.
#[derive(Debug, Args)]
pub struct Options {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS")]
    bind: String,
    /// File with a token of at least 16 characters; a missing one is made
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    token_file: Option<PathBuf>,
}

/// Serves the page until a signal ends it.
///
/// # Errors
/// If the address cannot be used, or is not of this machine and there is no token, or the token is
/// not secret.
pub fn serve(paths: &Paths, options: &Options) -> Result<ExitCode, Error> {
    let access = Access::of(&options.bind, options.token_file.as_deref())?;
    let program = std::env::current_exe();
    let program = program.map_err(|error| Error::file("/proc/self/exe", error))?;
    let site = Site {
        paths: paths.clone(),
        own: Own::of(program, paths.registry()),
        access,
    };
    let ended = server(&options.bind)?.serve(|_| Ok(site));
    ended.map_err(|error| Error::Web(error.to_string()))
}

/// A server in the foreground, with one worker. What it serves is little, and `svc add` makes it a
/// daemon.
fn server(bind: &str) -> Result<Server, Error> {
    let words = ["svc", "--no-daemon", "--workers", "1", "--bind", bind];
    let matches = serve::Options::augment_args(Command::new("svc")).try_get_matches_from(words);
    let options = matches.and_then(|matches| serve::Options::from_arg_matches(&matches));
    let options = options.map_err(|error| Error::Web(error.to_string()))?;
    Ok(Server::new(options))
}
