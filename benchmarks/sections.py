"""The sections of docs/benchmarks.md, each from its part of a result."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.markdown import Json, by, count_text, number_text, rate_text, scored_by, table

#: Where the plots lie, from the page.
PLOTS = "images/bench"
DECISIONS = ("approved", "review", "retake", "rejected")
#: What the probe is compared with in benchmarks.faces.
CONDITIONS = ("clean", "card", "small card")
FIELD_COLUMNS = ("read", "exact", "exact_spaceless", "right_of_read")


def verdicts(said: Json) -> str:
    """Who is approved, who is not, and what the confidence is worth."""
    kinds = table(
        ["kind", "n", "right", *DECISIONS],
        (
            [kind, row["n"], rate_text(row["right"]), *(count_text(row[d]) for d in DECISIONS)]
            for kind, row in said["by kind"].items()
        ),
    )
    genuine = said["genuine"]
    attacks = table(
        ["attack", "approved (APCER)"],
        ([k, rate_text(row, with_n=True)] for k, row in said["attacks approved"].items()),
    )
    wrong = sorted(
        (row["right"]["rate"], f"{kind} {row['n'] - row['right']['hits']} of {row['n']} wrong")
        for kind, row in said["by kind"].items()
        if row["right"]["hits"] < row["n"]
    )
    losses = "; ".join(text for _, text in wrong)
    stops = ", ".join(f"`{code}` {n}" for code, n in said["reasons of genuine not approved"].items())
    lost = genuine["n"] - genuine["approved"]["hits"]
    sent = ", ".join(f"{name} {count_text(genuine[name])}" for name in DECISIONS[1:])
    return f"""
## Verdicts

| | |
|---|---|
| Genuine approved straight through | {rate_text(genuine["approved"], with_n=True)} |
| Genuine not approved (BPCER) | {lost} of {genuine["n"]}: {sent} |
| Genuine rejected | {rate_text(genuine["rejected"], with_n=True)} |
| Frauds approved, all attacks | {rate_text(said["all attacks approved"], with_n=True)} |
| Approved with NIK or name wrong | {rate_text(said["approved with NIK or name wrong"], with_n=True)} |
| Not to be judged (quality, beyond), rightly sent back | {rate_text(said["not to be judged"]["right"], with_n=True)} |

![Decisions by kind of picture, stacked shares]({PLOTS}/decisions.png)

{kinds}
Losses, the worst kind first: {losses or "none"}.

`right`: one of the decisions that the label expects. Genuine pictures *beyond* legibility count as not to be judged.

{attacks}
What stopped the genuine: {stops or "nothing"}.

![Genuine approved and rejected by card width]({PLOTS}/genuine.png)

{by("difficulty, genuine", said["genuine by difficulty"], DECISIONS)}
{_confidence(said["confidence"])}"""


def _confidence(said: Json) -> str:
    if not said:
        return "### Confidence\n\nNot measurable: the set lacks genuine pictures or attacks.\n"
    at_prior, good, bad = said["at the prior"], said["genuine"], said["attacks"]
    best = {dear: min(rows, key=lambda row: row[1]) for dear, rows in said["cost curves"].items()}
    cheapest = table(
        ["an approved fraud costs", "cheapest threshold", "mean cost of a selfie there"],
        ([dear, "nothing approved" if at > 1 else f"{at:g}", f"{cost:.3f}"] for dear, (at, cost) in best.items()),
    )
    return f"""### Confidence

`confidence` claims: genuine, read right, this person's. Expected calibration error, ten bins, at a stated prior of
{said["prior_genuine"]:.0%} genuine: **{at_prior["ece"]:.3f}** (n = {at_prior["n"]});
over the genuine alone {good["ece"]:.3f} (n = {good["n"]}), over the attacks alone {bad["ece"]:.3f} (n = {bad["n"]}).

