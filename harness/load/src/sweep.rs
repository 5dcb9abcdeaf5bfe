//! Deleting what a bench made, also where nobody answers any more.

use parallax_contract::{Call, Contract, Observation, Outcome, TransportFault};
use parallax_endpoint::Endpoint;

use crate::cancel::Farewell;

/// How often something is tried to be deleted that takes its time.
const TRIES: usize = 3;
/// After this many lost answers in a row nobody is asked any more.
const PATIENCE: usize = 3;

/// What deletes at one target.
pub(crate) struct Broom<'a> {
    endpoint: &'a dyn Endpoint,
    contract: &'a Contract,
    farewell: &'a Farewell,
    /// How many answers in a row were lost.
    lost: usize,
    /// Whether anybody was quick enough to say something, or to close a connection, in this round.
    quick: bool,
}

impl<'a> Broom<'a> {
    pub(crate) fn new(endpoint: &'a dyn Endpoint, contract: &'a Contract, farewell: &'a Farewell) -> Self {
        Self {
            endpoint,
            contract,
            farewell,
            lost: 0,
            quick: false,
        }
    }

    /// Deletes these in order. How many are left.
    pub(crate) async fn sweep(mut self, calls: Vec<Call>) -> u64 {
        let mut left = calls;
        for _ in 0..TRIES {
            self.quick = false;
            left = self.round(left).await;
            // Whoever let a whole round pass in silence is not waited for again.
            if left.is_empty() || self.has_given_up() || !self.quick {
                break;
            }
        }
        left.len() as u64
    }

    /// Tries each once; those that are still there. What stands in the way of one may have been deleted after it.
    async fn round(&mut self, calls: Vec<Call>) -> Vec<Call> {
        let mut left = Vec::new();
        for call in calls {
            if self.has_given_up() || !self.delete(&call).await {
                left.push(call);
            }
        }
        left
    }

    fn has_given_up(&self) -> bool {
        self.lost >= PATIENCE
    }

    /// Whether it is gone; what is not there any more is.
    async fn delete(&mut self, call: &Call) -> bool {
        let asked = tokio::select! {
            // In this order, so that an answer that is there counts.
            biased;
            asked = self.endpoint.ask(call) => asked,
            () = self.farewell.over() => {
                self.lost = PATIENCE;
                return false;
            }
        };
        let answer = asked.observation;
        self.lost = match &answer.outcome {
            Outcome::Lost(_) => self.lost + 1,
            _ => 0,
        };
        self.quick |= !matches!(
            answer.outcome,
            Outcome::Lost(TransportFault::TimedOut | TransportFault::Unfinished)
        );
        self.is_gone(&answer)
    }

    fn is_gone(&self, answer: &Observation) -> bool {
        match &answer.outcome {
            Outcome::Success(_) => true,
            Outcome::Error(error) => self.is_absence(&error.code),
            _ => false,
        }
    }

    fn is_absence(&self, code: &str) -> bool {
        let resources = self.contract.resources.values();
        let absences = resources.filter_map(|resource| resource.lifecycle.not_found.as_ref());
        let mut codes = absences.filter_map(|shape| self.contract.errors.get(shape));
        codes.any(|error| error.code == code)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use parallax_contract::Value;
    use parallax_endpoint::{BoxFuture, Exchange};
    use parallax_wire::{HttpRequest, Method};

    use super::*;
    use crate::Cancel;

    /// Somebody whose answers are told by number; `None` is an answer that never comes.
    struct Scripted<F>(AtomicUsize, F);

    impl<F: Fn(usize) -> Option<Outcome> + Send + Sync> Endpoint for Scripted<F> {
        fn ask<'a>(&'a self, _: &'a Call) -> BoxFuture<'a, Exchange> {
            Box::pin(async move {
                let number = self.0.fetch_add(1, Ordering::Relaxed);
                let Some(outcome) = (self.1)(number) else {
                    return std::future::pending().await;
                };
                let observation = Observation {
                    outcome,
                    ..Observation::lost(TransportFault::TimedOut)
                };
                Exchange {
                    request: HttpRequest {
                        method: Method::Post,
                        query: String::new(),
                        headers: Vec::new(),
                        body: Vec::new(),
                    },
                    answer: None,
                    observation,
                }
            })
        }
    }

    fn lost() -> Option<Outcome> {
        Some(Outcome::Lost(TransportFault::TimedOut))
    }

    fn done() -> Option<Outcome> {
        Some(Outcome::Success(Value::Map(Vec::new())))
    }

    /// How many of `count` are left, and how many times was asked.
    async fn swept(
        count: usize,
        farewell: &Farewell,
        script: impl Fn(usize) -> Option<Outcome> + Send + Sync,
    ) -> (u64, usize) {
        let endpoint = Scripted(AtomicUsize::new(0), script);
        let contract = Contract::from_json(include_str!("../../../specs/contracts/elasticache.json")).unwrap();
        let calls = vec![Call::new("DeleteUser", Value::Map(Vec::new())); count];
        let left = Broom::new(&endpoint, &contract, farewell).sweep(calls).await;
        (left, endpoint.0.into_inner())
    }

    #[tokio::test]
    async fn after_three_lost_answers_in_a_row_nobody_is_asked_any_more() {
        let farewell = Farewell::new(&Cancel::new());
        assert_eq!(swept(100, &farewell, |_| lost()).await, (100, 3));
    }

    #[tokio::test]
    async fn who_was_silent_for_a_whole_round_is_not_waited_for_again() {
        let farewell = Farewell::new(&Cancel::new());
        assert_eq!(swept(1, &farewell, |_| lost()).await, (1, 1));
        let closed = |_| Some(Outcome::Lost(TransportFault::Closed(String::new())));
        assert_eq!(
            swept(1, &farewell, closed).await,
            (1, 3),
            "a closed connection takes no time"
        );
    }

    #[tokio::test]
    async fn an_answer_that_is_lost_now_and_then_is_asked_for_again() {
        let farewell = Farewell::new(&Cancel::new());
        let now_and_then = |number| if [0, 2].contains(&number) { lost() } else { done() };
        assert_eq!(swept(4, &farewell, now_and_then).await, (0, 6));
    }

    #[tokio::test]
    async fn a_second_wish_to_end_leaves_behind_what_takes_too_long() {
        let cancel = Cancel::new();
        cancel.cancel();
        let farewell = Farewell::within(&cancel, Duration::ZERO);
        assert_eq!(
            swept(5, &farewell, |_| done()).await,
            (0, 5),
            "the first breaks off alone"
        );
        cancel.cancel();
        assert_eq!(swept(5, &farewell, |_| None).await, (5, 1));
    }

    #[tokio::test]
    async fn the_first_wish_to_end_counts_where_things_are_deleted_already() {
        let cancel = Cancel::new();
        let farewell = Farewell::within(&cancel, Duration::ZERO);
        let script = |number| match number {
            2 => {
                cancel.cancel();
                None
            }
            _ => done(),
        };
        assert_eq!(swept(5, &farewell, script).await, (3, 3));
    }
}
