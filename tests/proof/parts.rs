// lazy: #[lazy]
#[derive(Clone, Debug)]
pub struct Inner {
    pub items: Vec<i64>,
    pub factor: i64,
}

// lazy: #[lazy]
impl Inner {
    pub fn new() -> Self {
        Self { items: vec![1, 2], factor: 3 }
    }

    // lazy: #[lazy]
    pub fn total(&self) -> i64 {
        let sum = self.items.iter().fold(0i64, |a, b| a.wrapping_add(*b));
        sum.wrapping_mul(self.factor)
    }

    pub fn push(&mut self, n: i64) {
        self.items.truncate(30);
        self.items.push(n);
    }

    pub fn items_mut(&mut self) -> &mut Vec<i64> {
        self.total();
        self.items.truncate(30);
        &mut self.items
    }
}

/// Its methods change it, though their names say that they look.
#[derive(Clone, Debug)]
pub struct Buffer {
    pub seen: i64,
}

impl Buffer {
    pub fn len(&mut self) -> i64 {
        self.seen = self.seen.wrapping_add(1);
        self.seen
    }

    pub fn is_empty(&mut self) -> bool {
        self.seen ^= 4;
        self.seen % 3 == 0
    }

    pub fn to_string(&mut self) -> String {
        self.seen ^= 1;
        String::new()
    }

    pub fn get(&mut self, n: i64) -> i64 {
        self.seen ^= n;
        n
    }
}

macro_rules! peek {
    ($host:ident, $field:ident) => {
        format!("{:?}", $host.$field).len() as i64
    };
}

macro_rules! bump {
    ($host:ident, $field:ident, $x:ident) => {
        $host.$field = $host.$field.wrapping_add($x)
    };
}

/// As std's by name alone.
macro_rules! print {
    ($text:expr) => {
        $text.push('!')
    };
}

/// As std's by name alone.
macro_rules! debug_assert {
    ($text:expr, $count:expr) => {
        $text.truncate($count)
    };
}

/// As those of the crate log.
macro_rules! debug {
    ($($arg:tt)+) => {{
        let _logged = format!($($arg)+);
    }};
}
