"""Our own card locator: how the weights in models/locator.onnx were made. See README.md.

Set before torch is loaded: threads that wait in OpenMP sleep. Spinning, two of them beside the process that makes
frames gave 5 frames/s on two busy cores, sleeping 16–22 (AMD EPYC, load average 5, batches of 32).
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
