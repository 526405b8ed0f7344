//! clap's own flags, `-h, --help` and `-V, --version`.

use clap::{Arg, ArgAction, Command};

/// A flag that clap adds.
struct Flag {
    id: &'static str,
    short: char,
    action: ArgAction,
    help: &'static str,
    is_off: fn(&Command) -> bool,
    turn_off: fn(Command) -> Command,
}

const FLAGS: [Flag; 2] = [
    Flag {
        id: "help",
        short: 'h',
        action: ArgAction::Help,
        help: "Print help",
        is_off: Command::is_disable_help_flag_set,
        turn_off: |command| command.disable_help_flag(true),
    },
    Flag {
        id: "version",
        short: 'V',
        action: ArgAction::Version,
        help: "Print version",
        is_off: Command::is_disable_version_flag_set,
        turn_off: |command| command.disable_version_flag(true),
    },
];

/// Whether `id` is that of a flag of clap's.
pub(super) fn is_claps(id: &str) -> bool {
    FLAGS.iter().any(|flag| flag.id == id)
}

/// Whether a command has a flag such as `-1`, which is then no number.
pub(super) fn has_digit(command: &Command) -> bool {
    let is_digit = |arg: &Arg| arg.get_short().is_some_and(|short| short.is_ascii_digit());
    command.get_arguments().any(is_digit)
}

/// Leaves the names to the command's own options that they take: `-h` for a host leaves `--help`
/// to clap.
pub(super) fn give_way(command: Command) -> Command {
    FLAGS.into_iter().fold(command, |command, flag| {
        let has = |test: &dyn Fn(&Arg) -> bool| {
            let mut others = command
                .get_arguments()
                .filter(|arg| arg.get_id() != flag.id);
            others.any(test)
        };
        let short = has(&|arg| arg.get_short() == Some(flag.short));
        let long = has(&|arg| arg.get_long() == Some(flag.id));
        let is_there = command.get_arguments().any(|arg| arg.get_id() == flag.id);
        match (short, long) {
            (false, false) => command,
            // It came from the app, which takes a name of it too.
            _ if is_there => command.mut_arg(flag.id, |arg| without(arg, short, long)),
            _ if (flag.is_off)(&command) => command,
            (true, true) => (flag.turn_off)(command),
            _ => {
                let arg = Arg::new(flag.id).action(flag.action).help(flag.help);
                let arg = arg.short(flag.short).long(flag.id).global(true);
                (flag.turn_off)(command).arg(without(arg, short, long))
            }
        }
    })
}

fn without(arg: Arg, short: bool, long: bool) -> Arg {
    match (short, long) {
        // An argument can't be taken away, but nobody types this.
        (true, true) => arg.short(None).long("\u{1f}").hide(true),
        (true, false) => arg.short(None),
        (false, true) => arg.long(None),
        (false, false) => arg,
    }
}
