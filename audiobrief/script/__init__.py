"""Stage 2, articles to words: Article in, Script out."""

from audiobrief.script.cast import Casting
from audiobrief.script.plan import plan
from audiobrief.script.scriptfile import is_untouched, render_script

__all__ = ["Casting", "is_untouched", "plan", "render_script"]
