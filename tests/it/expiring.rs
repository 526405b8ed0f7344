//! `ttl`: values that expire, `stale_while_refresh`; and `racing`.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use lazy_prop::testing::{advance, assert_computed, assert_not_computed};
use lazy_prop::{LazyHost, lazy};

use super::failure::panic_of;

const TTL: Duration = Duration::from_secs(60);
const LATER: Duration = Duration::from_secs(61);

#[lazy]
struct Shop {
    runs: Cell<u32>,
    fails: Cell<bool>,
    ttl: Duration,
    name: String,
}

#[lazy]
impl Shop {
    fn new() -> Self {
        Self {
            runs: Cell::new(0),
            fails: Cell::new(false),
            ttl: TTL,
            name: "shop".into(),
        }
    }

    fn run(&self) -> u32 {
        self.runs.set(self.runs.get() + 1);
        self.runs.get()
    }

    /// The price of today.
    #[lazy(ttl = TTL)]
    fn price(&self) -> u32 {
        self.run()
    }

    #[lazy(ttl = self.ttl, cloned)]
    fn sign(&self) -> Rc<str> {
        format!("{} {}", self.name, self.run()).into()
    }

    #[lazy(ttl = TTL, cloned)]
    fn tried(&self) -> Result<String, Vec<u8>> {
        let run = self.run();
        if self.fails.get() {
            return Err(vec![1]);
        }
        Ok(format!("run {run}"))
    }

    #[lazy(ttl = TTL)]
    fn copied(&self) -> std::io::Result<u32> {
        Ok(self.run())
    }

    #[lazy(ttl = TTL)]
    fn found(&self) -> Option<u32> {
        self.run();
        None
    }

    #[lazy(ttl = Duration::MAX)]
    fn always(&self) -> u32 {
        self.run()
    }

    #[lazy(ttl = Duration::from_secs(30))]
    fn double(&self) -> u32 {
        self.price() * 2
    }

    #[lazy(ttl = TTL, cycle_ok)]
    fn itself(&self) -> u32 {
        self.itself() + 1
    }

    fn rename(&mut self, name: &str) {
        self.name = name.into();
    }
}

#[test]
fn a_value_is_kept_until_it_expires() {
    let shop = Shop::new();
    assert_eq!((shop.price(), shop.price()), (1, 1));
    advance(TTL - Duration::from_secs(1));
    assert_eq!(shop.price(), 1);
    advance(Duration::from_secs(1));
    assert_not_computed!(shop, price);
    assert_eq!((shop.price(), shop.price()), (2, 2));
}

#[test]
fn the_time_can_be_a_field_and_never_end() {
    let mut shop = Shop::new();
    assert_eq!((&*shop.sign(), &*shop.sign()), ("shop 1", "shop 1"));
    advance(LATER);
    assert_eq!(&*shop.sign(), "shop 2");
    shop.rename("store");
    assert_not_computed!(shop, sign);
    assert_eq!(&*shop.sign(), "store 3");
    assert_eq!(shop.always(), 4);
    advance(Duration::from_secs(1_000_000_000));
    assert_eq!(shop.always(), 4);
}

#[test]
fn an_error_is_not_kept_and_none_is() {
    let shop = Shop::new();
    shop.fails.set(true);
    assert_eq!(shop.tried(), Err(vec![1]));
    assert_eq!(shop.tried(), Err(vec![1]));
    shop.fails.set(false);
    assert_eq!(shop.tried().as_deref(), Ok("run 3"));
    shop.fails.set(true);
    assert_eq!(shop.tried().as_deref(), Ok("run 3"));
    advance(LATER);
    assert_eq!(shop.tried(), Err(vec![1]));
    assert_eq!(shop.copied().unwrap(), 5);
    assert_eq!(
        (shop.found(), shop.found(), shop.runs.get()),
        (None, None, 6)
    );
}

#[test]
fn one_that_expires_can_be_read_by_another() {
    let shop = Shop::new();
    assert_eq!(shop.double(), 2);
    advance(Duration::from_secs(31));
    assert_eq!((shop.double(), shop.price()), (2, 1));
    advance(Duration::from_secs(31));
    assert_eq!(shop.double(), 4);
}

#[test]
fn the_cell_can_be_looked_at_preset_and_cleared() {
    let mut shop = Shop::new();
    assert_eq!(shop.lazy.price.get(), None);
    assert_eq!(shop.lazy.price.set(7, TTL), Ok(()));
    assert_eq!(shop.lazy.price.set(8, TTL), Err(8));
    assert_computed!(shop, price);
    assert_eq!((shop.price(), shop.lazy.price.get()), (7, Some(7)));
    assert!(shop.lazy.computed().eq(["price"]));
    assert_eq!(shop.lazy.price.take(), Some(7));
    assert_eq!(shop.lazy.price.take(), None);
    shop.price();
    advance(LATER);
    assert_eq!(
        (shop.lazy.price.get(), shop.lazy.price.take()),
        (None, None)
    );
    shop.price();
    shop.lazy.clear();
    assert_not_computed!(shop, price);
    assert_eq!(
        <Shop as LazyHost>::PROPERTIES[0].doc(),
        "The price of today."
    );
}

#[test]
fn one_that_reads_itself_panics() {
    let text = panic_of(|| Shop::new().itself());
    assert_eq!(
        text,
        "a lazy value needs itself: Shop::itself -> Shop::itself"
    );
}

