// Rule: a property is as visible as its method, and the hidden field is private to its module.
// Why: code that clears or presets a value could make it wrong.
// Instead: make the method `pub`, and write methods for what others may clear or preset.
mod report {
    use lazy_prop::lazy;

    #[lazy]
    #[derive(Default)]
    pub struct Report {
        text: String,
    }

    #[lazy]
    impl Report {
        #[lazy]
        fn words(&self) -> usize {
            self.text.split(' ').count()
        }
    }
}

fn main() {
    let mut report = report::Report::default();
    report.words();
    report.lazy.clear();
}
