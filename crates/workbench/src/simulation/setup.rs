//! Who calls whom, when: from what is given to the call a center would see.

use std::sync::Arc;

use switchboard_center::{Given, SampleCustomer, WallTime};
use switchboard_domain::center::{CalledNumber, Center, Language, Zone};
use switchboard_domain::floor::details::Details;
use switchboard_domain::flow::{Flow, KnownCustomer};
use switchboard_domain::ids::{ContactId, FlowId, IdError, TenantId};
use switchboard_domain::phone::{Country, PhoneAddress, PhoneError};
use switchboard_domain::time::Timestamp;
use switchboard_ivr_host::{Called, IvrHost, called_number, mark_listed};
use thiserror::Error;

use super::{Party, Simulation};
use crate::keypad::Caller;
use crate::script::{Script, holders, known};
use crate::transcript::Header;

/// Says why a call cannot be simulated.
#[derive(Debug, Error)]
pub enum SimulationError {
    /// The center has no such flow.
    #[error("the center has no flow `{flow}`; it has {known}")]
    UnknownFlow {
        /// The flow asked for.
        flow: FlowId,
        /// Those there are.
        known: String,
    },
    /// A number is none.
    #[error("`{field}` {number:?}: {source}")]
    BadNumber {
        /// `caller` or `called`.
        field: &'static str,
        /// The number.
        number: String,
        /// Why.
        source: PhoneError,
    },
    /// The center does not answer the number.
    #[error("the center does not answer the number {0:?}")]
    NotAnswered(String),
    /// The center does not serve the language.
    #[error("the center does not serve {language:?}; it serves {served}")]
    UnknownLanguage {
        /// The language asked for.
        language: String,
        /// Those it serves.
        served: String,
    },
    /// The day is in no calendar of the time zone.
    #[error("there is no such day where the center is")]
    NoSuchDay,
    /// A fixed name is none.
    #[error(transparent)]
    Id(#[from] IdError),
}

/// Prepares a call.
pub(super) fn prepare<'a>(
    center: &'a Center,
    flow: &FlowId,
    given: &Given,
    now: Timestamp,
    customers: Vec<SampleCustomer>,
) -> Result<Simulation<'a>, SimulationError> {
    let flow = find_flow(center, flow)?;
    let number = called(center, flow, given)?;
    let entry = number.as_ref().map(|number| number.entry);
    let language = language(center, given, entry)?;
    let zone = Zone::parse(&center.time_zone).ok();
    let now = match (given.at, &zone) {
        (Some(WallTime { day, minute }), Some(zone)) => {
            zone.moment(day, minute).ok_or(SimulationError::NoSuchDay)?
        }
        _ => now,
    };
    let home = entry.map_or(center.default_country, |entry| entry.default_country);
    let caller = given.caller.as_deref().map(|caller| calling(caller, home)).transpose()?.flatten();
    let found = caller.as_deref().and_then(|caller| recognised(&customers, caller, home));
    let mut details = Details::new().with("flow", flow.id().as_str());
    if let Some(number) = &number {
        details.set("called_number", &number.number);
    }
    if let Some(caller) = &caller {
        details.set("calling_number", caller);
    }
    if let Some(verification) = given.verification {
        details.set("attestation", verification.as_str());
    }
    mark_listed(&mut details, center, given.lists.as_deref().unwrap_or_default());
    let header = Header {
        flow: flow.id().clone(),
        version: flow.version(),
        began: now,
        zone,
        language: language.clone(),
        caller,
        called: number.map(|number| number.number),
    };
    let party = Party {
        tenant: TenantId::parse("simulation")?,
        call: ContactId::parse("simulated")?,
        channel: given.channel(),
        language,
        details,
        customer: given.customer.clone().or(found).map(|known| center.with_segments(known, None)),
    };
    let script = Arc::new(Script::new(given.answers.clone(), customers));
    Ok(Simulation {
        center,
        flow,
        header,
        party,
        host: IvrHost::new(Arc::clone(&script) as _),
        script,
        caller: Caller::default(),
        now,
        at: None,
        turns: Vec::new(),
    })
}

/// Finds a flow of a center, or says which there are.
pub fn find_flow<'a>(center: &'a Center, flow: &FlowId) -> Result<&'a Flow, SimulationError> {
    center.flow(flow).map(Arc::as_ref).ok_or_else(|| {
        let known: Vec<&str> = center.flows.keys().map(FlowId::as_str).collect();
        SimulationError::UnknownFlow { flow: flow.clone(), known: known.join(", ") }
    })
}

/// Finds what the called number means: the one that is given, or the first that leads to the flow.
fn called<'a>(
    center: &'a Center,
    flow: &Flow,
    given: &Given,
) -> Result<Option<Called<'a>>, SimulationError> {
    if let Some(number) = &given.called {
        let found = called_number(center, number);
        return found.map(Some).ok_or_else(|| SimulationError::NotAnswered(number.clone()));
    }
    let entry = center.numbers.iter().find(|entry| entry.flow == *flow.id());
    Ok(entry.map(|entry| Called {
        number: entry.span.sample().map(|number| number.as_str().to_owned()).unwrap_or_default(),
        entry,
    }))
}

fn language(
    center: &Center,
    given: &Given,
    entry: Option<&CalledNumber>,
) -> Result<Language, SimulationError> {
    let Some(asked) = &given.language else {
        let of_number = entry.map(|entry| entry.language.clone());
        return Ok(of_number.unwrap_or_else(|| center.default_language.clone()));
    };
    if center.languages.contains_key(asked) {
        return Ok(asked.clone());
    }
    let served: Vec<&str> = center.languages.keys().map(Language::as_str).collect();
    let language = asked.as_str().to_owned();
    Err(SimulationError::UnknownLanguage { language, served: served.join(", ") })
}

/// Reads the number of the caller; nothing when it is withheld, or no number flows can know.
fn calling(caller: &str, home: Country) -> Result<Option<String>, SimulationError> {
    let number = caller.to_owned();
    let address = PhoneAddress::parse(caller, home)
        .map_err(|source| SimulationError::BadNumber { field: "caller", number, source })?;
    Ok(address.number().map(|found| found.e164().as_str().to_owned()))
}

fn recognised(customers: &[SampleCustomer], caller: &str, home: Country) -> Option<KnownCustomer> {
    match holders(customers, caller, home).as_slice() {
        [only] => Some(known(only)),
        _ => None,
    }
}
