"""Stage 2, articles to words: Article in, Script out."""

from audiobrief.script.cast import Casting
from audiobrief.script.edits import Edits
from audiobrief.script.frame import Frame
from audiobrief.script.plan import plan
from audiobrief.script.scriptfile import is_untouched, render_script
from audiobrief.script.written import parse_script

__all__ = ["Casting", "Edits", "Frame", "is_untouched", "parse_script", "plan", "render_script"]
