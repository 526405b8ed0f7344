//! The lines that the project promises, as they are written there.
#![allow(dead_code)]

mod section_1 {
    use lazy_prop::{LazyHost, lazy};

    #[lazy]
    #[derive(Debug, Clone, PartialEq)]
    pub struct Report {
        text: String,
    }

    #[lazy]
    impl Report {
        pub fn new(text: impl Into<String>) -> Self {
            Self { text: text.into() }
        }

        /// How many words the text has.
        #[lazy]
        pub fn words(&self) -> usize {
            self.text.split_whitespace().count()
        }

        /// The longest line.
        #[lazy]
        pub fn longest_line(&self) -> &str {
            longest(&self.text).to_owned()
        }

        /// The parsed form; a failure is not kept, the next read tries again.
        #[lazy]
        pub fn parsed(&self) -> Result<&Document, ParseError> {
            Document::parse(&self.text)
        }
    }

    #[lazy]
    pub fn settings() -> &'static Settings {
        Settings::load()
    }

    fn longest(text: &str) -> &str {
        text.lines()
            .max_by_key(|line| line.len())
            .unwrap_or_default()
    }

    #[derive(Debug, PartialEq)]
    pub struct Document(usize);

    #[derive(Debug, PartialEq)]
    pub struct ParseError;

    impl Document {
        fn parse(text: &str) -> Result<Self, ParseError> {
            if text.is_empty() {
                Err(ParseError)
            } else {
                Ok(Self(text.len()))
            }
        }
    }

    pub struct Settings {
        verbose: bool,
    }

    impl Settings {
        fn load() -> Self {
            Self { verbose: true }
        }
    }

    #[test]
    fn the_four_places() {
        let report = Report::new("a b\nccc d");
        assert_eq!((report.words(), report.longest_line()), (4, "ccc d"));
        assert_eq!(report.parsed(), Ok(&Document(9)));
        assert_eq!(Report::new("").parsed(), Err(ParseError));
        assert!(settings().verbose);
    }

    #[test]
    fn looking_inside() {
        let mut report = Report::new("a b\nccc d");
        assert_eq!(report.lazy.words.get(), None);
        assert_eq!(report.lazy.words.set(7), Ok(()));
        assert_eq!(report.lazy.words.take(), Some(7));
        report.lazy.clear();
        assert_eq!(report.lazy.is_computed("words"), Ok(false));
        assert_eq!(report.words(), 4);
        assert_eq!(report.lazy.computed().collect::<Vec<_>>(), ["words"]);
        let names = <Report as LazyHost>::PROPERTIES
            .iter()
            .map(|property| property.name());
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["words", "longest_line", "parsed"]
        );
    }
}

mod the_hidden_field {
    use lazy_prop::{Lazy, lazy};

    pub struct Point(f64, f64, Lazy<Self>);
    #[lazy(field = 2)]
    impl Point {
        #[lazy]
        pub fn norm(&self) -> f64 {
            self.0.hypot(self.1)
        }
    }

    #[test]
    fn by_hand_in_a_tuple_struct() {
        const POINT: fn() -> Point = || Point(3.0, 4.0, Lazy::new());
        assert!((POINT().norm() - 5.0).abs() < f64::EPSILON);
        assert!((Point(3.0, 4.0, Lazy::default()).norm() - 5.0).abs() < f64::EPSILON);
    }
}

mod section_2 {
    use lazy_prop::LazyProperty;

    struct Foo {
        x: u32,
        bar: LazyProperty<u32, fn(&Foo) -> u32>,
    }

    #[test]
    fn the_descriptor_without_a_macro() {
        let mut foo = Foo {
            x: 21,
            bar: LazyProperty::new(|foo: &Foo| foo.x * 2).named("bar", "Twice x."),
        };
        assert_eq!(*foo.bar.get(&foo), 42);
        assert_eq!(foo.bar.peek(), Some(&42));
        assert!(foo.bar.is_computed());
        assert_eq!((foo.bar.name(), foo.bar.doc()), ("bar", "Twice x."));
        assert_eq!(foo.bar.set(7), Err(7));
        assert_eq!(foo.bar.take(), Some(42));
        assert_eq!(foo.bar.into_inner(), None);
    }
}
