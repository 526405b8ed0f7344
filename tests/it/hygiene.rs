//! Expansions in hostile surroundings: without the prelude, and among items of the user that have the
//! names that generated code uses.

mod without_a_prelude {
    #![no_implicit_prelude]

    use ::lazy_prop::lazy;

    #[lazy]
    #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::default::Default)]
    pub(super) struct Host<'h, T> {
        pub(super) text: ::std::string::String,
        pub(super) more: ::core::option::Option<&'h T>,
    }

    #[lazy]
    impl<'h, T> Host<'h, T> {
        pub(super) fn new(text: &str) -> Self {
            Self {
                text: ::std::borrow::ToOwned::to_owned(text),
                more: ::core::option::Option::None,
            }
        }

        /// Documented.
        #[lazy]
        pub(super) fn copied(&self) -> usize {
            self.text.len()
        }

        #[lazy(cloned)]
        pub(super) fn cloned(&self) -> ::std::string::String {
            ::core::clone::Clone::clone(&self.text)
        }

        #[lazy]
        pub(super) fn text(&self) -> &str {
            ::std::borrow::ToOwned::to_owned(self.text.trim())
        }

        #[lazy(store = ::std::boxed::Box<str>)]
        pub(super) fn stored(&self) -> &str {
            ::std::convert::From::from(self.text.trim())
        }

        #[lazy]
        pub(super) fn option(&self) -> ::core::option::Option<&str> {
            ::core::option::Option::None
        }

        #[lazy]
        pub(super) fn result(&self) -> ::core::result::Result<&str, ()> {
            ::core::result::Result::Err(())
        }

        #[lazy]
        pub(super) fn whole(&self) -> ::core::result::Result<&str, &str> {
            ::core::result::Result::Err(::std::borrow::ToOwned::to_owned(self.text.trim()))
        }

        #[lazy]
        pub(super) fn kept(&self) -> ::core::option::Option<&'h T> {
            self.more
        }
    }

    #[lazy(sync)]
    impl Synced {
        pub(super) const fn new() -> Self {
            Self {}
        }
        #[lazy]
        pub(super) fn copied(&self) -> u8 {
            1
        }
        #[lazy]
        pub(super) fn program() -> &'static str {
            ::std::borrow::ToOwned::to_owned("program")
        }
    }

    #[lazy]
    pub(super) struct Synced {}

    #[lazy]
    pub(super) fn function() -> &'static str {
        ::std::borrow::ToOwned::to_owned("function")
    }
}

#[test]
fn nothing_is_taken_from_the_prelude() {
    let host = without_a_prelude::Host::<u8>::new(" a ");
    assert_eq!(
        (
            host.copied(),
            host.cloned().len(),
            host.text(),
            host.stored()
        ),
        (3, 3, "a", "a")
    );
    assert_eq!(
        (host.option(), host.result(), host.whole()),
        (None, Err(()), Err("a"))
    );
    assert_eq!(host.kept(), None);
    assert_eq!(without_a_prelude::Synced::new().copied(), 1);
    assert_eq!(without_a_prelude::Synced::program(), "program");
    assert_eq!(without_a_prelude::function(), "function");
}

/// Every name that generated code might use means something else here.
#[allow(dead_code, unused_macros, non_camel_case_types, non_upper_case_globals)]
mod with_the_same_names {
    mod core {}
    mod std {}
    mod alloc {}
    mod once_cell {}
    mod lazy_prop {}
    mod __private {}

