//! Inside the block, literals and patterns of the host need not name the hidden field.

use lazy_prop::{Lazy, lazy};

#[lazy]
#[derive(Debug, Clone, PartialEq)]
struct Pair<T> {
    a: T,
    b: T,
}

#[lazy(bound = "")]
impl<T: Clone> Pair<T> {
    const fn new(a: T, b: T) -> Self {
        Self { a, b }
    }

    fn by_name(a: T, b: T) -> Pair<T> {
        Pair { a, b }
    }

    fn with_arguments(a: T, b: T) -> Self {
        Pair::<T> { a, b }
    }

    fn trailing_comma(a: T) -> Self {
        #[rustfmt::skip]
        let this = Self { b: a.clone(), a, };
        this
    }

    fn updated(self, a: T) -> Self {
        Self { a, ..self }
    }

    fn named(a: T, b: T) -> Self {
        Self {
            a,
            b,
            lazy: Lazy::new(),
        }
    }

    fn nested(a: T) -> Pair<Pair<T>> {
        Pair {
            a: Pair {
                a: a.clone(),
                b: a.clone(),
            },
            b: Self { a: a.clone(), b: a },
        }
    }

    fn in_a_closure(a: T) -> Self {
        (|| Some(Self { a: a.clone(), b: a }))().unwrap()
    }

    fn in_a_nested_function(a: T) -> Self {
        fn make<U>(a: U, b: U) -> Pair<U> {
            Pair { a, b }
        }
        make(a.clone(), a)
    }

    fn into_parts(self) -> (T, T) {
        let Self { a, b } = self;
        (a, b)
    }

    fn first(&self) -> &T {
        match self {
            Pair { a, b: _ } => a,
        }
    }

    fn open(&self) -> &T {
        let Self { b, .. } = self;
        b
    }

    fn in_a_parameter(Self { a, .. }: &Self, Pair { b, a: _ }: &Self) -> (T, T) {
        (a.clone(), b.clone())
    }

    fn hidden_name(&self) -> u8 {
        #[derive(Clone)]
        struct Pair {
            only: u8,
        }
        struct Other {
            b: u8,
        }
        impl Other {
            fn new() -> Self {
                Self { b: 1 }
            }
        }
        let Pair { only } = Pair { only: 1 };
        only + Other::new().b
    }

    #[lazy]
    fn swapped(&self) -> &Box<Self> {
        Box::new(Self {
            a: self.b.clone(),
            b: self.a.clone(),
        })
    }
}

#[lazy(sync)]
impl<T> Synced<T> {
    const fn new(value: T) -> Self {
        Self { value }
    }
    #[lazy]
    fn kept(&self) -> usize {
        size_of_val(&self.value)
    }
}

#[lazy]
struct Synced<T> {
    value: T,
}

static SYNCED: Synced<u32> = Synced::new(1);

#[test]
fn const_fn_constructors_and_statics_work() {
    assert_eq!(SYNCED.kept(), 4);
    assert_eq!(SYNCED.value, 1);
}

#[test]
fn literals_in_every_place_are_completed() {
    let pair = Pair::new(1, 2);
    assert_eq!(pair, Pair::by_name(1, 2));
    assert_eq!(pair, Pair::with_arguments(1, 2));
    assert_eq!(pair, Pair::named(1, 2));
    assert_eq!(Pair::trailing_comma(1), Pair::in_a_closure(1));
    assert_eq!(Pair::in_a_nested_function(1), Pair::nested(1).a);
    assert_eq!(Pair::new(1, 2).swapped().first(), &2);
}

#[test]
fn patterns_are_completed() {
    let pair = Pair::new(1, 2);
    assert_eq!((pair.first(), pair.open()), (&1, &2));
    assert_eq!(Pair::in_a_parameter(&pair, &pair), (1, 2));
    assert_eq!(pair.into_parts(), (1, 2));
}

#[test]
fn another_type_of_the_same_name_is_left_alone() {
    assert_eq!(Pair::new(1, 2).hidden_name(), 2);
}

#[test]
fn struct_update_starts_with_nothing_computed() {
    let pair = Pair::new(1, 2);
    assert_eq!(pair.swapped().a, 2);
    let updated = pair.updated(5);
    assert_eq!(updated.lazy.swapped.get(), None);
    assert_eq!(updated.swapped().b, 5);
}

struct Point(f64, f64, Lazy<Self>);

#[lazy(field = 2)]
impl Point {
    fn new(x: f64) -> Self {
        Self(x, 4.0)
    }

    fn named(x: f64) -> Self {
        Point(x, 4.0, Lazy::new())
    }

    fn sum(&self) -> f64 {
        let Self(x, y) = self;
        let Point(first, ..) = self;
        x + y + first
    }

    fn braces(x: f64) -> Self {
        Self { 0: x, 1: 4.0 }
    }

    #[lazy]
    fn norm(&self) -> f64 {
        self.0.hypot(self.1)
    }
}

#[test]
fn tuple_constructors_and_patterns_are_completed() {
    let all = [Point::new(3.0), Point::named(3.0), Point::braces(3.0)];
    assert_eq!(all.each_ref().map(Point::norm), [5.0; 3]);
    assert_eq!(all[0].sum(), 10.0);
}
