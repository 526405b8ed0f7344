//! A tree of services that start and stop together, in order. After Twisted's `MultiService`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::Error;
use crate::runtimes::Task;

/// A service that runs from its start to its stop.
pub trait Service {
    /// Its name, which is unique among the children of its parent.
    fn name(&self) -> &str;

    /// Starts it. It runs when the future is done.
    ///
    /// # Errors
    /// If it cannot run.
    fn start(&self) -> Task<'_, Result<(), Error>>;

    /// Stops it, and waits until it has stopped.
    fn stop(&self) -> Task<'_>;
}

/// Services that start in the order in which they were added, and stop in reverse order. They are a
/// service too, so they form a tree.
pub struct Services {
    name: String,
    children: RefCell<Vec<Rc<dyn Service>>>,
    running: Cell<bool>,
}

impl Services {
    /// No services yet.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            children: RefCell::default(),
            running: Cell::new(false),
        }
    }

    /// Whether it is running.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.get()
    }

    /// The child with that name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<Rc<dyn Service>> {
        let children = self.children.borrow();
        children.iter().find(|child| child.name() == name).cloned()
    }

    /// Adds a child. A running parent starts it at once.
    ///
    /// # Errors
    /// If there is a child with that name, or the start of this one fails. Then it is not added.
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

    /// Removes the child with that name. A running parent stops it first. Returns whether there was
    /// one.
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
