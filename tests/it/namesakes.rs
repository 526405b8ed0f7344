//! What goes by a name that only looks elsewhere, and changes here: macros, methods of fields and
//! of traits.
#![allow(clippy::all, clippy::pedantic, dead_code, unused_macros)]

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};

use lazy_prop::lazy;

macro_rules! print {
    ($e:expr) => {
        $e.push('!')
    };
}

/// Changes when it is looked at.
#[derive(Debug, Default)]
struct Buf {
    seen: usize,
}

impl Buf {
    fn to_string(&mut self) -> String {
        self.seen += 1;
        self.seen.to_string()
    }
    fn len(&mut self) -> usize {
        self.seen += 1;
        self.seen
    }
    fn clone(&mut self) -> usize {
        self.seen += 1;
        self.seen
    }
    fn iter(&mut self) -> std::ops::Range<usize> {
        self.seen += 1;
        0..self.seen
    }
    fn get(&mut self, key: usize) -> Option<usize> {
        self.seen += key;
        (self.seen > 2).then_some(self.seen)
    }
    fn is_empty(&mut self) -> bool {
        self.seen += 1;
        false
    }
    fn contains(&mut self, _: &str) -> bool {
        self.seen += 1;
        true
    }
    fn as_ref(&mut self) -> &mut usize {
        &mut self.seen
    }
    fn first(&mut self) -> Option<&mut usize> {
        Some(&mut self.seen)
    }
    fn eq(&mut self, _: &u8) -> bool {
        self.seen += 1;
        true
    }
}

/// Has a list, and methods of its own beside those of the list.
#[derive(Clone, Debug, Default)]
struct Wrapped(Vec<u8>);

