//! Derives below `#[lazy]` ignore kept values, and serde's and clap's skip the field.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use lazy_prop::lazy;

#[lazy]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
struct Text<T> {
    parts: Vec<T>,
}

#[lazy]
impl<T> Text<T> {
    #[lazy]
    fn count(&self) -> usize {
        self.parts.len()
    }

    fn of(parts: Vec<T>) -> Self {
        Self { parts }
    }
}

fn computed_and_not() -> (Text<u8>, Text<u8>) {
    let (computed, not) = (Text::of(vec![1, 2]), Text::of(vec![1, 2]));
    assert_eq!(computed.count(), 2);
    (computed, not)
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn equality_order_and_hash_ignore_what_is_computed() {
    let (computed, not) = computed_and_not();
    assert_eq!(computed, not);
    assert_eq!(computed.cmp(&not), std::cmp::Ordering::Equal);
    assert_eq!(hash_of(&computed), hash_of(&not));
    assert!(Text::of(vec![1]) < Text::of(vec![2]));
}

#[test]
#[allow(clippy::mutable_key_type)] // fires on any host; here is why it may be ignored
fn a_host_can_be_a_key_across_its_first_read() {
    let (computed, not) = computed_and_not();
    let set = HashSet::from([not]);
    set.iter().for_each(|key| assert_eq!(key.count(), 2));
    assert!(set.contains(&computed));
}

#[test]
fn a_clone_has_computed_nothing() {
    let (computed, not) = computed_and_not();
    assert_eq!(computed.clone().lazy.count.get(), None);
    assert_eq!(not.clone().lazy.count.get(), None);
    assert_eq!(computed.lazy.count.get(), Some(&2));
}

#[test]
fn a_changed_clone_is_not_stale() {
    let (computed, _) = computed_and_not();
    let mut clone = computed.clone();
    clone.parts.push(3);
    assert_eq!(clone.count(), 3);
}

#[test]
fn the_default_has_computed_nothing_and_asks_nothing_of_the_value() {
    struct NoDefault;

    #[lazy]
    #[derive(Default)]
    struct Host {}

    #[lazy]
    impl Host {
        #[lazy]
        fn value(&self) -> &NoDefault {
            NoDefault
        }
    }

    let host = Host::default();
    assert!(host.lazy.value.get().is_none());
    let NoDefault = host.value();
}

#[test]
fn derives_ask_nothing_of_the_values() {
    struct Bare;

    #[lazy]
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
    struct Host {
        id: u8,
    }

    #[lazy]
    impl Host {
        #[lazy]
        fn value(&self) -> &Bare {
            Bare
        }
    }

    let host = Host::default();
    host.value();
    assert_eq!(
        format!("{:?}", host.clone()),
        "Host { id: 0, lazy: Lazy {} }"
    );
    assert_eq!(format!("{host:?}"), "Host { id: 0, lazy: Lazy {value} }");
}

mod serde_derives {
    use lazy_prop::{Lazy, lazy};
    use serde::{Deserialize, Serialize};

    #[lazy]
    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    struct Report {
        text: String,
    }

    #[lazy]
    impl Report {
        #[lazy]
        fn words(&self) -> usize {
            self.text.split(' ').count()
        }
    }

    #[test]
    fn a_round_trip_leaves_the_cache_behind() {
        let report: Report = serde_json::from_str(r#"{"text":"a b"}"#).unwrap();
        assert_eq!(report.words(), 2);
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(json, r#"{"text":"a b"}"#);
        let again: Report = serde_json::from_str(&json).unwrap();
        assert_eq!(again, report);
        assert_eq!(again.lazy.words.get(), None);
    }

    #[lazy]
    #[cfg_attr(all(), derive(serde::Serialize), serde(rename_all = "UPPERCASE"))]
    #[cfg_attr(any(), derive(NoSuchDerive))]
    struct Conditional {
        text: String,
    }

    #[lazy]
    impl Conditional {
        #[lazy]
        fn words(&self) -> usize {
            self.text.split(' ').count()
        }
        fn new(text: &str) -> Self {
            Self { text: text.into() }
        }
    }

    #[test]
    fn a_derive_under_a_condition_is_seen() {
        let host = Conditional::new("a");
        assert_eq!(
            (host.words(), serde_json::to_string(&host).unwrap()),
            (1, r#"{"TEXT":"a"}"#.into())
        );
    }

    #[lazy]
    #[derive(Serialize, Deserialize)]
    struct Pair(u8, u8, Lazy<Self>);

    #[lazy(field = 2)]
    impl Pair {
        #[lazy]
        fn sum(&self) -> u8 {
            self.0 + self.1
        }
    }

    #[test]
    fn a_field_by_hand_is_skipped_below_the_attribute() {
        let pair: Pair = serde_json::from_str("[1,2]").unwrap();
        assert_eq!(
            (pair.sum(), serde_json::to_string(&pair).unwrap()),
            (3, "[1,2]".into())
        );
    }
}

mod clap_derives {
    use clap::{Args, Parser};
    use lazy_prop::lazy;

    #[lazy]
    #[derive(Parser, Debug)]
    struct Cli {
        #[arg(long)]
        name: String,
        #[command(flatten)]
        more: More,
    }

    #[lazy]
    #[derive(Args, Debug)]
    struct More {
        #[arg(long)]
        times: usize,
    }

    #[lazy]
    impl Cli {
        #[lazy]
        fn greeting(&self) -> &str {
            format!("hello {}", self.name).repeat(self.more.clamped())
        }
    }

    #[lazy]
    impl More {
        #[lazy]
        fn clamped(&self) -> usize {
            self.times.min(2)
        }
    }

    #[test]
    fn a_parser_skips_the_field() {
        let cli = Cli::try_parse_from(["app", "--name", "you", "--times", "9"]).unwrap();
        assert_eq!(cli.greeting(), "hello youhello you");
        assert!(Cli::try_parse_from(["app", "--lazy", "1"]).is_err());
    }
}
