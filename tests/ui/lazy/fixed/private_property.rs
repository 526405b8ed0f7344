#![allow(dead_code)]

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
        pub fn words(&self) -> usize {
            self.text.split(' ').count()
        }

        pub fn clear(&mut self) {
            self.lazy.clear();
        }
    }
}

fn main() {
    let mut report = report::Report::default();
    report.words();
    report.clear();
}
