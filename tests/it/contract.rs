//! The contract's own lines.
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

fn longest(text: &str) -> &str {
    text.lines().max_by_key(|l| l.len()).unwrap_or("")
}
#[derive(Debug)]
pub struct Document;
#[derive(Debug)]
pub struct ParseError;
impl Document {
    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() {
            Err(ParseError)
        } else {
            Ok(Document)
        }
    }
}

pub struct Settings;
impl Settings {
    fn load() -> Self {
        Settings
    }
}

#[lazy]
pub fn settings() -> &'static Settings {
    Settings::load()
}

#[test]
fn report() {
    let mut report = Report::new("a b\nccc d");
    assert_eq!(
        format!("{report:?}"),
        "Report { text: \"a b\\nccc d\", lazy: Lazy {} }"
    );
    assert_eq!(report.lazy.words.get(), None);
    assert_eq!(report.words(), 4);
    assert_eq!(report.longest_line(), "ccc d");
    assert!(report.parsed().is_ok());
    assert_eq!(report.lazy.words.get(), Some(&4));
    assert_eq!(
        format!("{report:?}"),
        "Report { text: \"a b\\nccc d\", lazy: Lazy {words, longest_line, parsed} }"
    );
    assert_eq!(report.lazy.words.take(), Some(4));
    report.lazy.words.set(7).unwrap();
    assert_eq!(report.words(), 7);
    report.lazy.reset();
    assert_eq!(report.lazy.is_computed("words"), Ok(false));
    println!(
        "{:?} {}",
        <Report as LazyHost>::PROPERTIES,
        report.lazy.is_computed("wordz").unwrap_err()
    );
    assert!(std::ptr::eq(settings(), settings()));
}
