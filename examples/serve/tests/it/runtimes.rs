//! The choice of a runtime.

use std::cell::Cell;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use serve::runtimes::{self, AlreadyInstalled, Unavailable};

use crate::server::{example, run, runtimes as all, said};

/// A thread, which as a new process has chosen nothing yet.
fn fresh<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| scope.spawn(run).join().unwrap())
}

#[test]
fn t12_runtimes_are_found_by_name_and_sorted() {
    let names: Vec<_> = runtimes::kinds().iter().map(|kind| kind.name).collect();
    assert_eq!(names, ["poll", "smol", "tokio", "uring"]);
    assert!(runtimes::kinds().iter().all(|kind| !kind.about.is_empty()));
}

#[test]
fn t12_install_gives_the_runtime_that_is_then_current() {
    for name in all() {
        fresh(|| {
            let installed = runtimes::install(name).unwrap();
            assert!(Rc::ptr_eq(&installed, &runtimes::current()));
        });
    }
}

#[test]
fn t13_e48_an_unknown_runtime_is_told_with_the_nearest() {
    let unknown = runtimes::find("tokyo").err().unwrap();
    assert!(matches!(unknown, Unavailable::Unknown(..)));
    let (code, _, errors) = run("-r tokyo -n echo");
    assert_eq!(code, Some(2));
    let text = "there is no runtime `tokyo`, did you mean `tokio`? See --help-runtimes";
    assert!(errors.contains(text), "{errors}");
    let (code, _, errors) = run("-r nosuch -n echo");
    assert_eq!(code, Some(2));
    assert!(
        errors.contains("there is no runtime `nosuch`; see --help-runtimes"),
        "{errors}"
    );
}

#[test]
fn t13_a_runtime_that_can_not_run_here_is_told_with_the_reason() {
    let error = std::io::Error::from_raw_os_error(1);
    let text = Unavailable::Refused("uring", error).to_string();
    assert_eq!(
        text,
        "the runtime `uring` can't run here: Operation not permitted"
    );
}

#[test]
fn t15_a_second_choice_is_an_error_that_names_the_place_of_the_first() {
    fresh(|| {
        let line = line!() + 1;
        runtimes::install("poll").unwrap();
        // Also the same one.
        for second in ["poll", "tokio"] {
            let error = runtimes::install(second).err().unwrap();
            assert!(error.is::<AlreadyInstalled>());
            let text = format!(
                "a runtime is already installed: `poll`, by {}:{line}:",
                file!()
            );
            assert!(error.to_string().starts_with(&text), "{error}");
        }
    });
}

#[test]
fn t15_the_first_use_installs_the_default() {
    fresh(|| {
        let line = line!() + 1;
        drop(runtimes::current());
        let error = runtimes::install("poll").err().unwrap().to_string();
        assert!(
            error.starts_with("a runtime is already installed: `tokio`, by "),
            "{error}"
        );
        assert!(error.contains(&format!("{}:{line}:", file!())), "{error}");
    });
}

#[test]
fn t15_e48_two_choices_on_the_line_are_wrong_usage() {
    let (code, _, errors) = run("-r tokio -r smol -n echo");
    assert_eq!(code, Some(2));
    assert!(errors.contains("a runtime is already installed: `tokio`, by the first --runtime"));
}

#[test]
fn t14_e48_an_application_that_chooses_is_told_who_has_chosen_already() {
    for uses in ["", "--uses"] {
        let words = format!("-n --bind 127.0.0.1:0 --workers 1 -r smol chooser {uses}");
        let mut command = std::process::Command::new(example("trials"));
        let (code, _, errors) = said(command.args(words.split_whitespace()).output().unwrap());
        assert_eq!(code, Some(1), "{errors}");
        assert!(
            errors.contains("a runtime is already installed: `"),
            "{errors}"
        );
        assert!(errors.contains("examples/trials.rs:"), "{errors}");
    }
}

#[test]
fn t16_help_lists_those_that_run_here_sorted_and_others_with_the_reason() {
    let (code, out, errors) = run("--help-runtimes");
    assert_eq!((code, &*errors), (Some(0), ""));
    assert!(out.starts_with("Runtimes:\n"), "{out}");
    let order = all().map(|name| out.find(&format!("\n    {name}")).unwrap());
    assert!(order.collect::<Vec<_>>().is_sorted(), "{out}");
    let lacking = runtimes::kinds().len() - all().count();
    assert_eq!(
        out.lines().filter(|line| line.starts_with("  ! ")).count(),
        lacking
    );
}

#[test]
fn each_runtime_runs_tasks_clocks_and_the_main_future() {
    for name in all() {
        fresh(|| {
            let runtime = runtimes::install(name).unwrap();
            let done = Rc::new(Cell::new(0));
            let later = |millis| {
                let (done, runtime) = (Rc::clone(&done), Rc::clone(&runtime));
                async move {
                    runtime.sleep(Duration::from_millis(millis)).await;
                    done.set(done.get() + 1);
                }
            };
            let begun = Instant::now();
            runtime.spawn(Box::pin(later(20)));
            runtime.spawn(Box::pin(later(40)));
            runtime.block_on(Box::pin(async {
                while done.get() < 2 {
                    runtime.sleep(Duration::from_millis(1)).await;
                }
                later(10).await;
            }));
            assert_eq!(done.get(), 3, "{name}");
            assert!(begun.elapsed() >= Duration::from_millis(50), "{name}");
        });
    }
}

#[test]
fn each_runtime_tells_why_it_can_not_connect() {
    for name in all() {
        fresh(|| {
            let free = std::net::TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap();
            let runtime = runtimes::install(name).unwrap();
            runtime.block_on(Box::pin(async {
                let error = runtimes::current().connect(free).await.err().unwrap();
                assert_eq!(
                    error.kind(),
                    std::io::ErrorKind::ConnectionRefused,
                    "{name}"
                );
            }));
        });
    }
}
