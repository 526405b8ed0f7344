//! Struct update: a value made of the rest of a host starts with nothing kept, however the type is
//! named, also inside of a macro's parentheses.
#![allow(clippy::all, clippy::pedantic, dead_code)]

use lazy_prop::lazy;

#[lazy]
#[derive(Clone, Debug, Default, PartialEq)]
struct Host {
    n: i64,
    rest: Vec<i64>,
}

type Alias = Host;

#[lazy]
impl Alias {
    fn new(n: i64) -> Self {
        Alias { n, rest: vec![1] }
    }

    #[lazy]
    fn sum(&self) -> i64 {
        self.n + self.rest.iter().sum::<i64>()
    }

    fn plain(self, n: i64) -> Self {
        self.sum();
        Self { n, ..self }
    }

    fn by_alias(self, n: i64) -> Self {
        self.sum();
        Alias { n, ..self }
    }

    fn by_name(self, n: i64) -> Self {
        self.sum();
        Host { n, ..self }
    }

    fn by_path(self, n: i64) -> Self {
        self.sum();
        self::Host { n, ..self }
    }

    fn in_vec(self, n: i64) -> Vec<Self> {
        self.sum();
        vec![Self { n, ..self.clone() }, Self { n: n + 1, ..self }]
    }

    fn in_dbg(self, n: i64) -> Self {
        self.sum();
        std::convert::identity(dbg!(Self { n, ..self }))
    }

    fn in_some(self, n: i64) -> Option<Self> {
        self.sum();
        Some(Self { n, ..self }).filter(|host| host.sum() > n)
    }

    fn in_assert(self, n: i64) -> bool {
        self.sum();
        let other = self.clone();
        other.sum();
        assert_eq!(Self { n, ..self }.sum(), n + 1);
        matches!(Host { n, ..other }, Host { n: m, .. } if m == n)
    }

    fn of_another(&self, other: Self, n: i64) -> Self {
        other.sum();
        Self { n, ..other }
    }

    fn of_a_call(&self, n: i64) -> Self {
        self.sum();
        Self { n, ..self.clone() }
    }

    fn of_a_box(self: Box<Self>, n: i64) -> Self {
        self.sum();
        Self { n, ..*self }
    }

    fn replaced(&mut self, n: i64) -> i64 {
        let before = self.sum();
        *self = Self {
            n,
            ..std::mem::take(self)
        };
        before + self.sum()
    }

    fn by_closure(self, n: i64) -> Self {
        self.sum();
        let make = |host: Self| Self { n, ..host };
        make(self)
    }

    fn nested(self, n: i64) -> Self {
        self.sum();
        Self {
            n,
            ..Self {
                rest: vec![4],
                ..self
            }
        }
    }
}

#[track_caller]
fn is_right(host: &Host) {
    assert_eq!(host.sum(), host.n + host.rest.iter().sum::<i64>());
}

fn kept() -> Host {
    let host = Host::new(1);
    is_right(&host);
    host
}

#[test]
fn every_way_to_name_the_type() {
    is_right(&kept().plain(5));
    is_right(&kept().by_alias(5));
    is_right(&kept().by_name(5));
    is_right(&kept().by_path(5));
    is_right(&kept().nested(5));
}

#[test]
fn inside_of_other_expressions_and_macros() {
    kept().in_vec(5).iter().for_each(is_right);
    is_right(&kept().in_dbg(5));
    is_right(&kept().in_some(5).unwrap());
    assert!(kept().in_assert(5));
    is_right(&kept().by_closure(5));
}

#[test]
fn other_bases_than_self() {
    is_right(&kept().of_another(kept(), 5));
    is_right(&kept().of_a_call(5));
    is_right(&Box::new(kept()).of_a_box(5));
    let mut host = kept();
    assert_eq!(host.replaced(5), 8);
    is_right(&host);
}
