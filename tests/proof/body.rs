//! Bodies of methods at random: statements that read, change, branch, loop, leave and hand the host
//! on, in any order.

use fastrand::Rng;

use crate::field::{Field, Kind};
use crate::method::{Call, Method};
use crate::property::Property;

/// What a body is written from.
pub struct Around<'h> {
    pub fields: &'h [Field],
    pub properties: &'h [Property],
    pub helpers: usize,
    /// The methods before this one.
    pub methods: &'h [Method],
}

/// A body that is being written.
pub struct Body<'b, 'h> {
    pub around: &'b Around<'h>,
    pub random: &'b mut Rng,
    /// What the host goes by here.
    host: &'static str,
    /// What leaves the method here, if anything can.
    exit: Option<&'static str>,
    fallible: bool,
    owned: bool,
    panics: bool,
    awaits: bool,
    /// Calls of other methods stand outside of loops, so that a run ends soon.
    calls: bool,
    depth: u32,
}

impl<'b, 'h> Body<'b, 'h> {
    pub fn new(around: &'b Around<'h>, random: &'b mut Rng, call: Call) -> Self {
        Self {
            around,
            random,
            host: "self",
            exit: match call {
                Call::Plain | Call::Awaited => Some("return sum"),
                Call::Fallible => Some("return Some(sum)"),
                Call::Chains | Call::Builds => Some("return self"),
                Call::Lends => None,
            },
            fallible: call == Call::Fallible,
            owned: call == Call::Builds,
            // Such a method cannot clear when a panic leaves it: a limit that the docs name.
            panics: !matches!(call, Call::Builds | Call::Lends),
            awaits: call == Call::Awaited,
            calls: true,
            depth: 0,
        }
    }

    pub fn statements(&mut self, most: usize) -> String {
        let count = self.random.usize(1..=most);
        (0..count).map(|_| self.statement() + "\n").collect()
    }

    fn statement(&mut self) -> String {
        let deep = self.depth > 2;
        let choice = self.random.usize(..if deep { 14 } else { 26 });
        match choice {
            0..=5 => self.change(),
            6..=8 => self.read(),
            9 => self.leave(),
            10 | 11 => self.hand_on(),
            12 => self.call(),
            13 if self.awaits => "crate::wait().await;".to_owned(),
            13 => self.read(),
            14 => {
                let (value, yes, no) = (self.value(), self.block(), self.block());
                format!("if {value} % 3 == 0 {yes} else {no}")
            }
            15 => {
                let (value, one, two, rest) =
                    (self.value(), self.block(), self.block(), self.block());
                format!("match x % 3 {{ 0 if {value} > 9 => {one} 1 => {two} _ => {rest} }}")
            }
            16 => {
                let (value, body) = (self.value(), self.looped());
                format!(
                    "let mut fuel = 3; while fuel > 0 && {value} % 5 != 1 {{ fuel -= 1; {body} }}"
                )
            }
            17 => {
                let (body, value) = (self.looped(), self.value());
                let leave = ["break", "continue"][self.random.usize(..2)];
                format!(
                    "for step in 0..3 {{ {body} if {value} % 3 == step {{ {leave}; }} sum ^= step; }}"
                )
            }
            18 => {
                let (before, value, behind) = (self.block(), self.value(), self.block());
                format!("'out: {{ {before} if {value} % 2 == 0 {{ break 'out; }} {behind} }}")
            }
            19 => {
                let body = self.inside(|body| body.looped());
                format!("let mut act = |n: i64| {{ {body} sum ^= n; }}; act(x); act(2);")
            }
            20 => {
                let body = self.inside(|body| body.block());
                format!("let _caught = crate::attempt(|| {body});")
            }
            21 => self.by_another_name(),
            22 => self.chain(),
            23 => self.argument(),
            24 => {
                let body = self.looped();
                let value = self.value();
                format!(
                    "let mut left = 2; let last = loop {{ {body} left -= 1; if left < 0 || {value} % 4 == 0 {{ break left; }} }}; sum ^= last;"
                )
            }
            _ => {
                let body = self.inside(|body| body.statements(2));
                format!("sum ^= crate::ready(async {{ {body} sum }});")
            }
        }
    }

    fn block(&mut self) -> String {
        self.depth += 1;
        let body = self.statements(2);
        self.depth -= 1;
        format!("{{ {body} }}")
    }

