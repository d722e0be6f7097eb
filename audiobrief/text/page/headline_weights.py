"""Weights of what speaks for and against a headline; generated, do not edit.

Written by ``python -m tests.eval.train_headline`` from 101 labelled pages in 684 forms.
SHA-256 of the training data:
75cae40116f815885127fc1af10445e8ce21d98530cfd0398b8f4286b51d70c7
"""

from __future__ import annotations

#: The alternative that none of the lines is the headline.
NO_HEADLINE = "no headline"
#: Log-odds for one unit of a feature.
WEIGHTS = {
    "first line": 2.77,
    "part of the first line": 2.68,
    "no headline": 2.48,
    "only in the first line": 2.04,
    "first line, then text": 1.55,
    "signed below": 1.50,
    "words in the text": 1.20,
    "frequent words": 1.16,
    "covered by the first line": 0.95,
    "text right below": 0.93,
    "text below": 0.73,
    "starts in lower case": 0.72,
    "repeated": -0.02,
    "repeated often": -0.03,
    "ends in a period": -0.10,
    "first line has a bar": -0.16,
    "at the beginning": -0.20,
    "question": -0.21,
    "first line alone": -0.27,
    "whole sentence": -0.33,
    "covers the first line": -0.38,
    "no text above": -0.44,
    "menu beside": -0.49,
    "rare words in the text": -0.54,
    "all capitals": -0.60,
    "far above the text": -0.62,
    "numbered": -0.66,
    "four to six words": -1.02,
    "below the beginning": -1.05,
    "over fifteen words": -1.41,
    "ends in a colon or comma": -1.64,
    "signature": -1.70,
    "cue": -1.80,
    "first line has parts": -2.04,
    "text above": -2.08,
    "two or three words": -2.76,
    "titles beside": -2.81,
    "one word": -3.56,
}
