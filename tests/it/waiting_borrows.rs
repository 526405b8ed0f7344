//! A change whose arguments read properties: they run while the borrow of the place waits, so what
//! they keep is cleared behind them, however they are left.
#![allow(clippy::all, clippy::pedantic, dead_code)]

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lazy_prop::lazy;

#[lazy]
#[derive(Clone, Debug, Default)]
struct Sheet {
    cells: Vec<i64>,
    names: HashMap<String, i64>,
    text: String,
    pair: (i64, i64),
    boxed: Box<Vec<i64>>,
    table: [i64; 3],
}

#[lazy]
impl Sheet {
    fn new() -> Self {
        Self {
            cells: vec![1, 2, 3],
            text: "ab".into(),
            pair: (4, 5),
            ..Default::default()
        }
    }

    #[lazy]
    fn sum(&self) -> i64 {
        let numbers = self.cells.iter().chain(&*self.boxed).chain(&self.table);
        numbers.sum::<i64>() + self.pair.0
    }

    #[lazy]
    fn width(&self) -> usize {
        self.text.len() + self.cells.len() + self.names.len() + self.boxed.len()
    }

    #[lazy]
    fn rows(&self) -> &[i64] {
        self.cells.iter().map(|n| n * 2 + self.pair.0).collect()
    }

    #[lazy]
    fn checked(&self) -> Result<&i64, String> {
        if self.cells.len() > 6 {
            Err("too many".into())
        } else {
            Ok(self.sum())
        }
    }

    fn push_sum(&mut self) {
        self.cells.push(self.sum());
        self.cells.push(self.sum());
    }

    fn insert_at(&mut self) {
        self.cells.insert(self.width() % 2, self.sum());
        self.text.push_str(&self.sum().to_string());
        self.text
            .insert_str(self.width() % 2, &format!("{}", self.width()));
    }

    fn entry(&mut self, name: &str) -> i64 {
        let sum = self.sum();
        *self.names.entry(name.to_owned()).or_insert(sum) += self.cells.len() as i64;
        self.names
            .insert(self.width().to_string(), self.width() as i64);
        self.names.values().sum::<i64>() + self.width() as i64
    }

    fn nested(&mut self) {
        self.cells.push({
            let before = self.sum();
            before + self.width() as i64
        });
        self.cells.push(if self.sum() > 3 { self.sum() } else { 1 });
        self.cells.extend((0..2).map(|_| 7).chain([self.sum()]));
    }

    fn tried(&mut self) -> Result<i64, String> {
        self.cells.push(*self.checked()?);
        self.cells.push(*self.checked()? + *self.checked()?);
        self.cells
            .resize(*self.checked()? as usize % 4 + 5, *self.checked()?);
        self.cells.push(self.sum() + *self.checked()?);
        Ok(self.sum())
    }

    fn returned(&mut self, early: bool) -> i64 {
        self.cells
            .push(if early { return self.sum() } else { self.sum() });
        self.sum()
    }

    fn broken_off(&mut self) -> i64 {
        loop {
            self.cells.push(match self.sum() {
                n if n > 60 => break n,
                n if n % 2 == 1 => {
                    self.pair.0 += 1;
                    continue;
                }
                n => n,
            });
        }
    }

    fn panicked(&mut self) {
        self.cells.push(if self.sum() > 0 {
            panic!("{}", self.sum())
        } else {
            1
        });
    }

