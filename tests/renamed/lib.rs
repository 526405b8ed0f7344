//! The macros of a crate that the manifest renames: each says its name.

#[cfg(test)]
mod tests {
    use props::{command, commands, lazy, options};

    #[lazy(crate = props)]
    struct Text<'t> {
        text: &'t str,
    }

    #[lazy(crate = props)]
    impl<'t> Text<'t> {
        fn new(text: &'t str) -> Self {
            Self { text }
        }

        #[lazy]
        fn words(&self) -> usize {
            self.text.split(' ').count()
        }
    }

    #[lazy(crate = ::props, cloned)]
    fn limit() -> u8 {
        3
    }

    options! { crate = props, shared:
        /// At most so many.
        most => #[arg(long, default_value_t = limit())],
    }

    #[command(options = shared, crate = props)]
    fn count(text: &str, most: u8) {
        assert!(Text::new(text).words() <= usize::from(most));
    }

    #[command(crate = props)]
    struct App {}

    #[command(crate = props)]
    impl App {
        #[command]
        fn status(&self) {}
    }

    #[command(crate = props, exclusive)]
    enum Form {
        Json,
    }

    #[command(crate = props, group = "as")]
    fn show(#[command(flatten)] form: Option<Form>) {
        assert!(matches!(form, Some(Form::Json)));
    }

    #[test]
    fn a_command_reads_a_property() {
        let line = ["app", "count", "two words"];
        props::cli!().try_run_from(line).unwrap();
        let line = ["count", "two words", "--most=2"];
        props::cli!(count).try_run_from(line).unwrap();
    }

    #[test]
    fn lists_apps_and_enums_have_the_name_too() {
        let cli = props::cli!(commands![crate = props, show]);
        cli.try_run_from(["app", "as", "show", "--json"]).unwrap();
        App::cli().try_run_from(["app", "status"]).unwrap();
    }
}
