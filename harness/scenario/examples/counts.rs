//! Prints how many scenarios and steps a contract implies, by family and resource: `cargo run -p parallax-scenario
//! --example counts -- FILE [PATH-PART]`. With a part of a path, it prints the scenarios whose path has it.

use std::collections::BTreeMap;
use std::error::Error;

use parallax_contract::Contract;
use parallax_scenario::{Scenario, derive, unreachable};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("a contract file is due")?;
    let contract: Contract = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let scenarios = derive(&contract);
    match args.next() {
        Some(part) => print(&scenarios, &part)?,
        None => count(&contract, &scenarios),
    }
    Ok(())
}

fn print(scenarios: &[Scenario], part: &str) -> serde_json::Result<()> {
    for scenario in scenarios.iter().filter(|scenario| scenario.path.contains(part)) {
        println!("{}{}", scenario.path, if scenario.exclusive { " (alone)" } else { "" });
        for step in &scenario.steps {
            let input = serde_json::to_string(&step.call.input)?;
            println!(
                "  {}: {} {input} {:?}",
                step.name, step.call.operation, step.call.tweaks
            );
        }
    }
    Ok(())
}

fn count(contract: &Contract, scenarios: &[Scenario]) {
    let mut counts: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for scenario in scenarios {
        let family = scenario.path.split('/').nth(1).unwrap_or_default();
        let resource = scenario.resource.as_deref().unwrap_or("-");
        for key in [(family, resource), (family, "all"), ("all", resource), ("all", "all")] {
            let count = counts.entry(key).or_default();
            *count = (count.0 + 1, count.1 + scenario.steps.len());
        }
    }
    for ((family, resource), (scenarios, steps)) in counts {
        println!("{family:12} {resource:26} {scenarios:6} scenarios {steps:6} steps");
    }
    for error in unreachable(contract) {
        println!("unreachable: {} {}: {}", error.operation, error.code, error.why);
    }
}
