//! The macros of a crate that the manifest renames. One line tells them its name.

#[cfg(test)]
extern crate props as lazy_prop;

#[cfg(test)]
mod tests {
    use props::{command, lazy};

    #[lazy]
    struct Text<'t> {
        text: &'t str,
    }

    #[lazy]
    impl<'t> Text<'t> {
        fn new(text: &'t str) -> Self {
            Self { text }
        }

        #[lazy]
        fn words(&self) -> usize {
            self.text.split(' ').count()
        }
    }

    #[command]
    fn count(text: &str) {
        assert_eq!(Text::new(text).words(), 2);
    }

    #[test]
    fn a_command_reads_a_property() {
        let line = ["app", "count", "two words"];
        props::cli!().try_run_from(line).unwrap();
    }
}
