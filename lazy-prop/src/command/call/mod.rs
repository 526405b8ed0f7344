//! The purposes for which the function of a command is called.

mod arg;

use std::any::Any;
use std::boxed::Box;
use std::mem;

use clap::{Arg, ArgMatches, Command};

use super::builder::Builder;
use super::description::{Description, Place};
use super::entry::MakeApp;
use super::flat::Flat;
use super::param::{Param, Texts};
#[cfg(feature = "prompt")]
use super::prompt::Questions;
use super::stop::{Ended, Stop};
use super::taken::Taken;

/// The argument of a generated function.
///
/// A command is one function, and so is an app. It is called to describe itself, to add its arguments,
/// and to run. It makes the same calls each time, and each purpose uses them differently. So a
/// parameter is spelled once, because spelling it costs most of rustc's time.
pub struct Call {
    task: Task,
    /// The description of the current parameter.
    pub(super) texts: Texts,
    /// The argument that it becomes, when arguments are added.
    pub(super) param: Option<Param>,
    /// The name of the option that takes it back.
    pub(super) negation: Option<Negation>,
    /// The question in a terminal.
    #[cfg(feature = "prompt")]
    pub(super) questions: Questions,
}

/// An option that takes another back. The function is in it, so that a program without such options
/// does not link it.
#[derive(Clone, Copy)]
pub(super) struct Negation {
    pub(super) long: &'static str,
    arg: fn(&mut Param, &'static str) -> Arg,
}

/// The purpose of a call.
enum Task {
    Describe(Description),
    Build(Builder),
    Run(Taken, Box<dyn Any>),
}

/// From outside.
impl Call {
    fn new(task: Task) -> Self {
        Self {
            task,
            texts: Texts(""),
            param: None,
            negation: None,
            #[cfg(feature = "prompt")]
            questions: Questions::default(),
        }
    }

    /// Asks for the entry of the command `name` in the list of commands.
    #[inline(never)]
    pub(super) fn describe(name: &'static str, function: fn(&mut Self) -> Ended) -> Description {
        let mut call = Self::new(Task::Describe(Description {
            command: Command::new(name),
            about: "",
            heading: "",
            place: Place::new("", 0),
            build: |command| command,
        }));
        let _ = function(&mut call);
        match call.task {
            Task::Describe(description) => description,
            _ => unreachable!("a call is for one thing"),
        }
    }

    /// Asks for the arguments of a command.
    #[inline(never)]
    pub(super) fn build(
        command: Command,
        path: &'static str,
        function: fn(&mut Self) -> Ended,
    ) -> Command {
        let mut call = Self::new(Task::Build(Builder::new(command, path, false)));
        let _ = function(&mut call);
        call.built()
    }

    /// Asks for the options of an app: they may stand before the command and after it.
    pub(super) fn build_app(command: Command, app: MakeApp) -> Command {
        let mut call = Self::new(Task::Build(Builder::new(command, "", true)));
        let _ = app(&mut call);
        call.built()
    }

    fn built(self) -> Command {
        match self.task {
            Task::Build(builder) => builder.finish(),
            _ => unreachable!("a call is for one thing"),
        }
    }

    /// Asks to run with the words of `command` on the line.
    pub(super) fn run(matches: ArgMatches, command: &Command, app: Box<dyn Any>) -> Self {
        let taken = Taken::of_command(matches, command);
        #[cfg_attr(not(feature = "prompt"), allow(unused_mut))]
        let mut call = Self::new(Task::Run(taken, app));
        #[cfg(feature = "prompt")]
        call.questions.of(command);
        call
    }

    /// Asks for an app made from the line.
    pub(super) fn make_app(matches: ArgMatches, app: MakeApp) -> Result<Box<dyn Any>, Stop> {
        let taken = Taken::of_app(matches);
        app(&mut Self::new(Task::Run(taken, Box::new(()))))
    }
}

/// A question, without the feature that asks it.
#[cfg(not(feature = "prompt"))]
#[diagnostic::on_unimplemented(
    message = "`prompt` and `confirm` need the feature `prompt` of lazy-prop",
    label = "turn it on in Cargo.toml: `features = [\"command\", \"prompt\"]`"
)]
pub trait NeedsFeaturePrompt {}

/// What a call is for, and what it holds.
impl Call {
    /// The command that gets its arguments.
    pub(super) fn builder(&mut self) -> Option<&mut Builder> {
        match &mut self.task {
            Task::Build(builder) => Some(builder),
            _ => None,
        }
    }

