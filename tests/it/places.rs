//! The ways to reach a place of the host: patterns, other names, lent borrows, closures, async
//! blocks. Whatever is written through it, no read is stale.
#![allow(clippy::all, clippy::pedantic, dead_code)]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use lazy_prop::lazy;

#[lazy]
#[derive(Clone, Debug, Default)]
struct Mesh {
    points: Vec<[i64; 2]>,
    name: Option<String>,
    sides: (Vec<i64>, i64),
    state: State,
    child: Option<Box<Mesh>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
enum State {
    #[default]
    Empty,
    Open {
        by: String,
    },
}

#[lazy]
impl Mesh {
    fn new() -> Self {
        Self {
            points: vec![[1, 2], [3, 4]],
            name: Some("m".into()),
            sides: (vec![5], 6),
            state: State::Open { by: "b".into() },
            child: None,
        }
    }

    #[lazy]
    fn area(&self) -> i64 {
        self.points.iter().map(|[x, y]| x * y).sum()
    }

    #[lazy]
    fn title(&self) -> &str {
        format!("{:?} {:?}", self.name, self.state)
    }

    #[lazy]
    fn edges(&self) -> i64 {
        self.sides.0.iter().sum::<i64>() + self.sides.1 + self.area()
    }

    fn destructured(&mut self) -> i64 {
        let before = self.area();
        let Self {
            points,
            sides: (list, last),
            ..
        } = self;
        points.push([before, 1]);
        list.push(*last);
        *last += 1;
        self.edges()
    }

    /// The place is matched where it is: a name is not moved out of the host.
    fn matched_where_it_is(&mut self) -> i64 {
        let read = self.edges()
            + match self.name {
                Some(ref name) => name.len() as i64,
                None => 0,
            };
        while let Some(ref name) = self.name {
            if name.len() as i64 + self.edges() > 9 {
                break;
            }
        }
        if self.edges() > 1 {
            if let Some(ref name) = self.name {
                return read + name.len() as i64 + self.title().len() as i64;
            }
        }
        read
    }

    fn matched(&mut self) -> i64 {
        self.edges();
        match self {
            Self {
                name: Some(name),
                points,
                ..
            } if points.len() < 4 => {
                name.push('!');
                points.push([1, 1]);
            }
            Self { points, .. } => points.clear(),
        }
        self.edges() + self.title().len() as i64
    }

    fn guarded(&mut self) -> i64 {
        match self.sides.1 {
            6 if self.edges() > 20 => self.sides.1 = 0,
            6 if {
                self.points.pop();
                self.area() < 3
            } =>
            {
                self.sides.1 += 1
            }
            n if self.edges() == n => {}
            _ => self.sides.0.clear(),
        }
        self.edges()
    }

    fn by_state(&mut self) -> usize {
        self.title();
        if let State::Open { by } = &mut self.state {
            by.push('y');
        }
        let before = self.title().len();
        match self.state {
            State::Open { ref mut by } if by.len() > 2 => by.clear(),
            State::Open { ref mut by } => *by += "z",
            State::Empty => {}
        }
        let again = self.title().len();
        if let Some(name) = self.name.as_mut() {
            name.push_str("n");
        }
        let ref mut place = self.state;
        *place = State::Empty;
        before + again + self.title().len()
    }

    fn taken(&mut self) -> Option<usize> {
        self.title();
        let name = self.name.take()?;
        let shown = self.title().to_owned();
        self.name.replace(shown.clone());
        self.name.get_or_insert_with(String::new).push_str(&name);
        Some(shown.len() + self.title().len())
    }

    fn by_another_name(&mut self) -> i64 {
        let before = self.area();
        let this = self;
        this.points.push([before, 2]);
        let between = this.area();
        this.points.push([between, 3]);
        let again = &mut *this;
        again.points[0] = [9, 9];
        again.edges()
    }

