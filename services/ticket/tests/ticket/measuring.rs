//! What the questions of a survey measure together, by department.

use switchboard_api::followup::v1::answer::Value;
use switchboard_api::followup::v1::{
    Answer, FollowUpState, RecordAnswersRequest, ReportSurveyRequest, SurveyFigures,
};
use switchboard_center::demo;
use switchboard_domain::caller::Role;

use crate::care::{Care, DAY, parts};
use crate::support::from;

const TRIAL: &str = "
trial:
  drivers: {product: 30, price: 10}
  questions:
    hoped: {text: What did you expect?, type: rating, item: speed, asks: expectation, optional: true}
    got: {text: How fast was it?, type: satisfaction, item: speed, asks: performance, driver: product}
    fair: {text: Is the price fair?, type: rating, driver: price, optional: true}
    part-1: {text: The product?, type: rating, loyalty_part: product}
    part-2: {text: The enterprise?, type: rating, loyalty_part: enterprise}
    part-3: {text: Its culture?, type: rating, loyalty_part: culture}
    part-4: {text: What comes on top?, type: rating, loyalty_part: added}
    part-5: {text: In the long run?, type: rating, loyalty_part: strategic}
";

async fn set_up() -> Care {
    let care = Care::set_up().await;
    let surveys = demo()["surveys.yaml"].clone() + TRIAL;
    let follow_ups = "all: {after: 2h, queue: rebooking, survey: trial}\n";
    care.office.apply(&[("surveys.yaml", &surveys), ("follow_ups.yaml", follow_ups)]).await;
    Care { parts: parts(&care.office, &care.floor), ..care }
}

/// Closes a ticket and writes down what the customer answered.
async fn answered(care: &Care, ticket: &str, points: &[(&str, u32)]) {
    care.a_closed_ticket(ticket).await;
    care.round().await;
    let owed = care.all().await.into_iter().find(|it| it.state() == FollowUpState::Due);
    let parts = ["part-1", "part-2", "part-3", "part-4", "part-5"].map(|part| (part, 4));
    let answers = points.iter().chain(&parts).map(|(question, points)| Answer {
        question: (*question).to_owned(),
        value: Some(Value::Points(*points)),
    });
    let request = RecordAnswersRequest {
        follow_up_id: owed.unwrap().follow_up_id,
        answers: answers.collect(),
    };
    care.client().record_answers(from(Role::Agent, request)).await.unwrap();
}

async fn report(care: &Care) -> Vec<SurveyFigures> {
    care.pass(DAY);
    let request =
        ReportSurveyRequest { survey_id: "trial".to_owned(), ..ReportSurveyRequest::default() };
    let answer = care.client().report_survey(from(Role::Supervisor, request)).await.unwrap();
    answer.into_inner().figures
}

#[tokio::test]
async fn a_survey_tells_items_loyalty_and_drivers_with_what_they_rest_on() {
    let care = set_up().await;
    answered(&care, "r-1", &[("hoped", 5), ("got", 4), ("fair", 1)]).await;
    answered(&care, "r-2", &[("hoped", 3), ("got", 2)]).await;
    answered(&care, "r-3", &[("got", 3)]).await;

    let report = report(&care).await;

    let [refunds] = report.as_slice() else { panic!("one department: {report:?}") };
    assert_eq!(refunds.department, "refunds");
    let speed = &refunds.items[0];
    let told = (speed.item.as_str(), speed.answers, speed.ratio, speed.gap);
    assert_eq!(told, ("speed", 2, Some(0.75), Some(-1.0)), "who answered only one counts not");
    assert_eq!((refunds.loyalty_score, refunds.loyalty_parts.len()), (Some(20.0), 5));
    assert_eq!(refunds.loyalty_parts[0].points.unwrap().answers, 3);
    let drivers: Vec<_> =
        refunds.drivers.iter().map(|it| (it.driver.as_str(), it.weight, it.loss)).collect();
    assert_eq!(drivers, [("product", 0.75, Some(1.5)), ("price", 0.25, Some(1.0))]);
    assert_eq!((refunds.driver_index, refunds.driver_weight_answered), (Some(2.5), 1.0));
    assert_eq!(refunds.satisfaction.unwrap().answers, 3, "expectations are no satisfaction");
}
