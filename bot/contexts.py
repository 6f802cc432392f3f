"""The data behind the conversations, read from files."""

from functools import partial

from config.cadences import our_cadences
from config.cities import city_zones
from config.codes import our_reasons, our_themes
from config.components import our_classification
from config.date_words import date_words
from config.impact import our_meeting_scales, our_scales
from config.languages import our_languages
from config.lead_words import lead_words
from config.occasion_kinds import our_occasion_kinds
from config.settings import Settings
from config.territories import load_territories
from config.texts import Texts
from storage.context import Context, Keyring


def context_of(settings: Settings, texts: Texts, keys: Keyring) -> Context:
    """All that storage is given; the address of the bot is not known yet.

    Raises TerritoryError where territories cannot be used.
    """
    languages = {code: our_languages()[code] for code in texts.languages}
    return Context(
        keys=keys,
        territories=load_territories(settings.territories),
        own_names={code: language.name for code, language in languages.items()},
        conjunctions={code: language.conjunctions for code, language in languages.items()},
        lead_words=partial(lead_words, texts),
        date_words=date_words,
        city_zones=city_zones,
        wording=texts.wording,
        components=our_classification(),
        scales=our_scales(),
        meeting_scales=our_meeting_scales(),
        occasion_kinds=our_occasion_kinds(),
        themes=our_themes(),
        reasons=our_reasons(),
        public_url=settings.public_url,
        confirm_above=settings.confirm_above,
        translates=settings.translate_url is not None,
        cadences=our_cadences(),
    )
