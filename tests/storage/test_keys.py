"""What is derived from the secret key cannot be had without it, and never means two things."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from storage.context import Keyring

ONE, OTHER = Keyring(b"one key"), Keyring(b"another key")
IDS = st.integers(1, 2**63 - 1)


@given(IDS)
def test_a_pseudonym_is_always_the_same_and_differs_by_purpose_and_by_key(citizen: int) -> None:
    assert ONE.pseudonym("statements", citizen) == ONE.pseudonym("statements", citizen)
    assert (
        len(
            {
                ONE.pseudonym("statements", citizen),
                ONE.pseudonym("digest", citizen),
                OTHER.pseudonym("statements", citizen),
                ONE.person(citizen)[:32],
            }
        )
        == 4
    )


@given(IDS, IDS)
def test_two_people_have_two_pseudonyms(one: int, other: int) -> None:
    assert (ONE.pseudonym("statements", one) == ONE.pseudonym("statements", other)) is (one == other)


@given(IDS)
def test_neither_pseudonym_nor_erased_person_is_a_plain_hash_of_the_id(number: int) -> None:
    plain = {
        digest(f"{prefix}{number}".encode()).hexdigest()
        for digest in (hashlib.sha256, hashlib.md5, hashlib.sha1)
        for prefix in ("", "person|", "pseudonym|statements|")
    }

    assert ONE.person(number) not in plain
    assert not any(hashed.startswith(ONE.pseudonym("statements", number)) for hashed in plain)


@given(st.lists(IDS, min_size=1, max_size=5))
def test_row_ids_are_positive_fit_63_bits_and_repeat_for_the_same_origin(origin: list[int]) -> None:
    made = ONE.row_id(*origin)

    assert 0 <= made < 2**63
    assert made == ONE.row_id(*origin)
    assert made != OTHER.row_id(*origin)


def test_row_ids_of_neighbouring_origins_have_nothing_in_common() -> None:
    made = [ONE.row_id(7, 1000, 0, number) for number in range(1000)] + [
        ONE.row_id(7, 10000, number) for number in range(1000)
    ]

    assert len(set(made)) == 2000


def test_the_key_does_not_show_itself() -> None:
    assert "one key" not in repr(ONE)
    assert "one key" not in str(ONE)
