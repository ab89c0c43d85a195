"""What the law asks: is the card still valid, and is its holder of age?

Answers are stored. They say on which side of a limit somebody is, never a date, an age or, on a pass, a nationality.
"""

from __future__ import annotations

from datetime import date

from kyc_vision.checks.question import Question, no_card, printed_birth_date, sure, unread
from kyc_vision.ocr.nik import Nik, NikError, completed_years
from kyc_vision.ocr.vocabulary import CITIZEN, FOR_LIFE
from kyc_vision.types import Check, Field, Outcome

#: A later date is on no citizen's card: they were issued for five years until UU 24/2013 of 24 December 2013, which
#: the ministry's circular 470/327/SJ of 17 January 2014 brought to the offices. A year is added for late printers.
LAST_CITIZENS_DATE = date(2019, 12, 31)
#: Letters. What is shorter is what a blur or a cut leaves of WNI: "V06" was read with 0.88.
SHORTEST_COUNTRY = 4
#: The NIK has two digits for the year.
CENTURY = 100


def card_valid(q: Question) -> Check:
    """Is the card valid today? A citizen's is for life, whatever date it prints; on a foreigner's the date counts.

    UU 24/2013, article 64 (7) a and article 101 c (citizens, cards issued before the law among them), 64 (7) b
    (foreigners: as long as the permit of stay).
    """
    if q.evidence.fields is None:
        return no_card("card_valid")
    nationality, until = q.evidence.fields.text("nationality"), q.evidence.fields.text("valid_until")
    foreign = _sure(q, "nationality") and nationality is not None and len(nationality) >= SHORTEST_COUNTRY
    # Nothing else that is printed there is like these words: they need no certainty.
    if nationality == CITIZEN or (until == FOR_LIFE and not foreign):
        return Check("card_valid", Outcome.PASS)
    if until is None or not _sure(q, "valid_until"):
        return unread(q, "card_valid", "OCR_VALID_UNTIL_UNREADABLE")
    if until == FOR_LIFE:
        return Check("card_valid", Outcome.FAIL, reasons=("CARD_FOREIGN_FOR_LIFE",))
    return _dated(q, date.fromisoformat(until), foreign=foreign)


def of_age(q: Question) -> Check:
    """Has the holder completed the years that the service asks for, by the printed date and by the NIK?

    Where the two do not agree on it, the younger counts.
    """
    limit = q.limits.min_age_years
    printed, implied = printed_birth_date(q), _nik_birth_date(q)
    born = [each for each in (printed, implied) if each is not None]
    if not born:
        return unread(q, "of_age", "OCR_BIRTH_DATE_UNREADABLE")
    young = [each for each in born if completed_years(each, q.today) < limit]
    if not young:
        return Check("of_age", Outcome.PASS, None, limit)
    if printed is not None and printed not in young:
        # A customer who reads that the number gave it away knows what to change next: only reviewers see this code.
        detail = "of age by the print, under age by the NIK"
        return Check("of_age", Outcome.FAIL, None, limit, ("NIK_BIRTH_DATE_MISMATCH",), detail)
    return Check("of_age", Outcome.FAIL, None, limit, ("HOLDER_UNDER_AGE",))


def _dated(q: Question, until: date, *, foreign: bool) -> Check:
    """A card with a date that is a foreigner's, or may be; the day itself still counts."""
    if until >= q.today:
        return Check("card_valid", Outcome.PASS)
    if not foreign and until <= LAST_CITIZENS_DATE:
        return unread(q, "card_valid", "OCR_NATIONALITY_UNREADABLE")
    return Check("card_valid", Outcome.FAIL, reasons=("CARD_EXPIRED",))


def _sure(q: Question, name: str) -> bool:
    """Whether nationality or validity was read with enough certainty."""
    return sure(getattr(q.evidence.fields, name), q.limits.min_validity_confidence)


def _nik_birth_date(q: Question) -> date | None:
    """The date of birth by the NIK, where that was read with certainty and its century is known.

    The print tells the century. Without it a centenarian's number is a child's as well, and says nothing.
    """
    value = q.evidence.fields.nik if q.evidence.fields else None
    if not isinstance(value, Field) or not sure(value, q.limits.min_nik_confidence):
        return None
    try:
        nik = Nik.parse(value.text)
    except NikError:
        return None
    printed = printed_birth_date(q)
    born = nik.birth_date(printed, q.today)
    if born is None or (printed is not None and printed.year == born.year):
        return born
    return born if completed_years(born, q.today) < CENTURY else None
