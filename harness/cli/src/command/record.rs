//! `parallax record`.

use std::sync::Arc;

use jiff::Timestamp;
use parallax_contract::Contract;
use parallax_endpoint::Endpoint;
use parallax_endpoint::cassette::{Header, Provenance, Writer, contract_hash};
use parallax_outcome::ExitCode;
use parallax_runner::{RecordError, Recorded, Recording};
use parallax_scenario::Scenario;

use crate::args::{Global, RecordArgs};
use crate::command::run::token;
use crate::config::Config;
use crate::direct::Maker;
use crate::failure::Failure;
use crate::party::{Connected, Party, Places};
use crate::screen::Screen;
use crate::{files, runtime, scenarios, services};

/// Plays the selected scenarios on a reference and writes the cassette.
pub(crate) fn record(args: &RecordArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let contract = services::contract(args.selection.service.as_deref())?;
    // Kept scenarios come and go; they are recorded only where somebody asks for them.
    let kept = args.more.regressions.clone();
    let scenarios = scenarios::select(&contract, &args.selection, &args.more, kept)?;
    let config = Config::find(global.config.as_deref())?;
    let party = Party::reference(&args.reference, &config)?;
    party.check(&contract, &args.asking)?;
    files::check_writable(&args.out)?;
    let tape = Tape {
        args,
        contract,
        scenarios,
    };
    let bytes = runtime::start()?.block_on(tape.of(&party, &config, screen))?;
    files::write(&args.out, &bytes)?;
    screen.say(&format!("{} scenarios are in {}", tape.scenarios.len(), args.out));
    Ok(ExitCode::Ok)
}

struct Tape<'a> {
    args: &'a RecordArgs,
    contract: Arc<Contract>,
    scenarios: Vec<Scenario>,
}

impl Tape<'_> {
    /// The bytes of the cassette.
    async fn of(&self, party: &Party, config: &Config, screen: Screen) -> Result<Vec<u8>, Failure> {
        if *party == Party::Docs {
            let maker = Maker::new(self.contract.clone())?;
            return self
                .play(
                    Provenance::Documented,
                    token::FIXED.to_owned(),
                    &|| maker.make(),
                    screen,
                )
                .await;
        }
        let scratch = files::scratch()?;
        let places = Places {
            folder: config.folder(),
            logs: scratch.path(),
        };
        let connected = Connected::to(party, &self.contract, &self.args.asking, &places).await?;
        let connected = connected.ok_or_else(|| {
            Failure::usage(format!("{} is a cassette already", self.args.reference))
                .mend("record `docs`, a URL or a target")
        })?;
        let now = Timestamp::now();
        let provenance = Provenance::Recorded {
            date: now.strftime("%Y-%m-%d").to_string(),
        };
        let endpoint = connected.endpoint.clone();
        let bytes = self
            .play(provenance, token::fresh(now), &|| endpoint.clone(), screen)
            .await;
        connected.end().await;
        bytes
    }

    async fn play(
        &self,
        provenance: Provenance,
        token: String,
        endpoint: &(dyn Fn() -> Arc<dyn Endpoint> + Sync),
        screen: Screen,
    ) -> Result<Vec<u8>, Failure> {
        let recording = Recording {
            contract: self.contract.clone(),
            scenarios: &self.scenarios,
            token,
            endpoint,
            documented: provenance == Provenance::Documented,
        };
        let unwritten = |error| Failure::new(ExitCode::Bug, "the cassette cannot be made").because(error);
        let mut writer = Writer::create(Vec::new(), self.header(provenance)).map_err(unwritten)?;
        let keep = |recorded: Recorded| writer.write(recorded.position, recorded.exchange, recorded.expectation);
        let cancel = runtime::cancel_on_interrupt(screen);
        let left_behind = parallax_runner::record(recording, keep, cancel.clone())
            .await
            .map_err(failure)?;
        match cancel.is_cancelled() {
            false => writer.finish().map_err(unwritten),
            true => {
                Err(Failure::usage(runtime::broken_off(left_behind)).mend("no cassette was written; record it again"))
            }
        }
    }

    fn header(&self, provenance: Provenance) -> Header {
        Header {
            service: self.contract.service.name.clone(),
            contract: contract_hash(&self.contract),
            provenance,
            profile: self.args.profile.clone(),
            tool: concat!("parallax ", env!("CARGO_PKG_VERSION")).to_owned(),
            seed: (self.args.more.generate > 0).then_some(self.args.more.seed),
            settings: Default::default(),
        }
    }
}

fn failure(error: RecordError) -> Failure {
    match error {
        RecordError::Run(error) => Failure::new(ExitCode::NoAnswer, error.to_string()),
        RecordError::Write(error) => Failure::new(ExitCode::Bug, "the cassette cannot be made").because(error),
    }
}
