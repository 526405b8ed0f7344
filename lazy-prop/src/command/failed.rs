//! How the error of a command becomes that of the program.
//!
//! Only what a command returns leads here, so a program whose commands can't fail does not link it.

use std::boxed::Box;
use std::error::Error as StdError;

use clap::Command;
use clap::error::ErrorKind;

use super::error::Error;
use super::failure::{self, Holder, chain};
use super::stop::Stop;

/// For an error that threads can share.
pub(super) fn held(error: Box<dyn Holder>) -> Stop {
    Stop::Failed(Box::new(move |code, root| {
        let code = code(error.lend());
        told(error, code, root)
    }))
}

/// For one that they can't.
pub(super) fn alone(error: Box<dyn StdError>) -> Stop {
    Stop::Failed(Box::new(move |code, root| {
        let code = code(&*error);
        told(Box::new(failure::shared(error)), code, root)
    }))
}

fn told(error: Box<dyn Holder>, code: u8, root: &Command) -> Error {
    let text = chain(error.lend()) + "\n";
    let printed = clap::Error::raw(ErrorKind::Io, text).with_cmd(root);
    Error::failure_of(error, code, printed)
}
