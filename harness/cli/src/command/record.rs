//! `parallax record`.

mod already;
mod update;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{LineWriter, Write};
use std::mem;
use std::sync::Arc;

use camino::Utf8Path;
use jiff::Timestamp;
use parallax_contract::Contract;
use parallax_endpoint::cassette::{Care, Cassette, Header, Position, Provenance, Rules, Writer, contract_hash};
use parallax_endpoint::live::Limits;
use parallax_endpoint::{Endpoint, Keyring};
use parallax_outcome::{Difference, ExitCode};
use parallax_runner::{Cancel, Ending, RecordError, Recorded, Recording};
use parallax_scenario::Scenario;

use self::update::Before;
use crate::args::{Global, RecordArgs};
use crate::command::run::token;
use crate::config::Config;
use crate::direct::Maker;
use crate::failure::Failure;
use crate::files::Place;
use crate::live::{Estimate, Order, Session, Spot, Terms};
use crate::party::{Connected, Party, Places};
use crate::screen::{Screen, print};
use crate::{cassettes, files, live, runtime, scenarios, services, veil};

/// Plays the selected scenarios on a reference and writes the cassette.
pub(crate) fn record(args: &RecordArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let contract = services::contract(args.selection.service.as_deref())?;
    let config = Config::find(global.config.as_deref())?;
    let kept = scenarios::kept(&args.more, &config);
    let scenarios = scenarios::select(&contract, &args.selection, &args.more, kept)?;
    let party = Party::reference(&args.reference, &config)?;
    party.check(&contract, &args.asking)?;
    let now = Timestamp::now();
    let token = match party {
        Party::Docs => token::FIXED.to_owned(),
        _ => token::fresh(now),
    };
    let mut tape = Tape {
        args,
        scenarios,
        token,
        now,
        limits: Limits::NONE,
        before: None,
        spot: match party {
            Party::Aws => Some(Spot::find(&contract, &args.live.place)?),
            _ => None,
        },
        contract,
        rules: veil::rules(&args.redact)?,
    };
    if let Some(path) = &args.update {
        let before = Before::read(path, &mut tape, (&party, screen))?;
        screen.say(&before.to_do());
        if tape.scenarios.is_empty() && !(args.plan || args.print_policy) {
            return Ok(ExitCode::Ok);
        }
        tape.before = Some(before);
    }
    if !(args.plan || args.print_policy) {
        already::check(args, &party)?;
    }
    let Some(out) = tape.planned(&party, &config, screen)? else {
        return Ok(ExitCode::Ok);
    };
    if tape.before.is_some() && tape.scenarios.is_empty() {
        screen.say("nothing is recorded: every scenario that lacks something is left out");
        return Ok(ExitCode::Ok);
    }
    files::check_writable(out)?;
    let heard = runtime::start()?.block_on(tape.record(&party, &config, out, screen))?;
    // Made now, the index spares the first replay a look at every line, and what was written is seen to be whole.
    if let Place::File(place) = Place::of(out)? {
        Cassette::open(place.as_std_path(), Care::Whole).map_err(|error| cassettes::unusable(out, error))?;
    }
    if let Some(before) = &tape.before {
        print(&before.tell(&heard))?;
    }
    screen.say(&tape.in_words(&heard.ending, out));
    Ok(ExitCode::Ok)
}

struct Tape<'a> {
    args: &'a RecordArgs,
    contract: Arc<Contract>,
    scenarios: Vec<Scenario>,
    token: String,
    now: Timestamp,
    /// How much is asked of the service itself.
    limits: Limits,
    /// The cassette that is brought up to date.
    before: Option<Before>,
    /// Where the service itself is asked, if it is.
    spot: Option<Spot>,
    /// What is hidden besides.
    rules: Rules,
}

/// Who answers a scenario, and what they are asked with.
type Whom<'a> = (&'a (dyn Fn() -> Arc<dyn Endpoint> + Sync), &'a Keyring);

