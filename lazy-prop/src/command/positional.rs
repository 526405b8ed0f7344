//! Optional positional arguments before a required one.

use std::vec::Vec;

use clap::{Arg, Command};

/// Whether the last but one may be left out, because its type says so: `cp a b into` fits
/// `cp(files: Vec<PathBuf>, into: PathBuf)`.
///
/// # Panics
/// In debug builds, as clap would, if clap can't divide a line among the arguments; most of these
/// are compile errors, but a macro doesn't know what is behind an alias.
pub(super) fn is_missing_allowed(command: &Command) -> bool {
    let order: Vec<&Arg> = command.get_positionals().collect();
    // A user who writes this decides the order.
    if order
        .iter()
        .any(|arg| arg.is_last_set() || arg.get_index().is_some())
    {
        return false;
    }
    for (at, arg) in order.iter().enumerate() {
        debug_assert!(
            is_clear(&order, at),
            "the command `{}`: the optional argument `{arg}` must come last, or before one final required one",
            command.get_name(),
        );
    }
    matches!(order[..], [.., left_out, last] if !left_out.is_required_set() && last.is_required_set())
}

/// Whether clap can tell which words belong to the argument at `at`.
fn is_clear(order: &[&Arg], at: usize) -> bool {
    let (before, after) = (&order[..at], &order[at + 1..]);
    if order[at].is_required_set() {
        return true;
    }
    match after {
        [] => true,
        [last] if last.is_required_set() => {
            before.len() < 2 && before.iter().all(|arg| arg.is_required_set())
        }
        after => !takes_rest(order[at]) && !after.iter().any(|arg| arg.is_required_set()),
    }
}

fn takes_rest(arg: &Arg) -> bool {
    let many = arg.get_num_args().is_some_and(|num| num.max_values() > 1);
    many && arg.get_value_terminator().is_none()
}
