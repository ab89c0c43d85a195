import string
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kyc_vision.ocr.name_agreement import PROBABILITY, Agreement, NameOutcome
from kyc_vision.ocr.name_alignment import Relation
from kyc_vision.ocr.name_words import DEGREES, SPELLINGS, TITLES, normalise
from kyc_vision.ocr.names import compare

SAME, CLOSE, DIFFERENT = NameOutcome.SAME, NameOutcome.CLOSE, NameOutcome.DIFFERENT

# Words that the rules treat as something else than a plain name.
SPECIAL = TITLES | DEGREES | {"BIN", "BINTI"} | set(SPELLINGS) | set().union(*SPELLINGS.values())
PLAIN = """
    ADI AGUS ALI ALDI ANDI ANI ASEP BAMBANG BUDI CITRA DEWI DIAN DWI EKA FITRI GUNAWAN HADI INDAH IRFAN JOKO KARTIKA
    LESTARI MEGA NUR PUTRA PUTRI RATNA RINA RIZKY SANTOSO SAPUTRA SARI SETIAWAN SITI SRI SUSANTO TRI UTAMI WAHYUDI
    WAHYUNI WATI WIBOWO WIJAYA YANTI YULIANI
"""
WORDS = st.sampled_from(PLAIN.split())
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
# Of few letters, so that words begin, hold and spell one another by chance.
RANDOM_NAMES = st.lists(st.text(alphabet="ABHIMNSU", min_size=2, max_size=6), min_size=1, max_size=4).map(" ".join)
ANY_NAMES = st.text(alphabet=string.ascii_uppercase + " .,'", max_size=40)
unhurried = settings(deadline=None)  # a busy machine is no failure


@pytest.mark.parametrize(
    ("booking", "card"),
    [
        ("Budi Santoso", "BUDI SANTOSO"),
        ("Budi Santoso", "BUDISANTOSO"),  # OCR drops spaces
        ("Santoso Budi", "BUDISANTOSO"),
        ("SANTOSO/BUDI MR", "BUDI SANTOSO"),  # an airline's form
        ("Muh. Ridwan", "MUHAMMAD RIDWAN"),
        ("Muhd Ridwan", "MUHAMMAD RIDWAN"),
        ("M. Ridwan", "MOCHAMAD RIDWAN"),
        ("Muhammad Ridwan", "MUH.RIDWAN"),
        ("Muhammad Ridwan", "MUHRIDWAN"),
        ("Abd. Rahman", "ABDUL RAHMAN"),
        ("Achmad Fauzi", "AHMAD FAUZI"),
        ("Akhmad Fauzi", "AHMADFAUZI"),
        ("Dr. H. Budi Santoso, S.Kom., M.M.", "BUDI SANTOSO"),
        ("Budi Santoso S. Pd", "BUDI SANTOSO"),
        ("Budi Santoso", "BUDI SANTOSO, S.AG"),
        ("Hj. Siti Aminah", "SITI AMINAH"),
        ("Ahmad bin Saleh", "AHMAD"),
        ("Aisyah binti Umar", "AISYAH BINTI UMAR"),
        ("Ahmad bin Saleh", "AHMADBINSALEH"),
        ("Ma'ruf Amin", "MARUF AMIN"),
        ("José Álvarez", "JOSE ALVAREZ"),
        ("Budi S Wijaya", "BUDI SANTOSO WIJAYA"),
        ("Suharto", "SUHARTO"),  # one word is a whole name on many cards
    ],
)
def test_one_persons_name_written_in_two_ways_is_the_same(booking, card):
    assert compare(booking, card).outcome is SAME
    assert compare(card, booking).outcome is SAME


@pytest.mark.parametrize(
    ("booking", "card"),
    [
        ("ANDI", "ANDI SAPUTRA"),
        ("ANDI", "ANDISAPUTRA"),
        ("ANDI S", "ANDI SAPUTRA"),
        ("BUDI SANTOSO", "BUDI AGUS SANTOSO"),
        ("WAHYUNI", "WAHYUDI"),
        ("ALI", "ALDI"),
        ("SITI NURHALIZA", "SITINURHALISA"),
        ("MUHAMMAD RIDWAN KAMIL", "MRIDWANKAMIL"),  # M glued on may be an M of any name
        ("M ROSA", "MARIA ROSA"),
        ("M", "MUHAMMAD"),
        ("SETYAWATI", "SETIAWATY"),  # two letters apart, from eight letters on
    ],
)
def test_names_that_only_a_person_can_judge_are_close(booking, card):
    assert compare(booking, card).outcome is CLOSE
    assert compare(card, booking).outcome is CLOSE


@pytest.mark.parametrize(
    ("booking", "card"),
    [
        ("BUDI SANTOSO", "BUDI WIJAYA"),
        ("A B", "ANDI BUDI"),  # initials alone
        ("AHMAD BIN SALEH", "AHMAD BIN UMAR"),
        ("LIE MEI", "LIE SAN"),  # MEI and SAN are degrees only with dots
        ("ALI", "ADI SAPUTRA"),
        ("ALI", "NATALIA"),
        ("ANI", "ANISETIAWAN"),  # three letters begin too many names
        ("RUDIAN", "BUDIAH"),  # two letters apart, below eight
        ("A" * 201, "A" * 201),  # no name is that long
        ("", "BUDI"),
        ("", ""),
        ("...", "..."),
    ],
)
def test_other_names_are_different(booking, card):
    assert compare(booking, card).outcome is DIFFERENT
    assert compare(card, booking).outcome is DIFFERENT


