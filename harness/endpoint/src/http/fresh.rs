//! Whether a request went out on a connection of its own or on one that was kept.

use std::cell::Cell;
use std::task::{Context, Poll};

use tower_layer::{LayerFn, layer_fn};
use tower_service::Service;

tokio::task_local! {
    /// Whether the request that this task is sending began to open a connection.
    static OPENED: Cell<bool>;
}

/// Runs `sending` and tells whether it used a connection that was there already.
pub(super) async fn watch<F: Future>(sending: F) -> (F::Output, bool) {
    let run = async {
        let output = sending.await;
        (output, !OPENED.with(Cell::get))
    };
    OPENED.scope(Cell::new(false), run).await
}

/// Notes each connection that is opened. The HTTP client polls its connector in the task of the request that wants a
/// connection, and does not call it at all when it has one to spare; therefore a task-local tells the two apart.
pub(super) fn layer<S>() -> LayerFn<fn(S) -> Noting<S>> {
    layer_fn(Noting)
}

#[derive(Clone)]
pub(super) struct Noting<S>(S);

impl<S: Service<R>, R> Service<R> for Noting<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> S::Future {
        // Outside `watch` (the unpooled client) nobody asks.
        OPENED.try_with(|opened| opened.set(true)).ok();
        self.0.call(request)
    }
}
