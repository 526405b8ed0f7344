//! Statements that change the host, and those that hand it to code that does.

use fastrand::Rng;

use crate::body::{Body, value};
use crate::field::Kind;

impl Body<'_, '_> {
    pub fn chain(&mut self) -> String {
        let Some(field) = self.field_of(Kind::Maybe) else {
            return self.read();
        };
        let (host, value, body) = (self.host, self.value(), self.block());
        format!(
            "if let Some(n) = {host}.{field}.as_mut() && {{ *n ^= 1; *n % 3 != 0 }} && {value} % 2 == 0 {body}"
        )
    }

    /// What is pushed leaves the body, or reads, or changes.
    pub fn argument(&mut self) -> String {
        let Some(field) = self.field_of(Kind::List) else {
            return self.change();
        };
        let (host, value, other) = (self.host, self.value(), self.value());
        let argument = match (self.random.usize(..4), self.exit) {
            (0, Some(exit)) => format!("if {value} % 3 == 0 {{ {exit} }} else {{ {other} }}"),
            (1, _) if self.fallible => format!("({value} % 3 != 0).then_some({other})?"),
            (2, _) if self.panics => {
                format!("if {value} % 3 == 0 {{ panic!() }} else {{ {other} }}")
            }
            _ => format!("{{ let before = {value}; before ^ {other} }}"),
        };
        format!("{host}.{field}.truncate(40); {host}.{field}.push({argument});")
    }

    pub fn change(&mut self) -> String {
        let (around, host) = (self.around, self.host);
        if self.random.usize(..9) == 0 {
            return self.changed_by_pattern();
        }
        let field = &around.fields[self.random.usize(..around.fields.len())];
        let place = format!("{host}.{}", field.name);
        let mut v = |random: &mut Rng| value(around, host, random);
        let change = field.kind.change(&place, self.random, &mut v);
        if self.panics || !change.contains("panic!") {
            format!("{{ {change} }}")
        } else {
            String::new()
        }
    }

    fn changed_by_pattern(&mut self) -> String {
        let name = self.field_of(Kind::Number).expect("there are two");
        let whole = if self.owned { "&mut self" } else { self.host };
        let value = self.value();
        match self.random.usize(..4) {
            0 => format!("{{ let Host {{ {name}, .. }} = {whole}; *{name} ^= 3; }}"),
            1 => format!(
                "match {whole} {{ Host {{ {name}, .. }} if *{name} % 2 == 0 => *{name} ^= 1, Host {{ {name}: n, .. }} => *n ^= 2 }}"
            ),
            2 => {
                let other = self.field_of(Kind::Number).expect("there are two");
                let host = self.host;
                format!("({host}.{name}, {host}.{other}) = ({host}.{other}, {value});")
            }
            _ => {
                let number = self.around.fields.len() - 1;
                format!(
                    "std::mem::swap(&mut {0}.f{number}, &mut {0}.f{1});",
                    self.host,
                    number - 1
                )
            }
        }
    }

    /// Lets go of the host as a whole: to code that reads and changes it.
    pub fn hand_on(&mut self) -> String {
        let (host, owned) = (self.host, self.owned);
        let whole = if owned { "&mut self" } else { host };
        let name = self.field_of(Kind::Number).expect("there are two");
        let value = self.value();
        match self.random.usize(..12) {
            0 if self.panics => format!("sum ^= outside({whole}, x);"),
            1 => format!("elsewhere({whole}, x);"),
            2 => format!("bump!({host}, {name}, x);"),
            3 => format!("{host}.fluent(x);"),
            4 => format!("{host}.fluent(x).{name} ^= 9;"),
            5 if owned => "self += x;".to_owned(),
            5 => format!("*{host} += x;"),
            6 => format!("sum ^= {host}.unmarked({value});"),
            7 => format!("sum ^= {host}.poke(x);"),
            8 => format!("if let Some(n) = {host}.pick() {{ *n ^= 1; }}"),
            9 => format!(
                "{{ use std::fmt::Write as _; let _ = write!({host}, \"{{}}\", x.unsigned_abs()); }}"
            ),
            10 => format!("let _clone = {host}.clone(); sum ^= whole(&_clone);"),
            _ => format!("while {host}.step() {{}}"),
        }
    }
}
