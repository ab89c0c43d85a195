"""What the NIK's reader is taught: sixteen digits in OCR-A, or in bold Arial-like digits, as e-KTPs print them."""
