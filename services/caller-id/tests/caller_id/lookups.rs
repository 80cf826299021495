//! Looking callers up.

use switchboard_api::callerid::v1::{
    CallerKind, LookupCallerRequest, NumberForm, NumberType, NumberValidity, NumberVerification,
};
use switchboard_domain::caller::Role;
use switchboard_embedded::testing::eventually;
use switchboard_store::audit::Audit;
use tonic::Code;

use crate::support::{Office, calling_from, of, tenant, told, zhao};

const LI: &str = "+8613800000001";

#[tokio::test]
async fn a_customer_is_known_by_a_number_in_any_notation() {
    let office = Office::set_up().await;

    for raw in ["+8613800000001", "138 0000 0001", "008613800000001", "tel:+86-138-0000-0001"] {
        let answer = office.lookup(raw).await.unwrap();

        assert_eq!((answer.kind(), answer.partial_reason.as_str()), (CallerKind::Known, ""));
        assert_eq!(answer.candidates[0].reason, "only_holder");
        let number = answer.number.unwrap();
        assert_eq!((number.raw.as_str(), number.e164.as_str()), (raw, "+8613800000001"));
        assert_eq!((number.region.as_str(), number.r#type()), ("CN", NumberType::Mobile));
        assert_eq!(number.validity(), NumberValidity::Valid);
    }
}

#[tokio::test]
async fn nobody_and_withheld_are_answers() {
    let office = Office::set_up().await;
    let cases = [
        ("+8613999999999", CallerKind::Unknown),
        ("110", CallerKind::Unknown),
        ("sip:wei@desk.example", CallerKind::Unknown),
        ("", CallerKind::Withheld),
        ("anonymous", CallerKind::Withheld),
        ("sip:anonymous@anonymous.invalid", CallerKind::Withheld),
        ("+266696687", CallerKind::Withheld),
    ];

    for (raw, kind) in cases {
        let answer = office.lookup(raw).await.unwrap();

        assert_eq!((answer.kind(), answer.partial_reason.as_str()), (kind, ""), "{raw}");
        assert!(answer.candidates.is_empty());
    }
}

#[tokio::test]
async fn the_called_number_says_in_which_country_the_caller_dialled() {
    let office = Office::set_up().await;
    let request = LookupCallerRequest {
        called_number: "+442079460018".into(),
        ..calling_from("020 7946 0019")
    };

    let answer = office.asked(of("demo", Role::Agent, request)).await.unwrap();

    assert_eq!(answer.number.unwrap().e164, "+442079460019");
}

#[tokio::test]
async fn a_trunk_of_another_country_says_what_its_callers_dial() {
    let numbers = "\
\"+862160000000\": {flow: hotline}
\"+862160000001\": {flow: hotline, default_country: GB}
";
    let office = Office::with_file("numbers.yaml", numbers).await;
    let cases = [
        ("+862160000001", "020 7946 0019", "+442079460019"),
        ("021 6000 0001", "020 7946 0019", "+442079460019"),
        ("+862160000000", "138 0000 0001", "+8613800000001"),
        ("", "138 0000 0001", "+8613800000001"),
    ];

    for (called, calling, read) in cases {
        let request = LookupCallerRequest { called_number: called.into(), ..calling_from(calling) };
        let answer = office.asked(of("demo", Role::Agent, request)).await.unwrap();

        assert_eq!(answer.number.unwrap().e164, read, "called {called}");
    }
}

#[tokio::test]
async fn several_holders_are_ambiguous_and_so_is_a_forged_number() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();
    office.create(zhao("zhao-2", "+8613700000001")).await.unwrap();
    let forged = LookupCallerRequest {
        verification: NumberVerification::Failed.into(),
        ..calling_from("13800000001")
    };

    let shared = office.lookup("13700000001").await.unwrap();
    let doubted = office.asked(of("demo", Role::Gateway, forged)).await.unwrap();

    assert_eq!((shared.kind(), shared.candidates.len()), (CallerKind::Ambiguous, 2));
    assert_eq!(doubted.kind(), CallerKind::Ambiguous);
}

#[tokio::test]
async fn whatever_stands_in_a_number_s_place_is_told_by_name() {
    use NumberForm::{ShortCode, SipAddress, Telephone, Withheld};
    use NumberValidity::{Impossible, Possible, Unspecified, Valid};
    let office = Office::set_up().await;
    let cases = [
        ("138 0000 0001", Telephone, Valid, "", ""),
        ("+86 21 6000 0000 ext. 42", Telephone, Valid, "42", ""),
        ("+86 1380000000111", Telephone, Impossible, "", ""),
        ("+999 123 456 789", Telephone, Impossible, "", ""),
        ("+86 138000000011380000000113800000001", Telephone, Impossible, "", ""),
        ("+1 555 010 0100", Telephone, Possible, "", ""),
        ("110", ShortCode, Unspecified, "", ""),
        ("sip:wei@desk.example", SipAddress, Unspecified, "", ""),
        ("", Withheld, Unspecified, "", "missing"),
        ("anonymous", Withheld, Unspecified, "", "anonymous"),
        ("restricted", Withheld, Unspecified, "", "restricted"),
        ("unavailable", Withheld, Unspecified, "", "unavailable"),
    ];

    for (raw, form, validity, extension, reason) in cases {
        let answer = office.lookup(raw).await.unwrap();

        let number = answer.number.unwrap();
        assert_eq!((number.raw.as_str(), number.form()), (raw, form));
        assert_eq!((number.validity(), number.extension.as_str()), (validity, extension), "{raw}");
        assert_eq!(number.withheld_reason, reason, "{raw}");
        assert_eq!((answer.partial_reason.as_str(), answer.candidates.len() < 2), ("", true));
    }
}

#[tokio::test]
async fn the_word_of_the_network_is_given_back() {
    let office = Office::set_up().await;

    for said in [NumberVerification::Partial, NumberVerification::Failed] {
        let request = LookupCallerRequest { verification: said.into(), ..calling_from("110") };
        let answer = office.asked(of("demo", Role::Gateway, request)).await.unwrap();

        assert_eq!(answer.verification(), said);
    }
    let silent = office.lookup("110").await.unwrap();
    assert_eq!(silent.verification(), NumberVerification::NotVerified);
}

#[tokio::test]
async fn people_are_told_everything_and_gateways_as_far_as_the_number_is_trusted() {
    use NumberVerification::{Failed, Full, Gateway, NotVerified, Partial};
    let office = Office::set_up().await;
    let cases = [
        (Role::Gateway, Full, true),
        (Role::Gateway, Partial, false),
        (Role::Gateway, Gateway, false),
        (Role::Gateway, NotVerified, false),
        (Role::Gateway, Failed, false),
        (Role::Agent, NotVerified, true),
        (Role::Supervisor, Partial, true),
        (Role::Admin, Failed, false),
    ];

    for (role, verification, sees_all) in cases {
        let request = LookupCallerRequest { verification: verification.into(), ..calling_from(LI) };
        let answer = office.asked(of("demo", role, request)).await.unwrap();

        let first = &answer.candidates[0];
        assert_eq!((first.customer_id.as_str(), first.confidence > 0), ("customer-01", true));
        let personal = [
            !first.display_name.is_empty(),
            !first.alert.is_empty(),
            !first.tier.is_empty(),
            first.owner_agent_id == "li-wei",
        ];
        assert_eq!(personal, [sees_all; 4], "{role} {verification:?}");
        assert_eq!((answer.partial_reason.as_str(), answer.missing.len()), ("", 0));
    }
}

#[tokio::test]
async fn a_candidate_is_told_with_what_happened_before() {
    let office = Office::set_up().await;
    office.happened("customer-01", "call-1", "li-wei").await;

    let answer = office.asked(of("demo", Role::Agent, calling_from(LI))).await.unwrap();

    let first = &answer.candidates[0];
    assert_eq!((first.last_agent_id.as_str(), first.last_talk_at.is_some()), ("li-wei", true));
    assert_eq!((first.open_tickets, first.tickets[0].subject.as_str()), (1, "Refund"));
    assert_eq!(first.calls[0].interaction_id, "call-1");
    assert_eq!(first.segments, ["waits"]);
}

#[tokio::test]
async fn who_looked_whom_up_is_on_the_trail_without_the_number() {
    let office = Office::set_up().await;

    office.asked(of("demo", Role::Agent, calling_from(LI))).await.unwrap();
    office.lookup(LI).await.unwrap();
    office.lookup("+8613999999999").await.unwrap();

    let lines = eventually(async || {
        let lines = office.store.latest(&tenant("demo"), 10).await.unwrap();
        let lines: Vec<_> =
            lines.into_iter().filter(|line| line.action == "caller.lookup").collect();
        (lines.len() == 3).then_some(lines)
    })
    .await;
    let mut told: Vec<_> = lines
        .iter()
        .map(|line| (line.role.as_str(), line.object.as_str(), line.detail.as_deref().unwrap()))
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("agent", "number/+*********0001", "1 candidates"),
            ("gateway", "number/+*********0001", "1 candidates, ids only"),
            ("gateway", "number/+*********9999", "0 candidates, ids only"),
        ]
    );
}

