//! Several copies of one service: `web@1`, `web@2` and so on. A command that names `web` means all of them,
//! unless there is a service of just that name.

use crate::error::Error;
use crate::name::Name;
use crate::service::Service;

/// The variable with the number of an instance.
pub const VARIABLE: &str = "SVC_INSTANCE";

/// An instance of a service: the same with its own name and number.
///
/// # Errors
/// If its name is too long.
pub fn instance(service: &Service, of: &Name, number: u32) -> Result<Service, Error> {
    let mut instance = service.clone();
    let long = |_| Error::Invalid(of.clone(), "the name of an instance is too long");
    instance.name = of.instance(number).map_err(long)?;
    let number = number.to_string();
    instance.env.insert(VARIABLE.to_owned(), number);
    Ok(instance)
}

/// The instances with these numbers.
///
/// # Errors
/// If a name is too long.
pub fn all(service: &Service, count: u32) -> Result<Vec<Service>, Error> {
    let of = &service.name;
    (1..=count)
        .map(|number| instance(service, of, number))
        .collect()
}

/// What it takes to have so many instances.
#[derive(Debug)]
pub struct Scaling {
    /// The new ones, which are like the first that there is.
    pub missing: Vec<Service>,
    /// Those that are too many.
    pub surplus: Vec<Service>,
}

impl Scaling {
    /// Compares the instances of a service with the wanted number of them.
    ///
    /// # Errors
    /// If a name is too long.
    pub fn to(count: u32, of: &Name, there: &[Service]) -> Result<Self, Error> {
        let number = |service: &Service| service.name.split_instance().map(|(_, number)| number);
        let is_surplus =
            |service: &&Service| !number(service).is_some_and(|n| (1..=count).contains(&n));
        let surplus = there.iter().filter(is_surplus).cloned().collect();
        let model = Service {
            wanted: false,
            ..there[0].clone()
        };
        let is_missing = |wanted: &u32| !there.iter().any(|one| number(one) == Some(*wanted));
        let missing = (1..=count).filter(is_missing);
        let missing = missing.map(|number| instance(&model, of, number));
        Ok(Self {
            missing: missing.collect::<Result<_, _>>()?,
            surplus,
        })
    }
}
