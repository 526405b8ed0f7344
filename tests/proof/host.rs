//! A random host: its fields, properties, helpers and methods, written twice.

use fastrand::Rng;

use crate::body::Around;
use crate::field::{Field, Kind};
use crate::method::{Block, Method};
use crate::mistake::{Mistake, Touch};
use crate::property::{Property, helper};

/// What a host is written from: each part in a form that both twins can be written with.
pub struct Host {
    fields: Vec<Field>,
    properties: Vec<Property>,
    helpers: Vec<String>,
    methods: Vec<Method>,
    sync: bool,
    planted: Option<Mistake>,
}

/// What both twins have beside the host: a type that only seems to look, and a host for fields.
const PARTS: &str = include_str!("parts.rs");

impl Host {
    /// A host, perhaps with a mistake.
    pub fn new(random: &mut Rng, planted: Option<Mistake>) -> Self {
        let kinds = Kind::ALL;
        let kinds = (0..random.usize(2..6)).map(|_| kinds[random.usize(..kinds.len())]);
        let kinds = planted
            .and_then(Mistake::first_kind)
            .into_iter()
            .chain(kinds);
        // Two of a kind, so that they can be swapped.
        let kinds: Vec<Kind> = kinds.chain([Kind::Number, Kind::Number]).collect();
        let fields = kinds.into_iter().enumerate();
        let fields: Vec<_> = fields
            .map(|(number, kind)| Field {
                name: format!("f{number}"),
                kind,
            })
            .collect();

        let certain = planted.and_then(|mistake| mistake.field(&fields));
        let (mut properties, mut helpers) = (Vec::new(), Vec::new());
        for number in 0..random.usize(2..7) {
            properties.push(Property::new(
                number,
                &fields,
                certain,
                &properties,
                helpers.len(),
                random,
            ));
            if random.bool() {
                helpers.push(helper(helpers.len(), &fields, &properties, random));
            }
        }
        let mut methods = Vec::new();
        for _ in 0..random.usize(4..10) {
            let around = Around {
                fields: &fields,
                properties: &properties,
                helpers: helpers.len(),
                methods: &methods,
            };
            let method = Method::new(&around, random);
            methods.push(method);
        }
        Self {
            fields,
            properties,
            helpers,
            methods,
            sync: random.usize(..4) == 0,
            planted,
        }
    }

    /// The module of the two twins and their driver.
    pub fn source(&self) -> String {
        let lazy = self.twin(true);
        let plain = self.twin(false);
        let driver = self.driver();
        format!("pub mod lazy {{\n{lazy}}}\n\npub mod plain {{\n{plain}}}\n\n{driver}")
    }

    fn twin(&self, lazy: bool) -> String {
        let mark = |options: &str| match lazy {
            true => format!("#[lazy_prop::lazy{options}]\n"),
            false => String::new(),
        };
        let sync = if self.sync { "(sync)" } else { "" };
        let each = |f: &dyn Fn(&Field) -> String| self.fields.iter().map(f).collect::<String>();
        let declared = each(&|field| format!("pub {}: {},\n", field.name, field.kind.ty()));
        let made = each(&|field| format!("{}: {},\n", field.name, field.kind.start()));
        let total = each(&|field| {
            let read = field.kind.read(&format!("host.{}", field.name));
            format!("total = total.wrapping_add({read});\n")
        });
        let last = &self.fields.last().expect("there are two").name;
        let parts = if lazy {
            PARTS.replace("// lazy: ", "")
        } else {
            PARTS.to_owned()
        };

        let mut home = String::new();
        for (number, property) in self.properties.iter().enumerate() {
            let less = number == 0 && self.planted == Some(Mistake::DependsOnLess);
            home += &property.text(lazy, less);
        }
        home += &self.helpers.concat();
        home += &self.methods(Block::Home);
        let (also, of_trait) = (self.methods(Block::Also), self.methods(Block::Trait));
        let signatures = self
            .methods
            .iter()
            .filter(|method| method.block == Block::Trait);
        // A trait has no `mut self`.
        let signatures: String = signatures
            .map(|method| format!("{};\n", method.signature().replace("(mut self", "(self")))
            .collect();

        let touch = self.touch(lazy);
        let touch_in = |block| touch.in_block(block);
        format!(
            "use lazy_prop::lazy;\n{parts}
             {struct_mark}#[derive(Clone)]\npub struct Host {{\n{declared}}}\n
             pub fn whole(host: &Host) -> i64 {{\nlet mut total = 0i64;\n{total}total\n}}\n
             {home_mark}impl Host {{
             pub fn new() -> Self {{\nSelf {{\n{made}}}\n}}\n
             pub fn fluent(&mut self, x: i64) -> &mut Self {{
             self.{last} = self.{last}.wrapping_sub(x);\nself\n}}\n
             {touch_home}{home}}}\n
             {also_mark}impl Host {{\n{touch_also}{also}}}\n
             pub trait Act {{\n{signatures}}}\n
             {also_mark}impl Act for Host {{\n{of_trait}}}\n
             {unseen}\nimpl Host {{ {touch_unmarked} }}\n{stale}",
            struct_mark = mark(""),
            home_mark = mark(sync),
            also_mark = mark("(also)"),
            touch_home = touch_in(Some(Block::Home)),
            touch_also = touch_in(Some(Block::Also)),
            touch_unmarked = touch_in(None),
            unseen = UNSEEN.replace("LAST", last),
            stale = if lazy { self.stale() } else { String::new() },
        )
    }

