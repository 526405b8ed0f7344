//! What the function of a command is called for.

use std::any::Any;
use std::boxed::Box;
use std::mem;
use std::vec::Vec;

use clap::builder::Resettable;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Id};

use super::entry::{App, Description, Ended, Place};
use super::param::{Param, Texts};
use super::positional;
use super::stop::Stop;

/// What a generated function is called with.
///
/// A command is one function, and so is an app: it is called to describe itself, to add its
/// arguments, and to run. It says the same each time, and each time what it says is heard in
/// another way. So a parameter is spelled once, which is what rustc's time goes to.
pub struct Call {
    task: Task,
    /// What is said of the parameter that is spoken of.
    pub(super) texts: Texts,
    /// The argument that it becomes, while arguments are added.
    pub(super) param: Option<Param>,
}

/// What a function is called for.
enum Task {
    Describe(Description),
    Build(Builder),
    Run(Taken, Box<dyn Any>),
}

/// A command that gets its arguments.
struct Builder {
    command: Command,
    of_app: bool,
}

impl Builder {
    /// Adds the arguments of a struct, and nothing else that it says.
    fn flatten(&mut self, augment: fn(Command) -> Command) {
        let command = mem::take(&mut self.command);
        let about = command.get_about().cloned();
        let long_about = command.get_long_about().cloned();
        let ids = command.get_arguments().map(|arg| arg.get_id().clone());
        let own: Vec<Id> = ids.collect();
        let command = augment(command)
            .about(Resettable::from(about))
            .long_about(Resettable::from(long_about));
        let goes_global = |arg: &Arg| !own.contains(arg.get_id()) && !arg.is_positional();
        self.command = if self.of_app {
            // clap knows no option that is required and global; see `require`.
            command.mut_args(|arg| {
                if goes_global(&arg) {
                    arg.required(false).global(true)
                } else {
                    arg
                }
            })
        } else {
            command
        };
    }
}

/// The values of a line, from which each parameter takes its own.
///
/// What is missing is noted and told at the end, so that generated code has one way out.
pub(super) struct Taken {
    pub(super) matches: ArgMatches,
    of_app: bool,
    stop: Option<Stop>,
}

impl Taken {
    fn new(matches: ArgMatches, of_app: bool) -> Self {
        let stop = None;
        Self {
            matches,
            of_app,
            stop,
        }
    }

    /// Looks for the options that `of` requires, for clap does not where they are global.
    fn require(&mut self, of: &Command) {
        let is_given = |id: &Id| {
            let source = self.matches.value_source(id.as_str());
            source.is_some_and(|source| source != ValueSource::DefaultValue)
        };
        let mut missing = of
            .get_arguments()
            .filter(|arg| arg.is_required_set() && !arg.is_positional() && !is_given(arg.get_id()));
        if let Some(arg) = missing.next() {
            self.stop(Stop::Missing(arg.get_id().clone()));
        }
    }

    /// Notes why the command can't run.
    pub(super) fn stop(&mut self, stop: Stop) {
        self.stop.get_or_insert(stop);
    }
}

/// From outside.
impl Call {
    fn new(task: Task) -> Self {
        Self {
            task,
            texts: Texts(""),
            param: None,
        }
    }

    /// Asks for what the list of commands shows of the command `name`.
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
    pub(super) fn build(command: Command, function: fn(&mut Self) -> Ended) -> Command {
        let of_app = false;
        let mut call = Self::new(Task::Build(Builder { command, of_app }));
        let _ = function(&mut call);
        positional::settle(call.built())
    }

    /// Asks for the options of an app: they may stand before the command and after it.
    pub(super) fn build_app<A: App>(command: Command) -> Command {
        let of_app = true;
        let mut call = Self::new(Task::Build(Builder { command, of_app }));
        let _ = A::call(&mut call);
        call.built()
    }

    fn built(self) -> Command {
        match self.task {
            Task::Build(builder) => builder.command,
            _ => unreachable!("a call is for one thing"),
        }
    }

    /// Asks to run with what stood on the line.
    pub(super) fn run(matches: ArgMatches, app: Box<dyn Any>) -> Self {
        Self::new(Task::Run(Taken::new(matches, false), app))
    }

    /// Asks an app to be made of what stood on the line.
    pub(super) fn make_app(matches: ArgMatches) -> Self {
        Self::new(Task::Run(Taken::new(matches, true), Box::new(())))
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

    /// What the list of commands shows.
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
    }

    /// Sets something that the list of commands shows.
    pub fn shown(&mut self, set: impl FnOnce(Command) -> Command) {
        if let Task::Describe(description) = &mut self.task {
            description.command = set(mem::take(&mut description.command));
        }
    }

    /// Sets something of the command itself.
    pub fn command(&mut self, set: impl FnOnce(Command) -> Command) {
        if let Task::Build(builder) = &mut self.task {
            builder.command = set(mem::take(&mut builder.command));
        }
    }

    /// Adds the longer text.
    #[inline(never)]
    pub fn long_about(&mut self, text: &'static str) {
        self.command(|command| command.long_about(text));
    }

    /// A struct that has arguments of its own. What is said of the struct is not said of the
    /// command, but clap's derive would put it there.
    #[inline(never)]
    pub fn flat<T: Args + FromArgMatches>(&mut self) -> Option<T> {
        self.flatten(T::augment_args);
        let Task::Run(taken, _) = &mut self.task else {
            return None;
        };
        match T::from_arg_matches_mut(&mut taken.matches) {
            Ok(value) => Some(value),
            Err(error) => {
                taken.stop(Stop::Usage(error));
                None
            }
        }
    }

    /// What does not depend on the struct, compiled once.
    fn flatten(&mut self, augment: fn(Command) -> Command) {
        match &mut self.task {
            Task::Build(builder) => builder.flatten(augment),
            Task::Run(taken, _) if taken.of_app => taken.require(&augment(Command::new(""))),
            _ => {}
        }
    }

    /// Whether to go on, and run: when that is what is asked, and everything is there.
    ///
    /// # Errors
    /// Why not.
    #[inline(never)]
    pub fn done(&mut self) -> Result<(), Stop> {
        match &mut self.task {
            Task::Run(taken, _) => taken.stop.take().map_or(Ok(()), Err),
            _ => Err(Stop::Told),
        }
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

/// From a parameter.
impl Call {
    /// Whether arguments are added to an app; `None` if none are added, or if this one is there: a
    /// parameter of the name of an app's option is that option.
    pub(super) fn adds(&self) -> Option<bool> {
        let Task::Build(Builder { command, of_app }) = &self.task else {
            return None;
        };
        let id = { self.texts }.next();
        let is_new = *of_app || command.get_arguments().all(|arg| arg.get_id() != id);
        is_new.then_some(*of_app)
    }

    /// Ends what is said of a parameter: adds the argument, or gives the values to take it from
    /// and its name.
    #[inline(never)]
    pub(super) fn taken(&mut self) -> Option<(&mut Taken, &'static str)> {
        if let Some(param) = self.param.take() {
            let arg = param.finish();
            self.command(|command| command.arg(arg));
        }
        match &mut self.task {
            Task::Run(taken, _) => Some((taken, self.texts.next())),
            _ => None,
        }
    }
}
