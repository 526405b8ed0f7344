//! The host as a whole goes where the block can't look: to functions, other blocks, traits, macros
//! and closures, which read properties and then change fields there. What the block reads behind that
//! is fresh.
#![allow(clippy::all, clippy::pedantic, dead_code)]

use std::borrow::BorrowMut;
use std::fmt::Debug;
use std::ops::{AddAssign, Index, IndexMut, Not};
use std::panic::{AssertUnwindSafe, catch_unwind};

use lazy_prop::lazy;

#[lazy]
#[derive(Clone, Debug, Default)]
struct Queue {
    jobs: Vec<i64>,
    done: i64,
}

fn work(queue: &mut Queue) -> i64 {
    queue.load();
    queue.jobs.push(3);
    queue.jobs.len() as i64
}

fn work_or_fail(queue: &mut Queue) -> Result<i64, String> {
    queue.load();
    queue.jobs.push(7);
    if queue.jobs.len() > 4 {
        Err("full".into())
    } else {
        Ok(1)
    }
}

fn work_and_panic(queue: &mut Queue) {
    queue.load();
    queue.jobs.push(3);
    panic!();
}

fn lent(queue: &mut Queue) -> &mut Vec<i64> {
    &mut queue.jobs
}

fn same(queue: &mut Queue) -> &mut Queue {
    queue.load();
    queue.jobs.push(2);
    queue
}

fn apply(queue: &mut Queue, f: impl Fn(&mut Queue) -> i64) -> i64 {
    queue.load() + f(queue) + f(queue)
}

/// Reads and changes when it is dropped.
struct Session<'q>(&'q mut Queue);

impl Drop for Session<'_> {
    fn drop(&mut self) {
        work(self.0);
    }
}

impl Session<'_> {
    fn step(&mut self) -> i64 {
        work(self.0)
    }
}

trait Worker {
    fn work(&mut self) -> i64;
    fn both(&mut self) -> i64 {
        self.work() + self.work()
    }
}

impl Worker for Queue {
    fn work(&mut self) -> i64 {
        work(self)
    }
}

fn all(workers: &mut [&mut dyn Worker]) -> i64 {
    workers.iter_mut().map(|worker| worker.work()).sum()
}

impl std::fmt::Write for Queue {
    fn write_str(&mut self, _: &str) -> std::fmt::Result {
        work(self);
        Ok(())
    }
}

struct Pool;

impl Pool {
    fn all(&self, (queue, n): (&mut Queue, i64)) -> i64 {
        work(queue) + n
    }
}

impl Queue {
    fn unmarked(&mut self) -> i64 {
        work(self)
    }
    fn unmarked_chain(&mut self) -> &mut Self {
        self.load();
        self.jobs.push(4);
        self
    }
    fn unmarked_lent(&mut self) -> Option<&mut i64> {
        self.load();
        self.jobs.first_mut()
    }
}

impl AddAssign<i64> for Queue {
    fn add_assign(&mut self, n: i64) {
        self.load();
        self.jobs.push(n);
    }
}

impl Index<usize> for Queue {
    type Output = i64;
    fn index(&self, at: usize) -> &i64 {
        &self.jobs[at]
    }
}

impl IndexMut<usize> for Queue {
    fn index_mut(&mut self, at: usize) -> &mut i64 {
        self.load();
        &mut self.jobs[at]
    }
}

impl Extend<i64> for Queue {
    fn extend<I: IntoIterator<Item = i64>>(&mut self, jobs: I) {
        self.load();
        self.jobs.extend(jobs);
    }
}

impl Iterator for Queue {
    type Item = i64;
    fn next(&mut self) -> Option<i64> {
        self.load();
        self.jobs.pop()
    }
}

impl Not for &mut Queue {
    type Output = i64;
    fn not(self) -> i64 {
        work(self)
    }
}

macro_rules! both {
    ($queue:expr, $n:expr) => {{
        let queue = &mut *$queue;
        queue.load();
        queue.jobs.push($n);
        queue.jobs.len() as i64
    }};
}

#[lazy]
impl Queue {
    fn new() -> Self {
        Self {
            jobs: vec![1, 2],
            done: 0,
        }
    }

    #[lazy]
    fn load(&self) -> i64 {
        self.jobs.iter().sum()
    }

    #[lazy]
    fn shown(&self) -> &str {
        format!("{} {}", self.load(), self.done)
    }

    fn to_functions(&mut self) -> i64 {
        let mut sum = work(self) + self.load();
        sum += work(&mut *self) * 2 + self.load();
        sum += apply(self, work) + self.load();
        sum += apply(self, |queue| {
            queue.load();
            queue.jobs.push(1);
            1
        }) + self.load();
        lent(self).push(5);
        sum += self.load();
        same(self).jobs.push(6);
        sum += self.load();
        same(same(self)).done += 1;
        sum + self.shown().len() as i64
    }

