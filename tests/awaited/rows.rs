//! Each row of the table of return types, awaited.

use std::cell::Cell;
use std::error::Error;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use lazy_prop::{LazyHost, lazy};
use smol::block_on;

use super::pause;

type Failure = Box<dyn Error + Send + Sync>;

#[lazy]
#[derive(Default, Debug, Clone, PartialEq)]
struct Page {
    runs: Cell<u32>,
    text: String,
}

#[lazy]
impl Page {
    fn new(text: &str) -> Self {
        Self {
            runs: Cell::new(0),
            text: text.into(),
        }
    }

    async fn run(&self) -> u32 {
        pause().await;
        self.runs.set(self.runs.get() + 1);
        self.runs.get()
    }

    /// How many words there are.
    #[lazy]
    async fn words(&self) -> usize {
        self.run().await;
        self.text.split(' ').count()
    }

    #[lazy(cloned)]
    async fn shared(&self) -> Rc<str> {
        self.run().await;
        self.text.as_str().into()
    }

    #[lazy]
    async fn list(&self) -> &Vec<String> {
        self.run().await;
        self.text.split(' ').map(str::to_owned).collect()
    }

    #[lazy]
    async fn upper(&self) -> &str {
        self.run().await;
        self.text.to_uppercase()
    }

    #[lazy]
    async fn path(&self) -> &Path {
        self.run().await;
        PathBuf::from(&self.text)
    }

    #[lazy(store = Box<dyn Display>)]
    async fn display(&self) -> &dyn Display {
        if self.run().await > 1000 {
            return Box::new(1);
        }
        Box::new(self.text.clone())
    }

    #[lazy]
    async fn first(&self) -> Option<&str> {
        self.run().await;
        Some(self.text.split_once(' ')?.0.to_owned())
    }

    /// Fails the first time.
    #[lazy]
    async fn number(&self) -> Result<&u32, Failure> {
        if self.run().await == 1 {
            Err("not yet")?;
        }
        Ok(self.text.parse()?)
    }

    #[lazy]
    async fn kept_failure(&self) -> Result<&u32, &str> {
        self.run().await;
        self.text.parse().map_err(|_| String::from("no number"))
    }

    #[lazy]
    async fn by_value(&self) -> Option<usize> {
        self.run().await;
        self.text.find(' ')
    }

    #[lazy]
    async fn all(&self) -> usize {
        self.words().await + self.list().await.len()
    }

    fn push(&mut self, word: &str) {
        self.text.push(' ');
        self.text.push_str(word);
    }

    async fn push_later(&mut self, word: &str) {
        pause().await;
        self.text.push_str(word);
    }
}

/// What two reads give, which run the body once.
macro_rules! twice {
    ($page:expr, $name:ident) => {{
        let page = $page;
        block_on(async {
            let _ = page.$name().await;
            let read = page.$name().await;
            assert_eq!(page.runs.get(), 1, stringify!($name));
            format!("{:?}", read)
        })
    }};
}

#[test]
fn each_row_is_computed_once() {
    assert_eq!(twice!(Page::new("a b"), words), "2");
    assert_eq!(twice!(Page::new("a b"), shared), "\"a b\"");
    assert_eq!(twice!(Page::new("a b"), list), "[\"a\", \"b\"]");
    assert_eq!(twice!(Page::new("a b"), upper), "\"A B\"");
    assert_eq!(twice!(Page::new("a b"), path), "\"a b\"");
    assert_eq!(twice!(Page::new("a b"), first), "Some(\"a\")");
    assert_eq!(twice!(Page::new("a"), first), "None");
    assert_eq!(twice!(Page::new("7"), kept_failure), "Ok(7)");
    assert_eq!(twice!(Page::new("a"), kept_failure), "Err(\"no number\")");
    assert_eq!(twice!(Page::new("a b"), by_value), "Some(1)");
    block_on(async {
        let page = Page::new("a");
        assert_eq!(page.display().await.to_string(), "a");
        assert_eq!(page.display().await.to_string(), "a");
        assert_eq!(page.runs.get(), 1);
    });
}

#[test]
fn an_error_is_not_kept() {
    block_on(async {
        let page = Page::new("7");
        assert_eq!(page.number().await.unwrap_err().to_string(), "not yet");
        assert_eq!(page.number().await.unwrap(), &7);
        assert_eq!(page.number().await.unwrap(), &7);
        assert_eq!(page.runs.get(), 2);
        let page = Page::new("x");
        for _ in 0..2 {
            page.number().await.unwrap_err();
        }
        assert_eq!(page.lazy.number.get(), None);
    });
}