/// What came of a recording besides its lines.
#[derive(Default)]
struct Heard {
    /// What is answered otherwise than before.
    news: Vec<(Position, Difference)>,
    ending: Ending,
}

impl<'a> Tape<'a> {
    /// Plans what is asked, where that matters or somebody wants to see it. The file to record into, if anything is to be
    /// recorded.
    fn planned(&mut self, party: &Party, config: &Config, screen: Screen) -> Result<Option<&'a Utf8Path>, Failure> {
        let (args, live) = (self.args, &self.args.live);
        let is_live = *party == Party::Aws;
        let shown = args.plan || args.print_policy;
        if is_live || shown {
            let terms = match is_live {
                true => live::terms(live),
                false => Terms::Free,
            };
            let estimate = Estimate::of(&self.contract, mem::take(&mut self.scenarios), &terms, &self.token)?;
            self.limits = estimate.limits(live.place.rate.0, live.max_requests, live.max_minutes);
            let spot = self.spot.as_ref();
            let plan = spot.map(Spot::tell).unwrap_or_default() + &estimate.tell(&self.contract, &self.limits);
            let region = spot.map_or(live.place.region.as_deref(), |spot| spot.region.as_deref());
            match (args.print_policy, args.plan) {
                (true, _) => print(&estimate.policy(&self.contract, region))?,
                (_, true) => print(&plan)?,
                _ => {
                    live::allow(live.allow_aws, config)?;
                    if self.before.is_none() {
                        estimate.some()?;
                    }
                    screen.say(&plan);
                }
            }
            self.scenarios = estimate.scenarios;
        }
        let out = args.update.as_deref().or(args.out.as_deref());
        Ok(out.filter(|_| !shown))
    }

    /// What is in the cassette, and what of it replays as inconclusive.
    fn in_words(&self, ending: &Ending, out: &Utf8Path) -> String {
        let mut words = format!("{} scenarios are in {out}", self.scenarios.len());
        for (count, what) in [
            (ending.lost, "have no answer"),
            (ending.unreadable, "have one that cannot be read"),
        ] {
            if count > 0 {
                words.push_str(&format!("; {count} requests {what}"));
            }
        }
        words
    }

    fn allowed(&self) -> BTreeSet<String> {
        self.args.live.allow_cost.iter().cloned().collect()
    }

    async fn record(&self, party: &Party, config: &Config, out: &Utf8Path, screen: Screen) -> Result<Heard, Failure> {
        match party {
            Party::Docs => {
                let maker = Maker::new(self.contract.clone())?;
                let header = self.header(Provenance::Documented);
                let cancel = runtime::cancel_on_interrupt(screen);
                let whom: Whom<'_> = (&|| maker.make(), &Keyring::default());
                let (bytes, heard) = self.play(Vec::new(), header, whom, cancel).await?;
                files::write(out, &bytes)?;
                Ok(heard)
            }
            Party::Aws => self.record_live(out, screen).await,
            _ => self.record_endpoint(party, config, out, screen).await,
        }
    }

    async fn record_endpoint(
        &self,
        party: &Party,
        config: &Config,
        out: &Utf8Path,
        screen: Screen,
    ) -> Result<Heard, Failure> {
        let scratch = files::scratch()?;
        let places = Places {
            folder: config.folder(),
            logs: scratch.path(),
            outlast_failure: false,
        };
        let connecting = Connected::to(party, &self.contract, &self.args.asking, &places);
        let connected = runtime::unless_interrupted(connecting).await?;
        let connected = connected.ok_or_else(|| {
            Failure::usage(format!("{} is a cassette already", self.args.reference))
                .mend("record `docs`, `aws`, a URL or a target")
        })?;
        let cancel = runtime::cancel_on_interrupt(screen);
        let whom = (connected.endpoint.clone(), connected.keys());
        let recorded = self.by_part(whom, out, (cancel, screen)).await;
        connected.end().await;
        recorded
    }

    /// Records the service itself; whatever happens, what was made is deleted as far as the service still answers.
    async fn record_live(&self, out: &Utf8Path, screen: Screen) -> Result<Heard, Failure> {
        let live = &self.args.live;
        let order = Order {
            contract: &self.contract,
            place: &live.place,
            asking: &self.args.asking,
            limits: self.limits,
            allowed: self.allowed(),
            tags: !live.untagged,
            token: self.token.clone(),
            journal: live.journal.clone().unwrap_or_else(|| format!("{out}.journal").into()),
        };
        let session = Session::open(order).await?;
        let cancel = runtime::cancel_on_interrupt(screen);
        session.breaks(cancel.clone(), screen);
        let whom = (session.endpoint(), session.keys());
        let recorded = self.by_part(whom, out, (cancel, screen)).await;
        let stop = session.stop();
        let ended = session.end(screen).await;
        let failure = match (recorded, stop) {
            (Err(failure), Some(stop)) => failure.of(ExitCode::NoAnswer, stop.to_string()),
            (Err(failure), None) => failure,
            (Ok(heard), _) => return ended.map(|()| heard),
        };
        // What is left behind must not go unsaid for there being something else to say.
        if let Err(left) = ended {
            screen.complain(left);
        }
        Err(failure)
    }

    /// Records beside the file, each exchange on disk before the next is asked, and puts it into place at the end. What a
    /// recording that was broken off has so far stays beside it. A pipe or a device has each exchange at once.
    async fn by_part(
        &self,
        (endpoint, keys): (Arc<dyn Endpoint>, Keyring),
        out: &Utf8Path,
        (cancel, screen): (Cancel, Screen),
    ) -> Result<Heard, Failure> {
        let (part, place) = match Place::of(out)? {
            Place::File(place) => (already::part_of(&place), Some(place)),
            Place::Stream(stream) => (stream, None),
        };
        let file = File::create(&part).map_err(|error| files::unwritable(&part, error))?;
        let header = self.header(Provenance::Recorded {
            date: self.now.strftime("%Y-%m-%d").to_string(),
        });
        let to = LineWriter::new(file);
        let whom: Whom<'_> = (&|| endpoint.clone(), &keys);
        let played = self.play(to, header.clone(), whom, cancel).await;
        let (_, heard) = played.map_err(|failure| match (failure.code(), &place) {
            // Nothing worth keeping was said.
            (ExitCode::NoAnswer, Some(_)) => match std::fs::remove_file(&part) {
                Ok(()) => failure,
                Err(_) => failure.mend(format!("{part} can be deleted")),
            },
            _ => failure.mend(format!("what was recorded so far is in {part}")),
        })?;
        // What went into a pipe is gone, and its header with it.
        let Some(place) = place else { return Ok(heard) };
        let profile = self.profile(&heard.ending.profiles, screen);
        match profile == header.profile {
            true => std::fs::rename(&part, place).map_err(|error| files::unwritable(out, error))?,
            // Which kind of account it was is known only now, and stands at the beginning.
            false => headed(&part, Header { profile, ..header }, out)?,
        }
        Ok(heard)
    }

    async fn play<W: Write>(
        &self,
        to: W,
        header: Header,
        (endpoint, keys): Whom<'_>,
        cancel: Cancel,
    ) -> Result<(W, Heard), Failure> {
        let before = self.before.as_ref();
        let recording = Recording {
            contract: self.contract.clone(),
            scenarios: &self.scenarios,
            token: self.token.clone(),
            endpoint,
            rules: self.rules.clone(),
            keys: keys.clone(),
            documented: header.provenance == Provenance::Documented,
            before: before.map(|before| before.cassette.clone()),
        };
        let unwritten = |error| Failure::usage("the cassette cannot be written").because(error);
        let mut writer = Writer::create(to, header).map_err(unwritten)?;
        if let Some(before) = before {
            before.copy(&self.scenarios, &mut writer).map_err(unwritten)?;
        }
        let mut news = Vec::new();
        let keep = |recorded: Recorded| {
            let found = recorded.news.into_iter();
            news.extend(found.map(|difference| (recorded.position.clone(), difference)));
            writer.write(recorded.position, recorded.exchange, recorded.expectation)
        };
        let ending = parallax_runner::record(recording, keep, cancel.clone())
            .await
            .map_err(|error| failure(error, keys))?;
        if ending.readable == 0 && ending.unreadable + ending.lost > 0 && !cancel.is_cancelled() {
            return Err(Failure::new(
                ExitCode::NoAnswer,
                format!("nothing that {} answered can be read", self.args.reference),
            )
            .mend("see that the address is that of an API and not of a proxy or a web page"));
        }
        if ending.gone {
            return Err(runtime::gone(&self.args.reference, "recording"));
        }
        match cancel.is_cancelled() {
            false => Ok((writer.finish().map_err(unwritten)?, Heard { news, ending })),
            true => Err(Failure::new(
                ExitCode::TooLittle,
                runtime::broken_off(ending.left_behind),
            )),
        }
    }

    fn header(&self, provenance: Provenance) -> Header {
        let more = &self.args.more;
        let reference = self.spot.iter().map(|_| (update::REFERENCE, update::AWS));
        let stand_in = self.spot.as_ref().and_then(Spot::stand_in);
        let settings = reference.chain(stand_in.map(|url| (update::ENDPOINT, url)));
        let header = Header {
            service: self.contract.service.name.clone(),
            contract: contract_hash(&self.contract),
            provenance,
            updated: None,
            profile: self.args.profile.clone(),
            tool: concat!("parallax ", env!("CARGO_PKG_VERSION")).to_owned(),
            seed: (more.generate > 0).then_some(more.seed),
            settings: settings
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        };
        match &self.before {
            Some(before) => before.header(header),
            None => header,
        }
    }

    /// The kind of account: the one given, else the one that the answers tell of, else the one that was known before.
    fn profile(&self, seen: &BTreeSet<String>, screen: Screen) -> Option<String> {
        let known = self.before.as_ref().and_then(|before| before.profile());
        let given = self.args.profile.as_ref().or(known);
        let all: Vec<&str> = seen.iter().map(String::as_str).collect();
        if !seen.is_empty() && given.is_none_or(|given| all != [given.as_str()]) {
            let instead = given.map_or(String::new(), |given| format!(", not as {given}"));
            screen.say(&format!("the account answers as {}{instead}", all.join(" and as ")));
        }
        let sole = seen.first().filter(|_| seen.len() == 1);
        self.args.profile.as_ref().or(sole).or(known).cloned()
    }
}

