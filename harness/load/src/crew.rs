//! The threads that ask one target, each with its part of the connections. They live as long as the target is measured,
//! so that connections, names and what is known of the target's state last from round to round.

use std::sync::{Arc, Barrier, Mutex, OnceLock, PoisonError, mpsc as std_mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use parallax_outcome::bench::Pace;
use tokio::runtime::Builder;
use tokio::sync::mpsc;

use crate::actor::{Actor, Done, unconnected};
use crate::arrivals::arrivals;
use crate::cancel::Cancel;
use crate::gate::{Gate, Start};
use crate::record::{Recorder, Tick, Totals};

/// How long nobody tries to connect after it failed.
const PAUSE: Duration = Duration::from_millis(10);
/// How long connections may take to open before the warm-up begins without them.
const OPENING: Duration = Duration::from_secs(5);

/// One round, as it is ordered.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) pace: Pace,
    /// Where the threads wait for each other before the warm-up begins.
    pub(crate) line: Arc<StartLine>,
    pub(crate) warm_up: Duration,
    pub(crate) duration: Duration,
    /// For how long after the end what was due before may still be sent.
    pub(crate) patience: Duration,
    pub(crate) seed: u64,
}

impl Order {
    /// For how long was measured until now, at most as long as was ordered.
    pub(crate) fn measured(&self, now: Instant) -> Duration {
        let begin = self.line.start.get().and_then(|start| start.checked_add(self.warm_up));
        begin.map_or(Duration::ZERO, |begin| {
            now.saturating_duration_since(begin).min(self.duration)
        })
    }
}

/// Where threads wait for each other, and the moment when all were there.
#[derive(Debug)]
pub(crate) struct StartLine {
    all_here: Barrier,
    start: OnceLock<Instant>,
}

impl StartLine {
    pub(crate) fn new(threads: usize) -> Arc<Self> {
        Arc::new(Self {
            all_here: Barrier::new(threads),
            start: OnceLock::new(),
        })
    }

    fn wait(&self) -> Instant {
        self.all_here.wait();
        *self.start.get_or_init(Instant::now)
    }
}

/// What the threads say.
pub(crate) enum Word {
    /// What a thread saw in a second.
    Tick(Tick),
    /// All that a thread saw in a round.
    Totals(Box<Totals>),
    /// A thread's part cannot be done.
    Failed(std::io::Error),
}

/// The threads of one target.
pub(crate) struct Crew {
    threads: Vec<Hand>,
    said: mpsc::UnboundedReceiver<Word>,
}

struct Hand {
    orders: Option<std_mpsc::Sender<Order>>,
    thread: Option<JoinHandle<Vec<Actor>>>,
}

impl Crew {
    /// Gives each of `threads` threads its part of the actors.
    pub(crate) fn new(actors: Vec<Actor>, threads: usize, operations: usize, cancel: &Cancel) -> std::io::Result<Self> {
        let threads = threads.clamp(1, actors.len().max(1));
        let mut parts: Vec<Vec<Actor>> = std::iter::repeat_with(Vec::new).take(threads).collect();
        for (number, actor) in actors.into_iter().enumerate() {
            if let Some(part) = parts.get_mut(number % threads) {
                part.push(actor);
            }
        }
        let (say, said) = mpsc::unbounded_channel();
        let hand = |(number, actors): (usize, Vec<Actor>)| {
            let (orders, ordered) = std_mpsc::channel::<Order>();
            let work = Work {
                number,
                threads,
                operations,
                say: say.clone(),
                cancel: cancel.clone(),
            };
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let run = move || {
                let mut actors = actors;
                while let Ok(order) = ordered.recv() {
                    actors = runtime.block_on(work.round(actors, &order));
                }
                actors
            };
            Ok(Hand {
                orders: Some(orders),
                thread: Some(thread::Builder::new().name(format!("load-{number}")).spawn(run)?),
            })
        };
        let threads = parts
            .into_iter()
            .enumerate()
            .map(hand)
            .collect::<std::io::Result<_>>()?;
        Ok(Self { threads, said })
    }

    /// How many threads there are.
    pub(crate) fn size(&self) -> usize {
        self.threads.len()
    }

    /// Lets every thread do a round. What they see goes to `on_tick` second by second.
    pub(crate) async fn round(
        &mut self,
        order: &Order,
        operations: usize,
        on_tick: &mut (dyn FnMut(Tick) + Send),
    ) -> std::io::Result<Totals> {
        for hand in &self.threads {
            if let Some(orders) = &hand.orders {
                orders.send(order.clone()).ok();
            }
        }
        let mut totals = Totals::new(operations);
        let mut left = self.threads.len();
        while left > 0 {
            match self.said.recv().await {
                Some(Word::Tick(tick)) => on_tick(tick),
                Some(Word::Totals(part)) => {
                    totals.merge(&part);
                    left -= 1;
                }
                Some(Word::Failed(error)) => return Err(error),
                None => return Err(std::io::Error::other("a thread of the load has ended")),
            }
        }
        Ok(totals)
    }

    /// Ends the threads and gives back who asked.
    pub(crate) fn end(mut self) -> Vec<Actor> {
        let mut all = Vec::new();
        for hand in &mut self.threads {
            hand.orders = None;
            if let Some(actors) = hand.thread.take().and_then(|thread| thread.join().ok()) {
                all.extend(actors);
            }
        }
        all
    }
}

/// What one thread does.
struct Work {
    number: usize,
    threads: usize,
    operations: usize,
    say: mpsc::UnboundedSender<Word>,
    cancel: Cancel,
}

