//! Type parameters, bounds and lifetimes, and what they need from the struct.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::iter::Sum;

use lazy_prop::{Lazy, lazy};

#[lazy]
struct Buffer<'a, T: Copy + Sum<T>, K, const N: usize>
where
    K: Ord + Clone,
{
    values: &'a [T; N],
    keys: Vec<K>,
}

#[lazy]
impl<'a, T: Copy + Sum<T>, K, const N: usize> Buffer<'a, T, K, N>
where
    K: Ord + Clone,
{
    fn new(values: &'a [T; N], keys: Vec<K>) -> Self {
        Self { values, keys }
    }

    #[lazy]
    fn sum(&self) -> T {
        self.values.iter().copied().sum()
    }

    #[lazy]
    fn by_key(&self) -> &BTreeMap<K, &'a T> {
        self.keys.iter().cloned().zip(self.values).collect()
    }

    #[lazy]
    fn doubled(&self) -> &[[T; N]; 2] {
        [*self.values, *self.values]
    }

    #[lazy]
    fn count(&self) -> usize {
        N
    }
}

#[test]
fn parameters_bounds_lifetimes_and_consts_work() {
    let buffer = Buffer::new(&[1, 2, 3], vec!["c", "a", "b"]);
    assert_eq!((buffer.sum(), buffer.count()), (6, 3));
    assert_eq!(buffer.by_key().iter().next(), Some((&"a", &&2)));
    assert_eq!(buffer.doubled(), &[[1, 2, 3]; 2]);
}

#[lazy]
struct Shown<T> {
    value: T,
}

#[lazy(bound = "")]
impl<T: Display> Shown<T>
where
    T: Clone,
{
    fn new(value: T) -> Self {
        Self { value }
    }

    #[lazy]
    fn text(&self) -> &str {
        self.value.to_string()
    }

    #[lazy]
    fn copies(&self) -> &[T] {
        vec![self.value.clone(); 2]
    }
}

#[test]
fn a_bound_of_the_block_alone_is_left_out_of_the_cells() {
    let shown = Shown::new(1.5);
    assert_eq!((shown.text(), shown.copies()), ("1.5", &[1.5, 1.5][..]));
    let _no_bound_is_needed: fn(Vec<u8>) -> Shown<Vec<u8>> = |value| Shown {
        value,
        lazy: Lazy::new(),
    };
}

#[lazy]
struct Items<I: Iterator + Clone> {
    iter: I,
}

#[lazy(bound = "I: Iterator + Clone")]
impl<I> Items<I>
where
    I: Iterator + Clone,
    I::Item: Debug,
{
    fn new(iter: I) -> Self {
        Self { iter }
    }

    #[lazy]
    fn first(&self) -> Option<&I::Item> {
        self.iter.clone().next()
    }

    #[lazy]
    fn shown(&self) -> &str {
        format!("{:?}", self.first())
    }
}

#[test]
fn bound_names_what_the_cells_need() {
    assert_eq!(Items::new(3..9).shown(), "Some(3)");
}

#[lazy]
struct Elided<'a, 'b> {
    one: &'a str,
    two: &'b str,
}

#[lazy]
impl Elided<'_, '_> {
    #[lazy]
    fn joined(&self) -> &str {
        [self.one, self.two].concat()
    }

    #[lazy]
    fn pairs(&self) -> &Vec<fn(Self) -> Self> {
        vec![|same| same]
    }
}

#[test]
fn elided_lifetimes_of_the_host_work() {
    let elided = Elided {
        one: "a",
        two: "b",
        lazy: Lazy::new(),
    };
    assert_eq!((elided.joined(), elided.pairs().len()), ("ab", 1));
}

#[lazy(covariant)]
struct Line<'a, T> {
    text: &'a str,
    extra: T,
}

#[lazy]
impl<'a, T> Line<'a, T> {
    fn new(text: &'a str, extra: T) -> Self {
        Self { text, extra }
    }

    #[lazy]
    fn words(&self) -> &[String] {
        self.text.split(' ').map(str::to_owned).collect()
    }
}

#[test]
fn a_covariant_host_can_be_shortened() {
    fn shorter<'s>(line: Line<'static, u8>, other: &'s str) -> [Line<'s, u8>; 2] {
        line.words();
        [line, Line::new(other, 2)]
    }
    let other = String::from("b c");
    let lines = shorter(Line::new("a", 1), &other);
    assert_eq!(
        lines
            .each_ref()
            .map(|line| line.words().len() + usize::from(line.extra)),
        [2, 4]
    );
    assert_eq!(lines[0].lazy.words.get().map(Vec::len), Some(1));
}

struct ByHand<'a> {
    text: &'a str,
    lazy: Lazy<ByHand<'static>>,
}

#[lazy]
impl ByHand<'_> {
    #[lazy]
    fn length(&self) -> usize {
        self.text.len()
    }
}

#[test]
fn covariance_by_hand() {
    fn shorter<'s>(host: ByHand<'static>, _: &'s str) -> ByHand<'s> {
        host
    }
    let local = String::new();
    assert_eq!(
        shorter(
            ByHand {
                text: "abc",
                lazy: Lazy::new()
            },
            &local
        )
        .length(),
        3
    );
}

#[lazy]
struct Tree<T> {
    value: T,
    children: Vec<Tree<T>>,
}

#[lazy]
impl<T> Tree<T> {
    #[lazy]
    fn size(&self) -> usize {
        self.children.iter().map(Tree::size).sum::<usize>() + 1
    }

    #[lazy]
    fn boxed(&self) -> Option<&Box<Self>> {
        None
    }
}

#[test]
fn a_host_can_hold_itself() {
    fn tree(value: u8, children: Vec<Tree<u8>>) -> Tree<u8> {
        Tree {
            value,
            children,
            lazy: Lazy::new(),
        }
    }
    let root = tree(0, vec![tree(1, vec![tree(2, vec![])]), tree(3, vec![])]);
    assert_eq!(
        (root.size(), root.boxed().is_none(), root.value),
        (4, true, 0)
    );
}

#[test]
fn a_host_with_an_unsized_parameter() {
    #[lazy]
    struct Tail<T: ?Sized> {
        first: u8,
        tail: Box<T>,
    }

    #[lazy]
    impl<T: ?Sized> Tail<T> {
        #[lazy]
        fn twice(&self) -> u8 {
            self.first * 2
        }
        fn new(first: u8, tail: Box<T>) -> Self {
            Self { first, tail }
        }
    }

    let tail: Tail<[u8]> = Tail::new(1, Box::new([1, 2]));
    assert_eq!((tail.twice(), tail.tail.len()), (2, 2));
}
