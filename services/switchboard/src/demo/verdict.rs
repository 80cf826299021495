//! Did every story end as told? Asked of the API, not of those who took part.

use std::collections::BTreeMap;

use switchboard_api::call::v1::{Interaction, InteractionState};
use switchboard_api::ticket::v1::Ticket;

use super::program::Told;
use super::records::Office;
use super::stories::Ending;

/// Gives what differs from the stories, one sentence each.
pub(crate) async fn differences(office: &Office, told: &[Told]) -> Vec<String> {
    let mut all = Vec::new();
    for Told { story, has_ended } in told {
        let mut found = Vec::new();
        if !has_ended {
            found.push("the call did not end in time".to_owned());
        }
        match office.complete(story).await {
            Some(record) => found.extend(compare(&record, &story.ending)),
            None => found.push("the call is not in the history".to_owned()),
        }
        match office.tickets_of(&story.script.id).await {
            Ok(tickets) => found.extend(compare_tickets(&tickets, story.ending.tickets)),
            Err(status) => found.push(format!("the tickets cannot be read: {}", status.message())),
        }
        all.extend(found.into_iter().map(|difference| format!("{}: {difference}", story.slug)));
    }
    all
}

fn compare(record: &Interaction, ending: &Ending) -> Vec<String> {
    let mut found = Vec::new();
    if record.state() != InteractionState::Ended {
        found.push(format!("the state is {}", record.state().as_str_name()));
    }
    let texts = [
        ("outcome", record.outcome.as_str(), ending.outcome),
        ("queue", record.queue_id.as_str(), ending.queue),
        ("customer", record.customer_id.as_str(), ending.customer),
        ("language", record.language.as_str(), ending.language),
        ("disposition", record.disposition.as_str(), ending.disposition),
    ];
    let differs = texts.iter().filter(|(_, is, should)| is != should);
    found.extend(differs.map(|(name, is, should)| format!("the {name} is `{is}`, not `{should}`")));
    if record.offers < ending.offers {
        found.push(format!("{} offers were made, not {}", record.offers, ending.offers));
    }
    if record.events.is_empty() {
        found.push("the history holds no event".to_owned());
    }
    found
}

/// Exactly one ticket for each rule, and none besides.
fn compare_tickets(tickets: &[Ticket], rules: &[&str]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = rules.iter().map(|rule| (*rule, 0)).collect();
    for ticket in tickets {
        *counts.entry(&ticket.rule).or_default() += 1;
    }
    let wrong = counts.into_iter().filter_map(|(rule, count)| {
        let due = usize::from(rules.contains(&rule));
        (count != due).then(|| format!("rule `{rule}` left {count} tickets, not {due}"))
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(rule: &str) -> Ticket {
        Ticket { rule: rule.to_owned(), ..Ticket::default() }
    }

    #[test]
    fn one_ticket_for_each_rule_is_right() {
        assert_eq!(compare_tickets(&[ticket("a")], &["a"]), Vec::<String>::new());
        assert_eq!(compare_tickets(&[], &[]), Vec::<String>::new());
    }

    #[test]
    fn a_missing_a_doubled_and_a_strange_ticket_are_told() {
        let missing = compare_tickets(&[], &["a"]);
        let doubled = compare_tickets(&[ticket("a"), ticket("a")], &["a"]);
        let strange = compare_tickets(&[ticket("b")], &[]);

        assert_eq!(missing, ["rule `a` left 0 tickets, not 1"]);
        assert_eq!(doubled, ["rule `a` left 2 tickets, not 1"]);
        assert_eq!(strange, ["rule `b` left 1 tickets, not 0"]);
    }
}
