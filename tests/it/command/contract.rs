//! The contract's own lines.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;

use lazy_prop::{cli, command, commands, options};

#[derive(Debug)]
pub struct Error;

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no such service")
    }
}

impl std::error::Error for Error {}

static CALLS: Mutex<Vec<String>> = Mutex::new(Vec::new());

options! { shared:
    /// Directory to run in.
    working_directory => #[arg(short = 'w', long, default_value = ".")],
    /// File for standard output.
    stdout => #[arg(short = 'o', long, default_value = "/dev/null")],
}

/// Add a service to the list.
///
/// The longer text, for `add --help`.
#[command(options = shared)]
fn add(
    /// Name of the service.
    service: String,
    command: String,
    working_directory: PathBuf,
    stdout: PathBuf,
    #[arg(long, env = "NICE", default_value_t = 0)] nice: i8,
    #[arg(short, long)] quiet: bool,
) -> Result<(), Error> {
    CALLS.lock().unwrap().push(format!(
        "{service} {command} {working_directory:?} {stdout:?} {nice} {quiet}"
    ));
    Ok(())
}

mod tools {
    #[lazy_prop::command(group = "remote", alias = "ls")]
    pub fn list() {}
}

fn main() -> ExitCode {
    lazy_prop::cli!().run()
}

#[test]
fn add_a_service() {
    let _ = main as fn() -> ExitCode;
    let cli = || cli!(commands![add, tools::list]);
    cli()
        .try_run_from([
            "app", "add", "db", "run", "-w", "/srv", "--nice", "-5", "-q",
        ])
        .unwrap();
    assert_eq!(
        CALLS.lock().unwrap().pop().unwrap(),
        r#"db run "/srv" "/dev/null" -5 true"#
    );
    cli().try_run_from(["app", "remote", "list"]).unwrap();
    cli().try_run_from(["app", "remote", "ls"]).unwrap();
    cli!(add).try_run_from(["add", "db", "run"]).unwrap();
    assert_eq!(
        CALLS.lock().unwrap().pop().unwrap(),
        r#"db run "." "/dev/null" 0 false"#
    );
    // It is a function still.
    add("a".into(), "b".into(), "c".into(), "d".into(), 1, true).unwrap();
}

#[test]
fn the_help_is_the_doc_comments() {
    let help = |line: &[&str]| {
        cli!(commands![add])
            .try_run_from(line)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        help(&["app", "add", "-h"]),
        "\
Add a service to the list

Usage: app add [OPTIONS] <SERVICE> <COMMAND>

Arguments:
  <SERVICE>  Name of the service
  <COMMAND>  

Options:
  -w, --working-directory <WORKING_DIRECTORY>  Directory to run in [default: .]
  -o, --stdout <STDOUT>                        File for standard output [default: /dev/null]
      --nice <NICE>                            [env: NICE=] [default: 0]
  -q, --quiet                                  
  -h, --help                                   Print help (see more with '--help')
"
    );
    assert!(help(&["app", "add", "--help"]).contains("The longer text, for `add --help`."));
    assert!(!help(&["app", "--help"]).contains("The longer text"));
}

mod app {
    use super::{Error, PathBuf};
    use lazy_prop::{command, lazy};
    use std::cell::Cell;

    thread_local!(static OPENED: Cell<u32> = const { Cell::new(0) });

    pub struct Store;
    impl Store {
        fn open(_: &PathBuf) -> Result<Self, Error> {
            OPENED.set(OPENED.get() + 1);
            Ok(Self)
        }
        fn remove(&self, service: &str) -> Result<(), Error> {
            if service == "x" { Err(Error) } else { Ok(()) }
        }
    }

    /// A userspace service manager.
    #[command]
    #[lazy]
    struct App {
        /// The registry file.
        #[arg(long, global = true, env = "SVC_DB", default_value = "svc.db")]
        db: PathBuf,
    }

    #[command]
    #[lazy]
    impl App {
        #[lazy]
        fn store(&self) -> Result<&Store, Error> {
            Store::open(&self.db)
        }

        /// Remove a service from the list.
        #[command]
        fn remove(&self, service: String) -> Result<(), Error> {
            self.store()?.remove(&service)
        }

        #[command]
        fn nothing(&self) {}
    }

    #[test]
    fn methods() {
        App::cli().try_run_from(["app", "nothing"]).unwrap();
        assert_eq!(OPENED.get(), 0);
        App::cli()
            .try_run_from(["app", "remove", "y", "--db", "z"])
            .unwrap();
        assert_eq!(OPENED.get(), 1);
        let error = App::cli().try_run_from(["app", "remove", "x"]).unwrap_err();
        assert!(error.failure().unwrap().is::<Error>());
        assert_eq!(error.exit_code(), 1);
        let help = App::cli().try_run_from(["app", "-h"]).unwrap_err();
        assert!(
            help.to_string()
                .starts_with("A userspace service manager\n")
        );
    }
}

mod other_order {
    use super::{Error, PathBuf};
    use lazy_prop::{command, lazy};

    #[lazy]
    #[command]
    struct App {
        /// The registry file.
        #[arg(long, global = true, default_value = "svc.db")]
        db: PathBuf,
    }

    #[lazy]
    #[command]
    impl App {
        #[lazy]
        fn length(&self) -> Result<&usize, Error> {
            self.db.to_str().map(str::len).ok_or(Error)
        }

        #[command]
        fn show(&self, at_least: Option<usize>) -> Result<(), Error> {
            if *self.length()? >= at_least.unwrap_or(0) {
                Ok(())
            } else {
                Err(Error)
            }
        }
    }

    #[test]
    fn methods() {
        App::cli().try_run_from(["app", "show", "3"]).unwrap();
        App::cli().try_run_from(["app", "show", "7"]).unwrap_err();
    }
}
