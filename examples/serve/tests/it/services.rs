//! The tree of services.

use std::cell::RefCell;
use std::rc::Rc;

use serve::Error;
use serve::runtimes::Task;
use serve::services::{Service, Services};

use crate::server::{Server, example, said};

type Diary = Rc<RefCell<Vec<String>>>;

struct Noted {
    name: &'static str,
    diary: Diary,
    fails: bool,
}

impl Service for Noted {
    fn name(&self) -> &str {
        self.name
    }

    fn start(&self) -> Task<'_, Result<(), Error>> {
        Box::pin(async {
            if self.fails {
                return Err(Error::other("no"));
            }
            // Whoever is started next has to wait for this.
            pause().await;
            self.diary.borrow_mut().push(format!("+{}", self.name));
            Ok(())
        })
    }

    fn stop(&self) -> Task<'_> {
        Box::pin(async {
            pause().await;
            self.diary.borrow_mut().push(format!("-{}", self.name));
        })
    }
}

async fn pause() {
    serve::runtimes::current()
        .sleep(std::time::Duration::from_millis(1))
        .await;
}

fn block_on(future: impl Future<Output = ()>) {
    serve::runtimes::current().block_on(Box::pin(future));
}

fn service(name: &'static str, diary: &Diary) -> Rc<dyn Service> {
    let diary = Rc::clone(diary);
    Rc::new(Noted {
        name,
        diary,
        fails: false,
    })
}

fn failing(name: &'static str) -> Rc<dyn Service> {
    let diary = Diary::default();
    Rc::new(Noted {
        name,
        diary,
        fails: true,
    })
}

fn noted(diary: &Diary) -> String {
    diary.take().join(" ")
}

#[test]
fn t19_children_start_in_order_and_stop_in_reverse() {
    block_on(async {
        let (diary, parent) = (Diary::default(), Services::new("parent"));
        for name in ["a", "b", "c"] {
            parent.add(service(name, &diary)).await.unwrap();
        }
        assert_eq!(noted(&diary), "");
        parent.start().await.unwrap();
        assert_eq!(noted(&diary), "+a +b +c");
        parent.stop().await;
        assert_eq!(noted(&diary), "-c -b -a");
    });
}

#[test]
fn t19_two_children_of_one_name_are_refused() {
    block_on(async {
        let (diary, parent) = (Diary::default(), Services::new("parent"));
        parent.add(service("a", &diary)).await.unwrap();
        let error = parent.add(service("a", &diary)).await.unwrap_err();
        assert_eq!(error.to_string(), "`parent` has a service `a` already");
        assert!(parent.child("a").is_some() && parent.child("b").is_none());
    });
}

#[test]
fn t19_a_child_of_a_running_parent_starts_at_once_and_stops_when_removed() {
    block_on(async {
        let (diary, parent) = (Diary::default(), Services::new("parent"));
        parent.start().await.unwrap();
        parent.add(service("a", &diary)).await.unwrap();
        assert_eq!(noted(&diary), "+a");
        assert!(parent.remove("a").await);
        assert_eq!(noted(&diary), "-a");
        assert!(!parent.remove("a").await);
    });
}

#[test]
fn t18_a_service_moves_to_another_parent_with_its_state() {
    block_on(async {
        let (diary, one, other) = (
            Diary::default(),
            Services::new("one"),
            Services::new("other"),
        );
        one.add(service("a", &diary)).await.unwrap();
        one.start().await.unwrap();
        let child = one.child("a").unwrap();
        one.remove("a").await;
        other.add(child).await.unwrap();
        assert_eq!(noted(&diary), "+a -a");
        other.start().await.unwrap();
        assert_eq!(noted(&diary), "+a");
        assert!(one.is_running() && other.is_running());
    });
}

#[test]
fn t18_starting_twice_is_refused_and_starts_nothing_twice() {
    block_on(async {
        let (diary, parent) = (Diary::default(), Services::new("parent"));
        parent.add(service("a", &diary)).await.unwrap();
        parent.start().await.unwrap();
        let error = parent.start().await.unwrap_err();
        assert_eq!(error.to_string(), "`parent` is running already");
        assert_eq!(noted(&diary), "+a");
        parent.stop().await;
        parent.stop().await;
        assert_eq!(noted(&diary), "-a");
    });
}

#[test]
fn t19_a_start_that_fails_undoes_those_before_it() {
    block_on(async {
        let (diary, parent) = (Diary::default(), Services::new("parent"));
        for child in [
            service("a", &diary),
            service("b", &diary),
            failing("c"),
            service("d", &diary),
        ] {
            parent.add(child).await.unwrap();
        }
        assert_eq!(parent.start().await.unwrap_err().to_string(), "no");
        assert_eq!(noted(&diary), "+a +b -b -a");
        assert!(!parent.is_running());
        parent.remove("c").await;
        parent.start().await.unwrap();
        assert_eq!(noted(&diary), "+a +b +d");
        assert!(parent.add(failing("e")).await.is_err());
        assert!(parent.child("e").is_none());
    });
}

#[test]
fn t19_trees_start_and_stop_as_a_whole() {
    block_on(async {
        let (diary, parent, inner) = (Diary::default(), Services::new("p"), Services::new("i"));
        inner.add(service("b", &diary)).await.unwrap();
        inner.add(service("c", &diary)).await.unwrap();
        parent.add(service("a", &diary)).await.unwrap();
        parent.add(Rc::new(inner)).await.unwrap();
        parent.start().await.unwrap();
        parent.stop().await;
        assert_eq!(noted(&diary), "+a +b +c -c -b -a");
    });
}

#[test]
fn t20_an_application_has_services_that_run_as_long_as_a_worker() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("diary");
    let mut command = std::process::Command::new(example("trials"));
    command
        .args(["-n", "--bind", "127.0.0.1:0", "--workers", "1", "services"])
        .arg(&file);
    let mut server = Server::start_as(command);
    assert_eq!(server.get("/").text(), "kept\n");
    server.signal(rustix::process::Signal::TERM);
    server.wait();
    let noted = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        noted,
        "first started\nsecond started\nsecond stopped\nfirst stopped\n"
    );
}

#[test]
fn t19_a_service_that_fails_to_start_is_told_to_the_user_and_the_others_are_undone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("diary");
    let mut command = std::process::Command::new(example("trials"));
    command
        .args([
            "-n",
            "--bind",
            "127.0.0.1:0",
            "--workers",
            "1",
            "services",
            "--fail",
        ])
        .arg(&file);
    let (code, _, errors) = said(command.output().unwrap());
    assert_eq!(code, Some(1));
    assert!(errors.contains("second does not start"), "{errors}");
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        "first started\nfirst stopped\n"
    );
}
