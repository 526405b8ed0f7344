//! What a service takes over from the place where it is started.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;

use rustix::fs::Mode;
use rustix::process;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

/// The variables that every service gets from the environment of its start. All others must be
/// named.
const BASE: [&str; 8] = [
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR",
];

/// The part of a shell's environment that its services get, and its umask. They are kept with the
/// state, so that a service gets them too when cron starts it after a reboot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surroundings {
    /// The variables.
    #[serde(with = "texts")]
    pub environment: BTreeMap<String, OsString>,
    /// The umask.
    pub umask: u32,
}

impl Surroundings {
    /// Those of this process.
    #[must_use]
    pub fn ours() -> Self {
        let variable = |name: &str| Some((name.to_owned(), env::var_os(name)?));
        Self {
            environment: BASE.into_iter().filter_map(variable).collect(),
            umask: umask(),
        }
    }
}

/// Surroundings as JSON. Whoever reads a state seldom needs them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kept(Box<RawValue>);

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl From<&Surroundings> for Kept {
    fn from(surroundings: &Surroundings) -> Self {
        Self(to_raw_value(surroundings).expect("maps and numbers are JSON"))
    }
}

impl Kept {
    /// The surroundings, or empty ones if they cannot be understood.
    #[must_use]
    pub fn surroundings(&self) -> Surroundings {
        serde_json::from_str(self.0.get()).unwrap_or_default()
    }
}

/// The umask of this process, which the service gets with its environment.
fn umask() -> u32 {
    // It cannot be read without being set.
    let ours = process::umask(Mode::RWXG | Mode::RWXO);
    process::umask(ours);
    ours.bits()
}

/// Variables as text, where they are text. By itself, serde writes each of them as a list of bytes.
mod texts {
    use std::collections::BTreeMap;
    use std::ffi::{OsStr, OsString};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize)]
    #[serde(untagged)]
    enum Written<'a> {
        Text(&'a str),
        Bytes(&'a OsStr),
    }

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Read {
        Text(String),
        Bytes(OsString),
    }

    pub(super) fn serialize<S: Serializer>(
        variables: &BTreeMap<String, OsString>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(variables.iter().map(|(name, value)| {
            let text = value.to_str().map(Written::Text);
            (name, text.unwrap_or(Written::Bytes(value)))
        }))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<String, OsString>, D::Error> {
        let value = |read| match read {
            Read::Text(text) => text.into(),
            Read::Bytes(bytes) => bytes,
        };
        let read = BTreeMap::<String, Read>::deserialize(deserializer)?;
        Ok(read
            .into_iter()
            .map(|(name, read)| (name, value(read)))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::Surroundings;

    #[test]
    fn a_variable_is_kept_as_text_if_it_is_text() {
        let path = OsStr::from_bytes(b"/\xff").to_owned();
        let environment = [("HOME", "/home/zoë".into()), ("PATH", path)];
        let given = Surroundings {
            environment: environment
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
            umask: 0o22,
        };
        let kept = serde_json::to_string(&given).unwrap();
        let text = r#"{"environment":{"HOME":"/home/zoë","PATH":{"Unix":[47,255]}},"umask":18}"#;
        assert_eq!(kept, text);
        assert_eq!(serde_json::from_str::<Surroundings>(&kept).unwrap(), given);
    }
}
