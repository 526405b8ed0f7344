use lazy_prop::{cli, command, commands};

#[command]
fn send(to: String, from: Option<String>, text: String) {
    println!("{from:?} {to} {text}");
}

#[command]
fn copy(files: Vec<String>, into: String) {
    println!("{files:?} {into}");
}

#[command]
fn list(host: Option<String>, names: Vec<String>) {
    println!("{host:?} {names:?}");
}

fn main() {
    cli!(commands![send, copy, list]).clap().debug_assert();
}