    /// Compares the kept values with the other twin, without a read that would compute them.
    fn stale(&self) -> String {
        let compare = |property: &Property| {
            let name = &property.name;
            format!(
                "if host.lazy.{name}.get().is_some_and(|kept| *kept != plain.{name}()) {{ return Some(\"{name}\"); }}\n"
            )
        };
        let compared: String = self.properties.iter().map(compare).collect();
        format!(
            "pub fn stale(host: &Host, plain: &super::plain::Host) -> Option<&'static str> {{\n{compared}None\n}}\n"
        )
    }

    fn methods(&self, block: Block) -> String {
        let methods = self.methods.iter().filter(|method| method.block == block);
        methods.map(Method::text).collect()
    }

    /// A method that changes what the first property reads.
    fn touch(&self, lazy: bool) -> Touch {
        let name = self.properties[0].read_for_certain();
        let field = self.fields.iter().find(|field| field.name == name);
        Touch::new(field.expect("it is one of them"), self.planted, lazy)
    }

    /// Calls the twins alike, and compares what they answer.
    fn driver(&self) -> String {
        let properties = self.properties.iter().map(|property| &property.name);
        let reads = properties
            .map(|name| format!("lazy.{name}().to_string() == plain.{name}().to_string()"));
        let changes = self.methods.iter().map(Method::call);
        let others = [
            "{ lazy = lazy.clone(); true }",
            "lazy::Host::touch(&mut lazy, x) == plain::Host::touch(&mut plain, x)",
        ];
        let others = others.map(str::to_owned);
        let all: Vec<String> = reads.chain(changes).chain(others).collect();
        let mut arms = String::new();
        for (number, call) in all.iter().enumerate() {
            arms += &format!("{number} => {call},\n");
        }
        let count = all.len();
        format!(
            "use crate::{{Random, attempt, partly}};
             use lazy::Act as _;\nuse plain::Act as _;\n
             pub fn run(host: u64, calls: u64) {{
             let mut random = Random(host + 88172645463325252);
             let (mut lazy, mut plain) = (lazy::Host::new(), plain::Host::new());
             for call in 0..calls {{\nlet x = random.next() % 1000;
             let which = random.next() % {count};\nlet equal = match which {{\n{arms}_ => true,\n}};
             assert!(equal, \"host {{host}}: call {{call}}, of number {{which}} with {{x}}\");
             if let Some(property) = lazy::stale(&lazy, &plain) {{
             panic!(\"host {{host}}: stale {{property}}, call {{call}}, of number {{which}} with {{x}}\");
             }}
             assert!(lazy::whole(&lazy) == plain::whole(&plain), \"host {{host}}: fields, call {{call}}\");
             }}\n}}\n"
        )
    }
}

/// Code that the blocks don't see: it reads properties and changes the field `LAST`.
const UNSEEN: &str = r#"
pub fn outside(host: &mut Host, x: i64) -> i64 {
    host.LAST = host.LAST.wrapping_add(x);
    let seen = host.p0_value();
    if x % 11 == 0 { panic!() }
    seen
}

pub fn elsewhere(host: &mut Host, x: i64) {
    let seen = host.p0_value();
    host.LAST = host.LAST.wrapping_add(x).wrapping_add(seen);
}

pub struct Token;

impl Host {
    pub fn unmarked(&mut self, x: i64) -> i64 {
        let seen = self.p1_value();
        self.LAST ^= x;
        seen
    }

    pub fn pick(&mut self) -> Option<&mut i64> {
        self.p0_value();
        Some(&mut self.LAST)
    }

    pub fn token(&mut self) -> Token {
        self.step();
        Token
    }

    pub fn step(&mut self) -> bool {
        self.p0_value();
        self.LAST = (self.LAST / 2).abs() % 7;
        self.LAST > 0
    }
}

pub trait Poke {
    fn poke(&mut self, x: i64) -> i64;
}

impl Poke for Host {
    fn poke(&mut self, x: i64) -> i64 {
        elsewhere(self, x);
        x
    }
}

impl std::ops::AddAssign<i64> for Host {
    fn add_assign(&mut self, x: i64) {
        elsewhere(self, x);
    }
}

impl std::fmt::Write for Host {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        elsewhere(self, text.len() as i64);
        Ok(())
    }
}
"#;