    fn to_functions_that_fail(&mut self) -> Result<i64, String> {
        let before = self.load();
        let one = work_or_fail(self)?;
        self.load();
        work_or_fail(self).map(|n| n + before)?;
        Ok(one + self.load())
    }

    fn to_functions_that_panic(&mut self) -> i64 {
        let before = self.load();
        let caught = catch_unwind(AssertUnwindSafe(|| work_and_panic(self)));
        before + self.load() + i64::from(caught.is_err())
    }

    fn in_a_struct(&mut self) -> i64 {
        let before = self.load();
        {
            let mut session = Session(self);
            session.step();
        }
        let between = self.load();
        let mut session = Session(&mut *self);
        session.step();
        drop(session);
        before + between + self.load()
    }

    fn in_a_collection(&mut self) -> i64 {
        self.load();
        all(&mut [self]);
        self.load()
    }

    fn in_collections(&mut self) -> i64 {
        let before = all(&mut [self]);
        let again = all(&mut [self]);
        let sum = self.load() + before + again;
        let pooled = Pool.all((self, 1));
        let more = Pool.all((self, 1));
        sum + self.load() + pooled + more
    }

    fn written(&mut self) -> i64 {
        use std::fmt::Write;
        let n = self.load();
        let _ = write!(self, "{n}");
        let before = self.load() + n;
        let result = write!(self, "{n}");
        let after = self.load();
        before + after + n + i64::from(result.is_ok())
    }

    fn in_options(&mut self) -> i64 {
        self.load();
        if let Some(queue) = Some(&mut *self).filter(|queue| queue.load() > 0) {
            queue.jobs.push(8);
        }
        let before = self.load();
        let (queue, n) = (&mut *self, 3);
        queue.jobs.push(n);
        before + self.load()
    }

    fn to_other_blocks(&mut self) -> i64 {
        let mut sum = self.unmarked() + self.load();
        self.unmarked_chain().unmarked_chain().jobs.push(5);
        sum += self.load();
        if let Some(first) = self.unmarked_lent() {
            *first += 1;
        }
        sum += self.load();
        sum += self.work() + self.both() + self.load();
        sum + Worker::work(self) + <Self as Worker>::both(self) + self.load()
    }

    fn to_operators(&mut self) -> i64 {
        *self += 4;
        let mut sum = self.load();
        self[0] += 5;
        sum += self.load();
        self[1] = self.load();
        sum += self.load();
        sum += !&mut *self;
        sum + self.load()
    }

    fn to_iterators(&mut self) -> i64 {
        self.extend([1, 2, 3]);
        let mut sum = self.load();
        sum += self.by_ref().take(2).sum::<i64>() + self.load();
        self.extend(vec![self.done]);
        for job in &mut *self {
            sum += job;
            if job == 2 {
                break;
            }
        }
        sum + self.load() + self.next().unwrap_or(0) + self.load()
    }

    fn to_macros(&mut self) -> i64 {
        let before = both!(self, 3) + self.load();
        before + both!(&mut *self, 4) + self.load()
    }

    fn to_closures(&mut self) -> i64 {
        let twice = |queue: &mut Self| {
            queue.load();
            queue.jobs.push(4);
            4
        };
        let before = twice(self) + self.load();
        let mut own = || self.unmarked() + self.load();
        before + own() + own() + self.load()
    }

    fn to_clones(&mut self) -> i64 {
        let before = self.load();
        self.clone_from(&Self {
            jobs: vec![9],
            done: 1,
        });
        let between = self.load();
        let queue: &mut Self = self.borrow_mut();
        queue.jobs.push(1);
        before + between + self.load()
    }

    fn swapped(&mut self) -> i64 {
        let before = self.load();
        let mut other = Self {
            jobs: vec![5, 5],
            done: 2,
        };
        other.load();
        std::mem::swap(self, &mut other);
        let between = self.load() + other.load();
        let old = std::mem::replace(self, Self::new());
        let again = std::mem::take(self);
        before + between + old.load() + again.load() + self.load()
    }

    fn again(&mut self, deep: u32) -> i64 {
        let before = self.load();
        self.jobs.push(i64::from(deep));
        if deep > 0 {
            return before + self.again(deep - 1) + self.load();
        }
        self.load()
    }

    fn reborrowed(&mut self) -> &mut Self {
        self.load();
        same(self).done += 1;
        self
    }

    fn handed_and_lent(&mut self) -> Option<&mut i64> {
        work(self);
        self.load();
        let lent = lent(self);
        lent.last_mut()
    }

    fn early(&mut self, leave: bool) -> &mut Vec<i64> {
        work(self);
        if leave || self.load() > 100 {
            return &mut self.jobs;
        }
        self.unmarked_chain().jobs.push(9);
        lent(self)
    }
}

#[track_caller]
fn is_right(queue: &Queue) {
    let fresh = queue.clone();
    assert_eq!((queue.load(), queue.shown()), (fresh.load(), fresh.shown()));
}

