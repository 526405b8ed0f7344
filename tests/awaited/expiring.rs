//! Async values that expire.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use lazy_prop::lazy;
use lazy_prop::testing::advance;
use smol::block_on;

use super::{pause, poll};

const TTL: Duration = Duration::from_secs(60);
const LATER: Duration = Duration::from_secs(61);

#[lazy]
#[derive(Default)]
struct Client {
    runs: AtomicUsize,
}

#[lazy(sync)]
impl Client {
    /// Fails the first time.
    #[lazy(ttl = TTL, cloned)]
    async fn token(&self) -> Result<Arc<str>, String> {
        let run = self.runs.fetch_add(1, SeqCst);
        pause().await;
        if run == 0 {
            Err("not yet")?;
        }
        Ok(format!("token {run}").into())
    }

    #[lazy(ttl = TTL, stale_while_refresh)]
    async fn price(&self) -> usize {
        pause().await;
        self.runs.fetch_add(1, SeqCst)
    }
}

#[test]
fn a_token_is_fetched_again_when_it_has_expired() {
    block_on(async {
        let client = Client::default();
        assert_eq!(client.token().await, Err("not yet".into()));
        assert_eq!(client.token().await.as_deref(), Ok("token 1"));
        assert_eq!(client.token().await.as_deref(), Ok("token 1"));
        advance(LATER);
        assert_eq!(client.lazy.token.get(), None);
        assert_eq!(client.token().await.as_deref(), Ok("token 2"));
    });
}

#[test]
fn others_get_the_old_value_while_one_task_refreshes() {
    let client = Client::default();
    assert_eq!(block_on(client.price()), 0);
    advance(LATER);
    let mut refresh = pin!(client.price());
    assert!(poll(refresh.as_mut()).is_pending());
    assert_eq!(poll(pin!(client.price())), Poll::Ready(0));
    assert_eq!(block_on(refresh), 1);
    assert_eq!(block_on(client.price()), 1);
}

#[test]
fn a_refresh_that_is_dropped_is_taken_over() {
    let client = Client::default();
    assert_eq!(block_on(client.price()), 0);
    advance(LATER);
    let mut refresh = Box::pin(client.price());
    assert!(poll(refresh.as_mut()).is_pending());
    drop(refresh);
    assert_eq!(block_on(client.price()), 1);
}