    pub(super) struct Option<T>(T);
    pub(super) enum Result<T> {
        Neither(T),
    }
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    struct OnceCell;
    struct Lazy;
    struct LazyHost;
    struct Property;
    struct PhantomData;
    struct Cells;
    struct Cell;
    struct String;
    struct Vec;
    struct Box;
    struct Self_;
    struct str;
    struct bool;
    struct usize;
    pub(super) struct u8(pub(super) ::core::primitive::u8);
    trait Copy {}
    trait Clone {}
    trait Sized {}
    trait Fn {}
    trait FnOnce {}
    trait Deref {}
    trait Lend {}
    trait Default {}
    macro_rules! concat {
        () => {};
    }
    macro_rules! vec {
        () => {};
    }
    macro_rules! panic {
        () => {};
    }
    macro_rules! unimplemented {
        () => {};
    }
    const cells: () = ();
    const name: () = ();
    const body: () = ();
    const lend: () = ();
    const cell: () = ();
    const copied: () = ();
    const this: () = ();
    const get: () = ();

    use ::lazy_prop::lazy;

    #[lazy]
    pub(super) struct Host {}

    #[lazy]
    impl Host {
        pub(super) fn new() -> Self {
            Self {}
        }

        /// Documented.
        #[lazy]
        pub(super) fn cells(&self) -> &u8 {
            u8(1)
        }

        #[lazy]
        pub(super) fn name(&self) -> &'static ::core::primitive::str {
            "name"
        }

        #[lazy]
        pub(super) fn copied(&self) -> ::core::primitive::u8 {
            self.cells().0
        }

        // A user's own `Option` and `Result` of references count as such.
        #[lazy]
        pub(super) fn own(&self) -> &Option<Result<u8>> {
            Option(Result::Neither(u8(1)))
        }

        #[lazy]
        pub(super) fn lazy(&self) -> ::core::primitive::bool {
            true
        }

        #[lazy]
        pub(super) fn program() -> &'static u8 {
            u8(2)
        }
    }

    #[lazy]
    pub(super) fn function() -> &'static u8 {
        u8(3)
    }
}

#[test]
fn the_user_s_own_names_are_never_used() {
    let host = with_the_same_names::Host::new();
    assert_eq!(
        (host.cells().0, host.name(), host.copied(), host.lazy()),
        (1, "name", 1, true)
    );
    host.own();
    assert_eq!(with_the_same_names::Host::program().0, 2);
    assert_eq!(with_the_same_names::function().0, 3);
}

mod with_names_of_locals {
    use lazy_prop::lazy;

    #[lazy]
    pub(super) struct Host {
        pub(super) value: u8,
    }

    #[lazy]
    impl Host {
        pub(super) fn new() -> Self {
            Self { value: 1 }
        }

        /// Locals of the body that have names that generated code might use.
        #[lazy]
        pub(super) fn sum(&self) -> u8 {
            let (cells, cell, name, body, value, runtime) = (1, 2, 3, 4, 5, 6);
            cells + cell + name + body + value + runtime + self.value
        }
    }
}

#[test]
fn locals_of_the_body_are_its_own() {
    assert_eq!(with_names_of_locals::Host::new().sum(), 22);
}

/// The crate `lints` compiles with every lint an error; here it runs.
#[test]
#[allow(deprecated)]
fn the_crate_with_every_lint_works() {
    use lazy_prop::LazyProperty;
    use lints::Shape;

    static PLAIN: lints::Plain = lints::Plain::new();

    let host = lints::Host::<u8, 2>::new("12");
    assert_eq!(
        (host.copied(), &*host.cloned(), host.text()),
        (4, "12", "12")
    );
    assert_eq!((host.shown().to_string(), host.first()), ("2".into(), None));
    assert_eq!(
        (host.number(), host.whole(), host.word()),
        (Ok(&12), Ok(&12), Some("12"))
    );
    assert_eq!(
        (host.fixed(), host.title(), host.doubled()),
        ("fixed", "12 2", &[][..])
    );
    assert_eq!(
        (lints::Plain::program(), lints::function()),
        ("program", &[1][..])
    );
    assert!(format!("{PLAIN:?}").contains("Lazy {}"));
    let bare = lints::Bare {
        x: 1,
        twice: LazyProperty::new(|bare: &lints::Bare| bare.x * 2),
    };
    assert_eq!(*bare.twice.get(&bare), 2);
}
