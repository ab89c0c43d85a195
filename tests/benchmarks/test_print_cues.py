from benchmarks.print_cues import BANDS, Seen, as_table, band, group, judgeable, summary


def row(kind: str, width: float = 500.0, **changes: object) -> dict[str, object]:
    return {"kind": kind, "difficulty": "easy", "card_width_px": width, "edit": None, **changes}


def test_only_prints_that_can_be_read_are_judged():
    assert judgeable(row("genuine"))
    assert judgeable(row("edited_nik"))
    assert not judgeable(row("genuine", difficulty="beyond"))
    assert not judgeable(row("genuine", 319.9))
    assert not judgeable(row("colour_copy"))


def test_bands_meet_without_a_gap():
    narrow, wide = BANDS
    widths = (319.9, 320.0, 479.9, 480.0, 2000.0)
    assert [band(width) for width in widths] == [None, narrow, narrow, wide, wide]


def test_what_a_cue_does_not_look_at_counts_as_untouched():
    assert group(row("edited_nik", edit="own"), "nik_digit") == "edited_nik, own face"
    assert group(row("edited_nik", edit="own"), "row_grid") == "untouched"
    assert group(row("edited_name"), "row_face") == "edited_name, unknown face"


def test_rates_count_what_is_odd_and_what_cannot_be_told():
    name = "480 px and more"
    seen = [
        Seen("untouched", name, "nik_digit", 1.0, odd=False),
        Seen("untouched", name, "nik_digit", None, odd=False),
        Seen("edited_nik, own face", name, "nik_digit", 5.0, odd=True),
    ]
    figures = summary(seen)
    untouched = figures["nik_digit"][name]["untouched"]
    assert (untouched["odd"]["hits"], untouched["odd"]["n"], untouched["cannot tell"]["hits"]) == (0, 2, 1)
    assert "| nik_digit | 480 px and more | edited_nik, own face | 1/1 = 100.0" in as_table(figures)
