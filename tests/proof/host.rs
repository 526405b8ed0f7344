//! A random host: its fields, properties, helpers and methods, written twice.

use fastrand::Rng;

use crate::body::{Bodies, Field, Kind};

/// What a host is written from: each part in a form that both twins can be written with.
pub struct Host {
    fields: Vec<Field>,
    properties: Vec<Property>,
    helpers: Vec<String>,
    changers: Vec<Changer>,
}

pub struct Property {
    pub name: String,
    /// Whether it lends a `&str`, or gives an `i64`.
    pub lends: bool,
    pub body: String,
    /// The fields that the body names itself.
    pub names: Vec<String>,
}

pub struct Changer {
    pub name: String,
    pub call: Call,
    pub body: String,
}

/// How a method changes its host, and is called.
#[derive(Clone, Copy, PartialEq)]
pub enum Call {
    /// `&mut self, x: i64) -> i64`
    Plain,
    /// `&mut self, x: i64) -> Option<i64>`
    Fallible,
    /// `&mut self) -> &mut i64`
    Lends,
    /// `mut self, x: i64) -> Self`
    Builds,
    /// `&mut self, x: i64) -> &mut Self`
    Chains,
}

impl Host {
    pub fn new(random: &mut Rng) -> Self {
        let kinds = [Kind::Number, Kind::Text, Kind::List];
        let mut fields: Vec<Field> = (0..random.usize(1..4))
            .map(|i| Field::new(i, kinds[random.usize(..3)]))
            .collect();
        // Two of a kind, so that they can be swapped.
        fields.push(Field::new(fields.len(), Kind::Number));
        fields.push(Field::new(fields.len(), Kind::Number));

        let mut bodies = Bodies {
            random,
            fields,
            properties: Vec::new(),
            helpers: 0,
            changers: Vec::new(),
        };
        let mut helpers = Vec::new();
        for number in 0..bodies.random.usize(2..7) {
            let property = bodies.property(number);
            bodies.properties.push(property);
            if bodies.random.bool() {
                helpers.push(bodies.helper());
                bodies.helpers += 1;
            }
        }
        for number in 0..bodies.random.usize(3..9) {
            let changer = bodies.changer(number);
            bodies.changers.push(changer);
        }
        let Bodies {
            fields,
            properties,
            changers,
            ..
        } = bodies;
        Self {
            fields,
            properties,
            helpers,
            changers,
        }
    }

    /// The module of the two twins and their driver.
    pub fn source(&self, planted: bool) -> String {
        let lazy = self.twin(true, planted);
        let plain = self.twin(false, false);
        let driver = self.driver();
        format!("pub mod lazy {{\n{lazy}}}\n\npub mod plain {{\n{plain}}}\n\n{driver}")
    }

