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
    "first line": 3.07,
    "part of the first line": 2.67,
    "no headline": 1.87,
    "signed below": 1.50,
    "covered by the first line": 1.40,
    "words in the text": 1.24,
    "frequent words": 1.14,
    "text right below": 1.02,
    "first line, then text": 0.90,
    "text below": 0.89,
    "starts in lower case": 0.63,
    "repeated": 0.54,
    "repeated often": 0.51,
    "only in the first line": 0.49,
    "question": 0.00,
    "at the beginning": -0.21,
    "first line alone": -0.47,
    "all capitals": -0.64,
    "whole sentence": -0.65,
    "numbered": -0.66,
    "menu beside": -0.67,
    "rare words in the text": -0.67,
    "far above the text": -0.69,
    "below the beginning": -0.74,
    "covers the first line": -0.89,
    "no text above": -1.08,
    "four to six words": -1.14,
    "cue": -1.68,
    "signature": -1.68,
    "over fifteen words": -1.83,
    "ends in a colon or comma": -1.84,
    "first line has parts": -1.92,
    "two or three words": -2.56,
    "titles beside": -2.65,
    "text above": -2.72,
    "ends in a period": -3.28,
    "one word": -3.57,
}