#[tokio::test]
async fn a_tenant_does_not_know_the_customers_of_another() {
    let office = Office::set_up().await;

    let answer = office.asked(of("other", Role::Admin, calling_from("+8613800000001"))).await;

    assert_eq!(answer.unwrap().kind(), CallerKind::Unknown);
}

#[tokio::test]
async fn without_a_center_a_number_in_full_is_still_read() {
    let office = Office::set_up().await;

    let national =
        office.asked(of("other", Role::Admin, calling_from("13800000001"))).await.unwrap();
    let full =
        office.asked(of("other", Role::Admin, calling_from("+8613800000001"))).await.unwrap();

    assert_eq!(national.kind(), CallerKind::Unknown);
    assert_eq!(national.partial_reason, "CENTER_UNAVAILABLE");
    assert_eq!(national.number.unwrap().raw, "13800000001");
    assert_eq!(full.number.unwrap().region, "CN");
}

#[tokio::test]
async fn what_is_no_number_is_answered_with_nobody_and_the_reason() {
    let office = Office::set_up().await;
    let too_long = "1".repeat(9_000);
    let cases = [
        ("call me, Li", "call me, Li"),
        (&too_long, &too_long[..256]),
        ("+8613800\u{7}000001", "+8613800 000001"),
    ];

    for (raw, shown) in cases {
        let answer = office.lookup(raw).await.unwrap();

        let told = (answer.kind(), answer.partial_reason.as_str());
        assert_eq!(told, (CallerKind::Unknown, "NUMBER_UNREADABLE"), "{raw}");
        assert_eq!(
            (answer.candidates.as_slice(), answer.missing.as_slice()),
            (&[][..], ["candidates".to_owned()].as_slice())
        );
        assert_eq!(answer.number.unwrap().raw, shown);
    }
}

#[tokio::test]
async fn a_called_number_that_cannot_be_read_changes_nothing() {
    let office = Office::set_up().await;

    for odd in ["hello", "\u{0}", &"2".repeat(9_000)] {
        let request =
            LookupCallerRequest { called_number: odd.into(), ..calling_from("13800000001") };
        let answer = office.asked(of("demo", Role::Agent, request)).await.unwrap();

        assert_eq!((answer.kind(), answer.partial_reason.as_str()), (CallerKind::Known, ""));
    }
}

#[tokio::test]
async fn a_word_of_the_network_that_does_not_exist_is_refused() {
    let office = Office::set_up().await;
    let unknown = LookupCallerRequest { verification: 99, ..calling_from("110") };

    let refused = office.asked(of("demo", Role::Gateway, unknown)).await.unwrap_err();

    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(told(&refused).2, "verification");
}
