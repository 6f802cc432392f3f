"""Points on a map and addresses of pages, as people write them."""

import pytest

from flows.planning.typed_place import read_link, read_pin


@pytest.mark.parametrize(
    "text",
    [
        "47.75, 7.34",
        "47.75 7.34",
        "(47.75; 7.34)",
        "٤٧.٧٥، ٧.٣٤",
        "geo:47.75,7.34",
        "https://www.openstreetmap.org/?mlat=47.75&mlon=7.34#map=17/48.00/8.00",
        "https://www.openstreetmap.org/#map=17/47.75/7.34",
        "https://www.google.com/maps/@47.75,7.34,15z",
        "https://maps.google.com/?q=47.75,7.34",
        "https://www.google.com/maps/place/Park/@48.00,8.00,17z/data=!3m1!4b1!4m6!3d47.75!4d7.34",
    ],
)
def test_a_point_is_read_from_two_numbers_or_from_a_map(text: str) -> None:
    assert read_pin(text) == (47.75, 7.34)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "near the river",
        "47.75",
        "91.0, 7.34",
        "47.75, 181.5",
        "https://maps.app.goo.gl/AbCd",
        "https://osm.org/go/0B",
    ],
)
def test_what_holds_no_point_is_none(text: str) -> None:
    assert read_pin(text) is None


def test_a_point_in_the_south_and_west_is_read() -> None:
    assert read_pin("-22.90, -43.17") == (-22.90, -43.17)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://meet.example.org/room?x=1", "https://meet.example.org/room?x=1"),
        ("http://example.org", "http://example.org"),
        (" meet.example.org/room ", "https://meet.example.org/room"),
        ("example.org:8443/a", "https://example.org:8443/a"),
    ],
)
def test_the_address_of_a_page_is_read_with_or_without_its_scheme(text: str, link: str) -> None:
    assert read_link(text) == link


@pytest.mark.parametrize(
    "text", ["our room", "room", "javascript:alert(1)", "ftp://example.org", "https://a b.org", "tomorrow."]
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert read_link(text) is None
