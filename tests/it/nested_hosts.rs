//! A host inside of a host: a change through the outer one clears the inner one's values, and what
//! the outer one made of them.
#![allow(clippy::all, clippy::pedantic, dead_code)]

use std::collections::HashMap;

use lazy_prop::lazy;

#[lazy]
#[derive(Clone, Debug, Default)]
struct Inner {
    items: Vec<i64>,
    factor: i64,
}

#[lazy]
impl Inner {
    fn new() -> Self {
        Self {
            items: vec![1, 2],
            factor: 2,
        }
    }

    #[lazy]
    fn total(&self) -> i64 {
        self.items.iter().sum::<i64>() * self.factor
    }

    fn push(&mut self, n: i64) {
        self.items.push(n);
    }

    fn items_mut(&mut self) -> &mut Vec<i64> {
        &mut self.items
    }
}

/// No host, but one is in it.
#[derive(Clone, Debug, Default)]
struct Part {
    inner: Inner,
    weight: i64,
}

#[lazy]
#[derive(Clone, Debug, Default)]
struct Outer {
    inner: Inner,
    list: Vec<Inner>,
    named: HashMap<&'static str, Inner>,
    maybe: Option<Inner>,
    boxed: Box<Inner>,
    part: Part,
    pair: (Inner, i64),
    array: [Inner; 2],
    kids: Vec<Outer>,
}

#[lazy]
impl Outer {
    fn new() -> Self {
        Self {
            inner: Inner::new(),
            list: vec![Inner::new(), Inner::new()],
            named: [("a", Inner::new())].into(),
            maybe: Some(Inner::new()),
            boxed: Box::new(Inner::new()),
            part: Part {
                inner: Inner::new(),
                weight: 1,
            },
            pair: (Inner::new(), 1),
            array: [Inner::new(), Inner::new()],
            kids: vec![Self {
                inner: Inner::new(),
                ..Self::default()
            }],
        }
    }

    #[lazy]
    fn sum(&self) -> i64 {
        self.inner.total() * 100 + self.rest()
    }

    #[lazy]
    fn rest(&self) -> i64 {
        let list: i64 = self.list.iter().chain(&self.array).map(Inner::total).sum();
        let named: i64 = self
            .named
            .values()
            .chain(&self.maybe)
            .map(Inner::total)
            .sum();
        let kids: i64 = self.kids.iter().map(Outer::sum).sum();
        list + named + self.boxed.total() + self.part.inner.total() + self.pair.0.total() + kids
    }

    #[lazy]
    fn weight(&self) -> i64 {
        self.part.weight + self.pair.1
    }

    fn by_field(&mut self) -> i64 {
        self.inner.items.push(3);
        let before = self.inner.total() + self.sum();
        self.inner.factor += 1;
        self.inner.items[0] = self.inner.total();
        before + self.inner.total() + self.sum()
    }

    fn by_method(&mut self) -> i64 {
        self.inner.push(4);
        let factor = self.factor();
        self.inner.items_mut().push(factor);
        self.inner.items_mut()[0] -= 1;
        self.inner.total() + self.sum()
    }

    fn factor(&mut self) -> i64 {
        self.sum() % 3
    }

    fn by_index(&mut self) -> i64 {
        self.list[0].items.push(5);
        let before = self.list[0].total() + self.sum();
        let at = 1;
        self.list[at].factor += 1;
        self.array[1].items[0] = 9;
        self.array[at - 1].factor *= 2;
        before + self.list[at].total() + self.sum()
    }

    fn by_part(&mut self) -> i64 {
        self.part.inner.items.push(7);
        self.pair.0.items.clear();
        let before = self.part.inner.total() + self.pair.0.total();
        self.part.inner.factor = before;
        self.part.weight += 1;
        self.sum() + self.weight()
    }

    fn by_box(&mut self) -> i64 {
        self.boxed.items.push(8);
        let before = self.boxed.total();
        (*self.boxed).factor += 1;
        before + self.boxed.total() + self.sum()
    }

    fn by_option(&mut self) -> i64 {
        if let Some(inner) = &mut self.maybe {
            inner.push(9);
        }
        if let Some(inner) = self.maybe.as_mut() {
            inner.push(10);
        }
        let before = self.rest();
        self.named.get_mut("a").unwrap().push(11);
        self.named.entry("b").or_insert_with(Inner::new).push(12);
        before + self.rest()
    }

    fn by_loops(&mut self) -> i64 {
        for inner in &mut self.list {
            inner.push(13);
        }
        let before = self.rest();
        for inner in self.array.iter_mut() {
            inner.items_mut().pop();
        }
        for at in 0..self.list.len() {
            self.list[at].items.retain(|n| *n != 13);
        }
        before + self.rest()
    }

