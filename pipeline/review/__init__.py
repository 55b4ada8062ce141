"""The review page: raw notes beside what was released of them, for whoever answers for it.

The page shows PHI and is written into the PHI root alone.
"""

from pipeline.review.review import Review, write_review

__all__ = ["Review", "write_review"]
