"""Tables of which some rows are replaced: which row of the old table, or of the new rows, each row of the result is.

Only arrays, dense and sparse; what the rows mean is known where they are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

GONE = -1


@dataclass(frozen=True)
class Splice:
    """`source` holds for each row of the result its row in the old table, or old rows + its row among the new ones."""

    old: int
    source: NDArray[np.intp]

    @property
    def fresh(self) -> NDArray[np.intp]:
        """Return which rows of the result are new."""
        return np.flatnonzero(self.source >= self.old)

    @property
    def moved(self) -> NDArray[np.int32]:
        """Return where each old row stands in the result, GONE = nowhere; so the entry after the last one too."""
        places = np.full(self.old + 1, GONE, dtype=np.int32)
        kept = np.flatnonzero(self.source < self.old)
        places[self.source[kept]] = kept
        return places

    def rows(self, old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        """Put a dense table together."""
        return np.concatenate([old, new.astype(old.dtype, copy=False)])[self.source]

    def table(self, old: NDArray[Any] | csr_array, new: NDArray[Any] | csr_array) -> NDArray[Any] | csr_array:
        """Put a table together, dense or sparse as the old one is; both have the same columns."""
        if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
            return self.rows(old, new)
        return self.matrix(old, new)

    def matrix(self, old: Any, new: Any) -> csr_array:
        """Put a sparse table together."""
        from scipy.sparse import csr_array, vstack

        both: csr_array = vstack([old, new], format="csr")
        return csr_array(both[self.source])

    def owned(
        self, old: NDArray[Any], old_starts: NDArray[np.intp], new: NDArray[Any], new_starts: NDArray[np.intp]
    ) -> tuple[NDArray[Any], NDArray[np.intp]]:
        """Put rows together that belong to owners, of whom the splice speaks: owner o has starts[o] to starts[o + 1]."""
        counts = np.concatenate([np.diff(old_starts), np.diff(new_starts)])[self.source]
        first = np.concatenate([old_starts[:-1], len(old) + new_starts[:-1]])[self.source]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
        within = np.arange(starts[-1]) - np.repeat(starts[:-1], counts)
        empty = not len(old)  # without rows even the width may be unknown
        return (new if empty else np.concatenate([old, new]) if len(new) else old)[
            np.repeat(first, counts) + within
        ], starts
