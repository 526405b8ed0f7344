//! Random bodies: the reads of properties, and the changes of methods.

use fastrand::Rng;

use crate::host::{Call, Changer, Property};

/// The parts of a host that a body can use so far.
pub struct Bodies<'r> {
    pub random: &'r mut Rng,
    pub fields: Vec<Field>,
    pub properties: Vec<Property>,
    pub helpers: usize,
    pub changers: Vec<Changer>,
}

pub struct Field {
    pub name: String,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Number,
    Text,
    List,
}

impl Kind {
    pub fn ty(self) -> &'static str {
        match self {
            Self::Number => "i64",
            Self::Text => "String",
            Self::List => "Vec<i64>",
        }
    }

    pub fn start(self) -> &'static str {
        match self {
            Self::Number => "1",
            Self::Text => "\"text\".to_owned()",
            Self::List => "vec![1, 2]",
        }
    }
}

impl Field {
    pub fn new(number: usize, kind: Kind) -> Self {
        Self {
            name: format!("f{number}"),
            kind,
        }
    }

    /// An `i64` made of the field of `host`.
    pub fn read(&self, host: &str) -> String {
        let Self { name, kind } = self;
        match kind {
            Kind::Number => format!("{host}.{name}"),
            Kind::Text => format!("{host}.{name}.len() as i64"),
            Kind::List => {
                format!("{host}.{name}.iter().fold(0i64, |a, b| a.wrapping_add(*b))")
            }
        }
    }
}

/// How often a list or a text may grow: beyond, it is emptied, so that a run stays quick.
const LIMIT: usize = 50;