    fn by_kids(&mut self) -> i64 {
        self.kids[0].inner.items.push(14);
        let before = self.kids[0].sum() + self.kids[0].inner.total();
        self.kids[0].by_field();
        self.kids[0].list.push(Inner::new());
        self.kids[0].list[0].factor = 4;
        before + self.kids[0].sum() + self.sum()
    }

    fn by_swap(&mut self) -> i64 {
        std::mem::swap(&mut self.inner, &mut self.list[0]);
        std::mem::swap(&mut self.inner.items, &mut self.boxed.items);
        let taken = std::mem::take(&mut self.inner.items);
        self.pair.0.items.extend(taken);
        std::mem::swap(&mut self.pair.0.factor, &mut self.part.weight);
        self.sum() + self.inner.total() + self.boxed.total() + self.pair.0.total() + self.weight()
    }

    fn by_borrow(&mut self) -> i64 {
        let items = &mut self.inner.items;
        items.push(15);
        let before = self.sum() + self.inner.total();
        let Inner { items, factor, .. } = &mut self.inner;
        items.push(*factor);
        *factor += 1;
        let inner = &mut self.inner;
        inner.push(16);
        before + self.sum() + self.inner.total()
    }

    fn items_mut(&mut self) -> &mut Vec<i64> {
        self.sum();
        &mut self.inner.items
    }

    fn unrelated(&mut self) {
        self.part.weight += 1;
    }
}

#[track_caller]
fn inner_is_right(inner: &Inner) {
    assert_eq!(
        inner.total(),
        inner.items.iter().sum::<i64>() * inner.factor
    );
}

#[track_caller]
fn is_right(outer: &Outer) {
    outer
        .list
        .iter()
        .chain(&outer.array)
        .for_each(inner_is_right);
    outer
        .named
        .values()
        .chain(&outer.maybe)
        .for_each(inner_is_right);
    for inner in [&outer.inner, &outer.boxed, &outer.part.inner, &outer.pair.0] {
        inner_is_right(inner);
    }
    let fresh = outer.clone();
    assert_eq!(
        (outer.sum(), outer.rest(), outer.weight()),
        (fresh.sum(), fresh.rest(), fresh.weight())
    );
    outer.kids.iter().for_each(is_right);
}

/// Runs the method twice, on a host with all kept and on one with nothing: the answers are right,
/// and what is read behind it, in the inner hosts too.
#[track_caller]
fn gives<R: PartialEq + std::fmt::Debug>(answers: [R; 2], method: impl Fn(&mut Outer) -> R) {
    let kept = Outer::new();
    is_right(&kept);
    for mut host in [kept, Outer::new()] {
        for answer in &answers {
            assert_eq!(method(&mut host), *answer);
            is_right(&host);
        }
    }
}

#[test]
fn a_change_through_the_outer_host_is_seen_by_the_inner_one() {
    gives([9489, 54434], Outer::by_field);
    gives([2578, 2651], Outer::by_index);
    gives([1445, 7026], Outer::by_part);
    gives([1336, 1457], Outer::by_box);
    gives([51512, 364881], Outer::by_kids);
    gives([669, 686], Outer::by_swap);
    gives([15852, 45041], Outer::by_borrow);
    gives([1854, 2454], |outer| {
        outer.items_mut().push(3);
        outer.sum()
    });
}

#[test]
fn a_change_by_a_method_of_the_inner_host_is_seen_by_the_outer_one() {
    gives([2270, 2876], Outer::by_method);
    gives([1436, 1610], Outer::by_option);
    gives([1352, 1340], Outer::by_loops);
}

#[test]
fn a_change_beside_the_inner_host_clears_nothing_of_it() {
    let mut outer = Outer::new();
    is_right(&outer);
    outer.unrelated();
    assert_eq!(outer.lazy.weight.get(), None);
    assert_eq!(outer.part.inner.lazy.total.get(), Some(&6));
    assert_eq!(outer.inner.lazy.total.get(), Some(&6));
}

/// Arguments that hold a value of the host, or a loan of a part of the inner host, are evaluated
/// before the inner host is cleared.
#[test]
fn arguments_have_their_values_before_the_inner_host_is_cleared() {
    #[lazy]
    #[derive(Default)]
    struct Basket {
        inner: Inner,
        label: Inner,
    }

    #[lazy]
    impl Basket {
        #[lazy]
        fn sum(&self) -> i64 {
            self.inner.total() + self.label.total()
        }

        fn add_sum(&mut self) {
            let sum = self.sum();
            self.inner.items.push(sum);
        }

        fn add_factor(&mut self) {
            let factor = &self.inner.factor;
            self.inner.items.push(*factor + 1);
        }
    }

    let mut basket = Basket {
        inner: Inner::new(),
        label: Inner::new(),
        ..Basket::default()
    };
    assert_eq!(basket.sum(), 12);
    basket.add_sum();
    assert_eq!((basket.inner.total(), basket.sum()), (30, 36));
    basket.add_factor();
    assert_eq!((basket.inner.total(), basket.sum()), (36, 42));
}

