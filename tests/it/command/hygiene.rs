//! The expansion in hostile surroundings.

/// No prelude, and every name that generated code could trip over is taken.
mod hostile {
    #![no_implicit_prelude]
    #![allow(dead_code, non_camel_case_types, non_upper_case_globals)]

    struct Option;
    struct Result;
    struct Some;
    struct Vec;
    struct String;
    struct Box;
    struct Entry;
    struct Command;
    struct Builder;
    struct Names;
    struct Help;
    struct Param;
    trait Iterator {}
    trait IntoIterator {}
    trait Into {}
    trait From {}
    trait Default {}
    trait Clone {}
    mod core {}
    mod std {}
    mod clap {}

    const matches: u8 = 3;
    const app: u8 = 4;
    const builder: u8 = 5;
    const command: u8 = 6;
    const param: u8 = 7;

    ::lazy_prop::options! { shared:
        /// One.
        verbose => #[arg(short, long)],
        many => #[arg(long, default_value_t = builder)],
    }

    #[::lazy_prop::command(options = shared, alias = "h")]
    pub fn hostile(
        name: u8,
        verbose: bool,
        many: u8,
        #[arg(long, default_value_t = matches + app)] sum: u8,
        #[arg(long, default_values_t = [command, param])] all: ::std::vec::Vec<u8>,
    ) -> ::core::result::Result<(), ::std::string::String> {
        crate::got(&(name, verbose, many, sum, &all));
        ::core::result::Result::Ok(())
    }

    /// An app.
    #[::lazy_prop::command]
    #[::lazy_prop::lazy]
    pub struct App {
        /// A number.
        #[arg(default_value_t = 1)]
        number: u8,
    }

    #[::lazy_prop::command]
    #[::lazy_prop::lazy]
    impl App {
        #[lazy]
        fn twice(&self) -> u8 {
            self.number * 2
        }

        #[command]
        pub fn show(&self) {
            crate::got(&self.twice());
        }
    }
}

#[test]
fn no_name_is_trusted() {
    use lazy_prop::cli;

    assert_eq!(
        crate::gives(cli!(hostile::hostile), &["1", "-v"]),
        "(1, true, 5, 7, [6, 7])"
    );
    hostile::App::cli()
        .try_run_from(["app", "show", "--number", "4"])
        .unwrap();
}

/// Everything that rustc and clippy have to say is denied.
#[deny(
    warnings,
    missing_docs,
    unreachable_pub,
    unused,
    nonstandard_style,
    clippy::all,
    clippy::pedantic
)]
#[forbid(unsafe_code)]
mod lints {
    use lazy_prop::{command, options};

    options! {
        /// Shared.
        pub(crate) shared:
        /// Quiet.
        quiet => #[arg(short)],
        /// Never used.
        unused => #[arg(short)],
    }

    /// A command.
    #[command(options = shared)]
    pub(crate) fn lint(
        /// A name.
        name: &str,
        quiet: bool,
        #[arg(long, default_value_t = 3)] mut count: u8,
    ) {
        count += u8::from(quiet);
        super::super::got(&(name, count));
    }

    /// A command with nothing.
    #[command]
    #[deprecated]
    #[cfg(not(any()))]
    pub(crate) fn nothing() {}

    /// Not there.
    #[command]
    #[cfg(any())]
    pub(crate) fn not_there(x: Missing) {}

    /// An app.
    #[command]
    #[derive(Debug)]
    pub(crate) struct App {
        /// A field.
        #[arg(long, short)]
        field: Option<u8>,
        #[arg(skip)]
        skipped: Vec<u8>,
        #[arg(skip = 5)]
        five: u8,
    }

    #[command(options = shared)]
    impl App {
        /// A method.
        #[command(group = "inner")]
        pub(crate) fn method(&mut self, quiet: bool) -> Result<(), std::fmt::Error> {
            self.skipped.push(self.five + self.field.unwrap_or(0));
            super::super::got(&(&self, quiet));
            if quiet { Ok(()) } else { Err(std::fmt::Error) }
        }

        /// No `self`.
        #[command]
        pub(crate) fn plain(name: &str) {
            super::super::got(&name);
        }
    }
}

#[test]
fn no_lint_fires() {
    use lazy_prop::cli;

    assert_eq!(crate::gives(cli!(lints::lint), &["x", "-q"]), r#"("x", 4)"#);
    assert!(
        lints::App::cli()
            .try_run_from(["app", "inner", "method", "-q", "--field", "3"])
            .is_ok()
    );
    assert!(
        lints::App::cli()
            .try_run_from(["app", "--field=3", "plain", "x"])
            .is_ok()
    );
    lints::App::cli().clap().debug_assert();
}

/// A module of a command's name, as one gets from a file for each command.
mod report {
    #[lazy_prop::command]
    pub fn report() {}

    /// A command with the name of a crate.
    #[lazy_prop::command]
    pub fn tools() {
        let _ = tools::deep::count as fn(u32);
    }
}

use report::report;

#[test]
fn the_name_of_a_command_is_free_for_modules_and_crates() {
    report();
    report::tools();
    assert!(
        lazy_prop::cli!(report::report)
            .try_run_from(["app"])
            .is_ok()
    );
}

#[test]
fn a_command_may_stand_in_a_function() {
    use lazy_prop::{cli, command, options};

    options! { shared: quiet => #[arg(short)] }

    #[command(options = shared)]
    fn local(quiet: bool) {
        crate::got(&quiet);
    }
    assert_eq!(crate::gives(cli!(local), &["-q"]), "true");
}

#[test]
fn a_parameter_may_be_unused() {
    #![deny(warnings)]

    #[lazy_prop::command]
    fn unused(_first: u8, #[arg(long)] __second: Option<u8>) {
        crate::got(&"unused");
    }
    assert_eq!(crate::gives(lazy_prop::cli!(unused), &["1"]), r#""unused""#);
}
