"""kyc_vision: one selfie with an Indonesian e-KTP in, one verdict with a confidence out."""

__version__ = "0.1.0"
