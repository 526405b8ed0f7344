//! One value for the whole program.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use lazy_prop::lazy;

static RUNS: AtomicU32 = AtomicU32::new(0);

#[lazy]
fn settings() -> &'static Vec<u32> {
    vec![RUNS.fetch_add(1, SeqCst)]
}

#[test]
fn a_function_computes_once_for_the_program() {
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(settings)).collect();
    for thread in threads {
        assert!(std::ptr::eq(thread.join().unwrap(), settings()));
    }
    assert_eq!((settings(), RUNS.load(SeqCst)), (&vec![0], 1));
}

/// Each row of the table with a static for its cell.
mod rows {
    use super::{AtomicU32, SeqCst, lazy};
    use std::fmt::Debug;
    use std::sync::Arc;

    static TRIES: AtomicU32 = AtomicU32::new(0);

    #[lazy]
    pub(super) fn copied() -> u8 {
        1
    }
    #[lazy(cloned)]
    pub(super) fn cloned() -> Arc<str> {
        "cloned".into()
    }
    #[lazy]
    pub(super) fn text() -> &'static str {
        "text".to_owned()
    }
    #[lazy(store = Box<dyn Debug + Send + Sync>)]
    pub(super) fn stored() -> &'static (dyn Debug + Send + Sync) {
        Box::new(1)
    }
    #[lazy]
    pub(super) fn some() -> Option<&'static str> {
        Some("some".to_owned())
    }
    #[lazy]
    pub(super) fn second_try() -> Result<&'static [u8], u32> {
        match TRIES.fetch_add(1, SeqCst) {
            0 => Err(0),
            _ => Ok(vec![1]),
        }
    }
    #[lazy]
    pub(super) fn whole() -> Result<&'static str, &'static str> {
        Err("whole".to_owned())
    }
    #[lazy]
    pub(super) fn words() -> &'static [&'static str] {
        text().split('x').collect()
    }
}

#[test]
fn a_function_can_return_each_row_of_the_table() {
    assert_eq!(rows::copied(), 1);
    assert_eq!(&*rows::cloned(), "cloned");
    assert_eq!(rows::text(), "text");
    assert_eq!(format!("{:?}", rows::stored()), "1");
    assert_eq!(rows::some(), Some("some"));
    assert_eq!(
        (rows::second_try(), rows::second_try()),
        (Err(0), Ok(&[1][..]))
    );
    assert_eq!(rows::whole(), Err("whole"));
    assert_eq!(rows::words(), ["te", "t"]);
}

#[test]
fn a_function_that_needs_itself_panics() {
    #[lazy]
    fn a() -> u8 {
        b()
    }
    #[lazy]
    fn b() -> u8 {
        a()
    }

    let text = crate::failure::panic_of(a);
    assert_eq!(text, "a lazy value needs itself: a -> b -> a");
}

#[lazy]
struct Shape {}

#[lazy]
impl Shape {
    const SIDES: u32 = 4;

    fn new() -> Self {
        Self {}
    }

    /// With `Self` in its type and its body.
    #[lazy]
    fn names() -> &'static Vec<(u32, Option<fn() -> Self>)> {
        vec![(Self::SIDES, Some(Self::new))]
    }

    #[lazy]
    fn corners(&self) -> u32 {
        Self::names()[0].0
    }
}

#[test]
fn an_associated_function_in_the_block_is_a_static() {
    assert_eq!(Shape::names().len(), 1);
    assert!(std::ptr::eq(Shape::names(), Shape::names()));
    assert_eq!(Shape::new().corners(), 4);
}

struct Plain;

impl Plain {
    #[lazy]
    fn name() -> &'static str {
        "plain".to_owned()
    }
}

#[test]
fn an_associated_function_needs_no_block() {
    assert_eq!(Plain::name(), "plain");
    let Plain = Plain;
}
