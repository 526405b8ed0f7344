//! The return-type table, row by row: what the cell keeps, and what a read gives.

use std::cell::Cell;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use lazy_prop::{Lazy, lazy};

type Text = str;
mod own {
    /// A user's own type with a name from std.
    #[derive(Debug, PartialEq)]
    pub struct Path(pub u8);
}

#[derive(Default)]
struct Rows<'h> {
    runs: Cell<u32>,
    outside: &'h str,
    lazy: Lazy<Self>,
}

#[lazy]
impl<'h> Rows<'h> {
    fn run(&self) -> u32 {
        self.runs.set(self.runs.get() + 1);
        self.runs.get()
    }

    #[lazy]
    fn copied(&self) -> u32 {
        self.run()
    }

    #[lazy(cloned)]
    fn cloned(&self) -> Rc<u32> {
        Rc::new(self.run())
    }

    #[lazy]
    fn borrowed(&self) -> &Vec<u32> {
        vec![self.run()]
    }

    #[lazy]
    fn string(&self) -> &str {
        format!("run {}", self.run())
    }

    #[lazy]
    fn slice(&self) -> &[u32] {
        vec![self.run()]
    }

    #[lazy]
    fn path(&self) -> &Path {
        PathBuf::from("/p")
    }

    #[lazy]
    fn os(&self) -> &OsStr {
        OsString::from("os")
    }

    #[lazy]
    fn c(&self) -> &CStr {
        CString::from(c"c")
    }

    #[lazy]
    fn alias(&self) -> &Text {
        "alias".to_owned()
    }

    #[lazy]
    fn own_path(&self) -> &own::Path {
        own::Path(self.run() as u8)
    }

    #[lazy(store = Box<dyn Display>)]
    fn dynamic(&self) -> &dyn Display {
        Box::new(self.run())
    }

    #[lazy(store = Arc<str>)]
    fn arc(&self) -> &str {
        "arc".into()
    }

    #[lazy(store = Box<dyn Display>)]
    fn maybe_dynamic(&self) -> Option<&dyn Display> {
        Some(Box::new(self.run()))
    }

    #[lazy]
    fn some(&self) -> Option<&u32> {
        Some(self.run())
    }

    #[lazy]
    fn some_str(&self) -> Option<&str> {
        Some(self.run().to_string())
    }

    #[lazy]
    fn on_third(&self) -> Result<&str, u32> {
        match self.run() {
            3 => Ok("third".to_owned()),
            run => Err(run),
        }
    }

    #[lazy]
    fn io(&self) -> io::Result<&[u8]> {
        match self.run() {
            1 => Err(io::ErrorKind::NotFound.into()),
            _ => Ok(vec![1]),
        }
    }

    #[lazy(store = Box<[u32]>)]
    fn boxed(&self) -> Result<&[u32], ()> {
        Ok(Box::new([self.run()]))
    }

    #[lazy]
    fn whole(&self) -> Result<&str, &str> {
        Err(format!("run {}", self.run()))
    }

    #[lazy]
    fn result_by_value(&self) -> Result<u8, u32> {
        Err(self.run())
    }

    #[lazy(cloned)]
    fn option_cloned(&self) -> Option<String> {
        Some(self.run().to_string())
    }

    #[lazy]
    fn of_the_struct(&self) -> &'h str {
        self.run();
        self.outside.trim()
    }

    #[lazy]
    fn of_the_program(&self) -> &'static str {
        self.run();
        "static"
    }

    #[lazy]
    fn option_of_the_struct(&self) -> Option<&'h str> {
        self.run();
        self.outside.lines().next()
    }

    #[lazy]
    fn words_of_the_struct(&self) -> &[&'h str] {
        self.run();
        self.outside.split(' ').collect()
    }

    #[lazy]
    fn named<'s>(&'s self) -> &'s str {
        self.run().to_string()
    }

    #[lazy]
    #[allow(clippy::needless_arbitrary_self_type)]
    fn typed(self: &Self) -> &str {
        self.run().to_string()
    }

    #[lazy]
    fn function(&self) -> fn(&str) -> usize {
        str::len
    }

    #[lazy]
    fn closure(&self) -> &Box<dyn Fn(&str) -> &str> {
        Box::new(|text| text.trim())
    }
}

