//! Testing: a line runs in the test, and the function is a function.

use std::process::ExitCode;

use lazy_prop::{cli, command};

#[command]
fn greet(name: &str, #[arg(long)] city: Option<&str>) -> Result<(), String> {
    if name.is_empty() {
        return Err("a name has letters".into());
    }
    println!("Hello {name} of {}", city.unwrap_or("nowhere"));
    Ok(())
}

fn main() -> ExitCode {
    let run = |line: &[&str]| cli!(greet).try_run_from(line);
    assert!(run(&["greet", "Ann", "--city", "Bonn"]).is_ok());
    assert!(run(&["greet"]).unwrap_err().is_usage());
    let failed = run(&["greet", ""]).unwrap_err();
    assert_eq!(failed.failure().unwrap().to_string(), "a name has letters");
    assert!(greet("Bob", None).is_ok());
    cli!(greet).run()
}
