//! A body reads a property, changes what it reads and reads it again: each read is fresh, and what
//! doesn't depend on the change stays kept.
#![allow(clippy::all, clippy::pedantic, dead_code)]

use std::cell::RefCell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lazy_prop::lazy;

thread_local! {
    /// The bodies that ran, in their order.
    static RAN: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn ran(name: &'static str) {
    RAN.with_borrow_mut(|ran| ran.push(name));
}

fn runs(of: &str) -> usize {
    RAN.with_borrow(|ran| ran.iter().filter(|name| **name == of).count())
}

/// Stands for log's macros: the target may be named, the format string comes next.
mod log {
    macro_rules! debug {
        (target: $target:expr, $($arg:tt)+) => { std::hint::black_box(($target, format!($($arg)+))) };
        ($($arg:tt)+) => { std::hint::black_box(format!($($arg)+)) };
    }
    pub(super) use debug;
}

#[lazy]
#[derive(Clone, Debug, Default)]
struct Cart {
    items: Vec<u32>,
    notes: Vec<String>,
    limit: u32,
}

#[lazy]
impl Cart {
    fn new() -> Self {
        Self {
            items: vec![5, 3, 2],
            notes: vec!["a".into()],
            limit: 6,
        }
    }

    #[lazy]
    fn total(&self) -> u32 {
        ran("total");
        self.items.iter().sum()
    }

    #[lazy]
    fn noted(&self) -> usize {
        ran("noted");
        self.notes.iter().map(String::len).sum()
    }

    #[lazy]
    fn label(&self) -> &str {
        ran("label");
        format!("{} of {}", self.total(), self.limit)
    }

    fn trim(&mut self, limit: u32) {
        while self.total() > limit {
            self.items.pop();
        }
    }

    fn add(&mut self, n: u32) -> u32 {
        let before = self.total();
        self.items.push(n);
        self.total() - before
    }

    fn both(&mut self) -> [String; 2] {
        self.limit += 1;
        let first = self.label().to_owned();
        self.limit += 1;
        [first, self.label().to_owned()]
    }

    fn lend(&mut self) -> &mut Vec<u32> {
        self.total();
        &mut self.items
    }

    fn lend_last(&mut self) -> Option<&mut u32> {
        if self.total() == 0 {
            return None;
        }
        self.items.last_mut()
    }

    fn logged(&mut self) -> String {
        log::debug!("was {}", self.limit);
        self.limit += 1;
        log::debug!(target: "cart", "is {} {}", self.limit, self.label());
        self.limit += 1;
        log::debug!("is {self:?}");
        self.label().to_owned()
    }

    fn until_done(&mut self) {
        while self.step() {}
    }

    fn counted(&mut self) -> u32 {
        let mut steps = 0;
        while self.total() > 0 && self.step() {
            steps += self.total();
        }
        steps
    }

    fn written(&mut self) -> u32 {
        use fmt::Write as _;
        let mut seen = 0;
        for n in 0..3 {
            write!(self, "{n}").unwrap();
            seen += self.total();
            writeln!(self, "{}", self.noted()).unwrap();
        }
        seen
    }

    fn added(&mut self) -> Vec<u32> {
        let mut seen = vec![];
        for _ in 0..3 {
            *self += 1;
            seen.push(self.total());
        }
        seen
    }

    fn replaced(&mut self) -> [u32; 3] {
        let first = self.total();
        *self = Self {
            items: vec![1],
            notes: vec![],
            limit: 0,
        };
        let second = self.total();
        *self = Self::default();
        [first, second, self.total()]
    }

    fn shown(&mut self) -> [String; 2] {
        let before = self.to_string();
        self.limit += 1;
        [before, self.to_string()]
    }

    fn in_branches(&mut self, n: u32) -> u32 {
        if self.total() > n {
            self.items.clear();
        } else if self.total() == n {
            self.items.push(n);
        }
        match self.total() {
            0 => self.items.push(n),
            total if total > n => self.items.truncate(1),
            _ => {}
        }
        self.total()
    }

    fn loops(&mut self) -> Vec<u32> {
        let mut seen = Vec::new();
        for n in 0..self.total() / 3 {
            self.items.push(n);
            seen.push(self.total());
            if self.total() > 12 {
                break;
            }
            self.items[0] += 1;
            seen.push(self.total());
        }
        seen
    }

    fn last_of_loop(&mut self) -> u32 {
        let all = loop {
            let total = self.total();
            if total % 7 == 0 {
                break total;
            }
            self.items.push(1);
        };
        self.items.clear();
        all + self.total()
    }

    fn labelled(&mut self, n: u32) -> u32 {
        let found = 'found: {
            if self.total() > n {
                self.items.remove(0);
                break 'found self.total();
            }
            self.items.push(n);
            0
        };
        found + self.total()
    }

    fn chained_lets(&mut self) -> u32 {
        if let Some(last) = self.items.last_mut()
            && *last < 10
            && {
                *last += 1;
                true
            }
            && let 0..30 = self.total()
        {
            self.items.push(7);
        }
        self.total()
    }

    fn while_lets(&mut self) -> u32 {
        let mut sum = self.total();
        while let Some(item) = self.items.pop() {
            sum = sum * 2 + self.total() + item;
        }
        sum
    }

    fn let_else(&mut self) -> Option<u32> {
        let before = self.total();
        let Some(item) = self.items.pop() else {
            return Some(self.total());
        };
        self.items.push(item + self.total());
        let [first, ..] = &mut self.items[..] else {
            return None;
        };
        *first += 1;
        (self.total() != before).then(|| self.total())
    }

    fn tried(&mut self, text: &str) -> Result<u32, std::num::ParseIntError> {
        let before = self.total();
        self.items.clear();
        self.items.push(text.parse()?);
        Ok(self.total() - before)
    }

    fn panics(&mut self) {
        let before = self.total();
        self.items.clear();
        assert_eq!(before, self.total(), "{}", self.label());
    }

    fn caught(&mut self) -> u32 {
        self.total();
        let caught = catch_unwind(AssertUnwindSafe(|| {
            self.items.push(100);
            self.total();
            self.items.push(u32::from(self.total() == 110));
            self.items[99] = 3;
        }));
        assert!(caught.is_err());
        self.total()
    }

    fn unrelated(&mut self) -> (u32, usize) {
        let total = self.total();
        self.notes.push("more".into());
        (total + self.total(), self.noted())
    }

    fn not_taken(&mut self, really: bool) -> u32 {
        if really {
            self.items.clear();
        }
        self.total()
    }
}

