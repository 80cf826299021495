//! What agents note as the result of a talk: what there is to choose, and whether it was chosen.

use switchboard_api::ApiError;
use switchboard_api::agent::v1::{Disposition, ListDispositionsResponse};
use switchboard_domain::center::{Center, DispositionFault, QueueDispositions};
use switchboard_domain::floor::state::Contact;
use switchboard_domain::ids::{ContactId, DispositionId, QueueId};

use crate::desks::Desks;
use crate::refusal::Refusal;
use crate::view::Who;

/// Lists what the agents of a queue may note, with the groups it is in; of no queue, all there is.
pub(crate) fn list(center: &Center, queue: Option<&QueueId>) -> ListDispositionsResponse {
    let (rules, all) = (center.dispositions_of(queue), &center.dispositions);
    let choices = center.choices(&rules);
    let shown = all.iter().filter(|(code, _)| {
        choices.iter().any(|choice| all.way_up(choice).any(|above| above == *code))
    });
    let language = center.default_language.as_str();
    let on_the_wire = shown.map(|(code, disposition)| Disposition {
        disposition: code.to_string(),
        display_name: disposition.display_name.get(language).unwrap_or_default().to_owned(),
        under: text_of(disposition.under.as_ref()),
        is_group: all.is_group(code),
    });
    ListDispositionsResponse {
        dispositions: on_the_wire.collect(),
        required: rules.required,
        default_disposition: text_of(rules.default.as_ref()),
    }
}

fn text_of(code: Option<&DispositionId>) -> String {
    code.map(ToString::to_string).unwrap_or_default()
}

impl Desks {
    /// Checks what an agent notes of a contact by the rules of its queue.
    pub(crate) async fn check_disposition(
        &self,
        who: &Who,
        contact: &ContactId,
        noted: &str,
    ) -> Result<(), Refusal> {
        let planned = self.planned(who).await?;
        let center = planned.center();
        let known = self.floor().contact(&who.tenant, contact).await?;
        let queue = known.as_ref().filter(|found| is_last(found, who));
        let queue = queue.and_then(|found| found.place.as_ref()).map(|place| &place.queue);
        let rules = center.dispositions_of(queue);
        center
            .check_disposition(&rules, noted)
            .map_err(|fault| Refusal::Other(refusal(center, &rules, noted, fault)))
    }
}

/// Says whether the contact is over or still with the agent: one that was handed on is in a queue
/// whose rules are not his.
fn is_last(contact: &Contact, who: &Who) -> bool {
    contact.state.is_ended() || contact.state.agent() == Some(&who.agent)
}

fn refusal(
    center: &Center,
    rules: &QueueDispositions,
    noted: &str,
    fault: DispositionFault,
) -> ApiError {
    let choices: Vec<&str> = center.choices(rules).into_iter().map(DispositionId::as_str).collect();
    let expected = format!("one of {}", choices.join(", "));
    match fault {
        DispositionFault::Missing => ApiError::missing_one_of("disposition", expected),
        DispositionFault::Unknown => ApiError::invalid("disposition", noted, expected),
    }
}
