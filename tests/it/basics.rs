//! A property is computed when it is read, and once for each instance.

use std::cell::Cell;

use lazy_prop::{LazyHost, lazy};

#[lazy]
#[derive(Default)]
struct Host {
    runs: Cell<u32>,
    input: u32,
}

#[lazy]
impl Host {
    fn count(&self) -> u32 {
        self.runs.set(self.runs.get() + 1);
        self.runs.get()
    }

    #[lazy]
    fn value(&self) -> u32 {
        self.count();
        self.input * 2
    }

    #[lazy]
    fn nothing(&self) -> () {
        self.count();
    }

    #[lazy]
    fn none(&self) -> Option<&String> {
        self.count();
        None
    }

    #[lazy]
    fn no(&self) -> bool {
        self.count();
        false
    }

    /// Four times the input.
    ///
    /// In two paragraphs.
    #[lazy]
    fn twice(&self) -> u32 {
        self.count();
        self.value() * 2
    }
}

fn host(input: u32) -> Host {
    Host {
        input,
        ..Host::default()
    }
}

#[test]
fn computed_once() {
    let host = host(21);
    assert_eq!((host.value(), host.value()), (42, 42));
    assert_eq!(host.runs.get(), 1);
}

#[test]
fn not_computed_until_read() {
    assert_eq!(host(1).runs.get(), 0);
}

#[test]
fn a_plain_method_beside_it_is_not_kept() {
    let host = host(1);
    host.value();
    assert_eq!((host.count(), host.count()), (2, 3));
    host.value();
    assert_eq!(host.runs.get(), 3);
}

#[test]
fn computed_for_each_instance() {
    let (one, two) = (host(1), host(2));
    assert_eq!((one.value(), two.value()), (2, 4));
    assert_eq!((one.runs.get(), two.runs.get()), (1, 1));
}

#[test]
fn one_name_on_two_types_is_two_properties() {
    #[lazy]
    struct Other {}

    #[lazy]
    impl Other {
        #[lazy]
        fn value(&self) -> &str {
            "other".to_owned()
        }
        fn new() -> Self {
            Self {}
        }
    }

    assert_eq!(Other::new().value(), "other");
    assert_eq!(host(1).value(), 2);
}

#[test]
fn unit_is_kept() {
    let host = host(1);
    host.nothing();
    host.nothing();
    assert_eq!(host.runs.get(), 1);
}

#[test]
fn none_is_kept() {
    let host = host(1);
    assert_eq!((host.none(), host.none()), (None, None));
    assert_eq!(host.runs.get(), 1);
}

#[test]
fn false_is_kept() {
    let host = host(1);
    assert!(!host.no());
    assert!(!host.no());
    assert_eq!(host.runs.get(), 1);
}

#[test]
fn a_property_can_read_another() {
    let host = host(3);
    assert_eq!((host.twice(), host.value()), (12, 6));
    assert_eq!(host.runs.get(), 2);
}

#[test]
fn the_doc_comment_is_known() {
    let doc = |name| {
        let mut all = <Host as LazyHost>::PROPERTIES.iter();
        all.find(|p| p.name() == name).map(lazy_prop::Property::doc)
    };
    assert_eq!(
        doc("twice"),
        Some("Four times the input.\n\nIn two paragraphs.")
    );
    assert_eq!(doc("value"), Some(""));
}

#[test]
fn properties_are_listed_in_source_order_with_their_types() {
    let listed: Vec<_> = <Host as LazyHost>::PROPERTIES
        .iter()
        .map(|p| (p.name(), p.type_name()))
        .collect();
    let option = "core::option::Option<alloc::string::String>";
    let expected = [
        ("value", "u32"),
        ("nothing", "()"),
        ("none", option),
        ("no", "bool"),
        ("twice", "u32"),
    ];
    assert_eq!(listed, expected);
}

mod visibility {
    use lazy_prop::lazy;

    #[lazy]
    pub(super) struct Inner {}

    #[lazy]
    impl Inner {
        pub(super) fn new() -> Self {
            Self {}
        }

        #[lazy]
        pub(super) fn shown(&self) -> u8 {
            self.hidden() + 1
        }

        #[lazy]
        fn hidden(&self) -> u8 {
            1
        }
    }
}

#[test]
fn visibility_is_kept() {
    assert_eq!(visibility::Inner::new().shown(), 2);
    // That `hidden` and the field are private here is shown in ui/lazy/private_property.rs.
}

#[test]
fn cfg_takes_the_property_and_its_cell_away() {
    #[lazy]
    struct Gated {}

    #[lazy]
    impl Gated {
        fn new() -> Self {
            Self {}
        }
        #[lazy]
        #[cfg(not(test))]
        fn gone(&self) -> NoSuchType {
            no_such_function()
        }
        #[lazy]
        #[cfg(test)]
        fn here(&self) -> u8 {
            1
        }
        #[cfg(not(test))]
        #[lazy]
        fn either(&self) -> u8 {
            2
        }
        #[cfg(test)]
        #[lazy]
        fn either(&self) -> &str {
            "this one".to_owned()
        }
    }

    let gated = Gated::new();
    assert_eq!((gated.here(), gated.either()), (1, "this one"));
    let names: Vec<_> = <Gated as LazyHost>::PROPERTIES
        .iter()
        .map(|p| p.name())
        .collect();
    assert_eq!(names, ["here", "either"]);
    assert!(gated.lazy.is_computed("gone").is_err());
}

#[test]
fn raw_identifiers_are_names() {
    #[lazy]
    struct r#Match {}

    #[lazy]
    impl r#Match {
        #[lazy]
        fn r#type(&self) -> u8 {
            5
        }
    }

    let raw = r#Match {
        lazy: Default::default(),
    };
    assert_eq!(raw.r#type(), 5);
    assert_eq!(raw.lazy.is_computed("type"), Ok(true));
    assert_eq!(raw.lazy.r#type.get(), Some(&5));
}

#[test]
fn the_body_means_what_it_says() {
    #[lazy]
    struct Flow {
        input: Vec<i32>,
    }

    #[lazy]
    impl Flow {
        fn new(input: &[i32]) -> Self {
            Self {
                input: input.to_vec(),
            }
        }

        #[lazy]
        fn early(&self) -> &str {
            if self.input.is_empty() {
                return "empty".into();
            }
            'outer: loop {
                for n in &self.input {
                    if *n < 0 {
                        break 'outer;
                    }
                }
                return String::from("all positive");
            }
            fn nested() -> String {
                "some negative".to_owned()
            }
            nested()
        }

        #[lazy]
        fn first(&self) -> Option<i32> {
            let first = self.input.first()?;
            Some(first + 1)
        }

        #[lazy]
        fn sum(&self) -> Result<&[i32], std::num::TryFromIntError> {
            let mut out = vec![];
            for n in &self.input {
                out.push(i32::from(u8::try_from(*n)?));
            }
            Ok(out)
        }
    }

    assert_eq!(Flow::new(&[]).early(), "empty");
    assert_eq!(Flow::new(&[1]).early(), "all positive");
    assert_eq!(Flow::new(&[1, -1]).early(), "some negative");
    assert_eq!(
        (Flow::new(&[]).first(), Flow::new(&[3]).first()),
        (None, Some(4))
    );
    assert_eq!(Flow::new(&[1, 2]).sum(), Ok(&[1, 2][..]));
    assert!(Flow::new(&[-1]).sum().is_err());
}