    /// As a block, in a loop.
    fn looped(&mut self) -> String {
        let calls = std::mem::replace(&mut self.calls, false);
        let body = self.block();
        self.calls = calls;
        body
    }

    /// Within a closure or an async block nothing leaves the method.
    fn inside(&mut self, write: impl FnOnce(&mut Self) -> String) -> String {
        let (exit, fallible, awaits) = (self.exit.take(), self.fallible, self.awaits);
        (self.fallible, self.awaits) = (false, false);
        self.depth += 1;
        let body = write(self);
        self.depth -= 1;
        (self.exit, self.fallible, self.awaits) = (exit, fallible, awaits);
        body
    }

    fn by_another_name(&mut self) -> String {
        if self.host != "self" {
            return self.change();
        }
        let exit = self.exit.take();
        self.host = "this";
        let owned = std::mem::replace(&mut self.owned, false);
        let body = self.block();
        (self.host, self.exit, self.owned) = ("self", exit, owned);
        let borrow = if owned { "&mut self" } else { "&mut *self" };
        format!("{{ let this = {borrow}; {body} }}")
    }

    fn chain(&mut self) -> String {
        let Some(field) = self.field_of(Kind::Maybe) else {
            return self.read();
        };
        let (host, value, body) = (self.host, self.value(), self.block());
        format!(
            "if let Some(n) = {host}.{field}.as_mut() && {{ *n ^= 1; *n % 3 != 0 }} && {value} % 2 == 0 {body}"
        )
    }

    /// What is pushed leaves the body, or reads, or changes.
    fn argument(&mut self) -> String {
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

    fn field_of(&mut self, kind: Kind) -> Option<String> {
        let fields = self.around.fields.iter().filter(|field| field.kind == kind);
        let fields: Vec<_> = fields.collect();
        (!fields.is_empty()).then(|| fields[self.random.usize(..fields.len())].name.clone())
    }

    fn read(&mut self) -> String {
        let value = self.value();
        match self.random.usize(..6) {
            // In an `also` block a closure that reads has to be `mut`: a limit that the docs name.
            0 => format!("let mut look = |n: i64| n.wrapping_add({value}); sum = look(sum);"),
            1 => format!("let _shown = format!(\"{{}}\", {value});"),
            2 => format!("debug!(\"{{}}\", {value});"),
            _ => format!("sum = sum.wrapping_mul(3).wrapping_add({value});"),
        }
    }

    /// A number; it may read the host.
    fn value(&mut self) -> String {
        value(self.around, self.host, self.random)
    }

    fn change(&mut self) -> String {
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
    fn hand_on(&mut self) -> String {
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

    fn call(&mut self) -> String {
        let callable = self
            .around
            .methods
            .iter()
            .filter(|method| method.call == Call::Plain);
        let callable: Vec<_> = callable.collect();
        if callable.is_empty() || !self.calls || !self.panics {
            return self.read();
        }
        let method = &callable[self.random.usize(..callable.len())].name;
        let (host, value) = (self.host, self.value());
        match self.random.usize(..3) {
            0 => format!("if {value} > 30 && {host}.{method}(x) > 0 {{ sum ^= 1; }}"),
            _ => format!("sum = sum.wrapping_add({host}.{method}({value}));"),
        }
    }

    fn leave(&mut self) -> String {
        let value = self.value();
        match (self.random.usize(..3), self.exit) {
            (0, Some(exit)) => format!("if {value} % 5 == 0 {{ {exit}; }}"),
            (1, _) if self.fallible => format!("let _one = ({value} % 5 != 0).then_some(1)?;"),
            (2, _) if self.panics => format!("if {value} % 9 == 0 {{ panic!() }}"),
            _ => self.change(),
        }
    }
}

fn value(around: &Around, host: &str, random: &mut Rng) -> String {
    let property = &around.properties[random.usize(..around.properties.len())];
    let field = &around.fields[random.usize(..around.fields.len())];
    match random.usize(..10) {
        0 => "x".to_owned(),
        1 => "sum".to_owned(),
        2 => format!("{}i64", random.i64(0..20)),
        3 => field.kind.read(&format!("{host}.{}", field.name)),
        4 if around.helpers > 0 => format!("{host}.help{}()", random.usize(..around.helpers)),
        5 if !property.lends => format!("{host}.{}()", property.name),
        6 => format!("whole(&*{host})").replace("*self", "self"),
        _ => format!("{host}.{}_value()", property.name),
    }
}
