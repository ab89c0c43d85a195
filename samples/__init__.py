"""Synthetic selfies with an Indonesian e-KTP: invented identities, public-domain faces, seeded pictures.

A demonstration and a test bed, not a measurement. The cards are printed from this package's own
measurements and never from ``kyc_vision.layout``, so that an error in either shows.
"""