    fn twin(&self, lazy: bool, planted: bool) -> String {
        let mark = if lazy { "#[lazy_prop::lazy]\n" } else { "" };
        let each = |f: &dyn Fn(&Field) -> String| self.fields.iter().map(f).collect::<String>();
        let declared = each(&|field| format!("    pub {}: {},\n", field.name, field.kind.ty()));
        let made = each(&|field| format!("            {}: {},\n", field.name, field.kind.start()));
        let total =
            each(&|field| format!("    total = total.wrapping_add({});\n", field.read("host")));
        let first = &self.fields.last().expect("there are two").name;
        let mut text = format!(
            "{mark}#[derive(Clone)]\npub struct Host {{\n{declared}}}\n\n\
             fn whole(host: &Host) -> i64 {{\n    let mut total = 0i64;\n{total}    total\n}}\n\n\
             fn outside(host: &mut Host, x: i64) -> i64 {{\n    \
             host.{first} = host.{first}.wrapping_add(x);\n    let seen = host.p0_value();\n    \
             if x % 11 == 0 {{ panic!() }}\n    seen\n}}\n\n\
             fn elsewhere(host: &mut Host, x: i64) {{
    \
             let seen = host.p0_value();
    \
             host.{first} = host.{first}.wrapping_add(x).wrapping_add(seen);
}}

\
             macro_rules! peek {{ ($host:ident, $field:ident) => {{ \
             format!(\"{{:?}}\", $host.$field).len() as i64 }} }}\n\n\
             macro_rules! bump {{ ($host:ident, $field:ident, $x:ident) => {{ \
             $host.$field = $host.$field.wrapping_add($x) }} }}\n\n\
             {mark}impl Host {{\n    pub fn new() -> Self {{\n        Self {{\n{made}        }}\n    }}\n\n"
        );
        text += &format!(
            "    pub fn fluent(&mut self, x: i64) -> &mut Self {{\n        \
             self.{first} = self.{first}.wrapping_sub(x);\n        self\n    }}\n\n"
        );
        for (number, property) in self.properties.iter().enumerate() {
            text += &self.property(property, lazy, planted && number == 0);
        }
        for helper in &self.helpers {
            text += helper;
        }
        for changer in &self.changers {
            text += &changer.text();
        }
        text + "}\n"
    }

    fn property(&self, property: &Property, lazy: bool, planted: bool) -> String {
        let Property {
            name,
            lends,
            body,
            names,
        } = property;
        let ty = match (lends, lazy) {
            (true, true) => "&str",
            (true, false) => "String",
            (false, _) => "i64",
        };
        let mark = match (lazy, planted) {
            (false, _) => String::new(),
            (true, false) => "    #[lazy]\n".to_owned(),
            (true, true) => {
                let others: Vec<_> = names.iter().filter(|name| **name != names[0]).collect();
                let others = others.iter().map(|name| name.as_str()).collect::<Vec<_>>();
                format!("    #[lazy(depends({}))]\n", others.join(", "))
            }
        };
        let value = if *lends { ".len() as i64" } else { "" };
        format!(
            "{mark}    pub fn {name}(&self) -> {ty} {{\n{body}    }}\n\n    \
             pub fn {name}_value(&self) -> i64 {{ self.{name}(){value} }}\n\n"
        )
    }

    /// Calls the twins alike, and compares what they answer.
    fn driver(&self) -> String {
        let properties = self.properties.iter().map(|property| &property.name);
        let reads = properties
            .map(|name| format!("lazy.{name}().to_string() == plain.{name}().to_string()"));
        let changes = self.changers.iter().map(Changer::call);
        let clone = "{ lazy = lazy.clone(); true }".to_owned();
        let all: Vec<String> = reads.chain(changes).chain([clone]).collect();
        let mut arms = String::new();
        for (number, call) in all.iter().enumerate() {
            arms += &format!("            {number} => {call},\n");
        }
        let count = all.len();
        format!(
            "use crate::{{Random, attempt}};\n\npub fn run(host: u64, calls: u64) {{\n    \
             let mut random = Random(host + 88172645463325252);\n    \
             let (mut lazy, mut plain) = (lazy::Host::new(), plain::Host::new());\n    \
             for call in 0..calls {{\n        let x = random.next() % 1000;\n        \
             let which = random.next() % {count};\n        let equal = match which {{\n{arms}            \
             _ => true,\n        }};\n        \
             assert!(equal, \"host {{host}}: call {{call}}, of number {{which}} with {{x}}\");\n    }}\n}}\n"
        )
    }
}

impl Changer {
    fn text(&self) -> String {
        let Self { name, body, call } = self;
        let signature = match call {
            Call::Plain => "&mut self, x: i64) -> i64",
            Call::Fallible => "&mut self, x: i64) -> Option<i64>",
            Call::Lends => "&mut self) -> &mut i64",
            Call::Builds => "mut self, x: i64) -> Self",
            Call::Chains => "&mut self, x: i64) -> &mut Self",
        };
        format!("    pub fn {name}({signature} {{\n{body}    }}\n\n")
    }

    fn call(&self) -> String {
        let name = &self.name;
        match self.call {
            Call::Plain | Call::Fallible => {
                format!("attempt(|| lazy.{name}(x)) == attempt(|| plain.{name}(x))")
            }
            Call::Lends => format!("{{ *lazy.{name}() = x; *plain.{name}() = x; true }}"),
            Call::Chains => format!("{{ lazy.{name}(x); plain.{name}(x); true }}"),
            Call::Builds => format!("{{ lazy = lazy.{name}(x); plain = plain.{name}(x); true }}"),
        }
    }
}
