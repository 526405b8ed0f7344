//! The fields of a host: how each kind is made, read and changed.

use fastrand::Rng;

pub struct Field {
    pub name: String,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Number,
    Text,
    List,
    Map,
    Maybe,
    Pair,
    Array,
    Boxed,
    /// Its methods change it, though their names say that they look.
    Buffer,
    /// A host of its own.
    Inner,
    Inners,
}

impl Kind {
    pub const ALL: [Self; 11] = [
        Self::Number,
        Self::Text,
        Self::List,
        Self::Map,
        Self::Maybe,
        Self::Pair,
        Self::Array,
        Self::Boxed,
        Self::Buffer,
        Self::Inner,
        Self::Inners,
    ];

    pub fn ty(self) -> &'static str {
        match self {
            Self::Number => "i64",
            Self::Text => "String",
            Self::List => "Vec<i64>",
            Self::Map => "std::collections::BTreeMap<i64, i64>",
            Self::Maybe => "Option<i64>",
            Self::Pair => "(i64, i64)",
            Self::Array => "[i64; 3]",
            Self::Boxed => "Box<i64>",
            Self::Buffer => "Buffer",
            Self::Inner => "Inner",
            Self::Inners => "Vec<Inner>",
        }
    }

    pub fn start(self) -> &'static str {
        match self {
            Self::Number => "1",
            Self::Text => "\"text\".to_owned()",
            Self::List => "vec![1, 2]",
            Self::Map => "[(1, 2), (3, 4)].into()",
            Self::Maybe => "Some(4)",
            Self::Pair => "(5, 6)",
            Self::Array => "[7, 8, 9]",
            Self::Boxed => "Box::new(3)",
            Self::Buffer => "Buffer { seen: 2 }",
            Self::Inner => "Inner::new()",
            Self::Inners => "vec![Inner::new(), Inner::new()]",
        }
    }

    /// Whether both twins print it alike.
    pub fn prints(self) -> bool {
        !matches!(self, Self::Inner | Self::Inners)
    }

    /// An `i64` made of the field at `p`.
    pub fn read(self, p: &str) -> String {
        const FOLD: &str = "fold(0i64, |a, b| a.wrapping_mul(3).wrapping_add";
        match self {
            Self::Number => p.to_owned(),
            Self::Text => format!("({p}.len() as i64)"),
            Self::List | Self::Array => format!("{p}.iter().{FOLD}(*b))"),
            Self::Map => format!("{p}.iter().{FOLD}(b.0 ^ b.1))"),
            Self::Maybe => format!("{p}.unwrap_or(11)"),
            Self::Pair => format!("({p}.0 ^ {p}.1.wrapping_mul(3))"),
            Self::Boxed => format!("(*{p} ^ 1)"),
            Self::Buffer => format!("{p}.seen"),
            Self::Inner => format!("{p}.total()"),
            Self::Inners => format!("{p}.iter().{FOLD}(b.total()))"),
        }
    }

    /// A statement that changes what reading the field at `p` gives, for certain.
    pub fn sure_change(self, p: &str) -> String {
        match self {
            Self::Number => format!("{p} = {p}.wrapping_add(1);"),
            Self::Text => format!("if {p}.len() > 20 {{ {p}.clear(); }} else {{ {p}.push('s'); }}"),
            Self::List => format!("{p} = vec![{p}.len() as i64 + 5, x];"),
            Self::Map => format!("{p}.clear(); {p}.insert(x, x.wrapping_add(7));"),
            Self::Maybe => format!("{p} = Some({p}.unwrap_or(0).wrapping_add(1));"),
            Self::Pair => format!("{p}.0 = {p}.0.wrapping_add(1);"),
            Self::Array => format!("{p}[0] = {p}[0].wrapping_add(1);"),
            Self::Boxed => format!("*{p} = {p}.wrapping_add(2);"),
            Self::Buffer => format!("let _seen = {p}.len();"),
            Self::Inner => format!("{p}.push(x.wrapping_add(3));"),
            Self::Inners => format!("{p}[0].push(x.wrapping_add(3));"),
        }
    }

    /// A statement that may change the field at `p`; `v` writes a number, which may read the host
    /// as a whole where rustc lets it.
    pub fn change(
        self,
        p: &str,
        random: &mut Rng,
        v: &mut dyn FnMut(&mut Rng) -> String,
    ) -> String {
        let mut v = |random: &mut Rng| format!("({})", v(random));
        let n = random.usize(..10);
        match self {
            Self::Number => number(p, n, &v(random)),
            Self::Text => format!(
                "if {p}.len() > 50 {{ {p}.clear(); }} {}",
                text(p, n, &v(random))
            ),
            Self::List => format!("{p}.truncate(50); {}", list(p, n, &v(random))),
            Self::Map => format!(
                "if {p}.len() > 20 {{ {p}.clear(); }} {}",
                map(p, n, &v(random), &v(random))
            ),
            Self::Maybe => maybe(p, n, &v(random)),
            Self::Pair => pair(p, n, &v(random), &v(random)),
            Self::Array => array(p, n, &v(random), &v(random)),
            Self::Boxed => boxed(p, n, &v(random)),
            Self::Buffer => buffer(p, n, &v(random)),
            Self::Inner => inner(p, n, &v(random)),
            Self::Inners => inners(p, n),
        }
    }
}

