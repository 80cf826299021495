//! Tickets that hang together, by the verbs of the command line.

use switchboard_embedded::testing::eventually;

use crate::support::{Center, Ran};

async fn done(center: &Center, words: &[&str]) -> Ran {
    let ran = center.verb(words).await;
    assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
    ran
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_linked_and_wait_for_their_tasks() {
    let center = Center::start().await;
    for id in ["repair", "storm"] {
        done(&center, &["ticket", "create", id, "--request-id", id]).await;
    }

    let task = ["ticket", "create", "order parts", "--parent", "repair", "--request-id", "parts"];
    done(&center, &task).await;
    let linked = done(&center, &["ticket", "link", "repair", "caused-by", "storm"]).await;
    let seen = done(&center, &["ticket", "get", "storm"]).await;
    let early = center.verb(&["ticket", "move", "repair", "cancel", "--note", "n"]).await;
    let unlinked = done(&center, &["ticket", "unlink", "storm", "causes", "repair"]).await;
    let odd = center.verb(&["ticket", "link", "repair", "like", "storm"]).await;
    let lost = center.verb(&["ticket", "link", "repair", "related", "nowhere"]).await;

    assert!(
        linked.said.contains("order parts") && linked.said.contains("storm (new)"),
        "{linked:?}"
    );
    assert!(seen.said.contains("causes") && seen.said.contains("repair (new)"), "{seen:?}");
    assert!(early.code == 4 && early.complained.contains("#3 open"), "{early:?}");
    assert!(!unlinked.said.contains("repair (new)"), "{unlinked:?}");
    assert_eq!((odd.code, lost.code), (2, 3), "{odd:?} {lost:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn complaints_of_many_open_one_incident_and_are_resolved_with_it() {
    let center = Center::start().await;
    for number in 1..=6 {
        let customer = format!("customer-0{number}");
        let id = format!("c-{number}");
        let complain = ["ticket", "create", "no train", "--kind", "complaint", "--customer"];
        done(&center, &[&complain[..], &[&customer, "--request-id", &id]].concat()).await;
    }

    let listed = eventually(async || {
        let listed = done(&center, &["ticket", "ls", "--incidents", "-o", "json"]).await;
        listed.said.contains("mass-complaints").then_some(listed)
    })
    .await;
    let incident = id_of(&listed.said);
    let out = done(&center, &["ticket", "leave-incident", "c-6"]).await;
    let into = done(&center, &["ticket", "join-incident", "c-6", &incident]).await;
    for action in ["accept", "start"] {
        done(&center, &["ticket", "move", &incident, action]).await;
    }
    let early = center.verb(&["ticket", "resolve-members", &incident]).await;
    let resolve = ["ticket", "move", &incident, "resolve", "--resolution", "trains run again"];
    done(&center, &resolve).await;
    done(&center, &["ticket", "resolve-members", &incident, "--medium", "sms"]).await;
    let shown = done(&center, &["ticket", "get", &incident]).await;
    let member = done(&center, &["ticket", "get", "c-6"]).await;

    assert!(early.code == 4 && early.complained.contains("their incident"), "{early:?}");
    assert!(!out.said.contains(&incident) && into.said.contains(&incident), "{out:?} {into:?}");
    assert!(shown.said.contains("6, 0 of them open"), "{shown:?}");
    assert!(shown.said.contains("cluster alarm: 6 tickets of 6 customers"), "{shown:?}");
    assert!(member.said.contains("trains run again") && member.said.contains(&incident));
    center.stop().await;
}

/// Finds the id of the first ticket in a list.
fn id_of(listed: &str) -> String {
    let rest = listed.split_once("\"ticket_id\"").unwrap().1;
    rest.split('"').nth(1).unwrap().to_owned()
}
