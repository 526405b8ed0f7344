//! Variables that may borrow the host, for all that the macro sees: while one is used, nothing could
//! be cleared. A name that is bound again is another variable, and a value of its own borrows nothing.

use lazy_prop::lazy;

#[lazy]
#[derive(Default)]
struct Tally {
    n: i64,
    log: Vec<i64>,
}

/// Methods that the block does not see. They read the property, and then change its field.
impl Tally {
    fn add(&mut self, n: i64) -> i64 {
        let before = self.kept();
        self.n += n;
        before
    }

    fn add_to_log(&mut self) -> Option<String> {
        self.add(1);
        Some("added".to_owned())
    }

    fn none(&mut self) -> Option<i64> {
        (self.add(1) < 3).then_some(1)
    }
}

fn add(tally: &mut Tally) -> i64 {
    tally.add(1)
}

fn look(tally: &Tally) -> &Vec<i64> {
    tally.kept();
    &tally.log
}

#[lazy]
impl Tally {
    #[lazy]
    fn kept(&self) -> i64 {
        self.n
    }

    fn read(&self) -> i64 {
        self.kept()
    }
}

#[lazy(also)]
impl Tally {
    fn parameter_of_a_closure(&mut self, which: i64) -> i64 {
        let mut sum = 0;
        match which {
            0 => {
                let mut look = |n: i64| n.wrapping_add(self.read());
                sum += look(1);
            }
            _ => {
                let mut act = |n: i64| {
                    sum += self.add(self.kept());
                    sum += n.pow(1);
                };
                act(1);
                act(2);
                sum += self.kept();
            }
        }
        sum
    }
}

#[test]
fn the_parameter_of_a_closure_is_another_variable() {
    let mut tally = Tally { n: 1, ..Tally::default() };
    // 1 + 1, then 2 + 2, then 4.
    assert_eq!(tally.parameter_of_a_closure(1), 10);
    assert_eq!((tally.n, tally.kept()), (4, 4));
    assert_eq!(tally.parameter_of_a_closure(0), 5);
}
