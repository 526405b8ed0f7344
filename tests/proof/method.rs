//! Methods at random that change their host: how they are declared and called.

use fastrand::Rng;

use crate::body::{Around, Body};
use crate::field::Kind;

pub struct Method {
    pub name: String,
    pub call: Call,
    /// Which impl block it stands in.
    pub block: Block,
    body: String,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Block {
    Home,
    /// `#[lazy(also)] impl Host`
    Also,
    /// `#[lazy(also)] impl Act for Host`
    Trait,
}

/// How a method changes its host, and is called.
#[derive(Clone, Copy, PartialEq)]
pub enum Call {
    /// `(&mut self, x: i64) -> i64`
    Plain,
    /// `(&mut self, x: i64) -> Option<i64>`
    Fallible,
    /// `(&mut self, x: i64) -> &mut i64`
    Lends,
    /// `(mut self, x: i64) -> Self`
    Builds,
    /// `(&mut self, x: i64) -> &mut Self`
    Chains,
    /// `async (&mut self, x: i64) -> i64`
    Awaited,
}

impl Method {
    pub fn new(around: &Around, random: &mut Rng) -> Self {
        let call = match random.usize(..12) {
            0 => Call::Lends,
            1 | 2 => Call::Builds,
            3 => Call::Chains,
            4 | 5 => Call::Fallible,
            6 => Call::Awaited,
            _ => Call::Plain,
        };
        let block = match random.usize(..6) {
            0 | 1 => Block::Also,
            2 if call != Call::Awaited => Block::Trait,
            _ => Block::Home,
        };
        let mut body = Body::new(around, random, call);
        let mut text = format!("let mut sum = 0i64;\n{}", body.statements(6));
        text += &match call {
            Call::Plain | Call::Awaited => "sum".to_owned(),
            Call::Fallible => "Some(sum)".to_owned(),
            Call::Lends => {
                let numbers = around
                    .fields
                    .iter()
                    .filter(|field| field.kind == Kind::Number);
                let numbers: Vec<_> = numbers.collect();
                let name = &numbers[random.usize(..numbers.len())].name;
                [
                    format!("&mut self.{name}"),
                    format!("let lent = &mut self.{name};\nlent"),
                    format!(
                        "if x % 2 == 0 {{ return &mut self.{name}; }}\n&mut self.f{}",
                        around.fields.len() - 1
                    ),
                ][random.usize(..3)]
                .clone()
            }
            Call::Builds | Call::Chains => {
                ["self", "let made = self;\nmade"][random.usize(..2)].to_owned()
            }
        };
        Self {
            name: format!("c{}", around.methods.len()),
            call,
            block,
            body: text,
        }
    }

    pub fn signature(&self) -> String {
        let name = &self.name;
        let rest = match self.call {
            Call::Plain | Call::Awaited => "&mut self, x: i64) -> i64",
            Call::Fallible => "&mut self, x: i64) -> Option<i64>",
            Call::Lends => "&mut self, x: i64) -> &mut i64",
            Call::Builds => "mut self, x: i64) -> Self",
            Call::Chains => "&mut self, x: i64) -> &mut Self",
        };
        let word = if self.call == Call::Awaited {
            "async "
        } else {
            ""
        };
        format!("{word}fn {name}({rest}")
    }

    pub fn text(&self) -> String {
        let word = if self.block == Block::Trait {
            ""
        } else {
            "pub "
        };
        format!("{word}{} {{\n{}\n}}\n\n", self.signature(), self.body)
    }

    /// Calls the method of both twins; whether they do alike.
    pub fn call(&self) -> String {
        let name = &self.name;
        let alike = |call: &dyn Fn(&str) -> String| {
            format!(
                "attempt(|| {}) == attempt(|| {})",
                call("lazy"),
                call("plain")
            )
        };
        match self.call {
            Call::Plain | Call::Fallible => alike(&|twin| format!("{twin}.{name}(x)")),
            Call::Lends => alike(&|twin| format!("*{twin}.{name}(x) = x")),
            Call::Chains => alike(&|twin| format!("{{ {twin}.{name}(x); }}")),
            Call::Awaited => alike(&|twin| format!("partly(x, {twin}.{name}(x))")),
            Call::Builds => {
                format!("{{ lazy = lazy.{name}(x); plain = plain.{name}(x); true }}")
            }
        }
    }
}
