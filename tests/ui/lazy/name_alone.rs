// Rule: `depends(…)` and `clears(…)` take names, not expressions.
// Why: they say which fields and properties are meant, whatever expression reads them.
// Instead: write the name of the field or property alone.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(depends(self.text))]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    #[lazy(depends("text", self.words()))]
    fn shown(&self) -> &str {
        format!("{} words", self.words())
    }

    #[lazy(clears = words)]
    fn clear(&mut self) {
        self.text.clear();
    }
}

fn main() {}