#[test]
fn a_panic_keeps_nothing_and_the_next_read_tries_again() {
    #[lazy]
    #[derive(Default)]
    struct Shaky {
        runs: AtomicUsize,
    }

    #[lazy(sync)]
    impl Shaky {
        #[lazy(ttl = TTL)]
        fn value(&self) -> usize {
            let run = self.runs.fetch_add(1, SeqCst);
            assert!(run != 1, "the second run panics");
            run
        }
    }

    let shaky = Shaky::default();
    assert_eq!(shaky.value(), 0);
    advance(LATER);
    assert_eq!(panic_of(|| shaky.value()), "the second run panics");
    assert_eq!((shaky.value(), shaky.value()), (2, 2));
}

#[test]
fn a_function_expires_too() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[lazy(ttl = TTL, cloned)]
    fn rates() -> Arc<str> {
        format!("run {}", RUNS.fetch_add(1, SeqCst)).into()
    }

    assert_eq!((&*rates(), &*rates()), ("run 0", "run 0"));
    advance(LATER);
    assert_eq!(&*rates(), "run 1");
}

/// A host whose body ends when it is told to.
macro_rules! gated {
    ($name:ident, $($option:tt)*) => {
        #[lazy]
        struct $name {
            runs: AtomicUsize,
            meet: [Barrier; 2],
        }

        #[lazy(sync)]
        impl $name {
            fn new() -> Self {
                Self {
                    runs: AtomicUsize::new(0),
                    meet: [Barrier::new(2), Barrier::new(2)],
                }
            }

            #[lazy($($option)*)]
            fn value(&self) -> usize {
                let run = self.runs.fetch_add(1, SeqCst);
                if run > 0 {
                    self.meet[0].wait();
                    self.meet[1].wait();
                }
                run
            }
        }
    };
}

#[test]
fn others_get_the_old_value_while_one_computes_the_new_one() {
    gated!(Gated, ttl = TTL, stale_while_refresh);
    let host = Gated::new();
    assert_eq!(host.value(), 0);
    advance(LATER);
    thread::scope(|scope| {
        let refresh = scope.spawn(|| {
            advance(LATER);
            host.value()
        });
        host.meet[0].wait();
        assert_eq!((host.value(), host.value()), (0, 0));
        host.meet[1].wait();
        assert_eq!(refresh.join().unwrap(), 1);
    });
    assert_eq!((host.value(), host.runs.load(SeqCst)), (1, 2));
}

#[test]
fn others_wait_for_the_new_value_if_nothing_else_is_said() {
    gated!(Gated, ttl = TTL);
    let host = Gated::new();
    assert_eq!(host.value(), 0);
    thread::scope(|scope| {
        let (sender, values) = channel();
        for _ in 0..4 {
            let (host, sender) = (&host, sender.clone());
            scope.spawn(move || {
                advance(LATER);
                sender.send(host.value()).unwrap();
            });
        }
        host.meet[0].wait();
        assert!(values.try_recv().is_err());
        host.meet[1].wait();
        assert!((0..4).all(|_| values.recv().unwrap() == 1));
    });
    assert_eq!(host.runs.load(SeqCst), 2);
}

#[test]
fn threads_whose_expiring_values_need_each_other_panic() {
    static MET: AtomicUsize = AtomicUsize::new(0);

    fn meet() {
        MET.fetch_add(1, SeqCst);
        while MET.load(SeqCst) < 2 {
            thread::yield_now();
        }
    }

    #[lazy(ttl = TTL)]
    fn left() -> u32 {
        meet();
        right()
    }

    #[lazy(ttl = TTL)]
    fn right() -> u32 {
        meet();
        left()
    }

    let panics = thread::scope(|scope| {
        let threads = [
            scope.spawn(|| panic_of(left)),
            scope.spawn(|| panic_of(right)),
        ];
        threads.map(|thread| thread.join().unwrap())
    });
    for panic in &panics {
        assert!(panic.starts_with("a lazy value needs itself: "), "{panic}");
    }
    assert!(
        panics.iter().any(|panic| panic.contains(" here, ")),
        "{panics:?}"
    );
}

#[test]
fn racing_threads_compute_at_once_and_all_get_one_value() {
    #[lazy]
    struct Race {
        runs: AtomicUsize,
        all_run: Barrier,
    }

    #[lazy(sync)]
    impl Race {
        fn new(threads: usize) -> Self {
            Self {
                runs: AtomicUsize::new(0),
                all_run: Barrier::new(threads),
            }
        }

        /// No thread ends this before all have begun: they would wait for ever for one that
        /// blocks.
        #[lazy(racing)]
        fn text(&self) -> &str {
            let run = self.runs.fetch_add(1, SeqCst);
            self.all_run.wait();
            format!("run {run}")
        }

        #[lazy(racing)]
        fn tried(&self) -> Result<&usize, String> {
            match self.runs.fetch_add(1, SeqCst) {
                0 => Err("not yet".into()),
                run => Ok(run),
            }
        }
    }

    let race = Race::new(4);
    let texts: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| race.text().to_owned()))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(race.runs.load(SeqCst), 4);
    assert!(texts.iter().all(|text| text == race.text()), "{texts:?}");
    assert_eq!(race.lazy.text.get().map(String::as_str), Some(race.text()));

    let mut race = Race::new(1);
    assert_eq!(race.tried(), Err("not yet".into()));
    assert_eq!((race.tried(), race.tried()), (Ok(&1), Ok(&1)));
    assert_eq!(race.lazy.tried.take(), Some(1));
    assert_eq!(race.lazy.tried.set(9), Ok(()));
    assert_eq!(race.tried(), Ok(&9));
}

#[test]
fn a_racing_function_computes_for_whoever_is_first() {
    #[lazy(racing)]
    fn cores() -> usize {
        2
    }

    assert_eq!((cores(), cores()), (2, 2));
}
