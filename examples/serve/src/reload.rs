//! Reads the command line again in the serving process.
//!
//! The command runs once more with the present files. At the point where it would serve, it returns
//! the plan instead.

use std::cell::RefCell;
use std::env;

use crate::server::{Kept, Plan, Server};
use crate::{Error, config};

enum Asked {
    Waiting(Kept),
    Answered(Result<Box<Plan>, Error>),
}

thread_local! {
    static ASKED: RefCell<Option<Asked>> = const { RefCell::new(None) };
}

/// Whether only a plan is wanted.
pub(crate) fn is_asked() -> bool {
    ASKED.with_borrow(|asked| matches!(asked, Some(Asked::Waiting(_))))
}

/// Gives the plan to the caller.
pub(crate) fn answer(server: Server, load: impl FnOnce(Server) -> Result<Plan, Error>) {
    if let Some(Asked::Waiting(kept)) = ASKED.take() {
        let plan = load(server.with(kept)).map(Box::new);
        ASKED.set(Some(Asked::Answered(plan)));
    }
}

/// Makes a plan from the present files, with the resources that this server has opened.
pub(crate) fn read(server: &Server) -> Result<Plan, Error> {
    ASKED.set(Some(Asked::Waiting(server.kept()?)));
    let ran = config::cli().and_then(|cli| {
        let ran = cli.try_run_from(env::args_os());
        ran.map_err(|error| Error::other(error.to_string().trim_end().to_owned()))
    });
    match ASKED.take() {
        Some(Asked::Answered(plan)) => plan.map(|plan| *plan),
        _ => Err(ran
            .err()
            .unwrap_or_else(|| Error::other("nothing is to be served any more"))),
    }
}