    fn by_another_borrow(&mut self) -> i64 {
        self.area();
        let this = &mut *self;
        this.points.clear();
        let between = this.area();
        let Self { points, .. } = this;
        points.push([7, 7]);
        self.area() + between
    }

    fn by_a_later_name(&mut self) -> i64 {
        let this;
        self.area();
        this = self;
        let points = &mut this.points;
        points.push([2, 2]);
        let area = this.area();
        (this.points, this.sides.1) = (vec![[area, area]], 1);
        this.edges()
    }

    fn lent_and_read(&mut self) -> i64 {
        let first = &mut self.points[0];
        first[0] += 1;
        first[1] += 1;
        let area = self.area();
        let [_, last] = self.points.last_mut().unwrap();
        *last = area;
        self.area()
    }

    fn points_mut(&mut self) -> impl Iterator<Item = &mut [i64; 2]> {
        self.area();
        self.points.iter_mut()
    }

    fn odd_mut<'s>(&'s mut self) -> Box<dyn Iterator<Item = &'s mut i64> + 's> {
        let area = self.area();
        Box::new(self.points.iter_mut().flatten().filter(move |n| **n < area))
    }

    fn point_mut(&mut self, at: usize) -> Option<&mut [i64; 2]> {
        if self.area() > 1_000_000 {
            return None;
        }
        let len = self.points.len();
        self.points.get_mut(at % len)
    }

    fn parts_mut(&mut self) -> (&mut Vec<[i64; 2]>, &mut i64) {
        self.edges();
        (&mut self.points, &mut self.sides.1)
    }

    fn child_or_self(&mut self, deep: bool) -> &mut Self {
        self.edges();
        if !deep {
            return self;
        }
        self.child.get_or_insert_with(|| Box::new(Mesh::new()))
    }

    fn used_lent(&mut self) -> i64 {
        let mut sum = self.area();
        for point in self.points_mut() {
            point[0] += 1;
        }
        sum += self.area();
        self.odd_mut().for_each(|n| *n += 1);
        sum += self.area();
        if let Some(point) = self.point_mut(1) {
            *point = [1, 1];
        }
        sum += self.edges();
        let (points, side) = self.parts_mut();
        points.pop();
        *side += 1;
        sum += self.edges();
        self.child_or_self(false).points.push([2, 2]);
        sum += self.edges();
        self.child_or_self(true).points.clear();
        sum + self.edges()
    }

    fn iterated(&mut self) -> i64 {
        let mut seen = self.area();
        for [x, _] in &mut self.points {
            *x += 1;
        }
        seen += self.area();
        for point in self.points.iter_mut() {
            point.swap(0, 1);
            point[0] *= 2;
        }
        seen += self.area();
        for at in 0..self.points.len() {
            self.points[at][1] += self.points[at][0];
            seen += self.area();
        }
        seen
    }

    fn by_closures(&mut self) -> i64 {
        let before = self.area();
        let mut push = |n| self.points.push([n, n]);
        push(1);
        push(2);
        let between = self.area();
        let mut whole = |n: i64| {
            let area = self.area();
            self.points.push([n, area]);
            self.area() - area
        };
        let grown = whole(1) + whole(2);
        let mut take = || std::mem::take(&mut self.points);
        let taken = take().len() as i64;
        before + between + grown + taken + self.area()
    }

    fn by_two_closures(&mut self) -> i64 {
        self.edges();
        let mut one = || self.points.push([1, 1]);
        let mut other = || self.sides.0.push(1);
        one();
        other();
        one();
        self.edges()
    }

    fn by_a_moving_closure(&mut self) -> i64 {
        self.area();
        let mut clear = move || {
            self.points.clear();
            self.area()
        };
        clear()
    }

    fn awaited(&mut self) -> i64 {
        let before = self.area();
        let task = async {
            self.points.push([before, 1]);
            let area = self.area();
            std::future::ready(()).await;
            self.points.push([area, 1]);
            self.area()
        };
        let done = ready(task);
        done + self.area()
    }

