//! Mistakes that are made on purpose in the lazy twin. The proof must find each of them.

use crate::field::{Field, Kind};
use crate::method::Block;

/// A mistake in the method `touch`, or in the first property.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(not(test), allow(dead_code))]
pub enum Mistake {
    /// The property says that it depends on less than it reads.
    DependsOnLess,
    /// The method says that it keeps everything.
    Keeps,
    /// It says that it clears a property, and another one depends on the change.
    ClearsAnother,
    /// It stands in a block that is not marked.
    Unmarked,
    /// It keeps everything in an `also` block.
    AlsoKeeps,
    /// The host has another name than `self` in it.
    OtherName,
    /// A host in a field is changed under a name of its own.
    InnerByName,
    /// A variable that may borrow the host hinders the clearing.
    StillUsed,
}

impl Mistake {
    #[cfg(test)]
    pub const ALL: [Self; 8] = [
        Self::DependsOnLess,
        Self::Keeps,
        Self::ClearsAnother,
        Self::Unmarked,
        Self::AlsoKeeps,
        Self::OtherName,
        Self::InnerByName,
        Self::StillUsed,
    ];

    /// The kind of the first field, if the mistake needs one.
    pub fn first_kind(self) -> Option<Kind> {
        (self == Self::InnerByName).then_some(Kind::Inner)
    }

    /// The field that the first property must read.
    pub fn field(self, fields: &[Field]) -> Option<&Field> {
        match self {
            Self::InnerByName => fields.first(),
            Self::StillUsed => fields.last(),
            _ => None,
        }
    }
}

/// The method `touch`, which changes what the first property reads.
pub struct Touch {
    pub text: String,
    /// Which impl block it stands in, or `None` for one that is not marked.
    pub block: Option<Block>,
}

impl Touch {
    /// In both twins it does the same. Only the lazy one has a mark.
    pub fn new(field: &Field, mistake: Option<Mistake>, lazy: bool) -> Self {
        let mark = match mistake.filter(|_| lazy) {
            Some(Mistake::Keeps | Mistake::AlsoKeeps) => "#[lazy(keeps)]\n",
            Some(Mistake::ClearsAnother) => "#[lazy(clears(p1))]\n",
            _ => "",
        };
        let (this, host) = match mistake {
            Some(Mistake::OtherName) => ("host: &mut Self", "host"),
            _ => ("&mut self", "self"),
        };
        let name = &field.name;
        let body = match mistake {
            Some(Mistake::InnerByName) => format!(
                "let inner = &mut self.{name}; inner.items.truncate(30); inner.items.push(x); 0"
            ),
            Some(Mistake::StillUsed) => {
                "let token = self.token(); self.step(); let seen = self.p0_value(); drop(token); seen"
                    .to_owned()
            }
            _ => field.kind.sure_change(&format!("{host}.{name}")) + " 0",
        };
        let block = match mistake {
            Some(Mistake::Unmarked) => None,
            Some(Mistake::AlsoKeeps) => Some(Block::Also),
            _ => Some(Block::Home),
        };
        let text = format!("{mark}pub fn touch({this}, x: i64) -> i64 {{ {body} }}\n\n");
        Self { text, block }
    }

    pub fn in_block(&self, block: Option<Block>) -> &str {
        if self.block == block { &self.text } else { "" }
    }
}
