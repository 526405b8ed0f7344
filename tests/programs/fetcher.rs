//! A program with an `async fn`, on tokio or on smol.

use std::process::ExitCode;

/// Tells that it is dropped.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        println!("dropped");
    }
}

/// Wait for ever, and hold something.
#[lazy_prop::command]
async fn wait() {
    let _guard = Guard;
    println!("waiting");
    std::future::pending::<()>().await;
}

/// Do what only a task on the runtime can.
#[lazy_prop::command]
async fn spawn(number: u32) -> Result<(), String> {
    let doubled = match std::env::var_os("ON_SMOL") {
        Some(_) => smol::spawn(async move { number * 2 }).await,
        None => tokio::spawn(async move { number * 2 })
            .await
            .map_err(|error| error.to_string())?,
    };
    println!("{doubled}");
    Ok(())
}

fn main() -> ExitCode {
    let cli = lazy_prop::cli!(lazy_prop::commands![wait, spawn]);
    if std::env::var_os("ON_SMOL").is_some() {
        cli.run_smol()
    } else {
        cli.run_tokio()
    }
}
