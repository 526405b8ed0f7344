//! Looking inside: peek, preset, clear, list.

use std::cell::Cell;

use lazy_prop::{LazyHost, lazy};

#[lazy]
#[derive(Default)]
struct Host {
    runs: Cell<u32>,
}

#[lazy]
impl Host {
    fn run(&self) -> u32 {
        self.runs.set(self.runs.get() + 1);
        self.runs.get()
    }

    #[lazy]
    fn one(&self) -> u32 {
        self.run()
    }

    #[lazy]
    fn list(&self) -> &[u32] {
        vec![self.run()]
    }

    #[lazy]
    fn fails_first(&self) -> Result<&str, u32> {
        match self.run() {
            1 => Err(1),
            run => Ok(run.to_string()),
        }
    }
}

#[test]
fn a_preset_value_is_read_and_nothing_computed() {
    let host = Host::default();
    assert_eq!(host.lazy.one.set(7), Ok(()));
    assert_eq!((host.one(), host.runs.get()), (7, 0));
}

#[test]
fn a_preset_after_the_first_read_is_refused() {
    let host = Host::default();
    host.one();
    assert_eq!(host.lazy.one.set(7), Err(7));
    assert_eq!(host.one(), 1);
}

#[test]
fn a_preset_is_of_one_instance() {
    let (preset, other) = (Host::default(), Host::default());
    preset.lazy.one.set(7).unwrap();
    assert_eq!((preset.one(), other.one()), (7, 1));
}

#[test]
fn a_preset_after_an_error_makes_it_ok() {
    let host = Host::default();
    assert_eq!(host.fails_first(), Err(1));
    host.lazy.fails_first.set("preset".to_owned()).unwrap();
    assert_eq!(host.fails_first(), Ok("preset"));
}

#[test]
fn what_was_cleared_is_computed_anew_and_kept() {
    let mut host = Host::default();
    assert_eq!(host.one(), 1);
    assert_eq!(host.lazy.one.take(), Some(1));
    assert_eq!((host.one(), host.one()), (2, 2));
}

#[test]
fn clearing_nothing_is_fine() {
    let mut host = Host::default();
    assert_eq!(host.lazy.one.take(), None);
    host.lazy.clear();
    host.lazy.clear();
    assert_eq!(host.one(), 1);
}

#[test]
fn clearing_is_of_one_instance() {
    let (mut one, two) = (Host::default(), Host::default());
    (one.one(), two.one());
    one.lazy.clear();
    assert_eq!((one.lazy.one.get(), two.lazy.one.get()), (None, Some(&1)));
}

#[test]
fn clearing_one_leaves_the_others() {
    let mut host = Host::default();
    (host.one(), host.list());
    host.lazy.one.take();
    assert_eq!(host.lazy.computed().collect::<Vec<_>>(), ["list"]);
}

#[test]
fn clear_clears_all() {
    let mut host = Host::default();
    (host.one(), host.list());
    host.lazy.clear();
    assert_eq!(host.lazy.computed().count(), 0);
}

#[test]
fn looking_does_not_compute() {
    let host = Host::default();
    assert_eq!(host.lazy.one.get(), None);
    assert_eq!(host.lazy.is_computed("one"), Ok(false));
    assert_eq!(host.runs.get(), 0);
    host.one();
    assert_eq!(host.lazy.one.get(), Some(&1));
    assert_eq!(host.lazy.is_computed("one"), Ok(true));
    assert_eq!(host.runs.get(), 1);
}

#[test]
fn a_kept_value_can_be_changed_in_place() {
    let mut host = Host::default();
    host.list();
    host.lazy.list.get_mut().unwrap().push(9);
    assert_eq!((host.list(), host.runs.get()), (&[1, 9][..], 1));
}

#[test]
fn an_unknown_name_is_an_error_that_lists_the_known() {
    let error = Host::default().lazy.is_computed("ones").unwrap_err();
    assert_eq!(error.name(), "ones");
    let text = "no lazy property is named `ones`; the properties are: `one`, `list`, `fails_first`";
    assert_eq!(error.to_string(), text);
}