![Reliability of the verdicts' confidence]({PLOTS}/reliability_verdicts.png)

How many would be approved if approval needed so much confidence, the checks standing as they are:

{_approvals(said["approved by threshold"])}
What that costs, at the same prior, in selfies that somebody has to handle (a review or another try). Prior and prices
are assumptions: nobody measured them, so three prices are shown. Kinds of attack weigh as in the set.

{cheapest}
![Mean cost of a selfie over the approving threshold]({PLOTS}/cost.png)
"""


def _approvals(shown: Mapping[str, Json]) -> str:
    """One row for the genuine and for each attack that passes at some threshold; the other attacks by name."""
    thresholds = list(next(iter(shown.values())))
    passing = {label: row for label, row in shown.items() if row[thresholds[0]]["hits"] or label == "genuine"}
    stopped = ", ".join(f"{label} {row[thresholds[0]]['n']}" for label, row in shown.items() if label not in passing)
    order = sorted(passing, key=lambda label: (label != "genuine", -passing[label][thresholds[-1]]["rate"], label))
    rows = ([label, passing[label]["0"]["n"], *(passing[label][t]["hits"] for t in thresholds)] for label in order)
    heading = ["approved at a confidence of", "n", *(f"≥ {threshold}" for threshold in thresholds)]
    return f"{table(heading, rows)}\nNever approved, whatever the threshold: {stopped or 'none'}.\n"


def localisation(found: Json) -> str:
    """Where the card is."""
    columns = ("found", "IoU 0.8", "IoU 0.9", "IoU 0.95", "way_up", "mirroring")
    cuts = ("by card width", "by difficulty", "by occlusion", "by kind")
    at_09 = found["legible"]["IoU 0.9"]
    tables = "\n".join(by(cut, found[cut], columns, corner=True) for cut in cuts if found[cut])
    return f"""
## Where the card is

An untouched card in a hand (genuine and impostor), legible: IoU ≥ 0.9 in {rate_text(at_09, with_n=True)}. The
error of the corners is their mean distance in % of the card's width, p50 / p95 over the cards that were found. Way up
and mirroring are over the found. An e-KTP "found" where there is none, or another document:
{rate_text(found["found where there is none"], with_n=True)}.

![Recall by card width at three levels of IoU]({PLOTS}/localisation.png)

{tables}"""


def locating(result: Json, cardless: Json | None) -> str:
    """Locating alone, part by part."""
    none = ""
    if cardless:
        found = rate_text(cardless["figures"]["all, as the product"]["false card"], with_n=True)
        none = f"""
Of {cardless["pictures"]} more pictures without an e-KTP, half of them with another document, an e-KTP was "found" in
{found}.
"""
    return f"""
### Part by part

`python -m benchmarks.locating` on the same set ({result["pictures"]} pictures): untouched cards in a hand by every way
of locating, decoding and the search for faces apart. The network alone is taken at its word at a presence of 0.5. Times
are of one process on this machine.

{ablation(result["figures"])}{none}"""


def ablation(figures: Mapping[str, Json]) -> str:
    """A table of every way, with counts and 95 % Wilson intervals."""
    heading = ["way", *(f"IoU ≥ 0.9, {level}" for level in ("easy", "medium", "hard"))]
    heading += ["corner error, % (easy and medium: p50 / p95)", "way up right, hard", "false card", "ms, p50 / p95"]
    lines = []
    for name, row in figures.items():
        corner = " · ".join(
            f"{row[k]['corner %'][0]} / {row[k]['corner %'][1]}" for k in ("easy", "medium") if row[k]["corner %"]
        )
        recalls = [rate_text(row[level]["IoU 0.9"], with_n=True) for level in ("easy", "medium", "hard")]
        last = [rate_text(row["hard"]["way up and mirroring"], with_n=True), rate_text(row["false card"], with_n=True)]
        lines.append([name, *recalls, corner, *last, f"{row['ms']['p50']} / {row['ms']['p95']}"])
    return table(heading, lines)


def fields(read: Json) -> str:
    """What is read."""
    fields_ = []
    for name, row in read["legible"].items():
        rates = [rate_text(row[column]) for column in FIELD_COLUMNS]
        fields_.append([name, row["n"], *rates, number_text(row["cer"]), number_text(row["cer_of_read"])])
    widths = "\n".join(
        table(
            [f"{name}, by card width", "n", *FIELD_COLUMNS, "CER"],
            (
                [label, row["n"], *(rate_text(row[c]) for c in FIELD_COLUMNS), number_text(row["cer"])]
                for label, row in rows.items()
            ),
        )
        for name, rows in read["by card width"].items()
    )
    return f"""
## What is read

Legible cards, untouched, in a hand. `exact`: to the letter, spaces and all; `exact_spaceless`: spaces left out; a field
that was not read is wrong in both. `right_of_read`: of those that were read. CER: wrong characters per printed one,
spaces left out, pooled; in the last column only of what was read. Wrong digits of the NIKs that were read:
{rate_text(read["nik digits wrong"], with_n=True)}. NIK right: {rate_text(read["nik right"], with_n=True)}.

{table(["field", "n", *FIELD_COLUMNS, "CER", "CER of read"], fields_)}
![Fields right by card width]({PLOTS}/fields.png)

{widths}
![Reliability of the readers' confidence]({PLOTS}/reliability_fields.png)
"""


def faces(result: Json, plot: str) -> str:
    """How well faces are told apart on one set."""
    made, run, found, (whose, unit) = result["set"], result["run"], result["figures"], scored_by(result["run"])
    printed, smaller = ("–".join(map(str, run[key])) for key in ("portrait_height_px", "small_portrait_height_px"))
    rows = []
    for title in CONDITIONS:
        here = found[title]
        tars = [
            f"{rate_text(here['tar at fmr'][at]['tar'])} at {here['tar at fmr'][at]['threshold']:.2f}"
            if at in here["tar at fmr"]
            else "not measurable"
            for at in ("0.01", "0.001", "0.0001")
        ]
        policy = here["where the policy approves"]
        fmr = policy["fmr"]
        bounds = f"{100 * fmr['low']:.4f}–{100 * fmr['high']:.4f}"
        errors = [f"{100 * fmr['rate']:.4f} ({bounds})", rate_text(policy["fnmr"])]
        rows.append([title, here["genuine pairs"], here["impostor pairs"], *tars, *errors])
    heading = ["", "genuine pairs", "impostor pairs", *(f"TAR at FMR {at}" for at in ("1e-2", "1e-3", "1e-4"))]
    heading += ["FMR where the policy approves, %", "FNMR there"]
    cuts = "\n".join(_faces_cut(cut, found[cut]) for cut in found if cut.startswith("card by"))
    drawn = (
        f"![False non-match rate over false match rate]({plot})" if drawable(found) else "No error to draw a curve of."
    )
    return f"""
## Faces: {made["name"]}

{found["pictures"]} pictures of {found["people"]} people. Counted: {made["split"]}. Scores are
{whose}. The probe is the photograph, the reference another photograph
(clean), or another as a printed portrait of {printed} px (card) or of {smaller} px (small card). Lost in print, so
never compared: {rate_text(found["not found in print"], with_n=True)};
in small print {rate_text(found["not found in small print"], with_n=True)}.
TAR with the threshold ({unit}) that gives the FMR; the second interval draws people (the probes'), at
that threshold. Impostor pairs share faces too, so the true intervals of FMR are wider.

{table(heading, rows)}
{drawn}

{cuts}"""


def drawable(found: Json) -> list[str]:
    """The conditions in which both errors occurred at some threshold: a logarithmic plot shows no zero."""
    return [title for title in CONDITIONS if any(fmr["hits"] and fnmr["hits"] for _, fmr, fnmr in found[title]["det"])]


def _faces_cut(title: str, rows: Mapping[str, Json]) -> str:
    """At the threshold that has an FMR of 1e-3 on all pairs of the set, card."""
    lines = []
    for label, row in rows.items():
        low, high, n = row["fmr"]["low"], row["fmr"]["high"], row["fmr"]["n"]
        interval = f"{100 * low:.3f}–{100 * high:.3f}"
        stated = f"{100 * row['fmr']['rate']:.3f} ({interval})" if row["measurable"] else f"not measurable ({interval})"
        lines.append([label, n, stated, row["tar"]["n"], rate_text(row["tar"])])
    where = "" if title.endswith("approves") else ", at the FMR 1e-3 of all"
    return table([f"{title}{where}", "impostor pairs", "FMR, %", "genuine pairs", "TAR, %"], lines)


def peers_table(result: Json) -> str:
    """The same pictures by other means."""
    rows = []
    for name, row in result["peers"].items():
        if "left out" in row:
            rows.append([name, f"left out: {row['left out']}", *[""] * 6])
            continue
        text = [rate_text(row["fields"][field]["exact_spaceless"], with_n=True) for field in ("nik", "name")]
        verdict = [rate_text(row["genuine"]["approved"], with_n=True), rate_text(row["genuine"]["rejected"])]
        seconds = f"{row['seconds']['p50']:.1f} / {row['seconds']['p95']:.1f}"
        rows.append([name, *text, *verdict, rate_text(row["attacks"]["approved"], with_n=True), seconds])
    heading = [
        "system",
        "NIK right",
        "name right",
        "genuine approved",
        "genuine rejected",
        "attacks approved",
        "s, p50 / p95",
    ]
    return f"""
## Peers

The first {result["set"]["pictures"]} pictures of the set through what one would otherwise script
(`benchmarks/peers.py` says exactly what). Text over every picture that is to be judged; a peer approves when it has a
NIK, a name and two faces closer than 0.6. The scripts make no fraud check, so what they approve of attacks is what such
a script lets through. Spaces are left out of names.

{table(heading, rows)}"""


def speed(figures: Json, judging: Json) -> str:
    """Times, memory and pace of this very run."""
    stages = ([s, r["n"], r["p50"], r["p95"]] for s, r in figures["stages_ms"].items())
    sizes = ([s, r["n"], r["p50"], r["p95"]] for s, r in figures["total_ms_by_size"].items())
    pace = (
        f"{judging['images_per_s']:.2f} images per second, peak resident memory {judging['peak_resident_mb']} MB"
        if judging["pictures"]
        else "Images per second and memory: not taken"
    )
    return f"""
## Speed

One process, one picture at a time, during this run, other work on the machine included; `benchmarks.latency` measures
an idle one.

{pace}, over {judging["pictures"]} of {judging["of"]} pictures: by the
wall clock from a file's bytes to the answer; the most memory of any process that judged, weights included.

{table(["stage", "n", "p50, ms", "p95, ms"], stages)}
{table(["picture", "n", "p50, ms", "p95, ms"], sizes)}"""
