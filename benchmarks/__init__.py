"""Measurements: how long, how much memory, how right."""
