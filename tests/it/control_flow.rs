//! Bodies that read a property and change what it reads, on every path through loops, branches, jumps,
//! closures, chains and macros. A later read is right.
#![allow(clippy::all, clippy::pedantic, dead_code)]

use std::fmt::Write as _;

use lazy_prop::lazy;

#[lazy]
#[derive(Clone, Debug)]
struct Bag {
    items: Vec<u32>,
    other: Vec<u32>,
    text: String,
    dirty: bool,
}

trait Sink {
    fn put(&mut self, x: u32);
}

impl Sink for Bag {
    fn put(&mut self, x: u32) {
        self.items.push(x);
    }
}

fn fill(sink: &mut dyn Sink) {
    sink.put(1);
}

/// A test for each method, which is one way through a body.
macro_rules! each {
    ($($name:ident => |$this:ident| $body:block)*) => {
        #[lazy]
        impl Bag {
            fn new() -> Self {
                Self { items: vec![1, 2, 3], other: vec![1], text: "text".into(), dirty: false }
            }
            #[lazy]
            fn count(&self) -> usize { self.items.len() }
            #[lazy]
            fn bytes(&self) -> usize { self.text.len() }
            #[lazy]
            fn other_len(&self) -> usize { self.me().other.len() }

            fn push(&mut self, x: u32) { self.items.push(x); }
            fn compact(&mut self) -> bool { self.items.pop().is_none() }
            fn edit(&mut self) -> &mut Self { self.dirty = true; self }
            fn pick(&mut self) -> Option<&mut Self> { Some(self) }
            fn add(&mut self, x: u32) -> &mut Self { self.items.push(x); self }
            fn me(&self) -> &Self { self }
            fn add_and_look(&mut self, x: u32) -> &mut Self {
                self.items.push(x);
                assert!(self.count() < 100);
                self
            }
            fn finish(mut self) -> String {
                let before = self.count();
                self.items.sort();
                format!("{before} {:?}", self.items)
            }
            fn with(mut self, x: u32) -> Self {
                let _shown = format!("{self:?} {}", self.count());
                self.items.push(x);
                self
            }
            fn doubled(&mut self) -> std::slice::IterMut<'_, u32> { self.items.iter_mut() }
            fn lend<'s>(self: &'s mut Self) -> &'s mut Vec<u32> { &mut self.items }

            $(fn $name(&mut $this) $body)*
        }

        $(#[test]
        fn $name() {
            let mut bag = Bag::new();
            is_right(&bag);
            bag.$name();
            is_right(&bag);
        })*
    };
}

#[track_caller]
fn is_right(bag: &Bag) {
    assert_eq!(
        (bag.count(), bag.bytes(), bag.other_len()),
        (bag.items.len(), bag.text.len(), bag.other.len())
    );
}

each! {
    a_while_condition_runs_last => |self| {
        while self.count() < 5 { self.push(1); }
        self.items.clear();
    }
    a_loop_is_left_by_break => |self| {
        loop { if self.count() > 4 { break; } self.push(1); }
        self.items.clear();
    }
    a_labelled_block_is_left => |self| {
        'a: { if self.count() > 1 { break 'a; } self.push(1); }
        self.items.clear();
    }
    the_right_side_of_and_may_not_run => |self| {
        if self.count() > 30 && self.compact() { return; }
        self.items.truncate(1);
    }
    or_may_return => |self| {
        let _ = self.count() > 0 || return;
        self.items.clear();
    }
    a_guard_runs_before_another_arm => |self| {
        match self.dirty { true if self.count() > 9 => self.push(1), _ if self.count() > 90 => {} _ => self.items.clear() }
    }
    a_statement_may_be_configured_out => |self| {
        let _before = self.count();
        #[cfg(not(test))]
        return;
        #[cfg(not(test))]
        self.compact();
        self.items.clear();
    }
    a_message_may_not_be_made => |self| {
        self.count();
        debug_assert!(true, "{}", self.compact());
        self.items.clear();
    }
    a_chain_goes_on_with_the_host => |self| {
        self.edit().items.clear();
    }
    a_chain_may_be_optional => |self| {
        if let Some(bag) = self.pick() { bag.items.clear(); }
    }
    a_chain_may_read => |self| {
        let n = self.add(1).count();
        self.items.truncate(n / 2);
    }
    a_helper_that_gives_the_host_is_followed => |self| {
        self.other.push(1);
    }
    a_cast_hands_the_host_on => |self| {
        fill(self as &mut dyn Sink);
        (self as &mut dyn Sink).put(2);
    }
    write_writes_when_its_arguments_are_there => |self| {
        write!(self.text, "{} bytes", self.bytes()).unwrap();
    }
    an_argument_is_read_before_the_change => |self| {
        self.text.push_str(&self.bytes().to_string());
    }
    fluent_methods_may_look => |self| {
        self.add_and_look(1).add_and_look(2);
    }
    a_lent_field_is_written => |self| {
        self.doubled().for_each(|item| *item *= 2);
        self.lend().clear();
    }
    what_is_broken_off_is_not_repeated => |self| {
        for i in 0..9 { if self.count() > i { self.items.clear(); break; } }
    }
    what_looks_changes_nothing => |self| {
        let before = self.count();
        let old = self.clone();
        println!("{self:?} {}", old.items.len());
        self.dirty = self.count() == before;
    }
    a_local_macro_changes_where_it_is_called => |self| {
        macro_rules! add { ($x:expr) => { self.items.push($x) } }
        self.count();
        add!(1);
    }
    a_closure_changes => |self| {
        self.count();
        let mut clear = |yes: bool| { if yes { self.items.clear(); return; } };
        clear(true);
    }
}

#[test]
fn methods_that_own_the_host_may_look_first() {
    assert_eq!(Bag::new().finish(), "3 [1, 2, 3]");
    let bag = Bag::new();
    is_right(&bag);
    is_right(&bag.with(7));
}
