//! Figures of tickets: their definitions, and that they add up.

use proptest::prelude::*;

use super::*;

const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A life of moves, told with the seconds at which they happen; `Alarm` tells of a missed deadline.
fn life(moves: &[(TicketMove, i64)]) -> Vec<Line> {
    let mut state = TicketState::New;
    let made = Line { applied: None, state, at: at(0), is_overdue: false, is_unanswered: false };
    let mut lines = vec![made];
    for (applied, time) in moves {
        state = state.after(*applied).expect("a legal move");
        let is_overdue = *applied == TicketMove::Alarm;
        let (applied, at) = (Some(*applied), at(*time));
        lines.push(Line { applied, state, at, is_overdue, is_unanswered: is_overdue });
    }
    lines
}

#[test]
fn a_ticket_that_is_resolved_at_once_is_resolved_at_the_first_contact() {
    let life = life(&[
        (TicketMove::Accept, 1),
        (TicketMove::Start, 2),
        (TicketMove::Resolve, 10),
        (TicketMove::Close, 12),
    ]);

    let figures = TicketFigures::of(&life, at(0), at(100));

    assert_eq!((figures.made, figures.resolved, figures.closed), (1, 1, 1));
    assert_eq!((figures.first_contact, figures.late, figures.standing.open()), (1, 0, 0));
    assert_eq!((figures.kept(), figures.reopen_rate()), (Some(1.0), Some(0.0)));
    assert_eq!(figures.mean_resolving(), Some(seconds(10)));
    assert_eq!(figures.spent.total(), seconds(12));
}

#[test]
fn the_first_answer_is_counted_once_and_is_late_when_its_deadline_was_told_before() {
    let moves = [
        (TicketMove::Accept, 1),
        (TicketMove::Alarm, 5),
        (TicketMove::Reply, 7),
        (TicketMove::Start, 8),
        (TicketMove::Alarm, 9),
        (TicketMove::Resolve, 10),
    ];
    let answered = |told: &[(TicketMove, i64)], from, until| {
        let figures = TicketFigures::of(&life(told), at(from), at(until));
        (figures.answered, figures.answered_late, figures.mean_answering())
    };

    assert_eq!(answered(&moves, 0, 100), (1, 1, Some(seconds(7))));
    let in_time = [moves[0], moves[2], moves[3]];
    assert_eq!(answered(&in_time, 0, 100), (1, 0, Some(seconds(7))));
    assert_eq!(answered(&moves, 8, 100), (0, 0, None));
    assert_eq!(answered(&moves, 0, 7), (0, 0, None));
}

#[test]
fn a_ticket_that_comes_back_was_not_resolved_at_the_first_contact() {
    let moves = [
        (TicketMove::Accept, 1),
        (TicketMove::Start, 2),
        (TicketMove::Resolve, 10),
        (TicketMove::Reopen, 20),
        (TicketMove::Start, 21),
        (TicketMove::Resolve, 30),
    ];

    let figures = TicketFigures::of(&life(&moves), at(0), at(100));

    assert_eq!((figures.resolved, figures.reopened, figures.first_contact), (2, 1, 0));
    assert_eq!((figures.standing.closure, figures.standing.open()), (1, 0));
    assert_eq!(figures.mean_resolving(), Some(seconds(20)));
}

#[test]
fn what_was_overdue_before_a_ticket_came_back_does_not_make_its_next_resolution_late() {
    let moves = [
        (TicketMove::Accept, 1),
        (TicketMove::Alarm, 2),
        (TicketMove::Start, 3),
        (TicketMove::Resolve, 10),
        (TicketMove::Reopen, 20),
        (TicketMove::Start, 21),
        (TicketMove::Resolve, 30),
    ];

    let figures = TicketFigures::of(&life(&moves), at(0), at(100));

    assert_eq!((figures.resolved, figures.late, figures.kept()), (2, 1, Some(0.5)));
}

#[test]
fn a_ticket_stands_where_it_stood_at_the_end_of_the_time() {
    let life = life(&[(TicketMove::Accept, 10), (TicketMove::Start, 20), (TicketMove::Hold, 30)]);

    let early = TicketFigures::of(&life, at(0), at(25));
    let before = TicketFigures::of(&life, at(-9), at(0));
    let late = TicketFigures::of(&life, at(100), at(8 * 86_400));

    assert_eq!(early.standing, Standing { handling: 1, ..Standing::default() });
    assert_eq!((early.age, early.older_than_week), (seconds(25), 0));
    assert_eq!(before, TicketFigures::default());
    assert_eq!((late.made, late.standing.waiting), (0, 1));
    assert_eq!((late.older_than_week, late.older_than_month), (1, 0));
    assert_eq!(late.spent.waiting, seconds(8 * 86_400 - 100));
}

proptest! {
    #[test]
    fn two_times_that_follow_each_other_add_up(
        moves in prop::collection::vec((0..TicketMove::ALL.len(), 1_i64..1_000), 0..40),
        middle in 0_i64..20_000,
    ) {
        let mut told = vec![];
        let (mut state, mut now) = (TicketState::New, 0);
        for (index, pause) in moves {
            now += pause;
            if let Ok(after) = state.after(TicketMove::ALL[index]) {
                state = after;
                told.push((TicketMove::ALL[index], now));
            }
        }
        let life = life(&told);

        let whole = TicketFigures::of(&life, at(0), at(50_000));
        let first = TicketFigures::of(&life, at(0), at(middle));
        let rest = TicketFigures::of(&life, at(middle), at(50_000));

        let count = |of: fn(&TicketFigures) -> u64| (of(&whole), of(&first) + of(&rest));
        for (all, parts) in [
            count(|it| it.made),
            count(|it| it.resolved),
            count(|it| it.late),
            count(|it| it.closed),
            count(|it| it.reopened),
            count(|it| it.merged),
            count(|it| it.cancelled),
        ] {
            prop_assert_eq!(all, parts);
        }
        prop_assert_eq!(whole.spent.total(), first.spent.total() + rest.spent.total());
        prop_assert_eq!(whole.resolving, first.resolving + rest.resolving);
        prop_assert_eq!(whole.standing, rest.standing);
        prop_assert!(whole.standing.open() + whole.standing.closure <= 1);
    }
}
