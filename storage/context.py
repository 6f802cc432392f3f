"""What storage is given by whoever starts it: the secret key, the territories, the languages."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flows.actions.impact import Classification, Scale
from flows.moves import Names
from flows.occasions.kinds import OccasionKind
from flows.people.territory import Territories
from flows.times.cadence import Cadences
from flows.times.date_words import NO_WORDS, DateWords
from flows.times.leads import LeadWords


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """Everything derived from the secret key. Losing the key cuts statements from their authors for ever."""

    secret: bytes

    def pseudonym(self, purpose: str, citizen: int) -> str:
        """The name a citizen's statements carry for one purpose; cannot be led back without the key."""
        return self._digest(f"pseudonym|{purpose}|{citizen}").hex()[:32]

    def person(self, telegram: int) -> str:
        """A Telegram id as it may be remembered after erasure."""
        return self._digest(f"person|{telegram}").hex()

    def citizen(self, citizen: int) -> str:
        """The same for one of several people on one phone: their Telegram id names the others, too."""
        return self._digest(f"citizen|{citizen}").hex()

    def token(self, purpose: str, number: int) -> str:
        """A secret of 128 bits that can stand in an address; the same for the same number, never guessed."""
        return urlsafe_b64encode(self._digest(f"token|{purpose}|{number}")[:16]).decode().rstrip("=")

    def row_id(self, *origin: int) -> int:
        """A positive 63-bit id, the same for the same origin, that nobody can guess."""
        return int.from_bytes(self._digest(f"row|{origin}")[:8], "big") >> 1

    def _digest(self, what: str) -> bytes:
        return hmac.digest(self.secret, what.encode(), hashlib.sha256)


@dataclass(frozen=True, slots=True)
class Context:
    """The data behind looks and effects that no table holds."""

    keys: Keyring
    territories: Territories
    own_names: Mapping[str, str]  # of the languages, each in its own language and script
    conjunctions: Mapping[str, tuple[str, ...]]  # by language: words that join two ideas
    lead_words: Callable[[str], LeadWords]  # by language: how lead times are typed
    wording: Callable[[str, str], str]  # (language, key): the text as people read it, for consent records
    date_words: Callable[[str], DateWords] = lambda language: NO_WORDS  # by language: how dates are typed
    city_zones: Callable[[str], Mapping[str, str]] = lambda language: {}  # by language: zones by city
    cadences: Cadences = field(default_factory=Cadences)  # when people are reminded
    components: Classification = field(default_factory=Classification)  # what actions can touch
    occasion_kinds: Mapping[str, OccasionKind] = field(default_factory=dict)  # by code, in order
    themes: Mapping[str, Names] = field(default_factory=dict)  # what they are called, by code, in order
    scales: Mapping[str, Scale] = field(default_factory=dict)  # by version; the last is asked with today
    meeting_scales: Mapping[str, Scale] = field(default_factory=dict)  # the same, for meetings
    reasons: Mapping[str, Names] = field(default_factory=dict)  # why words are held back, by code
    address: str = ""  # of the bot: https://t.me/<name>; what links begin with
    public_url: str | None = None  # of our pages; None: there are none
    confirm_above: int = 200  # people: an announcement for more of them is confirmed by two coordinators
    translates: bool = False  # whether a machine can translate what people write to each other
