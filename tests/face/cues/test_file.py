import numpy as np
import pytest

from kyc_vision.face.cues.file import file_facts
from kyc_vision.types import FileFacts, Image


def cue(size_wh=(1200, 1600), kind="JPEG", **facts):
    return file_facts(Image(np.zeros((size_wh[1], size_wh[0], 3), dtype=np.uint8), kind, "", 1, FileFacts(**facts)))


def test_an_editing_program_says_more_than_a_screenshot_and_that_more_than_a_size():
    edited, shot, size = cue(editor="canva"), cue((1080, 2400), "PNG"), cue((2400, 1080))
    assert edited.score > shot.score > size.score > 0
    assert "canva" in edited.detail


def test_a_cameras_name_clears_nobody():
    assert cue(editor="gimp", camera=True).score == cue(editor="gimp").score
    assert cue((1170, 2532), "PNG", camera=True).score == cue((1170, 2532), "PNG").score


def test_a_file_that_says_nothing_cannot_tell_and_one_from_a_camera_says_nothing_ill():
    assert not cue().measurable
    assert cue(camera=True).score == 0


@pytest.mark.parametrize("size_wh", [(3000, 4000), (1080, 1920), (1080, 1440)])
def test_what_cameras_make_is_no_display(size_wh):
    assert not cue(size_wh, "PNG").measurable
