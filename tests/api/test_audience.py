from api.verifications.audience import for_booking
from kyc_vision.policy import Policy
from kyc_vision.report import describe
from kyc_vision.types import Change, Check, Decision, Doubt, Outcome
from tests.fakes import verification

ATTACK = Check("no_colour_copy", Outcome.FAIL, 0.4, 0.05, ("FRAUD_PAPER_COPY",), "card_corners (+3.1): square corners")
FILE = Check("file_untouched", Outcome.FAIL, 2.0, 0.5, ("FRAUD_FILE_EDITED",), "the file names gimp")
QUIET = Check("no_name_edited", Outcome.PASS, 0.001, 0.05)
OTHER = Check("card_size", Outcome.PASS, 400.0, 280.0)


def shown():
    verdict = Policy.load().decide(
        (OTHER, ATTACK, QUIET),
        0.6,
        (Doubt("colour_copy", 0.5, 0.3), Doubt("name_edited", 0.1, 0.06), Doubt("nik_misread", 0.2, 0.1)),
    )
    found = verification(verdict=verdict, nearest=Change(("no_colour_copy",), Decision.APPROVED))
    return for_booking(describe(found))


def test_a_booking_sees_that_something_is_wrong_and_not_what_gave_it_away():
    found = shown()
    assert found["reasons"] == ["CANNOT_VERIFY"]
    assert [check["name"] for check in found["checks"]] == ["card_size", "authentic"]
    authentic = found["checks"][1]
    assert (authentic["outcome"], authentic["score"], authentic["detail"]) == ("fail", None, "")
    assert authentic["reasons"] == ["CANNOT_VERIFY"]
    assert found["nearest_change"] == {"checks": ["authentic"], "decision": "approved"}
    text = str(found)
    for word in ("paper", "name_edited", "corners", "suspicions", "FRAUD_", "gimp", "file_untouched"):
        assert word not in text


def test_the_ways_of_deceiving_are_one_doubt_and_nothing_is_lost():
    found = shown()["doubts"]
    assert [one["cause"] for one in found] == ["deception", "nik_misread"]
    assert found[0]["odds"] == 0.6
    assert abs(found[0]["lost"] - 0.36) < 1e-9


def test_what_is_well_is_said_to_be_authentic():
    verdict = Policy.load().decide((OTHER, QUIET), 0.999)
    found = for_booking(describe(verification(verdict=verdict)))
    assert found["checks"][-1] == {
        "name": "authentic", "outcome": "pass", "score": None, "threshold": None, "reasons": [], "detail": "",
    }  # fmt: skip
