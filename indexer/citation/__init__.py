"""How to cite a statement: as a sentence in two styles or plainly, and as a record for programs."""

from __future__ import annotations

from indexer.citation.bibtex import bibtex
from indexer.citation.citation import DIGITS, Citation
from indexer.citation.csl import csl
from indexer.citation.ris import ris
from indexer.citation.styles import apa, chicago, plain

__all__ = ["DIGITS", "Citation", "apa", "bibtex", "chicago", "csl", "plain", "ris"]
