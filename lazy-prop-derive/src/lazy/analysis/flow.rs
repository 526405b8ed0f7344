//! What a body does with its host, as events in the order of the text.

use proc_macro2::{Ident, Span};

/// What happens to the host in a body, in the order of the text.
pub(crate) enum Flow {
    /// A field is read.
    Read(String),
    /// A field may be changed.
    Change(String),
    /// A method of the block is called on `self`.
    Call(Ident),
    /// A property's cell is looked at.
    Peek(Ident),
    /// `self` goes where it can't be followed: every field may be read, and more.
    Everything {
        unseen: Unseen,
        place: Span,
    },
    /// The body is left.
    Leave,
    /// A loop or a labelled block is left.
    Break,
    /// A loop goes on from its head, or a closure is left, which may be called again.
    Continue,
    Sequence(Vec<Flow>),
    /// One of these happens.
    Either(Vec<Flow>),
    /// This happens any number of times.
    Repeat(Box<Flow>),
    /// This happens once, and jumps in it go to its end.
    Scope(Box<Flow>),
}

/// What may happen to a host that goes where it can't be followed.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Unseen {
    /// It is lent shared.
    Looks,
    /// It is lent mutably.
    Changes,
    /// It is given away, so that this body can read it no more.
    Moves,
}

impl Flow {
    /// Where a call is made, or `self` goes where it can't be followed.
    pub(crate) fn place(&self) -> Option<Span> {
        match self {
            Self::Call(name) => Some(name.span()),
            Self::Everything { place, .. } => Some(*place),
            _ => None,
        }
    }

    /// Every event in it, whatever way it takes.
    pub(crate) fn events(&self) -> Vec<&Flow> {
        match self {
            Self::Sequence(flows) | Self::Either(flows) => {
                flows.iter().flat_map(Self::events).collect()
            }
            Self::Repeat(flow) | Self::Scope(flow) => flow.events(),
            event => vec![event],
        }
    }
}
