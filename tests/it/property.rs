//! `LazyProperty`: the same without a macro.

use std::cell::Cell;

use lazy_prop::LazyProperty;

struct Foo {
    x: u32,
    bar: LazyProperty<u32, fn(&Foo) -> u32>,
}

fn foo() -> Foo {
    Foo {
        x: 21,
        bar: LazyProperty::new(|foo: &Foo| foo.x * 2).named("bar", "Twice x."),
    }
}

#[test]
fn computed_once_from_the_owner() {
    let mut foo = foo();
    assert_eq!(*foo.bar.get(&foo), 42);
    foo.x = 1;
    assert_eq!(*foo.bar.get(&foo), 42);
}

#[test]
fn looking_does_not_compute() {
    let foo = foo();
    assert_eq!((foo.bar.peek(), foo.bar.is_computed()), (None, false));
    foo.bar.get(&foo);
    assert_eq!((foo.bar.peek(), foo.bar.is_computed()), (Some(&42), true));
}

#[test]
fn it_knows_its_name_and_description() {
    assert_eq!((foo().bar.name(), foo().bar.doc()), ("bar", "Twice x."));
    let unnamed = LazyProperty::<u8, _>::new(|_: &u8| 1);
    assert_eq!((unnamed.name(), unnamed.doc()), ("", ""));
}

#[test]
fn a_preset_holds_unless_there_is_a_value() {
    let foo = foo();
    assert_eq!(foo.bar.set(7), Ok(()));
    assert_eq!(foo.bar.set(8), Err(8));
    assert_eq!(*foo.bar.get(&foo), 7);
}

#[test]
fn take_gives_the_old_value_back() {
    let mut foo = foo();
    assert_eq!(foo.bar.take(), None);
    foo.bar.get(&foo);
    foo.x = 1;
    assert_eq!(foo.bar.take(), Some(42));
    assert_eq!(*foo.bar.get(&foo), 2);
}

#[test]
fn into_inner_gives_the_value() {
    let foo = foo();
    foo.bar.get(&foo);
    assert_eq!(foo.bar.into_inner(), Some(42));
}

#[test]
fn an_error_is_not_kept() {
    let tries = Cell::new(0);
    let property = LazyProperty::<u32, _>::from_fn(|limit: &u32| {
        tries.set(tries.get() + 1);
        if tries.get() < *limit {
            Err(tries.get())
        } else {
            Ok(tries.get())
        }
    });
    assert_eq!(property.try_get(&3), Err(1));
    assert_eq!(property.try_get(&3), Err(2));
    assert_eq!(
        (property.try_get(&3), property.try_get(&3)),
        (Ok(&3), Ok(&3))
    );
}

#[test]
fn a_closure_that_captures_works() {
    let factor = 3;
    let property = LazyProperty::from_fn(move |x: &u32| x * factor);
    assert_eq!(*property.get(&2), 6);
}

#[test]
fn new_is_const() {
    const fn twice(foo: &Foo) -> u32 {
        foo.x * 2
    }
    #[allow(clippy::declare_interior_mutable_const)] // that it is a constant is the test
    const FOO: Foo = Foo {
        x: 2,
        bar: LazyProperty::new(twice).named("bar", ""),
    };
    let foo = FOO;
    assert_eq!(*foo.bar.get(&foo), 4);
}

#[test]
fn an_owner_can_be_unsized() {
    let property: LazyProperty<usize, fn(&str) -> usize> = LazyProperty::new(str::len);
    assert_eq!(*property.get("four"), 4);
}

#[test]
fn debug_shows_name_and_state_and_computes_nothing() {
    let foo = foo();
    let text = |computed| format!("LazyProperty {{ name: \"bar\", computed: {computed}, .. }}");
    assert_eq!(format!("{:?}", foo.bar), text(false));
    foo.bar.get(&foo);
    assert_eq!(format!("{:?}", foo.bar), text(true));
}

#[test]
fn derives_on_the_owner_ignore_it() {
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
    struct Owner {
        x: u32,
        twice: LazyProperty<u32, fn(&Owner) -> u32>,
    }

    let owner = Owner {
        x: 1,
        twice: LazyProperty::new(|owner: &Owner| owner.x * 2),
    };
    let fresh = owner.clone();
    owner.twice.get(&owner);
    assert_eq!(owner, fresh);
    assert_eq!(owner.cmp(&fresh), std::cmp::Ordering::Equal);
    assert!(!owner.clone().twice.is_computed());
}

#[test]
fn one_that_needs_itself_panics_with_its_name() {
    struct Odd {
        me: LazyProperty<u32, fn(&Odd) -> u32>,
    }
    let odd = Odd {
        me: LazyProperty::new(|odd: &Odd| *odd.me.get(odd)).named("me", ""),
    };
    let text = crate::failure::panic_of(|| *odd.me.get(&odd));
    assert_eq!(text, "a lazy value needs itself: me -> me");
}

#[test]
fn a_panic_leaves_it_empty() {
    let runs = Cell::new(0);
    let property = LazyProperty::from_fn(|(): &()| {
        runs.set(runs.get() + 1);
        assert!(runs.get() > 1, "first run");
        runs.get()
    });
    assert_eq!(crate::failure::panic_of(|| *property.get(&())), "first run");
    assert_eq!(*property.get(&()), 2);
}

mod sync {
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

    use lazy_prop::sync::LazyProperty;

    struct Shared {
        runs: AtomicU32,
        value: LazyProperty<u32, fn(&Shared) -> u32>,
    }

    static SHARED: Shared = Shared {
        runs: AtomicU32::new(0),
        value: LazyProperty::new(|shared: &Shared| shared.runs.fetch_add(1, SeqCst) + 1),
    };

    #[test]
    fn one_thread_computes() {
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(*SHARED.value.get(&SHARED), 1));
            }
        });
        assert_eq!(SHARED.runs.load(SeqCst), 1);
    }

    #[test]
    fn one_that_needs_itself_panics_instead_of_waiting() {
        struct Odd {
            me: LazyProperty<u32, fn(&Odd) -> u32>,
        }
        let odd = Odd {
            me: LazyProperty::new(|odd: &Odd| *odd.me.get(odd)),
        };
        let text = crate::failure::panic_of(|| *odd.me.get(&odd));
        assert_eq!(
            text,
            "a lazy value needs itself: LazyProperty -> LazyProperty"
        );
    }
}