    /// The values of the line.
    pub(super) fn values(&mut self) -> Option<&mut Taken> {
        match &mut self.task {
            Task::Run(taken, _) => Some(taken),
            _ => None,
        }
    }

    /// Whether the command is to run.
    pub(super) fn runs(&self) -> bool {
        matches!(self.task, Task::Run(..))
    }

    /// Notes why the command cannot run.
    pub(super) fn stop(&mut self, stop: Stop) {
        if let Some(taken) = self.values() {
            taken.stop(stop);
        }
    }
}

/// From generated code.
impl Call {
    /// Notes how the arguments are added, once the command is chosen.
    pub(super) fn builds_by(&mut self, build: fn(Command) -> Command) {
        if let Task::Describe(description) = &mut self.task {
            description.build = build;
        }
    }

    /// The entry in the list of commands.
    #[inline(never)]
    pub fn describe_as(&mut self, about: &'static str, heading: &'static str, place: Place) {
        if let Task::Describe(description) = &mut self.task {
            if !about.is_empty() {
                let command = mem::take(&mut description.command);
                description.command = command.about(about);
            }
            description.about = about;
            description.heading = heading;
            description.place = place;
        }
        if let Task::Build(builder) = &mut self.task {
            builder.place = place;
        }
    }

    /// Sets something that the list of commands shows.
    pub fn shown(&mut self, set: fn(Command) -> Command) {
        if let Task::Describe(description) = &mut self.task {
            description.command = set(mem::take(&mut description.command));
        }
    }

    /// Sets something of the command itself. A plain function keeps clap's types, and the code that drops
    /// them, out of the program's own crate.
    pub fn command(&mut self, set: fn(Command) -> Command) {
        if let Task::Build(builder) = &mut self.task {
            builder.command = set(mem::take(&mut builder.command));
        }
    }

    /// Adds the longer text.
    #[inline(never)]
    pub fn long_about(&mut self, text: &'static str) {
        if let Task::Build(builder) = &mut self.task {
            builder.command = mem::take(&mut builder.command).long_about(text);
        }
    }

    /// A struct with arguments of its own. Its doc comment does not belong to the command, though clap's
    /// derive would put it there.
    #[inline(never)]
    pub fn flat<T: Flat<Kind>, Kind>(&mut self) -> Option<T> {
        T::flat(self)
    }

    /// Takes a flattened struct off the line.
    pub(super) fn unflatten<T>(
        &mut self,
        take: impl FnOnce(&mut ArgMatches) -> Result<T, clap::Error>,
    ) -> Option<T> {
        let Task::Run(taken, _) = &mut self.task else {
            return None;
        };
        match take(&mut taken.matches) {
            Ok(value) => Some(value),
            Err(error) => {
                taken.stop(Stop::Usage(error));
                None
            }
        }
    }

    /// The part that does not depend on the struct, compiled once.
    pub(super) fn flatten(&mut self, augment: fn(Command) -> Command, is_optional: bool) {
        match &mut self.task {
            Task::Build(builder) => builder.flatten(augment, is_optional),
            Task::Run(taken, _) if taken.of_app && !is_optional => {
                taken.require(&augment(Command::new("")));
            }
            _ => {}
        }
    }

    /// Says that it takes a feature.
    #[cfg(not(feature = "prompt"))]
    pub fn confirm<Q: NeedsFeaturePrompt>(&mut self, _: Q) {}

    /// Goes on to run, if the call asks for that and no argument is missing.
    ///
    /// # Errors
    /// The reason why the command does not run.
    #[inline(never)]
    pub fn done(&mut self) -> Result<(), Stop> {
        match &mut self.task {
            Task::Run(taken, _) => taken.stop.take().map_or(Ok(()), Err)?,
            _ => return Err(Stop::Told),
        }
        #[cfg(feature = "prompt")]
        self.agreed()?;
        Ok(())
    }

    /// The app that the method belongs to, for one that goes on later.
    pub fn own_app<A: 'static>(&mut self) -> Box<A> {
        let app = match &mut self.task {
            Task::Run(_, app) => mem::replace(app, Box::new(())).downcast().ok(),
            _ => None,
        };
        app.unwrap_or_else(|| unreachable!("a command runs with its own app"))
    }

    /// The app that the method belongs to.
    pub fn app<A: 'static>(&mut self) -> &mut A {
        match &mut self.task {
            Task::Run(_, app) => app.downcast_mut(),
            _ => None,
        }
        .unwrap_or_else(|| unreachable!("a command runs with its own app"))
    }
}
