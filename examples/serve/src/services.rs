//! A tree of services: what starts and stops together, in order. After Twisted's `MultiService`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::Error;
use crate::runtimes::Task;

/// Something that runs from its start to its stop.
pub trait Service {
    /// Its name, by which its parent tells it from the others.
    fn name(&self) -> &str;

    /// Starts it; it runs when the future is over.
    ///
    /// # Errors
    /// Why it does not run.
    fn start(&self) -> Task<'_, Result<(), Error>>;

    /// Stops it, and waits until it has.
    fn stop(&self) -> Task<'_>;
}

/// Services that start in the order in which they were added, and stop in reverse. It is a service
/// itself, so that they make a tree.
pub struct Services {
    name: String,
    children: RefCell<Vec<Rc<dyn Service>>>,
    running: Cell<bool>,
}

impl Services {
    /// None yet.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            children: RefCell::default(),
            running: Cell::new(false),
        }
    }

    /// Whether it was started, and not stopped since.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.get()
    }

    /// The child of that name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<Rc<dyn Service>> {
        let children = self.children.borrow();
        children.iter().find(|child| child.name() == name).cloned()
    }

    /// Adds a child; to a running parent, one that is started at once.
    ///
    /// # Errors
    /// If there is a child of that name, or the start of this one fails: it is not added then.
    pub async fn add(&self, child: Rc<dyn Service>) -> Result<(), Error> {
        if self.child(child.name()).is_some() {
            return Err(Error::SameService(
                self.name.clone(),
                child.name().to_owned(),
            ));
        }
        self.children.borrow_mut().push(Rc::clone(&child));
        if self.is_running()
            && let Err(error) = child.start().await
        {
            self.forget(&child);
            return Err(error);
        }
        Ok(())
    }

    /// Removes the child of that name; from a running parent, one that is stopped before. Whether
    /// there was one.
    pub async fn remove(&self, name: &str) -> bool {
        let Some(child) = self.child(name) else {
            return false;
        };
        if self.is_running() {
            child.stop().await;
        }
        self.forget(&child);
        true
    }

    fn forget(&self, child: &Rc<dyn Service>) {
        self.children
            .borrow_mut()
            .retain(|other| !Rc::ptr_eq(other, child));
    }

    async fn start_all(&self) -> Result<(), Error> {
        if self.running.replace(true) {
            return Err(Error::AlreadyRuns(self.name.clone()));
        }
        let children = self.children.borrow().clone();
        for (started, child) in children.iter().enumerate() {
            if let Err(error) = child.start().await {
                stop(&children[..started]).await;
                self.running.set(false);
                return Err(error);
            }
        }
        Ok(())
    }

    async fn stop_all(&self) {
        if self.running.replace(false) {
            let children = self.children.borrow().clone();
            stop(&children).await;
        }
    }
}

async fn stop(children: &[Rc<dyn Service>]) {
    for child in children.iter().rev() {
        child.stop().await;
    }
}

impl Service for Services {
    fn name(&self) -> &str {
        &self.name
    }

    fn start(&self) -> Task<'_, Result<(), Error>> {
        Box::pin(self.start_all())
    }

    fn stop(&self) -> Task<'_> {
        Box::pin(self.stop_all())
    }
}