fn number(p: &str, n: usize, v: &str) -> String {
    match n {
        0 => format!("{p} ^= {v};"),
        1 => format!("{p} = {p}.wrapping_add({v});"),
        2 => format!("let place = &mut {p}; *place = place.wrapping_mul(5);"),
        3 => format!("std::mem::swap(&mut {p}, &mut {{ 3 }});"),
        4 => format!("let old = std::mem::replace(&mut {p}, 6); sum ^= old;"),
        5 => format!("*(&mut {p}) ^= 9;"),
        6 => format!("(_, {p}) = (1, {v});"),
        _ => format!("{p} = {v};"),
    }
}

fn text(p: &str, n: usize, v: &str) -> String {
    match n {
        0 => format!("{p}.push_str(&{v}.to_string());"),
        1 => format!("{p} += &{v}.to_string();"),
        2 => format!("let _old = std::mem::take(&mut {p});"),
        3 => format!("print!({p});"),
        4 => format!("{p}.insert(0, if {v} % 2 == 0 {{ 'a' }} else {{ 'b' }});"),
        5 => format!("{p}.retain(|c| c != 'x');"),
        6 => format!("{{ use std::fmt::Write as _; let _ = write!({p}, \"{{}}\", {v}); }}"),
        7 => format!("debug_assert!({p}, 1);"),
        8 => format!("{p}.truncate(2);"),
        _ => format!("{p}.push('x');"),
    }
}

fn list(p: &str, n: usize, v: &str) -> String {
    match n {
        0 => format!("{p}.insert(0, {v});"),
        1 => format!("{p}.extend([{v}, 3]);"),
        2 => format!("{p}.retain(|n| n % 2 == 0);"),
        3 => format!("for n in &mut {p} {{ *n ^= 3; }}"),
        4 => format!("while {p}.len() > 3 {{ {p}.pop(); }}"),
        5 => format!("if let Some(last) = {p}.last_mut() {{ *last ^= 5; }}"),
        6 => format!("if let [first, ..] = &mut {p}[..] {{ *first ^= 1; }}"),
        7 => format!("{p}.iter_mut().for_each(|n| *n ^= 1);"),
        8 => format!("if let Some(n) = {p}.pop() {{ sum ^= n; }}"),
        _ => format!("{p}.push({v});"),
    }
}

fn map(p: &str, n: usize, v: &str, w: &str) -> String {
    match n {
        0 => format!("*{p}.entry({v} % 8).or_insert(0) ^= {w};"),
        1 => format!("{p}.remove(&({v} % 8));"),
        2 => format!("if let Some(n) = {p}.get_mut(&3) {{ *n ^= 1; }}"),
        3 => format!("{p}.values_mut().for_each(|n| *n ^= 2);"),
        4 => format!("{p}.retain(|key, _| key % 2 == 0);"),
        5 => format!("for (key, n) in &mut {p} {{ *n ^= key; }}"),
        _ => format!("{p}.insert({v} % 8, {w});"),
    }
}