#[test]
fn computed_lists_names_in_source_order() {
    let host = Host::default();
    (host.list(), host.one());
    assert_eq!(host.lazy.computed().collect::<Vec<_>>(), ["one", "list"]);
}

#[test]
fn debug_shows_what_is_computed_and_computes_nothing() {
    let host = Host::default();
    assert_eq!(format!("{:?}", host.lazy), "Lazy {}");
    (host.list(), host.one());
    assert_eq!(format!("{:?}", host.lazy), "Lazy {one, list}");
    assert_eq!(host.runs.get(), 2);
}

#[test]
fn a_description_can_be_printed() {
    let one = <Host as LazyHost>::PROPERTIES[0];
    let text =
        r#"Property { name: "one", doc: "", type_name: "u32", reads: ["runs"], cleared_by: [] }"#;
    assert_eq!(format!("{one:?}"), text);
}

#[test]
fn a_property_with_the_name_of_a_method_of_the_field_is_no_trouble() {
    #[lazy]
    struct Odd {}

    #[lazy]
    impl Odd {
        #[lazy]
        fn clear(&self) -> u8 {
            1
        }
        #[lazy]
        fn computed(&self) -> u8 {
            2
        }
        #[lazy]
        fn cells(&self) -> u8 {
            3
        }
        #[lazy]
        fn is_computed(&self) -> u8 {
            4
        }
        fn new() -> Self {
            Self {}
        }
    }

    let mut odd = Odd::new();
    assert_eq!(
        (odd.clear(), odd.computed(), odd.cells(), odd.is_computed()),
        (1, 2, 3, 4)
    );
    assert_eq!(odd.lazy.clear.get(), Some(&1));
    assert_eq!(odd.lazy.computed().count(), 4);
    odd.lazy.clear();
    assert_eq!(odd.lazy.cells.get(), None);
}

#[test]
fn properties_are_equal_when_all_that_is_known_of_them_is() {
    macro_rules! known {
        ($read:ident $(, $set:ident)?) => {{
            #[lazy]
            #[allow(dead_code)]
            struct Host {
                x: u8,
                y: u8,
            }

            #[lazy]
            #[allow(dead_code)]
            impl Host {
                /// One.
                #[lazy]
                fn one(&self) -> u8 {
                    self.$read
                }
                $(fn $set(&mut self) {
                    self.x = 0;
                })?
            }
            <Host as LazyHost>::PROPERTIES[0]
        }};
    }
    assert_eq!(known!(x, set), known!(x, set));
    assert_ne!(known!(x, set), known!(y, set));
    assert_ne!(known!(x, set), known!(x));
}

#[test]
fn looking_presetting_and_clearing_work_with_the_cells_that_threads_share() {
    #[lazy]
    #[derive(Debug, Clone, PartialEq)]
    struct Shared {
        text: String,
    }

    #[lazy(sync)]
    impl Shared {
        fn new(text: &str) -> Self {
            Self { text: text.into() }
        }
        fn set_text(&mut self, text: &str) {
            self.text = text.into();
        }
        #[lazy]
        fn words(&self) -> usize {
            self.text.split(' ').count()
        }
        #[lazy]
        fn number(&self) -> Result<&i32, std::num::ParseIntError> {
            self.text.parse()
        }
    }

    let mut shared = Shared::new("one");
    assert_eq!((shared.words(), shared.number().is_err()), (1, true));
    assert!(shared.lazy.computed().eq(["words"]));
    assert_eq!(shared.lazy.number.set(7), Ok(()));
    assert_eq!(shared.number(), Ok(&7));
    assert_eq!(shared.lazy.words.set(2), Err(2));
    assert!(format!("{shared:?}").contains("{words, number}"));
    assert_eq!(shared, shared.clone());
    assert_eq!(shared.clone().lazy.computed().count(), 0);
    assert_eq!(shared.lazy.words.take(), Some(1));
    assert_eq!(shared.lazy.number.take(), Some(7));
    assert_eq!((shared.words(), shared.number().is_err()), (1, true));
    shared.set_text("1");
    assert_eq!(shared.lazy.computed().count(), 0);
    assert_eq!((shared.words(), shared.number()), (1, Ok(&1)));
    shared.lazy.clear();
    assert_eq!(shared.lazy.computed().count(), 0);
}
