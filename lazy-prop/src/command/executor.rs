//! Programs whose commands are `async fn`s: who runs the future of the chosen one.

use std::ffi::OsString;
use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;
use std::task::{Context, Poll};
use std::vec::Vec;

use super::cli::Cli;
use super::entry::App;
use super::error::Error;
use super::pipe;
use super::program::Started;
use super::stop::{Ended, Later, Stop};

/// The exit code of a program that Ctrl-C ended, as a shell reports it.
const INTERRUPTED: u8 = 130;

/// The future of a command, for [`Cli::run_with`] to hand to an executor.
#[must_use = "a future does nothing until it is run"]
pub struct Running(pub(super) Later);

/// What [`Running`] ends with, for [`Cli::run_with`] to have back.
pub struct Finished(pub(super) Ended);

impl Finished {
    /// Says that the future was dropped before its end, as on Ctrl-C: the program exits with 130.
    #[must_use]
    pub fn interrupted() -> Self {
        Self(Ok(ExitCode::from(INTERRUPTED)))
    }
}

impl Future for Running {
    type Output = Finished;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Finished> {
        self.0.as_mut().poll(context).map(Finished)
    }
}

/// The executor of a program that has none: the command is not run.
pub(super) fn none(running: Running) -> Finished {
    Finished(Err(Stop::Later(running.0)))
}

/// A program runs one command, so it needs its executor once.
fn once(block_on: impl FnOnce(Running) -> Finished) -> impl FnMut(Running) -> Finished {
    let mut block_on = Some(block_on);
    move |running| match block_on.take() {
        Some(block_on) => block_on(running),
        None => none(running),
    }
}

impl<A: App> Cli<A> {
    /// Like [`run`](Self::run), for a program with commands that are `async fn`s: `block_on` runs the
    /// future of the chosen one, on whatever executor the program has. It is not called for a
    /// command that is a plain function.
    ///
    /// ```
    /// # use lazy_prop::{cli, command, commands};
    /// /// Wait, and go on.
    /// #[command]
    /// async fn wait() {
    ///     std::future::ready(()).await;
    /// }
    ///
    /// // `fn main() -> ExitCode { cli!().run_with(|future| runtime.block_on(future)) }`
    /// let cli = cli!(commands![wait]);
    /// assert!(cli.try_run_with(["app", "wait"], |future| pollster::block_on(future)).is_ok());
    /// ```
    #[must_use = "the exit code is for `main` to return"]
    pub fn run_with(self, block_on: impl FnOnce(Running) -> Finished) -> ExitCode {
        self.program.run(&mut once(block_on))
    }

    /// Like [`try_run_from`](Self::try_run_from), with an executor.
    ///
    /// # Errors
    /// As there.
    pub fn try_run_with<I>(
        self,
        args: I,
        block_on: impl FnOnce(Running) -> Finished,
    ) -> Result<ExitCode, Error>
    where
        I: IntoIterator<Item: Into<OsString>>,
    {
        let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
        self.program.try_run(&args, &mut once(block_on))
    }

    /// Like [`run`](Self::run), inside of an executor that runs already:
    ///
    /// ```no_run
    /// # use std::process::ExitCode;
    /// // #[tokio::main]
    /// async fn main_() -> ExitCode {
    ///     lazy_prop::cli!().run_async().await
    /// }
    /// ```
    pub async fn run_async(self) -> ExitCode {
        pipe::watch();
        #[cfg(feature = "complete")]
        if let Some(code) = self.program.completed() {
            return code;
        }
        let outcome = self.try_run_async(std::env::args_os()).await;
        outcome.unwrap_or_else(|error| error.report())
    }

    /// Like [`try_run_from`](Self::try_run_from), inside of an executor that runs already.
    ///
    /// # Errors
    /// As there.
    pub async fn try_run_async<I>(self, args: I) -> Result<ExitCode, Error>
    where
        I: IntoIterator<Item: Into<OsString>>,
    {
        let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
        match self.program.start(&args)? {
            Started::Ended(code) => Ok(code),
            Started::Later(later, end) => end(later.await),
        }
    }

    /// Like [`run_with`](Self::run_with), on a runtime of tokio's with all that it drives. Ctrl-C
    /// drops the future, and what it holds, and ends the program with 130.
    #[cfg(feature = "tokio")]
    #[must_use = "the exit code is for `main` to return"]
    pub fn run_tokio(self) -> ExitCode {
        self.run_with(|future| {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build();
            let runtime = match runtime {
                Ok(runtime) => runtime,
                Err(error) => return Finished::failed(error),
            };
            runtime.block_on(until(future, async {
                // Without a handler, the signal ends the program by itself.
                if tokio::signal::ctrl_c().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }))
        })
    }

    /// Like [`run_with`](Self::run_with), with smol. Ctrl-C drops the future, and what it holds, and
    /// ends the program with 130.
    #[cfg(feature = "smol")]
    #[must_use = "the exit code is for `main` to return"]
    pub fn run_smol(self) -> ExitCode {
        self.run_with(|future| {
            smol::block_on(until(future, async {
                let signals = async_signal::Signals::new([async_signal::Signal::Int]);
                match signals {
                    Ok(mut signals) => drop(smol::stream::StreamExt::next(&mut signals).await),
                    // Without a handler, the signal ends the program by itself.
                    Err(_) => std::future::pending::<()>().await,
                }
            }))
        })
    }
}

/// Runs the future until it ends, or until Ctrl-C.
#[cfg(any(feature = "tokio", feature = "smol"))]
async fn until(mut future: Running, interrupt: impl Future<Output = ()>) -> Finished {
    let mut interrupt = std::pin::pin!(interrupt);
    std::future::poll_fn(move |context| {
        // It listens before the command begins.
        if interrupt.as_mut().poll(context).is_ready() {
            return Poll::Ready(Finished::interrupted());
        }
        Pin::new(&mut future).poll(context)
    })
    .await
}

#[cfg(feature = "tokio")]
impl Finished {
    fn failed(error: std::io::Error) -> Self {
        Self(Err(super::failed::alone(error.into())))
    }
}
