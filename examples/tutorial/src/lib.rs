//! Typer's tutorial, written with `#[command]`: each chapter is a program in `src/bin`. The page
//! `README.md` shows both side by side.
