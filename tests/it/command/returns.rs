//! What a command returns is what the program returns.

use std::error::Error as StdError;
use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;

use lazy_prop::command::ErrorKind;
use lazy_prop::{cli, command, commands};

#[command]
fn nothing() {}

#[command]
fn code() -> ExitCode {
    ExitCode::from(7)
}

#[command]
fn result_code(fail: bool) -> Result<ExitCode, String> {
    if fail {
        Err("told to".into())
    } else {
        Ok(ExitCode::from(3))
    }
}

#[test]
fn a_code_is_the_program_s() {
    let code = |code: ExitCode| format!("{code:?}");
    assert_eq!(
        code(cli!(nothing).try_run_from(["app"]).unwrap()),
        code(ExitCode::SUCCESS)
    );
    assert_eq!(
        code(cli!(self::code).try_run_from(["app"]).unwrap()),
        code(ExitCode::from(7))
    );
    assert_eq!(
        code(cli!(result_code).try_run_from(["app"]).unwrap()),
        code(ExitCode::from(3))
    );
    let error = cli!(result_code)
        .try_run_from(["app", "--fail"])
        .unwrap_err();
    assert_eq!(error.failure().unwrap().to_string(), "told to");
}

#[derive(Debug)]
struct Own;

impl fmt::Display for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("own")
    }
}

impl StdError for Own {}

/// Not an error, but it can be told.
struct Told;

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("told")
    }
}

/// Makes a command that returns an error of the type.
macro_rules! failing {
    ($($name:ident: $error:ty = $value:expr, $text:literal;)*) => {
        $(
            #[command]
            fn $name() -> Result<(), $error> {
                Err($value)
            }
        )*

        #[test]
        fn any_error_is_told() {
            $(
                let error = cli!($name).try_run_from(["app"]).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Failure);
                assert!(!error.is_usage());
                assert_eq!(error.exit_code(), 1);
                assert_eq!(error.to_string(), $text);
            )*
        }
    };
}

failing! {
    own: Own = Own, "own";
    boxed: Box<dyn StdError> = Own.into(), "own";
    boxed_send: Box<dyn StdError + Send> = Box::new(Own), "own";
    boxed_sync: Box<dyn StdError + Send + Sync> = Own.into(), "own";
    string: String = "string".into(), "string";
    text: &'static str = "text", "text";
    told: Told = Told, "told";
    unit: () = (), "()";
}

#[test]
fn the_type_of_the_error_is_kept() {
    for error in [
        cli!(own).try_run_from(["app"]).unwrap_err(),
        cli!(boxed_sync).try_run_from(["app"]).unwrap_err(),
    ] {
        assert!(error.failure().unwrap().is::<Own>());
    }
}

#[command]
fn forever(times: u8) -> ! {
    panic!("asked {times} times")
}

mod endless {
    use lazy_prop::command;

    #[command]
    pub struct App {}

    #[command]
    impl App {
        #[command]
        fn turn(&mut self, name: &str) -> ! {
            panic!("{name} turns")
        }
    }
}

#[test]
#[should_panic(expected = "asked 3 times")]
fn a_command_may_never_return() {
    let _ = cli!(forever).try_run_from(["app", "3"]);
}

#[test]
#[should_panic(expected = "x turns")]
fn a_method_may_never_return() {
    let _ = endless::App::cli().try_run_from(["app", "turn", "x"]);
}

#[command]
fn in_a_box() -> Result<(), Box<Own>> {
    Err(Box::new(Own))
}

#[command]
fn in_an_arc() -> Result<(), Arc<Own>> {
    Err(Arc::new(Own))
}

#[test]
fn a_type_has_its_code_in_a_box_too() {
    let all = || {
        cli!(commands![
            own, boxed, boxed_sync, in_a_box, in_an_arc, string
        ])
    };
    let code = |name| {
        let cli = all().failure_code(|_: &fmt::Error| 5);
        let error = cli.failure_code(|_: &Own| 4).try_run_from(["app", name]);
        error.unwrap_err().exit_code()
    };
    for name in ["own", "boxed", "boxed-sync", "in-a-box", "in-an-arc"] {
        assert_eq!(code(name), 4, "{name}");
    }
    assert_eq!(code("string"), 1);
}

/// An error with a code, as the cause of others.
#[derive(Debug)]
struct Full(u8);

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the disk is full")
    }
}

impl StdError for Full {}

#[command]
fn in_anyhow(context: bool) -> anyhow::Result<()> {
    use anyhow::Context as _;

    let full = Err(Full(7));
    if context {
        return full.context("can't write");
    }
    Ok(full?)
}

#[command]
fn in_a_chain() -> Result<(), Box<dyn StdError>> {
    Err(std::io::Error::other(Full(7)).into())
}

#[test]
fn an_error_s_code_is_found_wherever_it_is_in_the_chain() {
    let full = |full: &Full| full.0;
    for (cli, line, text) in [
        (cli!(in_anyhow), &["app"][..], "the disk is full"),
        (cli!(in_anyhow), &["app", "--context"], "can't write"),
        (cli!(in_a_chain), &["app"], "the disk is full"),
    ] {
        let error = cli.failure_code(full).try_run_from(line).unwrap_err();
        assert_eq!((error.exit_code(), error.to_string()), (7, text.into()));
    }
    let error = cli!(in_anyhow).try_run_from(["app"]).unwrap_err();
    assert!(error.failure().unwrap().is::<Full>());
}

#[test]
fn an_error_goes_to_other_threads() {
    fn is_shared<T: Send + Sync + 'static>() {}
    is_shared::<lazy_prop::command::Error>();
}

/// An exit code of the program's own.
struct Outcome;

impl std::process::Termination for Outcome {
    fn report(self) -> ExitCode {
        ExitCode::from(9)
    }
}

#[command]
fn own_code() -> Outcome {
    Outcome
}

#[command]
fn own_code_or_error(fails: bool) -> Result<Outcome, String> {
    if fails { Err("no".into()) } else { Ok(Outcome) }
}

#[test]
fn a_type_that_ends_a_program_ends_a_command() {
    let code = |cli: lazy_prop::command::Cli| cli.try_run_from(["app"]).unwrap();
    assert_eq!(code(cli!(own_code)), ExitCode::from(9));
    assert_eq!(code(cli!(own_code_or_error)), ExitCode::from(9));
}
