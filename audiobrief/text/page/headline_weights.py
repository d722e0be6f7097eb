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
    "first line": 2.76,
    "part of the first line": 2.68,
    "no headline": 2.50,
    "only in the first line": 2.05,
    "first line, then text": 1.55,
    "signed below": 1.51,
    "words in the text": 1.21,
    "frequent words": 1.15,
    "covered by the first line": 0.96,
    "text right below": 0.92,
    "starts in lower case": 0.73,
    "text below": 0.65,
    "repeated": -0.01,
    "repeated often": -0.03,
    "at the beginning": -0.07,
    "ends in a period": -0.10,
    "first line has a bar": -0.16,
    "question": -0.22,
    "first line alone": -0.27,
    "whole sentence": -0.33,
    "covers the first line": -0.39,
    "no text above": -0.45,
    "menu beside": -0.48,
    "rare words in the text": -0.54,
    "all capitals": -0.60,
    "far above the text": -0.60,
    "numbered": -0.64,
    "below the beginning": -1.01,
    "four to six words": -1.02,
    "over fifteen words": -1.41,
    "ends in a colon or comma": -1.64,
    "signature": -1.72,
    "cue": -1.80,
    "first line has parts": -2.04,
    "text above": -2.10,
    "two or three words": -2.76,
    "titles beside": -2.79,
    "one word": -3.55,
}
