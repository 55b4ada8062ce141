"""Why a mention was found: the words that drove the model, in the terminal and as a page.

Only OUT and the model are read: released text, never PHI.
"""

from pipeline.explain.explaining import explain, explain_mention
from pipeline.explain.explanation import Explanation
from pipeline.explain.page import write_page
from pipeline.explain.rendering import render_explanation

__all__ = ["Explanation", "explain", "explain_mention", "render_explanation", "write_page"]