    fn panicked_and_caught(&mut self) -> i64 {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            self.cells.push(self.sum());
            self.cells
                .push(i64::from(u8::try_from(self.sum() * 100).unwrap()));
        }));
        self.sum()
    }

    fn assigned(&mut self) -> i64 {
        self.pair.0 = self.sum();
        self.pair.0 += self.sum();
        self.pair.0 -= self.sum() + self.width() as i64;
        self.pair = (self.sum(), self.sum());
        (self.pair.0, self.pair.1) = (self.sum() * 2, self.pair.0);
        [self.pair.0, _] = [self.sum(), 1];
        self.cells[0] = self.sum();
        self.sum()
    }

    fn indexed(&mut self) -> i64 {
        self.table[self.width() % 3] = self.sum();
        self.table[self.width() % 3] += self.sum();
        self.table[self.sum() as usize % 3] -= self.table[self.width() % 3] + self.sum();
        let at = self.width() % 3;
        self.cells[at] = self.sum();
        self.cells[{
            self.text.push('x');
            at
        }] += 1;
        *self.cells.get_mut(at).unwrap() += self.width() as i64;
        self.sum()
    }

    fn indexed_and_tried(&mut self, at: Option<usize>) -> Option<i64> {
        self.sum();
        self.cells[at?] = self.sum();
        self.cells[at? + 1] += at.map(|at| self.sum() + at as i64)?;
        Some(self.sum())
    }

    fn as_argument(&mut self) -> i64 {
        let got = std::mem::replace(&mut self.pair.0, 0);
        add_to(&mut self.cells, got);
        let sum = self.sum();
        let other = self.pair.1;
        std::mem::swap(&mut self.pair.0, &mut { other + sum });
        let taken = std::mem::take(&mut self.cells);
        self.sum() + taken.iter().sum::<i64>()
    }

    fn through_a_box(&mut self) -> i64 {
        self.boxed.push(self.sum());
        self.boxed.push(self.sum());
        *self.boxed = vec![self.sum(), self.sum()];
        self.boxed[0] += self.sum();
        self.boxed.as_mut_slice()[1] = self.sum();
        self.sum()
    }

    fn by_closure(&mut self) -> i64 {
        let more = |n: i64| n + self.sum();
        let more = more(1);
        self.cells.retain(|n| *n != more);
        self.cells.iter_mut().for_each(|n| *n += more);
        let sum = self.sum();
        self.cells.sort_by_key(|n| (sum - n) % 7);
        self.cells.dedup_by_key(|n| *n % 2);
        self.sum()
    }

    fn called_on_what_was_read(&mut self) -> i64 {
        self.sum()
            .to_string()
            .chars()
            .for_each(|c| self.text.push(c));
        let shown = self.width().to_string();
        self.text.push_str(shown.trim());
        self.width() as i64
    }

    fn helper_as_argument(&mut self) -> i64 {
        let a = self.grow(self.width() as i64);
        self.grow(self.sum() + a)
    }

    fn grow(&mut self, by: i64) -> i64 {
        self.cells.push(by);
        self.sum()
    }

    fn behind_a_loan(&mut self) -> i64 {
        let rows = self.rows();
        let last = rows.last().copied().unwrap_or(0);
        self.pair.0 = rows[0] + last;
        let rows = self.rows();
        self.cells.push(rows[0]);
        let rows = self.rows();
        self.cells.insert(rows.len() % 2, rows[0]);
        self.sum()
    }

    fn as_a_path(&mut self) -> i64 {
        let sum = Self::sum(self);
        Vec::push(&mut self.cells, sum);
        Self::grow(self, 3);
        <Self as Clone>::clone_from(self, &Self::new());
        Sheet::sum(self)
    }
}

fn add_to(list: &mut Vec<i64>, n: i64) {
    list.push(n);
}

#[track_caller]
fn is_right(sheet: &Sheet) {
    let fresh = sheet.clone();
    assert_eq!(
        (sheet.sum(), sheet.width(), sheet.checked()),
        (fresh.sum(), fresh.width(), fresh.checked())
    );
}

/// Runs the method twice, on a host with all kept and on one with nothing: the answers are right,
/// and what is read behind it.
#[track_caller]
fn gives<R: PartialEq + std::fmt::Debug>(answers: [R; 2], method: impl Fn(&mut Sheet) -> R) {
    let kept = Sheet::new();
    is_right(&kept);
    for mut host in [kept, Sheet::new()] {
        for answer in &answers {
            assert_eq!(method(&mut host), *answer);
            is_right(&host);
        }
    }
}

#[test]
fn arguments_read_while_the_borrow_waits() {
    gives([40, 160], |sheet| {
        sheet.push_sum();
        sheet.sum()
    });
    gives([9, 14], |sheet| {
        sheet.insert_at();
        sheet.width() as i64
    });
    gives([26, 37], |sheet| sheet.entry("a"));
    gives([114, 966], |sheet| {
        sheet.nested();
        sheet.sum()
    });
    gives([320, 9000], Sheet::through_a_box);
}

#[test]
fn arguments_leave_early() {
    gives([Ok(180), Err("too many".into())], Sheet::tried);
    gives([10, 10], |sheet| sheet.returned(true));
    gives([20, 40], |sheet| sheet.returned(false));
    gives([80, 80], Sheet::broken_off);
    gives([true, true], |sheet| {
        catch_unwind(AssertUnwindSafe(|| sheet.panicked())).is_err()
    });
    gives([20, 40], Sheet::panicked_and_caught);
}

#[test]
fn right_sides_and_indices_read() {
    gives([27, 118], Sheet::assigned);
    gives([-56, 343], Sheet::indexed);
    gives([None, None], |sheet| sheet.indexed_and_tried(None));
    gives([Some(37), Some(129)], |sheet| {
        sheet.indexed_and_tried(Some(1))
    });
}

#[test]
fn fields_are_handed_on() {
    gives([25, 35], Sheet::as_argument);
    gives([43, 117], Sheet::by_closure);
    gives([8, 12], Sheet::called_on_what_was_read);
    gives([45, 156], Sheet::helper_as_argument);
    gives([58, 426], Sheet::behind_a_loan);
    gives([10, 10], Sheet::as_a_path);
}
