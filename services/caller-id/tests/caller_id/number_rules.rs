//! The lists of numbers: who may keep them, what they say of a caller.

use switchboard_api::callerid::v1::{
    CallerKind, DeleteNumberRuleRequest, ListNumberRulesRequest, NumberRule, NumberRuleKind,
    SetNumberRuleRequest,
};
use switchboard_api::convert::time::timestamp;
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::{Code, Response, Status};

use crate::support::{MORNING, Office, calling_from, of, tenant, told};

const LI: &str = "+8613800000001";

#[tokio::test]
async fn a_listed_number_is_told_apart_from_the_next_lookup_on() {
    let office = Office::set_up().await;
    assert_eq!(office.lookup(LI).await.unwrap().lists, []);

    let kept = set(&office, rule("138 0000 0001", NumberRuleKind::Block)).await.unwrap();

    assert_eq!((kept.number.as_str(), kept.made_by.as_str()), (LI, "wu"));
    let gateway = office.lookup(LI).await.unwrap();
    let agent = office.asked(of("demo", Role::Agent, calling_from(LI))).await.unwrap();
    assert_eq!((gateway.kind(), gateway.refused), (CallerKind::Known, true));
    assert_eq!(
        (gateway.lists[0].kind(), gateway.lists[0].reason.as_str()),
        (NumberRuleKind::Block, "")
    );
    assert_eq!(agent.lists[0].reason, "calls at night");

    set(&office, rule(LI, NumberRuleKind::Allow)).await.unwrap();
    let allowed = office.lookup(LI).await.unwrap();
    assert_eq!((allowed.lists.len(), allowed.refused), (1, false));
    assert_eq!(allowed.lists[0].kind(), NumberRuleKind::Allow);
}

#[tokio::test]
async fn the_switchboard_of_a_company_makes_nobody_known() {
    let office = Office::set_up().await;
    set(&office, rule(LI, NumberRuleKind::CompanySwitchboard)).await.unwrap();

    let answer = office.lookup(LI).await.unwrap();

    assert_eq!(answer.kind(), CallerKind::Ambiguous);
    assert_eq!(answer.candidates[0].reason, "company_switchboard");
}

#[tokio::test]
async fn lists_are_masked_and_read_page_by_page() {
    let office = Office::set_up().await;
    for (number, kind) in [
        (LI, NumberRuleKind::Block),
        ("10086", NumberRuleKind::Test),
        ("sip:wei@desk.example", NumberRuleKind::Block),
    ] {
        set(&office, rule(number, kind)).await.unwrap();
    }
    let kind = NumberRuleKind::Block.into();
    let mut request = ListNumberRulesRequest { page_size: 1, kind, ..Default::default() };
    let mut numbers = Vec::new();

    loop {
        let page = of("demo", Role::Supervisor, request.clone());
        let page = office.client().list_number_rules(page).await.unwrap().into_inner();
        numbers.extend(page.rules.into_iter().map(|rule| rule.number));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }

    numbers.sort();
    assert_eq!(numbers, ["********************", "+*********0001"]);
}

#[tokio::test]
async fn who_keeps_the_lists_is_on_the_trail_without_the_number() {
    let office = Office::set_up().await;
    let kept = set(&office, rule(LI, NumberRuleKind::Block)).await.unwrap();

    let gone = delete(&office, &kept.rule_id).await.unwrap();
    let missing = delete(&office, &kept.rule_id).await.unwrap_err();

    assert_eq!((gone.number.as_str(), missing.code()), ("+*********0001", Code::NotFound));
    assert!(!office.lookup(LI).await.unwrap().refused);
    let lines = office.store.latest(&tenant("demo"), 10).await.unwrap();
    let lines: Vec<_> =
        lines.iter().filter(|line| line.action.starts_with("number_rule")).collect();
    assert!(lines.iter().all(|line| line.object == format!("number_rule/{}", kept.rule_id)));
    let set = lines.iter().find(|line| line.action == "number_rule.set").unwrap();
    assert_eq!(set.detail.as_deref(), Some("block +*********0001"));
}

#[tokio::test]
async fn a_rule_needs_a_number_a_list_a_reason_and_an_end_to_come() {
    let office = Office::set_up().await;
    let good = rule(LI, NumberRuleKind::Block);
    let cases = [
        ("rule.number", NumberRule { number: "call me".to_owned(), ..good.clone() }),
        ("rule.number", NumberRule { number: "anonymous".to_owned(), ..good.clone() }),
        ("rule.kind", NumberRule { kind: 0, ..good.clone() }),
        ("rule.kind", NumberRule { kind: 99, ..good.clone() }),
        ("rule.reason", NumberRule { reason: " ".to_owned(), ..good.clone() }),
        ("rule.reason", NumberRule { reason: "x".repeat(201), ..good.clone() }),
        ("rule.expire_time", NumberRule { expire_time: Some(timestamp(MORNING)), ..good }),
    ];

    for (field, rule) in cases {
        let refused = set(&office, rule).await.unwrap_err();

        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
}

fn rule(number: &str, kind: NumberRuleKind) -> NumberRule {
    NumberRule {
        number: number.to_owned(),
        kind: kind.into(),
        reason: "calls at night".to_owned(),
        ..NumberRule::default()
    }
}

async fn set(office: &Office, rule: NumberRule) -> Result<NumberRule, Status> {
    let request = SetNumberRuleRequest { rule: Some(rule) };
    let kept = office.client().set_number_rule(of("demo", Role::Supervisor, request)).await;
    kept.map(|kept| kept.into_inner().rule.unwrap())
}

async fn delete(office: &Office, id: &str) -> Result<NumberRule, Status> {
    let request = DeleteNumberRuleRequest { rule_id: id.to_owned() };
    let gone = office.client().delete_number_rule(of("demo", Role::Supervisor, request)).await;
    gone.map(Response::into_inner).map(|gone| gone.rule.unwrap())
}