impl Bodies<'_> {
    pub fn property(&mut self, number: usize) -> Property {
        let lends = self.random.usize(..4) == 0;
        let mut names = Vec::new();
        let mut body = "        let mut sum = 0i64;\n".to_owned();
        for _ in 0..self.random.usize(1..4) {
            body += &self.term(&mut names);
        }
        // The first one reads a field for certain: a mistake can be planted there.
        if number == 0 || names.is_empty() {
            let field = &self.fields[self.random.usize(..self.fields.len())];
            body += &format!("        sum = sum.wrapping_add({});\n", field.read("self"));
            names.insert(0, field.name.clone());
        }
        body += if lends {
            "        sum.to_string()\n"
        } else {
            "        sum\n"
        };
        Property {
            name: format!("p{number}"),
            lends,
            body,
            names,
        }
    }

    /// A statement that adds something read to `sum`.
    fn term(&mut self, names: &mut Vec<String>) -> String {
        let field = &self.fields[self.random.usize(..self.fields.len())];
        let name = field.name.clone();
        let read = field.read("self");
        let choice = self.random.usize(..9);
        if choice < 6 {
            names.push(name.clone());
        }
        let value = match choice {
            0..=2 => read,
            3 => format!(
                "{{ let Self {{ {name}, .. }} = self; format!(\"{{{name}:?}}\").len() as i64 }}"
            ),
            4 if self.random.bool() => format!("peek!(self, {name})"),
            4 => format!("format!(\"{{:?}}\", self.{name}).len() as i64"),
            5 => format!("if {read} % 2 == 0 {{ {read} }} else {{ 3 }}"),
            6 if !self.properties.is_empty() => self.property_value(),
            7 if self.helpers > 0 => format!("self.help{}()", self.random.usize(..self.helpers)),
            8 if self.random.usize(..3) == 0 => "whole(self)".to_owned(),
            _ => "5".to_owned(),
        };
        format!("        sum = sum.wrapping_mul(3).wrapping_add({value});\n")
    }

    fn property_value(&mut self) -> String {
        let property = &self.properties[self.random.usize(..self.properties.len())];
        format!("self.{}_value()", property.name)
    }

    pub fn helper(&mut self) -> String {
        let term = self.term(&mut Vec::new());
        let number = self.helpers;
        let read = self.property_value();
        format!(
            "    fn help{number}(&self) -> i64 {{\n        let mut sum = {read};\n{term}        sum\n    }}\n\n"
        )
    }

    pub fn changer(&mut self, number: usize) -> Changer {
        let name = format!("c{number}");
        let call = match self.random.usize(..10) {
            0 => Call::Lends,
            1 | 2 => Call::Builds,
            3 => Call::Chains,
            4 | 5 => Call::Fallible,
            _ => Call::Plain,
        };
        let body = match call {
            Call::Lends => self.lending_body(),
            Call::Builds => self.building_body(),
            Call::Chains => self.chaining_body(),
            Call::Plain | Call::Fallible => self.phases(call),
        };
        Changer { name, call, body }
    }

    fn lending_body(&mut self) -> String {
        let number = self.number_field();
        format!("{}        &mut self.{number}\n", self.change("self"))
    }

    /// Reads, changes where it is seen or not, and gives the host back, perhaps early.
    fn building_body(&mut self) -> String {
        let mut body = String::new();
        if self.random.bool() {
            let read = self.property_value();
            let leave = ["return self;", "sum += 1;"][self.random.usize(..2)];
            body += &format!(
                "        let mut sum = {read};\n        if sum % 3 == 0 {{ {leave} }}\n        let _ = sum;\n"
            );
        }
        if self.random.bool() {
            body += "        elsewhere(&mut self, x);\n";
        }
        body += &self.changes("&mut self");
        body + ["        self\n", "        let made = self;\n        made\n"]
            [self.random.usize(..2)]
    }

    /// Changes where it isn't seen, and goes on with the host.
    fn chaining_body(&mut self) -> String {
        let changes = self.changes("self");
        let early = ["", "        if x % 2 == 0 { return self; }\n"][self.random.usize(..2)];
        format!("{changes}        elsewhere(self, x);\n{early}        self\n")
    }

    /// Changes, reads, changes. What is unseen comes where it is not refused: not behind a read and
    /// a change of what that read.
    fn phases(&mut self, call: Call) -> String {
        let mut body = "        let mut sum = 0i64;\n".to_owned();
        if self.random.bool() {
            body += &self.changes("self");
            body += &self.unseen_change();
        }
        if self.random.usize(..3) > 0 {
            body += &self.read(call);
            body += &self.leave(call);
            body += &self.unseen_change();
            body += &self.changes("self");
        }
        body += if call == Call::Fallible {
            "        Some(sum)\n"
        } else {
            "        sum\n"
        };
        body
    }

    /// A way to read a property.
    fn read(&mut self, call: Call) -> String {
        let read = self.property_value();
        let changer = self.callable();
        let statement = match (self.random.usize(..7), changer, call) {
            (0, Some(changer), _) => format!(
                "let mut fuel = 3; while {read} % 3 != 1 && fuel > 0 {{ fuel -= 1; self.{changer}(x); }}"
            ),
            (1, Some(changer), Call::Plain) => {
                format!("if {read} > 30 && self.{changer}(x) > 0 {{ return sum; }}")
            }
            (2, _, _) => {
                format!("match x % 3 {{ 0 if {read} > 9 => sum += 1, 1 => sum += 2, _ => {{}} }}")
            }
            (3, _, _) => {
                format!("for step in 0..3 {{ if {read} % 2 == step {{ break; }} sum += step; }}")
            }
            (4, _, _) => {
                format!("let look = |this: i64| this.wrapping_add({read}); sum = look(sum);")
            }
            _ => format!("sum = sum.wrapping_add({read});"),
        };
        format!("        {statement}\n")
    }

    /// A method that changes the host and can be called from others.
    fn callable(&mut self) -> Option<String> {
        let callable: Vec<_> = self
            .changers
            .iter()
            .filter(|changer| changer.call == Call::Plain)
            .collect();
        if callable.is_empty() {
            return None;
        }
        Some(callable[self.random.usize(..callable.len())].name.clone())
    }

    fn changes(&mut self, host: &str) -> String {
        let count = self.random.usize(1..4);
        (0..count).map(|_| self.change(host)).collect()
    }

    fn number_field(&mut self) -> String {
        let numbers: Vec<_> = self
            .fields
            .iter()
            .filter(|field| field.kind == Kind::Number)
            .collect();
        numbers[self.random.usize(..numbers.len())].name.clone()
    }

    /// A statement that changes a field.
    fn change(&mut self, host: &str) -> String {
        let field = &self.fields[self.random.usize(..self.fields.len())];
        let (name, kind) = (field.name.clone(), field.kind);
        let other = self.number_field();
        let choice = self.random.usize(..6);
        let statement = match (choice, kind) {
            (0, _) => format!("std::mem::swap(&mut self.{other}, &mut {{ 3 }});"),
            (1, _) => {
                format!("let Self {{ {other}, .. }} = {host}; *{other} = {other}.wrapping_add(1);")
            }
            (2, _) => format!(
                "for step in 0..2 {{ if step == 1 {{ continue; }} self.{other} ^= step + 4; }}"
            ),
            (3, Kind::Number) => {
                format!("(self.{name}, self.{other}) = (self.{other}, self.{name});")
            }
            (4, Kind::Number) => {
                format!("let place = &mut self.{name}; *place = place.wrapping_mul(5);")
            }
            (_, Kind::Number) => format!("self.{name} = self.{other}.wrapping_add(self.{name});"),
            (3, Kind::Text) => format!("let _old = std::mem::take(&mut self.{name});"),
            (_, Kind::Text) => {
                format!(
                    "if self.{name}.len() > {LIMIT} {{ self.{name}.clear(); }} else {{ self.{name}.push('x'); }}"
                )
            }
            (3, Kind::List) => format!("while self.{name}.len() > 3 {{ self.{name}.pop(); }}"),
            (4, Kind::List) => format!("self.{name}.iter_mut().for_each(|n| *n ^= 1);"),
            (_, Kind::List) => {
                format!("self.{name}.truncate({LIMIT}); self.{name}.push(self.{other});")
            }
        };
        format!("        {statement}\n")
    }

    /// A change that can't be seen, or is another method's; or nothing.
    fn unseen_change(&mut self) -> String {
        let statement = match self.random.usize(..8) {
            0 => "let _seen = outside(self, x);".to_owned(),
            1 => {
                let number = self.number_field();
                format!("bump!(self, {number}, x);")
            }
            2 => match self.callable() {
                Some(changer) => format!("sum = sum.wrapping_add(self.{changer}(x));"),
                None => return String::new(),
            },
            3 => "self.fluent(x);".to_owned(),
            4 => {
                let number = self.number_field();
                format!("self.fluent(x).{number} ^= 9;")
            }
            _ => return String::new(),
        };
        format!("        {statement}\n")
    }

    /// A way to leave between a read and a change.
    fn leave(&mut self, call: Call) -> String {
        let leave = match (self.random.usize(..4), call) {
            (0, Call::Plain) => "if x % 3 == 0 { return sum; }",
            (0, Call::Fallible) => "if x % 3 == 0 { return Some(sum); }",
            (1, Call::Fallible) => "let _one = (x % 5 != 0).then_some(1)?;",
            (2, _) => "if x % 7 == 0 { panic!() }",
            _ => return String::new(),
        };
        format!("        {leave}\n")
    }
}
