//! The tree as a usage specification, in KDL.

use std::fmt::Write;
use std::format;
use std::string::String;
use std::vec::Vec;

use super::{ArgInfo, ArgKind, CommandInfo};

/// The specification of a program.
pub(super) fn write(program: &CommandInfo) -> String {
    let mut out = String::new();
    for (key, text) in [
        ("name", Some(&program.name)),
        ("bin", Some(&program.name)),
        ("version", program.version.as_ref()),
        ("about", program.about.as_ref()),
        ("long_about", program.long_about.as_ref()),
    ] {
        if let Some(text) = text {
            let _ = writeln!(out, "{key} {}", quoted(text));
        }
    }
    inside(&mut out, program, 0);
    out
}

/// The arguments of a command, and its own commands.
fn inside(out: &mut String, command: &CommandInfo, depth: usize) {
    for arg in &command.args {
        argument(out, arg, depth);
    }
    for inner in &command.commands {
        let mut line = format!("cmd {}", quoted(&inner.name));
        text(&mut line, "help", inner.about.as_deref());
        text(&mut line, "long_help", inner.long_about.as_deref());
        flag(&mut line, "hide", inner.hidden);
        // A group does nothing by itself.
        flag(&mut line, "subcommand_required", !inner.commands.is_empty());
        let mut body = String::new();
        for alias in &inner.aliases {
            let _ = writeln!(body, "{:1$}alias {2}", "", (depth + 1) * 4, quoted(alias));
        }
        inside(&mut body, inner, depth + 1);
        node(out, &line, &body, depth);
    }
}

fn argument(out: &mut String, arg: &ArgInfo, depth: usize) {
    let values = values(arg);
    let mut line = if arg.kind == ArgKind::Positional {
        format!("arg {}", quoted(&values))
    } else {
        format!("flag {}", quoted(&names(arg)))
    };
    text(&mut line, "help", arg.help.as_deref());
    text(&mut line, "long_help", arg.long_help.as_deref());
    text(&mut line, "env", arg.env.as_deref());
    flag(&mut line, "hide", arg.hidden);
    let mut body = String::new();
    if arg.kind == ArgKind::Positional {
        flag(&mut line, "var", arg.repeatable);
        default(&mut line, arg);
        choices(&mut body, arg, depth + 1);
    } else {
        flag(&mut line, "var", arg.repeatable);
        flag(&mut line, "global", arg.global);
        flag(&mut line, "required", arg.required);
        default(&mut line, arg);
        if arg.kind == ArgKind::Option {
            let mut inner = String::new();
            choices(&mut inner, arg, depth + 2);
            node(
                &mut body,
                &format!("arg {}", quoted(&values)),
                &inner,
                depth + 1,
            );
        }
    }
    node(out, &line, &body, depth);
}

/// `-w --working-directory`
fn names(arg: &ArgInfo) -> String {
    let short = arg.short.map(|short| format!("-{short}"));
    let longs = arg.long.iter().chain(&arg.aliases);
    let longs = longs.map(|long| format!("--{long}"));
    short.into_iter().chain(longs).collect::<Vec<_>>().join(" ")
}

/// `<name>`, or `[name]` where it may be missing.
fn values(arg: &ArgInfo) -> String {
    let name = arg.value_names.join(" ").to_lowercase();
    if arg.required || arg.kind == ArgKind::Option {
        format!("<{name}>")
    } else {
        format!("[{name}]")
    }
}

fn default(line: &mut String, arg: &ArgInfo) {
    if let [value] = &arg.defaults[..] {
        text(line, "default", Some(value));
    }
}

fn choices(out: &mut String, arg: &ArgInfo, depth: usize) {
    if !arg.possible_values.is_empty() {
        let names = arg.possible_values.iter().map(|value| quoted(&value.name));
        let names = names.collect::<Vec<_>>().join(" ");
        node(out, &format!("choices {names}"), "", depth);
    }
}

/// A line, with the text in its braces.
fn node(out: &mut String, line: &str, body: &str, depth: usize) {
    let width = depth * 4;
    let _ = match body {
        "" => writeln!(out, "{:width$}{line}", ""),
        body => writeln!(out, "{:width$}{line} {{\n{body}{:width$}}}", "", ""),
    };
}

fn text(line: &mut String, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        let _ = write!(line, " {key}={}", quoted(text));
    }
}

fn flag(line: &mut String, key: &str, is_set: bool) {
    if is_set {
        let _ = write!(line, " {key}=#true");
    }
}

/// A KDL string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            '\r' => quoted += "\\r",
            '\t' => quoted += "\\t",
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{{{:x}}}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted + "\""
}
