"""Whatever is sent to the bot, it goes on, says nothing foreign, keeps nothing foreign and loses nothing."""

import json

import pytest

from tests.campaigns.hostile import checks
from tests.campaigns.hostile.campaign import IS_FULL, Outcome
from tests.conftest import Tell

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(3600 if IS_FULL else 300)]


def test_the_whole_campaign_has_taken_place(outcome: Outcome, tell: Tell) -> None:
    tell(json.dumps(checks.figures(outcome)))

    assert outcome.counts["texts"] >= outcome.size.texts
    assert outcome.counts["mutated updates"] >= outcome.size.updates
    assert outcome.counts["forged buttons"] >= outcome.size.presses
    assert outcome.counts["forged links"] >= outcome.size.links


def test_the_process_that_began_is_the_one_that_ends_and_it_ends_in_order(outcome: Outcome) -> None:
    assert outcome.lived
    assert outcome.exit_code == 0


def test_everybody_can_finish_a_conversation_afterwards(outcome: Outcome) -> None:
    assert {walker.person.id for walker in (*outcome.honest, *outcome.hostile)} == outcome.finished


def test_nothing_is_formatted_or_clickable_but_what_the_catalogues_and_the_reader_wrote(
    outcome: Outcome,
) -> None:
    assert checks.injected_entities(outcome) == []


def test_nobody_is_shown_words_of_others(outcome: Outcome) -> None:
    assert checks.foreign_quotations(outcome) == []


def test_no_button_is_labelled_with_words_of_a_citizen(outcome: Outcome) -> None:
    assert checks.foreign_labels(outcome) == []


def test_no_address_is_looked_at_for_a_preview(outcome: Outcome) -> None:
    assert checks.previews(outcome) == []


def test_ideas_are_kept_as_they_were_written_where_they_were_asked_for_and_nothing_else(
    outcome: Outcome,
) -> None:
    assert checks.wrongly_kept(outcome) == []


def test_nobody_gets_into_a_territory_or_group_that_does_not_exist(outcome: Outcome) -> None:
    assert checks.misplaced(outcome) == []


def test_a_forged_button_changes_nothing_and_is_answered_as_an_old_one(outcome: Outcome) -> None:
    assert outcome.changed_by_presses == []
    assert None not in outcome.notices
    assert len(set(outcome.notices)) == 1


def test_a_forged_link_gives_no_rights_and_moves_nobody(outcome: Outcome) -> None:
    assert outcome.changed_by_links == []


def test_what_is_typed_in_the_place_of_a_link_is_not_kept(outcome: Outcome) -> None:
    assert outcome.kept_of_links == []


def test_words_stand_in_the_table_of_ideas_and_in_no_other(outcome: Outcome) -> None:
    assert checks.words_where_none_belong(outcome) == []


def test_only_malformed_updates_are_set_aside_at_once_and_without_their_words(outcome: Outcome) -> None:
    assert checks.wrongly_set_aside(outcome) == []


def test_every_update_is_acknowledged_and_every_answer_ends(outcome: Outcome) -> None:
    assert checks.unfinished(outcome) == []


def test_the_database_is_whole(outcome: Outcome) -> None:
    assert checks.broken(outcome) == []


def test_the_log_holds_no_token_no_id_and_no_words(outcome: Outcome) -> None:
    assert checks.leaked(outcome) == []


def test_memory_does_not_grow_with_what_is_sent(outcome: Outcome) -> None:
    before, after = outcome.memory

    assert after - before < 50 << 20


def test_honest_people_are_answered_within_a_second_throughout(outcome: Outcome) -> None:
    waits = checks.waits(outcome)

    assert waits["answers"] > outcome.size.texts / 2
    assert waits["p95"] < 1.0
