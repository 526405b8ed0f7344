//! A spreadsheet, with its totals.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use lazy_prop::lazy;

use super::{cases, ran, subject};

type At = (u32, u32);

#[lazy]
#[derive(Clone, Default)]
pub(super) struct Sheet {
    title: String,
    cells: BTreeMap<At, f64>,
    names: HashMap<String, At>,
    widths: Vec<u16>,
    active: At,
    history: Vec<(At, Option<f64>)>,
    locked: BTreeSet<At>,
}

#[lazy]
impl Sheet {
    fn titled(title: &str) -> Self {
        Self {
            title: title.into(),
            widths: vec![8; 3],
            ..Self::default()
        }
    }

    #[lazy]
    fn size(&self) -> At {
        ran("size");
        let rows = self.cells.keys().map(|(row, _)| row + 1).max();
        let columns = self.cells.keys().map(|(_, column)| column + 1).max();
        (rows.unwrap_or(0), columns.unwrap_or(0))
    }

    #[lazy]
    fn totals(&self) -> &[f64] {
        ran("totals");
        let mut totals = vec![0.0; self.size().1 as usize];
        for ((_, column), value) in &self.cells {
            totals[*column as usize] += value;
        }
        totals
    }

    #[lazy]
    fn named(&self) -> &BTreeMap<String, f64> {
        ran("named");
        let names = self.names.iter();
        let value = |at: &At| self.cells.get(at).copied().unwrap_or_default();
        names.map(|(name, at)| (name.clone(), value(at))).collect()
    }

    #[lazy]
    fn width(&self) -> u32 {
        ran("width");
        self.widths.iter().map(|width| u32::from(*width) + 1).sum()
    }

    #[lazy]
    fn header(&self) -> &str {
        ran("header");
        let mut header = self.title.to_uppercase();
        for (at, width) in self.widths.iter().enumerate() {
            let _ = write!(header, "|{at:>0$}", usize::from(*width));
        }
        header
    }

    #[lazy]
    fn editable(&self) -> usize {
        ran("editable");
        self.cells
            .keys()
            .filter(|at| !self.locked.contains(at))
            .count()
    }

    fn set(&mut self, at: At, value: f64) -> bool {
        if self.locked.contains(&at) {
            return false;
        }
        let old = self.cells.insert(at, value);
        self.history.push((at, old));
        true
    }

    fn undo(&mut self) {
        while let Some((at, old)) = self.history.pop() {
            match old {
                Some(value) => self.cells.insert(at, value),
                None => self.cells.remove(&at),
            };
            if self.cells.len() > 3 {
                break;
            }
        }
    }

    fn scale(&mut self, column: u32, by: f64) {
        let cells = self.cells.iter_mut();
        for (_, value) in cells.filter(|((_, of), _)| *of == column) {
            *value *= by;
        }
    }

    fn normalize(&mut self) {
        let totals = self.totals().to_vec();
        for ((_, column), value) in &mut self.cells {
            *value /= totals[*column as usize];
        }
    }

    fn add_total_row(&mut self) {
        let (row, columns) = self.size();
        for column in 0..columns {
            let total = self.totals()[column as usize];
            self.cells.insert((row, column), total);
        }
    }

    fn rename(&mut self, title: &str) {
        self.title.clear();
        self.title.push_str(title);
    }

    fn define(&mut self, name: &str, at: At) -> Option<At> {
        self.names.insert(name.to_owned(), at)
    }

    fn set_width(&mut self, column: usize, width: u16) -> Result<(), String> {
        let count = self.widths.len();
        let slot = self
            .widths
            .get_mut(column)
            .ok_or_else(|| format!("there are {count}"))?;
        *slot = width;
        Ok(())
    }

    fn go(&mut self, by: (i32, i32)) {
        let (rows, columns) = self.size();
        let (row, column) = self.active;
        self.active.0 = row.saturating_add_signed(by.0).min(rows - 1);
        self.active.1 = column.saturating_add_signed(by.1).min(columns - 1);
    }

    fn lock_row(&mut self, row: u32) -> usize {
        let before = self.locked.len();
        self.locked
            .extend(self.cells.keys().filter(|(of, _)| *of == row));
        self.locked.len() - before
    }

    fn clear_active(&mut self) {
        let at = self.active;
        if let Some(old) = self.cells.remove(&at) {
            self.history.push((at, Some(old)));
        }
    }
}

subject! { Sheet = {
        let mut sheet = Sheet::titled("costs");
        for (at, value) in [((0, 0), 1.0), ((0, 1), 2.0), ((1, 0), 3.0), ((1, 2), 4.0)] {
            sheet.set(at, value);
        }
        sheet.define("first", (0, 0));
        sheet
    };
    size of [cells],
    totals of [cells],
    named of [cells, names],
    width of [widths],
    header of [title, widths],
    editable of [cells, locked],
}

cases! { Sheet:
    set writes [names, cells, history]
        in |sheet| { sheet.define("new", (7, 7)); sheet.set((7, 7), 5.0); };
    undo writes [history, cells] in Sheet::undo;
    scale writes [cells] in |sheet| sheet.scale(0, 3.0);
    normalize writes [cells] in Sheet::normalize;
    add_total_row writes [cells] in Sheet::add_total_row;
    rename writes [title] in |sheet| sheet.rename("income");
    define writes [names] in |sheet| { sheet.define("last", (1, 2)); };
    set_width writes [widths] in |sheet| sheet.set_width(1, 12).expect("is there");
    set_no_width writes [] in |sheet| { sheet.set_width(9, 12).unwrap_err(); };
    go writes [active] in |sheet| sheet.go((1, 1));
    lock_row writes [locked] in |sheet| assert_eq!(sheet.lock_row(0), 2);
    clear_active writes [cells, history] in Sheet::clear_active;
}
