//! Taking what the caller entered.

use super::super::entry::parse_fields;
use super::super::node::{Collect, Confirm, Menu, Survey, SurveyQuestion};
use super::super::secret::Secret;
use super::super::{Key, Question, SurveyResult};
use super::keys::keys_of;
use super::question::Prompted;
use super::walk::Walk;
use super::{Input, Outcome, RouteReason};

impl<'a> Walk<'a> {
    /// Takes an input where the flow waits for the caller.
    pub(super) fn hear(&mut self, prompted: Prompted<'a>, input: &Input) -> Option<Outcome> {
        let (separator, terminator) = match prompted {
            Prompted::Collect(collect) => (collect.separator, collect.terminator),
            Prompted::Survey(..) => (None, Some(Key::POUND)),
            Prompted::Menu(_) | Prompted::Confirm(_) => (None, None),
        };
        let Some(keys) = keys_of(input, separator, terminator) else {
            return self.hear_nothing(prompted, input);
        };
        match prompted {
            Prompted::Menu(menu) => self.answer_menu(menu, &keys),
            Prompted::Confirm(confirm) => self.answer_confirm(confirm, &keys),
            Prompted::Collect(collect) => self.answer_collect(collect, &keys),
            Prompted::Survey(survey, question) => self.answer_survey(survey, question, &keys),
        }
    }

    fn answer_menu(&mut self, menu: &'a Menu, keys: &str) -> Option<Outcome> {
        let chosen = one_key(keys);
        match chosen.and_then(|key| menu.options.get(&key)) {
            Some(target) => self.enter(target),
            None => self.human_or_no_match(Prompted::Menu(menu), chosen),
        }
    }

    fn answer_confirm(&mut self, confirm: &'a Confirm, keys: &str) -> Option<Outcome> {
        let chosen = one_key(keys);
        if chosen == Some(confirm.yes) {
            self.forget_rounds();
            return self.enter(&confirm.next);
        }
        if chosen != Some(confirm.no) {
            return self.human_or_no_match(Prompted::Confirm(confirm), chosen);
        }
        if self.count_round() <= confirm.tries {
            return self.enter(&confirm.again);
        }
        self.forget_rounds();
        match &confirm.otherwise {
            Some(target) => self.enter(target),
            None => self.reach_human(RouteReason::NoMatch),
        }
    }

    fn answer_collect(&mut self, collect: &'a Collect, keys: &str) -> Option<Outcome> {
        let prompted = Prompted::Collect(collect);
        let cancelled = collect.cancel.and_then(|cancel| keys.rsplit_once(cancel.as_char()));
        let entry = match cancelled {
            // Taking an entry back is no mistake, so it is not counted as one.
            Some((_, "")) => return self.ask(prompted, prompted.prompts()),
            Some((_, after)) => after,
            None => keys,
        };
        match parse_fields(collect, entry, self.context.today) {
            Ok(mut values) => {
                for field in &collect.fields {
                    self.position.fields.remove(&field.name);
                    if field.sensitive
                        && let Some(value) = values.remove(&field.name)
                    {
                        self.secrets.insert(field.name.clone(), Secret::new(value));
                    }
                }
                self.position.fields.extend(values);
                self.enter(&collect.next)
            }
            Err(_) if Key::parse(entry) == Ok(self.flow.human_key()) => {
                self.reach_human(RouteReason::HumanKey)
            }
            Err(error) => {
                let field = collect.fields.iter().find(|field| error.field() == Some(&field.name));
                self.no_match(prompted, field.and_then(|field| field.invalid_prompt.as_ref()))
            }
        }
    }

    fn answer_survey(
        &mut self,
        survey: &'a Survey,
        question: &'a SurveyQuestion,
        keys: &str,
    ) -> Option<Outcome> {
        let score =
            keys.parse().ok().filter(|score| (question.least..=question.most).contains(score));
        let Some(score) = score else {
            return self.human_or_no_match(Prompted::Survey(survey, question), one_key(keys));
        };
        self.position.fields.insert(question.name.clone(), u32::to_string(&score));
        self.position.part = self.position.part.saturating_add(1);
        self.position.no_input = 0;
        self.position.no_match = 0;
        let next = usize::try_from(self.position.part).ok();
        match next.and_then(|next| survey.questions.get(next)) {
            Some(following) => self.ask(Prompted::Survey(survey, following), &following.prompts),
            None => self.finish_survey(survey),
        }
    }

    /// Hands in the scores given so far, if there are any, and goes on.
    pub(super) fn finish_survey(&mut self, survey: &'a Survey) -> Option<Outcome> {
        let questions = survey.questions.iter();
        let scores = questions.filter_map(|question| {
            let score = self.position.fields.get(&question.name)?.parse().ok()?;
            Some((question.name.clone(), score))
        });
        let result = SurveyResult { survey: survey.name.clone(), scores: scores.collect() };
        if result.scores.is_empty() {
            return self.enter(&survey.next);
        }
        self.position.part = u32::try_from(survey.questions.len()).unwrap_or(u32::MAX);
        Some(Outcome::Ask(Box::new(Question::Survey(result))))
    }

    fn human_or_no_match(
        &mut self,
        prompted: Prompted<'a>,
        chosen: Option<Key>,
    ) -> Option<Outcome> {
        if chosen == Some(self.flow.human_key()) {
            return self.reach_human(RouteReason::HumanKey);
        }
        self.no_match(prompted, None)
    }
}

// A terminator out of habit does not spoil a choice.
fn one_key(keys: &str) -> Option<Key> {
    Key::parse(keys).or_else(|_| Key::parse(keys.strip_suffix('#').unwrap_or(keys))).ok()
}