impl Work {
    async fn round(&self, actors: Vec<Actor>, order: &Order) -> Vec<Actor> {
        let (actors, opened) = open(actors, &self.cancel).await;
        let start = order.line.wait();
        let begin = start + order.warm_up;
        let end = begin + order.duration;
        let say = self.say.clone();
        let ticks = Box::new(move |tick| drop(say.send(Word::Tick(tick))));
        let mut recorder = Recorder::new(begin, end, self.operations, ticks);
        opened.into_iter().for_each(|took| recorder.connected(took));
        let recorder = Arc::new(Mutex::new(recorder));
        // Every thread takes its part of one schedule.
        let arrivals = arrivals(&order.pace, (order.warm_up, order.duration), order.seed).map(
            |all| -> Box<dyn Iterator<Item = Duration> + Send> {
                Box::new(all.skip(self.number).step_by(self.threads))
            },
        );
        let gate = Arc::new(Gate::new((start, end), order.patience, arrivals, actors.len()));
        let (since, ran) = (Instant::now(), thread_time());
        let paced = Arc::clone(&gate);
        let cancel = self.cancel.clone();
        let pacer = tokio::spawn(async move { cancel.unless_on(paced.pace()).await.unwrap_or(Ok(())) });
        let actors = self.ask(actors, &gate, &recorder).await;
        let never = gate.never_sent(begin, Instant::now());
        match self.cancel.is_cancelled() {
            true => lock(&recorder).overdue(&never),
            false => lock(&recorder).never_sent(&never, order.patience),
        }
        match pacer.await {
            Ok(Err(error)) => drop(self.say.send(Word::Failed(error))),
            _ => self.tell(recorder, since, ran),
        }
        actors
    }

    async fn ask(&self, actors: Vec<Actor>, gate: &Arc<Gate>, recorder: &Arc<Mutex<Recorder>>) -> Vec<Actor> {
        let asking = actors.into_iter().enumerate().map(|(number, mut actor)| {
            let (gate, recorder, cancel) = (Arc::clone(gate), Arc::clone(recorder), self.cancel.clone());
            tokio::spawn(async move {
                cancel.unless_on(work(&mut actor, number, &gate, &recorder)).await;
                actor
            })
        });
        gather(asking.collect()).await
    }

    fn tell(&self, recorder: Arc<Mutex<Recorder>>, since: Instant, ran: Duration) {
        let Some(recorder) = Arc::into_inner(recorder) else {
            return;
        };
        let mut totals = recorder.into_inner().unwrap_or_else(PoisonError::into_inner).end();
        totals.busy = thread_time().saturating_sub(ran);
        totals.elapsed = since.elapsed();
        self.say.send(Word::Totals(Box::new(totals))).ok();
    }
}

/// Connects everybody before the clock runs, and says what it took. Who cannot, tries again when it asks.
async fn open(actors: Vec<Actor>, cancel: &Cancel) -> (Vec<Actor>, Vec<Duration>) {
    let opening = actors.into_iter().map(|mut actor| {
        let cancel = cancel.clone();
        tokio::spawn(async move {
            let since = Instant::now();
            let wanted = !actor.is_connected();
            let opened = wanted
                && tokio::select! {
                    opened = tokio::time::timeout(OPENING, actor.connect()) => matches!(opened, Ok(Ok(()))),
                    () = cancel.cancelled() => false,
                };
            (actor, opened.then(|| since.elapsed()))
        })
    });
    let opened = gather(opening.collect()).await;
    let took = opened.iter().filter_map(|(_, took)| *took).collect();
    (opened.into_iter().map(|(actor, _)| actor).collect(), took)
}

async fn gather<T>(tasks: Vec<tokio::task::JoinHandle<T>>) -> Vec<T> {
    let mut done = Vec::with_capacity(tasks.len());
    for task in tasks {
        // A task that panicked is a bug that was reported where it happened; the others go on.
        done.extend(task.await);
    }
    done
}

/// The one loop of every connection: wait for a start, ask, keep what came.
async fn work(actor: &mut Actor, number: usize, gate: &Gate, recorder: &Mutex<Recorder>) {
    while let Some(start) = gate.next(number).await {
        if !actor.is_connected() && !connect(actor, start, recorder).await {
            continue;
        }
        let done = match actor.ask().await {
            Some(done) => Some(done),
            // It was closed meanwhile, which says nothing about this request.
            None => match connect(actor, start, recorder).await {
                true => actor.ask().await,
                false => continue,
            },
        };
        let is_short = done.as_ref().is_some_and(Done::is_short);
        match done {
            Some(done) => lock(recorder).request(start, &done),
            None => lock(recorder).unsent(start, actor.operation(), &closed()),
        }
        if is_short {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Opens a connection, or keeps why there is none.
async fn connect(actor: &mut Actor, start: Start, recorder: &Mutex<Recorder>) -> bool {
    let since = Instant::now();
    match actor.connect().await {
        Ok(()) => {
            lock(recorder).connected(since.elapsed());
            true
        }
        Err(error) => {
            lock(recorder).unsent(start, actor.operation(), &unconnected(&error));
            tokio::time::sleep(PAUSE).await;
            false
        }
    }
}

fn closed() -> crate::verify::Wrong {
    crate::verify::Wrong {
        kind: "closed",
        example: "a new connection was closed before anything was sent".to_owned(),
    }
}

fn lock(recorder: &Mutex<Recorder>) -> std::sync::MutexGuard<'_, Recorder> {
    recorder.lock().unwrap_or_else(PoisonError::into_inner)
}

/// For how long this thread has run.
fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}
