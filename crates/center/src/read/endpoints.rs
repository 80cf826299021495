//! The systems outside that flows may ask: `endpoints` of `center.yaml`.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::center::{Breaker, Endpoint, Method};
use switchboard_domain::ids::EndpointId;

use crate::fields::Fields;
use crate::item::Item;
use crate::keys::settings as keys;

const METHODS: [(&str, Method); 2] = [("get", Method::Get), ("post", Method::Post)];
const DEFAULT_FAILURES: u32 = 5;
const DEFAULT_PAUSE: Duration = Duration::from_secs(30);

/// Reads every endpoint.
pub(super) fn read(settings: &Fields<'_>) -> BTreeMap<EndpointId, Endpoint> {
    let Some(item) = settings.optional("endpoints") else { return BTreeMap::new() };
    let named = item.named::<EndpointId>().into_iter();
    named
        .filter_map(|(id, value)| {
            let value = value.called(format!("endpoint {:?}", id.as_str()));
            Some((id.clone(), endpoint(id, &value)?))
        })
        .collect()
}

fn endpoint(id: EndpointId, item: &Item<'_>) -> Option<Endpoint> {
    let fields = item.fields(&keys::ENDPOINT)?;
    let url = fields.required("url").and_then(|url| address(&url));
    let method = fields.or("method", Method::Post, |value| value.word(&METHODS));
    // It names a file, so it is shaped like an id.
    let credential = fields.optional("credential").and_then(|name| name.parse::<EndpointId>());
    let credential = credential.map(|name| name.to_string());
    let attempt = fields.or("attempt", Duration::from_secs(1), |value| {
        value.span(Duration::from_millis(50), Duration::from_secs(10))
    });
    let breaker = breaker(&fields);
    fields.finish();
    Some(Endpoint { id, url: url?, method, credential, attempt, breaker })
}

fn address(item: &Item<'_>) -> Option<String> {
    let text = item.text()?;
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fits = host.is_some_and(|host| {
        let name = host.split(['/', '?', '#']).next().unwrap_or_default();
        !name.is_empty() && !name.contains('@') && !text.contains(char::is_whitespace)
    });
    if !fits {
        item.report(format!("{text:?} is no address such as https://bank.example/balance"));
        return None;
    }
    Some(text.into())
}

fn breaker(fields: &Fields<'_>) -> Breaker {
    let default = Breaker { failures: DEFAULT_FAILURES, pause: DEFAULT_PAUSE };
    let Some(fields) = fields.optional("breaker").and_then(|item| item.fields(&keys::BREAKER))
    else {
        return default;
    };
    let failures = fields.or("failures", DEFAULT_FAILURES, |value| value.whole(1..=1_000));
    let pause = fields.or("pause", DEFAULT_PAUSE, |value| {
        value.span(Duration::from_secs(1), Duration::from_hours(1))
    });
    fields.finish();
    Breaker { failures, pause }
}
