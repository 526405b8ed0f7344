//! How do commands share a resource that only some of them open? As methods of an app: its fields are options of
//! all commands, and its lazy properties are the resources.
//!
//! ```sh
//! cargo run --example app -- words README.md
//! cargo run --example app -- --text README.md longest
//! ```

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use lazy_prop::{command, lazy};

/// Ask a text.
#[command(version)]
#[lazy]
struct Ask {
    /// The file with the text.
    #[arg(short, long, env = "ASK_TEXT", default_value = "README.md")]
    text: PathBuf,

    /// Print the name of the file when it is read.
    #[arg(short, long)]
    verbose: bool,
}

#[command]
#[lazy]
impl Ask {
    /// The text. It is read once, when a command first needs it.
    #[lazy]
    fn content(&self) -> io::Result<&str> {
        self.say("read", &self.text);
        fs::read_to_string(&self.text).map_err(|error| {
            let file = self.text.display();
            io::Error::new(error.kind(), format!("can't read {file}: {error}"))
        })
    }

    /// Count the words.
    #[command]
    fn words(&self) -> io::Result<()> {
        println!("{}", self.content()?.split_whitespace().count());
        Ok(())
    }

    /// Print the longest lines.
    #[command]
    fn longest(
        &self,
        /// How many.
        #[arg(short = 'n', long, default_value_t = 1)]
        count: usize,
    ) -> io::Result<()> {
        let mut lines: Vec<&str> = self.content()?.lines().collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.len()));
        lines.iter().take(count).for_each(|line| println!("{line}"));
        Ok(())
    }

    /// Look for a word; the exit code is 1 if the text lacks it.
    #[command(alias = "grep")]
    fn find(
        &self,
        /// The word.
        word: &str,
    ) -> io::Result<ExitCode> {
        Ok(ExitCode::from(u8::from(!self.content()?.contains(word))))
    }

    /// Print the name of the file, without reading it.
    #[command]
    fn name(&self) {
        println!("{}", self.text.display());
    }

    fn say(&self, what: &str, file: &Path) {
        if self.verbose {
            eprintln!("{what} {}", file.display());
        }
    }
}

fn main() -> ExitCode {
    Ask::cli().run()
}
