//! The asking itself: from a checked job to a report.

use std::sync::Arc;
use std::time::Instant;

use camino::Utf8Path;
use jiff::Timestamp;
use parallax_endpoint::cassette::contract_hash;
use parallax_oracle::Oracle;
use parallax_outcome::{Collector, Event, ExitCode, Report, RunInfo};
use parallax_runner::{Cancel, Plan, Reference, RunError, Which};
use serde_json::{Value, json};

use super::Job;
use crate::cassettes;
use crate::failure::Failure;
use crate::party::Connected;
use crate::progress::Progress;
use crate::repeat::Given;
use crate::runtime;
use crate::screen::Screen;
use crate::shards::Log;
use crate::veil::Veil;

/// When a run began.
pub(super) struct Began {
    at: Timestamp,
    clock: Instant,
}

impl Began {
    /// Now.
    pub(super) fn now() -> Self {
        Self {
            at: Timestamp::now(),
            clock: Instant::now(),
        }
    }
}

impl Job<'_> {
    /// Plays the scenarios and collects the report.
    pub(super) async fn ask(
        &self,
        began: &Began,
        (target, reference): (Option<&Connected>, Option<&Connected>),
        screen: Screen,
    ) -> Result<Report, Failure> {
        let target = target.ok_or_else(|| Failure::new(ExitCode::Bug, "the target has no endpoint"))?;
        let plan = self.plan();
        let mut log = self.log()?;
        let side = self.side(reference);
        let cancel = runtime::cancel_on_interrupt(screen);
        if let Some(reference) = reference {
            reference.breaks(&cancel, screen);
        }
        let veil = Veil::of(&self.reference, reference).by(self.rules.clone());
        let collector = self
            .collect(plan, (target, side, &veil), &mut log, (cancel, screen))
            .await?;
        let run = self.block(began, Some(target), reference);
        if let Some(log) = log {
            log.end(&run)?;
        }
        let mut report = collector.report(run);
        Given::of(self.args).fill_in(&mut report);
        Ok(report)
    }

    /// The report of a run in which somebody never answered. It counts nothing, and tells why.
    pub(super) fn report_of_nobody(&self, began: &Began, why: &Failure) -> Report {
        let mut collector = Collector::new();
        collector.take(Event::Started(self.info()));
        let mut report = collector.report(self.block(began, None, None));
        report.summary.never_answered = Some(why.in_words());
        report
    }

    async fn collect(
        &self,
        plan: Plan,
        (target, reference, veil): (&Connected, Reference, &Veil),
        log: &mut Option<Log>,
        (cancel, screen): (Cancel, Screen),
    ) -> Result<Collector, Failure> {
        let played = plan.places.as_ref().map_or(plan.scenarios.len(), Vec::len);
        let plays = played as u64 * u64::from(plan.repeat);
        let mut progress = Progress::new(plays, screen.progress());
        let mut collector = Collector::new();
        let take = |event: Event| {
            let event = veil.over(event);
            progress.see(&event);
            if let Event::Interrupted {
                left_behind,
                target_gone,
                reference_gone,
            } = event
            {
                let sides = [(target_gone, Which::Target), (reference_gone, Which::Reference)];
                for (_, which) in sides.iter().filter(|(gone, _)| *gone) {
                    screen.complain(runtime::gone(format!("the {which}"), "run"));
                }
                screen.say(&runtime::broken_off(left_behind));
            }
            match log {
                None => collector.take(event),
                Some(log) => {
                    let mut told = event.clone();
                    collector.take(event);
                    collector.shorten(&mut told);
                    log.take(&told);
                }
            }
        };
        let result = parallax_runner::run(plan, target.endpoint.clone(), reference, take, cancel).await;
        progress.end();
        match result {
            Ok(()) => Ok(collector),
            Err(error @ (RunError::NeverAnswered { .. } | RunError::BrokenOff { .. } | RunError::OutOfTime { .. })) => {
                Err(Failure::new(ExitCode::NoAnswer, veil.over_words(&error.to_string())))
            }
            Err(RunError::Cassette(error)) => Err(cassettes::unusable(Utf8Path::new(&self.args.reference), error)),
            Err(error) => Err(Failure::new(ExitCode::Bug, error.to_string())),
        }
    }

    /// Where a part of a run writes down what happens.
    fn log(&self) -> Result<Option<Log>, Failure> {
        let part = self.part.as_ref().zip(self.outputs.folder());
        part.map(|(part, folder)| Log::begin(folder, &part.header)).transpose()
    }

    fn plan(&self) -> Plan {
        Plan {
            contract: self.contract.clone(),
            scenarios: self.scenarios.clone(),
            jobs: self.args.jobs.into(),
            repeat: self.args.repeat,
            token: self.token.clone(),
            info: self.info(),
            places: self.part.as_ref().map(|part| part.places.clone()),
            probe: true,
        }
    }

    fn info(&self) -> RunInfo {
        RunInfo {
            service: self.contract.service.name.clone(),
            operations: self.contract.operations.keys().cloned().collect(),
            scenarios: self.scenarios.len(),
            target: self.args.target.clone(),
            reference: self.args.reference.clone(),
        }
    }

    fn side(&self, reference: Option<&Connected>) -> Reference {
        match (reference, &self.cassette) {
            (Some(connected), _) => Reference::Endpoint(connected.endpoint.clone()),
            (None, Some(cassette)) => Reference::Cassette(cassette.clone()),
            (None, None) => Reference::Docs(Arc::new(Oracle::new(self.contract.clone()))),
        }
    }

    /// What belongs to this run alone.
    fn block(&self, began: &Began, target: Option<&Connected>, reference: Option<&Connected>) -> Value {
        let (selection, asking, more) = (&self.args.selection, &self.args.asking, &self.args.more);
        json!({
            "tool": concat!("parallax ", env!("CARGO_PKG_VERSION")),
            "contract": contract_hash(&self.contract),
            "started": began.at.to_string(),
            "seconds": began.clock.elapsed().as_secs_f64(),
            "target": self.args.target,
            "target_url": target.map(|target| &target.url),
            "target_version": self.args.target_version,
            "reference": self.args.reference,
            "reference_url": reference.map(|reference| &reference.url),
            "token": self.token,
            "shard": self.part.as_ref().map(|part| json!({"index": part.header.index, "count": part.header.count})),
            "settings": {
                "operation": selection.operation,
                "resource": selection.resource,
                "scenario": selection.scenario,
                "generate": more.generate,
                "seed": more.seed,
                "regressions": more.regressions,
                "jobs": self.args.jobs,
                "repeat": self.args.repeat,
                "timeout_seconds": asking.timeout.0.as_secs_f64(),
                "max_answer_bytes": asking.max_answer.0,
            },
        })
    }
}
