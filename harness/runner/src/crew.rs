//! Those who play: a deck of scenarios, dealt to as many workers as there are jobs.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use parallax_scenario::Scenario;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::play::{Context, Played, play};
use crate::{RunError, token};

/// How many scenarios a worker plays before it tells of them.
const BATCH: usize = 16;
/// How many of such tellings may wait to be heard.
const WAITING: usize = 4;
/// How long a worker keeps to itself what it played, if it is done with the next scenario by then.
const PATIENCE: Duration = Duration::from_millis(20);

/// The scenarios, each as often as it is played.
pub(crate) struct Deck {
    scenarios: Vec<Scenario>,
    /// The places of those that are played.
    places: Vec<usize>,
    repeat: usize,
    token: String,
}

impl Deck {
    pub(crate) fn new(scenarios: Vec<Scenario>, places: Option<Vec<usize>>, repeat: u32, token: &str) -> Self {
        Self {
            places: places.unwrap_or_else(|| (0..scenarios.len()).collect()),
            scenarios,
            repeat: usize::try_from(repeat).unwrap_or(usize::MAX).max(1),
            token: token.to_owned(),
        }
    }

    /// Every play, in order.
    fn hand(&self) -> Hand {
        Hand {
            next: AtomicUsize::new(0),
            places: self.places.clone(),
            plays: self.places.len().saturating_mul(self.repeat),
        }
    }

    /// Plays a scenario of the deck.
    async fn play(&self, context: &Context, draw: Draw) -> Option<Played> {
        let scenario = self.scenarios.get(draw.at)?;
        let played = play(context, draw.at, scenario, self.token(draw)).await;
        context.look_after(&played).await;
        Some(played)
    }

    fn is_exclusive(&self, draw: Draw) -> bool {
        self.scenarios.get(draw.at).is_some_and(|scenario| scenario.exclusive)
    }

    fn token(&self, draw: Draw) -> String {
        let number = draw.round.saturating_mul(self.scenarios.len()).saturating_add(draw.at);
        // The first number is the probe's.
        token::of_play(&self.token, number.saturating_add(1))
    }

    /// The scenarios, in the order of the plan.
    pub(crate) fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// A token that no play has.
    pub(crate) fn spare_token(&self) -> String {
        token::of_play(&self.token, 0)
    }
}

/// One play of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Draw {
    round: usize,
    /// The scenario's place in the plan.
    at: usize,
}

/// The plays that nobody has drawn yet.
struct Hand {
    next: AtomicUsize,
    places: Vec<usize>,
    plays: usize,
}

impl Hand {
    fn draw(&self) -> Option<Draw> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let round = number.checked_div(self.places.len())?;
        let at = *self.places.get(number.checked_rem(self.places.len())?)?;
        (number < self.plays).then_some(Draw { round, at })
    }
}

/// Plays the deck, as many scenarios at a time as there are jobs. Exclusive ones are played at endpoints of
/// their own; those for which there is none come back.
pub(crate) async fn together(
    context: &Arc<Context>,
    deck: &Arc<Deck>,
    jobs: usize,
    take: &mut impl FnMut(Played),
) -> Result<Vec<Draw>, RunError> {
    let hand = Arc::new(deck.hand());
    let booths = Arc::new(Booths::default());
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let mut workers = JoinSet::new();
    for _ in 0..jobs.min(hand.plays) {
        let worker = Worker {
            context: Arc::clone(context),
            deck: Arc::clone(deck),
            hand: Arc::clone(&hand),
            booths: Arc::clone(&booths),
            outbox: Outbox::new(sender.clone()),
        };
        workers.spawn(worker.work());
    }
    drop(sender);
    while let Some(played) = receiver.recv().await {
        played.into_iter().for_each(&mut *take);
    }
    let mut later = Vec::new();
    while let Some(ended) = workers.join_next().await {
        later.extend(ended.map_err(|error| RunError::Worker(error.to_string()))?);
    }
    later.sort_unstable();
    Ok(later)
}

/// Plays these on the caller's task, with nobody beside them.
pub(crate) async fn one_by_one(context: &Context, deck: &Deck, draws: Vec<Draw>, take: &mut impl FnMut(Played)) {
    for draw in draws {
        if context.is_broken_off() {
            break;
        }
        deck.play(context, draw).await.into_iter().for_each(&mut *take);
    }
}

/// One of those who play scenarios at the same time.
struct Worker {
    context: Arc<Context>,
    deck: Arc<Deck>,
    hand: Arc<Hand>,
    booths: Arc<Booths>,
    outbox: Outbox,
}

impl Worker {
    /// Plays until nothing is left; what must be played alone and cannot be here.
    async fn work(mut self) -> Vec<Draw> {
        let mut later = Vec::new();
        while let Some(draw) = self.hand.draw()
            && !self.context.is_broken_off()
        {
            let played = if self.deck.is_exclusive(draw) {
                let Some(booth) = self.booths.enter(&self.context) else {
                    later.push(draw);
                    continue;
                };
                let played = self.deck.play(&booth, draw).await;
                self.booths.leave(booth);
                played
            } else {
                self.deck.play(&self.context, draw).await
            };
            if !self.outbox.put(played).await {
                break;
            }
        }
        self.outbox.send().await;
        later
    }
}

/// Endpoints of their own for scenarios that must be alone, used again by the next one.
#[derive(Default)]
struct Booths(Mutex<Vec<Context>>);

impl Booths {
    /// A place where nobody else is; `None` where the endpoints cannot be had a second time.
    fn enter(&self, context: &Context) -> Option<Context> {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.or_else(|| context.apart())
    }

    fn leave(&self, booth: Context) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(booth);
    }
}

/// What was played and not yet been told of. Waking the listener for every play would cost more than many plays do.
struct Outbox {
    sender: mpsc::Sender<Vec<Played>>,
    kept: Vec<Played>,
    sent: Instant,
}

impl Outbox {
    fn new(sender: mpsc::Sender<Vec<Played>>) -> Self {
        Self {
            sender,
            kept: Vec::new(),
            sent: Instant::now(),
        }
    }

    /// False where nobody listens any more.
    async fn put(&mut self, played: Option<Played>) -> bool {
        self.kept.extend(played);
        if self.kept.len() < BATCH && self.sent.elapsed() < PATIENCE {
            return true;
        }
        self.send().await
    }

    async fn send(&mut self) -> bool {
        self.sent = Instant::now();
        self.sender.send(std::mem::take(&mut self.kept)).await.is_ok()
    }
}
