"""The course of what people give: how far their words, feedback and offers have come.

received -> grouped -> in the diagnosis -> linked to an action -> decided -> done; forward, or back.
"""

from enum import StrEnum


class Course(StrEnum):
    """How far something has come."""

    RECEIVED = "received"
    GROUPED = "grouped"  # with others that are about the same
    DIAGNOSIS = "diagnosis"
    LINKED = "linked"  # to a pilot action
    DECIDED = "decided"
    DONE = "done"