@pytest.mark.parametrize(
    ("booking", "card", "agreement"),
    [
        ("SANTOSO BUDI", "BUDISANTOSO", Agreement.SPELLED),
        ("BUDI S WIJAYA", "BUDI SANTOSO WIJAYA", Agreement.INITIALS),
        ("ANDI S", "ANDI SAPUTRA", Agreement.ONE_WORD_AND_INITIAL),
        ("ANDI", "ANDI SAPUTRA", Agreement.WORDS),
        ("BUDI SANTOSO", "BUDI AGUS SANTOSA", Agreement.WORDS),
        ("WAHYUNI", "WAHYUDI", Agreement.LETTERS),
        ("BUDI SANTOSO", "BUDI SANTOSA", Agreement.LETTERS),
        ("A", "AB", Agreement.LETTERS),
        ("BUDI SANTOSO", "BUDI WIJAYA", Agreement.BUT_ONE),
        ("BUDI AGUS SANTOSO", "BUDI WIJAYA", Agreement.PART),
        ("BUDI SANTOSO", "SITI WIJAYA", Agreement.NOTHING),
        ("", "BUDI", Agreement.NOTHING),
    ],
)
def test_the_way_in_which_names_agree_gives_outcome_and_probability(booking, card, agreement):
    found = compare(booking, card)
    assert found.agreement is agreement
    assert (found.outcome, found.probability) == (agreement.outcome, PROBABILITY[agreement])


def test_a_title_alone_is_a_name():
    assert normalise("Haji") == ("HAJI",)
    assert normalise("H. Dr. Budi") == ("BUDI",)


def test_a_degree_is_only_taken_off_the_end():
    assert normalise("SE HUN") == ("SE", "HUN")
    assert normalise("M.M. Ridwan") == ("MM", "RIDWAN")


def test_a_full_stop_does_not_make_a_degree():
    assert normalise("Lie Mei.") == ("LIE", "MEI")
    assert normalise("Lie M.E.I.") == ("LIE",)


def test_similarity_is_the_share_of_letters_in_place():
    assert compare("WAHYUNI", "WAHYUDI").similarity == pytest.approx(6 / 7)
    assert compare("BUDI SANTOSO", "BUDISANTOSO").similarity == 1.0


def test_words_are_shown_beside_their_partners():
    found = compare("Budi S Wijaya", "WIJAYA BUDI SANTOSA AJI").aligned
    assert [(row.booking, row.card, row.relation) for row in found] == [
        ("BUDI", "BUDI", Relation.EQUAL),
        ("S", "SANTOSA", Relation.INITIAL),
        ("WIJAYA", "WIJAYA", Relation.EQUAL),
        (None, "AJI", Relation.NONE),
    ]


def test_words_divided_differently_are_shown_as_one_row():
    (row,) = compare("Budi Santoso", "BUDISANTOSO").aligned
    assert (row.booking, row.card, row.relation) == ("BUDI SANTOSO", "BUDISANTOSO", Relation.EQUAL)


def test_no_name_shows_in_a_repr():
    assert "BUDI" not in repr(compare("BUDI SANTOSO", "BUDI WIJAYA")).upper()


def test_a_hostile_name_costs_no_time():
    hostile = ("A " * 90, "A" * 90 + "B", " ".join("A" * size for size in range(1, 18)), "M " * 90, "A " * 100_000)
    start = time.perf_counter()
    for one in hostile:
        compare(one, "A" * 150)
        compare("MUH" * 50, one)
    assert time.perf_counter() - start < 2.0  # measured 0.003 s


@unhurried
@given(NAMES)
def test_a_name_is_the_same_as_itself_with_and_without_spaces(name):
    assert compare(name, name).outcome is SAME
    assert compare(name, name.replace(" ", "")).outcome is SAME
    assert compare(name, name.lower()).similarity == 1.0


@unhurried
@given(ANY_NAMES, ANY_NAMES)
def test_the_sides_may_be_exchanged(one, other):
    there, back = compare(one, other), compare(other, one)
    assert there.agreement is back.agreement
    assert there.similarity == pytest.approx(back.similarity)
    assert 0.0 <= there.similarity <= 1.0
    assert 0.0 < there.probability < 1.0


@unhurried
@given(NAMES | RANDOM_NAMES, st.data())
def test_a_name_with_one_letter_changed_added_or_dropped_is_never_the_same(name, data):
    words = name.split()
    at = data.draw(st.integers(0, len(words) - 1))
    word = words[at]
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_uppercase))
    kind = data.draw(st.sampled_from(("change", "add", "drop")))
    keep = {"change": place + 1, "add": place, "drop": place + 1}[kind]
    edited = word[:place] + ("" if kind == "drop" else letter) + word[keep:]
    assume(edited != word)
    # Of two letters one is left, which is an initial and means to stand for the word.
    assume(len(edited) > 1)
    assume(not {*words, edited} & SPECIAL)
    other = " ".join([*words[:at], edited, *words[at + 1 :]])
    for ours in (name, name.replace(" ", "")):
        for theirs in (other, other.replace(" ", "")):
            if not {ours, theirs} & SPECIAL:  # letters put together may spell MOCH
                assert compare(ours, theirs).outcome is not SAME
                assert compare(theirs, ours).probability < min(
                    PROBABILITY[one] for one in Agreement if one.outcome is SAME
                )


@unhurried
@given(NAMES, WORDS)
def test_a_further_word_is_never_the_same(name, word):
    assert compare(name, f"{name} {word}").outcome is CLOSE
    assert compare(f"{word} {name}", name).outcome is CLOSE
