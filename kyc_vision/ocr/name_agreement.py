"""In which way two names agree, what that means, and how often it is one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from kyc_vision.ocr.name_alignment import AlignedWords, Relation


class NameOutcome(StrEnum):
    """Whether two names are one person's."""

    SAME = "same"
    CLOSE = "close"
    DIFFERENT = "different"


class Agreement(StrEnum):
    """In which way two names agree, best first: the order of the probabilities."""

    SPELLED = "spelled"  # every word, in any order, spaces aside
    INITIALS = "initials"  # two words and more, the rest by their initials
    ONE_WORD_AND_INITIAL = "one word and initial"  # ANDI S, ANDI SAPUTRA
    WORDS = "words"  # further words on one side, or words divided differently and near
    LETTERS = "letters"  # every word has a partner, some are only near
    BUT_ONE = "but one"  # one word on either side has no partner
    PART = "part"  # more have none
    NOTHING = "nothing"

    @property
    def outcome(self) -> NameOutcome:
        """What follows from it; no probability changes that."""
        if self in (Agreement.SPELLED, Agreement.INITIALS):
            return NameOutcome.SAME
        if self in (Agreement.ONE_WORD_AND_INITIAL, Agreement.LETTERS, Agreement.WORDS):
            return NameOutcome.CLOSE
        return NameOutcome.DIFFERENT


#: Agreement → probability that it is one person, where as many pairs are two people's (even prior odds). Measured by
#: ``python -m benchmarks.calibrate_names``: 100,000 invented pairs to fit, as many of other words to report: expected
#: calibration error 0.002 there, and 0.07 where no other person is a mere stranger. Pairs, assumptions and intervals
#: stand in models/name_calibration.json and docs/checks.md. Constants, since compare() asks no file.
PROBABILITY: Mapping[Agreement, float] = MappingProxyType(
    {
        Agreement.SPELLED: 0.9970,
        Agreement.INITIALS: 0.9599,
        Agreement.ONE_WORD_AND_INITIAL: 0.9516,
        Agreement.WORDS: 0.7185,
        Agreement.LETTERS: 0.6684,
        Agreement.BUT_ONE: 0.1185,
        Agreement.PART: 0.0176,
        Agreement.NOTHING: 0.0061,
    }
)


def agreement(outcome: NameOutcome, aligned: Sequence[AlignedWords]) -> Agreement:
    """In which way the words agree, given what the rules of names.compare() say of them."""
    relations = [row.relation for row in aligned]
    alone = relations.count(Relation.NONE)
    if outcome is NameOutcome.SAME:
        return Agreement.INITIALS if Relation.INITIAL in relations else Agreement.SPELLED
    if outcome is NameOutcome.CLOSE:
        if alone:
            return Agreement.WORDS
        lettered = Relation.NEAR in relations or Relation.EQUAL not in relations
        return Agreement.LETTERS if lettered else Agreement.ONE_WORD_AND_INITIAL
    if alone == len(relations):
        return Agreement.NOTHING
    return Agreement.BUT_ONE if alone <= 2 else Agreement.PART