fn maybe(p: &str, n: usize, v: &str) -> String {
    match n {
        0 => format!("{p}.replace({v});"),
        1 => format!("sum ^= {p}.take().unwrap_or(1);"),
        2 => format!("if let Some(n) = &mut {p} {{ *n ^= 6; }}"),
        3 => format!("if let Some(n) = {p}.as_mut() {{ *n ^= 7; }}"),
        4 => format!("*{p}.get_or_insert({v}) ^= 8;"),
        5 => format!("match {p} {{ Some(ref mut n) if *n % 2 == 0 => *n ^= 1, _ => {p} = None }}"),
        6 => format!("let Some(n) = &mut {p} else {{ {p} = Some(3); panic!() }}; *n ^= 4;"),
        _ => format!("{p} = Some({v});"),
    }
}

fn pair(p: &str, n: usize, v: &str, w: &str) -> String {
    match n {
        0 => format!("{p}.0 = {v};"),
        1 => format!("({p}.0, {p}.1) = ({p}.1, {v});"),
        2 => format!("let (a, _) = &mut {p}; *a ^= 1;"),
        3 => format!("std::mem::swap(&mut {p}.0, &mut {p}.1);"),
        4 => format!("let (ref mut a, b) = {p}; *a ^= b;"),
        5 => format!("{p}.1 ^= {v};"),
        _ => format!("{p} = ({v}, {w});"),
    }
}

fn array(p: &str, n: usize, v: &str, w: &str) -> String {
    match n {
        0 => format!("{p}[1] ^= {v};"),
        1 => format!("{p}.swap(0, 2);"),
        2 => format!("for n in &mut {p} {{ *n ^= 3; }}"),
        3 => format!("{p}[{v}.rem_euclid(3) as usize] ^= {w};"),
        4 => format!("[{p}[0], _, {p}[2]] = [{v}, 1, {w}];"),
        5 => format!("{p} = [{v}, {w}, 1];"),
        6 => format!("let [first, ..] = &mut {p}; *first ^= 2;"),
        _ => format!("{p}[{v}.rem_euclid(3) as usize] = {w};"),
    }
}

fn boxed(p: &str, n: usize, v: &str) -> String {
    match n {
        0 => format!("*{p} ^= {v};"),
        1 => format!("let place = &mut *{p}; *place ^= 1;"),
        2 => format!("{p} = Box::new({v});"),
        3 => format!("*{p}.as_mut() ^= 2;"),
        _ => format!("*{p} = {v};"),
    }
}

fn buffer(p: &str, n: usize, v: &str) -> String {
    match n {
        0 => format!("sum ^= {p}.len();"),
        1 => format!("let _shown = {p}.to_string();"),
        2 => format!("if {p}.is_empty() {{ sum ^= 1; }}"),
        3 => format!("if {p}.is_empty() && {v} % 2 == 0 {{ sum ^= 1; }}"),
        4 => format!("match {p}.get(1) {{ n if n % 2 == 0 => sum ^= {v}, n => sum ^= n }}"),
        5 => format!("{p}.seen = {v};"),
        _ => format!("sum ^= {p}.get({v});"),
    }
}

fn inner(p: &str, n: usize, v: &str) -> String {
    match n {
        0 => format!("{p}.items.push({v}); {p}.items.truncate(30);"),
        1 => format!("{p}.factor = {v};"),
        2 => format!("{p}.items_mut().push(3);"),
        3 => format!("if let Some(n) = {p}.items.first_mut() {{ *n ^= 5; }}"),
        4 => format!("let Inner {{ items, .. }} = &mut {p}; items.push(2);"),
        5 => format!("std::mem::swap(&mut {p}.items, &mut vec![1]);"),
        6 => format!("let inner = &mut {p}; inner.push(6);"),
        7 => format!("{p}.factor ^= {v}; sum ^= {p}.total();"),
        8 => format!("{p} = Inner::new();"),
        _ => format!("{p}.push({v});"),
    }
}

fn inners(p: &str, n: usize) -> String {
    match n {
        0 => format!("for inner in &mut {p} {{ inner.push(1); }}"),
        1 => format!("{p}[0].items.push(3); {p}[0].items.truncate(30);"),
        2 => format!("{p}[1].factor ^= 5; sum ^= {p}[1].total();"),
        3 => format!("{p}[0].items_mut().push(2);"),
        4 => format!("{p}.truncate(4); {p}.push(Inner::new());"),
        5 => format!("{p}.swap(0, 1);"),
        6 => format!("{p}.iter_mut().for_each(|inner| inner.push(4));"),
        7 => format!("if let Some(inner) = {p}.last_mut() {{ inner.push(7); }}"),
        _ => format!("{p}[1].push(9);"),
    }
}
