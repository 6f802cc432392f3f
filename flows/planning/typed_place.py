"""A point on the map as people write it: two numbers, or the address of a map that shows it."""

import re
from typing import Final

_NUMBER: Final = r"[-+]?\d{1,3}\.\d+"
_FORMS: Final = (
    re.compile(rf"!3d(?P<latitude>{_NUMBER})!4d(?P<longitude>{_NUMBER})"),  # a place, not the map's middle
    re.compile(rf"mlat=(?P<latitude>{_NUMBER})&mlon=(?P<longitude>{_NUMBER})"),
    re.compile(rf"(?:@|[?&]q=|[?&]ll=|geo:)(?P<latitude>{_NUMBER}),\s*(?P<longitude>{_NUMBER})"),
    re.compile(rf"#map=[\d.]+/(?P<latitude>{_NUMBER})/(?P<longitude>{_NUMBER})"),
    re.compile(rf"\s*\(?(?P<latitude>{_NUMBER})\s*[,;،\s]\s*(?P<longitude>{_NUMBER})\)?\s*$"),
)


def read_pin(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, digits of any script; None: there is no point in it."""
    for form in _FORMS[:-1]:
        if match := form.search(text):
            return _point(match)
    match = _FORMS[-1].match(text)
    return _point(match) if match else None


def _point(match: re.Match[str]) -> tuple[float, float] | None:
    latitude, longitude = float(match["latitude"]), float(match["longitude"])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def read_link(text: str) -> str | None:
    """The address of a page, https where nothing else is said; None: it is none."""
    found = _LINK.fullmatch(text.strip())
    return f"{found['scheme'] or 'https://'}{found['rest']}" if found else None


_LINK: Final = re.compile(
    r"(?P<scheme>https?://)?(?P<rest>[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:[/?#][^\s<>\"]{0,300})?)",
    re.IGNORECASE,
)
