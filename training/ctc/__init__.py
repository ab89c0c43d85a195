"""Training of the readers of cut lines: small CTC networks that see nothing but an e-KTP's print.

``training/nik`` says what the NIK's reader is taught, ``training/rows`` what the rows' reader is; here is what both
share. Needs PyTorch (training/locator/requirements.txt), which the product never loads.
"""
