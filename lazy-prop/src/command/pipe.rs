//! A reader that leaves early, as in `app list | head -1`, is no reason to panic.

use std::any::Any;
use std::boxed::Box;
use std::error::Error;
use std::panic::{self, PanicHookInfo};
use std::string::String;
use std::sync::Once;
use std::{io, process};

/// The exit code that a shell reports for a program that `SIGPIPE` ended.
pub(super) const CLOSED: u8 = 141;

/// Makes `println!` to a closed pipe end the program as `SIGPIPE` does, without a word.
///
/// Rust ignores that signal, so the macro panics instead. Restoring the signal would need unsafe code.
pub(super) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            if is_print_to_closed(info.payload()) {
                process::exit(i32::from(CLOSED));
            }
            previous(info);
        }));
    });
}

/// The panic message of the standard library's printing macros. 32 is `EPIPE`; the others are Windows'.
fn is_print_to_closed(payload: &(dyn Any + Send)) -> bool {
    let Some(message) = payload.downcast_ref::<String>() else {
        return false;
    };
    let closed = ["(os error 32)", "(os error 109)", "(os error 232)"];
    message.starts_with("failed printing to std") && closed.iter().any(|end| message.ends_with(end))
}

/// Whether a command's own writing failed because nobody reads.
pub(super) fn is_closed(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(is_broken)
}

/// Whether writing failed because nobody reads.
pub(super) fn is_broken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}