#[test]
fn an_inner_host_that_is_taken_apart_mutably_is_cleared() {
    #[lazy]
    #[derive(Default)]
    struct Basket {
        inner: Inner,
    }

    #[lazy]
    impl Basket {
        #[lazy]
        fn sum(&self) -> i64 {
            self.inner.total()
        }

        fn add(&mut self, n: i64) {
            let Inner { items, .. } = &mut self.inner;
            items.push(n);
        }
    }

    let mut basket = Basket {
        inner: Inner::new(),
        ..Basket::default()
    };
    let before = (basket.sum(), basket.inner.total());
    assert_eq!(before, (6, 6));
    basket.add(4);
    assert_eq!((basket.sum(), basket.inner.total()), (14, 14));
}

#[test]
fn an_inner_host_behind_an_index_is_cleared_in_a_closure() {
    #[lazy]
    struct Shelf {
        baskets: Vec<Inner>,
    }

    #[lazy]
    impl Shelf {
        fn new() -> Self {
            Self {
                baskets: vec![Inner::new()],
            }
        }

        #[lazy]
        fn sum(&self) -> i64 {
            self.baskets[0].total()
        }

        fn add(&mut self) {
            let mut add = || self.baskets[0].items.push(4);
            add();
        }
    }

    let mut shelf = Shelf::new();
    assert_eq!(shelf.sum(), 6);
    shelf.add();
    assert_eq!(shelf.sum(), 14);
}

#[test]
fn an_inner_host_whose_property_a_closure_reads_is_cleared_in_it() {
    #[lazy]
    struct Host {
        inner: Inner,
    }

    #[lazy]
    impl Host {
        #[lazy]
        fn sum(&self) -> i64 {
            self.inner.total()
        }

        fn twice(&mut self) -> i64 {
            let mut sum = 0;
            let mut act = |n: i64| {
                self.inner.factor += n;
                sum += self.inner.total();
            };
            act(1);
            act(2);
            sum + self.sum()
        }

        fn in_a_macro(&mut self) -> String {
            let mut text = String::new();
            (0..2).for_each(|n| {
                self.inner.factor += n;
                text = format!("{text} {}", self.inner.total());
            });
            text
        }
    }

    let mut host = Host {
        inner: Inner::new(),
        lazy: Default::default(),
    };
    let (items, factor) = (host.inner.total() / host.inner.factor, host.inner.factor);
    let expected = items * (factor + 1) + items * (factor + 3) * 2;
    assert_eq!(host.twice(), expected);
    let expected = format!(" {} {}", items * (factor + 3), items * (factor + 4));
    assert_eq!(host.in_a_macro(), expected);
}

#[test]
fn an_inner_host_that_no_property_reads_is_cleared() {
    #[lazy]
    struct Host {
        inner: Inner,
    }

    #[lazy]
    impl Host {
        #[lazy]
        fn seven(&self) -> i64 {
            7
        }

        fn double(&mut self) {
            self.inner.factor *= 2;
        }
    }

    let mut host = Host {
        inner: Inner::new(),
        lazy: Default::default(),
    };
    let (total, seven) = (host.inner.total(), host.seven());
    host.double();
    assert_eq!((host.inner.total(), host.seven()), (total * 2, seven));
}

#[test]
fn an_inner_host_is_cleared_in_a_closure_that_gives_its_host_another_name() {
    #[lazy]
    struct Host {
        inner: Inner,
        count: i64,
    }

    #[lazy]
    impl Host {
        #[lazy]
        fn doubled(&self) -> i64 {
            self.count * 2
        }

        fn push(&mut self) {
            let mut push = || {
                let this = &mut *self;
                this.inner.items.push(3);
            };
            push();
        }

        fn push_and_read(&mut self) {
            let mut push = || {
                self.inner.items.push(3);
                let this = &mut *self;
                this.inner.total();
                self.inner.items.push(4);
            };
            push();
        }

        async fn push_later(&mut self) {
            let later = async {
                let this = &mut *self;
                this.inner.items.push(5);
            };
            later.await;
        }
    }

    let mut host = Host {
        inner: Inner::new(),
        count: 1,
        lazy: Default::default(),
    };
    assert_eq!((host.inner.total(), host.doubled()), (6, 2));
    host.push();
    assert_eq!(host.inner.total(), 12);
    host.push_and_read();
    assert_eq!(host.inner.total(), 26);
    smol::block_on(host.push_later());
    assert_eq!(host.inner.total(), 36);
}
