//! Fields that are mutable references: what they refer to is changed where they are passed on.

use lazy_prop::lazy;

fn fill(list: &mut Vec<usize>) {
    list.push(1);
}

fn fill_with(n: usize, list: &mut Vec<usize>) -> usize {
    list.push(n);
    n
}

struct Tuple<'a>(&'a mut Vec<usize>);

struct Named<'a> {
    list: &'a mut Vec<usize>,
}

#[lazy]
struct Output<'a> {
    list: &'a mut Vec<usize>,
    name: String,
}

#[lazy]
impl Output<'_> {
    #[lazy]
    fn count(&self) -> usize {
        self.list.len() + self.name.len()
    }

    fn argument(&mut self) -> usize {
        let before = self.count();
        fill(self.list);
        self.count() - before
    }

    fn argument_after_a_read(&mut self) -> usize {
        let before = self.count();
        self.count() + fill_with(self.count(), self.list) + self.count() - 3 * before
    }

    fn typed(&mut self) -> usize {
        let before = self.count();
        let list: &mut Vec<usize> = self.list;
        list.push(2);
        self.count() - before
    }

    fn in_a_struct(&mut self) -> usize {
        let before = self.count();
        Tuple(self.list).0.push(3);
        let now = self.count();
        let named = Named { list: self.list };
        named.list.push(3);
        self.count() + now - 2 * before
    }

    fn in_a_closure(&mut self) -> usize {
        let before = self.count();
        let mut add = |n: usize| fill_with(n, self.list);
        add(1);
        self.count() - before
    }

    fn returned(&mut self, is_early: bool) -> &mut Vec<usize> {
        if is_early {
            return self.list;
        }
        match self.count() {
            0 => self.list,
            _ => {
                self.count();
                self.list
            }
        }
    }

    /// A field that is a value is only read.
    fn value(&mut self) -> usize {
        let name = &self.name;
        name.len() + self.count() + usize::max(self.name.len(), name.len())
    }

    fn finish(self) -> usize {
        let before = self.count();
        self.list.push(1);
        fill(self.list);
        self.count() - before
    }
}

#[track_caller]
fn adds(count: usize, method: impl Fn(&mut Output) -> usize) {
    let mut list = vec![1, 2, 3];
    let mut output = Output {
        list: &mut list,
        name: "ab".into(),
        lazy: lazy_prop::Lazy::new(),
    };
    assert_eq!((output.count(), method(&mut output)), (5, count));
    assert_eq!(output.count(), output.list.len() + 2);
}

#[test]
fn a_reference_that_is_passed_on_is_a_change() {
    adds(1, |output| output.argument());
    adds(1, |output| output.argument_after_a_read());
    adds(1, |output| output.typed());
    adds(3, |output| output.in_a_struct());
    adds(1, |output| output.in_a_closure());
    adds(9, |output| output.value());
}

#[test]
fn a_reference_that_is_lent_is_a_change() {
    for is_early in [true, false] {
        adds(0, |output| {
            output.returned(is_early).push(1);
            0
        });
    }
}

#[test]
fn a_reference_is_changed_without_mut() {
    let mut list = vec![1];
    let output = Output {
        list: &mut list,
        name: String::new(),
        lazy: lazy_prop::Lazy::new(),
    };
    output.count();
    assert_eq!(output.finish(), 2);
}
