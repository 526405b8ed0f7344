//! Commands that are `async fn`s, and who runs them.

use std::future::Future;
use std::pin::pin;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};

use lazy_prop::command::{Cli, ErrorKind, Finished};
use lazy_prop::{cli, command, commands, lazy};

use crate::{GOT, got};

/// Gives way once, as a future that waits does.
async fn wait() {
    let mut ready = false;
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut ready, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// The smallest executor.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// Fetch a page.
#[command]
async fn fetch(url: &str, #[arg(short)] times: Option<u8>, rest: &[String]) -> Result<(), String> {
    wait().await;
    got(&(url, times, rest));
    if url == "bad" {
        return Err("no such page".into());
    }
    Ok(())
}

#[command]
async fn code(code: u8) -> ExitCode {
    wait().await;
    ExitCode::from(code)
}

#[command]
fn plain() {
    got(&"plain");
}

fn program() -> Cli {
    cli!(commands![fetch, code, plain])
}

#[test]
fn an_async_command_runs_on_the_executor_that_is_given() {
    let run = |line: &[&str]| program().try_run_with(line, block_on);
    run(&["app", "fetch", "x", "-t3", "y"]).unwrap();
    assert_eq!(GOT.take(), r#"("x", Some(3), ["y"])"#);
    assert_eq!(run(&["app", "code", "5"]).unwrap(), ExitCode::from(5));
    let error = run(&["app", "fetch", "bad"]).unwrap_err();
    assert_eq!(error.failure().unwrap().to_string(), "no such page");
    assert!(run(&["app", "fetch"]).unwrap_err().is_usage());
    // It is a function still.
    block_on(fetch("x", None, &[])).unwrap();
}

#[test]
fn a_plain_command_beside_it_needs_no_executor() {
    let cli = program();
    cli.try_run_with(["app", "plain"], |_| panic!("nothing waits"))
        .unwrap();
    assert_eq!(GOT.take(), r#""plain""#);
    program().try_run_from(["app", "plain"]).unwrap();
}

#[test]
fn inside_of_an_executor_it_is_awaited() {
    let run = block_on(program().try_run_async(["app", "fetch", "y"]));
    assert!(run.is_ok());
    assert_eq!(GOT.take(), r#"("y", None, [])"#);
}

#[test]
fn without_an_executor_one_line_says_so() {
    let error = program().try_run_from(["app", "fetch", "x"]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mistake);
    let text = error.to_string();
    assert!(
        text.starts_with("`fetch` is an `async fn`: give the program an executor, by `run_with` or `run_async`: at ")
            && text.contains("asynchronous.rs:"),
        "{text}"
    );
}

#[command]
#[lazy]
struct App {
    #[arg(long, default_value = "db")]
    db: String,
}

#[command]
#[lazy]
impl App {
    #[lazy]
    fn store(&self) -> &str {
        format!("<{}>", self.db)
    }

    #[command]
    async fn show(&self, name: String) {
        wait().await;
        got(&(self.store(), name));
    }

    #[command]
    async fn change(&mut self) -> Result<ExitCode, String> {
        "other".clone_into(&mut self.db);
        wait().await;
        got(&self.store());
        Ok(ExitCode::SUCCESS)
    }
}

#[test]
fn methods_may_be_async_too() {
    let run = |line: &[&str]| App::cli().try_run_with(line, block_on);
    run(&["app", "show", "n", "--db", "x"]).unwrap();
    assert_eq!(GOT.take(), r#"("<x>", "n")"#);
    run(&["app", "change"]).unwrap();
    assert_eq!(GOT.take(), r#""<other>""#);
}

/// Tells when it is dropped.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        got(&"dropped");
    }
}

#[command]
async fn hold() {
    let _guard = Guard;
    std::future::pending::<()>().await;
}

#[test]
fn a_future_that_is_dropped_lets_go_of_what_it_holds() {
    let outcome = cli!(hold).try_run_with(["app"], |mut future| {
        let mut context = Context::from_waker(Waker::noop());
        assert!(pin!(&mut future).poll(&mut context).is_pending());
        Finished::interrupted()
    });
    assert_eq!(outcome.unwrap(), ExitCode::from(130));
    assert_eq!(GOT.take(), r#""dropped""#);
}
