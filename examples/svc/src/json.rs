//! JSON for programs. `JSON.md` describes it, and a test compares the two.

use std::fmt::Display;

use serde::Serialize;

use crate::error::Error;

/// The version of the form, which each object has as `form`. It grows when a field is removed or
/// gets another meaning, and not when one is added.
pub const FORM: u32 = 1;

#[derive(Serialize)]
struct Formed<'a, T> {
    form: u32,
    #[serde(flatten)]
    value: &'a T,
}

impl<'a, T> Formed<'a, T> {
    fn of(value: &'a T) -> Self {
        Self { form: FORM, value }
    }
}

/// An object on one line, for output that has one for each fact.
///
/// # Errors
/// If a path is not text.
pub fn line(value: &impl Serialize) -> Result<String, Error> {
    let json = serde_json::to_string(&Formed::of(value)).map_err(Error::Json)?;
    Ok(json + "\n")
}

/// One object.
///
/// # Errors
/// If a path is not text.
pub fn object(value: &impl Serialize) -> Result<String, Error> {
    let json = serde_json::to_string_pretty(&Formed::of(value)).map_err(Error::Json)?;
    Ok(json + "\n")
}

/// A list of objects.
///
/// # Errors
/// If a path is not text.
pub fn list<T: Serialize>(values: &[T]) -> Result<String, Error> {
    let values: Vec<_> = values.iter().map(Formed::of).collect();
    let json = serde_json::to_string_pretty(&values).map_err(Error::Json)?;
    Ok(json + "\n")
}

/// One fact, as an object on a line or as text for people.
///
/// # Errors
/// If a path is not text.
pub fn or_text(value: &(impl Serialize + Display), json: bool) -> Result<String, Error> {
    if json {
        line(value)
    } else {
        Ok(value.to_string())
    }
}
