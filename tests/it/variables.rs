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

    fn look(&self) -> &Vec<i64> {
        self.kept();
        &self.log
    }

    fn step(&mut self) -> bool {
        self.add(1);
        self.n < 5
    }

    fn none(&mut self) -> Option<i64> {
        (self.add(1) < 3).then_some(1)
    }
}

fn add(tally: &mut Tally) -> i64 {
    tally.add(1)
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

    fn number(&mut self) -> i64 {
        let before = self.add(1);
        self.add(1);
        self.kept() * 10 + before
    }

    fn number_of_a_function(&mut self) -> i64 {
        let before = add(self);
        add(self);
        self.kept() * 10 + before
    }

    fn number_of_a_closure(&mut self) -> i64 {
        let mut act = |n: i64| self.add(n);
        let before = act(1);
        self.add(1);
        self.kept() * 10 + before
    }

    fn several(&mut self) -> i64 {
        let (before, text) = (self.add(1), self.add_to_log());
        let again = self.add(1);
        self.add(1);
        self.kept() * 100 + before * 10 + again + text.map_or(0, |text| text.len() as i64)
    }

    fn in_a_block(&mut self) -> i64 {
        let mut sum = 0;
        if let Some(n) = self.none() {
            self.add(1);
            sum += self.kept() + n;
        }
        match self.add_to_log() {
            Some(text) if text.is_empty() => {}
            Some(text) => {
                self.add(1);
                sum += self.kept() + text.len() as i64;
            }
            None => {}
        }
        while let Some(n) = self.none() {
            self.add(1);
            sum += self.kept() + n;
        }
        for n in 0..self.add(1) {
            self.add(1);
            sum += self.kept() + n;
        }
        sum
    }

    fn unknown_method_of_a_field(&mut self) -> i64 {
        let before = self.add(1);
        self.log.put(before);
        self.logged() * 10 + before
    }

    #[lazy]
    fn logged(&self) -> i64 {
        self.log.len() as i64
    }

    fn of_a_named_type(&mut self) -> i64 {
        let before: Before = self.before();
        self.add(1);
        self.kept() * 10 + before.0
    }

    fn parameter(&mut self, name: &str, names: &mut Vec<i64>) -> i64 {
        names.push(self.add(name.len() as i64));
        self.add(1);
        self.kept() * 10 + names[0] + name.len() as i64
    }

    fn loan_with_a_name(&mut self) -> &mut Vec<i64> {
        self.add(1);
        let log = &mut self.log;
        log
    }

    fn parameter_in_a_macro(&mut self) -> i64 {
        let mut sum = 0;
        for _ in 0..2 {
            if self.add(0) >= 0 {
                let shown = format!("{}", self.log.iter().fold(0, |a: i64, b| a.max(*b)));
                sum += shown.len() as i64;
            }
        }
        sum += self.add(1);
        sum += self.kept();
        let shown = format!("{}", self.log.iter().fold(0, |a: i64, b| a.max(*b)));
        sum + shown.len() as i64
    }

    fn out_of_a_block(&mut self) -> i64 {
        'out: {
            self.add(1);
            if self.n > 0 {
                break 'out;
            }
            self.kept();
        }
        self.kept()
    }

    fn out_of_a_loop(&mut self) -> i64 {
        let mut sum = 0;
        loop {
            self.add(1);
            if self.n > 2 {
                break;
            }
            sum += self.kept();
        }
        while self.step() {
            sum += self.kept();
        }
        sum * 10 + self.kept()
    }

    /// These borrow the host while code has it that the block does not see: clearing would not compile.
    fn borrowed(&mut self) -> i64 {
        let log = self.look();
        self.look();
        let (first, kept) = (log.first().copied().unwrap_or(7), self.kept());
        let found = self.log.first().filter(|_| log.len() > kept as usize);
        first + kept + found.copied().unwrap_or_default()
    }
}

#[derive(Clone, Copy)]
struct Before(i64);

trait Put {
    fn put(&mut self, n: i64);
}

impl Put for Vec<i64> {
    fn put(&mut self, n: i64) {
        self.push(n);
    }
}

impl Tally {
    fn before(&mut self) -> Before {
        Before(self.add(1))
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
    let mut tally = Tally {
        n: 1,
        ..Tally::default()
    };
    // 1 + 1, then 2 + 2, then 4.
    assert_eq!(tally.parameter_of_a_closure(1), 10);
    assert_eq!((tally.n, tally.kept()), (4, 4));
    assert_eq!(tally.parameter_of_a_closure(0), 5);
}

#[test]
fn a_value_of_its_own_borrows_nothing_whoever_gives_it() {
    let gives = |method: fn(&mut Tally) -> i64| method(&mut Tally::default());
    assert_eq!(gives(Tally::number), 20);
    assert_eq!(gives(Tally::number_of_a_function), 20);
    assert_eq!(gives(Tally::number_of_a_closure), 20);
    assert_eq!(gives(Tally::several), 400 + 2 + 5);
}

#[test]
fn nor_does_one_that_a_pattern_binds() {
    let mut tally = Tally::default();
    // 2 + 1, then 4 + 5; 5 is too many; 7, 8, …
    let of_loop: i64 = (0..5).map(|n| 7 + n + n).sum();
    assert_eq!(tally.in_a_block(), 3 + 9 + of_loop);
    assert_eq!(tally.kept(), tally.n);
}

#[test]
fn a_field_is_cleared_beside_such_values() {
    let mut tally = Tally::default();
    assert_eq!(tally.logged(), 0);
    assert_eq!(tally.unknown_method_of_a_field(), 10);
}

#[test]
fn a_written_type_without_a_lifetime_borrows_nothing() {
    assert_eq!(Tally::default().of_a_named_type(), 20);
}

#[test]
fn a_parameter_borrows_nothing() {
    assert_eq!(Tally::default().parameter("ab", &mut Vec::new()), 32);
}

#[test]
fn a_variable_that_borrows_the_host_keeps_it_from_being_cleared() {
    assert_eq!(Tally::default().borrowed(), 7);
}

#[test]
fn what_unseen_code_did_is_cleared_before_a_loan_with_a_name() {
    let mut tally = Tally::default();
    tally.loan_with_a_name().push(1);
    assert_eq!((tally.kept(), tally.logged()), (1, 1));
}

#[test]
fn the_parameter_of_a_closure_in_a_macro_is_another_variable() {
    assert_eq!(Tally::default().parameter_in_a_macro(), 2 + 1 + 1);
}

#[test]
fn a_jump_takes_what_unseen_code_did_to_the_end_of_its_block() {
    assert_eq!(Tally::default().out_of_a_block(), 1);
    // 1 + 2, then 4; at the end 5.
    assert_eq!(Tally::default().out_of_a_loop(), 75);
}