    async fn changes(&mut self) -> i64 {
        let before = self.area();
        self.points.push([std::future::ready(self.area()).await, 1]);
        before + self.area()
    }

    fn threaded(&mut self) -> i64 {
        let (points, name) = (&mut self.points, &mut self.name);
        std::thread::scope(|scope| {
            scope.spawn(|| points.push([3, 3]));
            scope.spawn(|| *name = None);
        });
        self.area() + self.title().len() as i64
    }

    fn by_a_borrow_of_a_field(&mut self) -> i64 {
        self.edges();
        let list = &mut self.sides.0;
        for n in 0..3 {
            list.push(n);
        }
        let sides = &mut self.sides;
        sides.1 += 1;
        let now = self.edges();
        let sides = std::ptr::addr_of_mut!(self.sides);
        let _ = sides;
        let raw = &raw mut self.points;
        let _ = raw;
        now + self.edges()
    }

    fn nested_items(&mut self) -> i64 {
        fn push(points: &mut Vec<[i64; 2]>) {
            points.push([1, 5]);
        }
        struct Guard<'a>(&'a mut i64);
        impl Drop for Guard<'_> {
            fn drop(&mut self) {
                *self.0 += 1;
            }
        }
        self.edges();
        push(&mut self.points);
        let before = self.edges();
        drop(Guard(&mut self.sides.1));
        {
            let _guard = Guard(&mut self.sides.1);
        }
        before + self.edges()
    }
}

fn ready<T>(task: impl Future<Output = T>) -> T {
    match pin!(task).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("nothing waits"),
    }
}

#[track_caller]
fn is_right(mesh: &Mesh) {
    let fresh = mesh.clone();
    assert_eq!(
        (mesh.area(), mesh.title(), mesh.edges()),
        (fresh.area(), fresh.title(), fresh.edges())
    );
}

/// Runs the method twice, on a host with all kept and on one with nothing: the answers are right,
/// and what is read behind it.
#[track_caller]
fn gives<R: PartialEq + std::fmt::Debug>(answers: [R; 2], method: impl Fn(&mut Mesh) -> R) {
    let kept = Mesh::new();
    is_right(&kept);
    for mut host in [kept, Mesh::new()] {
        for answer in &answers {
            assert_eq!(method(&mut host), *answer);
            is_right(&host);
        }
    }
}

#[test]
fn patterns() {
    gives([46, 82], Mesh::destructured);
    gives([53, 55], Mesh::matched);
    gives([53, 53], Mesh::matched_where_it_is);
    gives([19, 14], Mesh::guarded);
    gives([71, 49], Mesh::by_state);
    gives([Some(70), Some(93)], Mesh::taken);
}

#[test]
fn other_names() {
    gives([258, 2975], Mesh::by_another_name);
    gives([49, 49], Mesh::by_another_borrow);
    gives([330, 107590], Mesh::by_a_later_name);
    gives([58, 66], Mesh::by_a_borrow_of_a_field);
}

#[test]
fn borrows_that_are_lent() {
    gives([60, 210], Mesh::lent_and_read);
    gives([160, 203], Mesh::used_lent);
    gives([250, 1950], Mesh::iterated);
    gives([2, 2], |mesh| {
        mesh.points_mut()
            .map(|point| {
                point[0] += 1;
                1
            })
            .sum::<i64>()
    });
    gives([13, 11], |mesh| {
        mesh.parts_mut().0.pop();
        mesh.edges()
    });
    gives([25, 25], |mesh| {
        mesh.child_or_self(false);
        mesh.edges()
    });
}

#[test]
fn closures_tasks_and_items() {
    gives([134, 34], Mesh::by_closures);
    gives([28, 31], Mesh::by_two_closures);
    gives([0, 0], Mesh::by_a_moving_closure);
    gives([112, 448], Mesh::awaited);
    gives([42, 84], |mesh| ready(mesh.changes()));
    gives([44, 53], Mesh::threaded);
    gives([62, 76], Mesh::nested_items);
}
