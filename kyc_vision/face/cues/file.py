"""Does the file itself say that it is no photograph as a camera left it?

Only what is there counts. Most ways of sending a picture strip these tables, and anybody can write a camera's name
into them: their absence or presence is never a sign of innocence.
"""

from __future__ import annotations

from kyc_vision.types import Cue, Image, cannot_tell

#: Shorter and longer side, px, of usual phones' displays, which no phone's camera makes. 720 × 1280 and 1080 × 1920,
#: both display and video size, are left out. Source: makers' data sheets: Apple 6.1–6.9 inch since 2014, Android HD+,
#: FHD+ and QHD+ at 18:9 to 20:9.
DISPLAYS_PX = frozenset({
    (640, 1136), (750, 1334), (828, 1792), (1125, 2436), (1242, 2688), (1170, 2532), (1284, 2778), (1179, 2556),
    (1290, 2796), (1206, 2622), (1320, 2868), (720, 1440), (720, 1520), (720, 1560), (720, 1600), (720, 1612),
    (1080, 2160), (1080, 2220), (1080, 2280), (1080, 2316), (1080, 2340), (1080, 2376), (1080, 2388), (1080, 2400),
    (1080, 2408), (1080, 2412), (1080, 2460), (1220, 2712), (1440, 2960), (1440, 3040), (1440, 3120), (1440, 3200),
})  # fmt: skip
#: What a file can say, least first: the size of a display in a lossy file may be a crop by chance; in a PNG, which no
#: phone's camera writes, it is a screenshot; a program's name is its own word.
_DISPLAY_SIZE, _SCREENSHOT, _EDITED = 0.5, 1.0, 2.0


def file_facts(selfie: Image) -> Cue:
    """2 an editing program is named, 1 a screenshot, 0.5 a display's size; 0 a camera is named and none of these."""
    width, height = selfie.size_wh
    display = (min(width, height), max(width, height)) in DISPLAYS_PX
    if selfie.facts.editor:
        return Cue("file_facts", _EDITED, None, f"the file names {selfie.facts.editor}")
    if display and selfie.format == "PNG":
        return Cue("file_facts", _SCREENSHOT, None, f"a PNG of a phone's display, {width} x {height} px")
    if display and not selfie.facts.camera:
        return Cue("file_facts", _DISPLAY_SIZE, None, f"as large as a phone's display, {width} x {height} px")
    if selfie.facts.camera:
        return Cue("file_facts", 0.0, None, "a camera is named, no editing program")
    return cannot_tell("file_facts", "the file says nothing of where it comes from")