/// Writes the lines of a finished recording under another header.
fn headed(part: &Utf8Path, header: Header, out: &Utf8Path) -> Result<(), Failure> {
    let bytes = std::fs::read(part).map_err(|error| files::unwritable(part, error))?;
    let cassette = Cassette::read(bytes).map_err(|error| cassettes::unusable(part, error))?;
    let unwritten = |error| files::unwritable(out, error);
    let mut writer = Writer::create(Vec::new(), header).map_err(unwritten)?;
    for found in cassette.entries() {
        let (position, entry) = found.map_err(|error| cassettes::unusable(part, error))?;
        let (exchange, expectation) = entry.kept();
        writer.write(position, exchange, expectation).map_err(unwritten)?;
    }
    files::write(out, writer.finish().map_err(unwritten)?)?;
    std::fs::remove_file(part).map_err(|error| files::unwritable(part, error))
}

fn failure(error: RecordError, keys: &Keyring) -> Failure {
    match error {
        RecordError::Run(error) => Failure::new(ExitCode::NoAnswer, keys.shown(&error.to_string())),
        RecordError::Write(error) if error.raw_os_error().is_some() => {
            Failure::usage("the cassette cannot be written").because(error)
        }
        RecordError::Write(error) => Failure::new(ExitCode::Bug, "the cassette cannot be made").because(error),
    }
}