impl Deref for Wrapped {
    type Target = Vec<u8>;
    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Wrapped {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl Wrapped {
    fn last(&mut self) -> usize {
        self.0.push(1);
        self.0.len()
    }
}

/// Methods of std's types that std doesn't have.
trait Odd {
    fn keys(&mut self) -> usize;
    fn lines(&mut self);
    fn is_odd(&mut self) -> bool;
}

impl Odd for Vec<u8> {
    fn keys(&mut self) -> usize {
        self.push(1);
        self.len()
    }
    fn lines(&mut self) {
        self.clear();
    }
    fn is_odd(&mut self) -> bool {
        self.push(1);
        self.len() % 2 == 1
    }
}

#[lazy]
#[derive(Debug, Default)]
struct Host {
    text: String,
    buf: Buf,
    bufs: Vec<Buf>,
    map: HashMap<u8, Buf>,
    maybe: Option<Box<Buf>>,
    wrapped: Wrapped,
    list: Vec<u8>,
}

#[lazy]
impl Host {
    fn new() -> Self {
        Self {
            text: "t".into(),
            bufs: <[_]>::into_vec(Box::new([Buf::default()])),
            map: [(1, Buf::default())].into(),
            maybe: Some(Box::default()),
            ..Self::default()
        }
    }

    #[lazy]
    fn bytes(&self) -> usize {
        self.text.len()
    }

    #[lazy]
    fn seen(&self) -> usize {
        let list = self.bufs.iter().chain(self.map.values());
        let many = list.chain(self.maybe.as_deref()).map(|buf| buf.seen);
        self.buf.seen + many.sum::<usize>()
    }

    #[lazy]
    fn listed(&self) -> usize {
        self.wrapped.0.len() + self.list.len()
    }

    #[lazy]
    fn all(&self) -> usize {
        self.bytes() + self.seen() + self.listed()
    }

    fn shout(&mut self) -> usize {
        print!(self.text);
        self.bytes()
    }

    fn by_a_local_macro(&mut self) -> usize {
        macro_rules! debug_assert {
            () => {
                self.text.push('d')
            };
        }
        debug_assert!();
        let before = self.bytes();
        debug_assert!();
        before + self.bytes()
    }

    fn looked(&mut self) -> usize {
        let mut sum = 0;
        sum += self.buf.to_string().len() + self.seen();
        sum += self.buf.len() + self.seen();
        sum += self.buf.clone() + self.seen();
        sum += self.buf.iter().len() + self.seen();
        sum += self.buf.get(3).unwrap_or(0) + self.seen();
        sum += usize::from(self.buf.is_empty()) + self.seen();
        sum += usize::from(self.buf.contains("x")) + self.seen();
        sum += usize::from(self.buf.eq(&1)) + self.seen();
        *self.buf.as_ref() += 1;
        sum += self.seen();
        if let Some(first) = self.buf.first() {
            *first += 1;
        }
        sum + self.seen()
    }

    fn looked_inside(&mut self) -> usize {
        let mut sum = self.seen();
        sum += self.bufs[0].len() + self.seen();
        sum += self.bufs.iter_mut().map(|buf| buf.len()).sum::<usize>() + self.seen();
        sum += self.bufs.first_mut().map_or(0, |buf| buf.len()) + self.seen();
        sum += self.map.get_mut(&1).unwrap().len() + self.seen();
        sum += self.maybe.as_mut().unwrap().len() + self.seen();
        sum += self.maybe.as_deref_mut().map_or(0, Buf::len) + self.seen();
        if let Some(buf) = &mut self.maybe {
            sum += buf.len();
        }
        if let Some(ref mut buf) = self.maybe {
            sum += buf.clone();
        }
        for buf in &mut self.bufs {
            sum += buf.len();
        }
        for buf in self.map.values_mut() {
            sum += buf.to_string().len();
        }
        sum + self.seen()
    }

    fn looked_by_condition(&mut self) -> usize {
        if self.buf.is_empty() || self.seen() == 0 {
            return 0;
        }
        while self.buf.get(1).is_none() && self.seen() < 9 {}
        match self.buf.len() {
            n if n == self.seen() && self.buf.contains("y") => n + self.seen(),
            _ => 0,
        }
    }

    fn behind_a_deref(&mut self) -> usize {
        let before = self.listed();
        let last = self.wrapped.last();
        before + last + self.listed() + self.wrapped.len()
    }

    fn by_a_trait(&mut self) -> usize {
        let mut sum = self.list.keys() + self.listed();
        sum += usize::from(self.list.is_odd()) + self.listed();
        self.list.lines();
        sum + self.listed()
    }
}

#[track_caller]
fn is_right(host: &Host) {
    let again = |buf: &Buf| Buf { seen: buf.seen };
    let fresh = Host {
        text: host.text.clone(),
        buf: again(&host.buf),
        bufs: host.bufs.iter().map(again).collect(),
        map: host
            .map
            .iter()
            .map(|(key, buf)| (*key, again(buf)))
            .collect(),
        maybe: host.maybe.as_ref().map(|buf| Box::new(again(buf))),
        wrapped: host.wrapped.clone(),
        list: host.list.clone(),
        ..Host::default()
    };
    assert_eq!(
        (host.bytes(), host.seen(), host.listed(), host.all()),
        (fresh.bytes(), fresh.seen(), fresh.listed(), fresh.all())
    );
}

/// Runs the method twice, on a host with all kept and on one with nothing: the answers are right,
/// and what is read behind it.
#[track_caller]
fn gives<R: PartialEq + std::fmt::Debug>(answers: [R; 2], method: impl Fn(&mut Host) -> R) {
    let kept = Host::new();
    is_right(&kept);
    for mut host in [kept, Host::new()] {
        for answer in &answers {
            assert_eq!(method(&mut host), *answer);
            is_right(&host);
        }
    }
}

#[test]
fn a_macro_of_the_user_has_the_name_of_one_of_std_and_another_shape() {
    gives([2, 3], Host::shout);
    gives([5, 9], Host::by_a_local_macro);
}

#[test]
fn a_field_s_own_method_has_the_name_of_one_that_looks() {
    gives([86, 255], Host::looked);
    gives([53, 167], Host::looked_inside);
    gives([9, 17], Host::looked_by_condition);
    gives([3, 7], Host::behind_a_deref);
}

#[test]
fn a_trait_changes_a_type_of_std() {
    gives([4, 4], Host::by_a_trait);
}