#[test]
fn nothing_is_computed_before_the_future_is_polled() {
    let page = Page::new("a");
    drop(page.words());
    assert_eq!(page.runs.get(), 0);
    assert_eq!(page.lazy.is_computed("words"), Ok(false));
}

#[test]
fn methods_that_change_the_host_clear_what_was_awaited() {
    block_on(async {
        let mut page = Page::new("a b");
        assert_eq!(page.all().await, 4);
        page.push("c");
        assert!(page.lazy.computed().next().is_none());
        assert_eq!(page.all().await, 6);
        page.push_later("c").await;
        assert_eq!(page.upper().await, "A B CC");
    });
}

#[test]
fn the_hidden_field_is_as_ever() {
    block_on(async {
        let mut page = Page::new("a b");
        page.words().await;
        assert_eq!(
            format!("{page:?}"),
            "Page { runs: Cell { value: 1 }, text: \"a b\", lazy: Lazy {words} }"
        );
        assert_eq!(page.clone().lazy.words.get(), None);
        assert_eq!(page.lazy.words.take(), Some(2));
        page.lazy.words.set(7).await.unwrap();
        assert_eq!(page.words().await, 7);
        let words = <Page as LazyHost>::PROPERTIES[0];
        assert_eq!(
            (words.name(), words.doc()),
            ("words", "How many words there are.")
        );
        assert_eq!(words.reads(), ["runs", "text"]);
    });
}

#[test]
fn an_async_function_has_one_value_for_the_whole_program() {
    #[lazy]
    async fn settings() -> &'static str {
        pause().await;
        String::from("read")
    }

    #[lazy]
    async fn port() -> Result<&'static u16, std::num::ParseIntError> {
        settings().await.parse()
    }

    #[lazy(cloned)]
    async fn handle() -> Arc<str> {
        settings().await.into()
    }

    assert_eq!(block_on(settings()), "read");
    assert!(std::ptr::eq(block_on(settings()), block_on(settings())));
    assert!(block_on(port()).is_err());
    assert_eq!(&*block_on(handle()), "read");
}

#[test]
fn a_trait_and_generics_have_async_properties() {
    trait Source {
        async fn length(&self) -> usize;
    }

    #[lazy]
    struct Of<T> {
        of: T,
    }

    #[lazy(sync, bound = "")]
    impl<T: AsRef<str>> Source for Of<T> {
        #[lazy]
        async fn length(&self) -> usize {
            pause().await;
            self.of.as_ref().len()
        }
    }

    #[lazy]
    struct Lent<'a, const N: usize> {
        from: &'a [u8; N],
    }

    #[lazy]
    impl<'a, const N: usize> Lent<'a, N> {
        fn new(from: &'a [u8; N]) -> Self {
            Self { from }
        }

        #[lazy]
        async fn largest(&self) -> Option<&'a u8> {
            pause().await;
            self.from.iter().max()
        }

        #[lazy]
        async fn itself(&self) -> &[u8] {
            pause().await;
            self.from.to_vec()
        }
    }

    let of = Of {
        of: "four",
        lazy: Default::default(),
    };
    assert_eq!(block_on(of.length()), 4);
    let bytes = [1, 3, 2];
    assert_eq!(block_on(Lent::new(&bytes).largest()), Some(&3));
    assert_eq!(block_on(Lent::new(&bytes).itself()), [1, 3, 2]);
}

#[test]
fn a_value_is_changed_in_place() {
    #[lazy]
    struct Pages {
        of: &'static str,
    }

    #[lazy(sync)]
    impl Pages {
        #[lazy(mut)]
        async fn all(&self) -> &[String] {
            pause().await;
            self.of.split(' ').map(String::from).collect()
        }

        #[lazy(mut)]
        async fn number(&self) -> Result<&u32, std::num::ParseIntError> {
            pause().await;
            self.of.parse()
        }

        #[lazy]
        async fn count(&self) -> usize {
            self.all().await.len()
        }
    }

    let mut pages = Pages {
        of: "one two",
        lazy: Default::default(),
    };
    block_on(async {
        assert_eq!(pages.count().await, 2);
        pages.all_mut().await.push("three".into());
        assert_eq!(pages.count().await, 3);
        assert!(pages.number_mut().await.is_err());
    });
    fn is_send<T: Send>(_: T) {}
    is_send(pages.all_mut());
}
