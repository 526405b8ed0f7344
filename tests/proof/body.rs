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
    pub host: &'static str,
    /// What leaves the method here, if anything can.
    pub exit: Option<&'static str>,
    pub fallible: bool,
    pub owned: bool,
    pub panics: bool,
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

    pub fn block(&mut self) -> String {
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

    pub fn field_of(&mut self, kind: Kind) -> Option<String> {
        let fields = self.around.fields.iter().filter(|field| field.kind == kind);
        let fields: Vec<_> = fields.collect();
        (!fields.is_empty()).then(|| fields[self.random.usize(..fields.len())].name.clone())
    }

    pub fn read(&mut self) -> String {
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
    pub fn value(&mut self) -> String {
        value(self.around, self.host, self.random)
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

pub fn value(around: &Around, host: &str, random: &mut Rng) -> String {
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
