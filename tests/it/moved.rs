//! Methods that own or lend their host, read a property, and then hand the host to code outside of the
//! block that changes it.

use lazy_prop::lazy;

fn change(report: &mut Report) {
    report.text.push_str(" x");
}

fn read_and_change(report: &mut Report) {
    report.words();
    report.text.push_str(" x");
}

struct Wrapper {
    report: Report,
}

#[lazy]
#[derive(Clone, Default)]
struct Report {
    text: String,
    title: String,
}

impl Report {
    fn elsewhere(&mut self) {
        self.text.push_str(" x");
    }

    fn read_elsewhere(&mut self) {
        self.words();
        self.text.push_str(" x");
    }
}

#[lazy]
impl Report {
    fn new() -> Self {
        let report = Self {
            text: "a b".into(),
            title: String::new(),
        };
        report.words();
        report
    }

    #[lazy]
    fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }

    fn by_function(mut self) -> Self {
        self.words();
        change(&mut self);
        self
    }

    fn by_method(mut self) -> Self {
        self.words();
        self.elsewhere();
        self
    }

    fn into_wrapper(mut self) -> Wrapper {
        self.words();
        change(&mut self);
        Wrapper { report: self }
    }

    fn into_list(mut self, list: &mut Vec<Self>) {
        self.words();
        self.elsewhere();
        list.push(self);
    }

    #[allow(clippy::boxed_local)]
    fn of_box(mut self: Box<Self>, list: &mut Vec<Self>) {
        self.words();
        self.elsewhere();
        list.push(*self);
    }

    fn into_vec(mut self) -> Vec<Self> {
        self.words();
        self.elsewhere();
        vec![self]
    }

    fn early(mut self, is_early: bool) -> Option<Self> {
        self.words();
        change(&mut self);
        if is_early {
            return Some(self);
        }
        None
    }

    fn under_another_name(mut self) -> Self {
        self.words();
        let me = &mut self;
        me.text.push_str(" x");
        self
    }

    fn handed_on_under_another_name(mut self) -> Self {
        {
            let me = &mut self;
            me.words();
            read_and_change(me);
        }
        self
    }

    fn handed_on_under_a_later_name(mut self) -> Self {
        let me;
        me = &mut self;
        read_and_change(me);
        self
    }

    fn capped(mut self) -> Result<Self, String> {
        if self.words() > 100 {
            return Err("too long".into());
        }
        self.text.push_str(" x");
        Ok(self)
    }

    fn chain(&mut self) -> &mut Self {
        read_and_change(self);
        self
    }

    fn chain_by_method(&mut self) -> &mut Self {
        self.read_elsewhere();
        self
    }

    fn title(&mut self) -> &str {
        read_and_change(self);
        &self.title
    }

    fn title_mut(&mut self) -> Option<&mut String> {
        read_and_change(self);
        if self.title.len() > 9 {
            return None;
        }
        Some(&mut self.title)
    }

    fn either(&mut self, is_long: bool) -> &mut Self {
        if self.words() > 2 || is_long {
            self
        } else {
            self.title.clear();
            self
        }
    }
}

#[track_caller]
fn is_fresh(report: &Report) {
    assert_eq!(report.words(), report.text.split_whitespace().count());
}

#[test]
fn an_owned_host_clears_where_it_is_moved() {
    is_fresh(&Report::new().by_function());
    is_fresh(&Report::new().by_method());
    is_fresh(&Report::new().into_wrapper().report);
    is_fresh(&Report::new().early(true).unwrap());
    is_fresh(&Report::new().under_another_name());
    is_fresh(&Report::new().handed_on_under_another_name());
    is_fresh(&Report::new().handed_on_under_a_later_name());
    is_fresh(&Report::new().capped().unwrap());
    assert!(Report::new().early(false).is_none());
    let mut list = vec![];
    Report::new().into_list(&mut list);
    Box::new(Report::new()).of_box(&mut list);
    list.extend(Report::new().into_vec());
    list.iter().for_each(is_fresh);
}

#[test]
fn a_lent_host_clears_before_it_is_lent() {
    let mut report = Report::new();
    is_fresh(report.chain());
    is_fresh(report.chain_by_method());
    report.title();
    is_fresh(&report);
    report.title_mut().unwrap().push('t');
    is_fresh(&report);
    is_fresh(report.either(false));
}
