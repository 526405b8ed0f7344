//! Files, or the standard streams for `-`.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::string::String;
use std::{fmt, format};

/// A parameter that is read from: a file, or standard input for `-`.
///
/// It is opened by [`open`](Self::open) and not before, so a command that does not come to that needs
/// no file. Its errors say which file it is.
///
/// ```
/// use std::io::{self, Read};
/// use lazy_prop::command;
/// use lazy_prop::command::Input;
///
/// /// Count the lines of a text.
/// #[command]
/// fn count(#[arg(default_value = "-")] text: Input) -> io::Result<()> {
///     println!("{}", text.read()?.lines().count());
///     Ok(())
/// }
/// # count("Cargo.toml".into()).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Input(PathBuf);

/// A parameter that is written to: a file, or standard output for `-`.
///
/// It is made by [`create`](Self::create) and not before, so a command that fails leaves an old file as
/// it was. Its errors say which file it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Output(PathBuf);

macro_rules! stream {
    ($Stream:ident, $standard:literal) => {
        impl $Stream {
            #[doc = concat!("The file; `None` for ", $standard, ".")]
            #[must_use]
            pub fn path(&self) -> Option<&Path> {
                (self.0.as_os_str() != "-").then_some(&*self.0)
            }

            fn named(&self, error: &io::Error) -> io::Error {
                io::Error::new(error.kind(), format!("{self}: {error}"))
            }
        }

        impl<T: Into<OsString>> From<T> for $Stream {
            fn from(path: T) -> Self {
                Self(path.into().into())
            }
        }

        #[doc = concat!("The path, or the words \"", $standard, "\".")]
        impl fmt::Display for $Stream {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.path() {
                    Some(path) => path.display().fmt(f),
                    None => f.write_str($standard),
                }
            }
        }
    };
}

stream!(Input, "standard input");
stream!(Output, "standard output");

impl Input {
    /// Opens it.
    ///
    /// # Errors
    /// What the system says, with the file.
    pub fn open(&self) -> io::Result<impl Read + use<>> {
        let opened: io::Result<Opened<File, io::Stdin>> = match self.path() {
            Some(path) => File::open(path).map(Opened::File),
            None => Ok(Opened::Standard(io::stdin())),
        };
        opened.map_err(|error| self.named(&error))
    }

    /// Reads all of it, as text.
    ///
    /// # Errors
    /// What the system says, with the file; also of what is not UTF-8.
    pub fn read(&self) -> io::Result<String> {
        let mut text = String::new();
        let read = self.open()?.read_to_string(&mut text);
        read.map_err(|error| self.named(&error))?;
        Ok(text)
    }
}

impl Output {
    /// Makes the file anew, or takes the standard output.
    ///
    /// # Errors
    /// What the system says, with the file.
    pub fn create(&self) -> io::Result<impl Write + use<>> {
        let created: io::Result<Opened<File, io::Stdout>> = match self.path() {
            Some(path) => File::create(path).map(Opened::File),
            None => Ok(Opened::Standard(io::stdout())),
        };
        created.map_err(|error| self.named(&error))
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// What the system says, with the file.
    pub fn write(&self, content: impl AsRef<[u8]>) -> io::Result<()> {
        let mut out = self.create()?;
        let written = out.write_all(content.as_ref()).and_then(|()| out.flush());
        written.map_err(|error| self.named(&error))
    }
}

/// A file or a standard stream.
enum Opened<F, S> {
    File(F),
    Standard(S),
}

impl<F: Read, S: Read> Read for Opened<F, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Standard(stream) => stream.read(buffer),
        }
    }
}

impl<F: Write, S: Write> Write for Opened<F, S> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(buffer),
            Self::Standard(stream) => stream.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Standard(stream) => stream.flush(),
        }
    }
}
