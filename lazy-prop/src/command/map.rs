//! Maps from `KEY=VALUE`, given any number of times; the last of a key counts.

use std::any::TypeId;
use std::marker::PhantomData;
use std::ops::Deref;

use super::call::Call;
use super::param::Kind;
use super::stop::given;
use super::value::{Item, Kept, Parser};

/// The shape of a map `M`.
pub struct Map<M, K, V>(PhantomData<(M, K, V)>);

// Generated code calls the same methods on all shapes.
#[allow(clippy::unused_self)]
impl<M: FromIterator<(K, V)>, K: Kept, V: Kept> Map<M, K, V> {
    /// The only value.
    pub(super) const NEW: Self = Self(PhantomData);

    /// A parameter of which all is said in texts.
    pub fn plain(&self, call: &mut Call, texts: &'static str, parser: Parser) -> Option<M> {
        self.take(self.arg(call, texts, parser))
    }

    /// Begins with a parameter of which there is more to say.
    pub fn arg<'call>(
        &self,
        call: &'call mut Call,
        texts: &'static str,
        parser: Parser,
    ) -> &'call mut Call {
        call.param(texts, Kind::Many, Some(parser))
            .with_default_name("KEY=VALUE")
    }

    /// The same, of one that says how it is read.
    pub fn arg_as_told<'call>(
        &self,
        call: &'call mut Call,
        texts: &'static str,
    ) -> &'call mut Call {
        call.param(texts, Kind::Many, None)
    }

    /// Takes the pairs off the line.
    pub fn take(&self, call: &mut Call) -> Option<M> {
        let (taken, id) = call.taken(TypeId::of::<(K, V)>())?;
        let pairs = taken.many::<(K, V)>(id);
        Some(pairs.into_iter().flatten().collect())
    }

    /// The argument for the function.
    pub fn give(&self, held: &mut Option<M>) -> M {
        given(held)
    }
}

/// How one pair is read.
impl<M: 'static, K: Kept, V: Kept> Deref for Map<M, K, V> {
    type Target = Item<(K, V)>;

    fn deref(&self) -> &Item<(K, V)> {
        &Item::NEW
    }
}
