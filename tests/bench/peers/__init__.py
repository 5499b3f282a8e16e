"""The libraries and products that Trefoil is measured beside, each given the same form or workflow in its own terms.

What is Python comes by a lock of its own into a folder apart (`make bench`), so that nothing here can reach what
Trefoil runs on; what needs Node stands in `node/` with its lock (`make bench-peers`). Must not know how Trefoil works.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(sys.prefix) / "peers"


def reach() -> None:
    """Lets the peers be imported, behind everything that Trefoil itself uses."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
