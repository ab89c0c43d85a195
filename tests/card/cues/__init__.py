"""Tests of kyc_vision/card/cues."""
