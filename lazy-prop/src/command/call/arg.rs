//! A parameter of a call: from the words of `#[arg(...)]` to the argument, and to its values.

use std::any::TypeId;
use std::ffi::OsString;
use std::mem;
use std::vec::Vec;

use clap::Arg;
use clap::builder::{IntoResettable, Resettable, ValueParser};
use clap::parser::ValueSource;

#[cfg(not(feature = "prompt"))]
use super::NeedsFeaturePrompt;
use super::{Call, Negation, Task};
#[cfg(feature = "complete")]
use crate::command::candidate::{self, Completes};
use crate::command::faults::{self, Reference};
use crate::command::param::{Kind, Param, Texts, Value, Values};
use crate::command::taken::Taken;
use crate::command::value::Parser;

/// A function that completes, without the feature that has it called.
#[cfg(not(feature = "complete"))]
#[diagnostic::on_unimplemented(
    message = "`complete = ...` needs the feature `complete` of lazy-prop",
    label = "turn it on in Cargo.toml: `features = [\"command\", \"complete\"]`"
)]
pub trait NeedsFeatureComplete {}

impl Call {
    /// Begins with a parameter.
    #[inline(never)]
    pub(in crate::command) fn param(
        &mut self,
        texts: &'static str,
        kind: Kind,
        parser: Option<Parser>,
    ) -> &mut Self {
        self.texts = Texts(texts);
        self.negation = None;
        if let Task::Build(builder) = &self.task {
            let id = builder.id(self.texts);
            self.param = Some(Param::start(id, self.texts, kind, parser, builder.of_app));
        }
        self
    }

    /// Any method of [`Arg`]. A plain function keeps clap's types, and the code that drops them, out of the
    /// program's own crate.
    pub fn with(&mut self, set: fn(Arg) -> Arg) -> &mut Self {
        self.change(set)
    }

    /// The parser of `#[arg(value_parser = ...)]`.
    pub fn read_by<P: IntoResettable<ValueParser>>(&mut self, parser: fn() -> P) -> &mut Self {
        if self.param.is_some() {
            self.set_parser(parser().into_resettable());
        }
        self
    }

    #[inline(never)]
    fn set_parser(&mut self, parser: Resettable<ValueParser>) {
        self.change(|arg| arg.value_parser(parser));
    }

    /// Any change to the argument.
    fn change(&mut self, set: impl FnOnce(Arg) -> Arg) -> &mut Self {
        if let Some(param) = &mut self.param {
            param.with(set);
        }
        self
    }

    /// What stands for the value in help, if nothing says it.
    pub(in crate::command) fn with_default_name(&mut self, name: &'static str) -> &mut Self {
        let says_name = { self.texts }.has("value_name");
        if says_name {
            self
        } else {
            self.change(|arg| arg.value_name(name))
        }
    }

    /// Words of `#[arg(...)]` with a text for each: `short=w␟long=size-limit`.
    #[inline(never)]
    pub fn words(&mut self, words: &'static str) -> &mut Self {
        self.change(|arg| Texts(words).say(arg))
    }

    /// Names another argument, which must exist.
    #[inline(never)]
    pub fn refers(&mut self, to: &'static str) -> &mut Self {
        if let Task::Build(builder) = &mut self.task {
            let from = self.texts.id();
            builder.spoken.of.push(Reference { from, to });
        }
        self
    }

    /// Adds it to a group.
    #[inline(never)]
    pub fn grouped(&mut self, group: &'static str) -> &mut Self {
        if let Task::Build(builder) = &mut self.task {
            builder.spoken.groups.push(group);
        }
        self.change(|arg| arg.group(group))
    }

    /// What completes it while someone types.
    #[cfg(feature = "complete")]
    pub fn completed_by<Kind>(&mut self, function: impl Completes<Kind>) -> &mut Self {
        let completer = candidate::completer(move |typed| function.candidates(typed));
        self.change(|arg| arg.add(completer))
    }

    /// Says that it takes a feature.
    #[cfg(not(feature = "complete"))]
    pub fn completed_by<F: NeedsFeatureComplete>(&mut self, _: F) -> &mut Self {
        self
    }

    /// The question in a terminal if the line lacks the value.
    #[cfg(feature = "prompt")]
    #[inline(never)]
    pub fn prompted(&mut self, question: &'static str) -> &mut Self {
        self.questions.next(question);
        self.required(false)
    }

    /// Says that it takes a feature.
    #[cfg(not(feature = "prompt"))]
    pub fn prompted<Q: NeedsFeaturePrompt>(&mut self, _: Q) -> &mut Self {
        self
    }

    /// The option that takes it back.
    pub fn negatable(&mut self, by: &'static str) -> &mut Self {
        self.negation = Some(Negation {
            long: by,
            arg: Param::negation,
        });
        self
    }

    /// The variable of the environment that gives it, if it is an option and has no other.
    pub fn variable(&mut self, name: &'static str) -> &mut Self {
        if let Some(param) = &mut self.param {
            param.variable = Some(name);
        }
        self
    }

    /// Whether it is required, regardless of its type.
    pub fn required(&mut self, yes: bool) -> &mut Self {
        if let Some(param) = &mut self.param {
            param.required = Some(yes);
        }
        self
    }

    /// Whether it may stand after the command too.
    pub fn global(&mut self, yes: bool) -> &mut Self {
        if let Some(param) = &mut self.param {
            param.global = Some(yes);
        }
        self
    }

    /// The default value, made from a value of the type at the first use.
    #[inline(never)]
    pub fn default_value_t(&mut self, cell: &'static Value, value: fn() -> OsString) -> &mut Self {
        self.change(|arg| arg.default_value(cell.get_or_init(value).as_os_str()))
    }

    /// The default values, made from values of the type at the first use.
    #[inline(never)]
    pub fn default_values_t(
        &mut self,
        cell: &'static Values,
        values: fn() -> Vec<OsString>,
    ) -> &mut Self {
        self.change(|arg| {
            let values = cell.get_or_init(values).iter();
            arg.default_values(values.map(OsString::as_os_str))
        })
    }

    /// Where the value of a parameter comes from, while the command runs.
    pub(in crate::command) fn source(&self) -> Option<ValueSource> {
        match &self.task {
            Task::Run(taken, _) => taken.matches.value_source(taken.id(self.texts)),
            _ => None,
        }
    }

    /// Ends the description of a parameter with values of the type `of`: adds the argument, or gives its
    /// values and its id.
    #[inline(never)]
    pub(in crate::command) fn taken(&mut self, of: TypeId) -> Option<(&mut Taken, &'static str)> {
        let texts = self.texts;
        if let Some(mut param) = self.param.take() {
            let negation = self.negation.map(|by| (by.arg)(&mut param, by.long));
            let arg = param.finish();
            let negation = negation.map(|negation| negation.global(arg.is_global_set()));
            if let Task::Build(builder) = &mut self.task {
                faults::types(&arg, of, texts.id(), builder.place);
                builder.command = mem::take(&mut builder.command).arg(arg).args(negation);
            }
        }
        match &mut self.task {
            Task::Run(taken, _) => {
                let id = taken.id(texts);
                #[cfg(feature = "prompt")]
                if let Some(answered) = self.questions.ask(taken, id, of) {
                    return Some((answered, id));
                }
                Some((taken, id))
            }
            _ => None,
        }
    }
}