/// Runs the method twice, on a host with all kept and on one with nothing: the answers are right,
/// and what is read behind it.
#[track_caller]
fn gives<R: PartialEq + Debug>(answers: [R; 2], method: impl Fn(&mut Queue) -> R) {
    let kept = Queue::new();
    is_right(&kept);
    for mut host in [kept, Queue::new()] {
        for answer in &answers {
            assert_eq!(method(&mut host), *answer);
            is_right(&host);
        }
    }
}

#[test]
fn functions_and_what_holds_the_host() {
    gives([151, 454], Queue::to_functions);
    gives([Ok(18), Err("full".into())], Queue::to_functions_that_fail);
    gives([10, 16], Queue::to_functions_that_panic);
    gives([27, 63], Queue::in_a_struct);
    gives([6, 9], Queue::in_a_collection);
    gives([44, 84], Queue::in_collections);
    gives([22, 46], Queue::written);
    gives([25, 47], Queue::in_options);
}

#[test]
fn other_blocks_operators_and_traits() {
    gives([172, 417], Queue::to_other_blocks);
    gives([70, 184], Queue::to_operators);
    gives([23, 13], Queue::to_iterators);
    gives([22, 29], Queue::to_clones);
    gives([29, 23], Queue::swapped);
}

#[test]
fn macros_and_closures() {
    gives([23, 41], Queue::to_macros);
    gives([56, 102], Queue::to_closures);
}

#[test]
fn a_method_that_calls_itself() {
    gives([53, 95], |queue| queue.again(3));
}

#[test]
fn the_host_is_handed_on_and_lent() {
    gives([5, 7], |queue| {
        queue.reborrowed();
        queue.load()
    });
    gives([7, 11], |queue| {
        *queue.handed_and_lent().unwrap() += 1;
        queue.load()
    });
    gives([7, 11], |queue| {
        queue.early(true).push(1);
        queue.load()
    });
    gives([20, 37], |queue| {
        queue.early(false).push(1);
        queue.load()
    });
}

macro_rules! add_to {
    ($host:ident, $n:ident) => {
        $host.n += $n
    };
}

#[lazy]
#[derive(Default)]
struct Tally {
    n: i64,
}

#[lazy]
impl Tally {
    #[lazy]
    fn kept(&self) -> i64 {
        self.n
    }

    fn sum_of_two(&mut self) -> i64 {
        let mut sum = 0;
        for _ in 0..2 {
            sum += self.add_unseen();
        }
        sum += self.kept();
        sum
    }

    fn argument_in_a_macro(&mut self, x: i64) -> i64 {
        let mut sum = 0;
        sum += self.add_unseen() + x;
        sum += self.kept();
        add_to!(self, x);
        sum
    }

    fn name_again(&mut self) -> i64 {
        if let Some(n) = self.lent() {
            *n += 1;
        }
        let before = self.kept();
        self.add_unseen();
        let mut numbers = [before];
        for n in &mut numbers {
            *n += self.kept();
        }
        numbers[0]
    }

    fn name_again_in_an_arm(&mut self, which: i64) -> i64 {
        let look = |n: i64| n + self.kept();
        let mut sum = 0;
        sum += look(1);
        match which {
            0 => sum += self.add_unseen(),
            _ => {
                let look = 5;
                sum += self.add_unseen() + look;
            }
        }
        sum + self.kept()
    }

    fn two_aliases(&mut self) -> i64 {
        {
            let this = &mut *self;
            this.kept();
            this.n += 1;
        }
        let this = &mut *self;
        *this += 1;
        this.kept()
    }
}

impl Tally {
    fn add_unseen(&mut self) -> i64 {
        let before = self.kept();
        self.n += 1;
        before
    }

    fn lent(&mut self) -> Option<&mut i64> {
        self.kept();
        Some(&mut self.n)
    }
}

impl std::ops::AddAssign<i64> for Tally {
    fn add_assign(&mut self, n: i64) {
        self.kept();
        self.n += n;
    }
}

#[test]
fn a_number_that_is_made_of_what_unseen_code_gives_borrows_nothing() {
    assert_eq!(Tally::default().sum_of_two(), 3);
}

#[test]
fn a_name_that_is_bound_again_is_another_variable() {
    assert_eq!(Tally::default().name_again(), 3);
}

#[test]
fn a_host_that_gets_another_name_twice_is_followed_under_it() {
    assert_eq!(Tally::default().two_aliases(), 2);
}

#[test]
fn a_name_that_an_arm_binds_again_is_another_variable() {
    assert_eq!(Tally::default().name_again_in_an_arm(1), 7);
}

#[test]
fn a_number_that_a_macro_names_later_borrows_nothing() {
    let mut tally = Tally::default();
    assert_eq!((tally.argument_in_a_macro(5), tally.kept()), (6, 6));
}