/// Reads twice: the results, and how often the body ran.
macro_rules! twice {
    ($property:ident) => {{
        let rows = Box::leak(Box::new(Rows {
            outside: " a b\nc",
            ..Rows::default()
        }));
        (rows.$property(), rows.$property(), rows.runs.get())
    }};
}

#[test]
fn by_value_copies() {
    assert_eq!(twice!(copied), (1, 1, 1));
}

#[test]
fn cloned_clones() {
    let (one, two, runs) = twice!(cloned);
    assert!(Rc::ptr_eq(&one, &two));
    assert_eq!(runs, 1);
}

#[test]
fn a_reference_borrows() {
    let (one, two, _) = twice!(borrowed);
    assert!(std::ptr::eq(one, two));
}

#[test]
fn unsized_types_are_kept_in_their_owned_form() {
    assert_eq!(twice!(string), ("run 1", "run 1", 1));
    assert_eq!(twice!(slice), (&[1][..], &[1][..], 1));
    assert_eq!(twice!(path).0, Path::new("/p"));
    assert_eq!(twice!(os).0, "os");
    assert_eq!(twice!(c).0, c"c");
}

#[test]
fn the_owned_form_is_found_by_type() {
    assert_eq!(twice!(alias).0, "alias");
    assert_eq!(twice!(own_path).0, &own::Path(1));
}

#[test]
fn store_names_what_is_kept() {
    assert_eq!(twice!(dynamic).1.to_string(), "1");
    assert_eq!(twice!(arc).0, "arc");
    assert_eq!(twice!(boxed), (Ok(&[1][..]), Ok(&[1][..]), 1));
    assert_eq!(
        twice!(maybe_dynamic).1.map(ToString::to_string).as_deref(),
        Some("1")
    );
}

#[test]
fn option_of_a_reference_keeps_the_option() {
    assert_eq!(twice!(some), (Some(&1), Some(&1), 1));
    assert_eq!(twice!(some_str), (Some("1"), Some("1"), 1));
}

#[test]
fn result_of_a_reference_keeps_ok_alone() {
    let rows = Rows::default();
    assert_eq!(rows.on_third(), Err(1));
    assert_eq!(rows.on_third(), Err(2));
    assert_eq!(rows.on_third(), Ok("third"));
    assert_eq!(rows.on_third(), Ok("third"));
    assert_eq!(rows.runs.get(), 3);
}

#[test]
fn any_path_that_ends_in_result_is_one() {
    let (first, second, _) = twice!(io);
    assert_eq!(first.unwrap_err().kind(), io::ErrorKind::NotFound);
    assert_eq!(second.unwrap(), [1]);
}

#[test]
fn result_of_two_references_keeps_the_whole() {
    assert_eq!(twice!(whole), (Err("run 1"), Err("run 1"), 1));
}

#[test]
fn result_and_option_by_value_are_kept_as_they_are() {
    assert_eq!(twice!(result_by_value), (Err(1), Err(1), 1));
    assert_eq!(twice!(option_cloned).1.as_deref(), Some("1"));
}

#[test]
fn a_reference_that_is_not_of_self_is_kept_itself() {
    assert_eq!(twice!(of_the_struct), ("a b\nc", "a b\nc", 1));
    assert_eq!(twice!(of_the_program), ("static", "static", 1));
    assert_eq!(
        twice!(option_of_the_struct),
        (Some(" a b"), Some(" a b"), 1)
    );
    assert_eq!(twice!(words_of_the_struct).0, ["", "a", "b\nc"]);
}

#[test]
fn a_reference_that_is_not_of_self_outlives_the_host() {
    let text = String::from(" x ");
    let kept = Rows {
        outside: &text,
        ..Rows::default()
    }
    .of_the_struct();
    assert_eq!(kept, "x");
}

#[test]
fn the_receiver_can_be_spelled_out() {
    assert_eq!(twice!(named), ("1", "1", 1));
    assert_eq!(twice!(typed), ("1", "1", 1));
}

#[test]
fn lifetimes_of_a_function_type_are_its_own() {
    assert_eq!(twice!(function).0("four"), 4);
    assert_eq!(twice!(closure).0(" x "), "x");
}