impl Cart {
    fn step(&mut self) -> bool {
        self.total();
        self.items.pop().is_some()
    }
}

impl fmt::Display for Cart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

impl fmt::Write for Cart {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.total();
        self.noted();
        self.notes.push(text.to_owned());
        self.items.push(1);
        Ok(())
    }
}

impl std::ops::AddAssign<u32> for Cart {
    fn add_assign(&mut self, n: u32) {
        self.total();
        self.items.push(n);
    }
}

/// A cart with all kept, and nothing counted yet.
fn kept() -> Cart {
    let cart = Cart::new();
    (cart.total(), cart.noted(), cart.label());
    RAN.take();
    cart
}

#[track_caller]
fn is_right(cart: &Cart) {
    let fresh = cart.clone();
    assert_eq!(
        (cart.total(), cart.noted(), cart.label()),
        (fresh.total(), fresh.noted(), fresh.label())
    );
}

/// What the method answers is right, and leaves nothing stale, whether all was kept or nothing.
#[track_caller]
fn gives<R: PartialEq + fmt::Debug>(answer: R, method: impl Fn(&mut Cart) -> R) {
    for mut cart in [kept(), Cart::new()] {
        assert_eq!(method(&mut cart), answer);
        is_right(&cart);
    }
}

#[test]
fn a_loop_reads_what_it_changes() {
    gives((), |cart| cart.trim(6));
    let mut cart = kept();
    cart.trim(6);
    assert_eq!((cart.items.len(), runs("total"), runs("noted")), (1, 2, 0));
}

#[test]
fn a_read_before_and_one_behind_the_change() {
    gives(4, |cart| cart.add(4));
    let mut cart = kept();
    cart.add(4);
    assert_eq!((runs("total"), runs("label"), runs("noted")), (1, 0, 0));
}

#[test]
fn a_read_behind_each_of_two_changes() {
    gives(["10 of 7".to_owned(), "10 of 8".to_owned()], Cart::both);
    let mut cart = kept();
    cart.both();
    assert_eq!((runs("label"), runs("total")), (2, 0));
}

#[test]
fn a_field_is_lent_behind_a_read() {
    gives((), |cart| cart.lend().push(9));
    gives(Some(3), |cart| {
        cart.lend_last().map(|last| {
            *last += 1;
            *last
        })
    });
}

#[test]
fn logging_between_changes_only_looks() {
    gives("10 of 8".to_owned(), Cart::logged);
    let mut cart = kept();
    cart.logged();
    assert_eq!((runs("label"), runs("total"), runs("noted")), (2, 0, 0));
}

#[test]
fn methods_and_traits_of_other_blocks_may_change_anything() {
    gives((), Cart::until_done);
    gives(8 + 5 + 0, Cart::counted);
    gives(11 + 14 + 17, Cart::written);
    gives(vec![11, 12, 13], Cart::added);
    gives(["10 of 6".to_owned(), "10 of 7".to_owned()], Cart::shown);
}

#[test]
fn the_host_is_replaced_between_reads() {
    gives([10, 1, 0], Cart::replaced);
}

#[test]
fn branches_and_loops() {
    gives(4, |cart| cart.in_branches(4));
    gives(9, |cart| cart.in_branches(9));
    gives(5, |cart| cart.in_branches(10));
    gives(vec![10, 11, 12, 13, 15], Cart::loops);
    gives(14, Cart::last_of_loop);
    gives(10, |cart| cart.labelled(1));
    gives(30, |cart| cart.labelled(20));
    gives(18, Cart::chained_lets);
    gives(((10 * 2 + 8 + 2) * 2 + 5 + 3) * 2 + 5, Cart::while_lets);
    gives(Some(19), Cart::let_else);
}

#[test]
fn a_change_that_is_left_early_or_panics() {
    gives(true, |cart| cart.tried("x").is_err());
    gives(Ok(5), |cart| cart.tried("15"));
    gives(true, |cart| {
        catch_unwind(AssertUnwindSafe(|| cart.panics())).is_err()
    });
    gives(111, Cart::caught);
}

#[test]
fn what_the_change_does_not_concern_stays_kept() {
    let mut cart = kept();
    assert_eq!(cart.unrelated(), (20, 5));
    assert_eq!((runs("total"), runs("noted"), runs("label")), (0, 1, 0));
    let mut cart = kept();
    assert_eq!(cart.not_taken(false), 10);
    assert_eq!(runs("total"), 0);
    assert_eq!(cart.not_taken(true), 0);
    assert_eq!(runs("total"), 1);
}
