//! Panics, errors, and properties that need themselves.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lazy_prop::lazy;

/// The message with which `body` panics.
pub(crate) fn panic_of<R>(body: impl FnOnce() -> R) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(body)) else {
        panic!("no panic")
    };
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => (*panic.downcast::<&str>().expect("a text")).to_owned(),
    }
}

#[lazy]
#[derive(Default)]
struct Shaky {
    runs: Cell<u32>,
}

#[lazy]
impl Shaky {
    fn run(&self) -> u32 {
        self.runs.set(self.runs.get() + 1);
        self.runs.get()
    }

    #[lazy]
    fn panics_once(&self) -> u32 {
        assert!(self.run() > 1, "first run");
        self.runs.get()
    }

    #[lazy]
    fn third_time(&self) -> Result<&u32, String> {
        let run = self.run();
        if run < 3 {
            Err(format!("run {run}"))
        } else {
            Ok(run)
        }
    }

    #[lazy]
    fn never(&self) -> u32 {
        unreachable!()
    }
}

#[test]
fn a_panic_leaves_the_cell_empty_and_the_next_read_tries_again() {
    let shaky = Shaky::default();
    assert_eq!(panic_of(|| shaky.panics_once()), "first run");
    assert_eq!(shaky.lazy.panics_once.get(), None);
    assert_eq!((shaky.panics_once(), shaky.panics_once()), (2, 2));
}

#[test]
fn an_error_is_not_kept() {
    let shaky = Shaky::default();
    assert_eq!(shaky.third_time(), Err("run 1".into()));
    assert_eq!(shaky.third_time(), Err("run 2".into()));
    assert_eq!((shaky.third_time(), shaky.third_time()), (Ok(&3), Ok(&3)));
    assert_eq!(shaky.runs.get(), 3);
}

#[test]
fn the_body_does_not_run_when_there_is_a_value() {
    let shaky = Shaky::default();
    shaky.lazy.never.set(1).unwrap();
    assert_eq!(shaky.never(), 1);
}

macro_rules! cycles {
    ($name:ident $(($kind:ident))?) => {
        mod $name {
            use super::panic_of;
            use lazy_prop::lazy;

            #[lazy]
            pub struct Square {
                half: u32,
            }

            #[lazy$(($kind))?]
            impl Square {
                fn new() -> Self {
                    Self { half: 2 }
                }

                #[lazy(cycle_ok)]
                pub fn itself(&self) -> u32 {
                    self.itself() + 1
                }

                #[lazy(cycle_ok)]
                pub fn area(&self) -> u32 {
                    self.side().pow(2)
                }

                #[lazy(cycle_ok)]
                pub fn side(&self) -> u32 {
                    self.area() / self.half()
                }

                #[lazy]
                pub fn half(&self) -> u32 {
                    self.half
                }

                #[lazy]
                pub fn outer(&self) -> u32 {
                    self.area()
                }
            }

            const WAY: &str =
                "a lazy value needs itself: Square::area -> Square::side -> Square::area";

            #[test]
            fn a_property_that_reads_itself_panics() {
                let text = panic_of(|| Square::new().itself());
                assert_eq!(text, "a lazy value needs itself: Square::itself -> Square::itself");
            }

            #[test]
            fn properties_that_read_each_other_panic_with_the_whole_way() {
                assert_eq!(panic_of(|| Square::new().area()), WAY);
            }

            #[test]
            fn the_way_begins_where_the_circle_does() {
                assert_eq!(panic_of(|| Square::new().outer()), WAY);
            }

            #[test]
            fn the_panic_leaves_nothing_behind() {
                let square = Square::new();
                panic_of(|| square.area());
                assert_eq!(panic_of(|| square.area()), WAY);
                assert_eq!(square.half(), 2);
                assert!(square.lazy.area.set(16).is_ok());
                assert_eq!((square.side(), square.area()), (8, 16));
            }
        }
    };
}

cycles!(unsync);
cycles!(sync(sync));

#[test]
fn reading_the_same_property_of_another_instance_is_no_circle() {
    #[lazy]
    struct Node {
        parent: Option<Box<Node>>,
    }

    #[lazy]
    impl Node {
        #[lazy]
        fn depth(&self) -> u32 {
            self.parent.as_ref().map_or(0, |parent| parent.depth() + 1)
        }
        fn under(parent: Option<Self>) -> Self {
            Self {
                parent: parent.map(Box::new),
            }
        }
    }

    let mut node = Node::under(None);
    for _ in 0..100 {
        node = Node::under(Some(node));
    }
    assert_eq!(node.depth(), 100);
}

#[test]
fn a_preset_of_the_own_cell_in_the_body_panics() {
    #[lazy]
    struct Odd {}

    #[lazy]
    impl Odd {
        fn new() -> Self {
            Self {}
        }
        #[lazy]
        fn value(&self) -> u8 {
            self.lazy.value.set(1).unwrap();
            2
        }
    }

    assert_eq!(panic_of(|| Odd::new().value()), "reentrant init");
}
